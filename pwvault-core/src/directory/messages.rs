//! What this room says.

use super::error::{InviteError, PeopleError, SignInError};
use crate::model::{Arg, limits, messages};

messages! { PeopleError {
    Self::UsernameStart => "people-username-start",
    Self::UsernameCharacter => "people-username-character",
    Self::UsernameLength { length } => "people-username-length" [length, max = Arg::from(&limits::USERNAME_MAX)],
    Self::Email => "people-email",
    Self::PasswordLength { length, min } => "people-password-length" [length, min],
    Self::PasswordTooLong { length } => "people-password-too-long"
        [length, max = Arg::from(&limits::PASSPHRASE_MAX)],
    Self::PasswordStrength { found, min } => "people-password-strength" [found, min],
    Self::PasswordCharacter => "people-password-character",
    Self::PasswordHoldsName => "people-password-holds-name",
    Self::Taken { what } => "people-taken" [what = Arg::prose(*what)],
    Self::Exists { what } => "people-exists" [what = Arg::prose(*what)],
    Self::NoName => "people-no-name",
    Self::Misplaced { what, to } => "people-misplaced" [what = Arg::prose(*what), to = Arg::prose(*to)],
    Self::NotHeld(permissions) => "people-not-held" [permissions = Arg::names(permissions)],
    Self::NotOver => "people-not-over",
    Self::NoUnit { what } => "people-no-unit" [what = Arg::prose(*what)],
    Self::UnitInUse => "people-unit-in-use",
    Self::Oneself => "people-oneself",
} }

messages! { SignInError {
    Self::Refused => "sign-in-refused",
    Self::Ended => "sign-in-ended",
} }

messages! { InviteError {
    Self::Unknown => "invite-unknown",
    Self::Expired => "invite-expired",
    Self::Used => "invite-used",
    Self::Cancelled => "invite-cancelled",
    Self::WrongAccount => "invite-wrong-account",
    Self::SignInFirst => "invite-sign-in-first",
    Self::Withdrawn => "invite-withdrawn",
} }
