//! Hostile and broken files.

use super::*;

fn refused(input: &[u8], limits: Limits) -> String {
    match read(input, &ReadOptions { limits, ..ReadOptions::default() }) {
        Ok(import) => format!("accepted {} rows", import.row_count()),
        Err(error) => error.key().to_owned(),
    }
}

const HEADER: &str = "name,url,username,password\n";

#[test]
fn each_cap_holds_at_its_boundary() {
    let limits = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        limits
    };
    let file = format!("{HEADER}a,,b,cccc\nd,,e,f\n");
    let bytes = file.as_bytes();
    let cases = [
        (limits(|l| l.bytes = 44), "accepted 2 rows"),
        (limits(|l| l.bytes = 43), "too_large"),
        (limits(|l| l.rows = 2), "accepted 2 rows"),
        (limits(|l| l.rows = 1), "too_many_rows"),
        (limits(|l| l.columns = 4), "accepted 2 rows"),
        (limits(|l| l.columns = 3), "too_many_columns"),
        (limits(|l| l.columns = usize::MAX), "accepted 2 rows"),
        (limits(|l| l.record_bytes = 23), "accepted 2 rows"),
        (limits(|l| l.record_bytes = 22), "row_too_long"),
        (limits(|l| l.record_bytes = usize::MAX), "accepted 2 rows"),
    ];
    assert_eq!(bytes.len(), 44);
    for (limits, expected) in cases {
        assert_eq!(refused(bytes, limits), expected, "{limits:?}");
    }
}

#[test]
fn the_last_row_without_line_end_meets_the_same_caps() {
    let limits = Limits { record_bytes: 23, columns: 4, ..Limits::default() };
    let row = |cells: &str| refused(format!("{HEADER}{cells}").as_bytes(), limits);
    assert_eq!(row("a,b,c,12345678901234567890"), "accepted 1 rows");
    assert_eq!(row("a,b,c,123456789012345678901"), "row_too_long");
    assert_eq!(row("a,b,c,d,e"), "too_many_columns");
    assert_eq!(row("a,b,c,d,"), "too_many_columns");
    assert_eq!(row("a,b,c,\"d"), "unclosed_quote");
}

#[test]
fn fields_over_their_limit_spoil_their_row_only() {
    let limits = Limits { field_bytes: 8, ..Limits::default() };
    let file = format!("{HEADER}a,,b,123456789\na,,b,12345678\n");
    let import = read(file.as_bytes(), &ReadOptions { limits, ..ReadOptions::default() }).unwrap();
    let outcomes = outcomes(&import);
    let RowOutcome::Bad(problem) = &outcomes[0] else { panic!("too long") };
    assert_eq!(problem.kind(), ProblemKind::TooLong { found: 9, max: 8 });
    assert_eq!((problem.row(), problem.line(), problem.column()), (1, 2, Some(4)));
    assert_eq!(
        problem.to_string(),
        "row 1 (line 2), column 4 `password`: 9 bytes where at most 8 are kept; shorten the text"
    );
    assert!(matches!(outcomes[1], RowOutcome::Import(_)));
}

#[test]
fn other_encodings_are_refused_with_their_place() {
    let mut file = format!("{HEADER}caf").into_bytes();
    file.extend(b"\xE9,,b,c\n");
    let error = read(&file, &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CsvError::NotUtf8 { offset: 30, line: 2 }), "{error}");
    assert!(error.to_string().contains("CSV UTF-8"));
    let lone = b"\xFF\xFEn\x00\x00\xD8,\x00";
    assert!(matches!(read(lone, &ReadOptions::default()), Err(CsvError::BadUtf16 { offset: 4 })));
    let odd = b"\xFE\xFF\x00n\x00";
    assert!(matches!(read(odd, &ReadOptions::default()), Err(CsvError::BadUtf16 { offset: 4 })));
}

