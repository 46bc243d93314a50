//! The one error of the objects.

use std::fmt;

use crate::fault::Fault;

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Error)]
pub enum Failure {
    /// A fault with its number.
    Fault {
        /// The number of `bindings/errors.toml`.
        code: i32,
        /// Its name, such as `NOT_FOUND`.
        name: String,
        /// What was wrong and what would be right, in English. Never a secret.
        message: String,
        /// Facts for programs, as JSON.
        detail: String,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Fault { message, .. } = self;
        f.write_str(message)
    }
}

impl std::error::Error for Failure {}

impl From<Fault> for Failure {
    fn from(Fault { code, message, detail }: Fault) -> Self {
        Self::Fault { code: code as i32, name: code.name().to_owned(), message, detail: detail.to_string() }
    }
}
