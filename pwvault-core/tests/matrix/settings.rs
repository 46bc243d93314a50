//! What the settings rule out, by every method that could bring it in.

use std::collections::BTreeSet;

use pwvault_core::csv::{self, ExportMode, ExportRow, dialect};
use pwvault_core::id::GroupId;
use pwvault_core::model::{Actions, Assignment, Grantee, HostEvent, Owner, ServiceLink, ServicePart, Settings};
use pwvault_core::policy::{Reason, SettingName};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    CategoryDraft, DeleteKey, EntryFilter, EntryQuery, EntryView, ImportOptions, Recovery, SecretPart, SetMaster,
    UnlockAnswer,
};
use pwvault_core::{EntryDraft, EntryId, EntryPatch, Principal, Session, VaultError};

use super::world::{Who, World, client};

/// The owner's world, with something for each way to work on.
struct Ground {
    world: World,
    owner: Session,
    /// Has a weak password in its history.
    own: EntryId,
    /// Lies in the trash with a weak password.
    gone: EntryId,
    /// Attached to a service.
    attached: EntryId,
}

const WEAK: &str = "password";
const STRONG: &str = "plait-unwed-oxbow-7-gnarl";

/// A method by which entries, their secrets or their place come to be, and a call of it that tries
/// for whatever a setting rules out.
struct Way {
    name: &'static str,
    method: &'static str,
    call: fn(&Ground, private: bool) -> Result<(), VaultError>,
}

const WAYS: &[Way] = &[
    Way {
        name: "create",
        method: "Entries::create_entry",
        call: |ground, private| ground.owner.create_entry(&EntryDraft { private, ..draft(WEAK) }).map(drop),
    },
    Way {
        name: "create by staff",
        method: "Entries::create_entry",
        call: |ground, private| {
            let owner = Some(Owner::Client(client("owner")));
            let draft = EntryDraft { owner, private, ..draft(WEAK) };
            ground.world.session(Who::AdminFull).create_entry(&draft).map(drop)
        },
    },
    Way {
        name: "create by a sub-user",
        method: "Entries::create_entry",
        call: |ground, private| {
            ground.world.session(Who::SubAll).create_entry(&EntryDraft { private, ..draft(WEAK) }).map(drop)
        },
    },
    Way {
        name: "update",
        method: "Entries::update_entry",
        call: |ground, private| {
            let private = private.then_some(true);
            let patch = EntryPatch { password: Some(WEAK.into()), private, ..EntryPatch::default() };
            ground.owner.update_entry(ground.own, 2, &patch).map(drop)
        },
    },
    Way {
        name: "import",
        method: "Transfer::import",
        call: |ground, private| {
            ground.owner.import(&file(private), &ImportOptions::default(), &mut |_, _| {}).map(drop)
        },
    },
    Way {
        name: "import of the good rows",
        method: "Transfer::import",
        call: |ground, private| {
            let options = ImportOptions { good_rows_only: true, ..ImportOptions::default() };
            ground.owner.import(&file(private), &options, &mut |_, _| {}).map(drop)
        },
    },
    Way {
        name: "preview",
        method: "Transfer::preview_import",
        call: |ground, private| ground.owner.preview_import(&file(private), &ImportOptions::default()).map(drop),
    },
    Way {
        name: "restore a secret",
        method: "Secrets::restore_secret",
        call: |ground, _| {
            let past = ground.owner.history(ground.own)?[0].id;
            ground.owner.restore_secret(ground.own, 2, past, &[SecretPart::Password]).map(drop)
        },
    },
    Way {
        name: "restore from the trash",
        method: "Entries::restore_entries",
        call: |ground, _| ground.owner.restore_entries(&[ground.gone]),
    },
    Way {
        name: "detach from a service",
        method: "ServiceEntries::assign_service",
        call: |ground, _| ground.owner.assign_service(ground.attached, 1, None).map(drop),
    },
    Way {
        name: "a service's new secret",
        method: "ServiceEntries::service_password_changed",
        call: |ground, _| {
            ground.world.session(Who::System).service_password_changed(&World::service(), &WEAK.into()).map(drop)
        },
    },
    Way {
        name: "answer to a request",
        method: "Requests::fill_request",
        call: |ground, _| ground.owner.fill_request(&ground.world.request, &[WEAK.into()]).map(drop),
    },
    Way {
        name: "merge of clients",
        method: "HostEvents::apply_host_event",
        call: |ground, _| {
            let merged = HostEvent::ClientsMerged { from: client("merged"), into: client("owner") };
            ground.world.session(Who::System).apply_host_event(&merged).map(drop)
        },
    },
];

