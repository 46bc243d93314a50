//! Row 18b: a right that ends while it is being used. Every operation is interrupted before each of
//! its calls to the store, there the right is taken away, and then it goes on. Either it is refused,
//! or the log has it before the end of the right.

use std::sync::Arc;

use pwvault_core::audit::{self, LogQuery, LoggedEvent};
use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::id::RecordKind;
use pwvault_core::model::{
    AccessMode, Actions, Assignment, Contact, EventKind, Grantee, HostEvent, Outcome, Owner, Permissions, Person,
    RuleDraft, Section, Tier,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{Order, Store};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    CategoryDraft, DeleteKey, EntryFilter, EntryQuery, EntryView, ImportOptions, KeyPatch, SecretPart, Selection,
    UnlockAnswer, UnlockTicket,
};
use pwvault_core::{AdminId, EntryDraft, EntryId, EntryPatch, Principal, RequestContext, RoleId, Session, VaultError};

use crate::evil::{self, Furnished, Ledger, Site};
use crate::locked::{client, draft, version};

/// What ends a right, and the event it leaves.
type Ends = &'static [(Act, EventKind)];
type Act = fn(&Furnished, &Site) -> Result<(), VaultError>;

/// What someone does, and what takes the right to it away.
struct Case {
    name: &'static str,
    actor: fn() -> Person,
    act: Act,
    kind: EventKind,
    revoke: Act,
    revoked: EventKind,
}

fn bert(site: &Site) -> Session {
    site.client("bert")
}

fn is_bert() -> Person {
    Person::Client(client("bert"))
}

fn is_anna() -> Person {
    Person::Client(client("anna"))
}

fn support(site: &Site) -> Session {
    let roles = vec![RoleId::new("support").unwrap()];
    let principal = Principal::admin_with_roles(AdminId::new("support").unwrap(), roles);
    site.vault.session(principal, RequestContext::default())
}

fn is_support() -> Person {
    Person::Admin(AdminId::new("support").unwrap())
}

fn holder(home: &Furnished, site: &Site) -> Session {
    site.client("anna").with_ticket(home.ticket.clone())
}

fn to(name: &str, actions: Actions) -> GrantChange {
    GrantChange::put(Grantee::Client(client(name)), actions)
}

fn unshare(home: &Furnished, site: &Site) -> Result<(), VaultError> {
    let change = GrantChange::Remove { grantee: Grantee::Client(client("bert")) };
    site.client("anna").share(home.entries[0].0, &[change]).map(drop)
}

fn narrow(home: &Furnished, site: &Site) -> Result<(), VaultError> {
    let view: Actions = [pwvault_core::model::Action::View].into_iter().collect();
    site.client("anna").share(home.entries[0].0, &[to("bert", view)]).map(drop)
}

fn make_private(home: &Furnished, site: &Site) -> Result<(), VaultError> {
    unshare(home, site)?;
    let (anna, id) = (site.client("anna"), home.entries[0].0);
    let patch = EntryPatch { private: Some(true), ..EntryPatch::default() };
    anna.update_entry(id, version(&anna, id), &patch).map(drop)
}

fn trash(home: &Furnished, site: &Site) -> Result<(), VaultError> {
    site.client("anna").trash_entries(&[home.entries[0].0])
}

fn close_to_staff(_: &Furnished, site: &Site) -> Result<(), VaultError> {
    let (mut settings, revision) = site.root().settings()?;
    settings.access_mode = AccessMode::default();
    site.root().update_settings(&settings, revision)
}

fn remove_rule(_: &Furnished, site: &Site) -> Result<(), VaultError> {
    let rule = site.root().rules()?.into_iter().find(|rule| rule.name == "Support").unwrap();
    site.root().remove_rule(rule.id)
}

fn restrict(_: &Furnished, site: &Site) -> Result<(), VaultError> {
    let rule = RuleDraft {
        name: "No entries".into(),
        restrict: vec![Section::Entries],
        roles: vec![RoleId::new("support").unwrap()],
        ..RuleDraft::default()
    };
    site.root().add_rule(&rule).map(drop)
}

