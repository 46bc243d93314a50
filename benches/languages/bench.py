"""Times calls from Python, and Fernet beside them; benches/languages/src/runner.rs says what is asked."""

import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from functools import lru_cache

from cryptography.fernet import Fernet
from pwvault import (
    AdminId,
    EntryDraft,
    HostKek,
    KekId,
    KekSource,
    OpenMode,
    OpenOptions,
    Principal,
    PrincipalKind,
    RoleId,
    Vault,
    VaultId,
)

FOLDER = sys.argv[1]
FERNET = Fernet(Fernet.generate_key())
LOG_KEY = os.urandom(32)


@lru_cache(maxsize=None)
def place(store):
    """A vault and a session of it."""
    options = OpenOptions(
        store=f"sqlite:{FOLDER}/vault.db" if store == "sqlite" else "memory:",
        vault=VaultId("0190b5a0-0000-7000-8000-000000000001"),
        kek=KekSource.Keys([HostKek(id=KekId("07" * 16), key=bytes([42] * 32))]),
        mode=OpenMode.CREATE,
        full_access=RoleId("full"),
    )
    vault = Vault.open(options)
    return vault, vault.session(Principal(kind=PrincipalKind.Admin(id=AdminId("1"), roles=[RoleId("full")])))


@lru_cache(maxsize=None)
def case(name, store, size):
    """What is repeated."""
    if name.startswith("fernet"):
        return fernet(name, size)
    vault, session = place(store)
    password = "x" * size
    if name == "id":
        return vault.id

    def create():
        return session.create_entry(EntryDraft(name="Mail server", username="anna@example.com", password=password))

    if name == "create":
        return create
    entry = create()

    def reveal():
        assert len(session.reveal(entry).password.expose()) == size

    return reveal


def fernet(name, size):
    """The peer: Fernet over JSON, alone, or in a table with a log."""
    entry = {"name": "Mail server", "username": "anna@example.com", "password": "x" * size}

    def seal():
        return FERNET.encrypt(json.dumps(entry).encode())

    def read(token):
        return json.loads(FERNET.decrypt(token))

    if name == "fernet_seal":
        return seal
    if name == "fernet_open":
        token = seal()
        return lambda: read(token)
    table = Table(f"{FOLDER}/{name}-{size}.db")
    if name == "fernet_create":
        return lambda: table.create(seal())
    first = table.create(seal())
    return lambda: read(table.reveal(first))


class Table:
    """Rows, and a log in which each event holds the hash of the one before; both durable at once."""

    def __init__(self, path):
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        self.database.execute("CREATE TABLE entry (id BLOB PRIMARY KEY, body BLOB)")
        self.database.execute("CREATE TABLE event (number INTEGER PRIMARY KEY, hash BLOB, body BLOB)")
        self.last = bytes(32)

    def create(self, body):
        row = os.urandom(16)
        self.database.execute("BEGIN IMMEDIATE")
        self.database.execute("INSERT INTO entry VALUES (?, ?)", (row, body))
        self.log("created", row)
        self.database.execute("COMMIT")
        return row

    def reveal(self, row):
        self.database.execute("BEGIN IMMEDIATE")
        (body,) = self.database.execute("SELECT body FROM entry WHERE id = ?", (row,)).fetchone()
        self.log("revealed", row)
        self.database.execute("COMMIT")
        return body

    def log(self, kind, row):
        event = {"kind": kind, "actor": "admin 1", "entry": row.hex(), "at": time.time_ns()}
        body = FERNET.encrypt(json.dumps(event).encode())
        self.last = hmac.new(LOG_KEY, self.last + body, hashlib.sha256).digest()
        self.database.execute("INSERT INTO event (hash, body) VALUES (?, ?)", (self.last, body))


for line in sys.stdin:
    name, store, size, repetitions = line.split()
    work = case(name, store, int(size))
    start = time.perf_counter_ns()
    for _ in range(int(repetitions)):
        work()
    print(time.perf_counter_ns() - start, flush=True)