/// What can name entries, their secrets or their place in the signature of a method.
const BRINGS_IN: [&str; 7] =
    ["EntryDraft", "EntryPatch", "ImportOptions", "PastSecretId", "ServiceRef", "HostEvent", "SecretString"];

/// Methods that name one of these and bring nothing in: looks, and secrets that are no entry's.
const NO_WAYS: &[&str] = &[
    "Generate::strength",
    "HostEvents::preview_host_event",
    "Keys::change_key_passphrase",
    "MasterPassword::recover_master_password",
    "MasterPassword::renew_recovery_code",
    "OwnSignIn::begin_second_factor",
    "OwnSignIn::change_login_password",
    "OwnSignIn::disable_second_factor",
    "OwnSignIn::renew_recovery_codes",
    "Secrets::copy_secret",
    "Secrets::reveal_past",
    "ServiceEntries::authorize_service_reveal",
    "ServiceEntries::check_service_permit",
];

impl Ground {
    fn new() -> Self {
        let world = World::new();
        let owner = world.session(Who::Owner);
        let own = owner.create_entry(&draft(WEAK)).unwrap();
        let renewed = EntryPatch { password: Some(STRONG.into()), ..EntryPatch::default() };
        owner.update_entry(own, 1, &renewed).unwrap();
        let gone = owner.create_entry(&draft(WEAK)).unwrap();
        owner.trash_entries(&[gone]).unwrap();
        let of_service = |part| {
            let service = Some(ServiceLink { service: World::service(), part });
            owner.create_entry(&EntryDraft { service, ..draft(STRONG) }).unwrap()
        };
        of_service(ServicePart::Adopted);
        let attached = of_service(ServicePart::Additional);
        world.put_in_group(client("owner"), GroupId::new("known").unwrap());
        let merged = Principal::client(client("merged"));
        world.vault.session(merged, Default::default()).create_entry(&draft(WEAK)).unwrap();
        Self { world, owner, own, gone, attached }
    }

    fn entries(&self) -> Vec<EntryView> {
        let filter = EntryFilter { owner: Some(Owner::Client(client("owner"))), ..EntryFilter::default() };
        self.owner.list_entries(&EntryQuery { filter, limit: 100, ..EntryQuery::default() }).unwrap().entries
    }

    fn private(&self) -> usize {
        self.entries().iter().filter(|view| view.head.private).count()
    }

    fn counted(&self) -> usize {
        self.entries().iter().filter(|view| view.head.counts()).count()
    }

    fn weak(&self) -> usize {
        // What came in locked can only have come by one of the ways, which all try a weak one.
        let weak = |view: &&EntryView| match self.owner.reveal(view.id) {
            Ok(secret) => secret.password.expose() == WEAK,
            Err(error) => matches!(error, VaultError::Locked(_)),
        };
        self.entries().iter().filter(weak).count()
    }
}

fn draft(password: &str) -> EntryDraft {
    EntryDraft { name: "new".into(), password: password.into(), ..EntryDraft::default() }
}

/// An export with one entry.
fn file(private: bool) -> Vec<u8> {
    let draft = EntryDraft { name: "imported".into(), private, ..draft(WEAK) };
    let row = ExportRow { draft: &draft, folder: "", tags: &[], created_at: None, updated_at: None };
    let mut file = Vec::new();
    csv::write(&mut file, dialect("pwvault").unwrap(), ExportMode::Exact, [row]).unwrap();
    file
}

