//! The roles that no short walk through a vault reaches.

use std::sync::{Arc, Mutex};

use pwvault_core::connect::{ConnectError, ConnectRequest, Connector, ConnectorKind};
use pwvault_core::id::{AdminId, ClientId, MessageId, RoleId, ServiceId};
use pwvault_core::model::{
    Addressee, Audience, DeliveryError, Directory, Notice, NoticeKind, Notifier, OutboxMessage, Person, Services,
    Subject,
};
use pwvault_core::{SecretString, Timestamp};
use serde_json::{Value, json};

use super::super::outside::{HostConnector, HostNotifier};
use super::super::people::{HostDirectory, HostServices};
use super::super::{Host, HostFailure, HostReply};

/// Operation, document and payloads.
type Asked = (String, Value, Vec<Vec<u8>>);

/// Gives one answer, and keeps what it was asked.
struct Fixed {
    answer: Result<HostReply, HostFailure>,
    asked: Mutex<Vec<Asked>>,
}

impl Host for Fixed {
    fn call(&self, operation: String, document: String, payloads: Vec<Vec<u8>>) -> Result<HostReply, HostFailure> {
        self.asked.lock().unwrap().push((operation, serde_json::from_str(&document).unwrap(), payloads));
        self.answer.clone()
    }
}

fn gives(document: Value, payloads: &[&[u8]]) -> Arc<Fixed> {
    let payloads = payloads.iter().map(|bytes| bytes.to_vec()).collect();
    Arc::new(Fixed { answer: Ok(HostReply { document: document.to_string(), payloads }), asked: Mutex::default() })
}

fn refuses(name: &str) -> Arc<Fixed> {
    Arc::new(Fixed { answer: Err(HostFailure::named(name, "hunter2")), asked: Mutex::default() })
}

fn contact(person: &Value) -> Value {
    json!({ "contact": {
        "person": person, "name": "Anna", "email": null, "locale": null, "zone": null, "wants_mail": true,
        "roles": [], "departments": [], "groups": [], "permissions": [],
    } })
}

#[test]
fn a_directory_answers_about_who_was_asked_for() {
    let anna = Person::Client(ClientId::new("7").unwrap());
    let ask = |answer| HostDirectory(gives(answer, &[])).contact(&anna);
    assert_eq!(ask(contact(&json!({ "client": "7" }))).unwrap().unwrap().name, "Anna");
    assert_eq!(ask(json!({ "contact": null })).unwrap(), None);
    for wrong in
        [contact(&json!({ "client": "8" })), contact(&json!({ "admin": "7" })), json!({}), json!({ "done": true })]
    {
        assert!(ask(wrong.clone()).is_err(), "{wrong}");
    }
    assert!(HostDirectory(refuses("unavailable")).contact(&anna).is_err());
}

#[test]
fn members_are_of_those_asked_for() {
    let ask =
        |subject: &Subject, members: Value| HostDirectory(gives(json!({ "members": members }), &[])).members(subject);
    let role = Subject::Role(RoleId::new("sales").unwrap());
    assert_eq!(ask(&role, json!([{ "admin": "1" }])).unwrap(), [Person::Admin(AdminId::new("1").unwrap())]);
    let users = Subject::SubUsers(ClientId::new("7").unwrap());
    assert_eq!(ask(&users, json!([{ "sub_user": { "account": "7", "user": "2" } }])).unwrap().len(), 1);
    for (subject, members) in [
        (&role, json!([{ "client": "1" }])),
        (&role, json!(["system"])),
        (&role, json!({})),
        (&users, json!([{ "sub_user": { "account": "8", "user": "2" } }])),
        (&users, json!([{ "client": "7" }])),
    ] {
        assert!(ask(subject, members.clone()).is_err(), "{members}");
    }
}

