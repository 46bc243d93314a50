//! Walks `vectors/format/v1/`: each file is one case and the verdict on it (`spec/format.md`).
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../examples/make_format_vectors/json.rs"]
mod json_form;

use std::fs;
use std::path::{Path, PathBuf};

use json_form::{hex, labels, structure};
use pwvault_core::crypto::{CryptoError, PrivateKey, default_provider};
use pwvault_core::envelope::{
    self, Context, EnvelopeError, EnvelopeKey, Keyring, LinkBinding, MasterWraps, Purpose, RingKey, SecretBinding,
    Suite,
};
use pwvault_core::id::{EntryId, LinkId, RecordId, RecordKind, VaultId};
use pwvault_core::index;
use pwvault_core::model::{
    Contact, CredentialRequestHead, EntryHead, Kek, KekId, KeyHead, LinkHead, MasterHead, PastSecretHead, Policy,
    Secret, TicketHead,
};
use pwvault_core::secret::SecretBytes;
use pwvault_core::store::{Label, Record, RecordKey};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

type Verdict = Result<Value, EnvelopeError>;

#[test]
fn every_format_vector_gets_its_verdict() {
    let mut paths = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/format/v1"), &mut paths);
    let mut wrong = Vec::new();
    for path in &paths {
        let case: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let found = match verdict(&case) {
            Ok(value) => json!({ "ok": value }),
            Err(error) => json!({ "error": class(&error) }),
        };
        if found != case["expect"] {
            wrong.push(format!("{}: expected {}, found {found}", path.display(), case["expect"]));
        }
    }
    assert!(paths.len() >= 120, "only {} vectors", paths.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else {
            paths.push(path);
        }
    }
}

fn verdict(case: &Value) -> Verdict {
    match text(&case["operation"]) {
        "envelope" => open_envelope(case),
        "keyring" => {
            let (ring, kek) = keyring(case)?;
            let ids = |keys: &[RingKey]| keys.iter().map(|key| hex(&key.id())).collect::<Vec<_>>();
            Ok(json!({
                "kek_id": hex(&kek.0),
                "epoch": ring.epoch(),
                "shards": ring.shards(),
                "data": ids(ring.data_keys()),
                "index": ids(ring.index_keys()),
            }))
        }
        "record" => open_record(case),
        "secret" => open_secret(case),
        "password_wrap" => {
            let (ring, _) = keyring(case)?;
            let context = private_key_context(&ring, kind(&case["kind"]), case, text(&case["field"]));
            let (wrap, password) = (bytes(&case["wrap"]), bytes(&case["password"]));
            let (private, params) = envelope::open_password_wrap(&ring, &context, &password, &wrap)?;
            Ok(json!({
                "private_key": hex(private.expose()),
                "memory_kib": params.memory_kib,
                "passes": params.passes,
                "lanes": params.lanes,
            }))
        }
        "key_wrap" => {
            let (ring, _) = keyring(case)?;
            let context = private_key_context(&ring, kind(&case["kind"]), case, text(&case["field"]));
            let context = Context { recipient: Some(array(&case["recipient"])), ..context };
            let private = PrivateKey::from_pkcs8_der(&bytes(&case["private_key"])).unwrap();
            let (provider, wrap) = (default_provider(), bytes(&case["wrap"]));
            let key = envelope::open_key_wrap(&ring, provider.as_ref(), &context, &private, &wrap)?;
            Ok(json!({ "key": hex(key.expose()) }))
        }
        "master_wraps" => {
            let MasterWraps { password, recovery_code, recovery_key } = MasterWraps::decode(&bytes(&case["rest"]))?;
            Ok(json!({
                "password": hex(&password),
                "recovery_code": hex(&recovery_code),
                "recovery_key": hex(&recovery_key),
            }))
        }
        "stored_key" => {
            let (ring, _) = keyring(case)?;
            let context = private_key_context(&ring, RecordKind::Key, case, "private key");
            let wrap = bytes(&case["wrap"]);
            private_key(envelope::open_under_data_key(&ring, Purpose::StoredKey, &context, &wrap)?)
        }
        "ticket" => {
            let (ring, _) = keyring(case)?;
            let key = ring.ticket_key(&array(&case["ticket"]))?;
            let context = private_key_context(&ring, RecordKind::Ticket, case, "private key");
            let context = Context { person: Some(text(&case["person"])), ..context };
            let wrap = bytes(&case["wrap"]);
            private_key(envelope::open(&key, Purpose::Ticket, Suite::Symmetric, &context, &[], &wrap)?)
        }
        "link" => open_link(case),
        "entry_labels" => {
            let (ring, _) = keyring(case)?;
            let record = record(ring.vault(), &case["record"]);
            let head = envelope::open_record::<EntryHead>(&ring, RecordKind::Entry, &record)?.head;
            let mut found = index::entry_labels(&ring, &head);
            found.sort_unstable();
            Ok(json!({ "labels": labels(&found) }))
        }
        "unique_id" => {
            let (ring, _) = keyring(case)?;
            let value = bytes(&case["value"]);
            let id = index::unique_id(&ring, kind(&case["kind"]), text(&case["name"]), &value);
            Ok(json!({ "id": hex(&id.0) }))
        }
        other => panic!("no operation {other}"),
    }
}

