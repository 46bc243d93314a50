//! Links and requests in messages.

use std::sync::Arc;

use pwvault_core::model::{Actions, Addressee, EntryReminder, GrantTerms, Notice, NoticeKind, Obligations, Person};
use pwvault_core::store::MemoryStore;
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{LinkOptions, LinkSecret, Pages, RequestSecret};
use pwvault_core::{
    EntryDraft, EntryId, EntryPatch, GrantChange, Grantee, Principal, RequestContext, RoleId, Session, Timestamp,
    Vault, VaultError,
};

use crate::locked::{self, SharedClock, VAULT};
use crate::world::{annas, asking, client, client_id, is_not_found, root, staff_key};

const LINKS: &str = "https://panel.example/link";
const REQUESTS: &str = "https://panel.example/answer";

fn vault_with(pages: Pages) -> Vault {
    let clock = SharedClock(Arc::new(FixedClock::new(Timestamp::from_millis(1_800_000_000_000))));
    let builder = locked::builder(&clock).pages(pages);
    builder.create(Arc::new(MemoryStore::new()), VAULT, RoleId::new("full").unwrap()).unwrap()
}

fn pages() -> Pages {
    Pages { link: Some(LINKS.into()), request: Some(REQUESTS.into()), invitation: None }
}

/// Anna's entry, which asks for links in messages and which Bert may reveal, with a new password.
fn changed(vault: &Vault, draft: EntryDraft) -> EntryId {
    let anna = client(vault, "anna");
    let entry = anna.create_entry(&draft).unwrap();
    let grantee = Grantee::Client(client_id("bert"));
    anna.share(entry, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)]).unwrap();
    let reminder = EntryReminder { on_change: Some(true), with_link: true, ..EntryReminder::default() };
    let version = anna.set_reminder(entry, 2, &reminder).unwrap();
    let patch = EntryPatch {
        password: Some("n3w".into()),
        notes: Some("".into()),
        totp: Some("".into()),
        fields: Some(vec![]),
        ..EntryPatch::default()
    };
    anna.update_entry(entry, version, &patch).unwrap();
    entry
}

fn change_password(vault: &Vault, entry: EntryId, password: &str) {
    let anna = client(vault, "anna");
    let patch = EntryPatch { password: Some(password.into()), ..EntryPatch::default() };
    anna.update_entry(entry, anna.entry(entry).unwrap().head.version, &patch).unwrap();
}

fn draft() -> EntryDraft {
    EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() }
}

fn messages(vault: &Vault) -> Vec<Notice> {
    let cron: Session = vault.session(Principal::system(), RequestContext::default());
    cron.claim_messages(100, 60_000).unwrap().into_iter().map(|claimed| claimed.message.notice).collect()
}

fn link_in(notice: &Notice) -> LinkSecret {
    let address = notice.facts["link"].strip_prefix(LINKS).unwrap();
    LinkSecret::from_fragment(address.strip_prefix('#').unwrap()).unwrap()
}

#[test]
fn a_message_about_a_change_carries_a_link_that_opens_once() {
    let vault = vault_with(pages());
    changed(&vault, draft());
    let notices = messages(&vault);
    assert_eq!(notices.len(), 1, "the one who changed it is not told");
    assert_eq!(notices[0].to, Addressee::Person(Person::Client(client_id("bert"))));
    assert!(notices[0].facts.contains_key("ends_at"));
    assert!(notices[0].facts.values().all(|fact| !fact.contains("n3w")));
    let link = link_in(&notices[0]);
    assert_eq!(vault.open_link(&link, None, RequestContext::default()).unwrap().password.expose(), "n3w");
    assert!(matches!(vault.open_link(&link, None, RequestContext::default()), Err(VaultError::Ended { .. })));
}

#[test]
fn a_link_in_a_message_rests_on_its_recipients_right() {
    let vault = vault_with(pages());
    let entry = changed(&vault, draft());
    let link = link_in(&messages(&vault)[0]);
    let grantee = Grantee::Client(client_id("bert"));
    client(&vault, "anna").share(entry, &[GrantChange::Remove { grantee }]).unwrap();
    assert!(is_not_found(vault.open_link(&link, None, RequestContext::default())));
}

#[test]
fn who_opened_a_link_in_a_message_knows_the_secret() {
    let vault = vault_with(pages());
    let entry = changed(&vault, draft());
    let anna = client(&vault, "anna");
    let link = link_in(&messages(&vault)[0]);
    vault.link_info(&link).unwrap();
    assert!(anna.entry(entry).unwrap().head.secret.revealed_to.is_empty());
    vault.open_link(&link, None, RequestContext::default()).unwrap();
    let bert = Person::Client(client_id("bert"));
    assert_eq!(anna.entry(entry).unwrap().head.secret.revealed_to, std::slice::from_ref(&bert));
    let known = root(&vault).leaver_report(&bert).unwrap().known;
    assert_eq!(known.iter().map(|one| one.entry).collect::<Vec<_>>(), [entry]);
    let grantee = Grantee::Client(client_id("bert"));
    anna.share(entry, &[GrantChange::Remove { grantee }]).unwrap();
    assert!(anna.entry(entry).unwrap().head.secret.needs_rotation);
}

#[test]
fn what_is_locked_and_what_no_page_opens_is_told_without_a_link() {
    let vault = vault_with(Pages::default());
    changed(&vault, draft());
    let vault_of_locked = vault_with(pages());
    let anna = client(&vault_of_locked, "anna");
    let key = locked::public_only(&anna);
    changed(&vault_of_locked, EntryDraft { keys: vec![key], ..draft() });
    for vault in [&vault, &vault_of_locked] {
        let notices = messages(vault);
        assert_eq!(notices.len(), 1);
        assert!(!notices[0].facts.contains_key("link"));
    }
}