/// The ways by which more comes to be of what is counted.
fn ways_to(
    counted: fn(&Ground) -> usize,
    private: bool,
    rule: impl Fn(&mut Settings, usize),
) -> BTreeSet<&'static str> {
    let works = |way: &&Way| {
        let ground = Ground::new();
        let before = counted(&ground);
        ground.world.change_settings(|settings| rule(settings, before));
        let outcome = (way.call)(&ground, private);
        let more = counted(&ground) > before;
        assert!(outcome.is_ok() || !more, "{}: {outcome:?} and done all the same", way.name);
        more
    };
    WAYS.iter().filter(works).map(|way| way.name).collect()
}

#[test]
fn every_method_that_brings_something_in_is_a_way() {
    let brings_in = |signature: &str| BRINGS_IN.iter().any(|name| signature.contains(name));
    let mut found: BTreeSet<String> = crate::capability_signatures()
        .into_iter()
        .filter(|(_, signature)| brings_in(signature))
        .map(|(method, _)| method)
        .collect();
    found.insert("Entries::restore_entries".to_owned());
    let walked = WAYS.iter().map(|way| way.method).chain(NO_WAYS.iter().copied());
    let walked: BTreeSet<String> = walked.map(str::to_owned).collect();
    assert_eq!(found, walked, "a new method is a way, or has a reason to be none");
}

#[test]
fn no_method_makes_an_entry_private_once_that_is_off() {
    let usual = ways_to(Ground::private, true, |_, _| {});
    assert_eq!(usual, ["create", "create by a sub-user", "import", "import of the good rows", "update"].into());
    assert_eq!(ways_to(Ground::private, true, |settings, _| settings.private_entries = false), BTreeSet::new());
}

#[test]
fn no_method_lifts_an_account_over_its_quota() {
    let usual = ways_to(Ground::counted, false, |_, _| {});
    let by_creation = [
        "answer to a request",
        "create",
        "create by a sub-user",
        "create by staff",
        "import",
        "import of the good rows",
    ];
    let by_return = ["detach from a service", "restore from the trash"];
    let by_the_host = "merge of clients";
    let all: BTreeSet<_> = by_creation.into_iter().chain(by_return).chain([by_the_host]).collect();
    assert_eq!(usual, all);
    let quota = |settings: &mut Settings, counted| settings.entry_quota = Some(u32::try_from(counted).unwrap());
    // What has happened in the host is not refused.
    assert_eq!(ways_to(Ground::counted, false, quota), [by_the_host].into());
}

#[test]
fn no_method_brings_in_a_new_weak_password_once_strength_is_asked_for() {
    let usual = ways_to(Ground::weak, false, |_, _| {});
    let new = [
        "answer to a request",
        "create",
        "create by a sub-user",
        "create by staff",
        "import",
        "import of the good rows",
        "restore a secret",
        "update",
    ];
    let in_force_already = ["a service's new secret", "merge of clients", "restore from the trash"];
    assert_eq!(usual, new.into_iter().chain(in_force_already).collect());
    let strong = |settings: &mut Settings, _| settings.generator.strength_min = Some(3);
    assert_eq!(ways_to(Ground::weak, false, strong), in_force_already.into());
}

#[test]
fn no_method_sets_a_master_password_once_that_is_off() {
    let world = World::new();
    world.change_settings(|settings| settings.master_passwords = false);
    let off = Reason::SettingOff { setting: SettingName::MasterPasswords };
    let mut refused = BTreeSet::new();
    for row in super::all_rows() {
        for who in Who::ALL {
            let result = (row.call)(&world, &world.session(who));
            if matches!(&result, Err(VaultError::Denied(decision)) if decision.reasons.contains(&off)) {
                refused.insert((row.method, format!("{who:?}")));
            }
            assert_eq!(world.session(who).master_password().unwrap(), None, "{} as {who:?}", row.method);
        }
    }
    let refused: BTreeSet<_> = refused.iter().map(|(method, who)| (*method, who.as_str())).collect();
    let is_set_by = ["Owner", "SubAll", "Sharee", "Stranger", "AdminFull", "AdminView", "AdminExtended"];
    assert!(is_set_by.iter().all(|who| refused.contains(&("MasterPassword::set_master_password", *who))));
}