fn set_master(_: &Furnished, site: &Site) -> Result<(), VaultError> {
    evil::set_master(&bert(site));
    Ok(())
}

fn end_ticket(home: &Furnished, site: &Site) -> Result<(), VaultError> {
    site.client("anna").lock(&home.ticket)
}

fn change_passphrase(home: &Furnished, site: &Site) -> Result<(), VaultError> {
    site.client("anna").change_key_passphrase(home.keys[0], &"open sesame".into(), &"close sesame".into())
}

fn delete_key(home: &Furnished, site: &Site) -> Result<(), VaultError> {
    site.client("anna").delete_key(home.keys[0], DeleteKey::LoseSecrets).map(drop)
}

fn no_more_attaching(home: &Furnished, site: &Site) -> Result<(), VaultError> {
    let (anna, id) = (site.client("anna"), home.keys[2]);
    let patch = KeyPatch { may_attach: Some(vec![]), ..KeyPatch::default() };
    anna.update_key(id, anna.key(id)?.version, &patch).map(drop)
}

fn delete_public_key(home: &Furnished, site: &Site) -> Result<(), VaultError> {
    site.client("anna").delete_key(home.keys[2], DeleteKey::LoseSecrets).map(drop)
}

fn export(session: &Session, selection: &Selection) -> Result<(), VaultError> {
    let own = dialect("pwvault").unwrap();
    let mut out = Vec::new();
    let exported = session.export(&mut out, selection, own, ExportMode::Exact).map(drop);
    assert!(exported.is_ok() || out.is_empty(), "plaintext left without its event");
    exported
}

