//! What may stand at the path.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::*;

/// Every file of a directory with its bytes.
fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

#[test]
fn files_that_are_no_store_are_left_as_they_are() {
    let foreign = |sql: &'static str| move |path: &Path| Connection::open(path).unwrap().execute_batch(sql).unwrap();
    let abandoned_wal = |path: &Path| {
        let live = path.with_extension("live");
        let connection = Connection::open(&live).unwrap();
        connection.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1);").unwrap();
        for suffix in ["", "-wal"] {
            let from = format!("{}{suffix}", live.display());
            fs::copy(from, format!("{}{suffix}", path.display())).unwrap();
        }
        drop(connection);
        fs::remove_file(live).unwrap();
    };
    type Make<'a> = &'a dyn Fn(&Path);
    let cases: [(&str, Make<'_>); 8] = [
        ("text", &|path| fs::write(path, "name,password\n".repeat(100)).unwrap()),
        ("short text", &|path| fs::write(path, "x").unwrap()),
        ("other tables", &foreign("CREATE TABLE t (a); INSERT INTO t VALUES (1);")),
        ("another application", &foreign("PRAGMA application_id = 7; CREATE TABLE record (a);")),
        ("an emptied database", &foreign("CREATE TABLE t (a); DROP TABLE t;")),
        ("another version", &foreign("PRAGMA user_version = 1;")),
        ("WAL mode", &foreign("PRAGMA journal_mode = WAL; CREATE TABLE t (a);")),
        ("an abandoned WAL", &abandoned_wal),
    ];
    for (what, make) in cases {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        make(&path);
        let before = contents(dir.path());
        assert!(matches!(SqliteStore::open(&path), Err(StoreError::NotAStore(_))), "{what}");
        assert_eq!(contents(dir.path()), before, "{what}");
    }
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(SqliteStore::open(dir.path()), Err(StoreError::NotAStore(_))), "a directory");
}

#[test]
fn an_empty_file_becomes_a_store() {
    let file = tempfile::NamedTempFile::new().unwrap();
    SqliteStore::open(file.path()).unwrap().commit(&writing(1, 1, Vec::new())).unwrap();
    assert!(SqliteStore::open(file.path()).unwrap().load(&[key(1)]).unwrap()[0].is_some());
}

#[cfg(unix)]
#[test]
fn names_with_a_meaning_elsewhere_are_plain_names() {
    let dir = tempfile::tempdir().unwrap();
    for name in [":memory:", "file:x?mode=memory", "a?b#c%41 d", "\u{e4}\u{1f511}.db"] {
        let path = dir.path().join(name);
        SqliteStore::open(&path).unwrap().commit(&writing(1, 1, Vec::new())).unwrap();
        assert!(fs::metadata(&path).unwrap().len() > 0, "{name}");
        assert!(SqliteStore::open(&path).unwrap().load(&[key(1)]).unwrap()[0].is_some(), "{name}");
        fs::write(&path, "text").unwrap();
        assert!(matches!(SqliteStore::open(&path), Err(StoreError::NotAStore(_))), "{name}");
    }
}

#[test]
fn a_missing_directory_is_a_failure_of_the_file_system() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(SqliteStore::open(dir.path().join("no/such.db")), Err(StoreError::Io(_))));
}

#[cfg(unix)]
#[test]
fn a_new_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(dir.path().join("vault.db")).unwrap();
    store.commit(&writing(1, 1, Vec::new())).unwrap();
    let files = contents(dir.path());
    assert!(files.len() > 1, "the WAL stands beside the file");
    for path in files.into_keys() {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
}

#[test]
fn many_that_open_a_new_file_at_once_succeed() {
    for _ in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vault.db");
        let start = std::sync::Barrier::new(6);
        std::thread::scope(|scope| {
            for number in 0..6 {
                let (path, start) = (&path, &start);
                scope.spawn(move || {
                    start.wait();
                    SqliteStore::open(path).unwrap().commit(&writing(number, 1, Vec::new())).unwrap();
                });
            }
        });
        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(store.scan(&all()).unwrap().into_records().unwrap().len(), 6);
        assert_eq!(store.info().unwrap().schema, 1);
    }
}

#[test]
fn a_newer_schema_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.db");
    SqliteStore::open(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    let before = contents(dir.path());
    assert!(matches!(SqliteStore::open(&path), Err(StoreError::NewerSchema { found: 99, supported: 1 })));
    assert_eq!(contents(dir.path()), before);
}

