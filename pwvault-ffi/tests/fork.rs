//! A fork while other threads work: it waits for them, the children go on with the sessions they
//! inherited, and the vault is whole afterwards. Where a thread stays inside, the child is refused. Runs
//! without the test harness, whose threads are not the library's to wait for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::cell::Cell;
use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Command, exit};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pwvault::{Code, Fault, Handles, guarded};
use pwvault_core::SecretBytes;
use serde_json::{Value, json};

const WORKERS: usize = 4;
const FORKS: usize = 20;
const WAVES: usize = 20;
const CALLS: usize = 20;
/// How long a child may take, on a busy machine too.
const CHILD_SECONDS: u32 = 300;
/// The status of a child that exits with 7.
const REFUSED: i32 = 7 << 8;

static HANDLES: Handles = Handles::new();

/// Ends the workers, also where the test fails: the scope waits for them.
struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let options = json!({
        "store": format!("sqlite:{}", folder.path().join("vault.db").display()),
        "vault": "0190b5a0-0000-7000-8000-000000000001", "mode": "create", "full_access": "full",
        "kek": { "keys": [{ "id": "07070707070707070707070707070707", "key": { "$secret": 0 } }] },
    });
    let secrets = vec![SecretBytes::from_slice(&[9; 32])];
    let vault = guarded(|| HANDLES.open(options.to_string().as_bytes(), secrets)).unwrap();
    let who = json!({ "principal": { "kind": { "admin": { "id": "1", "roles": ["full"] } } } });
    let session = guarded(|| HANDLES.session(vault, who.to_string().as_bytes(), Vec::new())).unwrap();

    let done = AtomicBool::new(false);
    let mut names: HashSet<String> = thread::scope(|scope| {
        let ended = Ended(&done);
        let workers: Vec<_> = (0..WORKERS)
            .map(|worker| {
                let done = &done;
                scope.spawn(move || {
                    let names = (0..).map(|round| format!("worker {worker}, {round}"));
                    names
                        .take_while(|_| !done.load(Ordering::Acquire))
                        .inspect(|name| keep(session, name))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        // On a busy machine a worker may stay inside for the second that a fork waits: that child is refused,
        // has written nothing, and is made again.
        let mut numbers: Vec<usize> = (0..FORKS).collect();
        for _ in 0..WAVES {
            let children: Vec<_> =
                numbers.drain(..).map(|number| (number, fork(move || keep_on(session, number)))).collect();
            for (number, child) in children {
                match wait(child) {
                    0 => {}
                    REFUSED => numbers.push(number),
                    status => panic!("child {number} failed with status {status}"),
                }
            }
        }
        assert!(numbers.is_empty(), "refused every time: {numbers:?}");
        drop(ended);
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let written = names.len();
    names.extend((0..FORKS).flat_map(|number| (0..3).map(move |round| format!("child {number}, {round}"))));
    assert_eq!(listed(session), names, "everything that anybody kept is there");
    let (verified, _) = call(session, "verify_log", &json!({ "options": {} }), &[]).unwrap();
    assert_eq!(verified["findings"], json!([]));

    refused_while_a_thread_is_inside(session, folder.path());
    println!("{FORKS} forks beside {WORKERS} threads that wrote {written} entries");
    println!("1 passed, 0 failed");
}

/// A thread that waits for a named pipe in the middle of opening a vault holds up a fork for a second.
fn refused_while_a_thread_is_inside(session: u64, folder: &std::path::Path) {
    let pipe = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    thread::scope(|scope| {
        let options = json!({
            "store": "memory:", "vault": "0190b5a0-0000-7000-8000-000000000002", "mode": "create", "full_access": "full",
            "kek": { "file": { "id": "07070707070707070707070707070707", "path": pipe } },
        });
        let stuck = scope.spawn(move || guarded(|| HANDLES.open(options.to_string().as_bytes(), Vec::new())));
        // A pipe can be opened so only while somebody reads.
        let end = Instant::now() + Duration::from_secs(30);
        let writer = loop {
            let opened = fs::OpenOptions::new().write(true).custom_flags(libc::O_NONBLOCK).open(&pipe);
            match opened {
                Ok(writer) => break writer,
                Err(_) => assert!(Instant::now() < end && !stuck.is_finished(), "nobody reads the key"),
            }
        };
        assert_eq!(wait(fork(|| refused(session))), 0);
        // A thread may fork at its very end, when most of what is local to it is gone.
        scope
            .spawn(move || {
                LAST.set(Some(Last(session)));
                assert_eq!(wait(fork(|| ())), 0);
            })
            .join()
            .unwrap();
        drop(writer);
        assert!(stuck.join().unwrap().is_err(), "an empty file is no key");
    });
    assert!(call(session, "rules", &json!({}), &[]).is_ok(), "the parent goes on");
}

fn refused(session: u64) {
    let refused = call(session, "rules", &json!({}), &[]).unwrap_err();
    assert_eq!(refused.code, Code::State, "{}", refused.message);
    assert!(refused.message.contains("forked"));
}

thread_local! {
    static LAST: Cell<Option<Last>> = const { Cell::new(None) };
}

/// Forks where its thread ends.
struct Last(u64);

impl Drop for Last {
    fn drop(&mut self) {
        assert_eq!(wait(fork(|| refused(self.0))), 0);
    }
}

/// Calls again where the others held the database for as long as it waits: nothing was written then.
fn call(target: u64, name: &str, arguments: &Value, secrets: &[&str]) -> Result<(Value, Vec<SecretBytes>), Fault> {
    let arguments = arguments.to_string();
    for _ in 0..CALLS {
        let secrets = secrets.iter().map(|secret| SecretBytes::from_slice(secret.as_bytes())).collect();
        match guarded(|| HANDLES.call(target, name, arguments.as_bytes(), secrets)) {
            Ok(reply) => return Ok((serde_json::from_slice(&reply.document).unwrap(), reply.secrets)),
            Err(fault) if fault.detail["key"] == "store-busy" => {}
            Err(fault) => return Err(fault),
        }
    }
    panic!("{name}: the database was locked {CALLS} times");
}

/// Keeps a secret, and reads it back.
fn keep(session: u64, name: &str) {
    let draft = json!({ "draft": { "name": name, "password": { "$secret": 0 } } });
    let (id, _) = call(session, "create_entry", &draft, &[name]).unwrap();
    let (_, secrets) = call(session, "reveal", &json!({ "id": id }), &[]).unwrap();
    assert_eq!(secrets[0].expose(), name.as_bytes());
}

/// What a child keeps, unless it is refused.
fn keep_on(session: u64, number: usize) {
    if call(session, "rules", &json!({}), &[]).is_err_and(|refused| refused.code == Code::State) {
        exit(7);
    }
    (0..3).for_each(|round| keep(session, &format!("child {number}, {round}")));
}

/// The names of all entries.
fn listed(session: u64) -> HashSet<String> {
    let (mut names, mut after) = (HashSet::new(), Value::Null);
    loop {
        let (page, _) = call(session, "list_entries", &json!({ "query": { "after": after } }), &[]).unwrap();
        names.extend(
            page["entries"].as_array().unwrap().iter().map(|entry| entry["head"]["name"].as_str().unwrap().to_owned()),
        );
        after = page["next"].clone();
        if after.is_null() {
            return names;
        }
    }
}

fn fork(work: impl FnOnce()) -> libc::pid_t {
    // SAFETY: the child calls the library, which waits out its own threads, and then leaves. Standard
    // output and the allocator are left whole by the C library.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork failed");
    if pid == 0 {
        // SAFETY: it only sets a clock, which ends a child that waits for ever.
        unsafe { libc::alarm(CHILD_SECONDS) };
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        // SAFETY: it ends the process, without what the ends of threads do.
        unsafe { libc::_exit(i32::from(done.is_err())) };
    }
    pid
}

fn wait(child: libc::pid_t) -> i32 {
    let mut status = 0;
    // SAFETY: `status` is a valid place for the answer, and `child` is a child of this process.
    let waited = unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert_eq!(waited, child);
    status
}
