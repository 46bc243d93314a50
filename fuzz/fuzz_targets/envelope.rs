//! Any bytes where an envelope is expected: refused without a panic. Any change of a genuine one:
//! refused. Any payload that was sealed properly, as by a holder of the key: read or refused, and
//! what was read is written and read back alike.
#![no_main]

use std::fmt::Debug;
use std::sync::OnceLock;

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use pwvault_core::crypto::{PrivateKey, default_provider, derive_key};
use pwvault_core::envelope::*;
use pwvault_core::id::{EntryId, RecordId, RecordKind};
use pwvault_core::model::*;
use pwvault_core::store::{Label, Record, RecordKey};
use pwvault_fuzz::{VAULT, kek, some};
use serde::de::DeserializeOwned;
use serde::ser::{Serialize, SerializeTuple, Serializer};

const RECIPIENT: [u8; 16] = [5; 16];
const REVISION: u64 = 4;
const ENTRY: EntryId = EntryId::from_bytes([9; 16]);
const BINDING: SecretBinding = SecretBinding { vault: VAULT, entry: ENTRY, revision: REVISION };

struct World {
    keyring: Keyring,
    kek: Kek,
    private: PrivateKey,
    record: Record,
    keyring_record: Record,
    vault_secret: Vec<u8>,
    locked_secret: Vec<u8>,
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let keyring = Keyring::generate(VAULT, 2).unwrap();
        let kek = kek().keks().unwrap().remove(0);
        let private = PrivateKey::generate_x25519().unwrap();
        let secret = Secret { password: "correct horse".into(), notes: "a note".into(), ..Secret::default() };
        let targets = [LockTarget { record: RECIPIENT, public: private.public() }];
        let labels = vec![Label([1; 16]), Label([2; 16])];
        World {
            record: seal_record(&keyring, key(), REVISION, &Policy::default(), labels, b"rest").unwrap(),
            keyring_record: keyring.seal(&kek).unwrap(),
            vault_secret: seal_vault(&keyring, BINDING, &secret).unwrap(),
            locked_secret: seal_locked(&keyring, &*default_provider(), BINDING, &secret, &targets).unwrap(),
            keyring,
            kek,
            private,
        }
    })
}

fn key() -> RecordKey {
    RecordKey { vault: VAULT, kind: RecordKind::Entry, id: RecordId([9; 16]) }
}

/// Bytes that serialize as themselves.
struct Raw<'a>(&'a [u8]);

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        self.0.iter().try_for_each(|byte| tuple.serialize_element(byte))?;
        tuple.end()
    }
}

fn open_both(rest: &[u8]) -> [bool; 2] {
    let World { keyring, private, .. } = world();
    [
        open_vault(keyring, BINDING, rest).is_ok(),
        open_locked(keyring, &*default_provider(), BINDING, rest, RECIPIENT, private).is_ok(),
    ]
}

fn any_bytes(bytes: &[u8]) {
    let World { keyring, kek, record, keyring_record, .. } = world();
    let _ = (sealed_len(bytes), key_id_of(bytes));
    let _ = open(keyring.data_key(), Purpose::Head, Suite::Symmetric, &Context::default(), &[], bytes).unwrap_err();
    let record = Record { body: bytes.to_vec(), ..record.clone() };
    assert!(open_record::<Policy>(keyring, RecordKind::Entry, &record).is_err());
    let record = Record { body: bytes.to_vec(), ..keyring_record.clone() };
    assert!(Keyring::open(&record, std::slice::from_ref(kek)).is_err());
    assert_eq!(open_both(bytes), [false; 2]);
}

fn changed(u: &mut Unstructured, genuine: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = genuine.to_vec();
    for _ in 0..u.int_in_range(1..=3)? {
        let at = u.choose_index(bytes.len().max(1))?;
        match u.int_in_range(0..=4)? {
            0 => bytes.truncate(at),
            1 => bytes.splice(at..at, some(u, 8, u8_of)?).for_each(drop),
            2 => bytes.extend(some(u, 8, u8_of)?),
            _ => {
                let new = u8_of(u)?;
                bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = new);
            }
        }
    }
    Ok(bytes)
}

fn u8_of(u: &mut Unstructured) -> Result<u8> {
    u.arbitrary()
}

