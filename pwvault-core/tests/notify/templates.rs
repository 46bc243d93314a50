//! Templates as a host keeps them.

use std::sync::Arc;

use pwvault_core::model::{Audience, NoticeKind, Settings};
use pwvault_core::notify::{TemplateError, TemplateKey, TemplatePart, TemplateText, sample_facts};
use pwvault_core::store::MemoryStore;
use pwvault_core::translate::Locale;
use pwvault_core::vault::prelude::*;
use pwvault_core::{VaultBuilder, VaultError};

use crate::host;

const KIND: NoticeKind = NoticeKind::ChangeDue;

fn german() -> Locale {
    "de".parse().unwrap()
}

fn text(subject: &str) -> TemplateText {
    TemplateText { subject: subject.to_owned(), body: "{{ entry }}\n".to_owned() }
}

/// The subject the clients would read.
fn subject(session: &pwvault_core::Session) -> Option<String> {
    let rendered = session.templates().unwrap().render(KIND, Audience::Clients, &["de", "en"], &sample_facts(KIND));
    rendered.unwrap().map(|mail| mail.subject)
}

#[test]
fn overrides_are_kept_and_removing_one_gives_the_default_back() {
    let store = Arc::new(MemoryStore::new());
    let vault = host::vault_over(Arc::clone(&store) as _, Settings::default());
    let root = host::admin(&vault, "root", &["full"]);
    let default = subject(&root).unwrap();
    root.set_template(KIND, Audience::Clients, &german(), &text("Neu: {{ entry }}")).unwrap();
    // The vault is opened anew, as after an upgrade.
    let again = VaultBuilder::new(host::kek()).open(store, host::VAULT).unwrap();
    let root = host::admin(&again, "root", &["full"]);
    assert_eq!(subject(&root).unwrap(), "Neu: Mail server");
    let key = |audience| TemplateKey { kind: KIND, audience, locale: "de".to_owned() };
    let set = root.templates().unwrap();
    assert!(set.text(&key(Audience::Clients)).unwrap().1);
    assert!(!set.text(&key(Audience::Administrators)).unwrap().1, "the other audience has its own");
    root.reset_template(KIND, Audience::Clients, &german()).unwrap();
    assert_eq!(subject(&root).unwrap(), default);
}

#[test]
fn unassigned_messages_have_no_words_until_assigned_again() {
    let vault = host::vault();
    let root = host::admin(&vault, "root", &["full"]);
    root.set_template(KIND, Audience::Clients, &german(), &text("Neu")).unwrap();
    root.assign_template(KIND, Audience::Clients, false).unwrap();
    assert_eq!(subject(&root), None);
    root.assign_template(KIND, Audience::Clients, true).unwrap();
    assert_eq!(subject(&root).unwrap(), "Neu");
}

#[test]
fn a_template_that_does_not_render_is_refused_when_saved() {
    let vault = host::vault();
    let root = host::admin(&vault, "root", &["full"]);
    let wrong = TemplateText { subject: "a".to_owned(), body: "{{ entry }}\n{{ password }}".to_owned() };
    let Err(VaultError::Template(refused)) = root.set_template(KIND, Audience::Clients, &german(), &wrong) else {
        panic!("accepted");
    };
    let TemplateError::UnknownPlaceholder { place, placeholder, known } = *refused else { panic!("{refused}") };
    assert_eq!((place.template.kind, place.part, place.line), (KIND, TemplatePart::Body, Some(2)));
    assert_eq!((placeholder.as_str(), known.as_str()), ("password", "recipient, entry, changed_at, due_at"));
    assert_eq!(subject(&root).unwrap(), "Bitte ändern: Mail server");
    assert!(root.preview_template(KIND, Audience::Clients, &german(), &wrong).is_err());
}
