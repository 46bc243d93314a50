//! What rows become.

use super::*;
use crate::clock::Timestamp;
use crate::model::EntryKind;

fn remarks(row: &ImportRow) -> Vec<&'static str> {
    row.remarks.iter().map(|remark| remark.kind().key()).collect()
}

#[test]
fn passwords_keep_every_byte() {
    let passwords = [
        "&amp;&lt;b&gt;",
        "a\"b",
        " leading and trailing ",
        "line\nbreak\r\nand more",
        "a,b;c\td",
        "=1+1",
        "'; DROP TABLE x; --",
        "\u{0}\u{7}",
        "пароль🔑",
        "%20+",
    ];
    for password in passwords {
        let quoted = password.replace('"', "\"\"");
        let file = format!("name,url,username,password\nx,https://example.com,u,\"{quoted}\"\n");
        assert_eq!(rows(&file, None)[0].draft.password.expose(), password);
    }
}

#[test]
fn nothing_is_lost_from_columns_nobody_knows() {
    let file = "name,url,username,password,note,pin\nx,htt:/example.com,u,p,n,12 34\ny,javascript:alert(1),,,,\n";
    let rows = rows(file, None);
    assert_eq!(rows[0].draft.website, "");
    assert_eq!(fields(&rows[0]), [("url", "htt:/example.com", false), ("pin", "12 34", true)]);
    assert_eq!(remarks(&rows[0]), ["not_an_address"]);
    assert_eq!(rows[0].remarks[0].column_name(), Some("url"));
    assert_eq!(fields(&rows[1]), [("url", "javascript:alert(1)", false)]);
    assert!(rows[1].draft.password.is_empty(), "an empty password is fine");
}

#[test]
fn a_second_column_of_the_same_kind_becomes_a_field() {
    let file = "title,username,email,password,pwd,url,site\nx,anna,anna@example.com,one,two,example.com,example.org\n";
    let row = rows(file, None).remove(0);
    assert_eq!((row.draft.username.as_str(), row.draft.password.expose()), ("anna", "one"));
    assert_eq!(row.draft.website, "https://example.com");
    assert_eq!(
        fields(&row),
        [("email", "anna@example.com", false), ("pwd", "two", true), ("site", "example.org", false)]
    );
    assert_eq!(remarks(&row), ["scheme_added"]);
}

#[test]
fn empty_names_are_derived_and_said() {
    let file = "name,url,username,password\n,https://shop.example:8443/x,u,p\n,,anna,p\n,,,p\n";
    let rows = rows(file, None);
    let names: Vec<_> = rows.iter().map(|row| row.draft.name.as_str()).collect();
    assert_eq!(names, ["shop.example", "anna", "Row 3"]);
    assert!(rows.iter().all(|row| remarks(row) == ["name_derived"]));
}

#[test]
fn ragged_rows_are_bad_and_others_stand() {
    let file = "name,url,username,password\na,,b\n\"x\ny\",,b,c\na,,b,c,d\n,,,\na,,b,\"c\"d\n";
    let import = import(file, None);
    let found: Vec<_> = outcomes(&import)
        .iter()
        .map(|outcome| match outcome {
            RowOutcome::Import(row) => (row.row, row.line, "import", None),
            RowOutcome::Skip { row, line, reason } => (*row, *line, reason.key(), None),
            RowOutcome::Bad(problem) => (problem.row(), problem.line(), problem.kind().key(), problem.column()),
        })
        .collect();
    assert_eq!(
        found,
        [
            (1, 2, "ragged", Some(4)),
            (2, 3, "import", None),
            (3, 5, "ragged", Some(5)),
            (4, 6, "empty", None),
            (5, 7, "stray_quote", Some(4)),
        ]
    );
    assert_eq!(import.row_count(), 5);
}

#[test]
fn rows_can_be_walked_again() {
    let import = import("name,url,username,password\na,,b,c\nd,,e,f\n", None);
    let names = || {
        let walk = import.rows().map(|row| match row.unwrap() {
            RowOutcome::Import(row) => row.draft.name,
            other => panic!("{other:?}"),
        });
        walk.collect::<Vec<_>>()
    };
    assert_eq!(names(), ["a", "d"]);
    assert_eq!(names(), ["a", "d"]);
}

#[test]
fn bitwarden_rows() {
    let file = "folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n\
        Work/Servers,1,login,Panel,note,\"PIN: 12: 34\r\nAnswer: first\nsecond\nlast: x\",0,\"https://a.example/x,y,https://b.example\nandroid://app\",anna,p,otpauth://totp/x?secret=ABC\n\
        ,,note,Memo,text,,1,,,,\n\
        ,,card,Visa,,stray,,,,,\n";
    let rows = rows(file, None);
    let row = &rows[0];
    assert_eq!(row.folder.as_deref(), Some("Work/Servers"));
    assert_eq!(
        (row.draft.website.as_str(), row.draft.login_url.as_str()),
        ("https://a.example/x,y", "https://b.example")
    );
    assert_eq!(
        fields(row),
        [
            ("favorite", "1", false),
            ("PIN", "12: 34", true),
            ("Answer", "first\nsecond", true),
            ("last", "x", true),
            ("login_uri", "android://app", false),
        ]
    );
    assert_eq!(row.draft.totp.expose(), "otpauth://totp/x?secret=ABC");
    assert!(row.remarks.is_empty());
    assert_eq!((rows[1].draft.kind, rows[1].draft.notes.expose()), (EntryKind::Note, "text"));
    assert_eq!(fields(&rows[1]), [("reprompt", "1", false)]);
    assert_eq!(rows[2].draft.kind, EntryKind::Login);
    assert_eq!(fields(&rows[2]), [("type", "card", false), ("fields", "stray", true)]);
    assert_eq!(remarks(&rows[2]), ["unknown_kind"]);
}

