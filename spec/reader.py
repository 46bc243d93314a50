#!/usr/bin/env python3
"""Opens a vault file, from spec/format.md alone. Numbers in brackets are its sections.

    reader.py vault.db --kek-hex HEX [--kek-id HEX] [--vault-id UUID] [--passphrase KEYID=TEXT]
        [--private-key KEYID=FILE.pem] [--master OWNER=TEXT]
    reader.py --vectors DIRECTORY

prints the entries as JSON, or walks test vectors. Needs cryptography and argon2-cffi.
"""
import argparse
import json
import os
import sqlite3
import sys
import uuid
from collections import Counter, namedtuple

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_pem_private_key

from reader_envelope import (
    ARGON2, CHECKPOINT, DUE, ENTRY, EVENT, HPKE, JOB, KEY, KEYRING, LINK, MASTER, MESSAGE, MIRROR, NO_ID, PAST_SECRET, PERMIT,
    POLICY, P_EVENT, P_HEAD, P_KEYRING, P_LINK, P_LINK_CONTENTS, P_LINK_PASSPHRASE, P_PASSWORD, P_PASSWORD_KEY,
    P_SECRET, P_STORED, P_TICKET, P_WRAP, P_WRAPPED, REQUEST, RSA, SYMMETRIC, TEMPLATE, TICKET, TOMBSTONE,
    TRANSLATION, USAGE, Envelope, bytes32, encode_context, hkdf, hpke_export, known_key, mac, open_envelope, sha256,
    u32)
from reader_payloads import Cursor, Refused, decode_payload, utf8

# [3] Numbers.
KIND_NAMES = {KEYRING: "keyring", POLICY: "policy", ENTRY: "entry", PAST_SECRET: "past_secret", KEY: "key",
              MASTER: "master_password", TICKET: "ticket", EVENT: "event", CHECKPOINT: "checkpoint", MIRROR: "mirror",
              TOMBSTONE: "tombstone", JOB: "job", TEMPLATE: "template", TRANSLATION: "translation", USAGE: "usage",
              PERMIT: "permit", DUE: "due", MESSAGE: "message", LINK: "link", REQUEST: "credential_request"}
HEADS = {POLICY: "Policy", ENTRY: "EntryHead", PAST_SECRET: "PastSecretHead", KEY: "KeyHead", MASTER: "MasterHead",
         TICKET: "TicketHead", CHECKPOINT: "CheckpointHead", MIRROR: "Contact", TOMBSTONE: "Tombstone",
         JOB: "RetentionJob", TEMPLATE: "StoredTemplate", TRANSLATION: "StoredCatalogue", USAGE: "Usage",
         PERMIT: "PermitHead", DUE: "DueHead", MESSAGE: "MessageHead", LINK: "LinkHead",
         REQUEST: "CredentialRequestHead"}

Record = namedtuple("Record", "vault kind id revision labels body")


# [7] Records.
class Keyring:
    def __init__(self, record, keks):
        cursor = Cursor(record.body)
        self.vault, self.epoch = record.vault, cursor.number(8)
        if self.epoch != record.revision or record.labels or (record.kind, record.id) != (KEYRING, NO_ID):
            raise Refused("tampered", "the keyring's record is not as it was written")
        envelope = cursor.rest()
        self.kek_id = Envelope(envelope).key_id
        if self.kek_id not in keks:
            raise Refused("unknown-key", f"the keyring is sealed under KEK {self.kek_id.hex()}, which was not given")
        key = hkdf(keks[self.kek_id], self.vault, b"pwvault keyring")
        context = dict(vault=self.vault, kind=KEYRING, id=NO_ID, revision=self.epoch, epoch=self.epoch)
        cursor = Cursor(open_envelope(envelope, key, self.kek_id, SYMMETRIC, P_KEYRING, context))
        self.shards = cursor.number(4)
        self.data, self.index, self.audit, self.unique = (self.keys(cursor) for _ in range(4))
        cursor.finish()
        if len(self.unique) != 1 or self.shards == 0:
            raise Refused("bad-payload", "not a keyring")

    @staticmethod
    def keys(cursor):
        count = cursor.number(2)
        if count == 0:
            raise Refused("bad-payload", "a list of keys is empty")
        # Id, generation, key.
        return [(cursor.take(16), cursor.number(4), cursor.take(32)) for _ in range(count)]

    def open(self, data, purpose, context, suite=SYMMETRIC):
        """What fills its place under a data key."""
        key_id = Envelope(data).key_id
        return known_key(open_envelope, data, self.key_of(self.data, key_id), key_id, suite, purpose, context)

    @staticmethod
    def key_of(keys, key_id):
        for found, _, key in reversed(keys):
            if found == key_id:
                return key
        raise Refused("unknown-key", "sealed under a key that is not in the ring")

    @staticmethod
    def newest(keys):
        return keys[-1][2]

    def unique_id(self, kind, name, value):
        return label(self.newest(self.unique), kind, name, value)


