//! What the stored directory refuses.

use crate::model::{Permission, limits};

/// A person, name or password that is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// A user name that does not begin with a letter.
    #[error("a user name begins with a letter, A to Z")]
    UsernameStart,
    /// Another character in a user name.
    #[error("a user name has letters, A to Z, and digits only")]
    UsernameCharacter,
    /// A user name over the limit.
    #[error("a user name has at most {} characters; this one has {length}", limits::USERNAME_MAX)]
    UsernameLength {
        /// Characters found.
        length: usize,
    },
    /// Not an e-mail address.
    #[error("this is no e-mail address; write name@host.example")]
    Email,
    /// A password with too few characters.
    #[error("the password has {length} characters; at least {min} are asked for")]
    PasswordLength {
        /// Characters found.
        length: usize,
        /// The rule.
        min: u16,
    },
    /// A password over the limit.
    #[error("the password has {length} bytes; at most {} are accepted", limits::PASSPHRASE_MAX)]
    PasswordTooLong {
        /// Bytes found.
        length: usize,
    },
    /// A password that is guessed too soon.
    #[error("the password has strength {found} of 4; at least {min} is asked for: make it longer or less usual")]
    PasswordStrength {
        /// Its strength.
        found: u8,
        /// The rule.
        min: u8,
    },
    /// A password with a character that the panel's rule forbids.
    #[error("the password holds one of the characters & < > \" ', which are not accepted here")]
    PasswordCharacter,
    /// A password that holds the person's own name.
    #[error("the password holds the user name or e-mail address; choose one that does not")]
    PasswordHoldsName,
    /// A user name or address that another person of the realm has.
    #[error("this {what} is taken; choose another")]
    Taken {
        /// What is taken.
        what: &'static str,
    },
    /// A person or unit with this id exists.
    #[error("there is a {what} with this id already")]
    Exists {
        /// What there is.
        what: &'static str,
    },
    /// A person who could not be reached or named at sign-in.
    #[error("a person who signs in has a user name or an e-mail address")]
    NoName,
    /// Something that this sort of person does not have.
    #[error("{what} belong to {to} alone")]
    Misplaced {
        /// What.
        what: &'static str,
        /// To whom.
        to: &'static str,
    },
    /// Granting or managing more than one holds.
    #[error("nobody grants or takes what they do not hold: {}", names(.0))]
    NotHeld(Vec<Permission>),
    /// Power over an administrator one does not have.
    #[error("an administrator is managed by those who hold the same roles and departments, or the section access")]
    NotOver,
    /// A role, department or group that does not exist.
    #[error("there is no such {what}; create it first")]
    NoUnit {
        /// What there is not.
        what: &'static str,
    },
    /// A unit that people belong to.
    #[error("people belong to it; take them out first")]
    UnitInUse,
    /// Something nobody does to oneself.
    #[error("nobody does this to oneself; ask another person who may")]
    Oneself,
}

/// A sign-in, second factor or reset that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// Wrong, unknown, locked or switched off: the answer is the same, so that nobody learns who
    /// exists.
    #[error("the name, password or code is wrong, or there were too many attempts; wait a while and try again")]
    Refused,
    /// A token that is unknown, used or over.
    #[error("this link or step has ended; begin again")]
    Ended,
}

/// An invitation that could not be accepted. All but `Unknown` are said only to who holds its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InviteError {
    /// No invitation has this token: it is made up, or a newer one was sent.
    #[error("there is no such invitation; use the link of the newest message")]
    Unknown,
    /// It is over.
    #[error("the invitation has expired; ask for a new one")]
    Expired,
    /// It was accepted before.
    #[error("the invitation has been used; sign in instead")]
    Used,
    /// It was taken back.
    #[error("the invitation was taken back; ask who invited you")]
    Cancelled,
    /// It was sent to another address than that of the person signed in.
    #[error("the invitation is for another person; sign in with the address it was sent to")]
    WrongAccount,
    /// The address it was sent to has a sign-in already.
    #[error("this address has a sign-in already; sign in with it and accept the invitation then")]
    SignInFirst,
    /// Who invited may not do so any more.
    #[error("who sent the invitation may not do so any more; ask for a new one")]
    Withdrawn,
}

fn names(permissions: &[Permission]) -> String {
    let names: Vec<String> = permissions.iter().map(|one| format!("{one:?}")).collect();
    names.join(", ")
}
