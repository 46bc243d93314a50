//! Codes of the seeds that entries hold.

use std::sync::Arc;

use pwvault_core::model::{Action, Actions, EventKind, Grantee, Outcome};
use pwvault_core::otp::{OtpError, Seed};
use pwvault_core::store::MemoryStore;
use pwvault_core::testing::{FaultyStore, FixedClock, When};
use pwvault_core::vault::LogFilter;
use pwvault_core::vault::prelude::*;
use pwvault_core::{ClientId, EntryDraft, EntryPatch, GrantChange, RoleId, Timestamp, VaultBuilder, VaultError};

use crate::host::{VAULT, admin, client, kek};

/// The key of RFC 6238, appendix B.
const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn draft(totp: &str) -> EntryDraft {
    EntryDraft { name: "Webmail".into(), password: "s3cret".into(), totp: totp.into(), ..EntryDraft::default() }
}

#[test]
fn whoever_may_reveal_or_use_gets_the_code_and_it_is_logged_before() {
    let store = Arc::new(FaultyStore::new(MemoryStore::new()));
    let vault = VaultBuilder::new(kek())
        .clock(FixedClock::new(Timestamp::from_millis(1_111_111_109_000)))
        .create(store.clone(), VAULT, RoleId::new("full").unwrap())
        .unwrap();
    let (anna, bert) = (client(&vault, "anna"), client(&vault, "bert"));
    let id = anna.create_entry(&draft(&format!("otpauth://totp/x?secret={SEED}&digits=8"))).unwrap();
    let code = anna.totp_code(id).unwrap();
    assert_eq!((code.code.expose(), code.seconds_left), ("07081804", 1));

    assert!(matches!(bert.totp_code(id), Err(VaultError::NotFound)));
    let share = |actions: &[Action]| {
        let grantee = Grantee::Client(ClientId::new("bert").unwrap());
        let actions: Actions = actions.iter().copied().collect();
        anna.share(id, &[GrantChange::put(grantee, actions)]).unwrap();
    };
    share(&[Action::View]);
    assert!(matches!(bert.totp_code(id), Err(VaultError::Denied(_))));
    share(&[Action::Use]);
    assert_eq!(bert.totp_code(id).unwrap().code.expose(), "07081804");
    assert!(bert.reveal(id).is_err(), "the seed stays inside");
    let head = anna.entry(id).unwrap().head;
    assert!(head.secret.revealed_to.is_empty(), "a code is not the secret");

    let page = admin(&vault, "root", &["full"]).read_log(&LogFilter::default()).unwrap();
    let events = page.events.into_iter().filter_map(|logged| logged.event);
    let shown = events.filter(|event| event.kind == EventKind::TotpShown);
    let mut outcomes: Vec<_> = shown.map(|event| (event.actor.to_string(), event.outcome)).collect();
    outcomes.reverse();
    let row = |who: &str, outcome| (format!("client {who}"), outcome);
    assert_eq!(
        outcomes,
        [
            row("anna", Outcome::Done),
            row("bert", Outcome::Denied),
            row("bert", Outcome::Denied),
            row("bert", Outcome::Done)
        ]
    );

    // The commit is the last call: without it there is no code.
    let before = store.calls();
    anna.totp_code(id).unwrap();
    let calls = store.calls() - before;
    for call in 1..=calls {
        store.fail_call(store.calls() + call, When::Before);
        assert!(anna.totp_code(id).is_err(), "call {call} of {calls} failed and a code came out");
    }
}

#[test]
fn an_entry_without_a_usable_seed_says_so() {
    let vault = crate::host::vault();
    let anna = client(&vault, "anna");
    let code = |totp: &str| anna.totp_code(anna.create_entry(&draft(totp)).unwrap()).map(drop);
    assert!(matches!(code(""), Err(VaultError::State(_))));
    assert!(matches!(code(&format!("otpauth://hotp/x?secret={SEED}&counter=1")), Err(VaultError::State(_))));
    assert!(matches!(code("steam://ABCDEFGH"), Err(VaultError::Otp(OtpError::Character { .. }))));
    assert!(matches!(code("JBSWY3DPA"), Err(VaultError::Otp(OtpError::CutOff { .. }))));
}

#[test]
fn clear_garbage_is_refused_when_a_seed_is_written_and_only_then() {
    let vault = crate::host::vault();
    let anna = client(&vault, "anna");
    for garbage in ["123456", "<none>", "otpauth://totp/x", "otpauth://totp/x?secret=0"] {
        let refused = anna.create_entry(&draft(garbage));
        assert!(matches!(refused, Err(VaultError::Invalid { field: "totp", .. })), "{garbage}: {refused:?}");
    }
    let id = anna.create_entry(&draft(SEED)).unwrap();
    let patch = EntryPatch { totp: Some("n/a".into()), ..EntryPatch::default() };
    assert!(matches!(anna.update_entry(id, 1, &patch), Err(VaultError::Invalid { field: "totp", .. })));
    let kept = anna.copy_secret(id, pwvault_core::vault::SecretPart::Totp).unwrap();
    assert!(matches!(Seed::parse(kept.expose()), Ok(Seed::Totp(_))));
}
