//! The helper over both transports: what it serves, whom it refuses, what is left after a client.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod client;

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::{Value, json};

use client::{HELPER, Listening, folder, frame, listening, piped, prefix, until};

#[test]
fn a_walk_over_pipes() {
    let folder = folder();
    let mut helper = piped();
    helper.client.walk(&folder.path().join("vault.db"));
    drop(helper.client);
    assert!(helper.child.wait().unwrap().success());
}

#[test]
fn walks_over_a_socket_by_several_clients_at_once() {
    let folder = folder();
    let helper = listening(&mut Command::new(HELPER), &folder.path().join("socket"));
    assert_eq!(fs::metadata(&helper.socket).unwrap().mode() & 0o777, 0o600);
    helper.connect().walk(&folder.path().join("vault.db"));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| helper.connect().walk(&folder.path().join("vault.db")));
        }
    });
    let (mut one, mut other) = (helper.connect(), helper.connect());
    one.hello();
    other.hello();
    let vault = one.open(&folder.path().join("vault.db")).handle();
    assert_eq!(other.session(vault).error(), "INVALID_HANDLE", "handles belong to one connection");
}

/// What a client may send as its first bytes, and how the helper ends it.
fn wrong() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let hello = br#"{"request":1,"do":"hello","protocol":1}"#;
    let with = |header: &str| frame(header.as_bytes(), b"", &[]);
    vec![
        ("a header of 4 GiB", prefix(u32::MAX as usize, 0, 0), "INVALID_ARGUMENT"),
        ("a document of 4 GiB", prefix(hello.len(), u32::MAX as usize, 0), "INVALID_ARGUMENT"),
        ("secrets of 4 GiB", prefix(hello.len(), 0, u32::MAX as usize), "INVALID_ARGUMENT"),
        ("no header", frame(b"", b"", &[]), "INVALID_ARGUMENT"),
        ("no JSON", with("hello"), "INVALID_ARGUMENT"),
        ("HTTP", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), "INVALID_ARGUMENT"),
        ("invalid UTF-8", frame(b"{\"request\":1,\"do\":\"\xff\"}", b"", &[]), "INVALID_ARGUMENT"),
        ("an unknown key", with(r#"{"request":1,"do":"hello","protocol":1,"hi":1}"#), "INVALID_ARGUMENT"),
        ("an unknown request", with(r#"{"request":1,"do":"dance"}"#), "INVALID_ARGUMENT"),
        ("a secret of no length", frame(hello, b"", &[b"x"]), "INVALID_ARGUMENT"),
        ("a length of no secret", with(r#"{"request":1,"do":"open","secrets":[1]}"#), "INVALID_ARGUMENT"),
        ("a negative length", with(r#"{"request":1,"do":"open","secrets":[-1]}"#), "INVALID_ARGUMENT"),
        ("lengths that wrap around", with(r#"{"request":1,"do":"open","secrets":[4294967295,1]}"#), "INVALID_ARGUMENT"),
        (
            "too many secrets",
            with(&format!(r#"{{"request":1,"do":"open","secrets":[{}0]}}"#, "0,".repeat(65_536))),
            "INVALID_ARGUMENT",
        ),
        ("another protocol", with(r#"{"request":1,"do":"hello","protocol":2}"#), "STATE"),
        ("no greeting", with(r#"{"request":1,"do":"close_all"}"#), "STATE"),
    ]
}

#[test]
fn a_malformed_frame_gets_an_error_and_ends_the_connection() {
    for (what, bytes, name) in wrong() {
        let mut helper = piped();
        helper.client.raw(&bytes);
        let reply = helper.client.reply().expect(what);
        assert!(reply.is_final() && reply.error() == name, "{what}: {reply:?}");
        assert!(helper.client.reply().is_none(), "{what}");
        assert_eq!(helper.child.wait().unwrap().code(), Some(1), "{what}");
        let mut notes = String::new();
        helper.child.stderr.take().unwrap().read_to_string(&mut notes).unwrap();
        assert!(notes.contains(reply.document["message"].as_str().unwrap()), "{what}: {notes}");
    }
}

#[test]
fn a_wrong_request_in_a_whole_frame_ends_nothing() {
    let mut helper = piped();
    helper.client.hello();
    for header in [
        json!({ "do": "open", "target": 1 }),
        json!({ "do": "session" }),
        json!({ "do": "call", "target": 1 }),
        json!({ "do": "call", "operation": "head" }),
        json!({ "do": "close", "target": 1, "operation": "head" }),
        json!({ "do": "hello" }),
    ] {
        assert_eq!(helper.client.ask(header.clone(), &Value::Null, &[]).error(), "INVALID_ARGUMENT", "{header}");
    }
    assert_eq!(helper.client.ask(json!({ "do": "close_all" }), &json!({}), &[]).error(), "INVALID_ARGUMENT");
    assert_eq!(helper.client.call(1, "head", &json!({}), &[]).error(), "INVALID_HANDLE");
    assert_eq!(helper.client.ask(json!({ "do": "open" }), &json!("nonsense"), &[]).error(), "INVALID_ARGUMENT");
    helper.client.ask(json!({ "do": "close", "target": u64::MAX }), &Value::Null, &[]);
    helper.client.hello();
}

#[test]
fn what_is_announced_takes_no_memory_before_it_comes() {
    let mut helper = piped();
    helper.client.hello();
    let peak = |pid: u32| -> u64 {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmPeak")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let before = peak(helper.child.id());
    let header = br#"{"request":2,"do":"open","secrets":[67108864]}"#;
    helper.client.raw(&prefix(header.len(), 64 << 20, 64 << 20));
    helper.client.raw(header);
    helper.client.raw(b"{");
    let pid = helper.child.id();
    until("the helper waits for the rest", || {
        fs::read_to_string(format!("/proc/{pid}/stat")).unwrap().contains(") S ")
    });
    assert!(peak(pid) - before < 16 << 10, "KiB: {before} and then {}", peak(pid));
    drop(helper.client);
    assert_eq!(helper.child.wait().unwrap().code(), Some(1), "it ended in the middle of a request");
}

/// Whether a process has a file open. Only root sees that of a process closed to debuggers.
fn has_open(helper: &Listening, file: &Path) -> bool {
    let descriptors = match fs::read_dir(format!("/proc/{}/fd", helper.child.id())) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return false,
        descriptors => descriptors.unwrap(),
    };
    descriptors.filter_map(|one| fs::read_link(one.ok()?.path()).ok()).any(|target| target == file)
}

#[test]
fn nothing_of_a_client_outlives_it() {
    let folder = folder();
    let store = folder.path().canonicalize().unwrap().join("vault.db");
    let helper = listening(Command::new(HELPER).args(["--connections", "1"]), &folder.path().join("socket"));
    let mut client = helper.connect();
    client.hello();
    let vault = client.open(&store).handle();
    client.session(vault);
    assert!(has_open(&helper, &store) || !is_root());
    let mut second = helper.connect();
    let refused = second.reply().unwrap();
    assert!(refused.is_final() && refused.error() == "BUSY" && second.reply().is_none(), "{refused:?}");
    // It dies in the middle of a request.
    client.raw(&prefix(100, 0, 0));
    client.raw(b"{\"request\":");
    drop(client);
    until("the vault is closed", || !has_open(&helper, &store));
    until("the place is free", || {
        let mut next = helper.connect();
        // A refused client may find the connection ended before it has sent everything.
        let sent = frame(br#"{"request":1,"do":"hello","protocol":1}"#, b"", &[]);
        std::io::Write::write_all(&mut next.to, &sent).is_ok() && next.reply().is_some_and(|reply| !reply.is_final())
    });
}

#[test]
fn a_client_that_never_greets_keeps_no_place() {
    let folder = folder();
    let mut helper = listening(Command::new(HELPER).args(["--connections", "2"]), &folder.path().join("socket"));
    let mut greeted = helper.connect();
    greeted.hello();
    let mut silent = helper.connect();
    silent.raw(&prefix(40, 0, 0));
    let ended = silent.reply().unwrap();
    assert!(ended.is_final() && ended.error() == "STATE" && silent.reply().is_none(), "{ended:?}");
    assert_eq!(helper.note(), "pwvault-helper: the client did not greet in time\n");
    greeted.hello();
}

#[test]
fn a_second_user_is_refused() {
    if !is_root() {
        println!("not run: only root can start a helper of another user");
        return;
    }
    let outer = tempfile::tempdir().unwrap();
    fs::set_permissions(&outer, Permissions::from_mode(0o755)).unwrap();
    let (program, folder) = (outer.path().join("pwvault-helper"), outer.path().join("of-nobody"));
    fs::copy(HELPER, &program).unwrap();
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
    let mut helper = listening(Command::new(&program).uid(NOBODY).gid(NOBODY), &folder.join("socket"));
    // The modes do not stop root; who it is does.
    let mut stranger = helper.connect();
    assert!(stranger.from.read(&mut [0]).is_ok_and(|read| read == 0));
    assert_eq!(helper.note(), "pwvault-helper: refused a client of user 0: only user 65534 may connect\n");
    // A folder of someone else is no place for a socket.
    let socket = folder.join("of-root");
    assert!(refusal(&socket).contains("expected a directory of this user with mode 0700"));
}

#[test]
fn the_place_of_the_socket_is_looked_at() {
    let folder = folder();
    let socket = folder.path().join("socket");
    let helper = listening(&mut Command::new(HELPER), &socket);
    assert!(refusal(&socket).contains("somebody listens there already"));
    helper.connect().hello();
    drop(helper);
    assert!(socket.exists(), "killed, it left its socket");
    drop(listening(&mut Command::new(HELPER), &socket));
    fs::remove_file(&socket).unwrap();
    let foreign = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    assert!(refusal(&socket).contains("somebody listens there already"), "of another program");
    drop(foreign);
    fs::remove_file(&socket).unwrap();
    fs::write(&socket, "precious").unwrap();
    assert!(refusal(&socket).contains("something else than a socket is there"));
    assert_eq!(fs::read_to_string(&socket).unwrap(), "precious");
    for mode in [0o750, 0o701, 0o777] {
        fs::set_permissions(&folder, Permissions::from_mode(mode)).unwrap();
        assert!(refusal(&folder.path().join("other")).contains("with mode 0700"), "{mode:o}");
    }
    assert!(refusal(Path::new("/nowhere/socket")).contains("/nowhere"));
}

#[test]
fn a_link_on_the_way_to_the_socket_is_followed_once() {
    let (outer, folder) = (folder(), folder());
    let (link, real) = (outer.path().join("link"), folder.path().canonicalize().unwrap());
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let mut helper =
        Command::new(HELPER).arg("--socket").arg(link.join("socket")).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(helper.stderr.take().unwrap()).read_line(&mut line).unwrap();
    helper.kill().unwrap();
    helper.wait().unwrap();
    assert_eq!(line, format!("pwvault-helper: listening at {}\n", real.join("socket").display()));
}

#[test]
fn arguments_are_checked() {
    let run = |arguments: &[&str]| {
        let output = Command::new(HELPER).args(arguments).stdin(Stdio::null()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let version = format!("pwvault-helper {}, protocol 1\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]), (Some(0), version, String::new()));
    assert_eq!(run(&[]), (Some(0), String::new(), String::new()), "a client that leaves at once");
    for wrong in [&["--sockets"][..], &["--socket"], &["--connections", "3"], &["--connections", "0"]] {
        let (code, out, problem) = run(wrong);
        assert!(code == Some(2) && out.is_empty() && problem.contains("--help"), "{wrong:?}: {problem}");
    }
}

/// What a helper says that cannot listen at a path.
fn refusal(socket: &Path) -> String {
    let output = Command::new(HELPER).arg("--socket").arg(socket).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

const NOBODY: u32 = 65_534;