def labels_data(labels):
    return u32(len(labels)) + b"".join(labels)


def digest(record):
    return sha256(labels_data(record.labels) + record.body)[:16]


def open_record(ring, record, kind):
    """The head, decoded, and the rest."""
    if record.kind != kind:
        raise Refused("tampered", "a record of another kind")
    cursor = Cursor(record.body)
    epoch = cursor.number(8)
    envelope = Envelope(cursor.rest())
    if epoch > ring.epoch:
        raise Refused("newer-keyring", f"sealed under epoch {epoch}, the keyring has {ring.epoch}")
    rest = cursor.rest()[envelope.length:]
    context = dict(vault=record.vault, kind=kind, id=record.id, revision=record.revision, epoch=epoch)
    key = ring.key_of(ring.data, envelope.key_id)
    extra = labels_data(record.labels) + rest
    payload = known_key(envelope.open, key, envelope.key_id, SYMMETRIC, P_HEAD, context, extra)
    if payload[:1] != b"\x01":
        raise Refused("bad-payload" if payload[:1] in (b"", b"\0") else "unknown-version", "not a head of format 1")
    return decode_payload(HEADS[kind], payload[1:]), rest


# spec/audit.md: how an event is sealed. Its place in the log's tree is not checked here.
def open_event(ring, record):
    cursor = Cursor(record.body)
    epoch, previous, tail = cursor.number(8), cursor.take(32), cursor.rest()
    envelope = Envelope(tail)
    key = hkdf(ring.key_of(ring.audit, envelope.key_id), ring.vault, b"pwvault audit event")
    place = Cursor(record.id)
    context = dict(vault=record.vault, kind=EVENT, id=record.id, revision=record.revision, epoch=epoch,
                   shard=place.number(4), sequence=place.number(12), previous_leaf=previous)
    extra = labels_data(record.labels) + tail[envelope.length:]
    return decode_payload("Event", known_key(envelope.open, key, envelope.key_id, SYMMETRIC, P_EVENT, context, extra))


# [8] Secrets.
def secret_context(ring, entry, revision):
    return dict(vault=ring.vault, kind=ENTRY, entry=entry, field="secret", secret_revision=revision)


def open_vault_secret(ring, entry, revision, rest):
    cursor = Cursor(rest)
    if cursor.number(1) != 0:
        raise Refused("malformed", "the secret is locked, or none")
    return decode_secret(ring.open(cursor.rest(), P_SECRET, secret_context(ring, entry, revision)))


def open_locked_secret(ring, entry, revision, rest, recipient, private):
    cursor = Cursor(rest)
    if cursor.number(1) != 1:
        raise Refused("malformed", "the secret is not locked, or none")
    wraps = [cursor.bytes32() for _ in range(cursor.number(2))]
    if not wraps:
        raise Refused("malformed", "a locked secret without a wrap")
    context = dict(secret_context(ring, entry, revision), recipient=recipient)
    wrap = next((wrap for wrap in wraps if opens(ring, wrap, context)), None)
    if wrap is None:
        raise Refused("unknown-key", "the secret is not sealed to this recipient")
    dek = open_key_wrap(ring, wrap, context, private)
    context = secret_context(ring, entry, revision)
    return decode_secret(known_key(open_envelope, cursor.rest(), dek, NO_ID, SYMMETRIC, P_SECRET, context))


