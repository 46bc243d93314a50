//! A master password under a store that fails: killed at any call, every entry stays openable and
//! the work can be resumed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod locked;

use std::sync::{Arc, Mutex, OnceLock, Weak};

use locked::*;
use pwvault_core::model::{Actions, Grantee, MasterState, Owner, Recipient};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::MemoryStore;
use pwvault_core::testing::{FaultyStore, When};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{ChangeMaster, RecoverMaster, RecoverWith, Recovery, SetMaster, UnlockAnswer};
use pwvault_core::{EntryId, Principal, SecretString, Session, VaultError};

const PASSWORD: &str = "master password";
const NEW_PASSWORD: &str = "another password";

/// A store that can be made to fail, and the numbers of the calls that were commits.
#[derive(Clone)]
struct FaultyCalls {
    store: Arc<FaultyStore<MemoryStore>>,
    commits: Arc<Mutex<Vec<u64>>>,
}

impl FaultyCalls {
    fn new() -> Self {
        let commits = Arc::new(Mutex::new(Vec::new()));
        let itself: Arc<OnceLock<Weak<FaultyStore<MemoryStore>>>> = Arc::default();
        let (noted, named) = (commits.clone(), itself.clone());
        let store = Arc::new(FaultyStore::new(MemoryStore::new()).lie_on_commit(move |changes| {
            noted.lock().unwrap().push(named.get().and_then(Weak::upgrade).unwrap().calls());
            Some(changes.clone())
        }));
        itself.set(Arc::downgrade(&store)).unwrap();
        Self { store, commits }
    }

    /// Runs `work` with its `n`th call failing. Gives the numbers of its commits when it had fewer
    /// calls.
    fn strike(&self, n: u64, when: When, work: impl FnOnce()) -> Option<Vec<u64>> {
        self.commits.lock().unwrap().clear();
        let before = self.store.calls();
        self.store.fail_call(before + n, when);
        work();
        let commits = self.commits.lock().unwrap().iter().map(|call| call - before).collect();
        let spared = self.store.calls() < before + n;
        // From here on the store works.
        self.store.fail_call(0, when);
        spared.then_some(commits)
    }
}

/// A world of which a call of the store can be made to fail, with more entries than one batch
/// takes.
struct Fragile {
    world: World,
    faulty: FaultyCalls,
    with_history: EntryId,
    shared: EntryId,
    plain: Vec<EntryId>,
}

impl Fragile {
    fn new() -> Self {
        let faulty = FaultyCalls::new();
        let world = World::with_store(faulty.store.clone());
        let anna = world.client("anna");
        let with_history = entry_with_history(&anna);
        let shared = entry_with_history(&anna);
        let grantee = Grantee::Client(client("bert"));
        anna.share(shared, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)]).unwrap();
        let mut plain: Vec<_> = (0..34).map(|_| anna.create_entry(&draft("plain")).unwrap()).collect();
        // Looked at are the first, and those at the end of the first batch and in the second.
        plain.sort_unstable();
        plain.drain(1..28);
        Self { world, faulty, with_history, shared, plain }
    }

    /// The vault as another process finds it.
    fn reopen(self) -> Self {
        let vault = builder(&self.world.clock).open(self.faulty.store.clone(), VAULT).unwrap();
        Self { world: World { vault, ..self.world }, ..self }
    }

    fn anna(&self) -> Session {
        self.world.client("anna")
    }

    fn check_all(&self, session: &Session) {
        assert_eq!(password(session, self.with_history).unwrap(), "second");
        assert_eq!(past_passwords(session, self.with_history).unwrap(), ["first"]);
        assert_eq!(past_passwords(session, self.shared).unwrap(), ["first"]);
        assert!(self.plain.iter().all(|id| password(session, *id).unwrap() == "plain"));
        assert_eq!(password(&self.world.client("bert"), self.shared).unwrap(), "second");
    }

    fn check_sealed(&self, session: &Session, expected: &[Recipient]) {
        assert_eq!(recipients(session, self.with_history), [expected, expected]);
        assert_eq!(recipients(session, self.shared), vec![vec![]; 2]);
        assert!(self.plain.iter().all(|id| recipients(session, *id) == [expected]));
    }
}

