//! Walks `vectors/policy/`: facts, a request and the expected answer, the same for every
//! implementation. `spec/policy.md` says how a file reads.

use std::path::Path;

use serde_json::{Value, json};

use crate::model::Surface;
use crate::policy::{Question, QuestionError};

#[test]
fn every_vector_gets_its_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/policy");
    let (mut count, mut wrong) = (0, Vec::new());
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut vector: Value = serde_json::from_str(&text).unwrap();
        let facts = vector.as_object_mut().unwrap();
        let expected = facts.remove("expect").unwrap();
        assert!(facts.remove("about").unwrap().is_string());
        let question: Question =
            serde_json::from_value(vector).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let found = serde_json::to_value(question.answer().unwrap()).unwrap();
        if found != expected {
            wrong.push(format!("{}\n  found {found}\n  right {expected}", path.display()));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count >= 90, "only {count} vectors in {}", folder.display());
}

#[test]
fn questions_without_their_facts_are_refused() {
    let asked = |facts: Value| serde_json::from_value::<Question>(facts).unwrap().answer();
    let client = json!({ "client": { "id": "1" } });
    for (request, missing) in [(json!({ "action": "view" }), "entry"), (json!({ "key_action": "view" }), "key")] {
        let error = asked(json!({ "principal": client, "request": request })).unwrap_err();
        assert_eq!(error, QuestionError::Missing(missing));
    }
    assert_eq!(asked(json!({ "request": "import" })), Err(QuestionError::Missing("principal")));
    let always_on = json!({ "policy": { "surfaces_off": ["api"] }, "request": "write_rules" });
    assert_eq!(asked(always_on), Err(QuestionError::AlwaysOn(Surface::Api)));
    let unknown = json!({ "request": "import", "policy": { "rule": [] } });
    assert!(serde_json::from_value::<Question>(unknown).is_err());
}
