//! Records: the head of every kind, labels and rest, and one fault at a time.

use pwvault_core::clock::Timestamp;
use pwvault_core::envelope::{Context, Purpose, Suite, labels_data, seal, seal_record};
use pwvault_core::id::{
    AdminId, CategoryId, ClientId, DepartmentId, EntryId, FieldId, GroupId, KeyId, ProductGroupId, ProductId, RecordId,
    RecordKind, RoleId, RuleId, ServiceId, TagId, TicketId, UserId, VaultId,
};
use pwvault_core::index;
use pwvault_core::model::{
    AccessMode, Action, Actions, Assignment, Binding, Choice, Contact, EntryHead, EntryKind, EntryReminder, EventKind,
    Expiry, FieldHead, FieldValue, Fingerprint, GeneratorPolicy, Grant, Grantee, KeyConfiguration, KeyHead, KeyOwner,
    KeySuite, LockRef, MasterHead, MasterState, Obligations, Owner, PastSecretHead, Period, PeriodUnit, Person, Policy,
    Recipient, ReminderDefaults, Retention, Rule, SecretState, Section, ServerAccess, ServerRule, ServiceLink,
    ServicePart, ServiceRef, Settings, StaffList, TicketHead, Tier, Trashed,
};
use pwvault_core::store::{Label, Record, RecordKey};
use serde::Serialize;
use serde_json::{Value, json};

use crate::inputs::record as record_json;
use crate::json::{hex, labels, structure};
use crate::{Fixture, Maker, random};

pub(crate) fn make(maker: &mut Maker) {
    let fixture = Fixture::new();
    heads(maker, &fixture);
    changed_records(maker, &fixture);
    changed_rings(maker, &fixture);
    changed_payloads(maker, &fixture);
    entry_labels(maker, &fixture);
}

/// An entry with everything.
pub(crate) fn full_entry() -> EntryHead {
    EntryHead {
        name: "Webmail «ä» 日本".into(),
        kind: EntryKind::Server,
        username: "anna@example.com".into(),
        website: Some("https://example.com/".into()),
        login_url: Some("https://example.com/login?x=1".into()),
        fields: vec![
            FieldHead { id: field_id(), name: "Customer".into(), value: FieldValue::Visible("0815".into()) },
            FieldHead { id: field_id(), name: "PIN".into(), value: FieldValue::Secret },
        ],
        owner: Owner::Client(client("42")),
        created_by: sub_user(),
        created_at: Timestamp::from_millis(1_700_000_000_000),
        updated_at: Timestamp::from_millis(1_700_000_000_001),
        version: 300,
        private: false,
        trashed: None,
        grants: vec![
            grant(Grantee::Admin(admin("1")), Actions::VIEW_AND_REVEAL),
            Grant {
                ends_at: Some(Timestamp::from_millis(1_800_000_000_000)),
                bound_to: Some(Binding::Ticket(TicketId::new("4711").unwrap())),
                obligations: Obligations { reason: true, approval: false },
                ..grant(Grantee::Role(role("support")), Actions::ALL)
            },
            Grant {
                bound_to: Some(Binding::Service(service_id())),
                obligations: Obligations { reason: false, approval: true },
                ..grant(Grantee::Role(role("on call")), Actions::VIEW_AND_REVEAL)
            },
            grant(Grantee::Client(client("43")), Actions::NONE.with(Action::View)),
        ],
        locks: vec![
            lock(Recipient::Key(KeyId::from_bytes(random())), Tier::KeyPublicOnly),
            lock(Recipient::Key(KeyId::from_bytes(random())), Tier::KeyPassphrase),
            lock(Recipient::MasterPassword, Tier::MasterPassword),
        ],
        secret: SecretState {
            revision: 1 << 40,
            changed_at: Timestamp::from_millis(-1),
            changed_by: Person::System,
            revealed_to: vec![Person::Admin(admin("1")), sub_user()],
            needs_rotation: true,
            history: 4_000_000_000,
            has_totp: true,
        },
        category: Some(Assignment { category: CategoryId::from_bytes(random()), actions: Actions::VIEW_AND_REVEAL }),
        tags: vec![TagId::from_bytes(random()), TagId::from_bytes(random())],
        service: Some(ServiceLink {
            service: ServiceRef {
                id: service_id(),
                client: client("42"),
                product: Some(ProductId::new("7").unwrap()),
                product_group: Some(ProductGroupId::new("hosting").unwrap()),
            },
            part: ServicePart::Additional,
        }),
        reminder: EntryReminder {
            change_every: Choice::Set(Period { count: 3, unit: PeriodUnit::Months }),
            warn_before: Choice::Off,
            on_change: Some(true),
            with_link: true,
            on_reveal: false,
        },
        expires: Some(Expiry { at: Timestamp::from_millis(1_900_000_000_000), revision: 1 << 40 }),
        connect: Some(ServerAccess {
            connector: "whm".into(),
            address: "server1.example.com:2087".into(),
            rule: ServerRule::Roles(vec![role("support")]),
        }),
    }
}

