//! A reason, and the approval of a second person.

use pwvault_core::id::ApprovalId;
use pwvault_core::model::{Action, EventKind, Outcome, Permission, Permissions};
use pwvault_core::vault::SecretPart;
use pwvault_core::{UserId, VaultError};

use super::*;

const HOUR_MS: i64 = 3_600_000;

fn with_reason(vault: &Vault, session: &Session, reason: &str) -> Session {
    let context = RequestContext { reason: Some(reason.into()), ..RequestContext::default() };
    vault.session(session.principal().clone(), context)
}

#[test]
fn a_reason_is_asked_for_and_logged() {
    let vault = vault_at(&clock());
    let (anna, bo) = (client(&vault, "anna"), admin(&vault, "bo", &[]));
    let id = entry_of(&anna);
    anna.share(id, &to_admin("bo", asking(true, false))).unwrap();

    assert!(bo.entry(id).is_ok(), "a look needs none");
    for session in [bo.clone(), with_reason(&vault, &bo, " ")] {
        assert!(matches!(session.reveal(id), Err(VaultError::ReasonRequired)));
        assert!(matches!(session.copy_secret(id, SecretPart::Password), Err(VaultError::ReasonRequired)));
    }
    let refused = last_event_of(&vault, &bo.principal().person());
    assert_eq!((refused.kind, refused.outcome), (EventKind::SecretCopied, Outcome::Denied));

    assert!(with_reason(&vault, &bo, "ticket 4711").reveal(id).is_ok());
    let logged = last_event_of(&vault, &bo.principal().person());
    assert_eq!((logged.kind, logged.reason.as_deref()), (EventKind::SecretRevealed, Some("ticket 4711")));

    // Whoever is free to do it by another way is not asked.
    anna.share(id, &[GrantChange::put(Grantee::Role(RoleId::new("free").unwrap()), Actions::VIEW_AND_REVEAL)]).unwrap();
    assert!(admin(&vault, "bo", &["free"]).reveal(id).is_ok());
}

#[test]
fn an_approval_comes_from_a_second_person_and_ends() {
    let clock = clock();
    let vault = vault_at(&clock);
    let (anna, bo) = (client(&vault, "anna"), admin(&vault, "bo", &[]));
    let id = entry_of(&anna);
    anna.share(id, &to_admin("bo", asking(false, true))).unwrap();
    assert!(matches!(bo.reveal(id), Err(VaultError::ApprovalRequired)));

    let asked = bo.request_approval(id, Action::Reveal, "outage").unwrap();
    assert!(matches!(bo.reveal(id), Err(VaultError::ApprovalRequired)), "asking is not enough");
    assert!(bo.pending_approvals().unwrap().is_empty(), "one's own request is for others");
    let pending = anna.pending_approvals().unwrap();
    assert_eq!((pending[0].0, pending[0].1.reason.as_str()), (asked, "outage"));

    let until = NOW.plus_millis(HOUR_MS);
    assert!(matches!(anna.approve(asked, NOW), Err(VaultError::Invalid { field: "until", .. })));
    anna.approve(asked, until).unwrap();
    assert!(matches!(anna.approve(asked, until), Err(VaultError::State(_))), "it was answered");
    assert!(bo.reveal(id).is_ok());
    assert!(anna.pending_approvals().unwrap().is_empty());

    anna.refuse_approval(asked).unwrap();
    assert!(matches!(bo.reveal(id), Err(VaultError::ApprovalRequired)), "it was taken back");
    let again = bo.request_approval(id, Action::Reveal, "still").unwrap();
    assert_eq!(again, asked, "there is one request for each person, entry and action");
    admin(&vault, "root", &["full"]).approve(again, until).unwrap();
    assert!(bo.reveal(id).is_ok());
    clock.set(until);
    assert!(matches!(bo.reveal(id), Err(VaultError::ApprovalRequired)), "it has ended");
}

