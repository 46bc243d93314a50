//! What a menu is told is what the methods do.

use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::model::Outcome;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Ability, EntryFilter, LogFilter, Selection};
use pwvault_core::{EntryDraft, Session, VaultError};

use super::world::{Who, World, client};

/// The method that an ability stands for.
fn method(ability: Ability) -> &'static str {
    match ability {
        Ability::List => "Listing::list_entries",
        Ability::Servers => "Connect::servers",
        Ability::Create => "Entries::create_entry",
        Ability::Categories => "Categories::create_category",
        Ability::Import => "Transfer::import",
        Ability::Keys => "Keys::register_key",
        Ability::MasterPassword => "MasterPassword::set_master_password",
        other => panic!("no row for {other:?}"),
    }
}

fn does(ability: Ability, world: &World, session: &Session, who: Who) -> bool {
    let done = match ability {
        Ability::CreatePrivate => {
            let draft = EntryDraft { name: "Private".into(), private: true, ..EntryDraft::default() };
            session.create_entry(&draft).map(drop)
        }
        Ability::Export => {
            let all = Selection::Filter(EntryFilter::default());
            session.export(&mut Vec::new(), &all, dialect("pwvault").unwrap(), ExportMode::Exact).map(drop)
        }
        Ability::Users => {
            let own = if matches!(who, Who::Sharee | Who::Stranger) { session.principal().account() } else { None };
            session.sub_users(own.unwrap_or(&client("owner")), 50, None).map(drop)
        }
        plain => {
            let row = super::all_rows().find(|row| row.method == method(plain)).unwrap();
            (row.call)(world, session)
        }
    };
    match done {
        // What is locked is open to whoever unlocks it.
        Ok(()) | Err(VaultError::LockedAll(_)) => true,
        // Scheduled work owns nothing.
        Err(VaultError::Denied(_) | VaultError::NotFound | VaultError::Invalid { field: "owner", .. }) => false,
        Err(other) => panic!("{ability:?} as {who:?}: {other}"),
    }
}

#[test]
fn a_menu_offers_what_the_methods_do_and_nothing_else() {
    for who in Who::ALL {
        for ability in Ability::ALL {
            let world = World::new();
            let session = world.session(who);
            let told = session.open_to_me().unwrap().may.contains(&ability);
            // An administrator has no account of its own, and the system no entries.
            let staff = session.principal().account().is_none();
            if ability == Ability::Users && staff {
                assert!(!told);
                continue;
            }
            assert_eq!(told, does(ability, &world, &session, who), "{ability:?} as {who:?}");
        }
    }
}

#[test]
fn asking_what_is_open_leaves_no_refusal_behind() {
    let world = World::new();
    let denied = || {
        let page = world.session(Who::AdminFull).read_log(&LogFilter { limit: 1_000, ..LogFilter::default() }).unwrap();
        page.events.iter().filter_map(|one| one.event.as_ref()).filter(|event| event.outcome == Outcome::Denied).count()
    };
    let before = denied();
    for who in Who::ALL {
        let open = world.session(who).open_to_me().unwrap();
        let staff = world.session(who).principal().account().is_none();
        assert!(!staff || open.permissions.is_empty());
        assert!(staff || open.sections.is_empty());
    }
    assert_eq!(denied(), before);
}