fn open_envelope(case: &Value) -> Verdict {
    let suites = [Suite::Symmetric, Suite::RsaOaep256, Suite::HpkeX25519, Suite::Argon2id];
    let purposes = [
        Purpose::Keyring,
        Purpose::Head,
        Purpose::Secret,
        Purpose::Wrap,
        Purpose::WrappedKey,
        Purpose::PasswordWrap,
        Purpose::PasswordWrappedKey,
        Purpose::StoredKey,
        Purpose::Ticket,
        Purpose::Event,
        Purpose::Link,
        Purpose::LinkContents,
        Purpose::LinkPassphrase,
    ];
    let suite = suites.into_iter().find(|suite| case["suite"] == suite.number()).unwrap();
    let purpose = purposes.into_iter().find(|purpose| case["purpose"] == *purpose as u8).unwrap();
    let key = EnvelopeKey::new(array(&case["key_id"]), &bytes(&case["key"]));
    let fields = &case["context"];
    let context = Context {
        vault: fields.get("vault").map(|id| VaultId::from_bytes(array(id))),
        kind: fields.get("kind").map(kind),
        id: fields.get("id").map(array),
        revision: fields.get("revision").map(number),
        epoch: fields.get("epoch").map(number),
        entry: fields.get("entry").map(|id| EntryId::from_bytes(array(id))),
        field: fields.get("field").map(text),
        secret_revision: fields.get("secret_revision").map(number),
        recipient: fields.get("recipient").map(array),
        shard: fields.get("shard").map(|shard| u32::try_from(number(shard)).unwrap()),
        sequence: fields.get("sequence").map(number),
        previous_leaf: fields.get("previous_leaf").map(array),
        person: fields.get("person").map(text),
    };
    let extra: Vec<Vec<u8>> = case["extra"].as_array().unwrap().iter().map(bytes).collect();
    let extra: Vec<&[u8]> = extra.iter().map(Vec::as_slice).collect();
    let plaintext = envelope::open(&key, purpose, suite, &context, &extra, &bytes(&case["bytes"]))?;
    Ok(json!({ "plaintext": hex(plaintext.expose()) }))
}

fn open_record(case: &Value) -> Verdict {
    let (ring, _) = keyring(case)?;
    let vault = VaultId::from_bytes(array(case.get("vault").unwrap_or(&case["keyring"]["vault"])));
    let record = record(vault, &case["record"]);
    match kind(&case["kind"]) {
        RecordKind::Policy => open_as::<Policy>(&ring, RecordKind::Policy, &record),
        RecordKind::Entry => open_as::<EntryHead>(&ring, RecordKind::Entry, &record),
        RecordKind::PastSecret => open_as::<PastSecretHead>(&ring, RecordKind::PastSecret, &record),
        RecordKind::Key => open_as::<KeyHead>(&ring, RecordKind::Key, &record),
        RecordKind::MasterPassword => open_as::<MasterHead>(&ring, RecordKind::MasterPassword, &record),
        RecordKind::Ticket => open_as::<TicketHead>(&ring, RecordKind::Ticket, &record),
        RecordKind::Mirror => open_as::<Contact>(&ring, RecordKind::Mirror, &record),
        RecordKind::Link => open_as::<LinkHead>(&ring, RecordKind::Link, &record),
        RecordKind::CredentialRequest => {
            open_as::<CredentialRequestHead>(&ring, RecordKind::CredentialRequest, &record)
        }
        other => panic!("no head for {other:?}"),
    }
}

