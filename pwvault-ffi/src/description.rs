//! Describes the operations in one document, from which the bindings are made.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::fault::Code;
use crate::open::{OpenOptions, SessionOptions};
use crate::ops::{LIBRARY, Operation, SESSION, VAULT};

/// Every operation with its arguments and result, what opens a vault and begins a session, and the
/// errors, as JSON Schemas (2020-12). `documentation` gives the text of a method of a capability.
pub fn description(documentation: impl Fn(&str, &str) -> Option<String>) -> Value {
    let mut generator = SchemaSettings::draft2020_12().with(|settings| settings.meta_schema = None).into_generator();
    let mut operations = Vec::new();
    describe("vault", VAULT, &mut generator, &documentation, &mut operations);
    describe("session", SESSION, &mut generator, &documentation, &mut operations);
    describe("library", LIBRARY, &mut generator, &documentation, &mut operations);
    let (open, session) = (generator.subschema_for::<OpenOptions>(), generator.subschema_for::<SessionOptions>());
    let errors =
        Code::ALL.iter().map(|code| json!({ "name": code.name(), "number": *code as i32, "meaning": code.meaning() }));
    json!({
        "abi": crate::c::pwv_abi_version(),
        "open": open,
        "session": session,
        "errors": errors.collect::<Vec<_>>(),
        "operations": operations,
        "definitions": generator.take_definitions(true),
    })
}

fn describe<T>(
    on: &str,
    table: &[Operation<T>],
    generator: &mut schemars::SchemaGenerator,
    documentation: &impl Fn(&str, &str) -> Option<String>,
    out: &mut Vec<Value>,
) {
    out.extend(table.iter().map(|operation| {
        json!({
            "name": operation.name,
            "on": on,
            "capability": operation.capability,
            "documentation": documentation(operation.capability, operation.name),
            "arguments": operation.arguments(generator),
            "result": operation.result(generator),
        })
    }));
}
