//! Which file is taken for what.

use super::*;

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
        ("Title,URL,Username,Password,Notes,OTPAuth", "generic", 40),
        ("type,name,url,email,username,password,note,totp,createTime,modifyTime,vault", "generic", 31),
        ("Account;Login Name;Password;Web Site;Comments", "generic", 40),
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