fn service_id() -> ServiceId {
    ServiceId::new("31").unwrap()
}

fn bare_entry() -> EntryHead {
    EntryHead {
        kind: EntryKind::Login,
        website: None,
        login_url: None,
        fields: Vec::new(),
        owner: Owner::Admin(admin("1")),
        private: true,
        trashed: Some(Trashed { at: Timestamp::from_millis(i64::MAX), by: Person::Client(client("42")) }),
        grants: Vec::new(),
        locks: Vec::new(),
        category: None,
        tags: Vec::new(),
        service: Some(ServiceLink {
            service: ServiceRef { id: service_id(), client: client("42"), product: None, product_group: None },
            part: ServicePart::Adopted,
        }),
        reminder: EntryReminder::default(),
        expires: None,
        connect: Some(ServerAccess {
            connector: String::new(),
            address: String::new(),
            rule: ServerRule::Unrestricted,
        }),
        ..full_entry()
    }
}

fn heads(maker: &mut Maker, fixture: &Fixture) {
    let entry = full_entry();
    good(maker, fixture, "entry", RecordKind::Entry, &entry, index::entry_labels(&fixture.ring, &entry), b"the rest");
    good(maker, fixture, "entry-bare", RecordKind::Entry, &bare_entry(), Vec::new(), b"");
    let past = PastSecretHead {
        entry: EntryId::from_bytes(random()),
        revision: 127,
        since: Timestamp::from_millis(i64::MIN),
        set_by: Person::Client(client("42")),
        replaced_at: Timestamp::from_millis(0),
        fields: entry.fields.clone(),
        has_totp: false,
        locks: vec![lock(Recipient::Key(KeyId::from_bytes(random())), Tier::KeyStored)],
    };
    let past_labels = index::past_secret_label(&fixture.ring, past.entry);
    good(maker, fixture, "past-secret", RecordKind::PastSecret, &past, past_labels, b"x");
    for (name, owner, suite, configuration) in [
        ("key-of-vault", KeyOwner::Vault, KeySuite::RsaOaep256, KeyConfiguration::PublicOnly),
        ("key-of-admin", KeyOwner::Admin(admin("1")), KeySuite::HpkeX25519, KeyConfiguration::Passphrase),
        ("key-of-client", KeyOwner::Client(client("42")), KeySuite::RsaOaep256, KeyConfiguration::Stored),
    ] {
        let head = KeyHead {
            name: "Office".into(),
            owner,
            suite,
            bits: 4096,
            configuration,
            public_key: random::<32>().to_vec(),
            fingerprint: fingerprint(),
            possession_proved: true,
            may_attach: vec![Grantee::Role(role("support"))],
            generation: 2,
            created_by: Person::System,
            created_at: Timestamp::from_millis(63),
        };
        good(maker, fixture, name, RecordKind::Key, &head, index::key_labels(&fixture.ring, &head), b"rest");
    }
    for (name, state, recovery_key) in [
        ("master-enabling", MasterState::Enabling, None),
        ("master-active", MasterState::Active, Some(fingerprint())),
        ("master-disabling", MasterState::Disabling, None),
    ] {
        let head = MasterHead {
            owner: Owner::Client(client("42")),
            state,
            public_key: random::<32>().to_vec(),
            fingerprint: fingerprint(),
            recovery_code: recovery_key.is_some(),
            recovery_key,
            must_change: false,
            generation: 1,
            set_at: Timestamp::from_millis(64),
            changed_at: Timestamp::from_millis(8_192),
        };
        good(maker, fixture, name, RecordKind::MasterPassword, &head, Vec::new(), b"wraps");
    }
    let ticket = TicketHead {
        person: sub_user(),
        recipient: Recipient::MasterPassword,
        owner: Some(Owner::Client(client("42"))),
        fingerprint: fingerprint(),
        generation: 1,
        issued_at: Timestamp::from_millis(1),
        used_at: Timestamp::from_millis(2),
    };
    good(maker, fixture, "ticket", RecordKind::Ticket, &ticket, Vec::new(), b"key");
    let contact = Contact {
        person: Person::Admin(admin("1")),
        name: "Anna".into(),
        email: Some("anna@example.com".into()),
        locale: Some("de-AT".into()),
        zone: None,
        wants_mail: true,
        roles: vec![role("support")],
        departments: vec![DepartmentId::new("sales").unwrap()],
        groups: vec![GroupId::new("gold").unwrap()],
        permissions: pwvault_core::model::Permissions::NONE.with(pwvault_core::model::Permission::View),
    };
    good(maker, fixture, "mirror", RecordKind::Mirror, &contact, Vec::new(), b"");
    for (name, policy) in [("policy-default", Policy::default()), ("policy-full", full_policy())] {
        good(maker, fixture, name, RecordKind::Policy, &policy, Vec::new(), b"");
    }
}

