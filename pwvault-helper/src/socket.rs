//! The Unix socket: who may reach it, and how many at once. Knows nothing of requests.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::ErrorKind;
use std::num::NonZeroUsize;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use pwvault::Code;
use rustix::net::sockopt::socket_peercred;
use rustix::process::geteuid;

use crate::frame::fault;
use crate::{connection, note};

/// Serves clients at `path`, at most so many at once, until the process is ended.
///
/// # Errors
/// Why it cannot.
pub(crate) fn serve(path: &Path, connections: NonZeroUsize) -> Result<(), String> {
    let path = &own_place(path)?;
    let _lock = lock(path)?;
    remove_stale(path)?;
    let listener = UnixListener::bind(path).map_err(|error| format!("{}: {error}", path.display()))?;
    fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(|error| format!("{}: {error}", path.display()))?;
    let places = Arc::new(AtomicUsize::new(connections.get()));
    note(&format!("listening at {}", path.display()));
    loop {
        match listener.accept() {
            Ok((stream, _)) => admit(stream, &places),
            Err(error) => {
                // Too many files are open, for instance; the next try must not come at once.
                note(&format!("no client could be let in: {error}"));
                thread::sleep(PAUSE);
            }
        }
    }
}

/// Lets a client in that is the owner, where there is a place.
fn admit(stream: UnixStream, places: &Arc<AtomicUsize>) {
    let owner = geteuid();
    match socket_peercred(&stream) {
        Ok(peer) if peer.uid == owner => {}
        Ok(peer) => {
            return note(&format!(
                "refused a client of user {}: only user {} may connect",
                peer.uid.as_raw(),
                owner.as_raw()
            ));
        }
        Err(error) => return note(&format!("refused a client that the system does not name: {error}")),
    }
    let Some(place) = Place::take(places) else {
        let busy = fault(Code::Busy, "as many clients are connected as --connections allows");
        // A client that does not read must not hold up the others.
        let ended = stream.set_nonblocking(true).map_err(|error| error.to_string());
        if let Err(line) = ended.and_then(|()| connection::end(&stream, 0, &busy)) {
            note(&line);
        }
        return;
    };
    let served = thread::Builder::new().name("client".to_owned()).spawn(move || {
        let _place = place;
        // Who connects and says nothing must not keep the place.
        let limited = stream.set_read_timeout(Some(GREETING)).map_err(|error| error.to_string());
        let served = || connection::serve(&stream, &stream, || stream.set_read_timeout(None));
        if let Err(line) = limited.and_then(|()| served()) {
            note(&line);
        }
    });
    if let Err(error) = served {
        note(&format!("no thread for a client: {error}"));
    }
}

/// One of the places of clients, given back when it is dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(places: &Arc<AtomicUsize>) -> Option<Self> {
        let taken = places.fetch_update(Ordering::AcqRel, Ordering::Acquire, |free| free.checked_sub(1));
        taken.is_ok().then(|| Self(Arc::clone(places)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

/// The socket in the real path of its folder, so that no link on the way is turned after this look. Between
/// `bind` and `chmod` the folder's mode is what keeps others out.
fn own_place(path: &Path) -> Result<PathBuf, String> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(format!("{}: expected the path of a socket", path.display()));
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let problem = |error: std::io::Error| format!("{}: {error}", folder.display());
    let real = fs::canonicalize(folder).map_err(problem)?;
    let found = fs::symlink_metadata(&real).map_err(problem)?;
    if found.uid() != geteuid().as_raw() || found.mode() & 0o077 != 0 {
        return Err(format!("{}: expected a directory of this user with mode 0700", folder.display()));
    }
    Ok(real.join(name))
}

/// Of two helpers that start at the same time, one gets the lock. It ends with the process.
fn lock(path: &Path) -> Result<File, String> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let place = PathBuf::from(name);
    let problem = |error: std::io::Error| format!("{}: {error}", place.display());
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&place).map_err(problem)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(live(path)),
        Err(TryLockError::Error(error)) => Err(problem(error)),
    }
}

/// Removes a socket that nobody listens at, and nothing else.
fn remove_stale(path: &Path) -> Result<(), String> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
        Ok(found) if !found.file_type().is_socket() => {
            return Err(format!("{}: something else than a socket is there", path.display()));
        }
        Ok(_) => {}
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
            fs::remove_file(path).map_err(|error| format!("{}: {error}", path.display()))
        }
        _ => Err(live(path)),
    }
}

fn live(path: &Path) -> String {
    format!("{}: somebody listens there already", path.display())
}

/// How long a new client may be silent.
const GREETING: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);
