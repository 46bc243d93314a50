//! The sizes the vault accepts, in bytes. Larger input is an error, never cut.

/// A name of an entry, field, key or rule.
pub const NAME_MAX: usize = 512;
/// One field of an entry.
pub const FIELD_MAX: usize = 64 * 1024;
/// A web address.
pub const URL_MAX: usize = 2048;
/// All of an entry together.
pub const ENTRY_MAX: usize = 256 * 1024;
/// Custom fields of an entry.
pub const FIELDS_MAX: usize = 128;
/// Grants of an entry.
pub const GRANTS_MAX: usize = 1024;
/// Encryption keys of an entry.
pub const KEYS_MAX: usize = 16;
/// A passphrase or master password.
pub const PASSPHRASE_MAX: usize = 1024;
/// The fewest characters of a master password.
pub const MASTER_PASSWORD_MIN: usize = 8;
/// A user name of the stored directory.
pub const USERNAME_MAX: usize = 64;
/// An e-mail address (RFC 5321, section 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;
/// Roles, departments, groups or accounts of one person.
pub const BELONGINGS_MAX: usize = 1_000;
/// Rules of the access control.
pub const RULES_MAX: usize = 1024;
/// Items of a list in the settings.
pub const SETTING_LIST_MAX: usize = 10_000;
