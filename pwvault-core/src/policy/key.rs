//! The rule about encryption keys.

use serde::{Deserialize, Serialize};

use super::authority::Authority;
use super::authorized::{Authorized, Scope};
use super::decision::{Decision, Effect, Grounds, Reach};
use super::error::Denied;
use super::reason::{Reason, Remedy};
use crate::id::KeyId;
use crate::model::{Grantee, KeyHead, KeyOwner, Owner, Permission, PrincipalKind, Section};

/// Something done with an encryption key. Each brings those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyAction {
    /// See its name, fingerprint and public key.
    View,
    /// Lock entries to it.
    Attach,
    /// Change or delete it.
    Manage,
}

impl KeyAction {
    /// Every action, from the least to the most.
    pub const ALL: [Self; 3] = [Self::View, Self::Attach, Self::Manage];
}

impl Authority {
    /// The most the principal may do with the encryption key; `None` when it may not know of it.
    #[must_use]
    pub fn key_action(&self, head: &KeyHead) -> Option<KeyAction> {
        let restricted = matches!(self.kind, PrincipalKind::Admin { .. }) && self.merged.restricted.has(Section::Keys);
        if restricted || self.forbidden {
            return None;
        }
        let managed = match &head.owner {
            KeyOwner::Vault => self.allows_section(Section::KeysManage),
            owner => self.owns_key(owner) && self.permits(Permission::Keys),
        };
        if managed {
            return Some(KeyAction::Manage);
        }
        let attached = match &head.owner {
            KeyOwner::Vault => self.allows_section(Section::Keys),
            owner => self.owns_key(owner),
        };
        let attached = attached || self.attach_rights(head).next().is_some();
        (attached && self.permits(Permission::View)).then_some(KeyAction::Attach)
    }

    /// Whether the principal may do `action` with the encryption key.
    #[must_use]
    pub fn evaluate_key(&self, action: KeyAction, head: &KeyHead) -> Effect {
        Effect::from(Some(action) <= self.key_action(head))
    }

    /// Decides, and proves the decision.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when the principal may not know of the key, [`Denied::Forbidden`]
    /// with the reasons otherwise.
    pub fn authorize_key(&self, action: KeyAction, key: KeyId, head: &KeyHead) -> Result<Authorized, Denied> {
        if self.evaluate_key(action, head).is_allow() {
            return Ok(Authorized::new(self.person(), Scope::Key { key, action }));
        }
        if self.key_action(head).is_some() || self.allows_section(Section::AccessExplain) {
            return Err(self.explain_key(action, head).into());
        }
        Err(Denied::NotFound)
    }

    /// Why the principal may or may not do `action` with the encryption key.
    #[must_use]
    pub fn explain_key(&self, action: KeyAction, head: &KeyHead) -> Decision {
        let held = self.key_action(head);
        let allowed = Some(action) <= held;
        let mut grounds = Grounds::default();
        if self.forbidden {
            grounds.object(Reason::ClientForbidden, []);
        }
        let by_attach_right = action < KeyAction::Manage;
        for grantee in self.attach_rights(head).filter(|_| by_attach_right || !allowed) {
            grounds.speak(Reason::AttachRight { grantee: grantee.clone() });
        }
        if !allowed {
            self.object_to_restriction(Section::Keys, &mut grounds);
        }
        match &head.owner {
            KeyOwner::Vault => {
                let manages = action == KeyAction::Manage || held == Some(KeyAction::Manage);
                let section = if manages { Section::KeysManage } else { Section::Keys };
                if !allowed || self.allows_section(section) {
                    self.weigh_section(section, &mut grounds);
                }
            }
            owner if self.owns_key(owner) => {
                grounds.speak(Reason::Owner);
                if !allowed {
                    let needed = if action == KeyAction::Manage { Permission::Keys } else { Permission::View };
                    self.weigh_permissions(&[needed], &mut grounds);
                }
            }
            _ if !allowed => grounds.object(Reason::KeyNotCovered { action }, [Remedy::AskOwner]),
            _ => {}
        }
        let reach = KeyAction::ALL.into_iter().filter(|one| Some(*one) <= held).collect();
        grounds.decide(Reach::KeyActions(reach))
    }

    pub(super) fn owns_key(&self, owner: &KeyOwner) -> bool {
        match (owner, self.own()) {
            (KeyOwner::Admin(id), Some(Owner::Admin(own))) => id == own,
            (KeyOwner::Client(id), Some(Owner::Client(own))) => id == own,
            (KeyOwner::Vault | KeyOwner::Admin(_) | KeyOwner::Client(_), _) => false,
        }
    }

    fn attach_rights<'a>(&'a self, head: &'a KeyHead) -> impl Iterator<Item = &'a Grantee> {
        head.may_attach.iter().filter(|grantee| self.grantees().contains(grantee))
    }

    /// Whether a sub-user's permissions leave this; others need no permission.
    fn permits(&self, permission: Permission) -> bool {
        self.permissions().is_none_or(|permissions| permissions.has(permission))
    }
}
