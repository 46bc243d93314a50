//! Counts of what the asker may view.

use pwvault_core::model::{Actions, Choice, EntryReminder, Grantee, Period, PeriodUnit};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{ByOwner, CategoryDraft, DashboardCounts};
use pwvault_core::{AdminId, ClientId, EntryDraft, Timestamp, VaultError};

use crate::host::{admin, client};
use crate::{NOW, clock, entry_of, vault_at};

#[test]
fn the_dashboard_counts_what_the_asker_may_view_and_nothing_else() {
    let clock = clock();
    let vault = vault_at(&clock);
    let (root, anna, bert) = (admin(&vault, "root", &["full"]), client(&vault, "anna"), client(&vault, "bert"));
    let [shared, marked, ending, due] = [(); 4].map(|()| entry_of(&anna));
    let private = anna.create_entry(&EntryDraft { private: true, name: "Private".into(), ..Default::default() });
    let trashed = entry_of(&anna);
    anna.trash_entries(&[trashed]).unwrap();
    let to_root = GrantChange::put(Grantee::Admin(AdminId::new("root").unwrap()), Actions::VIEW_AND_REVEAL);
    let to_bert = GrantChange::put(Grantee::Client(ClientId::new("bert").unwrap()), Actions::VIEW_AND_REVEAL);
    for id in [shared, marked, due] {
        anna.share(id, &[to_root.clone(), to_bert.clone()]).unwrap();
    }
    bert.reveal(marked).unwrap();
    anna.share(marked, &[GrantChange::remove(to_bert.grantee().clone())]).unwrap();
    let version = anna.entry(ending).unwrap().head.version;
    anna.set_expiry(ending, version, Some(Timestamp::from_millis(NOW.as_millis() + 1_000))).unwrap();
    let every = Period { count: 30, unit: PeriodUnit::Days };
    let reminder = EntryReminder { change_every: Choice::Set(every), ..EntryReminder::default() };
    let version = anna.entry(due).unwrap().head.version;
    anna.set_reminder(due, version, &reminder).unwrap();
    let category = |name: &str| CategoryDraft { name: name.into(), ..CategoryDraft::default() };
    anna.create_category(&category("Anna's")).unwrap();
    bert.create_category(&category("Bert's")).unwrap();
    root.create_category(&category("Staff")).unwrap();
    entry_of(&root);
    assert!(private.is_ok());

    let start = DashboardCounts { complete: true, guide: true, ..DashboardCounts::default() };
    let clients = |clients| ByOwner { staff: 0, clients };
    let of_anna =
        DashboardCounts { entries: clients(5), own: 5, categories: clients(1), needs_rotation: 1, trashed: 1, ..start };
    assert_eq!(anna.dashboard().unwrap(), of_anna);
    let of_bert = DashboardCounts { entries: clients(2), categories: clients(1), ..start };
    assert_eq!(bert.dashboard().unwrap(), of_bert);
    let of_root = DashboardCounts {
        entries: ByOwner { staff: 1, clients: 3 },
        own: 1,
        categories: ByOwner { staff: 1, clients: 2 },
        needs_rotation: 1,
        ..start
    };
    assert_eq!(root.dashboard().unwrap(), of_root);
    assert!(matches!(admin(&vault, "sam", &[]).dashboard(), Err(VaultError::Denied(_))));

    clock.advance(33 * 24 * 60 * 60 * 1_000);
    assert_eq!(anna.dashboard().unwrap(), DashboardCounts { expired: 1, due: 1, ..of_anna });
    assert_eq!(root.dashboard().unwrap(), DashboardCounts { due: 1, ..of_root });
}

#[test]
fn the_guide_can_be_hidden_and_counting_stops_at_the_search_limit() {
    let clock = clock();
    let vault = vault_at(&clock);
    let (root, anna) = (admin(&vault, "root", &["full"]), client(&vault, "anna"));
    for _ in 0..101 {
        entry_of(&anna);
    }
    let (mut settings, revision) = root.settings().unwrap();
    settings.display.guide = false;
    settings.search_limit = 100;
    root.update_settings(&settings, revision).unwrap();
    let counts = anna.dashboard().unwrap();
    assert_eq!((counts.own, counts.complete, counts.guide), (100, false, false));
}