#[test]
fn utf16_reads_like_utf8() {
    let text = format!("{HEADER}Schlüssel 🔑,https://example.com,анна,\"a\nb\"\n");
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    for (mark, bytes) in [(&[][..], &little), (b"\xFF\xFE", &little), (&[], &big), (b"\xFE\xFF", &big)] {
        let file = [mark, bytes].concat();
        let import = read(&file, &ReadOptions::default()).unwrap();
        assert_eq!(import.sniffed().had_bom, !mark.is_empty());
        let RowOutcome::Import(row) = outcomes(&import).remove(0) else { panic!("not imported") };
        assert_eq!((row.draft.name.as_str(), row.draft.username.as_str()), ("Schlüssel 🔑", "анна"));
        assert_eq!(row.draft.password.expose(), "a\nb");
    }
}

#[test]
fn nothing_of_a_file_with_an_open_quote_is_read() {
    let file = format!("{HEADER}a,,b,c\nd,,e,\"f\ng,,h,i\n");
    let error = read(file.as_bytes(), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CsvError::UnclosedQuote { line: 3 }), "{error}");
}

#[test]
fn too_many_custom_fields_spoil_the_row() {
    let fields = "pin: 1\n".repeat(200);
    let file = format!("type,name,notes,fields,login_uri,login_username,login_password\nlogin,a,,\"{fields}\",,b,c\n");
    let import = import(&file, Some("bitwarden"));
    let RowOutcome::Bad(problem) = outcomes(&import).remove(0) else { panic!("too many fields") };
    assert_eq!(problem.kind(), ProblemKind::TooManyFields { max: 128 });
}

/// Quadratic work on these cells would not end within anyone's patience.
#[test]
fn long_lists_cost_what_they_weigh() {
    let header = "type,name,notes,fields,login_uri,login_username,login_password\n";
    let long = 1024 * 1024;
    for (fields, uris) in [("a\n".repeat(long / 2), String::new()), (String::new(), ",".repeat(long))] {
        let file = format!("{header}login,a,,\"{fields}\",\"{uris}\",b,c\n");
        let import = import(&file, None);
        let RowOutcome::Bad(problem) = outcomes(&import).remove(0) else { panic!("over the limit of a field") };
        assert_eq!(problem.kind(), ProblemKind::TooLong { found: long, max: 65_536 });
    }
}

#[test]
fn an_empty_file_says_so() {
    for file in ["", "\n\r\n", "\u{FEFF}"] {
        assert!(matches!(read(file.as_bytes(), &ReadOptions::default()), Err(CsvError::Empty)));
    }
}

#[test]
fn no_message_carries_a_cell() {
    const CANARY: &str = "c4n4ry";
    let files = [
        format!("{HEADER}{CANARY},{CANARY}:x,{CANARY},\"{CANARY}\"{CANARY}\n"),
        format!("{HEADER}{CANARY},{CANARY}\n"),
        format!("{HEADER},javascript:{CANARY},,{CANARY}\n"),
        format!("pwvault,name,password,private,fields\nv1,{CANARY},{CANARY},{CANARY},{CANARY}\n"),
        format!("pwvault,name,password,fields\nv1,{CANARY},{CANARY},{CANARY}\n"),
        format!("pwvault,name,password\n{CANARY},{CANARY},{CANARY}\n"),
        format!("{HEADER}{CANARY},\"{CANARY}\n"),
        format!("{CANARY},{CANARY}\n"),
    ];
    for file in files {
        match read(file.as_bytes(), &ReadOptions::default()) {
            Err(error) => assert!(!format!("{error} {error:?}").contains(CANARY), "{error}"),
            Ok(import) => {
                assert!(!format!("{import:?}").contains(CANARY));
                for outcome in outcomes(&import) {
                    let problems = match outcome {
                        RowOutcome::Bad(problem) => vec![problem],
                        RowOutcome::Import(row) => row.remarks,
                        RowOutcome::Skip { .. } => Vec::new(),
                    };
                    assert!(!problems.is_empty(), "each file has a fault");
                    for problem in problems {
                        assert!(!format!("{problem} {problem:?}").contains(CANARY), "{problem}");
                    }
                }
            }
        }
    }
}
