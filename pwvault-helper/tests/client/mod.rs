//! A client of the helper, and the helper under test.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub(crate) const HELPER: &str = env!("CARGO_BIN_EXE_pwvault-helper");
pub(crate) const VAULT: &str = "0190b5a0-0000-7000-8000-000000000001";

/// A reply: its header, its document or nothing, its secrets.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) header: Value,
    pub(crate) document: Value,
    pub(crate) secrets: Vec<Vec<u8>>,
}

impl Reply {
    pub(crate) fn handle(&self) -> u64 {
        self.header["handle"].as_u64().unwrap_or_else(|| panic!("no handle: {self:?}"))
    }

    /// The name of the error.
    pub(crate) fn error(&self) -> &str {
        assert_eq!(self.header["status"], self.document["code"], "{self:?}");
        self.document["name"].as_str().unwrap()
    }

    pub(crate) fn is_final(&self) -> bool {
        self.header["final"] == json!(true)
    }
}

/// Speaks frames over any stream.
pub(crate) struct Client<R, W> {
    pub(crate) from: R,
    pub(crate) to: W,
    request: u64,
}

pub(crate) fn frame(header: &[u8], document: &[u8], secrets: &[&[u8]]) -> Vec<u8> {
    let total: usize = secrets.iter().map(|secret| secret.len()).sum();
    let mut frame = prefix(header.len(), document.len(), total);
    frame.extend(header);
    frame.extend(document);
    secrets.iter().for_each(|secret| frame.extend(*secret));
    frame
}

pub(crate) fn prefix(header: usize, document: usize, secrets: usize) -> Vec<u8> {
    [header, document, secrets].iter().flat_map(|length| u32::try_from(*length).unwrap().to_be_bytes()).collect()
}

impl<R: Read, W: Write> Client<R, W> {
    pub(crate) fn new(from: R, to: W) -> Self {
        Self { from, to, request: 0 }
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.to.write_all(bytes).unwrap();
    }

    /// The next reply, or nothing where the helper has ended the connection.
    pub(crate) fn reply(&mut self) -> Option<Reply> {
        let mut lengths = [0; 12];
        if self.from.read(&mut lengths[..1]).unwrap() == 0 {
            return None;
        }
        self.from.read_exact(&mut lengths[1..]).unwrap();
        let mut parts = lengths.chunks(4).map(|length| u32::from_be_bytes(length.try_into().unwrap()) as usize);
        let mut take = |length: usize| {
            let mut bytes = vec![0; length];
            self.from.read_exact(&mut bytes).unwrap();
            bytes
        };
        let header: Value = serde_json::from_slice(&take(parts.next().unwrap())).unwrap();
        let document = take(parts.next().unwrap());
        let document = if document.is_empty() { Value::Null } else { serde_json::from_slice(&document).unwrap() };
        let lengths = header["secrets"].as_array().cloned().unwrap_or_default();
        let secrets: Vec<_> = lengths.iter().map(|length| take(length.as_u64().unwrap() as usize)).collect();
        assert_eq!(parts.next().unwrap(), secrets.iter().map(Vec::len).sum::<usize>());
        Some(Reply { header, document, secrets })
    }

    /// Asks something. `header` has what is special to the request.
    pub(crate) fn ask(&mut self, mut header: Value, document: &Value, secrets: &[&[u8]]) -> Reply {
        self.request += 1;
        header["request"] = json!(self.request);
        header["secrets"] = secrets.iter().map(|secret| secret.len()).collect();
        let document = if document.is_null() { String::new() } else { document.to_string() };
        self.raw(&frame(header.to_string().as_bytes(), document.as_bytes(), secrets));
        let reply = self.reply().expect("a reply");
        assert_eq!(reply.header["request"], json!(self.request));
        reply
    }

    pub(crate) fn hello(&mut self) -> Reply {
        self.ask(json!({ "do": "hello", "protocol": 1 }), &Value::Null, &[])
    }

