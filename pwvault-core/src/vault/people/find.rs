//! Finding people, by page.

use serde::{Deserialize, Serialize};

use super::{FoundPerson, opened_person};
use crate::id::{ClientId, DepartmentId, GroupId, RecordKind, RoleId};
use crate::index::{self, AccountTerm};
use crate::model::{PersonHead, PersonKind};
use crate::store::Query;
use crate::vault::cursor::Cursor;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

/// Which people a list shows. Every condition that is set must hold; texts are compared whole,
/// without regard to the case of ASCII letters.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PeopleQuery {
    /// Of this sort.
    pub kind: Option<PersonKind>,
    /// With this user name.
    pub username: Option<String>,
    /// With this e-mail address.
    pub email: Option<String>,
    /// With this display name.
    pub name: Option<String>,
    /// Holding this role.
    pub role: Option<RoleId>,
    /// Of this department.
    pub department: Option<DepartmentId>,
    /// Of this group.
    pub group: Option<GroupId>,
    /// Acting for this account.
    pub account: Option<ClientId>,
    /// How many at most, 1 to 1,000.
    pub limit: u32,
    /// Where the page before ended.
    pub after: Option<Cursor>,
}

impl Default for PeopleQuery {
    /// Everyone, 50 to a page.
    fn default() -> Self {
        Self {
            kind: None,
            username: None,
            email: None,
            name: None,
            role: None,
            department: None,
            group: None,
            account: None,
            limit: 50,
            after: None,
        }
    }
}

/// A page of people, in no order that means anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeoplePage {
    /// The people.
    pub people: Vec<PersonHead>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

impl PeopleQuery {
    pub(super) fn terms(&self) -> Vec<AccountTerm<'_>> {
        let PeopleQuery { kind, username, email, name, role, department, group, account, limit: _, after: _ } = self;
        let terms = [
            kind.map(AccountTerm::Kind),
            username.as_deref().map(AccountTerm::Username),
            email.as_deref().map(AccountTerm::Email),
            name.as_deref().map(AccountTerm::Name),
            role.as_ref().map(AccountTerm::Role),
            department.as_ref().map(AccountTerm::Department),
            group.as_ref().map(AccountTerm::Group),
            account.as_ref().map(AccountTerm::Account),
        ];
        terms.into_iter().flatten().collect()
    }
}

impl Gate<'_> {
    /// People for whom all terms are true.
    pub(super) fn scan_people(
        &self,
        terms: &[AccountTerm<'_>],
        limit: u32,
        after: Option<Cursor>,
    ) -> Result<(Vec<FoundPerson>, Option<Cursor>), VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Account);
        query.labels = terms.iter().map(|term| index::account_query(&self.snapshot.keyring, *term)).collect();
        query.limit = limit;
        let question = format!("people {terms:?}");
        query.cursor = self.open_place(after.as_ref(), &question)?;
        let page = self.core.store.scan(&query)?;
        let next = page.next.map(|place| self.seal_place(place, &question)).transpose()?;
        let mut found = Vec::new();
        for record in page.into_records()? {
            // A label only finds; the sealed head decides.
            let one = opened_person(&self.snapshot, &record)?;
            found.extend(Some(one).filter(|one| terms.iter().all(|term| term.fits(&one.head))));
        }
        Ok((found, next))
    }

    /// Everyone for whom a term is true.
    pub(super) fn all_people(&self, term: AccountTerm<'_>) -> Result<Vec<FoundPerson>, VaultError> {
        let (mut found, mut next) = self.scan_people(&[term], 1_000, None)?;
        while next.is_some() {
            let (more, after) = self.scan_people(&[term], 1_000, next)?;
            found.extend(more);
            next = after;
        }
        Ok(found)
    }
}
