//! Traps that password tools have fallen into, where no other test is about them. `spec/traps.md`
//! names the test of each.

use std::fmt::Debug;

use pwvault_core::csv::ExportMode;
use pwvault_core::id::{ServiceId, VaultId};
use pwvault_core::model::{Action, Assignment, Event, EventKind, Grantee, KekId, Outcome, Person, ServiceRef};
use pwvault_core::vault::{CategoryDraft, LogFilter};
use pwvault_core::{AdminId, ClientId, KekRing, RequestContext, SecretBytes, Vault, VaultBuilder};

use super::*;

const CANARY: &str = "canary-7f3a";

/// An entry with the canary in everything that is secret, now and before.
fn entry_with_canaries(anna: &Session) -> EntryId {
    let field = FieldDraft { name: "PIN".into(), value: CANARY.into(), secret: true };
    let draft = EntryDraft {
        password: CANARY.into(),
        notes: CANARY.into(),
        totp: "JBSWY3DPEHPK3PXP".into(),
        fields: vec![field],
        ..named("Server")
    };
    let id = anna.create_entry(&draft).unwrap();
    let patch = EntryPatch { password: Some(format!("{CANARY}-2").as_str().into()), ..EntryPatch::default() };
    anna.update_entry(id, 1, &patch).unwrap();
    id
}

fn export(session: &Session, selection: &Selection) -> Result<Vec<u8>, VaultError> {
    let mut file = Vec::new();
    session.export(&mut file, selection, dialect("pwvault").unwrap(), ExportMode::Exact)?;
    Ok(file)
}

#[test]
fn who_may_only_look_meets_a_hidden_secret_nowhere() {
    let vault = vault();
    let (anna, bert) = (client(&vault, "anna"), client(&vault, "bert"));
    let id = entry_with_canaries(&anna);
    let past = anna.history(id).unwrap()[0].id;
    let to_bert = Grantee::Client(ClientId::new("bert").unwrap());
    anna.share(id, &[GrantChange::put(to_bert, Actions::NONE.with(Action::View))]).unwrap();

    let text = |text: &str| EntryFilter { text: Some(text.into()), ..EntryFilter::default() };
    let found = |text_: &str| bert.count_entries(&text(text_)).unwrap();
    assert_eq!(found("Server"), pwvault_core::vault::Count::Exactly(1));
    assert_eq!(found(CANARY), pwvault_core::vault::Count::Exactly(0), "a search never asks a secret");

    let show = |what: &dyn Debug| format!("{what:?}");
    let ids = vec![id];
    let shown = [
        show(&bert.entry(id)),
        show(&bert.list_entries(&EntryQuery::default())),
        show(&bert.reveal(id).map(|secret| secret.password.expose().to_owned())),
        show(&bert.copy_secret(id, SecretPart::Notes).map(|secret| secret.expose().to_owned())),
        show(&bert.totp_code(id).map(drop)),
        show(&bert.history(id)),
        show(&bert.reveal_past(id, past).map(|secret| secret.password.expose().to_owned())),
        show(&bert.restore_secret(id, 2, past, &[SecretPart::Password])),
        show(&bert.update_entry(id, 2, &EntryPatch { password: Some("x".into()), ..EntryPatch::default() })),
        show(&export(&bert, &Selection::Ids(ids)).map(|file| String::from_utf8(file).unwrap())),
        show(&bert.explain(id, Action::Reveal)),
        show(&bert.share(id, &[])),
    ];
    for text in &shown {
        assert!(!text.contains(CANARY), "{text}");
    }
    assert_eq!(shown[2..10].iter().filter(|text| text.starts_with("Err")).count(), 8, "{shown:#?}");
    // An export by filter leaves out what is hidden.
    let whole = export(&bert, &Selection::Filter(EntryFilter::default())).unwrap();
    assert_eq!(String::from_utf8(whole).unwrap().lines().count(), 1);
    // The owner finds it in all these places.
    let file = export(&anna, &Selection::Ids(vec![id])).unwrap();
    assert_eq!(String::from_utf8(file).unwrap().matches(CANARY).count(), 3);
}

fn events(vault: &Vault) -> Vec<Event> {
    let log = admin(vault, "root", &["full"]).read_log(&LogFilter { limit: 200, ..LogFilter::default() }).unwrap();
    log.events.into_iter().filter_map(|logged| logged.event).collect()
}