fn full_policy() -> Policy {
    let staff = StaffList { admins: vec![admin("1"), admin("2")], roles: vec![role("support")] };
    let rule = Rule {
        id: RuleId::from_bytes(random()),
        name: "All of it".into(),
        full_access: false,
        allow: Section::ALL.to_vec(),
        restrict: vec![Section::Principals],
        admins: staff.admins.clone(),
        roles: Vec::new(),
    };
    let access_mode = AccessMode::Restricted(staff);
    let settings = Settings {
        access_mode,
        extended_roles: vec![role("super")],
        forbidden_clients: vec![client("66")],
        excluded_products: vec![ProductId::new("9").unwrap()],
        entry_quota: Some(500),
        generator: GeneratorPolicy { strength_min: Some(3), ..GeneratorPolicy::default() },
        reminders: ReminderDefaults {
            change_every: Some(Period { count: 365, unit: PeriodUnit::Days }),
            ..ReminderDefaults::default()
        },
        retention: vec![Retention { kinds: vec![EventKind::LogRead, EventKind::Migrated], days: 90 }],
        ..Settings::default()
    };
    Policy { rules: vec![rule], settings }
}

fn good(
    maker: &mut Maker,
    fixture: &Fixture,
    name: &str,
    kind: RecordKind,
    head: &impl Serialize,
    labels: Vec<Label>,
    rest: &[u8],
) {
    let record = seal_record(&fixture.ring, key(fixture, kind), 3, head, labels, rest).unwrap();
    let ok = json!({ "head": structure(head), "rest": hex(rest) });
    maker.good(&format!("record/good-{name}"), "opens", "record", input(fixture, kind, &record), ok);
}

fn sealed(fixture: &Fixture) -> Record {
    let head = full_entry();
    let labels = index::entry_labels(&fixture.ring, &head);
    seal_record(&fixture.ring, key(fixture, RecordKind::Entry), 3, &head, labels, b"the rest").unwrap()
}

