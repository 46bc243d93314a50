"""Answers the one callback of the native library out of what the host implements.

Everything that an implementation raises is caught here, `KeyboardInterrupt` and `SystemExit` too: what
escapes would look like an answer on the other side. What it returns is held against its type first.
"""

from __future__ import annotations

import inspect
import json
from typing import Any, Callable, Dict, List, Optional, Tuple

from ._call import keep
from ._library import native
from ._wire import Payload, codec
from .hosts import Connector, Host, HostError
from .records import Assert, ChangeSet, KeyRevision, Page, Write


class Beside:
    """The bytes beside a document. Some are secrets, so it shows none."""

    __slots__ = ("_held",)

    def __init__(self, held: List[bytes]) -> None:
        self._held = held

    def append(self, one: bytes) -> None:
        self._held.append(one)

    def all(self) -> List[bytes]:
        return self._held

    def __getitem__(self, place: int) -> bytes:
        return self._held[place]

    def __len__(self) -> int:
        return len(self._held)

    def __repr__(self) -> str:
        return f"<{len(self)} payloads>"


class Adapter(native.Host):  # type: ignore[misc]
    """The callback."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def options(self) -> Dict[str, Any]:
        """The roles that the host takes, for the options of opening."""
        host = self._host
        names = ("store", "directory", "notifier", "key_provider", "services", "checkpoint_sink")
        roles: Dict[str, Any] = {name: True for name in names if getattr(host, name) is not None}
        if host.connectors:
            kinds = [kind for kind, _ in host.connectors.values()]
            roles["connectors"] = [codec("ConnectorKind").encode(kind, []) for kind in kinds]
        return {"hosts": roles} if roles else {}

    def call(self, operation: str, document: str, payloads: List[bytes]) -> Any:
        """Answers one question."""
        given, beside = Beside(payloads), Beside([])
        # Credentials are among them; what a role raises holds this frame, and a traceback shows its variables.
        del payloads
        try:
            answer = _ANSWERS[operation](self._host, json.loads(document), given, beside)
            return native.HostReply(document=json.dumps(answer, ensure_ascii=False), payloads=beside.all())
        except BaseException as error:
            keep(error)
            failure = _failure(error)
        raise failure


def _failure(error: BaseException) -> Any:
    if isinstance(error, HostError):
        try:
            detail = json.dumps(error.detail)
            return native.HostFailure.Fault(
                name=_plain(error.name), message=_plain(error.message), detail=detail
            )
        except (TypeError, ValueError):
            pass
    # Its own words may hold what must not be stored or shown; the caller finds them in the cause.
    return native.HostFailure.Fault(name="backend", message=type(error).__name__, detail="")


def _plain(text: Any) -> str:
    return str(text).encode("utf-8", "replace").decode("utf-8")


def _role(host: Host, name: str) -> Any:
    found = getattr(host, name)
    if found is None:
        raise HostError.unavailable("this host answers no such question")
    return found


def _none(value: Any, where: str) -> None:
    if inspect.iscoroutine(value):
        value.close()
    codec("nothing").accept(value, where)


def _write(expression: str, value: Any, where: str, beside: Any) -> Any:
    of = codec(expression)
    return of.encode(of.accept(value, where), beside)


def _load(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    found = _role(host, "store").load(codec("[RecordKey]").decode(asked["keys"], ()))
    return {"records": _write("[StoredRecord?]", found, "Store.load", beside)}


def _scan(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    found = _role(host, "store").scan(codec("Query").decode(asked["query"], ()))
    page = codec("Page").accept(found, "Store.scan")
    if isinstance(page, Page.Count):
        return {"rows": {"count": page.rows}, "next": None}
    if isinstance(page, Page.Keys):
        key = codec("RecordKey")
        return {
            "rows": {"keys": [[key.encode(row.key, []), row.revision] for row in page.rows]},
            "next": page.next,
        }
    return {"rows": {"records": _write("[StoredRecord]", page.rows, "Store.scan", beside)}, "next": page.next}


def _commit(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    key, record, changes = codec("RecordKey"), codec("StoredRecord"), asked["changes"]
    made = ChangeSet(
        writes=[
            Write(record.decode(one["record"], payloads), _expect(one["expect"])) for one in changes["writes"]
        ],
        deletes=[KeyRevision(key.decode(one, ()), revision) for one, revision in changes["deletes"]],
        asserts=[Assert(key.decode(one, ()), _expect(expect)) for one, expect in changes["asserts"]],
    )
    _none(_role(host, "store").commit(made), "Store.commit")
    return {"committed": True}


def _expect(document: Any) -> Optional[int]:
    return None if document == "absent" else int(document["revision"])


def _info(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    return _write("StoreInfo", _role(host, "store").info(), "Store.info", beside)


def _contact(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    found = _role(host, "directory").contact(codec("Person").decode(asked["person"], ()))
    return {"contact": _write("Contact?", found, "Directory.contact", beside)}


def _client_by_email(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    found = _role(host, "directory").client_by_email(asked["email"])
    return {"client": _write("text?", found, "Directory.client_by_email", beside)}


def _members(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    found = _role(host, "directory").members(codec("Subject").decode(asked["subject"], ()))
    return {"members": _write("[Person]", found, "Directory.members", beside)}


def _deliver(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    message = codec("OutboxMessage").decode(asked["message"], ())
    _none(_role(host, "notifier").deliver(message), "Notifier.deliver")
    return {"done": True}


def _connector(host: Host, asked: Any, payloads: Any) -> Tuple[Connector, Any]:
    _, connector = host.connectors.get(asked["kind"], (None, None))
    if connector is None:
        raise HostError.unavailable("this host has no such connector")
    return connector, codec("ConnectRequest").decode(asked["request"], payloads)


def _connect(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    connector, request = _connector(host, asked, payloads)
    with request.secret:
        found = codec("SignOn").accept(connector.connect(request), "Connector.connect")
    url = (
        None if found.url is None else Payload(secret=True).encode(found.url.expose().encode("utf-8"), beside)
    )
    return {"url": url, "expires_at": codec("time?").encode(found.expires_at, [])}


def _test(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    connector: Any
    connector, request = _connector(host, asked, payloads)
    with request.secret:
        _none(connector.test(request), "Connector.test")
    return {"done": True}


def _keks(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    ring = codec("[HostKek]").accept(_role(host, "key_provider").keks(), "KeyProvider.keks")
    key = Payload(secret=True)
    return {"keks": [{"id": one.id, "key": key.encode(one.key.expose(), beside)} for one in ring]}


def _service(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    found = _role(host, "services").service(asked["id"])
    return {"service": _write("ServiceRef?", found, "Services.service", beside)}


def _keep(host: Host, asked: Any, payloads: Any, beside: Any) -> Any:
    checkpoint = codec("Checkpoint").decode(asked["checkpoint"], ())
    _none(_role(host, "checkpoint_sink").keep(checkpoint), "CheckpointSink.keep")
    return {"done": True}


_ANSWERS: Dict[str, Callable[[Host, Any, Any, Any], Any]] = {
    "store.load": _load,
    "store.scan": _scan,
    "store.commit": _commit,
    "store.info": _info,
    "directory.contact": _contact,
    "directory.client_by_email": _client_by_email,
    "directory.members": _members,
    "notifier.deliver": _deliver,
    "connector.connect": _connect,
    "connector.test": _test,
    "key_provider.keks": _keks,
    "services.service": _service,
    "checkpoint_sink.keep": _keep,
}
