//! A session: a principal, its circumstances, and the unlock tickets it brought along.

use std::fmt;
use std::sync::Arc;

use super::core::Core;
use super::error::VaultError;
use super::gate::Gate;
use super::tickets::UnlockTicket;
use crate::audit::AuditError;
use crate::envelope::EnvelopeError;
use crate::model::{Person, Principal, RequestContext};
use crate::store::StoreError;

/// What a principal does with a vault. Its capabilities are traits, one for each room of this
/// module; import those you use, or all with `use pwvault_core::vault::prelude::*`.
///
/// A session holds no lock and no cache of its own; it may live for one request or for many. A
/// grant or rule that is revoked is gone for every session at the next call; roles, departments and
/// groups are those the host named in the [`Principal`], so a session is not kept beyond them.
#[derive(Clone)]
pub struct Session {
    pub(super) core: Arc<Core>,
    pub(super) principal: Principal,
    pub(super) context: RequestContext,
    pub(super) tickets: Vec<UnlockTicket>,
    bearer: bool,
}

impl Session {
    pub(super) const fn new(core: Arc<Core>, principal: Principal, context: RequestContext) -> Self {
        Self { core, principal, context, tickets: Vec::new(), bearer: false }
    }

    /// Of someone the host has not named, who holds a link or token. No rule speaks for them: what
    /// they may do rests on what they hold.
    pub(super) const fn of_bearer(core: Arc<Core>, context: RequestContext) -> Self {
        Self { core, principal: Principal::system(), context, tickets: Vec::new(), bearer: true }
    }

    /// Who acts, as records and events name it.
    pub(super) fn person(&self) -> Person {
        if self.bearer { Person::Bearer } else { self.principal.person() }
    }

    /// The same session, with a key or master password unlocked earlier. A ticket that has ended
    /// is as good as none.
    #[must_use]
    pub fn with_ticket(mut self, ticket: UnlockTicket) -> Self {
        self.tickets.push(ticket);
        self
    }

    /// The same session under other circumstances: at work on a ticket, or with a reason.
    #[must_use]
    pub fn within(mut self, context: RequestContext) -> Self {
        self.context = context;
        self
    }

    /// Who acts.
    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Runs `work` behind the gate, and again when others changed what it rested on.
    pub(super) fn run<T>(&self, work: impl Fn(&Gate<'_>) -> Result<T, VaultError>) -> Result<T, VaultError> {
        #[cfg(feature = "tracing")]
        let _span = tracing::debug_span!("pwvault", vault = %self.core.id, surface = ?self.context.surface).entered();
        let mut stale = None;
        for _ in 0..CONFLICT_ATTEMPTS {
            let mut epoch = None;
            let done = Gate::enter(self).and_then(|gate| {
                epoch = Some(gate.snapshot.keyring.epoch());
                work(&gate)
            });
            let newer_than = match &done {
                Err(VaultError::Store(StoreError::Conflict(_))) => continue,
                Err(VaultError::Tampered { cause: EnvelopeError::NewerKeyring { loaded, .. }, .. }) => Some(*loaded),
                Err(VaultError::Audit(AuditError::StaleKeyring)) => epoch,
                _ => None,
            };
            // A rotation came in between, unless it is the same again under the same keyring.
            if newer_than.is_none() || newer_than == stale {
                return done;
            }
            stale = newer_than;
        }
        Err(VaultError::Busy)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("vault", &self.core.id)
            .field("person", &self.person())
            .field("tickets", &self.tickets.len())
            .finish_non_exhaustive()
    }
}

/// How often an operation runs again after a conflict with others.
const CONFLICT_ATTEMPTS: u32 = 32;
