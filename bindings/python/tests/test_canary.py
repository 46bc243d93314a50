"""No secret shows in repr, str, format, tracebacks with local variables, pickles, or the log."""

from __future__ import annotations

import io
import logging
import pickle
import sys
import traceback
from typing import Any, Callable

import pytest
from conftest import CANARY, KEK, STAFF, options

import pwvault
from pwvault import (
    AdminId,
    EntryDraft,
    EntryPatch,
    FieldDraft,
    HostKek,
    KekSource,
    KeyCustody,
    LinkOptions,
    OpenOptions,
    Owner,
    Realm,
    RequestContext,
    Secret,
    SecretBytes,
    Session,
    SetMaster,
    UnlockAnswer,
    Vault,
)

BYTES = CANARY.encode()


def shows(text: str) -> bool:
    return CANARY in text or CANARY.encode().hex() in text or repr(list(BYTES))[1:-1] in text


def values(session: Session) -> list[Any]:
    entry = session.create_entry(
        EntryDraft(
            name="Mail",
            password=CANARY,
            notes=BYTES,
            fields=[FieldDraft(name="pin", value=CANARY, secret=True)],
        )
    )
    return [
        Secret(CANARY),
        SecretBytes(BYTES),
        EntryDraft(password=CANARY, fields=[FieldDraft(value=CANARY)]),
        EntryPatch(password=CANARY),
        LinkOptions(passphrase=CANARY),
        KeyCustody.Passphrase(CANARY),
        UnlockAnswer.MasterPassword(owner=Owner.Admin(AdminId("1")), password=CANARY),
        SetMaster(password=CANARY, confirmation=CANARY, recovery=pwvault.Recovery.NONE),
        KekSource.Keys([HostKek(id=KEK, key=BYTES)]),
        session.reveal(entry),
        session.copy_secret(entry, pwvault.SecretPart.Password()),
        session.strength,
        session,
    ]


def test_no_value_shows_its_secret(session: Session) -> None:
    for value in values(session):
        for text in (
            repr(value),
            str(value),
            f"{value}",
            "%r" % (value,),
            repr([value]),
            repr(getattr(value, "__dict__", "")),
        ):
            assert not shows(text), type(value)


def test_no_value_with_a_secret_is_pickled(session: Session) -> None:
    for value in values(session):
        with pytest.raises(TypeError):
            pickle.dumps(value)


def test_the_log_shows_no_secret(session: Session) -> None:
    out = io.StringIO()
    logger = logging.Logger("canary")
    logger.addHandler(logging.StreamHandler(out))
    for value in values(session):
        logger.info("%s %r", value, value)
    try:
        session.unlock(UnlockAnswer.MasterPassword(owner=Owner.Admin(AdminId("1")), password=CANARY))
    except pwvault.PwvaultError:
        logger.exception("failed")
    assert "failed" in out.getvalue() and not shows(out.getvalue())


FAILING: list[Callable[[Vault, Session], Any]] = [
    lambda vault, session: session.create_entry(EntryDraft(name="", password=CANARY)),
    lambda vault, session: EntryDraft(name=b"", password=CANARY),  # type: ignore[arg-type]
    lambda vault, session: EntryDraft(password=CANARY + "\ud800"),
    lambda vault, session: Secret(CANARY + "\ud800"),
    lambda vault, session: Secret(BYTES + b"\xff"),
    lambda vault, session: session.change_login_password(CANARY, CANARY),
    lambda vault, session: session.strength(CANARY, 7),  # type: ignore[arg-type]
    lambda vault, session: session.unlock(
        UnlockAnswer.MasterPassword(owner=Owner.Admin(AdminId("1")), password=CANARY)
    ),
    lambda vault, session: session.lock(BYTES),
    lambda vault, session: session.lock(CANARY),  # type: ignore[arg-type]
    lambda vault, session: vault.sign_in_with_password(RequestContext(), Realm.STAFF, "anna", CANARY),
    lambda vault, session: vault.sign_in_with_password(RequestContext(), Realm.STAFF, 7, CANARY),  # type: ignore[arg-type]
    lambda vault, session: vault.fill_request(BYTES, [CANARY], RequestContext()),
    lambda vault, session: vault.fill_request(b"", CANARY, RequestContext()),
    lambda vault, session: vault.open_link(BYTES, passphrase=CANARY, context=RequestContext()),
    lambda vault, session: vault.session(STAFF, tickets=[CANARY]),  # type: ignore[list-item]
    lambda vault, session: Vault.open(
        OpenOptions(store="nowhere:", vault=vault.id(), kek=KekSource.Keys([HostKek(id=KEK, key=BYTES)]))
    ),
]


@pytest.mark.parametrize("number", range(len(FAILING)))
def test_no_traceback_shows_a_secret_in_local_variables_of_this_package(
    vault: Vault, session: Session, number: int
) -> None:
    try:
        FAILING[number](vault, session)
    except Exception:
        kind, error, trace = sys.exc_info()
        assert kind is not None and error is not None
        told = "".join(traceback.TracebackException(kind, error, trace, capture_locals=True).format())
    else:
        raise AssertionError("it should fail")
    assert not shows(told), told


def test_the_vault_file_holds_no_secret(tmp_path: Any) -> None:
    with Vault.open(options(f"sqlite:{tmp_path}/vault.db")) as vault:
        vault.session(STAFF).create_entry(EntryDraft(name="Mail", password=CANARY))
    for path in tmp_path.iterdir():
        assert BYTES not in path.read_bytes()