fn changed_records(maker: &mut Maker, fixture: &Fixture) {
    let mut fault = |name: &str, note: &str, class: &str, change: &dyn Fn(&mut Record)| {
        let mut record = sealed(fixture);
        change(&mut record);
        let input = input(fixture, RecordKind::Entry, &record);
        maker.bad(&format!("record/{name}"), note, "record", input, class);
    };
    fault("label-missing", "a label fewer", "tampered", &|record| {
        record.labels.pop();
    });
    fault("label-added", "a label more", "tampered", &|record| record.labels.push(Label([255; 16])));
    fault("label-changed", "another label", "tampered", &|record| record.labels[0].0[15] ^= 1);
    fault("labels-reordered", "two labels have changed places", "tampered", &|record| record.labels.swap(0, 1));
    fault("label-twice", "a label stands twice", "tampered", &|record| {
        let first = record.labels[0];
        record.labels.insert(0, first);
    });
    fault("no-labels", "no label", "tampered", &|record| record.labels.clear());
    fault("label-into-rest", "the last label has moved in front of the rest", "tampered", &|record| {
        let last = record.labels.pop().unwrap();
        let at = record.body.len() - b"the rest".len();
        record.body.splice(at..at, last.0);
    });
    fault("rest-into-label", "the first 16 bytes behind the head have become a label", "tampered", &|record| {
        let at = record.body.len() - b"the rest".len();
        record.body.extend_from_slice(b"sixteen!");
        let taken: Vec<u8> = record.body.drain(at..).collect();
        record.labels.push(Label(taken.try_into().unwrap()));
    });
    fault("rest-bit", "a bit of the rest", "tampered", &|record| *record.body.last_mut().unwrap() ^= 1);
    fault("rest-shorter", "the rest is a byte shorter", "tampered", &|record| {
        record.body.pop();
    });
    fault("rest-longer", "the rest is a byte longer", "tampered", &|record| record.body.push(0));
    fault("rest-missing", "no rest", "tampered", &|record| {
        record.body.truncate(record.body.len() - b"the rest".len());
    });
    fault("revision-higher", "the next revision", "tampered", &|record| record.revision += 1);
    fault("revision-lower", "the revision before", "tampered", &|record| record.revision -= 1);
    fault("epoch-newer", "an epoch above the keyring's", "newer-keyring", &|record| record.body[7] += 1);
    fault("epoch-newer-cut", "an epoch above the keyring's, and a head that is cut", "malformed", &|record| {
        record.body[7] += 1;
        record.body.truncate(100);
    });
    fault("epoch-older", "an epoch below the one sealed under", "tampered", &|record| record.body[7] -= 1);
    fault("other-id", "under another id", "tampered", &|record| record.key.id = RecordId(random()));
    fault("other-kind", "a past secret where an entry is asked for", "tampered", &|record| {
        record.key.kind = RecordKind::PastSecret;
    });
    fault("version", "version 2", "unknown-version", &|record| record.body[8 + 3] = 2);
    fault("suite", "suite 0x0010", "unknown-suite", &|record| record.body[8 + 5] = 0x10);
    fault("purpose", "purpose 3", "malformed", &|record| record.body[8 + 6] = 3);
    fault("key-id", "a key id that is not in the ring", "unknown-key", &|record| record.body[8 + 7] ^= 1);
    fault("commitment-bit", "a bit of the commitment", "tampered", &|record| record.body[8 + 55] ^= 1);
    fault("ciphertext-bit", "a bit of the ciphertext", "tampered", &|record| record.body[8 + 91] ^= 1);
    fault("head-longer", "the head is one byte longer, the rest one shorter", "tampered", &|record| {
        record.body[8 + 90] += 1;
    });
    fault("head-beyond", "the head is longer than the body", "malformed", &|record| record.body[8 + 87] = 1);
    fault("empty", "no body", "malformed", &|record| record.body.clear());
    fault("cut-in-epoch", "seven bytes", "malformed", &|record| record.body.truncate(7));
    fault("cut-after-epoch", "eight bytes", "malformed", &|record| record.body.truncate(8));
    fault("cut-in-head", "the head is not complete", "malformed", &|record| record.body.truncate(200));
    fault("other-head", "the head of another record of the vault", "tampered", &|record| {
        record.body = sealed(fixture).body;
    });

    let past = seal_record(&fixture.ring, key(fixture, RecordKind::PastSecret), 3, &full_entry(), Vec::new(), b"");
    let mut moved = past.unwrap();
    moved.key.kind = RecordKind::Entry;
    let input_moved = input(fixture, RecordKind::Entry, &moved);
    maker.bad("record/moved-kind", "a record of another kind, moved", "record", input_moved, "tampered");
    let mut stolen = input(fixture, RecordKind::Entry, &sealed(fixture));
    stolen["vault"] = hex(&random::<16>()).into();
    maker.bad("record/other-vault", "under another vault's id", "record", stolen, "tampered");
}

