//! English.

use crate::model::{Audience, NoticeKind};

/// Subject and body.
pub(super) const fn text(kind: NoticeKind, audience: Audience) -> (&'static str, &'static str) {
    match (kind, audience) {
        (NoticeKind::SecretChanged, _) => (
            "Changed: {{ entry }}",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

the password of \"{{ entry }}\" was changed{% if actor %} by {{ actor }}{% endif %}{% if changed_at %} on {{ changed_at }}{% endif %}.
{% if link %}
This address shows the new one, once{% if ends_at %}, until {{ ends_at }}{% endif %}:
{{ link }}
{% endif %}",
        ),
        (NoticeKind::ChangeSoon, _) => (
            "Change soon: {{ entry }}",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

the password of \"{{ entry }}\" should be changed{% if due_at %} by {{ due_at }}{% else %} soon{% endif %}.{% if changed_at %} It was last changed on {{ changed_at }}.{% endif %}
",
        ),
        (NoticeKind::ChangeDue, _) => (
            "Please change: {{ entry }}",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

it is time to change the password of \"{{ entry }}\".{% if changed_at %} It was last changed on {{ changed_at }}.{% endif %}{% if due_at %} It was due on {{ due_at }}.{% endif %}
This reminder comes again until it is changed.
",
        ),
        (NoticeKind::SecretExpired, _) => (
            "Ended: {{ entry }}",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

the password of \"{{ entry }}\" has come to its end{% if ends_at %} on {{ ends_at }}{% endif %}. Please set a new one.
",
        ),
        (NoticeKind::SecretRevealed, _) => (
            "Revealed: {{ entry }}",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

the password of \"{{ entry }}\" was revealed{% if actor %} by {{ actor }}{% endif %}{% if revealed_at %} on {{ revealed_at }}{% endif %}.
{% if reason %}The reason given: {{ reason }}
{% endif %}",
        ),
        (NoticeKind::Invitation, Audience::Clients) => (
            "You are invited",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

{% if actor %}{{ actor }} invites you{% else %}you are invited{% endif %} to share an account's passwords. Accept here{% if ends_at %} until {{ ends_at }}{% endif %}:
{{ link }}

Whoever has this address can accept, once. If you expected no invitation, ignore it.
",
        ),
        (NoticeKind::Invitation, Audience::Administrators) => (
            "You are invited as an administrator",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

{% if actor %}{{ actor }} invites you{% else %}you are invited{% endif %} to join the administrators. Accept here{% if ends_at %} until {{ ends_at }}{% endif %}:
{{ link }}

Whoever has this address can accept, once. If you expected no invitation, ignore it.
",
        ),
        (NoticeKind::CredentialsRequested, _) => (
            "Credentials are needed{% if title %}: {{ title }}{% endif %}",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

{% if actor %}{{ actor }} asks you{% else %}you are asked{% endif %} for credentials{% if title %}: {{ title }}{% endif %}. Please fill them in here{% if ends_at %} until {{ ends_at }}{% endif %}, and do not send them by mail:
{{ link }}
",
        ),
        (NoticeKind::CredentialsGiven, _) => (
            "Credentials were given{% if title %}: {{ title }}{% endif %}",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

the credentials you asked for{% if title %} ({{ title }}){% endif %} have been given{% if actor %} by {{ actor }}{% endif %}.{% if entry %} They are in \"{{ entry }}\".{% endif %}
",
        ),
        (NoticeKind::ApprovalAsked, _) => (
            "Approval needed: {{ entry }}",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

{% if actor %}{{ actor }} asks{% else %}someone asks{% endif %} for your approval{% if action %} of this: {{ action }}{% endif %}, on \"{{ entry }}\".
{% if reason %}The reason given: {{ reason }}
{% endif %}",
        ),
        (NoticeKind::ApprovalDecided, _) => (
            "Decided: {{ entry }}",
            "Hello{% if recipient %} {{ recipient }}{% endif %},

your request{% if action %} ({{ action }}){% endif %} for \"{{ entry }}\" was decided{% if actor %} by {{ actor }}{% endif %}{% if verdict %}: {{ verdict }}{% endif %}.
",
        ),
    }
}
