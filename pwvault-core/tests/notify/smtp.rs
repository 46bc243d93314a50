//! Mail over a real SMTP server. The tests that need one are run by `scripts/test-smtp`, which starts
//! it and says in `PWV_SMTP` where it keeps what arrives.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pwvault_core::id::MessageId;
use pwvault_core::model::{
    Actions, Addressee, Audience, Contact, DeliveryError, Grantee, Notice, NoticeKind, Notifier, OutboxMessage,
    Permissions, Person, Rendered, Settings,
};
use pwvault_core::notify::{SmtpError, SmtpNotifier, SmtpSettings, SmtpTls, TemplateSet};
use pwvault_core::store::MemoryStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::{
    ClientId, Clock, EntryDraft, EntryPatch, GrantChange, Principal, RequestContext, RoleId, SecretString, SystemClock,
    VaultBuilder,
};
use serde_json::Value;

use crate::host;

const NEEDS_SERVER: &str = "run by scripts/test-smtp";

fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("PWV_SMTP").expect(NEEDS_SERVER))
}

fn read(file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder().join(file)).unwrap()).unwrap()
}

fn settings(server: &str, tls: SmtpTls) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".to_owned(),
        port: u16::try_from(read("server.json")[server].as_u64().unwrap()).unwrap(),
        authorities: std::fs::read_to_string(folder().join("cert.pem")).unwrap(),
        ..offline(tls)
    }
}

/// Settings for which no server is needed.
fn offline(tls: SmtpTls) -> SmtpSettings {
    SmtpSettings {
        tls,
        from_name: "Prüfstelle, \"Panel\"".to_owned(),
        domain: "panel.example".to_owned(),
        timeout: Duration::from_secs(10),
        ..SmtpSettings::new("localhost", 25, "panel@example.com")
    }
}

fn plain() -> SmtpNotifier {
    SmtpNotifier::new(&settings("plain", SmtpTls::PlainLocalhost)).unwrap()
}

fn message(user: &str, name: &str, subject: &str, body: &str) -> OutboxMessage {
    let person = Person::Client(ClientId::new("anna").unwrap());
    let contact = Contact {
        person: person.clone(),
        name: name.to_owned(),
        email: Some(format!("{user}@example.com")),
        locale: None,
        zone: None,
        wants_mail: true,
        roles: Vec::new(),
        departments: Vec::new(),
        groups: Vec::new(),
        permissions: Permissions::NONE,
    };
    OutboxMessage {
        id: MessageId::from_bytes([0x5a; 16]),
        notice: Notice {
            kind: NoticeKind::ChangeDue,
            audience: Audience::Clients,
            to: Addressee::Person(person),
            entry: None,
            facts: BTreeMap::new(),
            locale: None,
            changed_at: None,
        },
        contact: Some(contact),
        rendered: Some(Rendered { subject: subject.to_owned(), body: body.to_owned() }),
        attempt: 1,
    }
}

fn header(mail: &Value, name: &str) -> Vec<String> {
    let headers = mail["headers"].as_array().unwrap().iter();
    headers.filter(|pair| pair[0] == name).map(|pair| pair[1].as_str().unwrap().to_owned()).collect()
}

#[test]
#[ignore = "run by scripts/test-smtp"]
fn a_mail_arrives_as_it_was_written() {
    let long = "lang ".repeat(400);
    let body = format!("Grüße aus Wien 🗝\n.\n..zwei Punkte\n.ein Punkt\n{long}\n\nFrom hier\tTab\nEnde");
    let subject = format!("Bitte ändern: „Postfach“ {}", "und noch etwas ".repeat(12).trim());
    plain().deliver(&message("written", "Zoë Łukasiewicz", &subject, &body)).unwrap();
    let mail = read("written.json");
    assert_eq!(mail["body"].as_str().unwrap().replace("\r\n", "\n").trim_end(), body);
    assert_eq!(header(&mail, "subject"), [subject]);
    assert_eq!(header(&mail, "to"), ["Zoë Łukasiewicz <written@example.com>"]);
    assert!(header(&mail, "from").concat().contains("Prüfstelle"), "{mail}");
    assert_eq!(header(&mail, "message-id"), ["<5a5a5a5a-5a5a-5a5a-5a5a-5a5a5a5a5a5a@panel.example>"]);
    assert_eq!(header(&mail, "auto-submitted"), ["auto-generated"]);
    assert_eq!((mail["from"].as_str(), mail["hello"].as_str()), (Some("panel@example.com"), Some("panel.example")));
    assert!(mail["longest_line"].as_u64().unwrap() <= 998, "RFC 5322, 2.1.1");
    assert_eq!(mail["ascii"], true);
}