#[test]
fn no_privileged_look_at_a_secret_goes_unlogged() {
    let settings = Settings { extended_roles: vec![RoleId::new("chief").unwrap()], ..Settings::default() };
    let vault = vault_over(Arc::new(MemoryStore::new()), settings);
    let anna = client(&vault, "anna");
    let id = entry_with_canaries(&anna);
    let past = anna.history(id).unwrap()[0].id;
    let chief = admin(&vault, "chief", &["chief", "full"]);
    let person = Person::Admin(AdminId::new("chief").unwrap());
    let as_anna = vault.session(
        anna.principal().clone(),
        RequestContext { on_behalf_of: Some(person.clone()), ..RequestContext::default() },
    );
    type Look = fn(&Session, EntryId, pwvault_core::id::PastSecretId) -> Result<(), VaultError>;
    let looks: [(EventKind, Look); 5] = [
        (EventKind::SecretRevealed, |s, id, _| s.reveal(id).map(drop)),
        (EventKind::SecretCopied, |s, id, _| s.copy_secret(id, SecretPart::Notes).map(drop)),
        (EventKind::TotpShown, |s, id, _| s.totp_code(id).map(drop)),
        (EventKind::PastSecretRevealed, |s, id, past| s.reveal_past(id, past).map(drop)),
        (EventKind::EntriesExported, |s, id, _| export(s, &Selection::Ids(vec![id])).map(drop)),
    ];
    for (kind, look) in looks {
        for session in [&chief, &as_anna] {
            look(session, id, past).unwrap();
            // The newest but for the look at the log itself.
            let newest = events(&vault).into_iter().find(|event| event.kind != EventKind::LogRead).unwrap();
            assert_eq!((newest.kind, newest.outcome), (kind, Outcome::Done));
            assert_eq!(newest.entries, [id], "{kind:?}");
            let people = [Some(newest.actor), newest.on_behalf_of];
            assert!(people.contains(&Some(person.clone())), "{kind:?} does not name who looked");
        }
    }
}

