"""Two stores as a host would write them: in memory, and over the sqlite3 module."""

from __future__ import annotations

import json
import sqlite3
import threading
from bisect import bisect_left
from contextlib import closing
from typing import Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

from pwvault import StoreInfo
from pwvault.hosts import HostError, Store
from pwvault.records import ChangeSet, KeyRevision, Page, Query, RecordKey, StoredRecord, Want


def descending(query: Query) -> bool:
    return query.order.value == "descending"


def wanted(query: Query, id: str, labels: Sequence[str]) -> bool:
    """Whether a record of the kind is on this page or a later one."""
    if query.cursor is not None and (id >= query.cursor if descending(query) else id <= query.cursor):
        return False
    if (query.from_ is not None and id < query.from_) or (query.to is not None and id >= query.to):
        return False
    return all(set(group) & set(labels) for group in query.labels)


def page(query: Query, found: Iterator[StoredRecord]) -> Page:
    """A page of records that come in the order of the query."""
    rows: List[StoredRecord] = []
    for record in found:
        if not wanted(query, record.key.id, record.labels):
            continue
        if len(rows) == query.limit:
            following = rows[-1].key.id if query.want is not Want.COUNT else None
            break
        rows.append(record)
    else:
        following = None
    if query.want is Want.COUNT:
        return Page.Count(len(rows))
    if query.want is Want.KEYS:
        return Page.Keys([KeyRevision(record.key, record.revision) for record in rows], following)
    return Page.Records(rows, following)


def conflicts(changes: ChangeSet) -> Iterator[Tuple[RecordKey, Optional[int]]]:
    """What must hold, in the order in which it is tried."""
    for one in changes.asserts:
        yield one.key, one.expect
    for write in changes.writes:
        yield write.record.key, write.expect
    for delete in changes.deletes:
        yield delete.key, delete.revision


class MemoryStore(Store):
    def __init__(self) -> None:
        self.lock = threading.Lock()
        # Of each vault and kind the records by id, and the ids in their order until a commit.
        self.records: Dict[Tuple[str, int], Dict[str, StoredRecord]] = {}
        self.ids: Dict[Tuple[str, int], List[str]] = {}

    def held(self, key: RecordKey) -> Optional[StoredRecord]:
        return self.records.get((key.vault, key.kind), {}).get(key.id)

    def load(self, keys: Sequence[RecordKey]) -> Iterable[Optional[StoredRecord]]:
        with self.lock:
            return [self.held(key) for key in keys]

    def scan(self, query: Query) -> Page:
        place = (query.vault, query.kind)
        with self.lock:
            records = self.records.get(place, {})
            ids = self.ids.setdefault(place, sorted(records) if place not in self.ids else [])
            low = max(filter(None, [query.from_, None if descending(query) else query.cursor]), default="")
            high = min(filter(None, [query.to, query.cursor if descending(query) else None]), default="g")
            first, last = bisect_left(ids, low), bisect_left(ids, high)
            places = range(last - 1, first - 1, -1) if descending(query) else range(first, last)
            return page(query, (records[ids[one]] for one in places))

    def commit(self, changes: ChangeSet) -> None:
        with self.lock:
            for key, expect in conflicts(changes):
                held = self.held(key)
                if (None if held is None else held.revision) != expect:
                    raise HostError.conflict(key)
            self.ids = {}
            for write in changes.writes:
                key = write.record.key
                self.records.setdefault((key.vault, key.kind), {})[key.id] = write.record
            for delete in changes.deletes:
                del self.records[delete.key.vault, delete.key.kind][delete.key.id]

    def info(self) -> StoreInfo:
        return StoreInfo(backend="memory of Python", schema=1, durable=False, parallel_commits=False)


# Bodies are large: beside the keys, in a table WITHOUT ROWID, SQLite would read them to compare keys.
SCHEMA = """CREATE TABLE IF NOT EXISTS records (
    vault TEXT, kind INTEGER, id TEXT, revision INTEGER, labels TEXT, body BLOB, PRIMARY KEY (vault, kind, id)
)"""
COLUMNS = "vault, kind, id, revision, labels, body"


class SqliteStore(Store):
    """A connection for each call, so that threads and forked processes have their own."""

    def __init__(self, path: str) -> None:
        self.path = path
        with closing(self.connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(SCHEMA)

    def connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        # The tests outlive no power failure.
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def load(self, keys: Sequence[RecordKey]) -> Iterable[Optional[StoredRecord]]:
        with closing(self.connect()) as connection:
            connection.execute("BEGIN")
            return [self.read(connection, key) for key in keys]

    def read(self, connection: sqlite3.Connection, key: RecordKey) -> Optional[StoredRecord]:
        query = f"SELECT {COLUMNS} FROM records WHERE vault = ? AND kind = ? AND id = ?"
        row = connection.execute(query, (key.vault, key.kind, key.id)).fetchone()
        return None if row is None else stored(row)

    def scan(self, query: Query) -> Page:
        way = "DESC" if descending(query) else "ASC"
        after = "" if query.cursor is None else f"AND id {'<' if descending(query) else '>'} ?"
        text = f"SELECT {COLUMNS} FROM records WHERE vault = ? AND kind = ? {after} ORDER BY id {way}"
        values = (query.vault, query.kind, *([] if query.cursor is None else [query.cursor]))
        with closing(self.connect()) as connection:
            return page(query, (stored(row) for row in connection.execute(text, values)))

    def commit(self, changes: ChangeSet) -> None:
        with closing(self.connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for key, expect in conflicts(changes):
                held = self.read(connection, key)
                if (None if held is None else held.revision) != expect:
                    raise HostError.conflict(key)
            for write in changes.writes:
                one = write.record
                connection.execute(
                    f"INSERT OR REPLACE INTO records ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
                    (one.key.vault, one.key.kind, one.key.id, one.revision, json.dumps(one.labels), one.body),
                )
            for delete in changes.deletes:
                key = delete.key
                connection.execute(
                    "DELETE FROM records WHERE vault = ? AND kind = ? AND id = ?",
                    (key.vault, key.kind, key.id),
                )
            connection.execute("COMMIT")

    def info(self) -> StoreInfo:
        return StoreInfo(backend="sqlite3 of Python", schema=1, durable=False, parallel_commits=False)


def stored(row: Tuple[str, int, str, int, str, bytes]) -> StoredRecord:
    vault, kind, id, revision, labels, body = row
    key = RecordKey(vault, kind, id)  # type: ignore[arg-type]
    return StoredRecord(key=key, revision=revision, labels=json.loads(labels), body=body)
