//! Settings out of bounds, and the page that says what there is.

use std::collections::BTreeSet;
use std::sync::Arc;

use pwvault_core::id::{GroupId, ProductGroupId, ProductId};
use pwvault_core::model::{
    AccessMode, EventKind, KdfParams, Period, PeriodUnit, Retention, Settings, StaffList, limits,
};
use pwvault_core::store::MemoryStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::{AdminId, ClientId, RoleId, VaultBuilder};
use serde_json::Value;

use crate::host::{VAULT, admin, kek, vault};

const PAGE: &str = include_str!("../../../spec/settings.md");

type Change = fn(&mut Settings);

/// Values on both sides of every bound, with what the refusal says.
const REFUSED: &[(&str, &str, Change)] = &[
    ("search_limit", "100 to 1000000", |settings| settings.search_limit = 99),
    ("search_limit", "100 to 1000000", |settings| settings.search_limit = 1_000_001),
    ("ticket_idle_ms", "60000 to 86400000", |settings| settings.ticket_idle_ms = 59_999),
    ("ticket_idle_ms", "60000 to 86400000", |settings| settings.ticket_idle_ms = i64::MAX),
    ("ticket_max_ms", "900000 to 604800000", |settings| settings.ticket_max_ms = settings.ticket_idle_ms - 1),
    ("ticket_max_ms", "900000 to 604800000", |settings| settings.ticket_max_ms = 604_800_001),
    ("history_limit", "1 to 1000", |settings| settings.history_limit = 0),
    ("history_limit", "1 to 1000", |settings| settings.history_limit = 1_001),
    ("kdf", "memory is 19456 to 1048576 KiB", |settings| {
        settings.kdf = KdfParams { memory_kib: 19_455, ..KdfParams::FLOOR };
    }),
    ("kdf", "passes 2 to 16", |settings| settings.kdf = KdfParams { passes: 1, ..KdfParams::FLOOR }),
    ("kdf", "lanes 1 to 16", |settings| settings.kdf = KdfParams { lanes: 17, ..KdfParams::FLOOR }),
    ("generator.length_min", "4 to 128", |settings| settings.generator.length_min = 3),
    ("generator.length_default", "12 to 128", |settings| settings.generator.length_default = 11),
    ("generator.strength_min", "0 to 4", |settings| settings.generator.strength_min = Some(5)),
    ("character set", "choose at least one", |settings| {
        let generator = &mut settings.generator;
        (generator.lower, generator.upper, generator.digits, generator.symbols) = (false, false, false, false);
    }),
    ("change_every", "at least one day", |settings| settings.reminders.change_every = days(0)),
    ("warn_before", "shorter than the period", |settings| {
        (settings.reminders.change_every, settings.reminders.warn_before) = (days(7), days(7));
    }),
    ("reminders.hour", "0 to 23", |settings| settings.reminders.hour = 24),
    ("retention.days", "1 to 36500", |settings| settings.retention = vec![Retention { kinds: vec![], days: 0 }]),
    ("retention.kinds", "twice", |settings| {
        settings.retention = vec![Retention { kinds: vec![EventKind::LogRead, EventKind::LogRead], days: 1 }];
    }),
    ("retention", "0 to 256", |settings| settings.retention = vec![Retention { kinds: vec![], days: 1 }; 257]),
    ("login.length_min", "8 to 64", |settings| settings.login.length_min = 7),
    ("login.strength_min", "0 to 4", |settings| settings.login.strength_min = Some(5)),
    ("login.attempts", "3 to 100", |settings| settings.login.attempts = 2),
    ("login.lock_ms", "1000 to 86400000", |settings| settings.login.lock_ms = 999),
    ("login.lock_max_ms", "60000 to 604800000", |settings| settings.login.lock_max_ms = 59_999),
    ("access_mode.admins", "twice", |settings| {
        let admins = ["1", "1"].map(|id| AdminId::new(id).unwrap()).to_vec();
        settings.access_mode = AccessMode::Restricted(StaffList { admins, roles: vec![] });
    }),
    ("access_mode.roles", "twice", |settings| {
        let roles = ["1", "1"].map(|id| RoleId::new(id).unwrap()).to_vec();
        settings.access_mode = AccessMode::Shared(StaffList { admins: vec![], roles });
    }),
    ("extended_roles", "twice", |settings| {
        settings.extended_roles = ["1", "1"].map(|id| RoleId::new(id).unwrap()).to_vec();
    }),
    ("forbidden_clients", "10001 items; at most 10000", |settings| {
        settings.forbidden_clients =
            (0..=limits::SETTING_LIST_MAX).map(|id| ClientId::new(id.to_string()).unwrap()).collect();
    }),
    ("forbidden_groups", "twice", |settings| {
        settings.forbidden_groups = ["1", "1"].map(|id| GroupId::new(id).unwrap()).to_vec();
    }),
    ("excluded_products", "twice", |settings| {
        settings.excluded_products = ["1", "1"].map(|id| ProductId::new(id).unwrap()).to_vec();
    }),
    ("excluded_product_groups", "twice", |settings| {
        settings.excluded_product_groups = ["1", "1"].map(|id| ProductGroupId::new(id).unwrap()).to_vec();
    }),
];