fn any_change(u: &mut Unstructured) -> Result<()> {
    let World { keyring, kek, record, keyring_record, vault_secret, locked_secret, .. } = world();
    match u.int_in_range(0..=3)? {
        0 => {
            let mut found = Record { body: changed(u, &record.body)?, ..record.clone() };
            if u.ratio(1, 4)? {
                found.revision = u.arbitrary()?;
                found.labels = some(u, 3, |u| Ok(Label([u.int_in_range(0..=3)?; 16])))?;
            }
            let opened = open_record::<Policy>(keyring, RecordKind::Entry, &found).is_ok();
            assert_eq!(opened, found == *record);
        }
        1 => {
            let found = Record { body: changed(u, &keyring_record.body)?, ..keyring_record.clone() };
            assert_eq!(Keyring::open(&found, std::slice::from_ref(kek)).is_ok(), found == *keyring_record);
        }
        2 => {
            let found = changed(u, vault_secret)?;
            assert_eq!(open_both(&found), [found == *vault_secret, false]);
        }
        _ => {
            let found = changed(u, locked_secret)?;
            assert_eq!(open_both(&found), [false, found == *locked_secret]);
        }
    }
    Ok(())
}

fn any_head<H: Serialize + DeserializeOwned + PartialEq + Debug>(payload: &[u8]) {
    let World { keyring, .. } = world();
    let sealed = seal_record(keyring, key(), REVISION, &Raw(payload), Vec::new(), &[]).unwrap();
    let Ok(opened) = open_record::<H>(keyring, RecordKind::Entry, &sealed) else { return };
    let again = seal_record(keyring, key(), REVISION, &opened.head, Vec::new(), &[]).unwrap();
    assert_eq!(open_record::<H>(keyring, RecordKind::Entry, &again).unwrap().head, opened.head);
}

fn any_payload(mut u: Unstructured) -> Result<()> {
    let World { keyring, kek, private, .. } = world();
    let kind = u.int_in_range(0..=9)?;
    let payload = u.take_rest();
    let secret = Context {
        vault: Some(VAULT),
        kind: Some(RecordKind::Entry),
        entry: Some(ENTRY),
        field: Some("secret"),
        secret_revision: Some(REVISION),
        ..Context::default()
    };
    let wrap = Context { recipient: Some(RECIPIENT), ..secret };
    let under_data_key = |purpose, context: &Context| {
        seal(keyring.data_key(), purpose, Suite::Symmetric, context, &[], payload).unwrap()
    };
    match kind {
        0 => any_head::<EntryHead>(payload),
        1 => any_head::<Policy>(payload),
        2 => any_head::<KeyHead>(payload),
        3 => any_head::<MasterHead>(payload),
        4 => any_head::<TicketHead>(payload),
        5 => any_head::<PastSecretHead>(payload),
        6 => any_head::<Event>(payload),
        7 => {
            let rest = [&[0], under_data_key(Purpose::Secret, &secret).as_slice()].concat();
            if let Ok(opened) = open_vault(keyring, BINDING, &rest) {
                let again = seal_vault(keyring, BINDING, &opened).unwrap();
                let again = open_vault(keyring, BINDING, &again).unwrap();
                assert_eq!(again.password.expose(), opened.password.expose());
                assert_eq!(again.fields.len(), opened.fields.len());
            }
        }
        8 => {
            let sealed = under_data_key(Purpose::Wrap, &wrap);
            let length = u32::try_from(sealed.len()).unwrap().to_be_bytes();
            let rest = [[1, 0, 1].as_slice(), &length, &sealed, b"PWV"].concat();
            assert!(open_locked(keyring, &*default_provider(), BINDING, &rest, RECIPIENT, private).is_err());
        }
        _ => {
            let key = derive_key(kek.key.expose(), &VAULT.to_bytes(), b"pwvault keyring").unwrap();
            let key = EnvelopeKey::new(kek.id.0, key.expose());
            let RecordKey { id, kind, .. } = Keyring::record_key(VAULT);
            let context = Context {
                vault: Some(VAULT),
                kind: Some(kind),
                id: Some(id.0),
                revision: Some(1),
                epoch: Some(1),
                ..Context::default()
            };
            let sealed = seal(&key, Purpose::Keyring, Suite::Symmetric, &context, &[], payload).unwrap();
            let body = [1_u64.to_be_bytes().as_slice(), &sealed].concat();
            let record = Record { key: Keyring::record_key(VAULT), revision: 1, labels: Vec::new(), body };
            if let Ok((opened, _)) = Keyring::open(&record, std::slice::from_ref(kek)) {
                assert!(Keyring::open(&opened.seal(kek).unwrap(), std::slice::from_ref(kek)).is_ok());
            }
        }
    }
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let [choice, rest @ ..] = data else { return };
    let mut u = Unstructured::new(rest);
    let _ = match choice % 3 {
        0 => {
            any_bytes(rest);
            Ok(())
        }
        1 => any_change(&mut u),
        _ => any_payload(u),
    };
});