#[test]
fn whoever_must_give_a_reason_or_ask_another_gets_no_link() {
    let asked =
        |reason, approval| GrantTerms { obligations: Obligations { reason, approval }, ..GrantTerms::default() };
    let share = |vault: &Vault, entry, terms| {
        let change = GrantChange::put_on(Grantee::Client(client_id("bert")), Actions::VIEW_AND_REVEAL, terms);
        client(vault, "anna").share(entry, &[change]).unwrap();
    };
    for terms in [asked(true, false), asked(false, true)] {
        let vault = vault_with(pages());
        let entry = changed(&vault, draft());
        let link = link_in(&messages(&vault)[0]);
        share(&vault, entry, terms);
        assert!(is_not_found(vault.link_info(&link)));
        assert!(is_not_found(vault.open_link(&link, None, RequestContext::default())), "it is asked of bert by now");
        change_password(&vault, entry, "n3wer");
        let notices = messages(&vault);
        assert_eq!(notices.len(), 1, "bert is told all the same");
        assert!(!notices[0].facts.contains_key("link"));

        share(&vault, entry, GrantTerms::default());
        change_password(&vault, entry, "n3west");
        let link = link_in(&messages(&vault)[0]);
        assert_eq!(vault.open_link(&link, None, RequestContext::default()).unwrap().password.expose(), "n3west");
    }
}

#[test]
fn a_newer_password_ends_the_links_that_messages_carried() {
    let vault = vault_with(pages());
    let entry = changed(&vault, draft());
    let anna = client(&vault, "anna");
    let own = anna.create_link(entry, &LinkOptions::default()).unwrap();
    let first = link_in(&messages(&vault)[0]);
    assert!(vault.link_info(&first).is_ok());
    // What is beside the password may change.
    let patch = EntryPatch { notes: Some("in the safe".into()), ..EntryPatch::default() };
    anna.update_entry(entry, anna.entry(entry).unwrap().head.version, &patch).unwrap();
    assert!(vault.link_info(&first).is_ok());

    change_password(&vault, entry, "n3wer");
    assert!(is_not_found(vault.link_info(&first)), "it would hand over what is no password any more");
    let second = link_in(&messages(&vault)[0]);
    assert_eq!(vault.open_link(&second, None, RequestContext::default()).unwrap().password.expose(), "n3wer");
    let made = vault.open_link(&own, None, RequestContext::default()).unwrap();
    assert_eq!(made.password.expose(), "n3w", "what someone made hands over what it was made for");
}

#[test]
fn links_in_messages_take_no_room_from_others() {
    let vault = vault_with(pages());
    let entry = changed(&vault, draft());
    let anna = client(&vault, "anna");
    assert_eq!(anna.links(entry).unwrap().len(), 1);
    for _ in 0..100 {
        anna.create_link(entry, &LinkOptions::default()).unwrap();
    }
    assert!(matches!(anna.create_link(entry, &LinkOptions::default()), Err(VaultError::State(_))));
}

#[test]
fn what_a_message_says_is_not_printed() {
    let vault = vault_with(pages());
    changed(&vault, draft());
    let cron = vault.session(Principal::system(), RequestContext::default());
    let claimed = cron.claim_messages(1, 60_000).unwrap();
    let link = &claimed[0].message.notice.facts["link"];
    assert!(claimed[0].message.rendered.as_ref().unwrap().body.contains(link.as_str()));
    let printed = format!("{claimed:?}");
    assert!(!printed.contains(LINKS), "{printed}");
}

#[test]
fn the_client_is_sent_the_request_and_whoever_asked_is_told_of_the_answer() {
    let vault = vault_with(pages());
    let root = root(&vault);
    let (key, _) = staff_key(&root);
    root.request_credentials(&asking(key, annas())).unwrap();
    let asked = messages(&vault).remove(0);
    assert_eq!(
        (asked.kind, &asked.to),
        (NoticeKind::CredentialsRequested, &Addressee::Person(Person::Client(client_id("anna"))))
    );
    let token = asked.facts["link"].strip_prefix(REQUESTS).unwrap().strip_prefix('#').unwrap().to_owned();
    let secret = RequestSecret::from_token(&token).unwrap();
    vault.fill_request(&secret, &["anna".into(), "s3cret".into(), "0815".into()], RequestContext::default()).unwrap();
    let given = messages(&vault).remove(0);
    assert_eq!(given.kind, NoticeKind::CredentialsGiven);
    assert_eq!(given.facts["title"], "Web shop");
    assert!(given.facts.values().all(|fact| !fact.contains("s3cret") && !fact.contains("0815")));
}

#[test]
fn a_page_is_a_web_address_without_a_fragment() {
    for bad in ["javascript:alert(1)", "panel.example", "https://panel.example/#there"] {
        let clock = SharedClock(Arc::new(FixedClock::new(Timestamp::from_millis(0))));
        let pages = Pages { link: Some(bad.into()), ..Pages::default() };
        let refused = locked::builder(&clock).pages(pages).create(
            Arc::new(MemoryStore::new()),
            VAULT,
            RoleId::new("full").unwrap(),
        );
        assert!(matches!(refused, Err(VaultError::Invalid { field: "pages", .. })), "{bad}");
    }
}