#[test]
fn lastpass_rows() {
    let file = "url,username,password,totp,extra,name,grouping,fav\n\
        http://sn,,,,\"NoteType:Server\nHostname:a\",Root,Servers,0\n\
        https://example.com,anna,p&amp;q,,,Shop,,1\n";
    let rows = rows(file, None);
    assert_eq!((rows[0].draft.kind, rows[0].draft.website.as_str()), (EntryKind::Note, ""));
    assert_eq!(rows[0].draft.notes.expose(), "NoteType:Server\nHostname:a");
    assert!(rows[0].draft.fields.is_empty() && rows[0].remarks.is_empty());
    assert_eq!(rows[1].draft.password.expose(), "p&amp;q");
    assert_eq!(fields(&rows[1]), [("fav", "1", false)]);
}

#[test]
fn firefox_rows() {
    let file = "\"url\",\"username\",\"password\",\"httpRealm\",\"formActionOrigin\",\"guid\",\"timeCreated\",\"timeLastUsed\",\"timePasswordChanged\"\n\
        \"chrome://FirefoxAccounts\",\"id\",\"{keys}\",\"Firefox Accounts credentials\",,\"{g}\",\"1\",\"2\",\"3\"\n\
        \"https://example.com\",\"anna\",\"p\",,\"https://login.example.com\",\"{g}\",\"1700000000000\",\"2\",\"1700000000001\"\n";
    let import = import(file, None);
    let outcomes = outcomes(&import);
    assert!(matches!(outcomes[0], RowOutcome::Skip { row: 1, line: 2, reason: SkipReason::FirefoxAccount }));
    let RowOutcome::Import(row) = &outcomes[1] else { panic!("not imported") };
    assert_eq!(row.draft.name, "example.com");
    assert_eq!(row.created_at, Some(Timestamp::from_millis(1_700_000_000_000)));
    assert_eq!(row.updated_at, Some(Timestamp::from_millis(1_700_000_000_001)));
    assert_eq!(fields(row), [("formActionOrigin", "https://login.example.com", false)]);
}

#[test]
fn keepassxc_and_onepassword_rows() {
    let file = "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\",\"TOTP\",\"Icon\",\"Last Modified\",\"Created\"\n\
        \"Root/Work\",\"VPN\",\"anna\",\"p\",\"vpn.example.com\",\"n\",\"otpauth://totp/a?secret=B\",\"0\",\"2024-01-31T12:00:00Z\",\"soon\"\n";
    let row = rows(file, None).remove(0);
    assert_eq!(row.folder.as_deref(), Some("Root/Work"));
    assert_eq!(row.updated_at, Some(Timestamp::from_millis(1_706_702_400_000)));
    assert_eq!(fields(&row), [("Created", "soon", false)]);
    assert_eq!(remarks(&row), ["scheme_added", "not_a_time"]);

    let file = "Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\n\
        Shop,https://example.com,anna,p,otpauth://totp/a?secret=B,false,true,\"work;team a, x\",n\n";
    let row = rows(file, None).remove(0);
    assert_eq!(row.tags, ["work", "team a", "x"]);
    assert_eq!(row.draft.totp.expose(), "otpauth://totp/a?secret=B");
    assert_eq!(fields(&row), [("Archived", "true", false)]);
}

#[test]
fn flags_of_the_own_dialect_are_strict() {
    let file = "pwvault,name,password,private\nv1,a,b,true\nv1,a,b,maybe\nv1,a,b,\n";
    let import = import(file, None);
    let found: Vec<_> = outcomes(&import)
        .iter()
        .map(|outcome| match outcome {
            RowOutcome::Import(row) => {
                if row.draft.private {
                    "private"
                } else {
                    "open"
                }
            }
            RowOutcome::Bad(problem) => problem.kind().key(),
            RowOutcome::Skip { reason, .. } => reason.key(),
        })
        .collect();
    assert_eq!(found, ["private", "bad_flag", "open"]);
}

#[test]
fn a_column_map_has_the_last_word() {
    let map = ColumnMap {
        headless: true,
        columns: vec![
            (ColumnRef::Number(1), Target::Folder),
            (ColumnRef::Number(2), Target::Name),
            (ColumnRef::Number(3), Target::Username),
            (ColumnRef::Number(4), Target::Password),
        ],
    };
    let file = "Work;Shop;anna;s3cret;extra\n";
    let options = ReadOptions { columns: Some(map.clone()), ..ReadOptions::default() };
    let import = read(file.as_bytes(), &options).unwrap();
    assert_eq!(import.sniffed().delimiter, Delimiter::Semicolon);
    let RowOutcome::Import(row) = outcomes(&import).remove(0) else { panic!("not imported") };
    assert_eq!((row.row, row.line, row.draft.name.as_str()), (1, 1, "Shop"));
    assert_eq!(fields(&row), [("column 5", "extra", true)]);

    let map = ColumnMap { headless: false, columns: vec![(ColumnRef::Name("geheim".to_owned()), Target::Password)] };
    let options = ReadOptions { columns: Some(map), ..ReadOptions::default() };
    let import = read(b"wer,geheim\nanna,s3cret\n", &options).unwrap();
    let RowOutcome::Import(row) = outcomes(&import).remove(0) else { panic!("not imported") };
    assert_eq!((row.draft.password.expose(), fields(&row)), ("s3cret", vec![("wer", "anna", true)]));
    assert!(matches!(read(b"a,b\nc,d\n", &options), Err(CsvError::UnknownColumn { entry: 1, columns: 2 })));
}