fn cases() -> Vec<Case> {
    use EventKind as E;
    let shared: [(&str, Act, EventKind); 8] = [
        ("reveal", |home, site| bert(site).reveal(home.entries[0].0).map(drop), E::SecretRevealed),
        (
            "copy",
            |home, site| bert(site).copy_secret(home.entries[0].0, SecretPart::Password).map(drop),
            E::SecretCopied,
        ),
        (
            "reveal past",
            |home, site| bert(site).reveal_past(home.entries[0].0, home.past[0].0).map(drop),
            E::PastSecretRevealed,
        ),
        (
            "rename",
            |home, site| {
                let (session, id) = (bert(site), home.entries[0].0);
                let patch = EntryPatch { name: Some("Renamed".into()), ..EntryPatch::default() };
                session.update_entry(id, session.entry(id)?.head.version, &patch).map(drop)
            },
            E::EntryUpdated,
        ),
        (
            "change the secret",
            |home, site| {
                let (session, id) = (bert(site), home.entries[0].0);
                let patch = EntryPatch { password: Some("by bert".into()), ..EntryPatch::default() };
                session.update_entry(id, session.entry(id)?.head.version, &patch).map(drop)
            },
            E::SecretChanged,
        ),
        (
            "restore the secret",
            |home, site| {
                let (session, id) = (bert(site), home.entries[0].0);
                let seen = session.entry(id)?.head.version;
                session.restore_secret(id, seen, home.past[0].0, &[SecretPart::Password]).map(drop)
            },
            E::SecretRestored,
        ),
        (
            "share on",
            |home, site| bert(site).share(home.entries[0].0, &[to("carl", Actions::VIEW_AND_REVEAL)]).map(drop),
            E::SharingChanged,
        ),
        ("export", |home, site| export(&bert(site), &Selection::Ids(vec![home.entries[0].0])), E::EntriesExported),
    ];
    let mut cases = Vec::new();
    for (name, act, kind) in shared {
        let ends: [(Act, EventKind); 4] = [
            (unshare, E::SharingChanged),
            (narrow, E::SharingChanged),
            (make_private, E::SharingChanged),
            (trash, E::EntryTrashed),
        ];
        cases.extend(ends.map(|(revoke, revoked)| Case { name, actor: is_bert, act, kind, revoke, revoked }));
    }
    let staff: [(&str, Act, EventKind, Ends); 4] = [
        (
            "staff reveals",
            |home, site| support(site).reveal(home.entries[1].0).map(drop),
            E::SecretRevealed,
            &[(close_to_staff, E::SettingsChanged), (restrict, E::AccessChanged)],
        ),
        (
            "staff exports",
            |home, site| export(&support(site), &Selection::Ids(vec![home.entries[1].0])),
            E::EntriesExported,
            &[(close_to_staff, E::SettingsChanged), (remove_rule, E::AccessChanged), (restrict, E::AccessChanged)],
        ),
        (
            "staff creates for a client",
            |_, site| {
                let owner = Some(Owner::Client(client("carl")));
                support(site).create_entry(&EntryDraft { owner, ..draft("new") }).map(drop)
            },
            E::EntryCreated,
            &[(remove_rule, E::AccessChanged), (restrict, E::AccessChanged)],
        ),
        (
            "staff imports for a client",
            |_, site| {
                let options = ImportOptions { owner: Some(Owner::Client(client("carl"))), ..ImportOptions::default() };
                support(site).import(b"name,password\nNew,new\n", &options, &mut |_, _| {}).map(drop)
            },
            E::EntriesImported,
            &[(remove_rule, E::AccessChanged), (restrict, E::AccessChanged)],
        ),
    ];
    for (name, act, kind, ends) in staff {
        cases.extend(ends.iter().map(|(revoke, revoked)| Case {
            name,
            actor: is_support,
            act,
            kind,
            revoke: *revoke,
            revoked: *revoked,
        }));
    }
    let bars: [(&str, Act, EventKind); 3] = [
        ("reveal one's own", |home, site| bert(site).reveal(home.entries[1].0).map(drop), E::SecretRevealed),
        (
            "export one's own",
            |home, site| export(&bert(site), &Selection::Ids(vec![home.entries[1].0])),
            E::EntriesExported,
        ),
        (
            "rename one's own",
            |home, site| {
                let (session, id) = (bert(site), home.entries[1].0);
                let patch = EntryPatch { name: Some("Renamed".into()), ..EntryPatch::default() };
                session.update_entry(id, session.entry(id)?.head.version, &patch).map(drop)
            },
            E::EntryUpdated,
        ),
    ];
    cases.extend(bars.map(|(name, act, kind)| Case {
        name,
        actor: is_bert,
        act,
        kind,
        revoke: set_master,
        revoked: E::MasterPasswordSet,
    }));
    let unlocked: [(&str, Act, EventKind); 3] = [
        ("reveal locked", |home, site| holder(home, site).reveal(home.guarded).map(drop), E::SecretRevealed),
        (
            "change notes of a locked secret",
            |home, site| {
                let session = holder(home, site);
                let patch = EntryPatch { notes: Some("new".into()), ..EntryPatch::default() };
                session.update_entry(home.guarded, version(&session, home.guarded), &patch).map(drop)
            },
            E::SecretChanged,
        ),
        (
            "attach to a locked entry",
            |home, site| {
                let session = holder(home, site);
                session.attach_keys(home.guarded, version(&session, home.guarded), &[home.keys[2]]).map(drop)
            },
            E::KeysAttached,
        ),
    ];
    for (name, act, kind) in unlocked {
        let ends: [(Act, EventKind); 3] =
            [(end_ticket, E::TicketEnded), (change_passphrase, E::KeyUpdated), (delete_key, E::KeyDeleted)];
        cases.extend(ends.map(|(revoke, revoked)| Case { name, actor: is_anna, act, kind, revoke, revoked }));
    }
    let attaching: [(&str, Act, EventKind); 2] = [
        (
            "create locked to another's key",
            |home, site| bert(site).create_entry(&EntryDraft { keys: vec![home.keys[2]], ..draft("new") }).map(drop),
            E::EntryCreated,
        ),
        (
            "attach another's key",
            |home, site| {
                let (session, id) = (bert(site), home.entries[1].0);
                session.attach_keys(id, version(&session, id), &[home.keys[2]]).map(drop)
            },
            E::KeysAttached,
        ),
    ];
    for (name, act, kind) in attaching {
        let ends: [(Act, EventKind); 2] = [(no_more_attaching, E::KeyUpdated), (delete_public_key, E::KeyDeleted)];
        cases.extend(ends.map(|(revoke, revoked)| Case { name, actor: is_bert, act, kind, revoke, revoked }));
    }
    cases
}

