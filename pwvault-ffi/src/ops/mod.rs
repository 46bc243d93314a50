//! The table of operations: what can be called by name, with which arguments and result.

mod document;
mod file;
mod library;
mod session;
mod transfer;
mod vault;
mod words;

use pwvault_core::{SecretBytes, Session, Vault};
use schemars::{Schema, SchemaGenerator};

use crate::fault::{Code, Fault};

pub use library::{LIBRARY, Library};
pub use session::SESSION;
pub use vault::VAULT;

/// The result of an operation.
#[derive(Debug)]
pub struct Reply {
    /// The JSON document.
    pub document: Vec<u8>,
    /// The secrets it names, in order.
    pub secrets: Vec<SecretBytes>,
}

type Run<T> = fn(&T, &[u8], Vec<SecretBytes>) -> Result<Reply, Fault>;

/// Something that can be done to a `T`.
#[derive(Debug)]
pub struct Operation<T> {
    /// Its name: that of the method it calls.
    pub name: &'static str,
    /// The capability trait the method belongs to, or the type.
    pub capability: &'static str,
    run: Run<T>,
    arguments: fn(&mut SchemaGenerator) -> Schema,
    result: fn(&mut SchemaGenerator) -> Schema,
}

impl<T> Operation<T> {
    /// Describes its arguments: an object with a property for each.
    pub fn arguments(&self, generator: &mut SchemaGenerator) -> Schema {
        (self.arguments)(generator)
    }

    /// Describes its result.
    pub fn result(&self, generator: &mut SchemaGenerator) -> Schema {
        (self.result)(generator)
    }
}

/// Does what `name` says with a session.
///
/// # Errors
/// [`Code::UnknownOperation`], [`Code::InvalidArgument`], and those of the operation.
pub fn call_session(
    session: &Session,
    name: &str,
    arguments: &[u8],
    secrets: Vec<SecretBytes>,
) -> Result<Reply, Fault> {
    (find(SESSION, name)?.run)(session, arguments, secrets)
}

/// Does what `name` says with a vault, without a session.
///
/// # Errors
/// As [`call_session`].
pub fn call_vault(vault: &Vault, name: &str, arguments: &[u8], secrets: Vec<SecretBytes>) -> Result<Reply, Fault> {
    (find(VAULT, name)?.run)(vault, arguments, secrets)
}

/// Does what `name` says by the library alone, without a vault.
///
/// # Errors
/// As [`call_session`].
pub fn call_library(name: &str, arguments: &[u8], secrets: Vec<SecretBytes>) -> Result<Reply, Fault> {
    (find(LIBRARY, name)?.run)(&Library, arguments, secrets)
}

fn find<T>(table: &'static [Operation<T>], name: &str) -> Result<&'static Operation<T>, Fault> {
    let found = table.iter().find(|operation| operation.name == name);
    found.ok_or_else(|| Fault::new(Code::UnknownOperation, "there is no operation of this name; see docs/parity.md"))
}

/// A table of operations on a type: `name(argument: Type) -> Result = |on| call;`.
macro_rules! operations {
    ($($capability:ident { $($name:ident($($argument:ident: $type:ty),*) -> $result:ty = |$on:ident| $call:expr;)* })*) => {
        &[$($({
            #[derive(serde::Deserialize, schemars::JsonSchema)]
            #[serde(rename = "arguments")]
            struct Arguments { $($argument: $type),* }

            $crate::ops::Operation {
                name: stringify!($name),
                capability: stringify!($capability),
                run: |$on, arguments, secrets| {
                    let Arguments { $($argument),* } = $crate::ops::document::read(arguments, secrets)?;
                    let done: $result = $call?;
                    $crate::ops::document::write(&done)
                },
                arguments: |generator| <Arguments as schemars::JsonSchema>::json_schema(generator),
                result: |generator| generator.subschema_for::<$result>(),
            }
        }),*),*]
    };
}

/// Reads a document whose secrets travel beside it.
pub(crate) fn read_document<T: serde::de::DeserializeOwned>(
    document: &[u8],
    secrets: Vec<SecretBytes>,
) -> Result<T, Fault> {
    document::read(document, secrets)
}

use operations;
