//! What this room says.

use super::error::OtpError;
use super::seed::{KEY_MAX, SEED_MAX};
use crate::model::{Arg, messages};

messages! { OtpError {
    Self::Empty => "otp-empty",
    Self::TooLong { found } => "otp-too-long" [found, max = Arg::from(&SEED_MAX)],
    Self::Character { at } => "otp-character" [at],
    Self::CutOff { found } => "otp-cut-off" [found],
    Self::Padding => "otp-padding",
    Self::KeyLength { found } => "otp-key-length" [found, max = Arg::from(&KEY_MAX)],
    Self::Kind => "otp-kind",
    Self::Twice { name } => "otp-twice" [name],
    Self::Missing { name } => "otp-missing" [name],
    Self::Parameter { name, rule } => "otp-parameter" [name, rule = Arg::prose(*rule)],
} }