fn changed_rings(maker: &mut Maker, fixture: &Fixture) {
    let record = sealed(fixture);
    let ok = json!({ "head": structure(&opened(fixture, &record)), "rest": hex(b"the rest") });
    let turned = Fixture { ring: fixture.ring.with_new_data_key().unwrap(), kek: fixture.kek.clone() };
    let retired = input(&turned, RecordKind::Entry, &record);
    maker.good("record/good-retired-key", "under a data key that is no longer the newest", "record", retired, ok);
    let pruned = Fixture { ring: turned.ring.without_retired_keys().unwrap(), kek: fixture.kek.clone() };
    let removed = input(&pruned, RecordKind::Entry, &record);
    maker.bad("record/removed-key", "under a data key that was removed", "record", removed, "unknown-key");
    let newer = seal_record(&turned.ring, record.key, 3, &full_entry(), Vec::new(), b"").unwrap();
    let newer = input(fixture, RecordKind::Entry, &newer);
    maker.bad("record/newer-ring", "sealed after the keyring was changed", "record", newer, "newer-keyring");
}

fn opened(fixture: &Fixture, record: &Record) -> EntryHead {
    pwvault_core::envelope::open_record(&fixture.ring, RecordKind::Entry, record).unwrap().head
}

/// What opens and is no head.
fn changed_payloads(maker: &mut Maker, fixture: &Fixture) {
    let mut refused = |name: &str, note: &str, kind: RecordKind, payload: &[u8], class: &str| {
        let record = with_payload(fixture, kind, payload);
        let name = format!("record/payload-{name}");
        maker.bad(&name, note, "record", input(fixture, kind, &record), class);
    };
    let contact = b"\x03\x01x\0\0\0\0\0\0\0\0".to_vec();
    let with = |at: usize, bytes: &[u8]| {
        let mut payload = contact.clone();
        payload.splice(at..=at, bytes.iter().copied());
        payload
    };
    let mirror = RecordKind::Mirror;
    let of_format = |format: u8| [&[format], contact.as_slice()].concat();
    refused("empty", "no bytes", mirror, b"", "bad-payload");
    refused("format-0", "format 0", mirror, &of_format(0), "bad-payload");
    refused("format-2", "a format newer than this one", mirror, &of_format(2), "unknown-version");
    let mut fault = |name: &str, note: &str, kind: RecordKind, payload: &[u8]| {
        refused(name, note, kind, &[&[1], payload].concat(), "bad-payload");
    };
    fault("format-alone", "nothing behind the format", mirror, b"");
    fault("cut", "the last byte is missing", mirror, &contact[..contact.len() - 1]);
    fault("trailing-byte", "a byte is left over", mirror, &[contact.as_slice(), &[0]].concat());
    fault("variant", "a person of variant 5", mirror, &with(0, &[5]));
    fault("variant-large", "a variant over 32 bits", mirror, &with(0, &[0xff, 0xff, 0xff, 0xff, 0x1f]));
    fault("bool", "a bool of 2", mirror, &with(6, &[2]));
    fault("option", "an option that begins with 2", mirror, &with(3, &[2]));
    fault("text-beyond", "a text longer than the payload", mirror, &with(1, &[200]));
    fault("text-not-utf8", "a text that is not UTF-8", mirror, &with(2, &[0xff]));
    fault("list-beyond", "a list longer than the payload", mirror, &with(7, &[0xff, 0xff, 0xff, 0xff, 0x0f]));
    fault(
        "length-65-bits",
        "a length over 64 bits",
        mirror,
        &with(1, &[255, 255, 255, 255, 255, 255, 255, 255, 255, 2]),
    );
    fault("host-id-empty", "an empty host id", mirror, &with(0, &[0, 0]));
    fault("host-id-control", "a line feed in a host id", mirror, &with(0, &[0, 1, b'\n']));
    fault("host-id-c1", "U+0085 in a host id", mirror, &with(0, &[0, 2, 0xc2, 0x85]));
    let long = [vec![0, 0x81, 0x01], vec![b'a'; 129]].concat();
    fault("host-id-long", "a host id of 129 bytes", mirror, &with(0, &long));
    let mut past = vec![15];
    past.extend(random::<15>());
    past.extend([1, 0, 3, 0, 0, 0, 0]);
    fault("uuid-15", "a UUID of 15 bytes", RecordKind::PastSecret, &past);

    let good = with_payload(fixture, mirror, &of_format(1));
    let head = json!({
        "person": "system", "name": "x", "email": null, "locale": null, "zone": null, "wants_mail": false,
        "roles": [], "departments": [], "groups": [], "permissions": [],
    });
    let ok = json!({ "head": head, "rest": "" });
    let note = "the payload that the faults around it change";
    maker.good("record/good-payload", note, "record", input(fixture, mirror, &good), ok);
}