#[test]
fn two_people_cannot_approve_as_one() {
    let vault = vault_at(&clock());
    let (anna, until) = (client(&vault, "anna"), NOW.plus_millis(HOUR_MS));
    let id = entry_of(&anna);
    let is_refused = |session: &Session, asked: ApprovalId| {
        assert!(matches!(session.approve(asked, until), Err(VaultError::NotFound)));
    };

    // The administrator who asks holds the section approvals, too.
    let root = admin(&vault, "root", &["full"]);
    anna.share(id, &to_admin("root", asking(false, true))).unwrap();
    let asked = root.request_approval(id, Action::Reveal, "outage").unwrap();
    is_refused(&root, asked);
    // Nor as the owner, whom the administrator is signed in as.
    let on_behalf_of = Some(root.principal().person());
    let as_anna = vault.session(anna.principal().clone(), RequestContext { on_behalf_of, ..RequestContext::default() });
    is_refused(&as_anna, asked);
    assert!(as_anna.pending_approvals().unwrap().is_empty());
    anna.approve(asked, until).unwrap();

    // One user of two accounts is one person.
    let user = |account: &str| {
        let permissions: Permissions = Permission::ALL.into_iter().collect();
        Principal::sub_user(ClientId::new(account).unwrap(), UserId::new("u").unwrap(), permissions)
    };
    let session = |principal| vault.session(principal, RequestContext::default());
    let to_bert = Grantee::Client(ClientId::new("bert").unwrap());
    anna.share(id, &[GrantChange::put_on(to_bert, Actions::VIEW_AND_REVEAL, asking(false, true))]).unwrap();
    let asked = session(user("bert")).request_approval(id, Action::Reveal, "outage").unwrap();
    is_refused(&session(user("anna")), asked);
    anna.approve(asked, until).unwrap();
    assert!(session(user("bert")).reveal(id).is_ok());
    assert!(client(&vault, "bert").reveal(id).is_err(), "an approval is for the person who asked");
}

#[test]
fn who_shares_on_conditions_alone_frees_nobody() {
    let vault = vault_at(&clock());
    let anna = client(&vault, "anna");
    let id = entry_of(&anna);
    let to = |name: &str| Grantee::Admin(AdminId::new(name).unwrap());
    let sharing = Actions::VIEW_AND_REVEAL.with(Action::Share);
    let changes = ["bo", "cy"].map(|name| GrantChange::put_on(to(name), sharing, asking(false, true)));
    anna.share(id, &changes).unwrap();
    let (bo, cy) = (admin(&vault, "bo", &[]), admin(&vault, "cy", &[]));
    let asked = bo.request_approval(id, Action::Reveal, "outage").unwrap();
    assert!(matches!(cy.approve(asked, NOW.plus_millis(HOUR_MS)), Err(VaultError::NotFound)));
}

#[test]
fn bad_requests_are_named() {
    let vault = vault_at(&clock());
    let (anna, bo) = (client(&vault, "anna"), admin(&vault, "bo", &[]));
    let id = entry_of(&anna);
    assert!(matches!(anna.request_approval(id, Action::Reveal, "x"), Err(VaultError::State(_))));
    assert!(matches!(anna.request_approval(id, Action::Reveal, ""), Err(VaultError::Invalid { field: "reason", .. })));
    assert!(matches!(bo.request_approval(id, Action::Reveal, "x"), Err(VaultError::NotFound)));
    assert!(matches!(anna.approve(ApprovalId::from_bytes([9; 16]), NOW), Err(VaultError::Invalid { .. })));
    let later = NOW.plus_millis(1);
    assert!(matches!(anna.approve(ApprovalId::from_bytes([9; 16]), later), Err(VaultError::NotFound)));
}

/// An entry of anna's that `bo` may reveal with an approval, and bo's request.
fn asked_by_bo(vault: &Vault) -> (EntryId, Session, ApprovalId) {
    let (anna, bo) = (client(vault, "anna"), admin(vault, "bo", &["full"]));
    let id = entry_of(&anna);
    anna.share(id, &to_admin("bo", asking(false, true))).unwrap();
    let asked = bo.request_approval(id, Action::Reveal, "outage").unwrap();
    (id, bo, asked)
}

