//! The record splitter against the `csv` crate.

use proptest::prelude::*;

use super::super::split::{Place, Records};
use super::*;

fn ours(text: &str, delimiter: u8) -> Result<Vec<Vec<String>>, CsvError> {
    let mut records = Records::new(text, delimiter, &Limits::default(), Place::START);
    let mut all = Vec::new();
    while let Some(record) = records.next_record()? {
        all.push(record.cells().map(str::to_owned).collect());
    }
    Ok(all)
}

fn oracle(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Whether the text ends inside a quoted cell: a line put after it is then no record of its own.
fn ends_open(text: &str, delimiter: u8) -> bool {
    oracle(&format!("{text}\nZ"), delimiter).last().is_none_or(|record| record != &["Z"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn agrees_with_the_csv_crate(text in "[\",;\t\r\nab é]{0,48}", delimiter in prop::sample::select(b",;\t".to_vec())) {
        match ours(&text, delimiter) {
            Ok(records) => {
                prop_assert!(!ends_open(&text, delimiter));
                prop_assert_eq!(records, oracle(&text, delimiter));
            }
            Err(CsvError::UnclosedQuote { .. }) => prop_assert!(ends_open(&text, delimiter)),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn every_record_knows_its_line(cells in prop::collection::vec("[a\"\n,]{1,6}", 1..6)) {
        let mut text = String::new();
        let mut lines = Vec::new();
        for cell in &cells {
            lines.push(1 + text.matches('\n').count() as u64);
            text.push_str(&format!("\"{}\"\r\n\r\n", cell.replace('"', "\"\"")));
        }
        let mut records = Records::new(&text, b',', &Limits::default(), Place::START);
        for line in lines {
            prop_assert_eq!(records.next_record().unwrap().unwrap().line, line);
        }
        prop_assert!(records.next_record().unwrap().is_none());
    }
}

#[test]
fn line_ends_of_all_sorts_end_a_record() {
    let expected = [["a", "b"], ["c", "d"]];
    for text in ["a,b\nc,d", "a,b\r\nc,d\r\n", "a,b\rc,d\r", "a,b\r\r\nc,d\r\r\n", "\n\na,b\n\n\nc,d\n\n"] {
        assert_eq!(ours(text, b',').unwrap(), expected, "{text:?}");
    }
}

#[test]
fn an_open_quote_is_found_where_it_opens() {
    let cases = [
        ("\"", 1),
        ("a,b\nc,\"d\ne\n", 2),
        ("a,b\n\"x\ny\",\"d\ne\n", 3),
        ("a,b\r\r\nc,\"d\"\"", 2),
        ("a\rb,\"c\r", 2),
    ];
    for (text, expected) in cases {
        match ours(text, b',') {
            Err(CsvError::UnclosedQuote { line }) => assert_eq!(line, expected, "{text:?}"),
            other => panic!("{text:?}: {other:?}"),
        }
    }
}

#[test]
fn text_after_a_closing_quote_is_noticed() {
    let cases = [
        ("a,\"b\"c,d\n", Some(1)),
        ("\"a\"\"b\",\"c\"\r\n", None),
        ("\"a\" ,b", Some(0)),
        ("a\"b,c\"d\"", None),
        ("\"a\nb\",\"c\"x", Some(1)),
        ("\"a;b\";c", Some(0)),
    ];
    for (text, expected) in cases {
        let mut records = Records::new(text, b',', &Limits::default(), Place::START);
        assert_eq!(records.next_record().unwrap().unwrap().stray_quote(b','), expected, "{text:?}");
    }
}

#[test]
fn a_mark_inside_the_file_is_no_byte_order_mark() {
    let text = "name,password\n\u{FEFF}a,b\n";
    assert_eq!(rows(text, None)[0].draft.name, "\u{FEFF}a");
}
