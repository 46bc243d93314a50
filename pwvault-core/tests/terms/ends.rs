//! Grants that end.

use pwvault_core::VaultError;
use pwvault_core::id::TicketId;
use pwvault_core::model::{Action, Binding};
use pwvault_core::policy::SharingError;
use pwvault_core::vault::EntryQuery;

use super::*;

fn until(end: Timestamp) -> GrantTerms {
    GrantTerms { ends_at: Some(end), ..GrantTerms::default() }
}

#[test]
fn a_grant_gives_nothing_from_its_end_on() {
    let clock = clock();
    let vault = vault_at(&clock);
    let (anna, bo) = (client(&vault, "anna"), admin(&vault, "bo", &["full"]));
    let id = entry_of(&anna);
    anna.share(id, &to_admin("bo", until(NOW.plus_millis(1_000)))).unwrap();
    assert!(bo.reveal(id).is_ok());
    assert_eq!(bo.list_entries(&EntryQuery::default()).unwrap().entries.len(), 1);
    clock.set(NOW.plus_millis(999));
    assert!(bo.reveal(id).is_ok());
    clock.set(NOW.plus_millis(1_000));
    assert!(bo.reveal(id).is_err());
    assert!(bo.list_entries(&EntryQuery::default()).unwrap().entries.is_empty());
}

#[test]
fn nobody_grants_for_longer_or_for_less_than_they_hold() {
    let clock = clock();
    let vault = vault_at(&clock);
    let (anna, bo) = (client(&vault, "anna"), admin(&vault, "bo", &[]));
    let id = entry_of(&anna);
    let bound = Binding::Ticket(TicketId::new("4711").unwrap());
    let held = GrantTerms {
        ends_at: Some(NOW.plus_millis(1_000)),
        bound_to: Some(bound.clone()),
        obligations: Obligations { reason: true, approval: false },
    };
    let sharing = Actions::VIEW_AND_REVEAL.with(Action::Share);
    anna.share(id, &[GrantChange::put_on(Grantee::Admin(AdminId::new("bo").unwrap()), sharing, held.clone())]).unwrap();

    let bo =
        vault.session(bo.principal().clone(), RequestContext { reason: Some("work".into()), ..Default::default() });
    let beyond = |terms: GrantTerms| {
        let refused = bo.share(id, &to_admin("cy", terms));
        assert!(matches!(refused, Err(VaultError::Sharing(SharingError::BeyondTerms))), "{refused:?}");
    };
    beyond(GrantTerms::default());
    beyond(GrantTerms { ends_at: None, ..held.clone() });
    beyond(GrantTerms { ends_at: Some(NOW.plus_millis(1_001)), ..held.clone() });
    beyond(GrantTerms { bound_to: None, ..held.clone() });
    beyond(GrantTerms { obligations: Obligations::default(), ..held.clone() });
    let past = GrantTerms { ends_at: Some(NOW), ..held.clone() };
    assert!(matches!(bo.share(id, &to_admin("cy", past)), Err(VaultError::Sharing(SharingError::Ended))));
    bo.share(id, &to_admin("cy", GrantTerms { ends_at: Some(NOW.plus_millis(500)), ..held })).unwrap();
}