fn unlocked(session: &Session, password: &str) -> Result<Session, VaultError> {
    let answer = UnlockAnswer::MasterPassword { owner: Owner::Client(client("anna")), password: password.into() };
    Ok(session.clone().with_ticket(session.unlock(&answer)?))
}

fn set(session: &Session, recovery: Recovery) -> Result<Option<SecretString>, VaultError> {
    let password = SecretString::from(PASSWORD);
    let set = SetMaster { confirmation: password.clone(), password, recovery };
    session.set_master_password(&set).map(|set| set.recovery_code)
}

/// Runs `attempt` with every call failing in its turn, and every commit failing after its effect,
/// until one run is spared and tells which calls were commits.
fn at_every_call(mut attempt: impl FnMut(u64, When) -> Option<Vec<u64>>) {
    let commits = (1..).find_map(|n| attempt(n, When::Before)).unwrap();
    assert!(!commits.is_empty());
    for n in commits {
        assert!(attempt(n, When::After).is_none(), "call {n} was no commit");
    }
}

#[test]
fn setting_is_resumed_after_a_failure_at_any_call() {
    let mut interrupted = 0;
    at_every_call(|n, when| {
        let fragile = Fragile::new();
        let mut done = Ok(None);
        let spared = fragile.faulty.strike(n, when, || done = set(&fragile.anna(), Recovery::None));
        let fragile = fragile.reopen();
        let anna = fragile.anna();
        match anna.master_password().unwrap() {
            None => {
                assert!(done.is_err());
                fragile.check_all(&anna);
                fragile.check_sealed(&anna, &[]);
            }
            Some(status) => {
                interrupted += u32::from(status.state == MasterState::Enabling);
                assert!(matches!(anna.reveal(fragile.with_history), Err(VaultError::Locked(_))));
                let open = unlocked(&anna, PASSWORD).unwrap();
                fragile.check_all(&open);
                // A change in between is sealed to it, and its past with it in the end.
                if n % 4 == 0 {
                    fragile.world.clock.0.advance(1);
                    set_password(&open, fragile.plain[6], "plain");
                }
                // By the owner, or by scheduled work.
                let who = if n % 2 == 0 { anna } else { fragile.world.session(Principal::system()) };
                who.resume_master_password().unwrap();
                assert_eq!(open.master_password().unwrap().unwrap().state, MasterState::Active);
                fragile.check_all(&open);
                let master = [Recipient::MasterPassword];
                assert!(recipients(&open, fragile.plain[6]).iter().all(|locks| *locks == master));
                assert!(fragile.plain[..6].iter().all(|id| recipients(&open, *id) == [master.clone()]));
                assert_eq!(recipients(&open, fragile.with_history), [master.clone(), master]);
                assert_eq!(recipients(&open, fragile.shared), vec![vec![]; 2]);
            }
        }
        spared
    });
    assert!(interrupted > 10, "{interrupted} were interrupted");
}

#[test]
fn disabling_is_resumed_after_a_failure_at_any_call() {
    let mut interrupted = 0;
    at_every_call(|n, when| {
        let fragile = Fragile::new();
        set(&fragile.anna(), Recovery::None).unwrap();
        let open = unlocked(&fragile.anna(), PASSWORD).unwrap();
        let spared = fragile.faulty.strike(n, when, || drop(open.disable_master_password()));
        let fragile = fragile.reopen();
        let anna = fragile.anna();
        if let Some(status) = anna.master_password().unwrap() {
            let open = unlocked(&anna, PASSWORD).unwrap();
            fragile.check_all(&open);
            if status.state == MasterState::Disabling {
                interrupted += 1;
                assert!(matches!(anna.resume_master_password(), Err(VaultError::Locked(_))));
                open.resume_master_password().unwrap();
            } else {
                open.disable_master_password().unwrap();
            }
        }
        assert_eq!(anna.master_password().unwrap(), None);
        fragile.check_all(&anna);
        fragile.check_sealed(&anna, &[]);
        spared
    });
    assert!(interrupted > 10, "{interrupted} were interrupted");
}