fn furnished() -> Arc<Furnished> {
    let home = Furnished::new(Site::new(), 12);
    let anna = home.site.client("anna");
    anna.share(home.entries[0].0, &[to("bert", Actions::ALL)]).unwrap();
    let may_attach = Some(vec![Grantee::Client(client("bert"))]);
    let seen = anna.key(home.keys[2]).unwrap().version;
    anna.update_key(home.keys[2], seen, &KeyPatch { may_attach, ..KeyPatch::default() }).unwrap();
    let rule = RuleDraft {
        name: "Support".into(),
        allow: vec![Section::Entries, Section::Keys],
        roles: vec![RoleId::new("support").unwrap()],
        ..RuleDraft::default()
    };
    home.site.root().add_rule(&rule).unwrap();
    Arc::new(home)
}

/// The whole log, the oldest first.
fn log(site: &Site) -> Vec<LoggedEvent> {
    let store: &dyn Store = site.store.as_ref();
    let query = LogQuery { order: Order::Ascending, limit: 1_000, ..LogQuery::default() };
    audit::read(store, &site.keyring(), &query).unwrap().events
}

/// Interrupts every act at every call to the store by the end of its right. How often that was, and in
/// how many of them the act had landed before.
fn interrupt_each(home: &Arc<Furnished>, cases: &[Case]) -> (u64, u64) {
    let store = &home.site.store;
    let begin = store.dump();
    let events = log(&home.site).len();
    let (mut made, mut before) = (0, 0);
    for case in cases {
        // The act works, and after the end of the right it does not.
        store.restore(begin.clone());
        (case.act)(home, &home.site.reopened()).unwrap_or_else(|error| panic!("{}: {error:?}", case.name));
        store.restore(begin.clone());
        (case.revoke)(home, &home.site.reopened()).unwrap();
        (case.act)(home, &home.site.reopened()).expect_err(case.name);

        for call in 0.. {
            store.restore(begin.clone());
            let (acting, revoking) = (home.site.reopened(), home.site.reopened());
            let (at, revoke) = (Arc::clone(home), case.revoke);
            store.interrupt(call, move || revoke(&at, &revoking).unwrap());
            let done = (case.act)(home, &acting);
            if store.disarm() {
                break;
            }
            made += 1;
            let log = log(&home.site);
            let new: Vec<_> = log[events..].iter().filter_map(|one| one.event.as_ref()).collect();
            let end = new.iter().position(|event| event.kind == case.revoked && event.actor != (case.actor)());
            let end = end.or_else(|| new.iter().position(|event| event.kind == case.revoked)).unwrap();
            let act = new.iter().position(|event| {
                event.kind == case.kind && event.outcome == Outcome::Done && event.actor == (case.actor)()
            });
            let act = act.filter(|act| *act != end);
            match (&done, act) {
                (Ok(()), Some(act)) => {
                    assert!(act < end, "{}: landed after the end of the right, call {call}", case.name);
                    before += 1;
                }
                (Err(_), None) => {}
                _ => panic!("{}: {done:?} but the log says {act:?}, call {call}", case.name),
            }
        }
    }
    store.restore(begin);
    (made, before)
}

#[test]
fn a_right_taken_away_at_any_moment_does_not_work_any_more() {
    let mut ledger = Ledger::default();
    let cases = cases();
    let (made, before) = interrupt_each(&furnished(), &cases);
    let text = format!("{} acts and ends of a right, interrupted at every call ({before} landed before)", cases.len());
    ledger.enter("18b", &text, made, made);
}

fn leaver(site: &Site) -> Session {
    site.session(Principal::admin(AdminId::new("leaver").unwrap()))
}

fn is_leaver() -> Person {
    Person::Admin(AdminId::new("leaver").unwrap())
}

fn leaves(_: &Furnished, site: &Site) -> Result<(), VaultError> {
    let (admin, new_owner) = (AdminId::new("leaver").unwrap(), AdminId::new("heir").unwrap());
    site.root().apply_host_event(&HostEvent::AdminLeft { admin, new_owner }).map(drop)
}