#[test]
fn the_ladder_leads_from_any_step_to_the_top_or_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.db");
    SqliteStore::open(&path).unwrap().commit(&writing(1, 1, b"old".to_vec())).unwrap();
    let mut connection = Connection::open(&path).unwrap();
    let taller = [schema::LADDER[0], "ALTER TABLE record ADD COLUMN extra INTEGER", "CREATE TABLE third (a) STRICT"];
    assert!(schema::climb(&mut connection, &taller).is_err(), "a step that is no SQL");
    assert_eq!(schema::version(&connection).unwrap(), 1, "a failed climb leaves the step it stood on");
    let taller = [taller[0], taller[1], "CREATE TABLE third (a INTEGER) STRICT"];
    schema::climb(&mut connection, &taller).unwrap();
    assert_eq!(schema::version(&connection).unwrap(), 3);
    let kept: Vec<u8> =
        connection.query_row("SELECT body FROM record WHERE extra IS NULL", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, b"old");
    assert!(matches!(SqliteStore::open(&path), Err(StoreError::NewerSchema { found: 3, supported: 1 })));
}

/// Permissions do not bind the superuser, who therefore runs the real test as nobody.
#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_read_only() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let dir = tempfile::tempdir().unwrap();
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let [file, full, empty] = ["file", "full", "empty"].map(|name| dir.path().join(name));
    for inner in [&file, &full, &empty] {
        fs::create_dir(inner).unwrap();
    }
    for (inner, mode) in [(&file, 0o444), (&full, 0o666)] {
        SqliteStore::open(inner.join("vault.db")).unwrap().commit(&writing(1, 1, Vec::new())).unwrap();
        allow(&inner.join("vault.db"), mode);
    }
    allow(dir.path(), 0o755);
    allow(&file, 0o777);
    allow(&full, 0o555);
    allow(&empty, 0o555);
    let binary = dir.path().join("test");
    fs::copy(std::env::current_exe().unwrap(), &binary).unwrap();
    let mut child = std::process::Command::new(binary);
    child.args(
        ["--exact", "--ignored", concat!(module_path!(), "::as_an_ordinary_user")]
            .map(|arg| arg.trim_start_matches("pwvault_core::")),
    );
    child.env("PWVAULT_TEST_DIR", dir.path()).current_dir(dir.path());
    if fs::write(full.join("probe"), "").is_ok() {
        child.uid(65_534).gid(65_534);
    }
    let output = child.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    allow(&full, 0o755);
    allow(&empty, 0o755);
}

#[test]
#[ignore = "run by what_cannot_be_written_is_read_only"]
fn as_an_ordinary_user() {
    let dir = PathBuf::from(std::env::var_os("PWVAULT_TEST_DIR").unwrap());
    for inner in ["file", "full", "empty"] {
        match SqliteStore::open(dir.join(inner).join("vault.db")) {
            Err(StoreError::ReadOnly) => {}
            other => panic!("{inner}: {other:?}"),
        }
    }
}

#[test]
fn what_was_deleted_or_replaced_is_found_in_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.db");
    let store = SqliteStore::open(&path).unwrap();
    let marked = |mark: &[u8], length: usize| mark.iter().copied().cycle().take(length).collect::<Vec<_>>();
    // Within a page, and over several pages of their own.
    for (number, length) in [(1, 300), (2, 20_000)] {
        store.commit(&writing(number, 1, marked(b"replaced", length))).unwrap();
        let mut changes = ChangeSet::new();
        let record = Record::new(key(number), 2, Vec::new(), marked(b"deleted.", length / 2));
        changes.write(record);
        store.commit(&changes).unwrap();
        let mut changes = ChangeSet::new();
        changes.delete(key(number), 2);
        store.commit(&changes).unwrap();
    }
    store.commit(&writing(3, 1, marked(b"the rest", 300))).unwrap();
    // Closing the last connection brings the write-ahead log into the file and removes it.
    drop(store);
    let files = contents(dir.path());
    let holds = |mark: &[u8]| files.values().any(|bytes| bytes.windows(mark.len()).any(|part| part == mark));
    assert_eq!([b"replaced", b"deleted.", b"the rest"].map(|mark| holds(mark)), [false, false, true]);
}
