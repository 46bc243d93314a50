//! The WHM connector against a server that follows the documentation, and against others.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use pwvault_core::connect::{ConnectError, ConnectRequest, Connector, SignOn, WhmConnector, check_sign_on};
use pwvault_core::{SecretString, Timestamp};
use rcgen::{BasicConstraints, IsCa, date_time_ymd};

use crate::server::{Identity, Server, respond};

const SESSION: &str = r#"{
    "data": {
        "cp_security_token": "/cpsess1234567890",
        "expires": 1800000900,
        "session": "root:ABCdef123:create_user_session,0123456789abcdef",
        "service": "whostmgrd",
        "url": "https://localhost:2087/cpsess1234567890/login/?session=root%3aABCdef123"
    },
    "metadata": { "command": "create_user_session", "reason": "Created session", "result": 1, "version": 1 }
}"#;

fn local() -> Identity {
    Identity::self_signed("localhost", |_| {})
}

fn request<'a>(address: &'a str, secret: &'a SecretString) -> ConnectRequest<'a> {
    ConnectRequest { address, username: "root", secret, service: None, account: None, locale: None }
}

/// Signs in as the vault does: what the connector returns is held against the request.
fn sign_on(whm: &WhmConnector, request: &ConnectRequest<'_>) -> Result<SignOn, ConnectError> {
    let sign_on = whm.connect(request)?;
    check_sign_on(&whm.kind(), request, &sign_on)?;
    Ok(sign_on)
}

fn against(identity: Identity, status: &'static str, body: &str) -> Result<SignOn, ConnectError> {
    let whm = WhmConnector::new().pin("localhost", identity.pem.as_bytes()).unwrap();
    let server = Server::answering(identity, status, body);
    sign_on(&whm, &request(&server.address, &"T0KEN".into()))
}

fn problem(result: Result<SignOn, ConnectError>) -> &'static str {
    match result {
        Err(ConnectError::Malformed { problem }) => problem,
        other => panic!("{other:?} instead of a malformed answer"),
    }
}

#[test]
fn a_session_is_asked_for_as_documented_and_its_address_returned() {
    let identity = local();
    let whm = WhmConnector::new().pin("LOCALHOST", identity.pem.as_bytes()).unwrap();
    let server = Server::answering(identity, "200 OK", SESSION);
    let secret = "T0KEN".into();
    let signed_on = sign_on(&whm, &request(&server.address, &secret)).unwrap();
    let url = signed_on.url.as_ref().unwrap().expose();
    assert_eq!(url, "https://localhost:2087/cpsess1234567890/login/?session=root%3aABCdef123");
    assert_eq!(signed_on.expires_at, Some(Timestamp::from_millis(1_800_000_900_000)));
    assert!(!format!("{signed_on:?}").contains("cpsess"));

    let other = ConnectRequest {
        service: Some("cpaneld"),
        account: Some("anna smith&x=1"),
        locale: Some("de"),
        ..request(&server.address, &secret)
    };
    sign_on(&whm, &other).unwrap();
    let requests = server.requests();
    let line = |at: usize| requests[at].lines().next().unwrap().to_owned();
    let call = "GET /json-api/create_user_session?api.version=1";
    assert_eq!(line(0), format!("{call}&user=root&service=whostmgrd&preferred_domain=localhost HTTP/1.1"));
    assert_eq!(
        line(1),
        format!("{call}&user=anna+smith%26x%3D1&service=cpaneld&preferred_domain=localhost&locale=de HTTP/1.1")
    );
    assert!(requests[0].to_lowercase().contains("\r\nauthorization: whm root:t0ken\r\n"), "{}", requests[0]);
    assert!(requests.iter().all(|head| !line(0).contains("T0KEN") && head.matches("T0KEN").count() == 1));
}

#[test]
fn a_credential_is_tried_without_a_session() {
    let identity = local();
    let whm = WhmConnector::new().pin("localhost", identity.pem.as_bytes()).unwrap();
    let body = r#"{"data":{"version":"11.134.0.5"},"metadata":{"result":1,"reason":"OK","version":1}}"#;
    let server = Server::answering(identity, "200 OK", body);
    whm.test(&request(&server.address, &"T0KEN".into())).unwrap();
    assert!(server.requests()[0].starts_with("GET /json-api/version?api.version=1 HTTP/1.1"));
}

