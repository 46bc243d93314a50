"""What a host implements itself, well and badly."""

from __future__ import annotations

import json
import time
import traceback
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple, Type

import pytest
from conftest import CANARY, KEK, KEY, STAFF, VAULT
from stores import MemoryStore, SqliteStore

import pwvault
from pwvault import (
    Action,
    ClientId,
    Contact,
    EntryDraft,
    EntryQuery,
    HostKek,
    KekId,
    KekSource,
    OpenMode,
    OpenOptions,
    Person,
    RoleId,
    Vault,
    _hosts,
)
from pwvault._library import native
from pwvault.hosts import Directory, Host, HostError, KeyProvider, Store, store_conformance
from pwvault.records import ChangeSet, Query, RecordKey, Subject

HOSTILE = json.loads((Path(__file__).parents[2] / "hostile_host.json").read_text(encoding="utf-8"))


class Keys(KeyProvider):
    def keks(self) -> Iterable[HostKek]:
        return [HostKek(id=KEK, key=KEY)]


class People(Directory):
    def contact(self, person: Person) -> Optional[Contact]:
        return None

    def client_by_email(self, email: str) -> Optional[ClientId]:
        return ClientId("7")

    def members(self, subject: Subject) -> Iterable[Person]:
        return []


class HalfWiped(KeyProvider):
    """A second key that is no longer there."""

    def keks(self) -> Iterable[HostKek]:
        wiped = HostKek(id=KekId("08" * 16), key=bytes(32))
        wiped.key.wipe()
        return [HostKek(id=KEK, key=CANARY.encode().ljust(32)), wiped]


def test_no_traceback_of_a_key_provider_shows_a_key() -> None:
    given = Host(store=MemoryStore(), key_provider=HalfWiped())
    with pytest.raises(pwvault.PwvaultError) as found:
        create(given)
    told = "".join(traceback.TracebackException.from_exception(found.value, capture_locals=True).format())
    assert "<1 payloads>" in told and CANARY not in told


def host(store: Optional[Store] = None) -> Host:
    return Host(store=store or MemoryStore(), key_provider=Keys(), directory=People())


def create(given: Host, mode: OpenMode = OpenMode.CREATE) -> Vault:
    made = OpenOptions(
        store="host:", vault=VAULT, kek=KekSource.Host(), mode=mode, full_access=RoleId("full")
    )
    return Vault.open(made, host=given)


def use(given: Host) -> None:
    """Reaches every question of a host that the list of hostile answers is about."""
    with create(given) as vault, vault.session(STAFF) as session:
        entry = session.create_entry(EntryDraft(name="Mail", password=CANARY))
        assert [one.id for one in session.each_entry()] == [entry]
        session.share_by_email(entry, "anna@example.com", [Action.REVEAL])
        assert session.reveal(entry).password.expose() == CANARY


def test_a_host_keeps_a_vault() -> None:
    given = host()
    use(given)
    with create(given, OpenMode.OPEN) as again, again.session(STAFF) as session:
        assert [one.head.name for one in session.each_entry()] == ["Mail"]
    assert CANARY not in repr(given.store and vars(given.store))


def test_a_store_in_python_keeps_the_contract(tmp_path: Path) -> None:
    assert store_conformance(SqliteStore(str(tmp_path / "records.db"))) == ()


def test_conformance_says_what_is_wrong() -> None:
    class Forgetful(MemoryStore):
        def commit(self, changes: ChangeSet) -> None:
            pass

    assert len(store_conformance(Forgetful())) > 3


class Hostile(_hosts.Adapter):
    """Answers one question as the list says: what is no exception, past the facade."""

    case: Dict[str, Any] = {}
    armed = False
    asked = 0

    def call(self, operation: str, document: str, payloads: List[bytes]) -> Any:
        answer = self.case["answer"]
        if not self.armed or operation != self.case["operation"]:
            return super().call(operation, document, payloads)
        type(self).asked += 1
        if "failure" in answer:
            raise native.HostFailure.Fault(**answer["failure"])
        if "document" in answer:
            beside = [bytes.fromhex(one) for one in answer["payloads"]]
            return native.HostReply(document=answer["document"], payloads=beside)
        if answer["does"] == "give_nothing":
            return None
        if answer["does"] == "give_wrong_type":
            return native.HostReply(document=7, payloads="text")
        if answer["does"] == "give_huge":
            return native.HostReply(document=" " * (65 << 20), payloads=[])
        self._host = Broken(answer["does"])
        return super().call(operation, document, payloads)


class Broken(Host):
    """A host whose every role raises."""

    def __init__(self, does: str) -> None:
        self.does = does

    def __getattribute__(self, name: str) -> Any:
        does = object.__getattribute__(self, "does")
        if does == "call_back_and_raise":
            Hostile.armed = False
            use(host())
        if does == "wait_and_raise":
            time.sleep(0.02)
        raise (KeyboardInterrupt if does == "raise_hard" else RuntimeError)("canary-7f3a")