def opens(ring, wrap, context):
    try:
        return ring.open(wrap, P_WRAP, context) is not None
    except Refused:
        return False


def decode_secret(payload):
    cursor = Cursor(payload)
    secret = {name: utf8(cursor.bytes32()) for name in ("password", "notes", "totp")}
    count = cursor.number(2)
    secret["fields"] = [{"id": str(uuid.UUID(bytes=cursor.take(16))), "value": utf8(cursor.bytes32())}
                        for _ in range(count)]
    cursor.finish()
    return secret


# [9] Wraps.
def open_key_wrap(ring, wrap, context, private):
    cursor = Cursor(ring.open(wrap, P_WRAP, context))
    suite = RSA if isinstance(private, rsa.RSAPrivateKey) else HPKE
    if cursor.number(2) != suite:
        raise Refused("wrong-key", "the private key is of another suite")
    if cursor.take(16) != context["recipient"]:
        raise Refused("tampered", "the wrap names another recipient")
    kem_ct = cursor.take(cursor.number(2))
    if len(kem_ct) != (32 if suite == HPKE else -(-private.key_size // 8)):
        raise Refused("ciphertext-length", "the key pair makes no wrap of this length")
    info = encode_context(context, suite, P_WRAPPED, NO_ID)
    try:
        if suite == HPKE:
            seed = hpke_export(private, kem_ct, info, b"pwvault seed", 32)
        else:
            seed = private.decrypt(kem_ct, padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), sha256(info)))
    except ValueError:
        seed = b""
    seed = seed if len(seed) == 32 else os.urandom(32)
    return open_envelope(cursor.rest(), seed, NO_ID, suite, P_WRAPPED, context)


def open_password_wrap(ring, wrap, context, password):
    cursor = Cursor(ring.open(wrap, P_PASSWORD, context))
    key, cost = stretched(cursor, password)
    return open_envelope(cursor.rest(), key, NO_ID, ARGON2, P_PASSWORD_KEY, context), cost


def stretched(cursor, password):
    memory, passes, lanes, salt = cursor.number(4), cursor.number(4), cursor.number(4), cursor.take(16)
    if not (19456 <= memory <= 1048576 and 2 <= passes <= 16 and 1 <= lanes <= 16):
        raise Refused("kdf-params", f"Argon2id with {memory} KiB, {passes} passes, {lanes} lanes is out of bounds")
    key = hash_secret_raw(password, salt, passes, memory, lanes, 32, Type.ID, version=0x13)
    return key, dict(memory_kib=memory, passes=passes, lanes=lanes)


def master_wraps(rest):
    cursor = Cursor(rest)
    wraps = {name: cursor.bytes32() for name in ("password", "recovery_code", "recovery_key")}
    cursor.finish()
    return wraps


def key_context(ring, key_id):
    return dict(vault=ring.vault, kind=KEY, id=key_id, field="private key")


def open_ticket(ring, wrap, ticket_id, person, ticket):
    key = hkdf(ring.newest(ring.data), ticket, b"pwvault ticket")
    context = dict(vault=ring.vault, kind=TICKET, id=ticket_id, field="private key", person=person)
    return open_envelope(wrap, key, NO_ID, SYMMETRIC, P_TICKET, context)


