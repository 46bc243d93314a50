"""Walks a directory of vectors (section 15 of spec/format.md) and holds the reader against their verdicts."""
import json

from pathlib import Path

import reader
from reader_payloads import Refused


def walk(directory):
    paths = sorted(Path(directory).rglob("*.json"))
    failed = 0
    for path in paths:
        case = json.loads(path.read_text())
        try:
            verdict = {"ok": OPERATIONS[case["operation"]](case)}
        except Refused as refused:
            verdict = {"error": refused.kind}
        if verdict != case["expect"]:
            failed += 1
            print(f"{path}: expected {json.dumps(case['expect'])}, found {json.dumps(verdict)}")
    failed = failed or len(paths) < 120
    print(f"test result: {'FAILED' if failed else 'ok'}. {len(paths) - failed} passed; {int(failed)} failed")
    return 1 if failed else 0


def raw(text):
    return bytes.fromhex(text)


def context_of(fields):
    return {name: value if isinstance(value, int) or name in ("field", "person") else raw(value)
            for name, value in fields.items()}


def record_of(vault, record):
    return reader.Record(raw(vault), record["kind"], raw(record["id"]), record["revision"],
                         [raw(label) for label in record["labels"]], raw(record["body"]))


def ring_of(case):
    given = case["keyring"]
    keks = {raw(kek["id"]): raw(kek["key"]) for kek in given["keks"]}
    return reader.Keyring(record_of(given["vault"], given["record"]), keks)


def envelope(case):
    opened = reader.open_envelope(raw(case["bytes"]), raw(case["key"]), raw(case["key_id"]), case["suite"],
                                  case["purpose"], context_of(case["context"]), b"".join(map(raw, case["extra"])))
    return {"plaintext": opened.hex()}


def keyring(case):
    ring = ring_of(case)
    ids = {name: [key_id.hex() for key_id, _, _ in keys] for name, keys in (("data", ring.data), ("index", ring.index))}
    return {"kek_id": ring.kek_id.hex(), "epoch": ring.epoch, "shards": ring.shards, **ids}


def record(case):
    ring = ring_of(case)
    found = record_of(case.get("vault", case["keyring"]["vault"]), case["record"])
    head, rest = reader.open_record(ring, found, case["kind"])
    return {"head": head, "rest": rest.hex()}


def secret(case):
    ring, entry = ring_of(case), raw(case["entry"])
    revision, rest = case["secret_revision"], raw(case["rest"])
    if "recipient" not in case:
        return reader.open_vault_secret(ring, entry, revision, rest)
    private = reader.load_key(raw(case["private_key"]))
    return reader.open_locked_secret(ring, entry, revision, rest, raw(case["recipient"]), private)


def password_wrap(case):
    ring = ring_of(case)
    context = dict(vault=ring.vault, kind=case["kind"], id=raw(case["id"]), field=case["field"])
    private, cost = reader.open_password_wrap(ring, raw(case["wrap"]), context, raw(case["password"]))
    return {"private_key": private.hex(), **cost}


def key_wrap(case):
    ring = ring_of(case)
    context = dict(vault=ring.vault, kind=case["kind"], id=raw(case["id"]), field=case["field"],
                   recipient=raw(case["recipient"]))
    private = reader.load_key(raw(case["private_key"]))
    return {"key": reader.open_key_wrap(ring, raw(case["wrap"]), context, private).hex()}


def master_wraps(case):
    return {name: wrap.hex() for name, wrap in reader.master_wraps(raw(case["rest"])).items()}


def stored_key(case):
    ring = ring_of(case)
    context = reader.key_context(ring, raw(case["id"]))
    return {"private_key": ring.open(raw(case["wrap"]), reader.P_STORED, context).hex()}


def ticket(case):
    opened = reader.open_ticket(ring_of(case), raw(case["wrap"]), raw(case["id"]), case["person"], raw(case["ticket"]))
    return {"private_key": opened.hex()}


def link(case):
    passphrase = raw(case["passphrase"]) if "passphrase" in case else None
    return reader.open_link(ring_of(case), raw(case["link"]), raw(case["entry"]), raw(case["rest"]), passphrase)


def entry_labels(case):
    ring = ring_of(case)
    head, _ = reader.open_record(ring, record_of(case["keyring"]["vault"], case["record"]), reader.ENTRY)
    labels = reader.entry_labels(ring.newest(ring.index), head)
    return {"labels": [label.hex() for label in labels]}


def unique_id(case):
    return {"id": ring_of(case).unique_id(case["kind"], case["name"], raw(case["value"])).hex()}


OPERATIONS = {function.__name__: function for function in (
    envelope, keyring, record, secret, password_wrap, key_wrap, master_wraps, stored_key, ticket, link, entry_labels,
    unique_id)}