#[test]
fn no_move_of_an_entry_drops_its_shares() {
    let vault = vault();
    let (anna, root) = (client(&vault, "anna"), admin(&vault, "root", &["full"]));
    let id = anna.create_entry(&EntryDraft { password: CANARY.into(), ..named("moving") }).unwrap();
    let to = |name: &str| Grantee::Admin(AdminId::new(name).unwrap());
    let grants = ["bo", "cy"].map(|name| GrantChange::put(to(name), Actions::VIEW_AND_REVEAL));
    anna.share(id, &grants).unwrap();
    let shares = anna.grants(id).unwrap();
    let category = |name: &str| {
        let draft = CategoryDraft { name: name.into(), ..CategoryDraft::default() };
        let category = anna.create_category(&draft).unwrap();
        Some(Assignment { category, actions: Actions::VIEW_AND_REVEAL })
    };
    let (one, other) = (category("one"), category("other"));
    let service = |id: &str| ServiceRef {
        id: ServiceId::new(id).unwrap(),
        client: ClientId::new("anna").unwrap(),
        product: None,
        product_group: None,
    };
    let version = || anna.entry(id).unwrap().head.version;
    let key = anna.generate_key(&key_of_anna()).unwrap().id;
    let tag = root.create_tag("moved").unwrap();
    type Move<'a> = &'a dyn Fn() -> Result<(), VaultError>;
    let moved: [(&str, Move<'_>); 12] = [
        ("into a category", &|| anna.assign_category(&[id], one)),
        ("into another category", &|| anna.assign_category(&[id], other)),
        ("out of its category", &|| anna.assign_category(&[id], None)),
        ("to a service", &|| anna.assign_service(id, version(), Some(&service("1"))).map(drop)),
        ("to another service", &|| anna.assign_service(id, version(), Some(&service("2"))).map(drop)),
        ("off its service", &|| anna.assign_service(id, version(), None).map(drop)),
        ("under a key", &|| anna.attach_keys(id, version(), &[key]).map(drop)),
        ("off its key", &|| anna.detach_key(id, version(), key).map(drop)),
        ("under a tag", &|| {
            anna.share(id, &[GrantChange::put(to("root"), Actions::ALL)])?;
            root.tag_entries(&[id], &[tag], &[])?;
            anna.share(id, &[GrantChange::remove(to("root"))]).map(drop)
        }),
        ("under another name", &|| {
            let patch = EntryPatch { name: Some("moved".into()), ..EntryPatch::default() };
            anna.update_entry(id, version(), &patch).map(drop)
        }),
        ("to the trash and back", &|| {
            anna.trash_entries(&[id])?;
            anna.restore_entries(&[id])
        }),
        ("under another master password", &|| {
            let (password, confirmation) = ("four quiet herons".into(), "four quiet herons".into());
            let recovery = pwvault_core::vault::Recovery::None;
            anna.set_master_password(&pwvault_core::vault::SetMaster { password, confirmation, recovery }).map(drop)
        }),
    ];
    for (whither, go) in moved {
        go().unwrap_or_else(|error| panic!("{whither}: {error:?}"));
        for name in ["bo", "cy"] {
            let revealed = admin(&vault, name, &[]).reveal(id).unwrap_or_else(|error| panic!("{whither}: {error:?}"));
            assert_eq!(revealed.password.expose(), CANARY, "{whither}");
        }
        if let Ok(left) = anna.grants(id) {
            assert_eq!(left, shares, "{whither}");
        }
    }
}

fn key_of_anna() -> pwvault_core::vault::KeyGeneration {
    let owner = pwvault_core::model::KeyOwner::Client(ClientId::new("anna").unwrap());
    // The vault holds it, so that what is locked to it opens without an answer.
    pwvault_core::vault::KeyGeneration::new("key", owner, pwvault_core::vault::KeyCustody::Stored)
}

/// Texts that tools between a form and a file have been known to change.
const AWKWARD: [&str; 11] = [
    "&amp;&lt;b&gt;&quot;&#39;&#x27;",
    "<b>\"bold\" & 'more'</b>",
    "a\"\"b\"",
    "\"quoted\"",
    "one\n\n\ntwo\n",
    "\n\nbegins and ends blank\n\n",
    "one\r\ntwo\rthree\n",
    " blanks around ",
    "comma, semicolon; tab\tand bar|",
    "=1+1",
    "'apostrophe",
];

#[test]
fn no_entity_quote_blank_line_or_newline_changes_a_byte_of_a_secret() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let field = |name: &str, value: &str, secret| FieldDraft { name: name.into(), value: value.into(), secret };
    let texts: Vec<&str> = AWKWARD.into_iter().filter(|text| !text.contains('\0')).collect();
    for (number, text) in texts.iter().copied().enumerate() {
        let draft = EntryDraft {
            password: text.into(),
            notes: text.into(),
            fields: vec![field("seen", text, false), field("hidden", text, true)],
            ..named(&format!("{number}"))
        };
        let id = anna.create_entry(&draft).unwrap();
        assert_eq!(anna.reveal(id).unwrap().password.expose(), text);
    }
    for mode in [ExportMode::Exact, ExportMode::SpreadsheetSafe] {
        let mut file = Vec::new();
        let all = Selection::Filter(EntryFilter::default());
        anna.export(&mut file, &all, dialect("pwvault").unwrap(), mode).unwrap();
        let bert = client(&vault, &format!("bert {mode:?}"));
        let imported = bert.import(&file, &ImportOptions::default(), &mut |_, _| {}).unwrap().imported;
        assert_eq!(imported.len(), texts.len());
        for id in imported {
            let (view, secret) = (bert.entry(id).unwrap(), bert.reveal(id).unwrap());
            let text = &texts[view.head.name.parse::<usize>().unwrap()];
            assert_eq!((secret.password.expose(), secret.notes.expose()), (*text, *text), "{mode:?}");
            assert_eq!(view.head.fields.len(), 2);
            assert_eq!(secret.fields[0].value.expose(), *text, "{mode:?}: a hidden field");
            let seen = &view.head.fields[0].value;
            assert_eq!(
                *seen,
                pwvault_core::model::FieldValue::Visible((*text).to_owned()),
                "{mode:?}: a visible field"
            );
        }
    }
}

#[test]
fn a_wrong_key_is_an_error_and_never_an_empty_secret() {
    let store = Arc::new(MemoryStore::new());
    let vault = vault_over(store.clone(), Settings::default());
    let id = client(&vault, "anna").create_entry(&EntryDraft { password: CANARY.into(), ..named("one") }).unwrap();
    // Under the right name and another.
    for name in [1, 9] {
        let ring = KekRing::single(KekId([name; 16]), SecretBytes::new(vec![7; 32]));
        let opened = VaultBuilder::new(ring).open(store.clone(), host::VAULT);
        assert!(matches!(opened, Err(VaultError::WrongKek(_) | VaultError::UnknownKek(_))), "{opened:?}");
    }
    let elsewhere = VaultBuilder::new(host::kek()).open(store.clone(), VaultId::from_bytes([9; 16]));
    assert!(elsewhere.is_err());
    assert_eq!(client(&vault, "anna").reveal(id).unwrap().password.expose(), CANARY);
}
