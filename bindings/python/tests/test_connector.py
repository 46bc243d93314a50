"""A connector of a host."""

from __future__ import annotations

import traceback
from datetime import datetime, timezone
from typing import Any, List

import pytest
from conftest import CANARY, STAFF, options

import pwvault
from pwvault import (
    ConnectorKind,
    EntryDraft,
    EntryKind,
    Need,
    Secret,
    ServerAccess,
    ServerRule,
    SignOn,
    SignOnOptions,
    Vault,
)
from pwvault.hosts import Connector, Host, HostError
from pwvault.records import ConnectRequest

UNTIL = datetime(2030, 1, 1, tzinfo=timezone.utc)


class Panel(Connector):
    def __init__(self) -> None:
        self.asked: List[ConnectRequest] = []
        self.seen = ""

    def kind(self) -> ConnectorKind:
        return ConnectorKind(
            name="panel",
            needs=[Need.HOST, Need.USERNAME, Need.PASSWORD],
            gives_url=True,
            tests_login=True,
            services=[],
        )

    def connect(self, request: ConnectRequest) -> SignOn:
        self.asked.append(request)
        self.seen = request.secret.expose()
        return SignOn(url=f"https://{request.address}/?token={CANARY}", expires_at=UNTIL)


def test_a_connector_signs_in_and_its_credential_is_wiped() -> None:
    panel = Panel()
    with Vault.open(options(), host=Host(connectors=[panel])) as vault, vault.session(STAFF) as session:
        assert [kind.name for kind in session.connectors()] == ["panel"]
        entry = session.create_entry(
            EntryDraft(name="Server", kind=EntryKind.SERVER, username="root", password="hunter2")
        )
        access = ServerAccess(connector="panel", address="panel.example.com", rule=ServerRule.Unrestricted())
        session.set_server(entry, session.entry(entry).head.version, access)
        signed_on = session.sign_on(entry, SignOnOptions())
        assert isinstance(signed_on.url, Secret) and signed_on.expires_at == UNTIL
        assert signed_on.url.expose() == f"https://panel.example.com/?token={CANARY}"
        (request,) = panel.asked
        assert (request.address, request.username, panel.seen) == ("panel.example.com", "root", "hunter2")
        assert "hunter2" not in repr(request) and repr(request.secret) == "<Secret wiped>"
        with pytest.raises(pwvault.PwvaultError) as found:
            session.test_sign_on(entry)
        assert isinstance(found.value.__cause__, HostError) and found.value.__cause__.name == "unsupported"


class Broken(Panel):
    """Fails in one of the ways of connectors."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def connect(self, request: ConnectRequest) -> SignOn:
        if self.how == "raises":
            raise ValueError("the server is down")
        if self.how == "is wiped":
            wiped = Secret("x")
            wiped.wipe()
            return SignOn(url=wiped, expires_at=None)
        answer: Any = "nonsense"
        return answer  # type: ignore[no-any-return,unused-ignore]


@pytest.mark.parametrize("how", ["raises", "is wiped", "gives no sign-on"])
def test_no_traceback_of_a_connector_shows_its_credential(how: str) -> None:
    with Vault.open(options(), host=Host(connectors=[Broken(how)])) as vault, vault.session(STAFF) as session:
        entry = session.create_entry(
            EntryDraft(name="Server", kind=EntryKind.SERVER, username="root", password="".join(("hun", "ter2")))
        )
        access = ServerAccess(connector="panel", address="panel.example.com", rule=ServerRule.Unrestricted())
        session.set_server(entry, session.entry(entry).head.version, access)
        with pytest.raises(pwvault.PwvaultError) as found:
            session.sign_on(entry, SignOnOptions())
    told = "".join(traceback.TracebackException.from_exception(found.value, capture_locals=True).format())
    assert "<1 payloads>" in told and "hunter2" not in told
