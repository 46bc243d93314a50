#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use argon2::{AssociatedData, ParamsBuilder};

use super::*;

#[test]
fn agrees_with_rfc_9106() {
    // Section 5.3.
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(AssociatedData::new(&[4; 12]).unwrap())
        .output_len(32)
        .build()
        .unwrap();
    let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let key = stretch(&argon2, &[1; 32], &[2; 16]).unwrap();
    assert_eq!(
        key.expose(),
        [
            0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53, 0xc9, 0xd0, 0x1e,
            0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59
        ]
    );
}

#[test]
fn every_bound_is_held_at_both_ends() {
    let KdfParams { memory_kib, passes, lanes } = KdfParams::FLOOR;
    let top = KdfParams::CEILING;
    let outside = [
        KdfParams { memory_kib: memory_kib - 1, ..KdfParams::FLOOR },
        KdfParams { memory_kib: top.memory_kib + 1, ..KdfParams::FLOOR },
        KdfParams { memory_kib: u32::MAX, ..KdfParams::FLOOR },
        KdfParams { passes: passes - 1, ..KdfParams::FLOOR },
        KdfParams { passes: top.passes + 1, ..KdfParams::FLOOR },
        KdfParams { passes: u32::MAX, ..KdfParams::FLOOR },
        KdfParams { lanes: lanes - 1, ..KdfParams::FLOOR },
        KdfParams { lanes: top.lanes + 1, ..KdfParams::FLOOR },
        KdfParams { lanes: u32::MAX, ..KdfParams::FLOOR },
        KdfParams { memory_kib: 0, passes: 0, lanes: 0 },
    ];
    for params in outside {
        assert_eq!(argon2id(b"password", &[0; 16], params).unwrap_err(), CryptoError::KdfParams, "{params:?}");
    }
    assert_eq!(argon2id(b"password", &[0; 16], KdfParams::FLOOR).unwrap().len(), 32);
}

#[test]
fn every_input_changes_the_key() {
    let base = argon2id(b"password", &[0; 16], KdfParams::FLOOR).unwrap();
    let more_passes = KdfParams { passes: 3, ..KdfParams::FLOOR };
    let others = [
        argon2id(b"Password", &[0; 16], KdfParams::FLOOR).unwrap(),
        argon2id(b"password", &[1; 16], KdfParams::FLOOR).unwrap(),
        argon2id(b"password", &[0; 16], more_passes).unwrap(),
    ];
    for other in &others {
        assert_ne!(base.expose(), other.expose());
    }
}

/// Runs 200 threads through `permits` and returns the most that were inside at one time.
fn peak(permits: &Permits) -> usize {
    let (inside, peak) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| {
                let _permit = permits.acquire();
                let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
                peak.fetch_max(now, Ordering::SeqCst);
                // Stays until more have come in than may, or until nobody else does.
                for _ in 0..2_000 {
                    if inside.load(Ordering::SeqCst) > 4 {
                        break;
                    }
                    thread::yield_now();
                }
                inside.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    peak.into_inner()
}

#[test]
fn two_hundred_at_once_never_exceed_the_limit() {
    let permits = Permits::new(4);
    assert_eq!(peak(&permits), 4);
    assert_eq!(permits.state().running, 0);
    assert!(permits.state().waits > 0);
    permits.set_limit(1);
    assert_eq!(peak(&permits), 1);
    permits.set_limit(300);
    assert!(peak(&permits) > 4, "the count sees it when more are let in");
}

#[test]
fn a_panic_inside_gives_the_permit_back() {
    let permits = Permits::new(1);
    let panicked = thread::scope(|scope| {
        scope
            .spawn(|| {
                let _permit = permits.acquire();
                std::panic::resume_unwind(Box::new(()));
            })
            .join()
    });
    assert!(panicked.is_err());
    assert_eq!(permits.state().running, 0);
}

#[test]
fn a_child_process_does_not_wait_for_its_parents_threads() {
    let permits = Permits::new(1);
    // As after a fork: calls of another process are counted as running, and none will end.
    *permits.state() = PermitState { process: std::process::id() ^ 1, limit: 1, running: 1, waits: 0 };
    drop(permits.acquire());
    let PermitState { running, waits, .. } = *permits.state();
    assert_eq!((running, waits), (0, 0));
}
