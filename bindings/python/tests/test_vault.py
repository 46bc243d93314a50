"""A vault from opening to closing."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import threading
from pathlib import Path

import pytest
from conftest import CANARY, KEY, STAFF, VAULT, options

import pwvault
from pwvault import (
    AdminId,
    ClientId,
    EntryDraft,
    EntryFilter,
    EntryId,
    EntryPatch,
    EntryQuery,
    LogFilter,
    OpenMode,
    Owner,
    Principal,
    PrincipalKind,
    Recovery,
    RequestContext,
    Secret,
    SecretBytes,
    Session,
    SetMaster,
    UnlockAnswer,
    Vault,
)

UNKNOWN = EntryId("0190b5a0-0000-7000-8000-00000000000f")


def test_an_entry_goes_in_and_comes_out(session: Session) -> None:
    entry = session.create_entry(EntryDraft(name="Mail", username="anna", password="hunter2"))
    assert session.entry(entry).head.name == "Mail"
    assert session.reveal(entry).password.expose() == "hunter2"
    version = session.update_entry(entry, session.entry(entry).head.version, EntryPatch(password="new"))
    assert session.entry(entry).head.version == version == 2
    with pytest.raises(pwvault.VersionConflictError) as found:
        session.update_entry(entry, 1, EntryPatch(name="late"))
    assert (found.value.detail["expected"], found.value.detail["found"]) == (1, 2)


def test_pages_are_followed_to_their_end(session: Session) -> None:
    made = {session.create_entry(EntryDraft(name=f"Entry {number}")) for number in range(7)}
    assert {one.id for one in session.each_entry(EntryQuery(limit=3))} == made
    assert [one.head.name for one in session.each_entry(EntryQuery(filter=EntryFilter(text="entry 5")))] == [
        "Entry 5"
    ]
    events = list(session.each_event(LogFilter(limit=2)))
    assert len({event.position for event in events}) == len(events) >= 8
    assert list(session.each_person()) == [] and list(session.each_invite()) == []
    person = Principal(kind=PrincipalKind.Admin(id=AdminId("1"), roles=[]))
    assert {one.entry for one in session.each_reachable_entry(person, limit=2)} == made


def test_errors_have_class_number_name_message_and_detail(session: Session) -> None:
    with pytest.raises(pwvault.NotFoundError, match="there is nothing here") as found:
        session.entry(UNKNOWN)
    error = found.value
    assert (error.code, error.name, error.key) == (10, "NOT_FOUND", "not-found")
    assert isinstance(error, pwvault.PwvaultError)
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), back.message, back.detail) == (type(error), error.message, error.detail)


def test_every_error_of_the_list_has_its_class() -> None:
    listed = (Path(__file__).parents[2] / "errors.toml").read_text(encoding="utf-8")
    numbers = {int(line.split("=")[1]) for line in listed.splitlines() if line.startswith("number")}
    classes = [getattr(pwvault, name) for name in pwvault.errors.__all__]
    assert {one.code for one in classes} == numbers
    assert all(issubclass(one, pwvault.PwvaultError) for one in classes)


def test_a_denial_explains_itself(vault: Vault) -> None:
    client = vault.session(Principal(kind=PrincipalKind.Client(id=ClientId("7"), groups=[])))
    with pytest.raises(pwvault.DeniedError) as found:
        client.rules()
    assert found.value.decision.reasons and found.value.decision.effect is pwvault.Effect.DENY


def test_what_is_locked_says_what_opens_it(vault: Vault) -> None:
    session = vault.session(STAFF)
    session.set_master_password(
        SetMaster(password="a long password", confirmation="a long password", recovery=Recovery.NONE)
    )
    entry = session.create_entry(EntryDraft(name="Mail", password=CANARY))
    fresh = vault.session(STAFF)
    with pytest.raises(pwvault.LockedError) as found:
        fresh.reveal(entry)
    (challenge,) = found.value.any_of
    assert challenge == pwvault.Challenge.MasterPassword(owner=Owner.Admin(AdminId("1")))
    with pytest.raises(pwvault.WrongAnswerError):
        fresh.unlock(UnlockAnswer.MasterPassword(owner=challenge.owner, password="wrong"))
    ticket = fresh.unlock(UnlockAnswer.MasterPassword(owner=challenge.owner, password="a long password"))
    assert fresh.with_ticket(ticket).reveal(entry).password.expose() == CANARY
    later = vault.session(STAFF, tickets=[ticket.expose()])
    assert later.reveal(entry).password.expose() == CANARY
    later.lock(ticket)
    with pytest.raises(pwvault.LockedError):
        vault.session(STAFF, tickets=[ticket]).reveal(entry)


def test_what_is_closed_says_so() -> None:
    with Vault.open(options()) as vault:
        with vault.session(STAFF) as session:
            assert not session.closed
        with pytest.raises(pwvault.InvalidHandleError, match="the session is closed"):
            session.rules()
        other = vault.session(STAFF, RequestContext(ip="192.0.2.1"))
    assert vault.closed and other.closed
    for call in (vault.id, other.rules, lambda: vault.session(STAFF), vault.__enter__, other.__enter__):
        with pytest.raises(pwvault.InvalidHandleError, match="is closed") as found:
            call()
        assert found.value.code == 2
    vault.close()


def test_only_a_vault_begins_sessions() -> None:
    for cls in (Vault, Session):
        with pytest.raises(TypeError, match="use Vault"):
            cls()


def test_secrets_are_wiped_on_close() -> None:
    with Secret("hunter2") as secret:
        assert secret.expose() == "hunter2"
    for wiped in (secret, SecretBytes(b"x")):
        wiped.close()
        wiped.wipe()
        with pytest.raises(pwvault.InvalidHandleError, match="wiped"):
            wiped.expose()
    assert repr(secret) == "<Secret wiped>"


def test_a_wiped_secret_is_refused_as_argument(session: Session) -> None:
    draft = EntryDraft(name="Mail", password=Secret("x"))
    assert draft.password is not None
    draft.password.wipe()
    with pytest.raises(pwvault.InvalidHandleError):
        session.create_entry(draft)


def test_nothing_open_is_copied_or_pickled(vault: Vault, session: Session) -> None:
    for one in (vault, session, Secret("x"), SecretBytes(b"x"), EntryDraft(password="x")):
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            if isinstance(one, EntryDraft) and attempt is copy.copy:
                continue
            with pytest.raises(TypeError, match="neither pickled nor copied"):
                attempt(one)


def test_opening_says_what_is_wrong(tmp_path: Path) -> None:
    path = f"sqlite:{tmp_path}/vault.db"
    with pytest.raises(pwvault.StoreError, match="there is no file"):
        Vault.open(options(path, OpenMode.OPEN))
    Vault.open(options(path)).close()
    with pytest.raises(pwvault.VaultExistsError):
        Vault.open(options(path))
    with pytest.raises(pwvault.InvalidArgumentError, match="store: expected"):
        Vault.open(options("nowhere:"))
    wrong = pwvault.OpenOptions(
        store=path,
        vault=VAULT,
        kek=pwvault.KekSource.Keys([pwvault.HostKek(id=pwvault.KekId("08" * 16), key=KEY)]),
    )
    with pytest.raises(pwvault.KekError):
        Vault.open(wrong)
    with pytest.raises(TypeError, match="options: expected OpenOptions, found dict"):
        Vault.open({"store": path})  # type: ignore[arg-type]


def test_threads_share_a_session(session: Session) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for _ in range(20):
                entry = session.create_entry(EntryDraft(name=f"Entry {number}", password=str(number)))
                assert session.reveal(entry).password.expose() == str(number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == [] and len(list(session.each_entry())) == 120


def test_sessions_stay_valid_in_a_forked_process(tmp_path: Path) -> None:
    with Vault.open(options(f"sqlite:{tmp_path}/vault.db")) as vault:
        session = vault.session(STAFF)
        before = session.create_entry(EntryDraft(name="Before", password="one"))
        child = os.fork()
        if child == 0:
            status = 1
            try:
                assert session.reveal(before).password.expose() == "one"
                session.create_entry(EntryDraft(name="Child"))
                status = 0
            finally:
                os._exit(status)
        session.create_entry(EntryDraft(name="Parent"))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert {one.head.name for one in session.each_entry()} == {"Before", "Child", "Parent"}


def test_many_calls_leave_nothing_behind(session: Session) -> None:
    entry = session.create_entry(EntryDraft(name="Mail", password="x"))
    for _ in range(50):
        session.entry(entry)
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(300):
        session.entry(entry)
        session.reveal(entry)
    gc.collect()
    assert len(gc.get_objects()) - before < 100
