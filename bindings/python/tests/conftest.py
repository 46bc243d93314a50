from __future__ import annotations

from typing import Callable, Iterator

import pytest

from pwvault import (
    AdminId,
    HostKek,
    KekId,
    KekSource,
    OpenMode,
    OpenOptions,
    Principal,
    PrincipalKind,
    RoleId,
    Session,
    Vault,
    VaultId,
)

VAULT = VaultId("0190b5a0-0000-7000-8000-000000000001")
KEK = KekId("07" * 16)
KEY = bytes(range(32))
STAFF = Principal(kind=PrincipalKind.Admin(id=AdminId("1"), roles=[RoleId("full")]))
CANARY = "canary-Zu7eiK4ooph"


def options(store: str = "memory:", mode: OpenMode = OpenMode.CREATE) -> OpenOptions:
    return OpenOptions(
        store=store,
        vault=VAULT,
        kek=KekSource.Keys([HostKek(id=KEK, key=KEY)]),
        mode=mode,
        full_access=RoleId("full"),
    )


@pytest.fixture
def vault() -> Iterator[Vault]:
    with Vault.open(options()) as opened:
        yield opened


@pytest.fixture
def session(vault: Vault) -> Session:
    return vault.session(STAFF)


Refuses = Callable[..., None]
