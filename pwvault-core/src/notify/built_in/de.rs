//! German.

use crate::model::{Audience, NoticeKind};

/// Subject and body.
pub(super) const fn text(kind: NoticeKind, audience: Audience) -> (&'static str, &'static str) {
    match (kind, audience) {
        (NoticeKind::SecretChanged, _) => (
            "Geändert: {{ entry }}",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

das Passwort von „{{ entry }}“ wurde geändert{% if actor %}, von {{ actor }}{% endif %}{% if changed_at %}, am {{ changed_at }}{% endif %}.
{% if link %}
Diese Adresse zeigt das neue, einmal{% if ends_at %} und bis {{ ends_at }}{% endif %}:
{{ link }}
{% endif %}",
        ),
        (NoticeKind::ChangeSoon, _) => (
            "Bald zu ändern: {{ entry }}",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

das Passwort von „{{ entry }}“ sollte {% if due_at %}bis {{ due_at }}{% else %}bald{% endif %} geändert werden.{% if changed_at %} Zuletzt geändert wurde es am {{ changed_at }}.{% endif %}
",
        ),
        (NoticeKind::ChangeDue, _) => (
            "Bitte ändern: {{ entry }}",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

es ist Zeit, das Passwort von „{{ entry }}“ zu ändern.{% if changed_at %} Zuletzt geändert wurde es am {{ changed_at }}.{% endif %}{% if due_at %} Fällig war es am {{ due_at }}.{% endif %}
Diese Erinnerung kommt wieder, bis es geändert ist.
",
        ),
        (NoticeKind::SecretExpired, _) => (
            "Abgelaufen: {{ entry }}",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

das Passwort von „{{ entry }}“ ist abgelaufen{% if ends_at %}, am {{ ends_at }}{% endif %}. Bitte setzen Sie ein neues.
",
        ),
        (NoticeKind::SecretRevealed, _) => (
            "Aufgedeckt: {{ entry }}",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

das Passwort von „{{ entry }}“ wurde aufgedeckt{% if actor %}, von {{ actor }}{% endif %}{% if revealed_at %}, am {{ revealed_at }}{% endif %}.
{% if reason %}Angegebener Grund: {{ reason }}
{% endif %}",
        ),
        (NoticeKind::Invitation, Audience::Clients) => (
            "Sie sind eingeladen",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

{% if actor %}{{ actor }} lädt Sie ein{% else %}Sie sind eingeladen{% endif %}, die Passwörter eines Kontos mitzubenutzen. Annehmen können Sie hier{% if ends_at %}, bis {{ ends_at }}{% endif %}:
{{ link }}

Wer diese Adresse hat, kann einmal annehmen. Haben Sie keine Einladung erwartet, so lassen Sie sie unbeachtet.
",
        ),
        (NoticeKind::Invitation, Audience::Administrators) => (
            "Sie sind als Administrator eingeladen",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

{% if actor %}{{ actor }} lädt Sie ein{% else %}Sie sind eingeladen{% endif %}, zu den Administratoren zu kommen. Annehmen können Sie hier{% if ends_at %}, bis {{ ends_at }}{% endif %}:
{{ link }}

Wer diese Adresse hat, kann einmal annehmen. Haben Sie keine Einladung erwartet, so lassen Sie sie unbeachtet.
",
        ),
        (NoticeKind::CredentialsRequested, _) => (
            "Zugangsdaten werden gebraucht{% if title %}: {{ title }}{% endif %}",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

{% if actor %}{{ actor }} bittet Sie{% else %}Sie werden gebeten{% endif %} um Zugangsdaten{% if title %}: {{ title }}{% endif %}. Bitte tragen Sie sie hier ein{% if ends_at %}, bis {{ ends_at }}{% endif %}, und schicken Sie sie nicht per Mail:
{{ link }}
",
        ),
        (NoticeKind::CredentialsGiven, _) => (
            "Zugangsdaten wurden übergeben{% if title %}: {{ title }}{% endif %}",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

die erbetenen Zugangsdaten{% if title %} ({{ title }}){% endif %} wurden übergeben{% if actor %}, von {{ actor }}{% endif %}.{% if entry %} Sie stehen in „{{ entry }}“.{% endif %}
",
        ),
        (NoticeKind::ApprovalAsked, _) => (
            "Freigabe erbeten: {{ entry }}",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

{% if actor %}{{ actor }} bittet{% else %}jemand bittet{% endif %} um Ihre Freigabe{% if action %} hierfür: {{ action }}{% endif %}, bei „{{ entry }}“.
{% if reason %}Angegebener Grund: {{ reason }}
{% endif %}",
        ),
        (NoticeKind::ApprovalDecided, _) => (
            "Entschieden: {{ entry }}",
            "Guten Tag{% if recipient %} {{ recipient }}{% endif %},

über Ihre Anfrage{% if action %} ({{ action }}){% endif %} zu „{{ entry }}“ wurde entschieden{% if actor %}, von {{ actor }}{% endif %}{% if verdict %}: {{ verdict }}{% endif %}.
",
        ),
    }
}
