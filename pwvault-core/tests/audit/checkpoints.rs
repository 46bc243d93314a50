//! Signed checkpoints: when they are made, and how they get out of the database.

use std::sync::{Arc, Mutex};

use pwvault_core::audit::{CHECKPOINT_EVENTS, Checkpoint, CheckpointSinkError, VerifyOptions};
use pwvault_core::model::{EventKind, Settings};
use pwvault_core::vault::prelude::*;
use pwvault_core::{VaultError, vault::CheckpointRun};

use crate::world::{MINUTE, World, up_to};

type Kept = Arc<Mutex<Vec<Checkpoint>>>;

/// A vault whose checkpoints go into a list, as long as the switch says so.
fn with_sink() -> (World, Kept, Arc<Mutex<bool>>) {
    let (kept, works) = (Kept::default(), Arc::new(Mutex::new(true)));
    let (into, switch) = (kept.clone(), works.clone());
    let sink = move |checkpoint: &Checkpoint| {
        if *switch.lock().unwrap() {
            into.lock().unwrap().push(checkpoint.clone());
            Ok(())
        } else {
            Err(CheckpointSinkError { reason: "the mail server is away".into() })
        }
    };
    (World::with(Settings::default(), |builder| builder.checkpoint_sink(sink)), kept, works)
}

fn sizes(kept: &Kept) -> Vec<u64> {
    kept.lock().unwrap().iter().map(|checkpoint| checkpoint.head.size).collect()
}

#[test]
fn a_thousand_events_or_a_quarter_of_an_hour_make_a_checkpoint() {
    let (world, kept, _) = with_sink();
    let id = world.entry_revealed("anna", 0);
    let anna = world.client("anna");
    for _ in 0..2_100 {
        anna.reveal(id).unwrap();
    }
    assert_eq!(sizes(&kept), [CHECKPOINT_EVENTS, 2 * CHECKPOINT_EVENTS]);
    // With nobody writing, scheduled work makes one in time.
    world.clock.advance(15 * MINUTE - 1);
    assert_eq!(world.system().make_checkpoints().unwrap(), CheckpointRun::default());
    world.clock.advance(1);
    assert_eq!(world.system().make_checkpoints().unwrap(), CheckpointRun { made: 1, kept: 1, unkept: 0 });
    world.clock.advance(60 * MINUTE);
    assert_eq!(world.system().make_checkpoints().unwrap(), CheckpointRun::default());
    let size = sizes(&kept).pop().unwrap();
    assert_eq!(size, 2 + 2_100);
    // The append that crosses the quarter of an hour makes one too.
    anna.reveal(id).unwrap();
    world.clock.advance(15 * MINUTE);
    anna.reveal(id).unwrap();
    assert_eq!(sizes(&kept).pop().unwrap(), size + 2);
    let options = VerifyOptions {
        checkpoints: kept.lock().unwrap().iter().map(|checkpoint| checkpoint.text.clone()).collect(),
        ..VerifyOptions::default()
    };
    let report = world.root().verify_log(&options).unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.shards[0].witnessed, size + 2);
    // Pulled, they are the same.
    let pulled = world.system().log_checkpoints(0, 0).unwrap();
    assert_eq!(pulled, *kept.lock().unwrap());
    assert_eq!(world.system().log_checkpoints(0, size).unwrap(), pulled[3..]);
    assert_eq!(world.count(EventKind::CheckpointsCopied), 2);
    assert!(world.system().log_checkpoints(0, size + 2).unwrap().is_empty());
    assert_eq!(world.count(EventKind::CheckpointsCopied), 2);
}

#[test]
fn a_sink_that_fails_stops_no_work_and_is_asked_again() {
    let (world, kept, works) = with_sink();
    *works.lock().unwrap() = false;
    world.entry_revealed("anna", 40);
    assert_eq!(world.vault.health().unwrap().unkept_checkpoints, 1);
    assert_eq!(world.system().make_checkpoints().unwrap().unkept, 1);
    // What would be removed must be provable from outside first.
    let events = world.events().len();
    let refused = world.root().prune_log(&up_to(world.now()), "too old");
    assert!(matches!(refused, Err(VaultError::CheckpointNotKept(_))), "{refused:?}");
    assert_eq!((world.events().len(), world.pruned()), (events, 0));
    assert!(sizes(&kept).is_empty());

    *works.lock().unwrap() = true;
    let run = world.system().make_checkpoints().unwrap();
    assert_eq!((run.kept, run.unkept), (1, 0));
    assert_eq!(world.vault.health().unwrap().unkept_checkpoints, 0);
    // The one kept covers those that were not.
    let newest = world.system().log_checkpoints(0, 0).unwrap().pop().unwrap();
    assert_eq!(*kept.lock().unwrap(), [newest]);
    assert!(world.root().prune_log(&up_to(world.now()), "too old").unwrap().removed > 20);
    world.clean();
}