#[test]
fn a_service_is_the_one_asked_for() {
    let id = ServiceId::new("3").unwrap();
    let of = |id: &str| json!({ "service": { "id": id, "client": "7", "product": null, "product_group": null } });
    assert!(HostServices(gives(of("3"), &[])).service(&id).unwrap().is_some());
    assert!(HostServices(gives(of("4"), &[])).service(&id).is_err());
    assert!(HostServices(gives(json!({}), &[])).service(&id).is_err());
}

fn message() -> OutboxMessage {
    let notice = Notice {
        kind: NoticeKind::Invitation,
        audience: Audience::Clients,
        to: Addressee::Address("anna@example.com".into()),
        entry: None,
        facts: [("link".to_owned(), "https://example.com/#x".to_owned())].into(),
        locale: None,
        changed_at: None,
    };
    OutboxMessage {
        id: MessageId::generate(Timestamp::from_millis(1)).unwrap(),
        notice,
        contact: None,
        rendered: None,
        attempt: 1,
    }
}

#[test]
fn a_message_is_delivered_when_the_host_says_so() {
    let host = gives(json!({ "done": true }), &[]);
    HostNotifier(Arc::clone(&host) as _).deliver(&message()).unwrap();
    let (operation, asked, _) = host.asked.lock().unwrap().remove(0);
    assert_eq!(operation, "notifier.deliver");
    assert_eq!(asked["message"]["notice"]["facts"]["link"], "https://example.com/#x");
    let comes_to = |host: Arc<Fixed>| HostNotifier(host).deliver(&message()).unwrap_err();
    assert!(matches!(comes_to(refuses("permanent")), DeliveryError::Permanent(_)));
    for host in [
        refuses("transient"),
        refuses("whatever"),
        gives(json!({ "done": false }), &[]),
        gives(json!({}), &[]),
        gives(json!({ "done": true }), &[b"more"]),
    ] {
        assert!(matches!(comes_to(host), DeliveryError::Transient(_)));
    }
}

fn connect(host: &Arc<Fixed>) -> Result<Option<String>, ConnectError> {
    let kind = ConnectorKind {
        name: "panel".into(),
        needs: Vec::new(),
        gives_url: true,
        tests_login: true,
        services: Vec::new(),
    };
    let connector = HostConnector { host: Arc::clone(host) as _, kind };
    let secret = SecretString::from("hunter2");
    let request = ConnectRequest {
        address: "panel.example.com",
        username: "root",
        secret: &secret,
        service: None,
        account: None,
        locale: None,
    };
    connector.connect(&request).map(|signed_on| signed_on.url.map(|url| url.expose().to_owned()))
}

#[test]
fn a_connector_gets_the_secret_beside_its_document_and_its_words_go_nowhere() {
    let host = gives(json!({ "url": { "$payload": 0 }, "expires_at": null }), &[b"https://panel.example.com/x"]);
    assert_eq!(connect(&host).unwrap().as_deref(), Some("https://panel.example.com/x"));
    let (operation, asked, payloads) = host.asked.lock().unwrap().remove(0);
    assert_eq!((operation.as_str(), &asked["kind"]), ("connector.connect", &json!("panel")));
    assert_eq!(asked["request"]["secret"], json!({ "$payload": 0 }));
    assert_eq!(payloads, [b"hunter2".to_vec()]);
    assert!(!asked.to_string().contains("hunter2"));

    assert_eq!(connect(&refuses("refused")), Err(ConnectError::Refused));
    assert_eq!(connect(&refuses("timed_out")), Err(ConnectError::TimedOut));
    for host in [
        refuses("hunter2"),
        gives(json!({}), &[]),
        gives(json!({ "url": "https://panel.example.com/x", "expires_at": null }), &[]),
        gives(json!({ "url": { "$payload": 0 }, "expires_at": null }), &[&[0xff]]),
        gives(json!({ "url": { "$payload": 0 }, "expires_at": "soon" }), &[b"https://panel.example.com/x"]),
    ] {
        let error = connect(&host).unwrap_err();
        assert!(matches!(error, ConnectError::Malformed { .. }) && !error.to_string().contains("hunter2"), "{error}");
    }
}