fn is_deleted(_: &Furnished, site: &Site) -> Result<(), VaultError> {
    site.root().apply_host_event(&HostEvent::ClientDeleted { client: client("bert") }).map(drop)
}

fn is_forbidden(_: &Furnished, site: &Site) -> Result<(), VaultError> {
    let (mut settings, revision) = site.root().settings()?;
    settings.forbidden_clients = vec![client("bert")];
    site.root().update_settings(&settings, revision)
}

/// Another entry of anna's, which a stored key opens.
fn by_category(home: &Furnished) -> EntryId {
    home.entries.iter().filter(|(_, owner)| *owner == "anna").nth(2).unwrap().0
}

/// The whole person, not one of its rights: an administrator who leaves, a client who is deleted or has
/// no part in the vault any more.
#[test]
fn revoking_a_person_takes_effect_at_commit() {
    use EventKind as E;
    let home = furnished();
    let (root, anna) = (home.site.root(), home.site.client("anna"));
    let heir = Contact {
        person: Person::Admin(AdminId::new("heir").unwrap()),
        name: "Heir".into(),
        email: None,
        locale: None,
        zone: None,
        wants_mail: false,
        roles: vec![],
        departments: vec![],
        groups: vec![],
        permissions: Permissions::NONE,
    };
    root.sync_principals(&[heir], &[]).unwrap();
    let staff = Grantee::Admin(AdminId::new("leaver").unwrap());
    anna.share(home.entries[0].0, &[GrantChange::put(staff.clone(), Actions::ALL)]).unwrap();
    let members = CategoryDraft { name: "Helpers".into(), members: vec![staff], ..CategoryDraft::default() };
    let category = anna.create_category(&members).unwrap();
    anna.assign_category(&[by_category(&home)], Some(Assignment { category, actions: Actions::ALL })).unwrap();
    // An access mode would open clients' entries to all staff.
    close_to_staff(&home, &home.site).unwrap();

    let by_grant: [(&str, Act, EventKind); 3] = [
        ("leaver reveals", |home, site| leaver(site).reveal(home.entries[0].0).map(drop), E::SecretRevealed),
        (
            "leaver reveals by category",
            |home, site| leaver(site).reveal(by_category(home)).map(drop),
            E::SecretRevealed,
        ),
        (
            "leaver changes the secret",
            |home, site| {
                let (session, id) = (leaver(site), home.entries[0].0);
                let patch = EntryPatch { password: Some("by leaver".into()), ..EntryPatch::default() };
                session.update_entry(id, session.entry(id)?.head.version, &patch).map(drop)
            },
            E::SecretChanged,
        ),
    ];
    let left = by_grant.map(|(name, act, kind)| Case {
        name,
        actor: is_leaver,
        act,
        kind,
        revoke: leaves,
        revoked: E::HostEventApplied,
    });
    let ends: [(Act, EventKind); 2] = [(is_deleted, E::HostEventApplied), (is_forbidden, E::SettingsChanged)];
    let reveal: Act = |home, site| bert(site).reveal(home.entries[0].0).map(drop);
    let of_client = ends.map(|(revoke, revoked)| Case {
        name: "client reveals",
        actor: is_bert,
        act: reveal,
        kind: E::SecretRevealed,
        revoke,
        revoked,
    });
    let cases: Vec<_> = left.into_iter().chain(of_client).collect();
    let (made, before) = interrupt_each(&home, &cases);
    assert!(made > 40 && before < made, "{made} interrupted, {before} landed before");
}

