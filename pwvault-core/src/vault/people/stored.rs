//! The stored directory as the vault asks it: the people kept here, besides those of the mirror.

use super::{FoundPerson, load_by_name, load_person, opened_person};
use crate::envelope::open_record;
use crate::id::{ClientId, RecordKind};
use crate::index::{self, AccountTerm};
use crate::model::{Contact, MailTopic, Permissions, Person, PersonHead, PersonId, Realm, UnitHead, UnitId};
use crate::store::Query;
use crate::vault::core::{Core, Snapshot, tampered};
use crate::vault::error::VaultError;

/// One reading of the stored directory. People who are switched off are not in it.
pub(in crate::vault) struct Stored<'c> {
    pub(in crate::vault) core: &'c Core,
    pub(in crate::vault) snapshot: &'c Snapshot,
}

impl Stored<'_> {
    pub(in crate::vault) fn contact(&self, person: &Person) -> Result<Option<Contact>, VaultError> {
        let id = match person {
            Person::Admin(id) => PersonId::Admin(id.clone()),
            Person::Client(id) => PersonId::Client(id.clone()),
            Person::SubUser { user, .. } => PersonId::User(user.clone()),
            Person::System | Person::Bearer => return Ok(None),
        };
        let Some(found) = load_person(self.core, self.snapshot, &id)? else { return Ok(None) };
        let head = found.head;
        if !head.active || !head.persons().contains(person) {
            return Ok(None);
        }
        let part = match person {
            Person::SubUser { account, .. } => head.membership(account).cloned(),
            _ => None,
        };
        let wants_mail = head.wants_mail
            && match (&head.id, &part) {
                (PersonId::Admin(_), _) => self.roles_want_mail(&head)?,
                (_, Some(part)) => part.mail.has(MailTopic::Vault),
                (_, None) => true,
            };
        Ok(Some(Contact {
            person: person.clone(),
            name: head.name,
            email: head.email,
            locale: head.locale,
            zone: head.zone,
            wants_mail,
            roles: head.roles,
            departments: head.departments,
            groups: head.groups,
            permissions: part.map_or(Permissions::NONE, |part| part.permissions),
        }))
    }

    pub(in crate::vault) fn client_by_email(&self, email: &str) -> Result<Option<ClientId>, VaultError> {
        let found = load_by_name(self.core, self.snapshot, Realm::Clients, email)?.filter(|found| found.head.active);
        Ok(found.and_then(|found| match found.head.id {
            PersonId::Client(id) => Some(id),
            PersonId::Admin(_) | PersonId::User(_) => None,
        }))
    }

    /// The persons of everyone for whom a term is true.
    pub(in crate::vault) fn members(&self, term: AccountTerm<'_>) -> Result<Vec<Person>, VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Account);
        query.labels = vec![index::account_query(&self.snapshot.keyring, term)];
        query.limit = 1_000;
        let mut found = Vec::new();
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                let FoundPerson { head, .. } = opened_person(self.snapshot, &record)?;
                if !head.active || !term.fits(&head) {
                    continue;
                }
                // Of a user only the part in the account that was asked for.
                found.extend(head.persons().into_iter().filter(|person| match (person, term) {
                    (Person::SubUser { account, .. }, AccountTerm::Account(asked)) => account == asked,
                    _ => true,
                }));
            }
            if query.cursor.is_none() {
                return Ok(found);
            }
        }
    }

    /// Whether any role of an administrator gets mail of the vault; one that is not kept here does.
    fn roles_want_mail(&self, head: &PersonHead) -> Result<bool, VaultError> {
        for role in &head.roles {
            let unit = UnitId::Role(role.clone()).to_string();
            let id = index::unique_id(&self.snapshot.keyring, RecordKind::Unit, "unit", unit.as_bytes());
            let Some(record) = self.core.load(self.core.key(RecordKind::Unit, id))? else { return Ok(true) };
            let unit = open_record::<UnitHead>(&self.snapshot.keyring, RecordKind::Unit, &record)
                .map_err(|cause| tampered(&record, cause))?;
            if unit.head.mail.has(MailTopic::Vault) {
                return Ok(true);
            }
        }
        Ok(head.roles.is_empty())
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::id::{AdminId, RoleId, UserId};
    use crate::model::{MailTopics, Permission, Principal, RequestContext, Subject};
    use crate::testing::memory_vault;
    use crate::vault::prelude::*;
    use crate::vault::principals::directory_of;
    use crate::vault::{PersonDraft, PersonPatch, SubUserPut, UnitDraft};

    #[test]
    fn contacts_say_who_wants_mail_by_person_role_and_part() {
        let vault = memory_vault().unwrap();
        let role = |id: &str| RoleId::new(id).unwrap();
        let root = Principal::admin_with_roles(AdminId::new("root").unwrap(), vec![role("full")]);
        let root = vault.session(root, RequestContext::default());
        let unit = |id: &str, mail| {
            let id = UnitId::Role(role(id));
            root.create_unit(&UnitDraft { id, name: "Role".into(), mail }).unwrap();
        };
        let vault_mail = MailTopics::NONE.with(MailTopic::Vault);
        unit("told", vault_mail);
        unit("untold", MailTopics::NONE.with(MailTopic::Billing));
        let add = |id: PersonId, roles: &[&str]| {
            let roles = roles.iter().map(|id| role(id)).collect();
            let email = format!("{}@example.com", id.to_string().replace(' ', "-"));
            root.create_person(&PersonDraft { email, roles, ..PersonDraft::new(id, "Somebody") }).unwrap();
        };
        let admin = |id: &str| AdminId::new(id).unwrap();
        let (anna, user) = (ClientId::new("anna").unwrap(), UserId::new("cleo").unwrap());
        for (id, roles) in [("both", &["told", "untold"][..]), ("none", &["untold"]), ("bare", &[])] {
            add(PersonId::Admin(admin(id)), roles);
        }
        add(PersonId::Client(anna.clone()), &[]);
        add(PersonId::User(user.clone()), &[]);
        let permissions = Permissions::NONE.with(Permission::View);
        let put = |mail| SubUserPut { account: anna.clone(), user: user.clone(), permissions, mail };
        root.put_sub_user(&put(vault_mail), 1).unwrap();

        let wants = |person: &Person| {
            let contact = directory_of(&vault.core).unwrap().contact(person).unwrap();
            contact.map(|contact| (contact.wants_mail, contact.permissions))
        };
        let admins = ["both", "none", "bare"].map(|id| wants(&Person::Admin(admin(id))).unwrap().0);
        assert_eq!(admins, [true, false, true]);
        let cleo = Person::SubUser { account: anna.clone(), user: user.clone() };
        assert_eq!(wants(&cleo), Some((true, permissions)));
        root.put_sub_user(&put(MailTopics::NONE), 2).unwrap();
        assert_eq!(wants(&cleo), Some((false, permissions)));
        assert_eq!(wants(&Person::SubUser { account: ClientId::new("bert").unwrap(), user: user.clone() }), None);

        let members = |subject| directory_of(&vault.core).unwrap().members(&subject).unwrap();
        assert_eq!(members(Subject::SubUsers(anna.clone())), std::slice::from_ref(&cleo));
        assert_eq!(members(Subject::Role(role("untold"))).len(), 2);
        let off = PersonPatch { active: Some(false), ..PersonPatch::default() };
        root.update_person(&PersonId::User(user), 3, &off).unwrap();
        assert!(members(Subject::SubUsers(anna.clone())).is_empty() && wants(&cleo).is_none());
        let no_mail = PersonPatch { wants_mail: Some(false), ..PersonPatch::default() };
        root.update_person(&PersonId::Client(anna.clone()), 1, &no_mail).unwrap();
        assert_eq!(wants(&Person::Client(anna)), Some((false, Permissions::NONE)));
    }
}
