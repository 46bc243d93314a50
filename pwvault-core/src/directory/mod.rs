//! The stored directory: what holds for the people of a host that has no user base. Owns the rules
//! of user names, addresses and passwords, what a person signs in with and when sign-ins are locked,
//! tokens, and the presets of roles. Knows no session, no gate and no log: `vault::people` asks here
//! and writes.

mod credentials;
mod error;
mod invite;
mod lockout;
mod messages;
mod password;
mod preset;
mod record;
mod token;
mod username;

#[cfg(test)]
mod tests;

pub use credentials::{Credentials, FactorAnswer, RecoveryCodes, Stretched, Verifier};
pub use error::{InviteError, PeopleError, SignInError};
pub use invite::{INVITE_MS, check_invite};
pub use lockout::{fail, is_locked, succeed};
pub use password::{check_password, password_faults};
pub use preset::RolePreset;
pub use record::{credentials_context, name_record_id, open_credentials, person_record_id, seal_person};
pub use token::{Token, TokenUse};
pub use username::{check_email, check_username, folded};