def open_link(ring, link, entry, rest, passphrase=None):
    """What a link hands over; `link` is its 48 bytes."""
    link_id, secret = link[:16], link[16:]
    context = dict(vault=ring.vault, kind=LINK, id=link_id, entry=entry, field="contents")
    inner = ring.open(rest, P_LINK, context)
    key = hkdf(secret, link_id, b"pwvault link")
    cursor = Cursor(open_envelope(inner, key, NO_ID, SYMMETRIC, P_LINK_CONTENTS, context))
    form = cursor.number(1)
    if form not in (0, 1):
        raise Refused("malformed", "a link neither with nor without a passphrase")
    if form == 0:
        if passphrase is not None:
            raise Refused("bad-payload", "the link takes no passphrase")
        return decode_link(cursor.rest())
    if passphrase is None:
        raise Refused("wrong-key", "the link takes a passphrase")
    key, _ = stretched(cursor, passphrase)
    return decode_link(open_envelope(cursor.rest(), key, NO_ID, ARGON2, P_LINK_PASSPHRASE, context))


def decode_link(contents):
    cursor = Cursor(contents)
    parts = {name: utf8(cursor.bytes32()) for name in ("password", "username", "notes", "totp")}
    count = cursor.number(2)
    parts["fields"] = [{"name": utf8(cursor.bytes32()), "value": utf8(cursor.bytes32())} for _ in range(count)]
    cursor.finish()
    return parts


# [10] Labels.
def label(key, kind, name, value):
    return mac(key, bytes32(bytes([kind])) + bytes32(name.encode()) + bytes32(value))[:16]


def text_of(enum):
    """Of an owner or grantee."""
    (name, host_id), = enum.items()
    return f"{name} {host_id}"


def person_text(person):
    if isinstance(person, str):
        return person
    (name, of), = person.items()
    return f"user {of['user']} of client\t{of['account']}" if name == "sub_user" else f"{name} {of}"


def entry_labels(key, head):
    place = "trash" if head["trashed"] else "active"
    terms = [("all", ""), ("owner", text_of(head["owner"]))]
    terms += [("grant", text_of(grant["grantee"])) for grant in head["grants"]]
    terms += [("bound", text_of(grant["bound_to"])) for grant in head["grants"] if grant["bound_to"]]
    if "client" in head["owner"] and not head["private"]:
        terms += [("client owned", "")] + [("shared", "")] * bool(head["grants"] or head["category"])
    counted = "client" in head["owner"] and not head["trashed"] and not head["service"]
    terms += [("counted", text_of(head["owner"]))] * bool(counted)
    terms += [("key", lock["recipient"]["key"]) for lock in head["locks"] if "key" in lock["recipient"]]
    terms += [("category", head["category"]["category"])] if head["category"] else []
    terms += [("tag", tag) for tag in head["tags"]]
    terms += [("service", head["service"]["service"]["id"])] if head["service"] else []
    terms += [("servers", "")] if head["connect"] else []
    known = {person_text(one) for one in [*head["secret"]["revealed_to"], head["secret"]["changed_by"]]}
    known -= {text_of(head["owner"])}
    terms += [("known to", one) for one in known] if len(known) <= 256 else [("known to many", "")]
    terms += [("needs rotation", "")] if head["secret"]["needs_rotation"] else []
    return sorted({label(key, ENTRY, f"{place} {name}", value.encode()) for name, value in terms})


# [2] A vault in SQLite.
def load_records(path, vault):
    """The vault's id and its records; the table `label` must say the same as they do."""
    if not os.path.isfile(path):
        raise Refused("malformed", "there is no such file")
    connection = sqlite3.connect(f"file:{os.path.abspath(path)}?mode=ro", uri=True)
    try:
        (mark,), (version,) = (connection.execute(f"PRAGMA {name}").fetchone()
                               for name in ("application_id", "user_version"))
        if (mark, version) != (0x50575654, 1):
            raise Refused("malformed", f"not a vault file of schema 1 (application id {mark:#x}, version {version})")
        vaults = [row[0] for row in connection.execute("SELECT DISTINCT vault FROM record")]
        vault = vault or (vaults[0] if len(vaults) == 1 else None)
        if vault not in vaults:
            names = ", ".join(str(uuid.UUID(bytes=one)) for one in vaults)
            raise Refused("malformed", f"name one of the vaults in this file: {names or 'there are none'}")
        rows = connection.execute("SELECT vault, kind, id, revision, labels, body FROM record WHERE vault = ? "
                                  "ORDER BY kind, id", (vault,))
        records = [Record(v, kind, record_id, revision, split_labels(labels), body)
                   for v, kind, record_id, revision, labels, body in rows]
        index = set(connection.execute("SELECT kind, label, id FROM label WHERE vault = ?", (vault,)))
    except sqlite3.DatabaseError as error:
        raise Refused("malformed", f"not a vault file: {error}") from None
    finally:
        connection.close()
    if index != {(record.kind, one, record.id) for record in records for one in record.labels}:
        raise Refused("tampered", "the label index differs from the labels of the records")
    return vault, records