#[test]
fn a_refused_credential_is_told_apart_from_a_refused_account() {
    let denied = r#"{"cpanelresult":{"error":"Access denied","data":{"result":"0","reason":"Access denied"}}}"#;
    for status in ["403 Forbidden", "401 Unauthorized"] {
        assert!(matches!(against(local(), status, denied), Err(ConnectError::Refused)), "{status}");
    }
    for result in ["0", "\"0\""] {
        let body = format!(r#"{{"data":{{}},"metadata":{{"result":{result},"reason":"T0KEN is not allowed"}}}}"#);
        let refused = against(local(), "200 OK", &body).unwrap_err();
        assert_eq!(refused, ConnectError::NotAllowed);
        assert!(!format!("{refused} {refused:?}").contains("T0KEN"));
    }
}

#[test]
fn a_malformed_answer_is_refused_and_not_shown() {
    let no_expiry = SESSION.replace("\"expires\": 1800000900,", "");
    let no_url = SESSION.replace("\"url\"", "\"uri\"");
    let null_data = r#"{"data":null,"metadata":{"result":1}}"#;
    for (body, part) in [
        ("", "not an answer"),
        ("<html>T0KEN</html>", "not an answer"),
        ("[]", "not an answer"),
        (r#"{"data":{}}"#, "not an answer"),
        (r#"{"metadata":{}}"#, "not an answer"),
        (&SESSION[..100], "not an answer"),
        (&SESSION.replace("\"result\": 1", "\"result\": 2"), "neither 0 nor 1"),
        (&SESSION.replace("\"result\": 1", "\"result\": true"), "not an answer"),
        (r#"{"metadata":{"result":1}}"#, "no data"),
        (null_data, "no data"),
        (&no_url, "no address"),
        (&no_expiry, "when the session expires"),
        (&SESSION.replace("1800000900", "\"soon\""), "not a time"),
        (&SESSION.replace("1800000900", "-1"), "not a time"),
        (&SESSION.replace("1800000900", "999999999999999"), "not a time"),
        (&SESSION.replace("https://localhost:2087", "https://evil.example"), "another host"),
        (&SESSION.replace("https://localhost:2087", "https://localhost.evil.example"), "another host"),
        (&SESSION.replace("https://localhost:2087", "https://localhost@evil.example"), "user name"),
        (&SESSION.replace("https://", "http://"), "not https"),
        (&SESSION.replace("https://localhost:2087", "javascript:alert(1)//"), "not https"),
        (&SESSION.replace("https://localhost:2087", ""), "does not read"),
        (&SESSION.replace("ABCdef123", "T0KEN"), "holds the credential"),
    ] {
        let found = problem(against(local(), "200 OK", body));
        assert!(found.contains(part), "{found:?} instead of {part:?} for {body}");
    }
    assert!(problem(against(local(), "500 Internal Server Error", SESSION)).contains("status"));
}

#[test]
fn a_redirect_is_not_followed() {
    let identity = local();
    let whm = WhmConnector::new().pin("localhost", identity.pem.as_bytes()).unwrap();
    let target = Server::answering(local(), "200 OK", SESSION);
    let location = format!("Location: https://{}/json-api/create_user_session\r\n", target.address);
    let server = Server::start(identity, move |tls| respond(tls, "302 Found", &location, b""));
    assert!(problem(sign_on(&whm, &request(&server.address, &"T0KEN".into()))).contains("redirect"));
    assert_eq!((server.requests().len(), target.requests().len()), (1, 0));
}

#[test]
fn an_answer_has_a_size_it_must_not_pass() {
    let padded = |spaces: usize| format!("{SESSION}{}", " ".repeat(spaces));
    assert!(against(local(), "200 OK", &padded(64 * 1024 - SESSION.len())).is_ok());
    assert!(problem(against(local(), "200 OK", &padded(64 * 1024))).contains("64 KiB"));
    // Without a length, and without an end.
    let identity = local();
    let whm = WhmConnector::new().pin("localhost", identity.pem.as_bytes()).unwrap();
    let server = Server::start(identity, |tls| {
        let chunk = format!("400\r\n{}\r\n", " ".repeat(0x400));
        let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while tls.write_all(chunk.as_bytes()).is_ok() {}
    });
    assert!(problem(sign_on(&whm, &request(&server.address, &"T0KEN".into()))).contains("64 KiB"));
}

#[test]
fn a_server_that_is_slow_or_silent_is_left_in_time() {
    let short = || WhmConnector::with_timeout(Duration::from_millis(500));
    let silent = |tls: &mut crate::server::Tls| while tls.read(&mut [0]).is_ok_and(|read| read > 0) {};
    let dripping = |tls: &mut crate::server::Tls| {
        let _ = tls.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while tls.write_all(b" ").and_then(|()| tls.flush()).is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let (one, other) = (local(), local());
    let (one_pem, other_pem) = (one.pem.clone(), other.pem.clone());
    for (server, pem) in [(Server::start(one, silent), one_pem), (Server::start(other, dripping), other_pem)] {
        let whm = short().pin("localhost", pem.as_bytes()).unwrap();
        let result = sign_on(&whm, &request(&server.address, &"T0KEN".into()));
        assert!(matches!(result, Err(ConnectError::TimedOut)), "{result:?}");
        assert_eq!(server.requests().len(), 1);
    }
    // Takes the connection and never begins TLS.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("localhost:{}", listener.local_addr().unwrap().port());
    let result = sign_on(&short(), &request(&address, &"T0KEN".into()));
    assert!(matches!(result, Err(ConnectError::TimedOut)), "{result:?}");
}

#[test]
fn nobody_there_is_unreachable() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let result = sign_on(&WhmConnector::new(), &request(&closed.to_string(), &"T0KEN".into()));
    assert!(matches!(result, Err(ConnectError::Unreachable)), "{result:?}");

    // Someone who speaks no TLS.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || listener.accept().unwrap().0.write_all(b"HTTP/1.1 200 OK\r\n\r\n"));
    let result = sign_on(&WhmConnector::new(), &request(&address, &"T0KEN".into()));
    assert!(matches!(result, Err(ConnectError::Unreachable)), "{result:?}");
}

#[test]
fn only_a_trusted_certificate_gets_the_credential() {
    let pinned = |pem: &str| WhmConnector::new().pin("localhost", pem.as_bytes()).unwrap();
    let expired = Identity::self_signed("localhost", |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    });
    let other_name = Identity::self_signed("other.example", |_| {});
    let authority = Identity::self_signed("localhost", |params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    });
    let other_pem = local().pem;
    let cases = [
        ("expired", pinned(&expired.pem), expired),
        ("for another name", pinned(&other_name.pem), other_name),
        ("an authority's own", pinned(&authority.pem), authority),
        ("not the pinned one", pinned(&other_pem), local()),
        ("of no public authority", WhmConnector::new(), local()),
        ("pinned for another host", WhmConnector::new().pin("other.example", other_pem.as_bytes()).unwrap(), local()),
    ];
    for (what, whm, identity) in cases {
        let server = Server::answering(identity, "200 OK", SESSION);
        let result = sign_on(&whm, &request(&server.address, &"T0KEN".into()));
        assert!(matches!(result, Err(ConnectError::Untrusted)), "{what}: {result:?}");
        assert!(server.requests().is_empty(), "{what}: the credential was sent");
    }
    let issued = Identity::issued("localhost");
    assert!(against(issued, "200 OK", SESSION).is_ok());
}

#[test]
fn a_request_that_makes_no_sense_is_not_sent() {
    let identity = local();
    let whm = WhmConnector::new().pin("localhost", identity.pem.as_bytes()).unwrap();
    let server = Server::answering(identity, "200 OK", SESSION);
    let secret = "T0KEN".into();
    let good = request(&server.address, &secret);
    let (split, empty) = ("T0KEN\r\nX-Other: 1".into(), SecretString::default());
    for (bad, expected) in [
        (ConnectRequest { service: Some("ftpd"), ..good }, "service"),
        (ConnectRequest { address: "https://localhost/", ..good }, "address"),
        (ConnectRequest { username: "", ..good }, "username"),
        (ConnectRequest { username: "root:other", ..good }, "username"),
        (ConnectRequest { username: "root\r\nX-Other: 1", ..good }, "username"),
        (ConnectRequest { secret: &split, ..good }, "password"),
        (ConnectRequest { secret: &empty, ..good }, "password"),
    ] {
        match whm.connect(&bad) {
            Err(ConnectError::Unsupported { field, .. }) => assert_eq!(field, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
    assert!(server.requests().is_empty());
    assert!(WhmConnector::new().pin("localhost", b"no certificate").is_err());
    assert!(WhmConnector::new().pin("local/host", local().pem.as_bytes()).is_err());
}
