//! Master passwords: setting, changing, disabling, recovery, and what they guard.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod locked;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use locked::*;
use pwvault_core::crypto::PublicKey;
use pwvault_core::model::{
    Action, Actions, Assignment, EventKind, Grantee, KdfParams, MasterState, Outcome, Owner, Permission, Permissions,
    Recipient, Settings, Tier,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::MemoryStore;
use pwvault_core::testing::FaultyStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    CategoryDraft, Challenge, ChangeMaster, EntryFilter, EntryQuery, LogFilter, MasterSet, RecoverMaster, RecoverWith,
    Recovery, SecretPart, SetMaster, UnlockAnswer, VaultKey,
};
use pwvault_core::{
    EntryDraft, EntryPatch, Principal, RequestContext, RoleId, SecretString, Session, Vault, VaultError,
};

const PASSWORD: &str = "master password";

fn owner() -> Owner {
    Owner::Client(client("anna"))
}

fn set(session: &Session, recovery: Recovery) -> MasterSet {
    let password = SecretString::from(PASSWORD);
    session.set_master_password(&SetMaster { confirmation: password.clone(), password, recovery }).unwrap()
}

fn answer(password: &str) -> UnlockAnswer {
    UnlockAnswer::MasterPassword { owner: owner(), password: password.into() }
}

fn unlocked(session: &Session, password: &str) -> Session {
    session.clone().with_ticket(session.unlock(&answer(password)).unwrap())
}

fn change(old: &str, new: &str) -> ChangeMaster {
    ChangeMaster { old: old.into(), password: new.into(), confirmation: new.into() }
}

fn recover(with: RecoverWith, password: &str) -> RecoverMaster {
    RecoverMaster { owner: None, with, password: password.into(), confirmation: password.into() }
}

fn is_locked<T>(result: Result<T, VaultError>) -> bool {
    matches!(result, Err(VaultError::Locked(ways)) if ways == [Challenge::MasterPassword { owner: owner() }])
}

fn share_with_bert(session: &Session, id: pwvault_core::EntryId) -> Result<u64, VaultError> {
    let grantee = Grantee::Client(client("bert"));
    session.share(id, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)])
}

fn has_master_lock(session: &Session, id: pwvault_core::EntryId) -> bool {
    let sealed = recipients(session, id);
    assert!(sealed.iter().all(|locks| *locks == sealed[0]), "the history differs: {sealed:?}");
    sealed[0] == [Recipient::MasterPassword]
}

#[test]
fn setting_it_seals_what_is_owned_and_not_shared() {
    let world = World::new();
    let anna = world.client("anna");
    let (own, shared) = (entry_with_history(&anna), entry_with_history(&anna));
    share_with_bert(&anna, shared).unwrap();
    let trashed = entry_with_history(&anna);
    anna.trash_entries(&[trashed]).unwrap();
    let key = public_only(&anna);
    let by_key = anna.create_entry(&EntryDraft { keys: vec![key], ..draft("by key") }).unwrap();
    let weak = anna.create_entry(&EntryDraft { keys: vec![stored(&anna)], ..draft("weak") }).unwrap();
    let both = anna.create_entry(&EntryDraft { keys: vec![key, stored(&anna)], ..draft("both") }).unwrap();
    let other = entry_with_history(&world.client("carl"));
    let before = version(&anna, own);

    assert_eq!(anna.master_password().unwrap(), None);
    let done = set(&anna, Recovery::None);
    assert!(done.recovery_code.is_none());
    assert_eq!(done.state, MasterState::Active);
    let status = anna.master_password().unwrap().unwrap();
    assert_eq!((status.state, status.recovery_code, status.must_change), (MasterState::Active, false, false));

    let open = unlocked(&anna, PASSWORD);
    assert_eq!(version(&open, own), before, "nobody's editing is disturbed");
    assert!(has_master_lock(&open, own) && !has_master_lock(&open, shared));
    assert_eq!(open.entry(own).unwrap().head.tier(), Tier::MasterPassword);
    open.restore_entries(&[trashed]).unwrap();
    assert!(has_master_lock(&open, trashed) && has_master_lock(&open, weak));
    for id in [by_key, both] {
        assert_eq!(recipients(&open, id), [[Recipient::Key(key)]], "the key stays, a stored one goes");
    }
    for id in [own, shared, trashed] {
        assert_eq!(password(&open, id).unwrap(), "second");
        assert_eq!(past_passwords(&open, id).unwrap(), ["first"]);
    }
    assert_eq!(password(&open, weak).unwrap(), "weak");
    assert_eq!(password(&world.client("carl"), other).unwrap(), "second");
    assert_eq!(password(&world.client("bert"), shared).unwrap(), "second");
    assert!(matches!(anna.set_master_password(&first(PASSWORD, PASSWORD)), Err(VaultError::State(_))));
    anna.resume_master_password().unwrap();
}