#[test]
#[ignore = "run by scripts/test-smtp"]
fn a_plain_ascii_body_with_dots_and_long_lines_arrives_too() {
    let body = format!(".\n.\n{}\n..\nend", "x".repeat(5_000));
    plain().deliver(&message("ascii", "Anna", "plain", &body)).unwrap();
    let mail = read("ascii.json");
    assert_eq!(mail["body"].as_str().unwrap().replace("\r\n", "\n").trim_end(), body);
    assert!(mail["longest_line"].as_u64().unwrap() <= 998);
}

#[test]
#[ignore = "run by scripts/test-smtp"]
fn a_name_or_subject_adds_no_header_and_no_recipient() {
    let nasty = "x\r\nBcc: eve@example.com\r\n\r\nbody";
    plain().deliver(&message("headers", nasty, nasty, "text")).unwrap();
    let mail = read("headers.json");
    assert_eq!(mail["to"], serde_json::json!(["headers@example.com"]));
    assert_eq!(header(&mail, "bcc"), Vec::<String>::new());
    assert_eq!(header(&mail, "subject"), ["x  Bcc: eve@example.com    body"]);
    assert_eq!(mail["body"].as_str().unwrap().trim_end(), "text");
}

#[test]
#[ignore = "run by scripts/test-smtp"]
fn a_notice_is_worded_and_mailed() {
    let facts = pwvault_core::notify::sample_facts(NoticeKind::ChangeDue);
    let mut message = message("worded", "Anna", "", "");
    message.rendered =
        TemplateSet::default().render(NoticeKind::ChangeDue, Audience::Clients, &["de"], &facts).unwrap();
    plain().deliver(&message).unwrap();
    let mail = read("worded.json");
    assert_eq!(header(&mail, "subject"), ["Bitte ändern: Mail server"]);
    assert!(mail["body"].as_str().unwrap().contains("„Mail server“"));
}

#[test]
#[ignore = "run by scripts/test-smtp"]
fn a_change_reaches_those_who_share_the_entry_by_mail() {
    let mut defaults = Settings::default();
    defaults.reminders.on_change = true;
    let vault = VaultBuilder::new(host::kek())
        .notifier(plain())
        .settings(defaults)
        .create(Arc::new(MemoryStore::new()), host::VAULT, RoleId::new("full").unwrap())
        .unwrap();
    let (root, anna) = (host::admin(&vault, "root", &["full"]), host::client(&vault, "anna"));
    let mut bert = message("shared", "Bert Österreicher", "", "").contact.unwrap();
    bert.person = Person::Client(ClientId::new("bert").unwrap());
    bert.locale = Some("de-AT".to_owned());
    root.sync_principals(&[bert], &[]).unwrap();
    let draft = EntryDraft { name: "Büro-WLAN".into(), password: "old".into(), ..EntryDraft::default() };
    let id = anna.create_entry(&draft).unwrap();
    let grantee = Grantee::Client(ClientId::new("bert").unwrap());
    anna.share(id, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)]).unwrap();
    let version = anna.entry(id).unwrap().head.version;
    let patch = EntryPatch { password: Some("brand new".into()), ..EntryPatch::default() };
    anna.update_entry(id, version, &patch).unwrap();

    let cron = vault.session(Principal::system(), RequestContext::default());
    let report = cron.run_due(SystemClock.now()).unwrap();
    assert!(report.jobs.iter().all(|job| job.error.is_none()), "{report:?}");
    let mail = read("shared.json");
    assert_eq!(header(&mail, "subject"), ["Geändert: Büro-WLAN"]);
    let body = mail["body"].as_str().unwrap();
    assert!(body.starts_with("Guten Tag Bert Österreicher,"), "{body}");
    assert!(!mail.to_string().contains("brand new"));
    assert_eq!(cron.outbox_status().unwrap().due, 0);
}

#[test]
#[ignore = "run by scripts/test-smtp"]
fn refusals_for_good_are_permanent_and_name_no_address() {
    for (user, code) in [("refused", 550), ("spam", 554)] {
        let refused = plain().deliver(&message(user, "Anna", "a", "b"));
        assert_eq!(refused, Err(DeliveryError::Permanent(format!("the mail server answered {code}"))), "{user}");
    }
}

#[test]
#[ignore = "run by scripts/test-smtp"]
fn refusals_for_now_are_transient() {
    for (user, code) in [("later", 451), ("full", 452)] {
        let refused = plain().deliver(&message(user, "Anna", "a", "b"));
        assert_eq!(refused, Err(DeliveryError::Transient(format!("the mail server answered {code}"))), "{user}");
    }
}

#[test]
#[ignore = "run by scripts/test-smtp"]
fn a_server_that_is_down_or_silent_is_tried_again() {
    let deliver = |settings: &SmtpSettings| {
        SmtpNotifier::new(settings).unwrap().deliver(&message("nobody", "Anna", "a", "b")).unwrap_err()
    };
    let down = deliver(&settings("closed", SmtpTls::PlainLocalhost));
    assert_eq!(down, DeliveryError::Transient("the mail server could not be reached".to_owned()));
    let silent = settings("silent", SmtpTls::PlainLocalhost);
    let silent = deliver(&SmtpSettings { timeout: Duration::from_millis(300), ..silent });
    assert!(matches!(silent, DeliveryError::Transient(_)), "{silent:?}");
}

