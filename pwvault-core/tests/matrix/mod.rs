//! The rows of the access matrix and the small world they are played in.

pub mod people_rows;
mod rights;
pub mod rows;
mod settings;
pub mod world;

use pwvault_core::VaultError;

/// Every row there is.
pub fn all_rows() -> impl Iterator<Item = &'static rows::Row> {
    rows::ROWS.iter().chain(people_rows::PEOPLE_ROWS)
}

/// One letter for a result: `A`llowed, `D`enied with reasons, `N`ot found, `L`ocked, `X` for any
/// other error.
pub fn verdict(result: &Result<(), VaultError>) -> char {
    match result {
        Ok(()) => 'A',
        Err(VaultError::Denied(_)) => 'D',
        Err(VaultError::NotFound) => 'N',
        Err(VaultError::Locked(_) | VaultError::LockedAll(_)) => 'L',
        Err(_) => 'X',
    }
}
