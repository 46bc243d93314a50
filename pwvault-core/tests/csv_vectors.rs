//! Walks `vectors/csv/`: each file is an input and the verdict on it (`spec/csv.md`, "Vectors").
#![cfg(feature = "csv")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::Path;

use pwvault_core::csv::{CsvError, ImportRow, Limits, ReadOptions, RowOutcome, dialect, read};
use pwvault_core::model::EntryKind;
use serde_json::{Value, json};

#[test]
fn every_vector_gets_its_verdict() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/csv");
    let mut walked = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let vector: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let expected = &vector["expect"];
        let mut found = verdict(&input(&vector), &vector["options"]);
        if expected.get("sniffed").is_none() {
            found.as_object_mut().unwrap().remove("sniffed");
        }
        assert_eq!(&found, expected, "{}", path.display());
        walked += 1;
    }
    assert!(walked > 0, "no vectors");
}

fn input(vector: &Value) -> Vec<u8> {
    if let Some(text) = vector["input"].as_str() {
        return text.as_bytes().to_vec();
    }
    let hex = vector["input_hex"].as_str().expect("input or input_hex");
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn verdict(input: &[u8], options: &Value) -> Value {
    let mut limits = Limits::default();
    for (name, limit) in options["limits"].as_object().into_iter().flatten() {
        let limit = limit.as_u64().unwrap();
        match name.as_str() {
            "rows" => limits.rows = limit,
            "bytes" => limits.bytes = limit as usize,
            "record_bytes" => limits.record_bytes = limit as usize,
            "field_bytes" => limits.field_bytes = limit as usize,
            other => panic!("no limit `{other}`"),
        }
    }
    let dialect = options["dialect"].as_str().map(|name| dialect(name).expect("a known dialect"));
    let import = match read(input, &ReadOptions { dialect, limits, ..ReadOptions::default() }) {
        Ok(import) => import,
        Err(error) => return json!({ "error": error_json(&error) }),
    };
    let sniffed = import.sniffed();
    json!({
        "sniffed": {
            "dialect": sniffed.dialect,
            "confidence": sniffed.confidence.percent(),
            "delimiter": char::from(sniffed.delimiter.byte()).to_string(),
            "had_bom": sniffed.had_bom,
        },
        "rows": import.rows().map(|row| row_json(row.unwrap())).collect::<Vec<_>>(),
    })
}

fn error_json(error: &CsvError) -> Value {
    let mut json = json!({ "key": error.key() });
    match error {
        CsvError::NotUtf8 { offset, line } => {
            json["offset"] = json!(offset);
            json["line"] = json!(line);
        }
        CsvError::BadUtf16 { offset } => json["offset"] = json!(offset),
        CsvError::UnknownHeader { line, .. }
        | CsvError::UnclosedQuote { line }
        | CsvError::TooManyColumns { line, .. }
        | CsvError::RowTooLong { line, .. } => json["line"] = json!(line),
        _ => {}
    }
    json
}

fn row_json(row: RowOutcome) -> Value {
    match row {
        RowOutcome::Import(row) => json!({ "import": import_json(&row) }),
        RowOutcome::Skip { reason, .. } => json!({ "skip": reason.key() }),
        RowOutcome::Bad(problem) => {
            let mut bad = json!({ "key": problem.kind().key(), "row": problem.row(), "line": problem.line() });
            if let Some(column) = problem.column() {
                bad["column"] = json!(column);
            }
            json!({ "bad": bad })
        }
    }
}

/// Everything of a row that is not empty.
fn import_json(row: &ImportRow) -> Value {
    let draft = &row.draft;
    let kind = match draft.kind {
        EntryKind::Login => "",
        EntryKind::LicenceKey => "licence_key",
        EntryKind::Server => "server",
        EntryKind::Note => "note",
        _ => "unknown",
    };
    let fields: Vec<_> = draft.fields.iter().map(|f| json!([f.name, f.value.expose(), f.secret])).collect();
    let remarks: Vec<_> = row.remarks.iter().map(|remark| remark.kind().key()).collect();
    let mut all = json!({
        "name": draft.name,
        "kind": kind,
        "username": draft.username,
        "password": draft.password.expose(),
        "website": draft.website,
        "login_url": draft.login_url,
        "notes": draft.notes.expose(),
        "totp": draft.totp.expose(),
        "private": draft.private,
        "folder": row.folder,
        "tags": row.tags,
        "fields": fields,
        "created_at": row.created_at.map(|at| at.as_millis()),
        "updated_at": row.updated_at.map(|at| at.as_millis()),
        "remarks": remarks,
    });
    let empty = [json!(""), json!(false), json!(null), json!([])];
    all.as_object_mut().unwrap().retain(|_, value| !empty.contains(value));
    all
}
