//! Many unlocks at once must not take more memory than the permits allow. Alone in this file: the
//! peak is the process's.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{fs, thread};

use pwvault_core::crypto::{argon2id, argon2id_waits};
use pwvault_core::model::KdfParams;

/// The most memory this process has had, in KiB.
fn peak_kib() -> u32 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn two_hundred_unlocks_stay_within_four_permits() {
    let before = peak_kib();
    thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| argon2id(b"password", &[0; 16], KdfParams::FLOOR).unwrap());
        }
    });
    let taken = peak_kib() - before;
    let allowed = 4 * KdfParams::FLOOR.memory_kib;
    assert!(taken > allowed / 2, "{taken} KiB: the measurement sees the memory");
    assert!(taken <= allowed + allowed / 10, "{taken} KiB, {allowed} KiB allowed");
    assert!(argon2id_waits() > 0);
}