fn open_as<H: Serialize + DeserializeOwned>(ring: &Keyring, kind: RecordKind, record: &Record) -> Verdict {
    let opened = envelope::open_record::<H>(ring, kind, record)?;
    Ok(json!({ "head": structure(&opened.head), "rest": hex(opened.rest) }))
}

fn open_secret(case: &Value) -> Verdict {
    let (ring, _) = keyring(case)?;
    let entry = EntryId::from_bytes(array(&case["entry"]));
    let binding = SecretBinding { vault: ring.vault(), entry, revision: number(&case["secret_revision"]) };
    let rest = bytes(&case["rest"]);
    let Secret { password, notes, totp, fields } = match case.get("recipient") {
        None => envelope::open_vault(&ring, binding, &rest)?,
        Some(recipient) => {
            let private = PrivateKey::from_pkcs8_der(&bytes(&case["private_key"])).unwrap();
            let provider = default_provider();
            envelope::open_locked(&ring, provider.as_ref(), binding, &rest, array(recipient), &private)?
        }
    };
    let fields: Vec<_> =
        fields.iter().map(|field| json!({ "id": field.id.to_string(), "value": field.value.expose() })).collect();
    Ok(json!({ "password": password.expose(), "notes": notes.expose(), "totp": totp.expose(), "fields": fields }))
}

fn open_link(case: &Value) -> Verdict {
    let (ring, _) = keyring(case)?;
    let link = bytes(&case["link"]);
    let binding = LinkBinding {
        vault: ring.vault(),
        link: LinkId::from_bytes(link[..16].try_into().unwrap()),
        entry: EntryId::from_bytes(array(&case["entry"])),
    };
    let passphrase = case.get("passphrase").map(bytes);
    let opened = envelope::open_link(&ring, binding, &link[16..], passphrase.as_deref(), &bytes(&case["rest"]))?;
    let fields: Vec<_> = (opened.fields.iter())
        .map(|field| json!({ "name": field.name.expose(), "value": field.value.expose() }))
        .collect();
    Ok(json!({
        "password": opened.password.expose(),
        "username": opened.username.expose(),
        "notes": opened.notes.expose(),
        "totp": opened.totp.expose(),
        "fields": fields,
    }))
}

fn private_key(der: SecretBytes) -> Verdict {
    Ok(json!({ "private_key": hex(der.expose()) }))
}

fn private_key_context<'a>(ring: &Keyring, kind: RecordKind, case: &Value, field: &'a str) -> Context<'a> {
    let id = Some(array(&case["id"]));
    Context { vault: Some(ring.vault()), kind: Some(kind), id, field: Some(field), ..Context::default() }
}

fn keyring(case: &Value) -> Result<(Keyring, KekId), EnvelopeError> {
    let given = &case["keyring"];
    let kek = |kek: &Value| Kek { id: KekId(array(&kek["id"])), key: SecretBytes::new(bytes(&kek["key"])) };
    let keks: Vec<Kek> = given["keks"].as_array().unwrap().iter().map(kek).collect();
    Keyring::open(&record(VaultId::from_bytes(array(&given["vault"])), &given["record"]), &keks)
}

fn record(vault: VaultId, given: &Value) -> Record {
    Record {
        key: RecordKey { vault, kind: kind(&given["kind"]), id: RecordId(array(&given["id"])) },
        revision: number(&given["revision"]),
        labels: given["labels"].as_array().unwrap().iter().map(|label| Label(array(label))).collect(),
        body: bytes(&given["body"]),
    }
}

fn class(error: &EnvelopeError) -> &'static str {
    match error {
        EnvelopeError::Malformed { .. } => "malformed",
        EnvelopeError::UnknownVersion { .. } | EnvelopeError::NewerFormat { .. } => "unknown-version",
        EnvelopeError::UnknownSuite { .. } => "unknown-suite",
        EnvelopeError::UnknownKey => "unknown-key",
        EnvelopeError::WrongKey => "wrong-key",
        EnvelopeError::Tampered => "tampered",
        EnvelopeError::NewerKeyring { .. } => "newer-keyring",
        EnvelopeError::BadPayload { .. } => "bad-payload",
        EnvelopeError::Crypto(CryptoError::KdfParams) => "kdf-params",
        EnvelopeError::Crypto(CryptoError::CiphertextLength) => "ciphertext-length",
        other => panic!("{other} has no class"),
    }
}

fn kind(value: &Value) -> RecordKind {
    RecordKind::from_number(u8::try_from(number(value)).unwrap()).unwrap()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    let hex = text(value);
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap()
}
