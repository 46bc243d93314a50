"""What values look like in Python, and what is refused before it reaches the library."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta, timezone
from typing import Any, Callable

import pytest

import pwvault
from pwvault import (
    Action,
    Addressee,
    AdminId,
    ArgumentTypeError,
    ArgumentValueError,
    Audience,
    Challenge,
    Count,
    EntryDraft,
    EntryFilter,
    EntryKind,
    EntryQuery,
    FieldDraft,
    Grantee,
    HostKek,
    KekId,
    LinkOptions,
    LogFilter,
    MessageId,
    Notice,
    NoticeKind,
    OutboxMessage,
    Person,
    PersonAdmin,
    PersonSystem,
    Rendered,
    Secret,
    SecretBytes,
    Session,
    Vault,
)
from pwvault import _wire as wire


def test_every_type_of_the_model_is_read_and_written_alike() -> None:
    """Each codec is built, so that no expression names what is not there."""
    classes = [
        one for one in vars(pwvault).values() if isinstance(one, type) and issubclass(one, wire.Record)
    ]
    assert len(classes) > 300
    for one in classes:
        for expression in one._wire.values():
            assert isinstance(wire.codec(expression), wire.Codec)


def test_values_are_frozen_and_equal_by_content() -> None:
    assert Person.Admin(AdminId("1")) == PersonAdmin(AdminId("1")) != Person.Admin(AdminId("2"))
    assert Person.System() == PersonSystem() and len({Person.System(), Person.System()}) == 1
    assert isinstance(Person.System(), Person) and not isinstance(Person.System(), Person.Admin)
    query = EntryQuery(filter=EntryFilter(text="mail"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        query.limit = 3  # type: ignore[misc]
    assert dataclasses.replace(query, limit=3).limit == 3 and query.limit == 50
    assert EntryDraft().kind is EntryKind.LOGIN and EntryDraft(keys=iter([])).keys == ()


def test_cases_in_all_their_forms_come_back() -> None:
    for expression, value in [
        ("Person", Person.System()),
        ("Person", Person.Admin(AdminId("1"))),
        ("Count", Count.Exactly(3)),
        ("[Grantee]", (Grantee.Admin(AdminId("1")),)),
        ("LogFilter", LogFilter(from_=datetime(2026, 1, 1, tzinfo=timezone.utc))),
        ("[text?]", ("a", None)),
        ("{bytes}", {"a": b"\0\xff"}),
    ]:
        of = wire.codec(expression)
        secrets: list[Any] = []
        assert of.decode(of.encode(of.accept(value, "here"), secrets), secrets) == value
    document = {"master_password": {"owner": {"admin": "1"}}}
    assert isinstance(wire.codec("Challenge").decode(document, ()), Challenge.MasterPassword)


def test_times_keep_their_moment_and_have_a_zone() -> None:
    time = wire.codec("time")
    vienna = timezone(timedelta(hours=2))
    for moment in [
        datetime(1960, 5, 4, 3, 2, 1, 7000, timezone.utc),
        datetime(2026, 7, 1, 12, tzinfo=vienna),
    ]:
        assert time.decode(time.encode(time.accept(moment, "at"), []), ()) == moment
    assert time.decode(2**63 - 1, ()) == wire.LAST
    with pytest.raises(
        ArgumentValueError, match="at: expected a datetime with a time zone, found one without"
    ):
        time.accept(datetime(2026, 1, 1), "at")


WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: EntryDraft(name=b"Mail"), "EntryDraft.name: expected str, found bytes"),  # type: ignore[arg-type]
    (lambda: EntryDraft(kind="login"), "EntryDraft.kind: expected EntryKind, found str"),  # type: ignore[arg-type]
    (lambda: EntryDraft(private=1), "EntryDraft.private: expected bool, found int"),  # type: ignore[arg-type]
    (lambda: EntryDraft(keys="abc"), "EntryDraft.keys: expected a list or tuple, found str"),  # type: ignore[arg-type]
    (lambda: EntryDraft(password=7), "EntryDraft.password: a secret text is made of str or bytes, not int"),  # type: ignore[arg-type]
    (lambda: EntryQuery(limit=True), "EntryQuery.limit: expected int, found bool"),
    (lambda: EntryQuery(filter={}), "EntryQuery.filter: expected EntryFilter, found dict"),  # type: ignore[arg-type]
    (
        lambda: EntryDraft(fields=[FieldDraft(), "x"]),  # type: ignore[list-item]
        r"EntryDraft.fields\[1\]: expected FieldDraft, found str",
    ),
    (lambda: HostKek(id=KekId("07"), key="text"), "made of bytes; encode a text first"),  # type: ignore[arg-type]
    (lambda: SecretBytes("text"), "made of bytes; encode a text first"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("made, message", WRONG)
def test_a_wrong_type_is_a_type_error_with_code_and_place(made: Callable[[], Any], message: str) -> None:
    with pytest.raises(TypeError, match=message) as found:
        made()
    assert isinstance(found.value, ArgumentTypeError) and found.value.code == 3


def test_a_family_itself_is_no_case(session: Session) -> None:
    with pytest.raises(TypeError, match="person: expected Person, found Person"):
        session.leaver_report(Person())


def test_unknown_keywords_are_refused() -> None:
    with pytest.raises(TypeError, match="pasword"):
        EntryDraft(pasword="x")  # type: ignore[call-arg]


def test_numbers_out_of_bounds_are_refused(session: Session) -> None:
    for number in (-1, 2**32):
        with pytest.raises(ValueError, match="EntryQuery.limit: expected a number from 0 to 4294967295"):
            EntryQuery(limit=number)
    with pytest.raises(ArgumentValueError, match="lease_ms"):
        session.claim_messages(1, 2**63)


def test_half_a_surrogate_pair_is_refused_and_a_null_byte_left_to_the_vault(session: Session) -> None:
    with pytest.raises(ValueError, match="EntryDraft.name: half of a surrogate pair"):
        EntryDraft(name="a\ud800")
    for wrong in ("a\ud800", b"\xff"):
        with pytest.raises(ArgumentValueError, match="EntryDraft.password: "):
            EntryDraft(password=wrong)
    with pytest.raises(pwvault.InvalidError):
        session.create_entry(EntryDraft(name="a\0b"))
    entry = session.create_entry(EntryDraft(name="Null", password="a\0b", notes="ünïcödé 🙂"))
    secret = session.reveal(entry)
    assert (secret.password.expose(), secret.notes.expose()) == ("a\0b", "ünïcödé 🙂")


def test_secrets_are_taken_in_every_form_of_text(session: Session) -> None:
    for form in ("hunter2", b"hunter2", bytearray(b"hunter2"), memoryview(b"hunter2"), Secret("hunter2")):
        entry = session.create_entry(EntryDraft(name="Mail", password=form))  # type: ignore[arg-type]
        assert session.reveal(entry).password.expose() == "hunter2"
    link = session.create_link(entry, LinkOptions(passphrase="open sesame"))
    assert isinstance(link, SecretBytes) and isinstance(link.expose(), bytes)
    with pytest.raises(ArgumentTypeError, match="ticket: expected bytes or SecretBytes, found Secret"):
        session.lock(Secret("x"))  # type: ignore[arg-type]


def test_wrong_ids_are_named_by_the_vault(session: Session) -> None:
    with pytest.raises(pwvault.InvalidArgumentError, match="id"):
        session.entry("no id")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="id: expected str, found int"):
        session.entry(7)  # type: ignore[arg-type]


def test_actions_are_what_the_vault_says(vault: Vault, session: Session) -> None:
    entry = session.create_entry(EntryDraft(name="Mail"))
    assert set(session.entry(entry).actions) == set(Action)


def test_no_message_prints_an_address_that_may_open_a_secret() -> None:
    link = "https://host.example/link#hunter2"
    notice = Notice(
        kind=NoticeKind.SECRET_CHANGED,
        audience=Audience.CLIENTS,
        to=Addressee.Address("anna@example.com"),
        facts={"link": link},
    )
    rendered = Rendered(subject=link, body=f"Open {link}")
    message = OutboxMessage(id=MessageId("0" * 32), notice=notice, rendered=rendered, attempt=1)
    assert "hunter2" not in repr([message, notice, rendered])
    assert "facts=<hidden>" in repr(message) and "anna@example.com" in repr(message)
    assert (message.notice.facts, rendered.body) == ({"link": link}, f"Open {link}")
