//! Links and requests: their heads, what a link hands over, and one fault at a time.

use pwvault_core::clock::Timestamp;
use pwvault_core::envelope::{
    Context, EnvelopeKey, LinkBinding, Purpose, Suite, open_under_data_key, seal, seal_link, seal_record,
};
use pwvault_core::id::{
    AdminId, ClientId, DepartmentId, EntryId, GroupId, KeyId, LinkId, RecordId, RecordKind, RoleId, UserId, VaultId,
};
use pwvault_core::model::{
    Action, Actions, AnswerKey, CredentialRequestHead, EntryKind, Fingerprint, Given, KdfParams, LinkContents,
    LinkHead, LinkedField, Owner, Permission, Permissions, Person, Standing, Wanted, WantedPart,
};
use pwvault_core::store::{Label, RecordKey};
use pwvault_core::{crypto, index};
use serde::Serialize;
use serde_json::{Value, json};

use crate::inputs::record as record_json;
use crate::json::{hex, structure};
use crate::{Fixture, Maker, flipped, random};

pub(crate) fn make(maker: &mut Maker) {
    let fixture = Fixture::new();
    heads(maker, &fixture);
    good(maker, &fixture);
    faults(maker, &fixture);
    bodies(maker, &fixture);
}

fn client() -> ClientId {
    ClientId::new("42").unwrap()
}

fn admin() -> Person {
    Person::Admin(AdminId::new("1").unwrap())
}

fn heads(maker: &mut Maker, fixture: &Fixture) {
    let standing = Standing {
        known: true,
        roles: vec![RoleId::new("support").unwrap()],
        departments: vec![DepartmentId::new("sales").unwrap()],
        groups: vec![GroupId::new("gold").unwrap()],
        permissions: Permissions::NONE.with(Permission::Reveal),
        ..Standing::of(Person::SubUser { account: client(), user: UserId::new("7").unwrap() })
    };
    let link = LinkHead {
        entry: EntryId::from_bytes(random()),
        key_hash: random(),
        created_by: admin(),
        created_at: Timestamp::from_millis(1),
        rests_on: standing.clone(),
        needs: Actions::NONE.with(Action::Reveal).with(Action::Share),
        expires_at: Timestamp::from_millis(8_192),
        views: 100,
        views_left: 1,
        passphrase: true,
        failures: 9,
    };
    let labels = index::link_label(&fixture.ring, link.entry);
    head(maker, fixture, "link", RecordKind::Link, &link, labels, b"contents");
    let used = LinkHead { rests_on: Standing::of(Person::Bearer), views_left: 0, passphrase: false, ..link };
    head(maker, fixture, "link-used", RecordKind::Link, &used, Vec::new(), b"");
    let wanted = |part| Wanted { part, required: true };
    let request = CredentialRequestHead {
        token_hash: random(),
        client: client(),
        owner: Owner::Client(client()),
        name: "Web shop".into(),
        kind: EntryKind::Login,
        wanted: vec![
            wanted(WantedPart::Username),
            wanted(WantedPart::Password),
            Wanted { part: WantedPart::Notes, required: false },
            wanted(WantedPart::Totp),
            wanted(WantedPart::Website),
            wanted(WantedPart::LoginUrl),
            wanted(WantedPart::VisibleField("Customer".into())),
            wanted(WantedPart::SecretField("PIN".into())),
        ],
        message: "Bitte «ausfüllen»".into(),
        keys: vec![AnswerKey { key: KeyId::from_bytes(random()), fingerprint: Fingerprint::from_bytes(random()) }],
        created_by: admin(),
        created_at: Timestamp::from_millis(2),
        rests_on: standing,
        expires_at: Timestamp::from_millis(3),
        given: None,
    };
    head(maker, fixture, "request", RecordKind::CredentialRequest, &request, Vec::new(), b"");
    let given = Given { entry: EntryId::from_bytes(random()), by: Person::Bearer, at: Timestamp::from_millis(4) };
    let answered = CredentialRequestHead { given: Some(given), ..request };
    head(maker, fixture, "request-answered", RecordKind::CredentialRequest, &answered, Vec::new(), b"");
}