#[test]
fn a_keyring_changed_at_any_moment_is_the_one_written_under() {
    let mut ledger = Ledger::default();
    let home = furnished();
    let store = &home.site.store;
    let begin = store.dump();
    let acts: [Act; 4] = [
        |home, site| bert(site).reveal(home.entries[0].0).map(drop),
        |home, site| holder(home, site).reveal(home.guarded).map(drop),
        |_, site| bert(site).create_entry(&draft("new")).map(drop),
        |home, site| bert(site).share(home.entries[1].0, &[to("carl", Actions::ALL)]).map(drop),
    ];
    let (mut made, mut kept) = (0, 0);
    for act in acts {
        for call in 0.. {
            store.restore(begin.clone());
            let acting = home.site.reopened();
            let record = home.site.keyring().with_new_data_key().unwrap().seal(&home.site.kek()).unwrap();
            let epoch = record.revision;
            let at = Arc::clone(&home);
            let (told, tell) = std::sync::mpsc::channel();
            store.interrupt(call, move || {
                let store = &at.site.store;
                let newest = store.newest(RecordKind::Event);
                store.put(record);
                told.send(newest).unwrap();
            });
            let done = act(&home, &acting);
            if store.disarm() {
                break;
            }
            made += 1;
            let last = tell.recv().unwrap();
            let late: Vec<_> = home
                .site
                .records()
                .into_iter()
                .filter(|record| record.key.kind == RecordKind::Event && Some(record.key.id) > last)
                .collect();
            let under = |body: &[u8]| u64::from_be_bytes(body[..8].try_into().unwrap());
            // A ticket ends with the data key it was issued under.
            assert!(done.is_ok() || matches!(done, Err(VaultError::Locked(_))), "{done:?}");
            assert!(late.iter().all(|record| under(&record.body) == epoch), "written under the old keyring");
            kept += 1;
        }
    }
    store.restore(begin);
    ledger.enter("18b", "keyring changed at every call: nothing is written under the old one", made, kept);
}

#[test]
fn a_master_password_set_at_any_moment_guards_what_is_written_then() {
    let mut ledger = Ledger::default();
    let home = furnished();
    let store = &home.site.store;
    let begin = store.dump();
    let acts: [Act; 3] = [
        |_, site| bert(site).create_entry(&draft("new")).map(drop),
        |_, site| {
            let owner = Some(Owner::Client(client("bert")));
            support(site).create_entry(&EntryDraft { owner, ..draft("new") }).map(drop)
        },
        |_, site| {
            let options = ImportOptions { owner: Some(Owner::Client(client("bert"))), ..ImportOptions::default() };
            support(site).import(b"name,password\nNew,new\n", &options, &mut |_, _| {}).map(drop)
        },
    ];
    let (mut made, mut kept) = (0, 0);
    for act in acts {
        for call in 0.. {
            store.restore(begin.clone());
            let (acting, setting) = (home.site.reopened(), home.site.reopened());
            store.interrupt(call, move || evil::set_master(&bert(&setting)));
            let done = act(&home, &acting);
            if store.disarm() {
                break;
            }
            made += 1;
            assert!(done.is_ok() || matches!(done, Err(VaultError::Denied(_) | VaultError::Locked(_))), "{done:?}");
            let owner = Owner::Client(client("bert"));
            let answer = UnlockAnswer::MasterPassword { owner: owner.clone(), password: evil::MASTER.into() };
            let session = bert(&acting).with_ticket(bert(&acting).unlock(&answer).unwrap());
            let query =
                EntryQuery { filter: EntryFilter { owner: Some(owner), ..Default::default() }, ..Default::default() };
            let entries = session.list_entries(&query).unwrap().entries;
            let guarded =
                |entry: &EntryView| entry.head.tier() == Tier::MasterPassword || !entry.head.grants.is_empty();
            assert!(entries.len() >= 4 && entries.iter().all(guarded), "call {call}");
            kept += 1;
        }
    }
    store.restore(begin);
    ledger.enter("18b", "master password set at every call: no entry is left under the vault's key", made, kept);
}

#[test]
fn tickets_that_end_are_gone_for_every_session() {
    let home = furnished();
    let never = UnlockTicket::from_bytes([0xaa; 32]);
    let session = home.site.client("anna").with_ticket(never).with_ticket(home.ticket.clone());
    session.reveal(home.guarded).unwrap();
    home.site.client("anna").lock(&home.ticket).unwrap();
    assert!(matches!(session.reveal(home.guarded), Err(VaultError::Locked(_))));
    // Of another person it is no good to begin with.
    let stranger = home.site.client("bert").with_ticket(home.ticket.clone());
    assert!(stranger.reveal(home.guarded).is_err());
    assert!(
        session
            .list_entries(&pwvault_core::vault::EntryQuery { filter: EntryFilter::default(), ..Default::default() })
            .is_ok()
    );
}