fn with_payload(fixture: &Fixture, kind: RecordKind, payload: &[u8]) -> Record {
    let key = key(fixture, kind);
    let context = Context {
        vault: Some(key.vault),
        kind: Some(kind),
        id: Some(key.id.0),
        revision: Some(1),
        epoch: Some(fixture.ring.epoch()),
        ..Context::default()
    };
    let extra = labels_data(&[]).unwrap();
    let head =
        seal(fixture.ring.data_key(), Purpose::Head, Suite::Symmetric, &context, &[&extra, &[]], payload).unwrap();
    Record::new(key, 1, Vec::new(), [fixture.ring.epoch().to_be_bytes().as_slice(), &head].concat())
}

fn entry_labels(maker: &mut Maker, fixture: &Fixture) {
    let turned = Fixture { ring: fixture.ring.with_new_index_key().unwrap(), kek: fixture.kek.clone() };
    let private = EntryHead { private: true, grants: Vec::new(), ..full_entry() };
    let cases = [
        ("shared", "client-owned, shared and locked to keys", fixture, full_entry()),
        ("trash", "of an administrator, in the trash", fixture, bare_entry()),
        ("private", "private: not among those of clients", fixture, private),
        ("two-index-keys", "the newest index key makes the labels", &turned, full_entry()),
    ];
    for (name, note, fixture, head) in cases {
        let mut expected = index::entry_labels(&fixture.ring, &head);
        expected.sort_unstable();
        let record = seal_record(&fixture.ring, key(fixture, RecordKind::Entry), 1, &head, expected.clone(), b"");
        let input = input(fixture, RecordKind::Entry, &record.unwrap());
        let ok = json!({ "labels": labels(&expected) });
        maker.good(&format!("label/entry-{name}"), note, "entry_labels", input, ok);
    }
}

fn input(fixture: &Fixture, kind: RecordKind, record: &Record) -> Value {
    json!({ "keyring": fixture.keyring(), "kind": kind.number(), "record": record_json(record) })
}

fn key(fixture: &Fixture, kind: RecordKind) -> RecordKey {
    RecordKey { vault: VaultId::from_bytes(fixture.ring.vault().to_bytes()), kind, id: RecordId(random()) }
}

fn lock(recipient: Recipient, tier: Tier) -> LockRef {
    LockRef { recipient, tier, fingerprint: fingerprint() }
}

fn grant(grantee: Grantee, actions: Actions) -> Grant {
    let granted_at = Timestamp::from_millis(1_700_000_000_000);
    Grant::new(grantee, actions, Person::Client(client("42")), granted_at)
}

fn fingerprint() -> Fingerprint {
    Fingerprint::from_bytes(random())
}

fn field_id() -> FieldId {
    FieldId::from_bytes(random())
}

fn admin(id: &str) -> AdminId {
    AdminId::new(id).unwrap()
}

fn client(id: &str) -> ClientId {
    ClientId::new(id).unwrap()
}

fn role(id: &str) -> RoleId {
    RoleId::new(id).unwrap()
}

fn sub_user() -> Person {
    Person::SubUser { account: client("42"), user: UserId::new("7").unwrap() }
}
