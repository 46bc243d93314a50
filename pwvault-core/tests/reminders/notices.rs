//! Who is told of what.

use pwvault_core::id::RecordKind;
use pwvault_core::model::{
    Action, Assignment, Contact, EntryReminder, GrantTerms, NoticeKind, Obligations, Permission, Permissions, Person,
    ReminderDefaults, Rendered, Settings,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{CategoryDraft, SecretPart, VaultError};
use pwvault_core::{Actions, Clock, EntryDraft, EntryPatch, Grantee, Principal, RequestContext};

use super::world::{HOUR, World, admin, client, contact, draft, role, sub_user};

fn telling() -> Settings {
    let reminders = ReminderDefaults { on_change: true, ..ReminderDefaults::default() };
    Settings { reminders, ..Settings::default() }
}

fn put(grantee: Grantee, actions: Actions) -> GrantChange {
    GrantChange::put(grantee, actions)
}

fn password(text: &str) -> EntryPatch {
    EntryPatch { password: Some(text.into()), ..EntryPatch::default() }
}

/// Anna with three sub-users, support staff, and clients she shares with.
fn people(world: &World) {
    let person = |person| contact(person, "UTC");
    let staff = |id: &str, roles: &[&str]| Contact {
        roles: roles.iter().map(|id| role(id)).collect(),
        ..person(Person::Admin(admin(id)))
    };
    world.know(&[
        person(Person::Client(client("anna"))),
        person(sub_user("anna", "sees")),
        Contact { permissions: Permissions::NONE, ..person(sub_user("anna", "blind")) },
        Contact { wants_mail: false, ..person(sub_user("anna", "silent")) },
        person(Person::Client(client("bert"))),
        person(sub_user("bert", "both")),
        person(sub_user("anna", "both")),
        person(Person::Client(client("carl"))),
        staff("sam", &["support"]),
        staff("sue", &["support", "sales"]),
        staff("joe", &["sales"]),
    ]);
}

#[test]
fn everyone_concerned_is_told_of_a_change_but_the_actor() {
    let world = World::new(telling());
    people(&world);
    let anna = world.client("anna");
    let id = anna.create_entry(&draft("Webmail")).unwrap();
    let view = Actions::NONE.with(Action::View);
    anna.share(
        id,
        &[
            put(Grantee::Client(client("bert")), Actions::VIEW_AND_REVEAL.with(Action::Edit)),
            put(Grantee::Client(client("carl")), view),
            put(Grantee::Role(role("support")), Actions::VIEW_AND_REVEAL),
            put(Grantee::Admin(admin("sue")), Actions::VIEW_AND_REVEAL),
            put(Grantee::Role(role("sales")), view),
        ],
    )
    .unwrap();
    let all = ["admin:sam", "admin:sue", "client:anna", "client:bert", "user:both@anna", "user:sees@anna"];
    let told = |without: &str| all.iter().filter(|one| !one.contains(without)).copied().collect::<Vec<_>>();
    assert_eq!(world.told(NoticeKind::SecretChanged), [] as [&str; 0], "creating and sharing changes no secret");

    anna.update_entry(id, 2, &password("second")).unwrap();
    assert_eq!(world.told(NoticeKind::SecretChanged), told("client:anna"));
    world.client("bert").update_entry(id, 3, &password("third")).unwrap();
    assert_eq!(world.told(NoticeKind::SecretChanged), told("client:bert"));
    // The one who acts for both accounts is told by neither.
    let Person::SubUser { account, user } = sub_user("bert", "both") else { panic!() };
    let both = world.session(Principal::sub_user(account, user, Permissions::all()));
    both.update_entry(id, 4, &password("fourth")).unwrap();
    assert_eq!(world.told(NoticeKind::SecretChanged), told("both"));
    // Whoever is signed in as Anna acts, not Anna.
    let context = RequestContext { on_behalf_of: Some(Person::Admin(admin("sam"))), ..RequestContext::default() };
    let as_anna = world.vault.session(Principal::client(client("anna")), context);
    as_anna.update_entry(id, 5, &password("fifth")).unwrap();
    assert_eq!(world.told(NoticeKind::SecretChanged), told("sam"));

    anna.update_entry(id, 6, &EntryPatch { notes: Some("a note".into()), ..EntryPatch::default() }).unwrap();
    anna.update_entry(id, 7, &EntryPatch { name: Some("renamed".into()), ..EntryPatch::default() }).unwrap();
    anna.update_entry(id, 8, &password("fifth")).unwrap();
    assert_eq!(world.told(NoticeKind::SecretChanged), [] as [&str; 0], "the password is the same");
    let past = anna.history(id).unwrap().last().unwrap().id;
    anna.restore_secret(id, 9, past, &[SecretPart::Password]).unwrap();
    assert_eq!(world.told(NoticeKind::SecretChanged), told("client:anna"));

    let quiet = EntryReminder { on_change: Some(false), ..EntryReminder::default() };
    anna.set_reminder(id, 10, &quiet).unwrap();
    anna.update_entry(id, 11, &password("sixth")).unwrap();
    assert_eq!(world.told(NoticeKind::SecretChanged), [] as [&str; 0]);
}

#[test]
fn members_of_a_category_are_told_as_far_as_it_gives_reveal() {
    let world = World::new(telling());
    people(&world);
    let anna = world.client("anna");
    let members = vec![Grantee::Client(client("carl")), Grantee::Client(client("bert"))];
    let draft_of = CategoryDraft { name: "Partners".into(), description: String::new(), members };
    let category = anna.create_category(&draft_of).unwrap();
    let id = anna.create_entry(&draft("Webmail")).unwrap();
    let told = |actions, text: &str| {
        anna.assign_category(&[id], Some(Assignment { category, actions })).unwrap();
        let version = anna.entry(id).unwrap().head.version;
        anna.update_entry(id, version, &password(text)).unwrap();
        world.told(NoticeKind::SecretChanged)
    };
    let account = ["user:both@anna", "user:sees@anna"];
    assert_eq!(told(Actions::NONE.with(Action::View), "second"), account);
    let with_members = ["client:bert", "client:carl", account[0], account[1]];
    assert_eq!(told(Actions::VIEW_AND_REVEAL, "third"), with_members);
}

#[test]
fn a_private_entry_is_told_to_its_account_alone() {
    let world = World::new(telling());
    people(&world);
    let anna = world.client("anna");
    let id = anna.create_entry(&EntryDraft { private: true, ..draft("Diary") }).unwrap();
    anna.update_entry(id, 1, &password("second")).unwrap();
    assert_eq!(world.told(NoticeKind::SecretChanged), ["user:both@anna", "user:sees@anna"]);
}

#[test]
fn a_notice_says_what_who_and_when_and_no_secret() {
    let world = World::new(telling());
    let anna = contact(Person::Client(client("anna")), "Europe/Vienna");
    world.know(&[Contact { name: "Anna Muster".into(), locale: Some("de-AT".into()), ..anna }]);
    let session = world.client("anna");
    let id = session.create_entry(&draft("Webmail")).unwrap();
    let grant = put(Grantee::Client(client("bert")), Actions::VIEW_AND_REVEAL.with(Action::Edit));
    session.share(id, &[grant]).unwrap();
    world.client("bert").update_entry(id, 2, &password("canary-secret")).unwrap();
    world.run();
    let [(_, message)] = &world.take()[..] else { panic!() };
    let facts: Vec<_> = message.notice.facts.iter().map(|(name, text)| format!("{name}={text}")).collect();
    assert_eq!(facts, ["actor=client bert", "changed_at=2026-01-31 13:00", "entry=Webmail"]);
    assert_eq!((message.attempt, message.notice.locale.as_deref()), (1, Some("de-AT")));
    assert_eq!(message.contact.as_ref().unwrap().name, "Anna Muster");
    assert!(!format!("{message:?}").contains("canary"));
}

#[test]
fn the_owner_is_told_of_reveals_of_an_emergency_entry() {
    let world = World::new(Settings::default());
    people(&world);
    let anna = world.client("anna");
    let id = anna.create_entry(&draft("Emergency")).unwrap();
    let editor = Actions::VIEW_AND_REVEAL.with(Action::Edit);
    anna.share(id, &[put(Grantee::Client(client("bert")), editor)]).unwrap();
    let bert = world.client("bert");
    bert.reveal(id).unwrap();
    assert_eq!(world.told(NoticeKind::SecretRevealed), [] as [&str; 0]);

    let loud = EntryReminder { on_reveal: true, ..EntryReminder::default() };
    anna.set_reminder(id, 2, &loud).unwrap();
    bert.reveal(id).unwrap();
    bert.copy_secret(id, SecretPart::Password).unwrap();
    assert_eq!(world.told(NoticeKind::SecretRevealed), ["client:anna", "client:anna"]);
    anna.reveal(id).unwrap();
    assert_eq!(world.told(NoticeKind::SecretRevealed), [] as [&str; 0]);
    let reason = RequestContext { reason: Some("Ticket 4711".into()), ..RequestContext::default() };
    world.vault.session(Principal::client(client("bert")), reason).reveal(id).unwrap();
    world.run();
    assert_eq!(world.take()[0].1.notice.facts["reason"], "Ticket 4711");

    // Who may edit can change the rest, and not silence this.
    assert!(matches!(bert.set_reminder(id, 3, &EntryReminder::default()), Err(VaultError::Denied(_))));
    bert.set_reminder(id, 3, &EntryReminder { on_change: Some(true), ..loud }).unwrap();
}

#[test]
fn without_permission_to_edit_reminders_stay() {
    let world = World::new(Settings::default());
    people(&world);
    let anna = world.client("anna");
    let id = anna.create_entry(&draft("Webmail")).unwrap();
    let Person::SubUser { account, user } = sub_user("anna", "sees") else { panic!() };
    let permissions = Permissions::NONE.with(Permission::View);
    let sees = world.session(Principal::sub_user(account, user, permissions));
    assert!(sees.reminder(id).is_ok());
    assert!(matches!(sees.set_reminder(id, 1, &EntryReminder::default()), Err(VaultError::Denied(_))));
    assert!(matches!(sees.set_expiry(id, 1, None), Err(VaultError::Denied(_))));
    assert!(matches!(world.client("carl").reminder(id), Err(VaultError::NotFound)));
    assert_eq!(world.records(RecordKind::Due), []);
}

#[test]
fn the_owner_is_told_that_an_approval_is_asked_for_and_the_requester_how_it_was_decided() {
    let world = World::new(Settings::default());
    let german = Contact { locale: Some("de-AT".into()), ..contact(Person::Client(client("anna")), "UTC") };
    world.know(&[german, contact(Person::Admin(admin("sam")), "UTC")]);
    let anna = world.client("anna");
    let sam = world.session(Principal::admin(admin("sam")));
    let id = anna.create_entry(&draft("Webmail")).unwrap();
    let terms = GrantTerms { obligations: Obligations { reason: false, approval: true }, ..GrantTerms::default() };
    anna.share(id, &[GrantChange::put_on(Grantee::Admin(admin("sam")), Actions::VIEW_AND_REVEAL, terms)]).unwrap();
    let mail = || {
        world.run();
        let words = |rendered: Rendered| (rendered.subject, rendered.body);
        world.take().into_iter().map(|(_, message)| words(message.rendered.unwrap())).collect::<Vec<_>>()
    };

    let request = sam.request_approval(id, Action::Reveal, "an outage").unwrap();
    let again = sam.request_approval(id, Action::Reveal, "a long outage").unwrap();
    assert_eq!(request, again);
    let asked = mail();
    assert_eq!(asked.len(), 1, "a request that waits is told once: {asked:?}");
    let [(subject, body)] = &asked[..] else { panic!("one mail") };
    assert_eq!(subject, "Freigabe erbeten: Webmail");
    for part in ["admin:sam", "Aufdecken", "an outage"] {
        assert!(body.contains(part), "{body}");
    }

    let decided = |verdict: &str| {
        let mails = mail();
        let [(subject, body)] = &mails[..] else { panic!("one mail: {mails:?}") };
        assert_eq!(subject, "Decided: Webmail");
        assert!(body.contains(verdict) && body.contains("client:anna") && body.contains("reveal"), "{body}");
    };
    anna.approve(request, world.clock.now().plus_millis(HOUR)).unwrap();
    decided("approval given");
    anna.refuse_approval(request).unwrap();
    decided("approval refused");
    assert!(sam.request_approval(id, Action::Reveal, "still").is_ok());
    assert_eq!(mail().len(), 1, "a new request after an answer is told");
}
