//! Names for the ids that lists, grants and logs speak of. Owns who may learn which name.

use serde::{Deserialize, Serialize};

use super::error::VaultError;
use super::gate::Gate;
use super::principals::directory_of;
use super::session::Session;
use crate::id::{CategoryId, DepartmentId, GroupId, RecordKind, RoleId, TagId};
use crate::model::{Directory, Person, PrincipalKind, UnitId};

/// Something that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// A person.
    Person(Person),
    /// A role.
    Role(RoleId),
    /// A department.
    Department(DepartmentId),
    /// A group of clients.
    Group(GroupId),
    /// A category.
    Category(CategoryId),
    /// A tag.
    Tag(TagId),
}

/// Names for ids.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # use pwvault_core::vault::{CategoryDraft, Named};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// let family = anna.create_category(&CategoryDraft { name: "Family".into(), ..CategoryDraft::default() })?;
/// let nobody = Named::Role(RoleId::new("unknown")?);
/// assert_eq!(anna.names(&[Named::Category(family), nobody])?, [Some("Family".to_owned()), None]);
/// # Ok::<(), VaultError>(())
/// ```
pub trait Names {
    /// The names of these, in their order; none for what has no name, is not there, or is not for the
    /// principal to know. At most 500 at a time.
    ///
    /// # Security
    /// Administrators learn every name. Accounts and their users learn those of roles, of their own
    /// categories, of their account and of its users; those of the staff, of other clients, and of
    /// groups, departments and tags they do not.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for more than 500; [`VaultError::Directory`] when the directory fails.
    fn names(&self, of: &[Named]) -> Result<Vec<Option<String>>, VaultError>;
}

impl Names for Session {
    fn names(&self, of: &[Named]) -> Result<Vec<Option<String>>, VaultError> {
        if of.len() > NAMES_MAX {
            return Err(VaultError::invalid("of", format!("there are {}; at most {NAMES_MAX} are accepted", of.len())));
        }
        let directory = directory_of(&self.core)?;
        self.run(|gate| of.iter().map(|one| gate.shown_name(one, directory.as_ref())).collect())
    }
}

impl Gate<'_> {
    fn shown_name(&self, named: &Named, directory: &dyn Directory) -> Result<Option<String>, VaultError> {
        let staff = matches!(self.session.principal.kind, PrincipalKind::Admin { .. } | PrincipalKind::System);
        let unit = |id| Ok(self.unit(&id)?.map(|head| head.name));
        match named {
            Named::Person(person) if staff || self.is_of_own_account(person) => {
                Ok(directory.contact(person)?.map(|contact| contact.name))
            }
            Named::Role(id) => unit(UnitId::Role(id.clone())),
            Named::Department(id) if staff => unit(UnitId::Department(id.clone())),
            Named::Group(id) if staff => unit(UnitId::Group(id.clone())),
            Named::Category(id) if staff || self.session.principal.account().is_some() => {
                let record = self.core.load(self.core.key(RecordKind::Category, *id))?;
                let head = record.map(|record| self.opened_category(&record)).transpose()?;
                Ok(head.filter(|head| staff || head.owner == self.own_categories()).map(|head| head.name))
            }
            Named::Tag(id) if staff => {
                let record = self.core.load(self.core.key(RecordKind::Tag, *id))?;
                Ok(record.map(|record| self.opened_tag(&record)).transpose()?.map(|head| head.name))
            }
            _ => Ok(None),
        }
    }

    fn is_of_own_account(&self, person: &Person) -> bool {
        match person {
            Person::Client(account) | Person::SubUser { account, .. } => {
                self.session.principal.account() == Some(account)
            }
            _ => false,
        }
    }
}

const NAMES_MAX: usize = 500;