#[test]
fn a_change_or_recovery_lands_whole_or_not_at_all() {
    type Attempt = fn(&Session, &SecretString) -> Result<(), VaultError>;
    let change: Attempt = |anna, _| {
        let (old, password) = (PASSWORD.into(), NEW_PASSWORD.into());
        anna.change_master_password(&ChangeMaster { old, password, confirmation: NEW_PASSWORD.into() })
    };
    let recover: Attempt = |anna, code| {
        let with = RecoverWith::Code(code.clone());
        let (password, confirmation) = (NEW_PASSWORD.into(), NEW_PASSWORD.into());
        anna.recover_master_password(&RecoverMaster { owner: None, with, password, confirmation }).map(drop)
    };
    for attempt in [change, recover] {
        at_every_call(|n, when| {
            let faulty = FaultyCalls::new();
            let world = World::with_store(faulty.store.clone());
            let anna = world.client("anna");
            let id = entry_with_history(&anna);
            let code = set(&anna, Recovery::Code).unwrap().unwrap();
            let spared = faulty.strike(n, when, || drop(attempt(&anna, &code)));
            let vault = builder(&world.clock).open(faulty.store.clone(), VAULT).unwrap();
            let anna = World { vault, ..world }.client("anna");
            let fits = [PASSWORD, NEW_PASSWORD].map(|password| unlocked(&anna, password));
            assert_eq!(fits.iter().filter(|fit| fit.is_ok()).count(), 1);
            let open = fits.into_iter().find_map(Result::ok).unwrap();
            assert_eq!(password(&open, id).unwrap(), "second");
            assert_eq!(past_passwords(&open, id).unwrap(), ["first"]);
            spared
        });
    }
}

#[test]
fn a_recovery_code_lost_with_the_stores_reply_is_renewed() {
    let mut lost = 0;
    at_every_call(|n, when| {
        let faulty = FaultyCalls::new();
        let world = World::with_store(faulty.store.clone());
        let anna = world.client("anna");
        let id = entry_with_history(&anna);
        let mut code = Ok(None);
        let spared = faulty.strike(n, when, || code = set(&anna, Recovery::Code));
        if anna.master_password().unwrap().is_some() {
            lost += u32::from(code.is_err());
            let open = unlocked(&anna, PASSWORD).unwrap();
            // A code whose reply is lost as well is renewed once more.
            let mut unseen = Err(VaultError::NotFound);
            faulty.strike(n, when, || unseen = anna.renew_recovery_code(&PASSWORD.into()));
            let renewed = anna.renew_recovery_code(&PASSWORD.into()).unwrap();
            assert_eq!(password(&open, id).unwrap(), "second", "the ticket stays");
            let recover = |code: &SecretString| {
                let (with, password) = (RecoverWith::Code(code.clone()), SecretString::from(NEW_PASSWORD));
                anna.recover_master_password(&RecoverMaster {
                    owner: None,
                    with,
                    confirmation: password.clone(),
                    password,
                })
            };
            for void in [unseen.ok(), code.ok().flatten()].into_iter().flatten() {
                assert!(matches!(recover(&void), Err(VaultError::WrongAnswer { .. })));
            }
            recover(&renewed).unwrap();
            assert_eq!(password(&unlocked(&anna, NEW_PASSWORD).unwrap(), id).unwrap(), "second");
        }
        spared
    });
    assert!(lost > 0);
}