    pub(crate) fn open(&mut self, store: &Path) -> Reply {
        let options = json!({
            "store": format!("sqlite:{}", store.display()), "vault": VAULT, "mode": "open_or_create",
            "full_access": "full", "kek": { "keys": [{ "id": "07070707070707070707070707070707", "key": { "$secret": 0 } }] },
        });
        self.ask(json!({ "do": "open" }), &options, &[&[9; 32]])
    }

    pub(crate) fn session(&mut self, vault: u64) -> Reply {
        let who = json!({ "principal": { "kind": { "admin": { "id": "1", "roles": ["full"], "departments": [] } } } });
        self.ask(json!({ "do": "session", "target": vault }), &who, &[])
    }

    pub(crate) fn call(&mut self, target: u64, name: &str, arguments: &Value, secrets: &[&[u8]]) -> Reply {
        self.ask(json!({ "do": "call", "target": target, "operation": name }), arguments, secrets)
    }

    /// From the greeting to the last handle: a password goes in and comes out.
    pub(crate) fn walk(&mut self, store: &Path) {
        let hello = self.hello();
        assert_eq!((&hello.document["protocol"], &hello.document["abi"]), (&json!(1), &json!(1)));
        assert_eq!(hello.document["library"], json!(env!("CARGO_PKG_VERSION")));
        let vault = self.open(store).handle();
        let session = self.session(vault).handle();
        let draft = json!({ "draft": { "name": "Mail", "password": { "$secret": 0 } } });
        let created = self.call(session, "create_entry", &draft, &[b"correct horse"]);
        assert_eq!(created.header["status"], json!(0), "{created:?}");
        let id = json!({ "id": created.document });
        let revealed = self.call(session, "reveal", &id, &[]);
        let place = revealed.document["password"]["$secret"].as_u64().unwrap();
        assert_eq!(revealed.secrets[place as usize], b"correct horse");
        assert_eq!(self.call(session, "reveal", &json!({ "id": VAULT }), &[]).error(), "NOT_FOUND");
        self.ask(json!({ "do": "close", "target": session }), &Value::Null, &[]);
        assert_eq!(self.call(session, "reveal", &id, &[]).error(), "INVALID_HANDLE");
        assert_eq!(self.call(vault, "head", &json!({}), &[]).header["status"], json!(0));
        self.ask(json!({ "do": "close_all" }), &Value::Null, &[]);
        assert_eq!(self.call(vault, "head", &json!({}), &[]).error(), "INVALID_HANDLE");
    }
}

/// A helper with one client over its stdin and stdout.
pub(crate) struct Piped {
    pub(crate) child: Child,
    pub(crate) client: Client<ChildStdout, ChildStdin>,
}

pub(crate) fn piped() -> Piped {
    let mut child =
        Command::new(HELPER).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let client = Client::new(child.stdout.take().unwrap(), child.stdin.take().unwrap());
    Piped { child, client }
}

/// A helper at a socket, killed in the end.
pub(crate) struct Listening {
    pub(crate) child: Child,
    pub(crate) socket: PathBuf,
    pub(crate) notes: BufReader<ChildStderr>,
}

/// A folder that its owner alone may enter.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    folder
}

pub(crate) fn listening(command: &mut Command, socket: &Path) -> Listening {
    let mut child = command.arg("--socket").arg(socket).stderr(Stdio::piped()).spawn().unwrap();
    let notes = BufReader::new(child.stderr.take().unwrap());
    let mut helper = Listening { child, socket: socket.to_owned(), notes };
    let line = helper.note();
    assert!(line.contains("listening at"), "{line}");
    helper
}

impl Listening {
    pub(crate) fn connect(&self) -> Client<UnixStream, UnixStream> {
        let stream = UnixStream::connect(&self.socket).unwrap();
        Client::new(stream.try_clone().unwrap(), stream)
    }

    pub(crate) fn note(&mut self) -> String {
        let mut line = String::new();
        self.notes.read_line(&mut line).unwrap();
        line
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something holds; fails when it does not in half a minute.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < end, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