def split_labels(packed):
    labels = [packed[at:at + 16] for at in range(0, len(packed), 16)]
    if len(packed) % 16 or labels != sorted(set(labels)):
        raise Refused("malformed", "the labels of a record are not ascending 16-byte strings")
    return labels


class Vault:
    """Every record's head is opened here; nothing is shown before all have opened."""

    def __init__(self, vault, records, keks):
        rings = [record for record in records if record.kind == KEYRING]
        if len(rings) != 1:
            raise Refused("tampered", f"there are {len(rings)} keyrings instead of one")
        self.ring, self.heads = Keyring(rings[0], keks), {}
        for record in records:
            if record.kind == KEYRING:
                continue
            try:
                if record.kind == EVENT:
                    opened = open_event(self.ring, record), b""
                elif record.kind in HEADS:
                    opened = open_record(self.ring, record, record.kind)
                else:
                    raise Refused("malformed", "an unknown kind of record")
            except Refused as refused:
                raise Refused(refused.kind, f"record {record.id.hex()} of kind {record.kind}: {refused}") from None
            self.heads[record.kind, record.id] = opened
        self.counts = Counter(record.kind for record in records)
        if (POLICY, NO_ID) not in self.heads:
            raise Refused("tampered", "there is no policy")
        self.check_digests(records)
        for (kind, record_id), (head, _) in self.heads.items():
            known = [entry_labels(key, head) for _, _, key in self.ring.index] if kind == ENTRY else []
            if kind == ENTRY and self.labels_of(records, record_id) not in known:
                raise Refused("tampered", f"entry {uuid.UUID(bytes=record_id)} has other labels than its head says")

    def check_digests(self, records):
        """A record is the one the log tells of, where it tells of that revision."""
        told = {}
        for _, event, _ in self.of_kind(EVENT):
            for change in event["changes"]:
                name = change["kind"], change["id"], change["revision"]
                told.setdefault(name, set()).add(change["digest"])
        for record in records:
            expected = told.get((record.kind, record.id.hex(), record.revision))
            if expected and digest(record).hex() not in expected:
                raise Refused("tampered", f"record {record.id.hex()} of kind {record.kind} is not the one that landed")

    @staticmethod
    def labels_of(records, entry):
        return next(record.labels for record in records if (record.kind, record.id) == (ENTRY, entry))

    def of_kind(self, kind):
        return [(record_id, *opened) for (found, record_id), opened in self.heads.items() if found == kind]

    def master_id(self, owner):
        return self.ring.unique_id(MASTER, "owner", owner.encode())

    def private_keys(self, passphrases, files, masters):
        """By recipient: what the vault stores, and what was given."""
        keys = {}
        for key_id, head, rest in self.of_kind(KEY):
            if head["configuration"] == "stored":
                keys[key_id] = load_key(self.ring.open(rest, P_STORED, key_context(self.ring, key_id)))
        for name, passphrase in passphrases.items():
            key_id, head, rest = self.find_key(name, "passphrase")
            der, _ = open_password_wrap(self.ring, rest, key_context(self.ring, key_id), passphrase.encode())
            keys[key_id] = load_key(der)
        for name, path in files.items():
            key_id, head, rest = self.find_key(name, "public_only")
            with open(path, "rb") as file:
                keys[key_id] = load_pem_private_key(file.read(), None)
        for owner, password in masters.items():
            record_id = self.master_id(owner)
            if (MASTER, record_id) not in self.heads:
                raise Refused("unknown-key", f"{owner} has no master password")
            wrap = master_wraps(self.heads[MASTER, record_id][1])["password"]
            context = dict(vault=self.ring.vault, kind=MASTER, id=record_id, field="master password")
            keys[record_id] = load_key(open_password_wrap(self.ring, wrap, context, password.encode())[0])
        return keys

    def find_key(self, name, configuration):
        key_id = uuid.UUID(name).bytes
        head, rest = self.heads.get((KEY, key_id), (None, None))
        if head is None or head["configuration"] != configuration:
            raise Refused("unknown-key", f"there is no key {name} of the configuration {configuration}")
        return key_id, head, rest

    def secret(self, entry, owner, revision, locks, rest, keys):
        """The secret, or None when no key at hand opens it."""
        if not locks:
            return open_vault_secret(self.ring, entry, revision, rest)
        for lock in locks:
            is_key = "key" in lock["recipient"]
            recipient = uuid.UUID(lock["recipient"]["key"]).bytes if is_key else self.master_id(text_of(owner))
            if recipient in keys:
                return open_locked_secret(self.ring, entry, revision, rest, recipient, keys[recipient])
        return None

    def show(self, keys):
        past = self.of_kind(PAST_SECRET)
        entries = []
        for entry, head, rest in self.of_kind(ENTRY):
            history = [{"id": str(uuid.UUID(bytes=past_id)), "overview": old,
                        "secret": self.secret(entry, head["owner"], old["revision"], old["locks"], old_rest, keys)}
                       for past_id, old, old_rest in past if uuid.UUID(old["entry"]).bytes == entry]
            secret = self.secret(entry, head["owner"], head["secret"]["revision"], head["locks"], rest, keys)
            entries.append({"id": str(uuid.UUID(bytes=entry)), "overview": head, "secret": secret, "history": history})
        return {"vault": str(uuid.UUID(bytes=self.ring.vault)), "epoch": self.ring.epoch,
                "records": {KIND_NAMES[kind]: count for kind, count in sorted(self.counts.items())}, "entries": entries}