fn head(
    maker: &mut Maker,
    fixture: &Fixture,
    name: &str,
    kind: RecordKind,
    head: &impl Serialize,
    labels: Vec<Label>,
    rest: &[u8],
) {
    let key = RecordKey::new(fixture.ring.vault(), kind, RecordId(random()));
    let record = seal_record(&fixture.ring, key, 5, head, labels, rest).unwrap();
    let input = json!({ "keyring": fixture.keyring(), "kind": kind.number(), "record": record_json(&record) });
    let ok = json!({ "head": structure(head), "rest": hex(rest) });
    maker.good(&format!("record/good-{name}"), "opens", "record", input, ok);
}

fn full() -> LinkContents {
    LinkContents {
        password: "hunter2 «ä»".into(),
        username: "anna@example.com".into(),
        notes: "two\nlines".into(),
        totp: "JBSWY3DPEHPK3PXP".into(),
        fields: vec![
            LinkedField { name: "Customer".into(), value: "4711".into() },
            LinkedField { name: "PIN".into(), value: "".into() },
        ],
    }
}

/// A link's 32 random bytes, and what its contents are bound to.
fn link(fixture: &Fixture) -> ([u8; 32], LinkBinding) {
    let (link, entry) = (LinkId::from_bytes(random()), EntryId::from_bytes(random()));
    (random(), LinkBinding { vault: fixture.ring.vault(), link, entry })
}

fn input(fixture: &Fixture, secret: &[u8; 32], binding: LinkBinding, passphrase: Option<&[u8]>, rest: &[u8]) -> Value {
    let mut input = json!({
        "keyring": fixture.keyring(),
        "link": hex(&[binding.link.to_bytes().as_slice(), secret].concat()),
        "entry": hex(&binding.entry.to_bytes()),
        "rest": hex(rest),
    });
    if let Some(passphrase) = passphrase {
        input["passphrase"] = hex(passphrase).into();
    }
    input
}

fn good(maker: &mut Maker, fixture: &Fixture) {
    for (name, contents, passphrase) in [
        ("full", full(), None),
        ("empty", LinkContents::default(), None),
        ("passphrase", full(), Some("Pässwort 🔑".as_bytes())),
    ] {
        let (secret, binding) = link(fixture);
        let with = passphrase.map(|passphrase| (passphrase, KdfParams::FLOOR));
        let rest = seal_link(&fixture.ring, binding, &secret, with, &contents).unwrap();
        let fields: Vec<_> = (contents.fields.iter())
            .map(|field| json!({ "name": field.name.expose(), "value": field.value.expose() }))
            .collect();
        let ok = json!({
            "password": contents.password.expose(),
            "username": contents.username.expose(),
            "notes": contents.notes.expose(),
            "totp": contents.totp.expose(),
            "fields": fields,
        });
        let input = input(fixture, &secret, binding, passphrase, &rest);
        maker.good(&format!("link/good-{name}"), "opens", "link", input, ok);
    }
}