#[test]
#[ignore = "run by scripts/test-smtp"]
fn mail_goes_over_tls_and_only_to_a_trusted_server() {
    let tls = settings("tls", SmtpTls::Implicit);
    SmtpNotifier::new(&tls).unwrap().deliver(&message("implicit", "Anna", "a", "b")).unwrap();
    assert_eq!(read("implicit.json")["tls"], true);
    // Its certificate is of no public authority, and not for another name.
    for wrong in [
        SmtpSettings { authorities: String::new(), ..tls.clone() },
        SmtpSettings { host: "localhost.localdomain".to_owned(), ..tls },
    ] {
        let refused = SmtpNotifier::new(&wrong).unwrap().deliver(&message("untrusted", "Anna", "a", "b"));
        assert!(matches!(refused, Err(DeliveryError::Transient(_))), "{refused:?}");
    }
    assert!(!folder().join("untrusted.json").exists());
}

#[test]
#[ignore = "run by scripts/test-smtp"]
fn starttls_is_required_and_comes_before_the_sign_in() {
    let signed_in = |password: &str| SmtpSettings {
        credentials: Some(("panel".to_owned(), SecretString::from(password))),
        ..settings("starttls", SmtpTls::StartTls)
    };
    SmtpNotifier::new(&signed_in("mail secret")).unwrap().deliver(&message("starttls", "Anna", "a", "b")).unwrap();
    assert_eq!(read("starttls.json")["tls"], true);
    let wrong = SmtpNotifier::new(&signed_in("wrong")).unwrap().deliver(&message("starttls", "Anna", "a", "b"));
    let reason = "the mail server answered 535: it refused the sign-in".to_owned();
    assert_eq!(wrong, Err(DeliveryError::Transient(reason)));
    // A server that offers no STARTTLS, or someone in between who takes the offer away.
    let stripped = SmtpNotifier::new(&settings("plain", SmtpTls::StartTls)).unwrap();
    let refused = stripped.deliver(&message("stripped", "Anna", "a", "b"));
    assert!(matches!(refused, Err(DeliveryError::Transient(_))), "{refused:?}");
    assert!(!folder().join("stripped.json").exists());
}

#[test]
fn settings_that_make_no_sense_or_no_secret_are_refused() {
    let good = offline(SmtpTls::Implicit);
    assert!(SmtpNotifier::new(&good).is_ok());
    let cases = [
        (SmtpSettings { from: "nobody".to_owned(), ..good.clone() }, SmtpError::Sender),
        (SmtpSettings { from: "a@b\r\nBcc: c@d".to_owned(), ..good.clone() }, SmtpError::Sender),
        (SmtpSettings { domain: "a>\r\nX: y".to_owned(), ..good.clone() }, SmtpError::Domain),
        (SmtpSettings { domain: String::new(), ..good.clone() }, SmtpError::Domain),
        (SmtpSettings { timeout: Duration::ZERO, ..good.clone() }, SmtpError::Timeout),
        (SmtpSettings { authorities: "none".to_owned(), ..good.clone() }, SmtpError::Authorities),
        (
            SmtpSettings { host: "mail.example.com".to_owned(), ..offline(SmtpTls::PlainLocalhost) },
            SmtpError::PlainElsewhere,
        ),
        (
            SmtpSettings { host: "localhost.example.com".to_owned(), ..offline(SmtpTls::PlainLocalhost) },
            SmtpError::PlainElsewhere,
        ),
    ];
    for (settings, expected) in cases {
        assert_eq!(SmtpNotifier::new(&settings).unwrap_err(), expected);
    }
    let secret = SmtpSettings { credentials: Some(("panel".to_owned(), "mail secret".into())), ..good };
    let shown = format!("{secret:?} {:?}", SmtpNotifier::new(&secret).unwrap());
    assert!(!shown.contains("mail secret"), "{shown}");
}

#[test]
fn a_message_that_cannot_go_anywhere_is_refused_for_good() {
    let notifier = SmtpNotifier::new(&offline(SmtpTls::Implicit)).unwrap();
    let good = message("anna", "Anna", "a", "b");
    let with_email = |email: Option<&str>| {
        let contact = Contact { email: email.map(str::to_owned), ..good.contact.clone().unwrap() };
        OutboxMessage { contact: Some(contact), ..good.clone() }
    };
    for bad in [
        OutboxMessage { rendered: None, ..good.clone() },
        OutboxMessage { contact: None, ..good.clone() },
        with_email(None),
        with_email(Some("not an address")),
        with_email(Some("a@example.com\r\nRCPT TO:<eve@example.com>")),
    ] {
        assert!(matches!(notifier.deliver(&bad), Err(DeliveryError::Permanent(_))), "{bad:?}");
    }
}