/// What an account may do while its master password is not unlocked: see to the vault's own affairs
/// and to the password, look at what is no entry of its own, and write what it cannot read.
const OPEN_WHILE_LOCKED: &[&str] = &[
    "Access::explain_section",
    "Approvals::pending_approvals",
    "Categories::categories",
    "Categories::create_category",
    "Entries::create_entry",
    "Generate::generate",
    "Generate::generator_policy",
    "Generate::strength",
    "Invites::cancel_invite",
    "Invites::invite_sub_user",
    "Invites::pending_invites",
    "Invites::resend_invite",
    // Where an entry of its own would be lost, it is refused.
    "Keys::delete_key",
    "Keys::key",
    "Keys::key_usage",
    "Keys::list_keys",
    "Keys::register_key",
    "Keys::update_key",
    "Links::revoke_link",
    "MasterPassword::has_master_password",
    "MasterPassword::master_password",
    "MasterPassword::resume_master_password",
    "Names::names",
    "OwnSignIn::own_person",
    "Requests::credential_request",
    "Requests::fill_request",
    "Rights::open_to_me",
    "Sharing::explain",
    "SubUsers::put_sub_user",
    "SubUsers::remove_sub_user",
    "SubUsers::sub_users",
    "Transfer::import",
    "Transfer::preview_import",
    "Translations::catalogues",
    "Translations::say",
    "Translations::say_decision",
    "Unlocking::challenge",
    "Unlocking::lock",
    "Unlocking::needed_for",
];

#[test]
fn a_locked_account_gets_at_nothing_it_owns_by_any_method() {
    let world = World::new();
    let (password, confirmation) = ("master password".into(), "master password".into());
    let set = SetMaster { password, confirmation, recovery: Recovery::None };
    world.session(Who::Owner).set_master_password(&set).unwrap();
    let mut open = BTreeSet::new();
    for row in super::all_rows() {
        for who in [Who::Owner, Who::SubAll] {
            let result = (row.call)(&world, &world.session(who));
            if result.is_ok() {
                open.insert(row.method);
            }
        }
    }
    assert_eq!(open, OPEN_WHILE_LOCKED.iter().copied().collect());
}

#[test]
fn a_locked_account_opens_its_entries_to_nobody_and_destroys_none() {
    let world = World::new();
    let owner = world.session(Who::Owner);
    let actions = Actions::VIEW_AND_REVEAL;
    owner.assign_category(&[world.entry], Some(Assignment { category: world.category, actions })).unwrap();
    let held = owner.create_entry(&EntryDraft { keys: vec![world.key], ..draft(STRONG) }).unwrap();
    let (password, confirmation) = ("master password".into(), "master password".into());
    owner.set_master_password(&SetMaster { password, confirmation, recovery: Recovery::None }).unwrap();
    let is_locked = |result: Result<(), VaultError>| matches!(result, Err(VaultError::Locked(_)));

    let members = vec![Grantee::Client(client("stranger"))];
    let open = CategoryDraft { name: "Mine".into(), members, ..CategoryDraft::default() };
    for who in [Who::Owner, Who::SubAll] {
        let session = world.session(who);
        assert!(is_locked(session.update_category(world.category, 1, &open).map(drop)));
        assert!(is_locked(session.delete_category(world.category, true)));
        assert!(is_locked(session.delete_key(world.key, DeleteKey::LoseSecrets).map(drop)));
    }
    assert!(world.session(Who::Stranger).reveal(world.entry).is_err());
    let answer =
        UnlockAnswer::MasterPassword { owner: Owner::Client(client("owner")), password: "master password".into() };
    let unlocked = owner.clone().with_ticket(owner.unlock(&answer).unwrap());
    assert!(unlocked.challenge(held).is_ok_and(|needs| !needs.is_empty()), "its key is still there");
    unlocked.update_category(world.category, 1, &open).unwrap();
    assert!(world.session(Who::Stranger).reveal(world.entry).is_ok());
}