def load_key(der):
    try:
        return load_der_private_key(der, None)
    except ValueError:
        raise Refused("bad-payload", "not a private key") from None


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Opens a vault file and prints its entries as JSON.")
    parser.add_argument("file", nargs="?")
    parser.add_argument("--kek-hex", type=bytes.fromhex, help="the KEK, 32 bytes")
    parser.add_argument("--kek-id", type=bytes.fromhex, help="its id; whatever the keyring names when absent")
    parser.add_argument("--vault-id", type=lambda text: uuid.UUID(text).bytes, help="needed where a file holds several")
    for option, name in (("--passphrase", "KEYID=TEXT"), ("--private-key", "KEYID=FILE"), ("--master", "OWNER=TEXT")):
        parser.add_argument(option, action="append", default=[], metavar=name, type=lambda text: text.split("=", 1))
    parser.add_argument("--vectors", metavar="DIRECTORY", help="walk test vectors instead")
    options = parser.parse_args(arguments)
    if options.vectors:
        import reader_vectors
        return reader_vectors.walk(options.vectors)
    if not options.file or len(options.kek_hex or b"") != 32:
        parser.error("a file and --kek-hex with 32 bytes are needed")
    try:
        vault_id, records = load_records(options.file, options.vault_id)
        named = options.kek_id or next((Envelope(r.body[8:]).key_id for r in records if r.kind == KEYRING), NO_ID)
        vault = Vault(vault_id, records, {named: options.kek_hex})
        keys = vault.private_keys(dict(options.passphrase), dict(options.private_key), dict(options.master))
        json.dump(vault.show(keys), sys.stdout, indent=1, ensure_ascii=False)
        print()
    except (Refused, OSError, ValueError) as error:
        print(f"reader: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