fn faults(maker: &mut Maker, fixture: &Fixture) {
    let (secret, bound) = link(fixture);
    let rest = seal_link(&fixture.ring, bound, &secret, None, &full()).unwrap();
    let with = Some((b"seven herons".as_slice(), KdfParams::FLOOR));
    let guarded = seal_link(&fixture.ring, bound, &secret, with, &full()).unwrap();
    let mut fault = |name: &str, note: &str, class: &str, secret, binding, passphrase: Option<&[u8]>, rest: &[u8]| {
        let input = input(fixture, secret, binding, passphrase, rest);
        maker.bad(&format!("link/{name}"), note, "link", input, class);
    };
    let mut other = secret;
    other[31] ^= 1;
    fault("other-secret", "a bit of the link's key", "wrong-key", &other, bound, None, &rest);
    let moved = LinkBinding { link: LinkId::from_bytes(random()), ..bound };
    fault("other-link", "the contents of another link", "tampered", &secret, moved, None, &rest);
    let elsewhere = LinkBinding { entry: EntryId::from_bytes(random()), ..bound };
    fault("other-entry", "a link of another entry", "tampered", &secret, elsewhere, None, &rest);
    let stolen = LinkBinding { vault: VaultId::from_bytes(random()), ..bound };
    let stolen = seal_link(&fixture.ring, stolen, &secret, None, &full()).unwrap();
    fault("other-vault", "bound to another vault", "tampered", &secret, bound, None, &stolen);
    fault("outer-bit", "a bit of the outer layer", "tampered", &secret, bound, None, &flipped(&rest, 91));
    fault("key-id", "a data key that is not in the ring", "unknown-key", &secret, bound, None, &flipped(&rest, 7));
    fault("empty", "no bytes", "malformed", &secret, bound, None, &[]);
    fault("trailing-byte", "a byte follows", "malformed", &secret, bound, None, &[rest.as_slice(), &[0]].concat());
    fault("other-passphrase", "another passphrase", "wrong-key", &secret, bound, Some(b"six herons"), &guarded);
    fault("no-passphrase", "its passphrase is missing", "wrong-key", &secret, bound, None, &guarded);
}

/// Bodies that open under the link key and are none.
fn bodies(maker: &mut Maker, fixture: &Fixture) {
    let (secret, bound) = link(fixture);
    let context = Context {
        vault: Some(bound.vault),
        kind: Some(RecordKind::Link),
        id: Some(bound.link.to_bytes()),
        entry: Some(bound.entry),
        field: Some("contents"),
        ..Context::default()
    };
    let key = crypto::derive_key(&secret, &bound.link.to_bytes(), b"pwvault link").unwrap();
    let key = EnvelopeKey::unnamed(key.expose());
    let mut body = |name: &str, note: &str, class: &str, passphrase: Option<&[u8]>, body: &[u8]| {
        let inner = seal(&key, Purpose::LinkContents, Suite::Symmetric, &context, &[], body).unwrap();
        let rest = seal(fixture.ring.data_key(), Purpose::Link, Suite::Symmetric, &context, &[], &inner).unwrap();
        let input = input(fixture, &secret, bound, passphrase, &rest);
        maker.bad(&format!("link/body-{name}"), note, "link", input, class);
    };
    let empty = [0_u8; 1 + 4 * 4 + 2];
    let with = |at: usize, value: u8| {
        let mut bytes = empty.to_vec();
        bytes[at] = value;
        bytes
    };
    body("none", "an empty body", "malformed", None, &[]);
    body("form-2", "a first byte of 2", "malformed", None, &with(0, 2));
    body("cut", "the count is a byte short", "malformed", None, &empty[..empty.len() - 1]);
    body("trailing-byte", "a byte is left over", "malformed", None, &[empty.as_slice(), &[0]].concat());
    body("count-beyond", "a field that is not there", "malformed", None, &with(18, 1));
    body("not-utf8", "a password that is not UTF-8", "bad-payload", None, &{
        let mut bytes = vec![0, 0, 0, 0, 1, 0xff];
        bytes.extend_from_slice(&empty[5..]);
        bytes
    });
    let sealed = seal_link(&fixture.ring, bound, &secret, Some((b"seven herons", KdfParams::FLOOR)), &full()).unwrap();
    let inner = open_under_data_key(&fixture.ring, Purpose::Link, &context, &sealed).unwrap();
    let inner =
        pwvault_core::envelope::open(&key, Purpose::LinkContents, Suite::Symmetric, &context, &[], inner.expose());
    let mut cheap = inner.unwrap().expose().to_vec();
    cheap[5..9].copy_from_slice(&(KdfParams::FLOOR.passes - 1).to_be_bytes());
    body("passes-below", "Argon2id parameters out of bounds, authentic", "kdf-params", Some(b"seven herons"), &cheap);
}
