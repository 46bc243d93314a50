//! The placeholders of each kind of notice. A template may name these and no others; a fact that is
//! not at hand when the message is sent is empty, so `{% if actor %}` asks for it.

use std::collections::BTreeMap;

use crate::model::NoticeKind;

/// A placeholder of a kind of notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Its name, as templates and [`Notice::facts`](crate::model::Notice::facts) write it.
    pub name: &'static str,
    /// What stands there.
    pub meaning: &'static str,
    /// What stands there in a preview.
    pub sample: &'static str,
}

/// Every placeholder of a kind of notice, those of all kinds first. Times are texts in the
/// recipient's zone. None holds a secret; `link` opens one, and is therefore no longer than it is
/// needed.
#[must_use]
pub fn placeholders(kind: NoticeKind) -> Vec<Placeholder> {
    let own: &[Placeholder] = match kind {
        NoticeKind::SecretChanged => &[ENTRY, ACTOR, CHANGED_AT, LINK, ENDS_AT],
        NoticeKind::ChangeSoon | NoticeKind::ChangeDue => &[ENTRY, CHANGED_AT, DUE_AT],
        NoticeKind::SecretExpired => &[ENTRY, CHANGED_AT, ENDS_AT],
        NoticeKind::SecretRevealed => &[ENTRY, ACTOR, REVEALED_AT, REASON],
        NoticeKind::Invitation => &[ACTOR, LINK, ENDS_AT],
        NoticeKind::CredentialsRequested => &[ACTOR, TITLE, LINK, ENDS_AT],
        NoticeKind::CredentialsGiven => &[ACTOR, TITLE, ENTRY],
        NoticeKind::ApprovalAsked => &[ENTRY, ACTOR, ACTION, REASON],
        NoticeKind::ApprovalDecided => &[ENTRY, ACTOR, ACTION, VERDICT],
    };
    [RECIPIENT].iter().chain(own).copied().collect()
}

/// The facts of a preview, and those a template is tried with before it is saved.
#[must_use]
pub fn sample_facts(kind: NoticeKind) -> BTreeMap<String, String> {
    placeholders(kind).into_iter().map(|one| (one.name.to_owned(), one.sample.to_owned())).collect()
}

const fn placeholder(name: &'static str, meaning: &'static str, sample: &'static str) -> Placeholder {
    Placeholder { name, meaning, sample }
}

const RECIPIENT: Placeholder = placeholder("recipient", "the recipient's display name", "Anna Muster");
const ENTRY: Placeholder = placeholder("entry", "the name of the entry", "Mail server");
const ACTOR: Placeholder = placeholder("actor", "who did or asks it, by display name", "Bert Beispiel");
const CHANGED_AT: Placeholder = placeholder("changed_at", "when the secret was last changed", "2026-01-31 09:00");
const DUE_AT: Placeholder = placeholder("due_at", "when the secret should be changed", "2026-04-30 09:00");
const REVEALED_AT: Placeholder = placeholder("revealed_at", "when the secret was revealed", "2026-02-01 14:05");
const ENDS_AT: Placeholder = placeholder("ends_at", "when the secret, link or invitation ends", "2026-02-08 09:00");
const LINK: Placeholder = placeholder("link", "an address that opens once", "https://panel.example/l/7Yq#k");
const TITLE: Placeholder = placeholder("title", "what the credentials are for", "Access to the shop");
const REASON: Placeholder = placeholder("reason", "the reason given", "Ticket 4711");
const ACTION: Placeholder = placeholder("action", "what is to be approved", "reveal");
const VERDICT: Placeholder = placeholder("verdict", "how it was decided", "approved");
