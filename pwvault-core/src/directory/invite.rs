//! Whether an invitation can still be accepted.

use super::error::InviteError;
use super::token::{Token, TokenUse};
use crate::clock::Timestamp;
use crate::model::{InviteHead, InviteState};

/// How long the token of an invitation lasts, in milliseconds: seven days.
pub const INVITE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Accepts the token that was sent last for a pending invitation that is not over.
///
/// # Errors
/// [`InviteError::Unknown`] for any other token, whatever became of the invitation; else what became
/// of it.
pub fn check_invite(head: &InviteHead, token: &Token, now: Timestamp) -> Result<(), InviteError> {
    if !token.fits(TokenUse::Invite, &head.token_hash) {
        return Err(InviteError::Unknown);
    }
    match head.state {
        InviteState::Accepted { .. } => Err(InviteError::Used),
        InviteState::Cancelled { .. } => Err(InviteError::Cancelled),
        InviteState::Pending if now >= head.expires_at => Err(InviteError::Expired),
        InviteState::Pending => Ok(()),
    }
}
