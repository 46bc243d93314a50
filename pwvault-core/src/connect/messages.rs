//! What this room says.

use super::error::ConnectError;
use crate::model::{Arg, messages};

messages! { ConnectError {
    Self::Refused => "connect-refused",
    Self::NotAllowed => "connect-not-allowed",
    Self::Unreachable => "connect-unreachable",
    Self::Untrusted => "connect-untrusted",
    Self::TimedOut => "connect-timed-out",
    Self::Malformed { problem } => "connect-malformed" [problem = Arg::prose(*problem)],
    Self::Unsupported { field, problem } => "connect-unsupported" [field, problem = Arg::prose(*problem)],
} }