#[test]
fn an_approval_for_one_use_is_used_up_by_what_is_done_alone() {
    let vault = vault_at(&clock());
    let (id, bo, asked) = asked_by_bo(&vault);
    let (anna, until) = (client(&vault, "anna"), NOW.plus_millis(HOUR_MS));
    anna.approve_once(asked, until).unwrap();
    // What comes to nothing uses nothing up.
    assert!(bo.entry(id).is_ok());
    assert!(bo.reveal_past(id, pwvault_core::id::PastSecretId::from_bytes([9; 16])).is_err());
    assert!(bo.update_entry(id, 1, &pwvault_core::EntryPatch::default()).is_err());
    assert!(bo.reveal(id).is_ok());
    for again in [bo.reveal(id).map(drop), bo.copy_secret(id, SecretPart::Password).map(drop)] {
        assert!(matches!(again, Err(VaultError::ApprovalRequired)), "{again:?}");
    }
    assert!(matches!(bo.withdraw_approval(asked), Err(VaultError::State(_))), "it was used");

    // Each of many at once would be the first.
    assert_eq!(bo.request_approval(id, Action::Reveal, "again").unwrap(), asked);
    anna.approve_once(asked, until).unwrap();
    let start = std::sync::Barrier::new(8);
    let revealed = std::thread::scope(|scope| {
        let reveal = || {
            start.wait();
            loop {
                match bo.reveal(id) {
                    Err(VaultError::Busy) => {}
                    other => break other.is_ok(),
                }
            }
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(reveal)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|done| *done).count()
    });
    assert_eq!(revealed, 1);
}

#[test]
fn who_asked_and_who_approved_may_take_it_back() {
    let vault = vault_at(&clock());
    let (id, bo, asked) = asked_by_bo(&vault);
    let (anna, until) = (client(&vault, "anna"), NOW.plus_millis(HOUR_MS));
    let is_shut = || assert!(matches!(bo.reveal(id), Err(VaultError::ApprovalRequired)));
    assert!(matches!(client(&vault, "bert").withdraw_approval(asked), Err(VaultError::NotFound)));
    assert!(matches!(anna.withdraw_approval(asked), Err(VaultError::NotFound)), "she has not approved it");

    bo.withdraw_approval(asked).unwrap();
    assert!(anna.pending_approvals().unwrap().is_empty());
    assert!(matches!(anna.approve(asked, until), Err(VaultError::State(_))), "nobody asks for it any more");
    assert!(matches!(bo.withdraw_approval(asked), Err(VaultError::State(_))));
    is_shut();
    let event = last_event_of(&vault, &bo.principal().person());
    assert_eq!((event.kind, event.outcome), (EventKind::SecretRevealed, Outcome::Denied));

    for by_approver in [true, false] {
        bo.request_approval(id, Action::Reveal, "outage").unwrap();
        anna.approve(asked, until).unwrap();
        assert!(bo.reveal(id).is_ok());
        if by_approver { &anna } else { &bo }.withdraw_approval(asked).unwrap();
        is_shut();
    }
    // Whoever has approved takes it back, also without the right to approve now.
    let root = admin(&vault, "root", &["full"]);
    bo.request_approval(id, Action::Reveal, "outage").unwrap();
    root.approve(asked, until).unwrap();
    admin(&vault, "root", &[]).withdraw_approval(asked).unwrap();
    is_shut();
}

#[cfg(feature = "csv")]
#[test]
fn an_export_names_every_entry_that_takes_an_approval() {
    use pwvault_core::csv::{ExportMode, dialect};
    use pwvault_core::vault::{EntryFilter, Selection};
    let vault = vault_at(&clock());
    let (first, bo, asked) = asked_by_bo(&vault);
    let anna = client(&vault, "anna");
    let (second, free) = (entry_of(&anna), entry_of(&anna));
    anna.share(second, &to_admin("bo", asking(false, true))).unwrap();
    anna.share(free, &to_admin("bo", GrantTerms::default())).unwrap();
    let export = |selection: &Selection| {
        let mut file = Vec::new();
        let written = bo.export(&mut file, selection, dialect("pwvault").unwrap(), ExportMode::Exact);
        assert!(written.is_ok() || file.is_empty(), "a refused export writes nothing");
        written.map(|written| written.rows)
    };
    let all = Selection::Filter(EntryFilter::default());
    for selection in [all.clone(), Selection::Ids(vec![first, free, second])] {
        let Err(VaultError::ApprovalsRequired(mut named)) = export(&selection) else { panic!("{selection:?}") };
        let mut both = [first, second];
        named.sort_unstable();
        both.sort_unstable();
        assert_eq!(named, both);
    }
    assert_eq!(export(&Selection::Ids(vec![free])).unwrap(), 1);
    anna.approve_once(asked, NOW.plus_millis(HOUR_MS)).unwrap();
    assert!(matches!(export(&all), Err(VaultError::ApprovalsRequired(named)) if named == [second]));
    assert_eq!(export(&Selection::Ids(vec![first, free])).unwrap(), 2, "what was refused has used nothing up");
    assert!(matches!(export(&Selection::Ids(vec![first])), Err(VaultError::ApprovalsRequired(_))));
}
