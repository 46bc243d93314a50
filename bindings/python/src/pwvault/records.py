"""What a host's own store and other roles are asked and answer: records in a database, and the like."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, Iterable, Optional, Tuple, Type

from ._secret import Secret
from ._wire import Record, Variant, fill, member

if TYPE_CHECKING:
    from .model import AdminId, ClientId, DepartmentId, GroupId, RoleId, VaultId
    from .model.logs_enums import Order


@dataclass(frozen=True, init=False, repr=False, order=True)
class RecordKey(Record):
    """The name of a record. Ordered by vault, then kind, then id."""

    _wire = {"vault": "text", "kind": "u8", "id": "text"}

    vault: VaultId
    """The vault it belongs to."""

    kind: int
    """What it is: 1 to 255."""

    id: str
    """Its id among the records of its kind: 32 hexadecimal digits in lower case, ordered as text."""

    def __init__(self, vault: VaultId, kind: int, id: str) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class StoredRecord(Record):
    """A record as it is stored."""

    _wire = {"key": "RecordKey", "revision": "u64", "labels": "[text]", "body": "payload"}

    key: RecordKey
    """Its name."""

    revision: int
    """Counts its writes: 1 when it is made, one more with every change."""

    labels: Tuple[str, ...]
    """What it can be found by: 32 hexadecimal digits in lower case each; sorted and distinct, at most
    2,048."""

    body: bytes
    """Opaque bytes, at most 4 MiB."""

    def __init__(self, *, key: RecordKey, revision: int, labels: Iterable[str], body: bytes) -> None:
        fill(self, locals())

    def __repr__(self) -> str:
        about = f"labels={len(self.labels)}, body_bytes={len(self.body)}"
        return f"StoredRecord(key={self.key!r}, revision={self.revision}, {about})"


@member
class Want(Enum):
    """What a page holds."""

    KEYS = "keys"
    """Keys with revisions."""

    RECORDS = "records"
    """Whole records."""

    COUNT = "count"
    """Only how many there are, counted up to the limit."""


@dataclass(frozen=True, init=False, repr=False)
class Query(Record):
    """Asks for records of one kind in one vault."""

    _wire = {
        "vault": "text",
        "kind": "u8",
        "labels": "[[text]]",
        "from_": "text?",
        "to": "text?",
        "order": "Order",
        "limit": "u32",
        "cursor": "text?",
        "want": "Want",
    }

    vault: VaultId
    """The vault."""

    kind: int
    """The kind."""

    labels: Tuple[Tuple[str, ...], ...]
    """A record matches if of every group it has at least one label. No group: all match. An empty group:
    none match."""

    from_: Optional[str]
    """The lowest id, inclusive."""

    to: Optional[str]
    """The highest id, exclusive."""

    order: Order
    """The way through the ids."""

    limit: int
    """The most rows of the page, or the number a count stops at; at least 1."""

    cursor: Optional[str]
    """The last id of the page before; rows after it in ``order`` are given."""

    want: Want
    """What the page holds."""


class Page(Variant):
    """The answer to a query, in the form it wanted."""

    Keys: ClassVar[Type[PageKeys]]
    Records: ClassVar[Type[PageRecords]]
    Count: ClassVar[Type[PageCount]]


@dataclass(frozen=True, init=False, repr=False)
class PageKeys(Page):
    """Keys with revisions."""

    _case = "keys"
    _wire = {"rows": "[KeyRevision]", "next": "text?"}

    rows: Tuple[KeyRevision, ...]
    """The rows."""

    next: Optional[str]
    """The last id of this page when rows follow it."""

    def __init__(self, rows: Iterable[KeyRevision], next: Optional[str] = None) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class PageRecords(Page):
    """Whole records."""

    _case = "records"
    _wire = {"rows": "[StoredRecord]", "next": "text?"}

    rows: Tuple[StoredRecord, ...]
    """The rows."""

    next: Optional[str]
    """The last id of this page when rows follow it."""

    def __init__(self, rows: Iterable[StoredRecord], next: Optional[str] = None) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class PageCount(Page):
    """How many match, counted up to the limit."""

    _case = "count"
    _wire = {"rows": "u64"}

    rows: int
    """How many."""

    def __init__(self, rows: int) -> None:
        fill(self, locals())


Page.Keys = PageKeys
Page.Records = PageRecords
Page.Count = PageCount


@dataclass(frozen=True, init=False, repr=False)
class KeyRevision(Record):
    """A record and the revision it is at."""

    _wire = {"key": "RecordKey", "revision": "u64"}

    key: RecordKey
    """Which record."""

    revision: int
    """Its revision."""

    def __init__(self, key: RecordKey, revision: int) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class Write(Record):
    """One record to be written."""

    _wire = {"record": "StoredRecord", "expect": "u64?"}

    record: StoredRecord
    """The record as it shall be, at its new revision; body and labels replace the old ones."""

    expect: Optional[int]
    """The revision before; None when there must be no such record."""

    def __init__(self, record: StoredRecord, expect: Optional[int] = None) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class Assert(Record):
    """A record that is relied on and not changed."""

    _wire = {"key": "RecordKey", "expect": "u64?"}

    key: RecordKey
    """Which record."""

    expect: Optional[int]
    """Its revision; None when there must be no such record."""

    def __init__(self, key: RecordKey, expect: Optional[int] = None) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class ChangeSet(Record):
    """Changes that land together or not at all. Applies only if every expectation holds."""

    _wire = {"writes": "[Write]", "deletes": "[KeyRevision]", "asserts": "[Assert]"}

    writes: Tuple[Write, ...]
    """Records to write."""

    deletes: Tuple[KeyRevision, ...]
    """Records to remove, with the revision they must be at. A record made again later starts at 1."""

    asserts: Tuple[Assert, ...]
    """Records that are relied on."""

    def __init__(
        self,
        *,
        writes: Iterable[Write] = (),
        deletes: Iterable[KeyRevision] = (),
        asserts: Iterable[Assert] = (),
    ) -> None:
        fill(self, locals())


class Subject(Variant):
    """A set of people."""

    Admin: ClassVar[Type[SubjectAdmin]]
    Role: ClassVar[Type[SubjectRole]]
    Department: ClassVar[Type[SubjectDepartment]]
    Client: ClassVar[Type[SubjectClient]]
    Group: ClassVar[Type[SubjectGroup]]
    SubUsers: ClassVar[Type[SubjectSubUsers]]
    Administrators: ClassVar[Type[SubjectAdministrators]]


@dataclass(frozen=True, init=False, repr=False)
class SubjectAdmin(Subject):
    """One administrator."""

    _case, _form, _wire = "admin", "value", {"value": "text"}

    value: AdminId

    def __init__(self, value: AdminId) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class SubjectRole(Subject):
    """Everyone who holds a role."""

    _case, _form, _wire = "role", "value", {"value": "text"}

    value: RoleId

    def __init__(self, value: RoleId) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class SubjectDepartment(Subject):
    """Everyone in a department."""

    _case, _form, _wire = "department", "value", {"value": "text"}

    value: DepartmentId

    def __init__(self, value: DepartmentId) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class SubjectClient(Subject):
    """One client."""

    _case, _form, _wire = "client", "value", {"value": "text"}

    value: ClientId

    def __init__(self, value: ClientId) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class SubjectGroup(Subject):
    """Every client of a group."""

    _case, _form, _wire = "group", "value", {"value": "text"}

    value: GroupId

    def __init__(self, value: GroupId) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class SubjectSubUsers(Subject):
    """Every sub-user of a client."""

    _case, _form, _wire = "sub_users", "value", {"value": "text"}

    value: ClientId

    def __init__(self, value: ClientId) -> None:
        fill(self, locals())


@dataclass(frozen=True, init=False, repr=False)
class SubjectAdministrators(Subject):
    """Every administrator."""

    _case = "administrators"


Subject.Admin = SubjectAdmin
Subject.Role = SubjectRole
Subject.Department = SubjectDepartment
Subject.Client = SubjectClient
Subject.Group = SubjectGroup
Subject.SubUsers = SubjectSubUsers
Subject.Administrators = SubjectAdministrators


@dataclass(frozen=True, init=False, repr=False)
class ConnectRequest(Record):
    """A request to sign in."""

    _wire = {
        "address": "text",
        "username": "text",
        "secret": "secret_payload",
        "service": "text?",
        "account": "text?",
        "locale": "text?",
    }

    address: str
    """Host name or address of the server, with a port if it is not the usual one."""

    username: str
    """The user name that goes with the credential."""

    secret: Secret
    """The credential: a password or a token. It is wiped when the connector returns."""

    service: Optional[str]
    """The service of the server; the usual one when absent."""

    account: Optional[str]
    """The account to be signed in as, when it is not the one of the credential."""

    locale: Optional[str]
    """The language of the session, as the server names it."""