fn first(password: &str, confirmation: &str) -> SetMaster {
    SetMaster { password: password.into(), confirmation: confirmation.into(), recovery: Recovery::None }
}

#[test]
fn a_password_has_a_length_and_is_confirmed() {
    let world = World::new();
    let anna = world.client("anna");
    let refused = |password: &str, confirmation: &str| match anna.set_master_password(&first(password, confirmation)) {
        Err(VaultError::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused("seven77", "seven77"), "password");
    assert_eq!(refused(&"x".repeat(1025), &"x".repeat(1025)), "password");
    assert_eq!(refused(PASSWORD, "master passwort"), "confirmation");
    assert_eq!(refused(PASSWORD, "master"), "confirmation");
    let offline = SetMaster { recovery: Recovery::OfflineKey, ..first(PASSWORD, PASSWORD) };
    assert!(matches!(anna.set_master_password(&offline), Err(VaultError::Invalid { field: "recovery", .. })));
    assert_eq!(anna.master_password().unwrap(), None);
    // Characters are counted, not bytes; nothing else is asked of it.
    anna.set_master_password(&first("äöüäöüäö", "äöüäöüäö")).unwrap();
    anna.unlock(&answer("äöüäöüäö")).unwrap();
}

#[test]
fn the_owned_section_is_barred_on_every_path() {
    let world = World::new();
    let anna = world.client("anna");
    let id = entry_with_history(&anna);
    let past = anna.history(id).unwrap()[0].id;
    let trashed = anna.create_entry(&draft("gone")).unwrap();
    anna.trash_entries(&[trashed]).unwrap();
    let from_bert = world.client("bert").create_entry(&draft("from bert")).unwrap();
    let to_anna = GrantChange::put(Grantee::Client(client("anna")), Actions::VIEW_AND_REVEAL);
    world.client("bert").share(from_bert, &[to_anna]).unwrap();
    set(&anna, Recovery::None);
    let key = public_only(&anna);

    let sub = world.sub_user("anna", Permissions::all());
    for session in [&anna, &sub] {
        assert!(is_locked(session.list_entries(&EntryQuery::default())));
        assert!(is_locked(session.count_entries(&EntryFilter::default())));
        assert!(is_locked(session.count_entries(&EntryFilter { trashed: true, ..EntryFilter::default() })));
        assert!(is_locked(session.entry(id)));
        assert!(is_locked(session.reveal(id)));
        assert!(is_locked(session.copy_secret(id, SecretPart::Password)));
        assert!(is_locked(session.history(id)));
        assert!(is_locked(session.reveal_past(id, past)));
        assert!(is_locked(session.restore_secret(id, 2, past, &[SecretPart::Password])));
        assert!(is_locked(session.update_entry(id, 2, &EntryPatch::default())));
        assert!(is_locked(session.trash_entries(&[id])));
        assert!(is_locked(session.restore_entries(&[trashed])));
        assert!(is_locked(session.purge_entries(&[trashed])));
        assert!(is_locked(share_with_bert(session, id)));
        assert!(is_locked(session.grants(id)));
        assert!(is_locked(session.attach_keys(id, 2, &[key])));
        assert!(is_locked(session.detach_key(id, 2, key)));
        assert!(is_locked(session.disable_master_password()));
        assert_eq!(session.challenge(id).unwrap(), [Challenge::MasterPassword { owner: owner() }]);
        assert_eq!(session.needed_for(&[id]).unwrap().len(), 1);
        assert!(!session.explain(id, Action::Reveal).unwrap().effect.is_allow());
        // What others share is not guarded by it.
        assert_eq!(password(session, from_bert).unwrap(), "from bert");
        let filter = EntryFilter { owner: Some(Owner::Client(client("bert"))), ..EntryFilter::default() };
        assert_eq!(session.list_entries(&EntryQuery { filter, ..EntryQuery::default() }).unwrap().entries.len(), 1);
        // Writing a new entry needs no unlock, and it is sealed at once.
        let new = session.create_entry(&draft("new")).unwrap();
        assert!(is_locked(session.reveal(new)));
        let open = unlocked(session, PASSWORD);
        assert!(has_master_lock(&open, new));
        assert_eq!(password(&open, new).unwrap(), "new");
        assert_eq!(past_passwords(&open, id).unwrap(), ["first"]);
        assert!(open.list_entries(&EntryQuery::default()).unwrap().entries.len() > 1);
    }
    let viewer = world.sub_user("anna", Permissions::NONE.with(Permission::View));
    assert!(matches!(viewer.change_master_password(&change(PASSWORD, "another one")), Err(VaultError::Denied(_))));
    assert!(matches!(unlocked(&viewer, PASSWORD).reveal(id), Err(VaultError::Denied(_))));
}

#[cfg(feature = "csv")]
#[test]
fn an_export_waits_for_the_unlock() {
    use pwvault_core::csv::{ExportMode, dialect};
    use pwvault_core::vault::Selection;

    let world = World::new();
    let anna = world.client("anna");
    let id = entry_with_history(&anna);
    set(&anna, Recovery::None);
    let export = |session: &Session, selection: Selection| {
        let mut out = Vec::new();
        session
            .export(&mut out, &selection, dialect("pwvault").unwrap(), ExportMode::Exact)
            .map(|_| String::from_utf8(out).unwrap())
    };
    let all = || Selection::Filter(EntryFilter::default());
    assert!(is_locked(export(&anna, Selection::Ids(vec![id]))));
    assert!(!export(&anna, all()).is_ok_and(|text| text.contains("second")));
    assert!(export(&unlocked(&anna, PASSWORD), all()).unwrap().contains("second"));
}

#[test]
fn administrators_see_the_entry_and_get_the_challenge() {
    let world = World::new();
    let (anna, root) = (world.client("anna"), world.root());
    let id = entry_with_history(&anna);
    assert!(!root.has_master_password(&owner()).unwrap());
    set(&anna, Recovery::None);
    assert!(root.has_master_password(&owner()).unwrap());
    let page = root.list_entries(&EntryQuery::default()).unwrap();
    assert_eq!((page.entries[0].id, page.entries[0].head.tier()), (id, Tier::MasterPassword));
    assert!(is_locked(root.reveal(id)));
    assert!(is_locked(past_passwords(&root, id)));
    assert_eq!(root.challenge(id).unwrap(), [Challenge::MasterPassword { owner: owner() }]);
    assert_eq!(password(&unlocked(&root, PASSWORD), id).unwrap(), "second");
    // Staff write for the client without knowing it.
    let draft = EntryDraft { owner: Some(owner()), ..draft("by staff") };
    let written = root.create_entry(&draft).unwrap();
    assert!(is_locked(root.reveal(written)));
    assert!(has_master_lock(&unlocked(&anna, PASSWORD), written));

    // Another client cannot even ask.
    let bert = world.client("bert");
    assert!(matches!(bert.has_master_password(&owner()), Err(VaultError::NotFound)));
    assert!(matches!(bert.unlock(&answer(PASSWORD)), Err(VaultError::NotFound)));
    let ticket = anna.unlock(&answer(PASSWORD)).unwrap();
    assert!(is_locked(root.with_ticket(ticket).reveal(id)), "a ticket is for one principal");
}

#[test]
fn sharing_moves_an_entry_out_and_back() {
    let world = World::new();
    let (anna, bert) = (world.client("anna"), world.client("bert"));
    let id = entry_with_history(&anna);
    set(&anna, Recovery::None);
    let open = unlocked(&anna, PASSWORD);
    share_with_bert(&open, id).unwrap();
    assert!(!has_master_lock(&open, id));
    assert_eq!(past_passwords(&bert, id).unwrap(), ["first"]);
    // It is still in the owned section.
    assert!(is_locked(anna.reveal(id)));
    set_password(&open, id, "third");
    assert!(!has_master_lock(&open, id));
    open.share(id, &[GrantChange::Remove { grantee: Grantee::Client(client("bert")) }]).unwrap();
    assert!(has_master_lock(&open, id));
    assert!(matches!(bert.reveal(id), Err(VaultError::NotFound)));
    assert_eq!(password(&open, id).unwrap(), "third");
}

#[test]
fn a_category_moves_an_entry_out_and_back() {
    let world = World::new();
    let anna = world.client("anna");
    let id = entry_with_history(&anna);
    set(&anna, Recovery::None);
    let open = unlocked(&anna, PASSWORD);
    let members = vec![Grantee::Client(client("bert"))];
    let draft = CategoryDraft { name: "Helpers".into(), members, ..CategoryDraft::default() };
    let category = open.create_category(&draft).unwrap();
    let assigned = Assignment { category, actions: Actions::VIEW_AND_REVEAL };
    let bert = world.client("bert");
    let is_guarded = || {
        assert!(has_master_lock(&open, id));
        assert!(matches!(bert.reveal(id), Err(VaultError::NotFound)));
        assert!(is_locked(anna.reveal(id)));
        assert_eq!(past_passwords(&open, id).unwrap(), ["first"]);
    };
    is_guarded();
    for by_force in [false, true] {
        assert!(is_locked(anna.assign_category(&[id], Some(assigned))));
        open.assign_category(&[id], Some(assigned)).unwrap();
        assert!(!has_master_lock(&open, id));
        assert_eq!(bert.reveal(id).unwrap().password.expose(), open.reveal(id).unwrap().password.expose());
        if by_force {
            open.delete_category(category, true).unwrap();
        } else {
            open.assign_category(&[id], None).unwrap();
        }
        is_guarded();
    }
}

#[test]
fn keys_take_its_place_and_give_it_back() {
    let world = World::new();
    let anna = world.client("anna");
    let id = entry_with_history(&anna);
    set(&anna, Recovery::None);
    let open = unlocked(&anna, PASSWORD);
    let (key, weak) = (with_passphrase(&anna, "open sesame"), stored(&anna));
    assert!(matches!(open.attach_keys(id, 2, &[weak]), Err(VaultError::Invalid { field: "keys", .. })));
    let with_weak = EntryDraft { keys: vec![weak], ..draft("weak") };
    assert!(matches!(open.create_entry(&with_weak), Err(VaultError::Invalid { field: "keys", .. })));
    open.attach_keys(id, 2, &[key]).unwrap();
    assert_eq!(recipients(&open, id), [[Recipient::Key(key)], [Recipient::Key(key)]]);
    assert!(matches!(open.reveal(id), Err(VaultError::Locked(_))), "the master password no longer opens it");
    let answer = UnlockAnswer::Passphrase { key, passphrase: "open sesame".into() };
    let open = open.clone().with_ticket(open.unlock(&answer).unwrap());
    assert_eq!(password(&open, id).unwrap(), "second");
    open.detach_key(id, 3, key).unwrap();
    assert!(has_master_lock(&open, id));
    assert_eq!(past_passwords(&unlocked(&anna, PASSWORD), id).unwrap(), ["first"]);
}

#[test]
fn a_change_ends_the_tickets_and_reseals_nothing() {
    let world = World::new();
    let anna = world.client("anna");
    let id = entry_with_history(&anna);
    set(&anna, Recovery::None);
    let open = unlocked(&anna, PASSWORD);
    let wrong = anna.change_master_password(&change("not the one", "another one"));
    assert!(matches!(wrong, Err(VaultError::WrongAnswer { what: "master password" })));
    assert!(matches!(anna.change_master_password(&change(PASSWORD, PASSWORD)), Err(VaultError::Invalid { .. })));
    assert!(matches!(anna.change_master_password(&change(PASSWORD, "short")), Err(VaultError::Invalid { .. })));
    assert!(open.reveal(id).is_ok());
    let before = world.records().into_iter().find(|record| record.key.id == id.into()).unwrap();
    anna.change_master_password(&change(PASSWORD, "another one")).unwrap();
    assert!(world.records().contains(&before));
    assert!(is_locked(open.reveal(id)));
    assert!(matches!(anna.unlock(&answer(PASSWORD)), Err(VaultError::WrongAnswer { .. })));
    assert_eq!(password(&unlocked(&anna, "another one"), id).unwrap(), "second");
    let bert = world.client("bert");
    assert!(matches!(bert.change_master_password(&change(PASSWORD, "another one")), Err(VaultError::State(_))));
}

#[test]
fn an_unlock_stretches_anew_when_the_setting_rose() {
    let world = World::new();
    let (anna, root) = (world.client("anna"), world.root());
    let id = entry_with_history(&anna);
    set(&anna, Recovery::None);
    let record = || {
        let kind = pwvault_core::id::RecordKind::MasterPassword;
        world.records().into_iter().find(|record| record.key.kind == kind).unwrap().revision
    };
    unlocked(&anna, PASSWORD);
    let before = record();
    let (settings, revision) = root.settings().unwrap();
    let kdf = KdfParams { passes: KdfParams::FLOOR.passes + 1, ..KdfParams::FLOOR };
    root.update_settings(&Settings { kdf, ..settings }, revision).unwrap();
    assert_eq!(password(&unlocked(&anna, PASSWORD), id).unwrap(), "second");
    assert_eq!(record(), before + 1);
    unlocked(&anna, PASSWORD);
    assert_eq!(record(), before + 1, "once is enough");
}

#[test]
fn disabling_gives_everything_back_to_the_vault() {
    let world = World::new();
    let anna = world.client("anna");
    let (id, trashed) = (entry_with_history(&anna), entry_with_history(&anna));
    anna.trash_entries(&[trashed]).unwrap();
    set(&anna, Recovery::None);
    assert!(is_locked(anna.disable_master_password()));
    let old = unlocked(&anna, PASSWORD);
    old.disable_master_password().unwrap();
    assert_eq!(anna.master_password().unwrap(), None);
    anna.restore_entries(&[trashed]).unwrap();
    for id in [id, trashed] {
        assert_eq!(recipients(&anna, id), vec![vec![]; 2]);
        assert_eq!(password(&anna, id).unwrap(), "second");
        assert_eq!(past_passwords(&anna, id).unwrap(), ["first"]);
    }
    assert!(matches!(old.disable_master_password(), Err(VaultError::State(_))));
    assert!(matches!(anna.unlock(&answer(PASSWORD)), Err(VaultError::NotFound)));
    // The next one is another pair, which the old ticket does not open.
    set(&anna, Recovery::None);
    assert!(is_locked(old.reveal(id)));
    assert_eq!(password(&unlocked(&anna, PASSWORD), id).unwrap(), "second");
}

#[test]
fn without_recovery_a_forgotten_password_is_a_loss() {
    let world = World::new();
    let anna = world.client("anna");
    let id = entry_with_history(&anna);
    set(&anna, Recovery::None);
    let code = RecoverWith::Code("0000-0000-0000-0000-0000-0000-0000".into());
    assert!(matches!(anna.recover_master_password(&recover(code, "another one")), Err(VaultError::State(_))));
    let offline = RecoverWith::OfflineKey(pem(RSA));
    assert!(matches!(anna.recover_master_password(&recover(offline, "another one")), Err(VaultError::State(_))));
    assert!(is_locked(anna.reveal(id)) && is_locked(world.root().reveal(id)));
    // Even with the policy out of the way, nothing in the store opens it.
    let world = World { vault: builder(&world.clock).open(world.store.clone(), VAULT).unwrap(), ..world };
    assert!(is_locked(world.root().reveal(id)));
}

#[test]
fn a_printed_code_recovers_once() {
    let world = World::new();
    let anna = world.client("anna");
    let id = entry_with_history(&anna);
    let code = set(&anna, Recovery::Code).recovery_code.unwrap();
    assert_eq!(code.len(), 34);
    let forgotten = unlocked(&anna, PASSWORD);
    let with = |code: &str| RecoverWith::Code(code.into());
    let mistyped = format!("{}{}", if code.expose().starts_with('0') { '2' } else { '0' }, &code.expose()[1..]);
    let refused = anna.recover_master_password(&recover(with(&mistyped), "another one"));
    assert!(matches!(refused, Err(VaultError::Invalid { field: "recovery code", .. })));
    let other = world.client("bert");
    let strange = set_for(&other);
    let refused = anna.recover_master_password(&recover(with(strange.expose()), "another one"));
    assert!(matches!(refused, Err(VaultError::WrongAnswer { what: "recovery code" })));
    assert!(forgotten.reveal(id).is_ok());

    let lower = code.expose().to_lowercase();
    let next = anna.recover_master_password(&recover(with(&lower), "another one")).unwrap().unwrap();
    assert!(is_locked(forgotten.reveal(id)));
    assert!(matches!(anna.unlock(&answer(PASSWORD)), Err(VaultError::WrongAnswer { .. })));
    assert_eq!(password(&unlocked(&anna, "another one"), id).unwrap(), "second");
    assert!(!anna.master_password().unwrap().unwrap().must_change);
    let again = anna.recover_master_password(&recover(with(&lower), "a third one"));
    assert!(matches!(again, Err(VaultError::WrongAnswer { .. })), "it is used up");
    anna.recover_master_password(&recover(with(next.expose()), "a third one")).unwrap();
    assert_eq!(password(&unlocked(&anna, "a third one"), id).unwrap(), "second");
}

#[test]
fn a_recovery_code_is_renewed_by_whoever_knows_the_password() {
    let world = World::new();
    let anna = world.client("anna");
    assert!(matches!(anna.renew_recovery_code(&PASSWORD.into()), Err(VaultError::State(_))), "none is set");
    set(&anna, Recovery::None);
    let refused = anna.renew_recovery_code(&PASSWORD.into());
    assert!(matches!(refused, Err(VaultError::State(_))), "this way was not chosen");
    let bert = world.client("bert");
    set_for(&bert);
    let refused = bert.renew_recovery_code(&"another password".into());
    assert!(matches!(refused, Err(VaultError::WrongAnswer { what: "master password" })));
    bert.renew_recovery_code(&PASSWORD.into()).unwrap();
    let filter = LogFilter { kinds: vec![EventKind::RecoveryCodeRenewed], ..LogFilter::default() };
    let events = world.root().read_log(&filter).unwrap().events;
    let outcomes: Vec<_> = events.iter().filter_map(|logged| Some(logged.event.as_ref()?.outcome)).collect();
    assert_eq!(outcomes, [Outcome::Done, Outcome::Failed]);
}

fn set_for(session: &Session) -> SecretString {
    set(session, Recovery::Code).recovery_code.unwrap()
}

#[test]
fn the_offline_key_recovers_and_the_owner_must_change() {
    for (public, private, wrong) in [(RSA_PUBLIC, RSA, RSA_OTHER), (X25519_PUBLIC, X25519, RSA)] {
        let world = World::new();
        let vault = builder(&world.clock).recovery_key(PublicKey::from_pem(public).unwrap());
        let world = World { vault: vault.open(world.store.clone(), VAULT).unwrap(), ..world };
        let (anna, root) = (world.client("anna"), world.root());
        let id = entry_with_history(&anna);
        assert!(set(&anna, Recovery::OfflineKey).recovery_code.is_none());
        let with = |key: &str| RecoverMaster {
            owner: Some(owner()),
            ..recover(RecoverWith::OfflineKey(pem(key)), "temporary one")
        };
        let refused = root.recover_master_password(&with(wrong));
        assert!(matches!(refused, Err(VaultError::WrongAnswer { what: "recovery key" })));
        assert!(matches!(world.client("bert").recover_master_password(&with(private)), Err(VaultError::Denied(_))));
        assert!(root.recover_master_password(&with(private)).unwrap().is_none());

        assert!(anna.master_password().unwrap().unwrap().must_change);
        let open = unlocked(&anna, "temporary one");
        for refused in [open.reveal(id).map(drop), open.list_entries(&EntryQuery::default()).map(drop)] {
            assert!(matches!(refused, Err(VaultError::State(_))), "{refused:?}");
        }
        assert!(matches!(open.disable_master_password(), Err(VaultError::State(_))));
        anna.change_master_password(&change("temporary one", "my own again")).unwrap();
        assert!(!anna.master_password().unwrap().unwrap().must_change);
        assert_eq!(password(&unlocked(&anna, "my own again"), id).unwrap(), "second");
    }
}

#[test]
fn every_way_in_survives_a_rotation() {
    let world = World::new();
    let vault = builder(&world.clock).recovery_key(PublicKey::from_pem(RSA_PUBLIC).unwrap());
    let world = World { vault: vault.open(world.store.clone(), VAULT).unwrap(), ..world };
    let (anna, root) = (world.client("anna"), world.root());
    let id = entry_with_history(&anna);
    let rotate = || {
        root.rotate_keys(VaultKey::Data).unwrap();
        root.reseal_records(&mut |_| ControlFlow::Continue(())).unwrap();
        root.retire_old_keys().unwrap();
    };
    let code = set_for(&anna);
    let open = unlocked(&anna, PASSWORD);
    rotate();
    assert!(is_locked(open.reveal(id)), "tickets end with the data key");
    assert_eq!(past_passwords(&unlocked(&anna, PASSWORD), id).unwrap(), ["first"]);
    let by_code = recover(RecoverWith::Code(code), "another one");
    anna.recover_master_password(&by_code).unwrap();
    unlocked(&anna, "another one").disable_master_password().unwrap();

    set(&anna, Recovery::OfflineKey);
    rotate();
    let offline = recover(RecoverWith::OfflineKey(pem(RSA)), "a third one");
    anna.recover_master_password(&offline).unwrap();
    assert_eq!(password(&unlocked(&anna, "a third one"), id).unwrap(), "second");
}

#[test]
fn what_was_being_written_when_it_was_set_is_sealed_to_it() {
    // Each is begun before the master password is set, and reaches the store after it.
    type Begun = fn(&World, pwvault_core::EntryId) -> pwvault_core::EntryId;
    let by_staff: Begun =
        |world, _| world.root().create_entry(&EntryDraft { owner: Some(owner()), ..draft("third") }).unwrap();
    let by_owner: Begun = |world, _| world.client("anna").create_entry(&draft("third")).unwrap();
    let unshared: Begun = |world, id| {
        let ended = world.client("anna").share(id, &[GrantChange::Remove { grantee: Grantee::Client(client("bert")) }]);
        assert!(is_locked(ended), "it is barred by now");
        let ends = GrantChange::Remove { grantee: Grantee::Client(client("bert")) };
        unlocked(&world.client("anna"), PASSWORD).share(id, &[ends]).unwrap();
        id
    };
    let changed: Begun = |world, id| {
        let patch = EntryPatch { password: Some("third".into()), ..EntryPatch::default() };
        assert!(is_locked(world.client("anna").update_entry(id, 3, &patch)), "it is barred by now");
        id
    };
    for (at, begun) in [by_staff, by_owner, unshared, changed].into_iter().enumerate() {
        let armed = Arc::new(AtomicBool::new(false));
        let (trigger, vault) = (armed.clone(), Arc::new(OnceLock::<Vault>::new()));
        let setter = vault.clone();
        let store = FaultyStore::new(MemoryStore::new()).lie_on_commit(move |changes| {
            if trigger.swap(false, Ordering::SeqCst) {
                let anna = setter.get().unwrap().session(Principal::client(client("anna")), RequestContext::default());
                assert_eq!(set(&anna, Recovery::None).state, MasterState::Active);
            }
            Some(changes.clone())
        });
        let world = World::with_store(Arc::new(store));
        let other = builder(&world.clock).open(world.store.clone(), VAULT).unwrap();
        vault.set(other).ok().unwrap();
        let anna = world.client("anna");
        let shared = entry_with_history(&anna);
        share_with_bert(&anna, shared).unwrap();
        armed.store(true, Ordering::SeqCst);
        let id = begun(&world, shared);
        assert!(!armed.load(Ordering::SeqCst));
        let open = unlocked(&anna, PASSWORD);
        assert_eq!(has_master_lock(&open, id), at != 3, "case {at}");
    }
}

#[test]
fn an_administrator_guards_its_own_entries_too() {
    let world = World::new();
    let root = world.root();
    let id = root.create_entry(&draft("of staff")).unwrap();
    set(&root, Recovery::None);
    assert!(matches!(root.reveal(id), Err(VaultError::Locked(_))));
    let own = Owner::Admin(pwvault_core::AdminId::new("root").unwrap());
    let answer = UnlockAnswer::MasterPassword { owner: own, password: PASSWORD.into() };
    let open = root.clone().with_ticket(root.unlock(&answer).unwrap());
    assert_eq!(password(&open, id).unwrap(), "of staff");
}

#[test]
fn the_setting_and_the_expected_lock_are_heeded() {
    let world = World::new();
    let (anna, root) = (world.client("anna"), world.root());
    let id = entry_with_history(&anna);
    let other = PublicKey::from_pem(RSA_PUBLIC).unwrap().fingerprint();
    let wary = world.session(anna.principal().clone().expecting_lock(other));
    assert!(matches!(wary.set_master_password(&first(PASSWORD, PASSWORD)), Err(VaultError::UnexpectedLock)));
    set(&anna, Recovery::None);
    let fingerprint = anna.master_password().unwrap().unwrap().fingerprint;
    let sure = world.session(anna.principal().clone().expecting_lock(fingerprint));
    let new = sure.create_entry(&draft("new")).unwrap();
    let open = unlocked(&sure, PASSWORD);
    assert_eq!(password(&open, new).unwrap(), "new");
    assert!(matches!(share_with_bert(&open, id), Err(VaultError::UnexpectedLock)));
    assert!(matches!(open.disable_master_password(), Err(VaultError::UnexpectedLock)));

    let (settings, revision) = root.settings().unwrap();
    root.update_settings(&Settings { master_passwords: false, ..settings }, revision).unwrap();
    let bert = world.client("bert");
    assert!(matches!(bert.set_master_password(&first(PASSWORD, PASSWORD)), Err(VaultError::Denied(_))));
    // Those that are set stay in force.
    assert!(is_locked(anna.reveal(id)));
    anna.change_master_password(&change(PASSWORD, "another one")).unwrap();
    unlocked(&anna, "another one").disable_master_password().unwrap();
}

#[test]
fn extended_roles_meet_the_lock_as_well() {
    let world = World::new();
    let (anna, root) = (world.client("anna"), world.root());
    let id = entry_with_history(&anna);
    set(&anna, Recovery::None);
    let chief = RoleId::new("chief").unwrap();
    let (settings, revision) = root.settings().unwrap();
    root.update_settings(&Settings { extended_roles: vec![chief.clone()], ..settings }, revision).unwrap();
    let chief = world.session(Principal::admin_with_roles(pwvault_core::AdminId::new("chief").unwrap(), vec![chief]));
    assert!(is_locked(chief.reveal(id)));
    let rename = EntryPatch { name: Some("Renamed".into()), ..EntryPatch::default() };
    chief.update_entry(id, 2, &rename).unwrap();
    let patch = EntryPatch { password: Some("third".into()), ..EntryPatch::default() };
    assert!(is_locked(chief.update_entry(id, 3, &patch)), "a part of the secret needs the rest");
    assert_eq!(past_passwords(&unlocked(&anna, PASSWORD), id).unwrap(), ["first"]);
}
