//! The ticket at hand.

use pwvault_core::EntryPatch;
use pwvault_core::id::DepartmentId;
use pwvault_core::model::{PrincipalKind, RuleDraft, Section, TicketScope};
use pwvault_core::vault::EntryQuery;

use super::*;

fn department(id: &str) -> DepartmentId {
    DepartmentId::new(id).unwrap()
}

/// An administrator of a department at work on a ticket of anna's for `billing`.
fn at_work(vault: &Vault, own: Option<&str>, roles: &[&str]) -> Session {
    let kind = PrincipalKind::Admin {
        id: AdminId::new("bo").unwrap(),
        roles: roles.iter().map(|role| RoleId::new(*role).unwrap()).collect(),
        departments: own.map(department).into_iter().collect(),
    };
    let scope = TicketScope { client: ClientId::new("anna").unwrap(), department: Some(department("billing")) };
    let context = RequestContext { ticket_scope: Some(scope), ..RequestContext::default() };
    vault.session(Principal { kind, expected_lock: None }, context)
}

#[test]
fn staff_of_the_tickets_department_see_what_its_client_shares() {
    let vault = vault_at(&clock());
    let (anna, root) = (client(&vault, "anna"), admin(&vault, "root", &["full"]));
    let listing = RuleDraft {
        name: "Listing".into(),
        allow: vec![Section::Entries],
        roles: vec![RoleId::new("staff").unwrap(), RoleId::new("lead").unwrap()],
        ..RuleDraft::default()
    };
    root.add_rule(&listing).unwrap();
    let lead = RuleDraft {
        name: "Every ticket".into(),
        allow: vec![Section::Tickets],
        roles: vec![RoleId::new("lead").unwrap()],
        ..RuleDraft::default()
    };
    root.add_rule(&lead).unwrap();
    let (shared, own, others) = (entry_of(&anna), entry_of(&anna), entry_of(&client(&vault, "bert")));
    anna.share(shared, &to_admin("someone", GrantTerms::default())).unwrap();

    let seen = |session: &Session| session.list_entries(&EntryQuery::default()).unwrap().entries;
    for helper in [at_work(&vault, Some("billing"), &["staff"]), at_work(&vault, None, &["lead"])] {
        assert_eq!(helper.reveal(shared).unwrap().password.expose(), "s3cret");
        assert!(helper.reveal(own).is_err() && helper.reveal(others).is_err());
        assert!(helper.trash_entries(&[shared]).is_err(), "a ticket gives view and reveal");
        assert_eq!(seen(&helper).iter().map(|view| view.id).collect::<Vec<_>>(), [shared]);
    }
    for other in [at_work(&vault, Some("sales"), &["staff"]), at_work(&vault, None, &["staff"])] {
        assert!(other.reveal(shared).is_err());
        assert!(seen(&other).is_empty());
    }
    // Without the ticket there is nothing.
    let idle =
        vault.session(at_work(&vault, Some("billing"), &["staff"]).principal().clone(), RequestContext::default());
    assert!(idle.reveal(shared).is_err());

    // Private beats the ticket too.
    anna.share(shared, &[GrantChange::remove(Grantee::Admin(AdminId::new("someone").unwrap()))]).unwrap();
    let version = anna.entry(shared).unwrap().head.version;
    anna.update_entry(shared, version, &EntryPatch { private: Some(true), ..EntryPatch::default() }).unwrap();
    assert!(at_work(&vault, Some("billing"), &["staff"]).reveal(shared).is_err());
}
