//! Sealing and opening one entry through the crypto interface: a head and a secret, each in an
//! envelope of its own.

use std::hint::black_box;

use pwvault_core::envelope::{Keyring, SecretBinding, open_record, open_vault, seal_record, seal_vault};
use pwvault_core::id::RecordKind;
use pwvault_core::index::entry_labels;
use pwvault_core::model::EntryHead;
use pwvault_core::store::RecordKey;

use crate::Fallible;
use crate::floor::Floor;
use crate::jobs::Bench;
use crate::race::{Watch, each, race};
use crate::report::Report;
use crate::sample::{Plain, entry_id, owner};
use crate::world::VAULT;

pub fn run(bench: &mut Bench) -> Fallible<()> {
    let report = &mut bench.report;
    let keyring = Keyring::generate(VAULT, 1)?;
    let plain = Plain::number(7);
    let length = plain.json().len();
    if length != 299 {
        return Err(format!("the sample entry has {length} bytes; 299 were meant").into());
    }
    let id = entry_id(7);
    let key = RecordKey::new(VAULT, RecordKind::Entry, id);
    let binding = SecretBinding { vault: VAULT, entry: id, revision: 1 };
    let (head, secret) = plain.split(owner("anna")?);
    let labels = entry_labels(&keyring, &head);
    let seal = || {
        let rest = seal_vault(&keyring, binding, &secret).expect("sealed");
        seal_record(&keyring, key, 1, &head, labels.clone(), &rest).expect("sealed")
    };
    let record = seal();
    let open = || {
        let opened = open_record::<EntryHead>(&keyring, RecordKind::Entry, black_box(&record)).expect("opened");
        (open_vault(&keyring, binding, opened.rest).expect("opened"), opened.head)
    };
    let floor = Floor::new();
    let context = [9; 40];
    let sealed = floor.seal(&plain, &context);

    let [ours_seal, floor_seal, ours_open, floor_open, labelled] = race(
        Watch::Cpu,
        [
            each(seal),
            each(|| floor.seal(black_box(&plain), &context)),
            each(open),
            each(|| floor.open(black_box(&sealed), &context)),
            each(|| entry_labels(&keyring, black_box(&head))),
        ],
    );
    let bare = "AES-256-GCM with a wrapped fresh key and JSON, inlined over aws-lc-rs";
    report.compare("seal_floor", "seal an entry of 299 bytes", ours_seal, bare, floor_seal, Some(2.0));
    report.compare("open_floor", "open it", ours_open, bare, floor_open, Some(2.5));
    report.note(format!(
        "The {} labels of such an entry take {}; they are not part of sealing it above.",
        labels.len(),
        crate::report::time(labelled)
    ));
    #[cfg(feature = "peers")]
    peers(report, &plain, ours_seal, ours_open)?;
    Ok(())
}

#[cfg(feature = "peers")]
fn peers(report: &mut Report, plain: &Plain, ours_seal: f64, ours_open: f64) -> Fallible<()> {
    use crate::peers::{age, josekit, openpgp};

    let (jose, filed, message) = (josekit::Peer::new()?, age::Peer::new(), openpgp::Peer::new()?);
    let sealed = (jose.seal(plain), filed.seal(plain), message.seal(plain));
    let [jose_seal, age_seal, pgp_seal, jose_open, age_open, pgp_open] = race(
        Watch::Cpu,
        [
            each(|| jose.seal(plain)),
            each(|| filed.seal(plain)),
            each(|| message.seal(plain)),
            each(|| jose.open(&sealed.0)),
            each(|| filed.open(&sealed.1)),
            each(|| message.open(&sealed.2)),
        ],
    );
    for (id, name, seal_ns, open_ns, seal_goal, open_goal) in [
        ("josekit", "josekit, A256KW and A256GCM", jose_seal, jose_open, Some(1.0 / 2.5), Some(1.0 / 2.5)),
        ("age", "age, X25519", age_seal, age_open, Some(1.0 / 30.0), Some(1.0 / 30.0)),
        ("rpgp", "rpgp, RSA-3072", pgp_seal, pgp_open, None, Some(1.0 / 1_000.0)),
    ] {
        report.compare(&format!("seal_{id}"), "seal it", ours_seal, name, seal_ns, seal_goal);
        report.compare(&format!("open_{id}"), "open it", ours_open, name, open_ns, open_goal);
    }
    Ok(())
}
