"""Envelopes and what they rest on: sections 1, 3, 5, 6 and the HPKE of 9.1 of spec/format.md."""
import hashlib
import hmac
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reader_payloads import Cursor, Refused

# [3] Numbers.
KEYRING, POLICY, ENTRY, PAST_SECRET, KEY, MASTER, TICKET, EVENT, CHECKPOINT, TOMBSTONE, MIRROR, JOB = range(1, 13)
DUE, MESSAGE, LINK, REQUEST, TEMPLATE, TRANSLATION, USAGE, PERMIT = 15, 16, 17, 18, 24, 25, 26, 27
P_KEYRING, P_HEAD, P_SECRET, P_WRAP, P_WRAPPED, P_PASSWORD, P_PASSWORD_KEY, P_STORED, P_TICKET, P_EVENT = range(1, 11)
P_LINK, P_LINK_CONTENTS, P_LINK_PASSPHRASE = 12, 13, 14
SYMMETRIC, RSA, HPKE, ARGON2 = 0x0001, 0x0010, 0x0020, 0x0030
NO_ID = bytes(16)


# [1] Notation.
def u16(number):
    return struct.pack(">H", number)


def u32(number):
    return struct.pack(">I", number)


def u64(number):
    return struct.pack(">Q", number)


def bytes32(data):
    return u32(len(data)) + data


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def sha256(data):
    return hashlib.sha256(data).digest()


def expand(prk, info, length):
    return HKDFExpand(hashes.SHA256(), length, info).derive(prk)


def hkdf(key, salt, info):
    return expand(mac(salt, key), info, 32)


# [5] Context.
FIELDS = [("vault", 16), ("kind", 1), ("id", 16), ("revision", 8), ("epoch", 8), ("entry", 16), ("field", None),
          ("secret_revision", 8), ("recipient", 16), ("shard", 4), ("sequence", 8), ("previous_leaf", 32),
          ("person", None)]


def encode_context(fields, suite, purpose, key_id):
    out = bytes32(b"\x01") + bytes32(u16(suite)) + bytes32(bytes([purpose])) + bytes32(key_id)
    unknown = set(fields) - {name for name, _ in FIELDS}
    assert not unknown, unknown
    for name, length in FIELDS:
        value = fields.get(name, b"")
        if isinstance(value, int):
            value = value.to_bytes(length, "big")
        elif isinstance(value, str):
            value = value.encode()
        out += bytes32(value)
    return out


# [6] Envelope.
class Envelope:
    """Taken apart, not opened. It stands at the front of `data` and is `length` long."""

    def __init__(self, data):
        cursor = Cursor(data)
        if cursor.take(3) != b"PWV":
            raise Refused("malformed", "it does not begin with PWV")
        version = cursor.number(1)
        if version != 1:
            raise Refused("unknown-version", f"version {version}; this reader knows version 1")
        self.suite, self.purpose, self.key_id = cursor.number(2), cursor.number(1), cursor.take(16)
        self.salt, self.commitment = cursor.take(32), cursor.take(32)
        self.ciphertext, self.tag = cursor.bytes32(), cursor.take(16)
        self.length = cursor.at

    def open(self, key, key_id, suite, purpose, context, extra=b""):
        if self.suite != suite:
            raise Refused("unknown-suite", f"suite {self.suite:#06x} where {suite:#06x} belongs")
        if self.purpose != purpose:
            raise Refused("malformed", "sealed for another purpose")
        if self.key_id != key_id:
            raise Refused("unknown-key", "sealed under another key")
        bound = encode_context(context, suite, purpose, key_id)
        okm = expand(mac(b"pwvault v1", key), self.salt + sha256(bound), 64)
        if not hmac.compare_digest(okm[32:], self.commitment):
            raise Refused("wrong-key", "the key does not fit, or this belongs elsewhere")
        try:
            padded = AESGCM(okm[:32]).decrypt(bytes(12), self.ciphertext + self.tag, bound + extra)
        except InvalidTag:
            raise Refused("tampered", "the tag does not fit") from None
        return unpad(padded, purpose)


def open_envelope(data, key, key_id, suite, purpose, context, extra=b""):
    """An envelope that must fill its place."""
    envelope = Envelope(data)
    if envelope.length != len(data):
        raise Refused("malformed", "bytes follow the tag")
    return envelope.open(key, key_id, suite, purpose, context, extra)


def known_key(function, *args):
    """Opens under a key that is proved to be right: what does not fit was changed or moved."""
    try:
        return function(*args)
    except Refused as refused:
        if refused.kind == "wrong-key":
            raise Refused("tampered", "changed, or moved here from elsewhere") from None
        raise


def unpad(padded, purpose):
    if purpose == P_WRAPPED:
        if len(padded) != 32:
            raise Refused("malformed", "a wrapped key is not 32 bytes")
        return padded
    cursor = Cursor(padded)
    data = cursor.bytes32()
    block = next((size for size in (32, 64, 128) if size >= cursor.at), -(-cursor.at // 256) * 256)
    if len(padded) != block or any(cursor.rest()):
        raise Refused("malformed", "the padding is not exact")
    return data


# [9.1] HPKE.
def hpke_export(private, enc, info, exporter_context, length):
    """RFC 9180: SetupBaseR and Export, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, export-only."""
    kem, suite = b"KEM" + u16(0x0020), b"HPKE" + u16(0x0020) + u16(0x0001) + u16(0xFFFF)

    def labeled_extract(suite_id, salt, name, ikm):
        return mac(salt, b"HPKE-v1" + suite_id + name + ikm)

    def labeled_expand(suite_id, prk, name, data, size):
        return expand(prk, u16(size) + b"HPKE-v1" + suite_id + name + data, size)

    dh = private.exchange(x25519.X25519PublicKey.from_public_bytes(enc))
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = labeled_expand(kem, labeled_extract(kem, b"", b"eae_prk", dh), b"shared_secret", enc + public, 32)
    schedule = (b"\x00" + labeled_extract(suite, b"", b"psk_id_hash", b"")
                + labeled_extract(suite, b"", b"info_hash", info))
    secret = labeled_extract(suite, shared, b"secret", b"")
    exporter = labeled_expand(suite, secret, b"exp", schedule, 32)
    return labeled_expand(suite, exporter, b"sec", exporter_context, length)