def reach(step: str) -> None:
    Hostile.asked, Hostile.armed = 0, step == "create"
    with create(host()) as vault, vault.session(STAFF) as session:
        entry = session.create_entry(EntryDraft(name="Mail"))
        Hostile.armed = True
        if step == "list_entries":
            session.list_entries(EntryQuery())
        else:
            session.share_by_email(entry, "anna@example.com", [Action.REVEAL])


@pytest.mark.parametrize("case", HOSTILE["cases"], ids=lambda case: case["name"])
def test_no_hostile_answer_looks_like_success(case: Dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    Hostile.case = case
    hard = case["answer"].get("does") == "raise_hard"
    with monkeypatch.context() as patched:
        patched.setattr(_hosts, "Adapter", Hostile)
        with pytest.raises(KeyboardInterrupt if hard else pwvault.PwvaultError) as found:
            reach(HOSTILE["reached_by"][case["operation"]])
    assert Hostile.asked > 0
    if isinstance(found.value, pwvault.PwvaultError):
        assert found.value.name == case["error"]
        assert "canary" not in str(found.value) and len(found.value.message) < 1000


OPERATIONS: Dict[str, Callable[[Host], Any]] = {
    "load": lambda given: given.store,
    "scan": lambda given: given.store,
    "commit": lambda given: given.store,
    "info": lambda given: given.store,
    "keks": lambda given: given.key_provider,
    "client_by_email": lambda given: given.directory,
}
ERRORS: Dict[str, Tuple[Type[pwvault.PwvaultError], ...]] = {
    "keks": (pwvault.KekError,),
    "client_by_email": (pwvault.ProviderError,),
    # The log is what scans first.
    "scan": (pwvault.StoreError, pwvault.AuditError),
}


def raising(error: BaseException) -> Callable[..., Any]:
    def act(*arguments: Any) -> Any:
        raise error

    return act


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize(
    "error",
    [RuntimeError(CANARY), HostError.unavailable("it is away"), HostError("?", "\ud800", {"x": {1}})],
    ids=repr,
)
def test_what_a_host_raises_is_the_cause(name: str, error: Exception) -> None:
    given = host()
    setattr(OPERATIONS[name](given), name, raising(error))
    with pytest.raises(ERRORS.get(name, (pwvault.StoreError,))) as found:
        use(given)
    assert found.value.__cause__ is error and CANARY not in str(found.value)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit()], ids=repr)
def test_what_ends_a_program_comes_back_as_it_is(name: str, error: BaseException) -> None:
    given = host()
    setattr(OPERATIONS[name](given), name, raising(error))
    with pytest.raises(type(error)) as found:
        use(given)
    assert found.value is error


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("value", [7, "text", b"bytes", object(), [object()], True], ids=repr)
def test_an_answer_of_the_wrong_type_is_refused_by_name(name: str, value: Any) -> None:
    if (name, value) in (("client_by_email", "text"),):
        return
    given = host()
    setattr(OPERATIONS[name](given), name, lambda *_: value)
    with pytest.raises(ERRORS.get(name, (pwvault.StoreError,))) as found:
        use(given)
    assert isinstance(found.value.__cause__, TypeError) and name in str(found.value.__cause__)


def test_an_async_method_is_no_answer() -> None:
    class Late(MemoryStore):
        async def commit(self, changes: ChangeSet) -> None:  # type: ignore[override]
            pass

    with pytest.raises(pwvault.StoreError) as found:
        use(host(Late()))
    assert "Store.commit: expected None, found coroutine" in str(found.value.__cause__)


def test_a_conflict_is_tried_again_or_told() -> None:
    class Torn(MemoryStore):
        left = 1

        def commit(self, changes: ChangeSet) -> None:
            if self.left and changes.writes:
                self.left -= 1
                raise HostError.conflict(changes.writes[0].record.key)
            super().commit(changes)

    given = host(Torn())
    with pytest.raises(pwvault.VaultExistsError):
        create(given)
    use(host())


def test_a_store_may_be_slow_and_call_another_vault() -> None:
    class Slow(MemoryStore):
        def load(self, keys: Sequence[RecordKey]) -> Any:
            time.sleep(0.001)
            return super().load(keys)

        def scan(self, query: Query) -> Any:
            use(host())
            return super().scan(query)

    use(host(Slow()))


def test_roles_and_options_fit() -> None:
    with pytest.raises(pwvault.InvalidArgumentError, match="hosts: expected a host with its roles"):
        create(Host())
    with pytest.raises(pwvault.InvalidArgumentError, match="`host:` needs a host with the role `store`"):
        create(Host(key_provider=Keys()))
