//! Which file is taken for what.

use super::*;
use crate::csv::sniff::Head;

#[test]
fn headers_tell_the_dialect() {
    let cases = [
        (
            "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp",
            "bitwarden",
            100,
        ),
        ("folder,favorite,type,name,notes,fields,login_uri,login_username,login_password,login_totp", "bitwarden", 100),
        (
            "collections,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp",
            "bitwarden",
            100,
        ),
        ("url,username,password,totp,extra,name,grouping,fav", "lastpass", 100),
        ("url,username,password,extra,name,grouping,fav", "lastpass", 100),
        ("Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes", "1password", 100),
        ("title,notes,username,password,url", "1password", 100),
        ("name,url,username,password,note", "chrome", 100),
        ("name,url,username,password", "chrome", 100),
        (
            "\"url\",\"username\",\"password\",\"httpRealm\",\"formActionOrigin\",\"guid\",\"timeCreated\",\"timeLastUsed\",\"timePasswordChanged\"",
            "firefox",
            100,
        ),
        (
            "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\",\"TOTP\",\"Icon\",\"Last Modified\",\"Created\"",
            "keepassxc",
            100,
        ),
        ("Group,Title,Username,Password,URL,Notes", "keepassxc", 100),
        (
            "pwvault,name,kind,username,password,website,login_url,notes,totp,private,folder,tags,fields,created_at,updated_at",
            "pwvault",
            100,
        ),
        ("pwvault,password,name", "pwvault", 85),
        // A header that is part of another product's, or spelled otherwise.
        ("NAME,URL,USERNAME,PASSWORD,NOTE", "chrome", 95),
        ("url,username,name,password", "chrome", 85),
        ("name,url,username,password,note,totp", "chrome", 79),
        ("url,username,password,totp,extra,name,grouping,fav,more", "lastpass", 81),
        ("title,url,username,password,notes,otpauth", "safari", 95),
        ("Title,Url,Username,Password,Notes", "safari", 85),
        ("type,name,url,email,username,password,note,totp,createTime,modifyTime,vault,more", "protonpass", 82),
        ("Account;Login Name;Password;Web Site;Comments", "keepass", 100),
        ("Account,Login Name,Password", "keepass", 85),
        ("Title,Field,Value,...,Note", "enpass", 95),
        ("OU,Description,Username,Password,Notes", "generic", 28),
        ("user,pass", "generic", 40),
    ];
    for (header, dialect, confidence) in cases {
        let sniffed = sniff(header.as_bytes(), &Limits::default()).unwrap();
        assert_eq!((sniffed.dialect, sniffed.confidence.percent()), (dialect, confidence), "{header}");
        assert!(sniffed.header);
    }
}

#[test]
fn delimiters_are_told_apart() {
    let header = ["name", "url", "username", "password"];
    for delimiter in Delimiter::ALL {
        let separator = char::from(delimiter.byte()).to_string();
        let file = format!("\u{FEFF}{}\n", header.join(&separator));
        let sniffed = sniff(file.as_bytes(), &Limits::default()).unwrap();
        assert_eq!((sniffed.delimiter, sniffed.dialect, sniffed.had_bom), (delimiter, "chrome", true));
    }
}

#[test]
fn a_file_without_header_is_no_ones() {
    let file = "Private,Shop,anna,s3cret,https://example.com\n";
    let sniffed = sniff(file.as_bytes(), &Limits::default()).unwrap();
    assert_eq!((sniffed.confidence, sniffed.header), (Confidence::NONE, false));
    let error = read(file.as_bytes(), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CsvError::UnknownHeader { line: 1, dialect: "generic" }));
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}

#[test]
fn sniffing_looks_no_further_than_the_first_row() {
    let file = "name,url,username,password\n\"open";
    assert_eq!(sniff(file.as_bytes(), &Limits::default()).unwrap().dialect, "chrome");
}

/// Dialects whose files look the same, and the one of them that is named.
const TWINS: [(&str, &str); 1] = [("passbolt", "keepassxc")];

#[test]
fn no_dialects_export_is_taken_for_anothers() {
    let named = |name| TWINS.iter().find(|(twin, _)| *twin == name).map_or(name, |(_, named)| *named);
    for dialect in DIALECTS.iter().filter(|dialect| dialect.shape() != Shape::Headless) {
        for names in dialect.headers() {
            for delimiter in Delimiter::ALL {
                let separator = char::from(delimiter.byte()).to_string();
                let sniffed = sniff(names.join(&separator).as_bytes(), &Limits::default()).unwrap();
                let found = (sniffed.dialect, sniffed.confidence, sniffed.delimiter);
                assert_eq!(found, (named(dialect.name()), Confidence::CERTAIN, delimiter), "{names:?}");
            }
            let record = names.join(",");
            let (heads, _) = Head::candidates(&record, Some(Delimiter::Comma), &Limits::default()).unwrap();
            for other in DIALECTS.iter().filter(|other| named(other.name()) != named(dialect.name())) {
                let confidence = other.confidence(&heads[0].header);
                assert!(confidence < Confidence::new(95), "{} takes {names:?} at {confidence:?}", other.name());
            }
        }
    }
}

#[test]
fn columns_in_another_order_are_still_those_of_their_dialect() {
    // With the columns turned around there is no exact header, and still one dialect is the surest.
    let shared = ["keepassxc", "passbolt", "safari", "1password", "enpass", "keeper", "generic"];
    for dialect in DIALECTS.iter().filter(|dialect| !shared.contains(&dialect.name())) {
        let names: Vec<&str> = dialect.headers()[0].iter().rev().copied().collect();
        let sniffed = sniff(names.join(",").as_bytes(), &Limits::default()).unwrap();
        assert_eq!(sniffed.dialect, dialect.name(), "{names:?}");
    }
}
