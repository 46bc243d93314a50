//! What is not done to a thing that exists already: listing, creating, import and export, keys
//! and master passwords. For administrators a section stands behind each, for sub-users
//! permissions; the account itself has them.

use super::authority::Authority;
use super::authorized::{Authorized, Scope};
use super::decision::{Decision, Grounds, Reach};
use super::error::Denied;
use super::facts::sealed::Facts as _;
use super::reason::{Reason, Remedy, SettingName};
use crate::id::{ClientId, EntryId};
use crate::model::{Action, EntryHead, KeyOwner, Owner, Permission, PrincipalKind, Section};

/// Something a principal may be able to do besides actions on entries and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Capability {
    /// List entries. Each one shown still needs a decision.
    List,
    /// List servers to sign in to. Each one shown still needs a decision.
    Servers,
    /// Create an entry.
    Create {
        /// Who will own it.
        owner: Owner,
        /// Whether it is private from the start.
        private: bool,
    },
    /// Make categories, and assign those that are the principal's to assign.
    Categories,
    /// Import entries.
    Import,
    /// Export entries. Each one exported still needs a decision.
    Export,
    /// Register or generate an encryption key.
    CreateKey {
        /// Who will own it.
        owner: KeyOwner,
    },
    /// Set a first master password.
    SetMasterPassword,
    /// Change, disable or recover a master password.
    ManageMasterPassword,
    /// Manage the users who act for an account.
    ManageUsers {
        /// The account.
        account: ClientId,
    },
}

impl Authority {
    /// Decides, and proves the decision.
    ///
    /// # Errors
    /// [`Denied::Forbidden`] with the reasons.
    pub fn authorize_capability(&self, capability: Capability) -> Result<Authorized, Denied> {
        let decision = self.explain_capability(&capability);
        if decision.effect.is_allow() {
            return Ok(Authorized::new(self.person(), Scope::Capability(capability)));
        }
        Err(decision.into())
    }

    /// Why the principal may or may not do this, what would help, and what it can do.
    #[must_use]
    pub fn explain_capability(&self, capability: &Capability) -> Decision {
        use Capability as C;
        use Permission as P;
        let mut grounds = Grounds::default();
        let g = &mut grounds;
        match capability {
            C::List => self.weigh(Section::Entries, &[self.sees_by()], g),
            C::Servers => self.weigh_connect(g),
            C::Create { owner, private } => self.weigh_creation(owner, *private, g),
            C::Categories => self.weigh(Section::Categories, &[P::View, P::Share], g),
            C::Import => self.weigh(Section::EntriesImport, &[P::Create, P::Transfer], g),
            C::Export => self.weigh(Section::EntriesExport, &[P::View, P::Reveal, P::Transfer], g),
            C::CreateKey { owner: KeyOwner::Vault } => self.weigh_section(Section::KeysManage, g),
            C::CreateKey { owner } => {
                self.weigh(Section::Keys, &[P::Keys], g);
                if !self.owns_key(owner) {
                    g.object(Reason::OwnerOnly, [Remedy::AskOwner]);
                }
            }
            C::SetMasterPassword => {
                self.weigh(Section::Entries, &[P::Keys], g);
                if !self.policy.settings.master_passwords {
                    object_to_setting(SettingName::MasterPasswords, g);
                }
            }
            C::ManageMasterPassword => self.weigh(Section::Entries, &[P::Keys], g),
            C::ManageUsers { account } => {
                self.weigh(Section::Directory, &[P::ManageUsers], g);
                let other = self.own() != Some(&Owner::Client(account.clone()));
                if other && !matches!(self.kind, PrincipalKind::Admin { .. } | PrincipalKind::System) {
                    g.object(Reason::OwnerOnly, [Remedy::AskOwner]);
                }
            }
        }
        grounds.decide(self.reach())
    }

    /// Decides whether the entry may be made private, or made not private again: its owner's
    /// choice alone. The proof is one for [`Action::Edit`].
    ///
    /// # Errors
    /// [`Denied::NotFound`] when the principal may not know that the entry exists,
    /// [`Denied::Forbidden`] with the reasons otherwise; [`Reason::SettingOff`] when the vault
    /// takes no new private entries.
    pub fn authorize_privacy(&self, private: bool, entry: EntryId, facts: &EntryHead) -> Result<Authorized, Denied> {
        let proof = self.authorize(Action::Edit, entry, facts)?;
        let mut grounds = Grounds::default();
        if !facts.owned_by(self) {
            grounds.object(Reason::OwnerOnly, [Remedy::AskOwner]);
        }
        if private && !facts.private() {
            self.object_to_new_private(&mut grounds);
        }
        if grounds.is_clear() {
            return Ok(proof);
        }
        Err(grounds.decide(Reach::Actions(self.actions(facts).iter().collect())).into())
    }

    /// The permission by which a sub-user sees any entry: those of services have the panel's.
    fn sees_by(&self) -> Permission {
        let has = |one| self.permissions().is_some_and(|permissions| permissions.has(one));
        if !has(Permission::View) && has(Permission::Products) { Permission::Products } else { Permission::View }
    }

    fn weigh_creation(&self, owner: &Owner, private: bool, grounds: &mut Grounds) {
        if self.own() == Some(owner) {
            self.weigh(Section::Entries, &[Permission::Create], grounds);
            if private {
                self.object_to_new_private(grounds);
            }
            return;
        }
        match owner {
            Owner::Client(id) => {
                self.weigh_section(Section::EntriesForClients, grounds);
                if self.policy.settings.forbidden_clients.contains(id) {
                    grounds.object(Reason::ClientForbidden, []);
                }
            }
            Owner::Admin(_) => grounds.object(Reason::OwnerOnly, [Remedy::AskOwner]),
        }
        if private {
            grounds.object(Reason::OwnerOnly, [Remedy::AskOwner]);
        }
    }

    fn object_to_new_private(&self, grounds: &mut Grounds) {
        if !self.policy.settings.private_entries {
            object_to_setting(SettingName::PrivateEntries, grounds);
        }
    }

    /// The section for administrators, the permissions for sub-users, nothing for the account.
    fn weigh(&self, section: Section, permissions: &[Permission], grounds: &mut Grounds) {
        match &self.kind {
            PrincipalKind::Admin { .. } | PrincipalKind::System => self.weigh_section(section, grounds),
            _ if self.forbidden => grounds.object(Reason::ClientForbidden, []),
            PrincipalKind::Client { .. } => grounds.speak(Reason::Account),
            PrincipalKind::SubUser { .. } => self.weigh_permissions(permissions, grounds),
        }
    }

    fn reach(&self) -> Reach {
        match &self.kind {
            PrincipalKind::Admin { .. } | PrincipalKind::System => Reach::Sections(self.merged.open.iter().collect()),
            PrincipalKind::Client { .. } => Reach::Permissions(Permission::ALL.to_vec()),
            PrincipalKind::SubUser { permissions, .. } => {
                Reach::Permissions(Permission::ALL.into_iter().filter(|one| permissions.has(*one)).collect())
            }
        }
    }
}

pub(super) fn object_to_setting(setting: SettingName, grounds: &mut Grounds) {
    grounds.object(Reason::SettingOff { setting }, [Remedy::SwitchOn { setting }]);
}
