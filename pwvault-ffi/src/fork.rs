//! What a `fork()` must not cut through. A child has one thread, but every lock and every database
//! connection as they were; so a fork waits until no other thread is inside the library, and new ones
//! wait for it. A thread that runs the host's code is not inside, since no lock is held for it. Where a
//! thread stays inside for too long the fork goes ahead, and the child is refused: nobody would ever open
//! that thread's locks, and SQLite would think its file locks held.

use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::resume_unwind;
use std::sync::{Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, Instant};

use crate::fault::{Code, Fault};

/// Says that this thread is inside, as long as it lives. It stays with its thread.
pub(crate) struct Inside(PhantomData<*const ()>);

struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// Threads that are inside.
    inside: usize,
    /// Whether a thread is about to fork.
    forking: bool,
    /// Whether this process was forked while another thread was inside.
    cut: bool,
}

static GATE: Gate =
    Gate { state: Mutex::new(State { inside: 0, forking: false, cut: false }), changed: Condvar::new() };

thread_local! {
    /// How deep this thread is inside: an operation may call its host, and that the library.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// The state while this thread forks. Never dropped, so that it is there while the thread ends, too.
    static HELD: Cell<ManuallyDrop<Option<MutexGuard<'static, State>>>> = const { Cell::new(ManuallyDrop::new(None)) };
}

/// Goes inside.
///
/// # Errors
/// [`Code::State`] in a child whose parent forked while another thread was inside for too long.
pub(crate) fn enter() -> Result<Inside, Fault> {
    watch();
    if DEPTH.get() == 0 {
        let mut state = at_rest();
        if state.cut {
            return Err(cut());
        }
        state.inside += 1;
    }
    DEPTH.set(DEPTH.get() + 1);
    Ok(Inside(PhantomData))
}

/// What every call of a cut child comes to.
pub(crate) fn cut() -> Fault {
    Fault::new(
        Code::State,
        "this process was forked while another thread was inside the library for over a second; \
         use it in the parent or a process started anew",
    )
}

/// Runs the host's code from inside the library, holding no lock. It may fork, and wait for those who do.
pub(crate) fn outside<T>(work: impl FnOnce() -> T) -> T {
    let back = Back(DEPTH.replace(0));
    if back.0 > 0 {
        leave();
    }
    work()
}

/// Gives up with [`Cut`] the call that the host's code was called for, where that code came back in a cut child.
pub(crate) fn stop_if_cut() {
    let cut = state().cut;
    if cut {
        resume_unwind(Box::new(Cut));
    }
}

/// The payload of the panic that ends a call in the middle, in a cut child: to go on, or to fail in order,
/// could wait for locks that nobody opens.
pub(crate) struct Cut;

/// Goes back inside as deep as before, also past a panic of the host's code.
struct Back(usize);

impl Drop for Back {
    fn drop(&mut self) {
        if self.0 > 0 {
            at_rest().inside += 1;
            DEPTH.set(self.0);
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
        if DEPTH.get() == 0 {
            leave();
        }
    }
}

fn leave() {
    state().inside -= 1;
    GATE.changed.notify_all();
}

/// The state, once nobody forks.
fn at_rest() -> MutexGuard<'static, State> {
    GATE.changed.wait_while(state(), |state| state.forking).unwrap_or_else(PoisonError::into_inner)
}

fn state() -> MutexGuard<'static, State> {
    // The state is numbers, whole after every statement.
    GATE.state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has the system call us around every fork, once in a process and its children.
fn watch() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        // SAFETY: the three functions live as long as the library, and never unwind.
        let failed = unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
        debug_assert_eq!(failed, 0, "pthread_atfork fails only without memory");
    });
}

extern "C" fn before() {
    let own = usize::from(DEPTH.get() > 0);
    let end = Instant::now() + PATIENCE;
    let mut state = state();
    while state.inside > own {
        // Anew each time: another thread may have forked while this one waited.
        state.forking = true;
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        state =
            GATE.changed.wait_timeout(state, left).map_or_else(|poisoned| poisoned.into_inner().0, |waited| waited.0);
    }
    HELD.set(ManuallyDrop::new(Some(state)));
}

extern "C" fn in_parent() {
    if let Some(mut state) = ManuallyDrop::into_inner(HELD.take()) {
        state.forking = false;
    }
    GATE.changed.notify_all();
}

extern "C" fn in_child() {
    if let Some(mut state) = ManuallyDrop::into_inner(HELD.take()) {
        let own = usize::from(DEPTH.get() > 0);
        state.forking = false;
        state.cut |= state.inside > own;
        state.inside = own;
    }
}

/// How long a fork waits for threads that are inside.
const PATIENCE: Duration = Duration::from_secs(1);
