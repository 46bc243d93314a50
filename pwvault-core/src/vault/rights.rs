//! What pages are drawn with: what is open to the principal, before it is asked for. Owns no rule; every
//! answer is the policy's.

use serde::Serialize;

use super::error::VaultError;
use super::session::Session;
use crate::model::{Owner, Permission, PrincipalKind, Section};
use crate::policy::Capability;

/// Something that a page offers or leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ability {
    /// List entries.
    List,
    /// List servers to sign in to.
    Servers,
    /// Create entries of one's own.
    Create,
    /// Create private entries of one's own.
    CreatePrivate,
    /// Make and assign categories.
    Categories,
    /// Import entries.
    Import,
    /// Export entries.
    Export,
    /// Register or generate encryption keys of one's own.
    Keys,
    /// Set a first master password.
    MasterPassword,
    /// Manage the users who act for one's own account.
    Users,
}

impl Ability {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::List,
        Self::Servers,
        Self::Create,
        Self::CreatePrivate,
        Self::Categories,
        Self::Import,
        Self::Export,
        Self::Keys,
        Self::MasterPassword,
        Self::Users,
    ];

    /// What the policy is asked; nothing where the principal has no part in it.
    fn capability(self, own: Option<&Owner>) -> Option<Capability> {
        Some(match self {
            Self::List => Capability::List,
            Self::Servers => Capability::Servers,
            Self::Create => Capability::Create { owner: own?.clone(), private: false },
            Self::CreatePrivate => Capability::Create { owner: own?.clone(), private: true },
            Self::Categories => Capability::Categories,
            Self::Import => Capability::Import,
            Self::Export => Capability::Export,
            Self::Keys => Capability::CreateKey { owner: own?.into() },
            Self::MasterPassword => Capability::SetMasterPassword,
            Self::Users => match own? {
                Owner::Client(account) => Capability::ManageUsers { account: account.clone() },
                Owner::Admin(_) => return None,
            },
        })
    }
}

/// What is open to a principal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OpenToMe {
    /// What it may do.
    pub may: Vec<Ability>,
    /// The sections that an administrator may enter.
    pub sections: Vec<Section>,
    /// The permissions that an account or one of its users has.
    pub permissions: Vec<Permission>,
}

/// What is open to the principal.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # use pwvault_core::vault::Ability;
/// # let vault = memory_vault()?;
/// let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// let open = anna.open_to_me()?;
/// assert!(open.may.contains(&Ability::Create) && open.sections.is_empty());
/// # Ok::<(), VaultError>(())
/// ```
pub trait Rights {
    /// What is open to the principal now, for a menu that offers nothing in vain. It asks and does
    /// nothing, so nothing of it is logged; what is done later is decided again.
    ///
    /// # Errors
    /// Those of the store and the directory.
    fn open_to_me(&self) -> Result<OpenToMe, VaultError>;
}

impl Rights for Session {
    fn open_to_me(&self) -> Result<OpenToMe, VaultError> {
        self.run(|gate| {
            let own = gate.authority.own();
            let open = |ability: &Ability| {
                let asked = ability.capability(own);
                asked.is_some_and(|asked| gate.authority.explain_capability(&asked).effect.is_allow())
            };
            let permissions = match &self.principal.kind {
                _ if gate.authority.forbidden() => Vec::new(),
                PrincipalKind::Client { .. } => Permission::ALL.to_vec(),
                PrincipalKind::SubUser { permissions, .. } => {
                    Permission::ALL.into_iter().filter(|one| permissions.has(*one)).collect()
                }
                _ => Vec::new(),
            };
            Ok(OpenToMe {
                may: Ability::ALL.into_iter().filter(open).collect(),
                sections: gate.authority.sections().iter().collect(),
                permissions,
            })
        })
    }
}