#[expect(clippy::unnecessary_wraps, reason = "as it stands in the settings")]
const fn days(count: u16) -> Option<Period> {
    Some(Period { count, unit: PeriodUnit::Days })
}

#[test]
fn a_setting_out_of_bounds_is_refused_with_its_field_and_its_bounds() {
    let vault = vault();
    let root = admin(&vault, "root", &["full"]);
    let (settings, revision) = root.settings().unwrap();
    for (field, rule, change) in REFUSED {
        let mut senseless = settings.clone();
        change(&mut senseless);
        let on_change = root.update_settings(&senseless, revision).expect_err(field);
        let store = Arc::new(MemoryStore::new());
        let making = VaultBuilder::new(kek()).settings(senseless);
        let on_making = making.create(store, VAULT, RoleId::new("full").unwrap()).expect_err(field);
        for refused in [on_change.to_string(), on_making.to_string()] {
            assert!(refused.contains(field) && refused.contains(rule), "{field}: {refused}");
        }
    }
    assert_eq!(root.settings().unwrap(), (settings, revision), "nothing was written");
}

#[test]
fn settings_at_their_bounds_are_accepted_and_read_back() {
    let vault = vault();
    let root = admin(&vault, "root", &["full"]);
    let (mut settings, revision) = root.settings().unwrap();
    (settings.search_limit, settings.history_limit, settings.entry_quota) = (100, 1_000, Some(0));
    (settings.ticket_idle_ms, settings.ticket_max_ms) = (60_000, 604_800_000);
    settings.kdf = KdfParams::FLOOR;
    (settings.reminders.change_every, settings.reminders.hour) = (days(1), 23);
    settings.forbidden_clients =
        (0..limits::SETTING_LIST_MAX).map(|id| ClientId::new(id.to_string()).unwrap()).collect();
    settings.retention = vec![Retention { kinds: vec![], days: 36_500 }; 256];
    root.update_settings(&settings, revision).unwrap();
    assert_eq!(root.settings().unwrap(), (settings, revision + 1));
}

#[test]
fn the_page_of_settings_names_each_with_its_default() {
    let rows: Vec<(&str, &str)> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|row| {
            let (setting, rest) = row.split_once("` | `").unwrap();
            (setting, rest.split_once("` |").unwrap().0)
        })
        .collect();
    let defaults = serde_json::to_value(Settings::default()).unwrap();
    for (setting, default) in &rows {
        let stated: Value = serde_json::from_str(default).unwrap();
        let found = defaults.pointer(&format!("/{}", setting.replace('.', "/")));
        assert_eq!(found, Some(&stated), "{setting}");
    }
    let named: BTreeSet<_> = rows.iter().map(|(setting, _)| (*setting).to_owned()).collect();
    assert_eq!(named.len(), rows.len(), "a setting stands twice");
    for (field, value) in defaults.as_object().unwrap() {
        let parts = value.as_object().into_iter().flatten().map(|(part, _)| format!("{field}.{part}"));
        assert!(named.contains(field) || parts.into_iter().all(|part| named.contains(&part)), "{field} is not named");
    }
}
