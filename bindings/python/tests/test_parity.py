"""Calls every operation by its typed method with the least there can be, and sees it reach the library.

What was reached is written to target/parity/python.txt, from which docs/parity.md is made.
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any, List

import pwvault
import pytest
from pwvault import HostKek, KekSource, OpenMode, OpenOptions, RoleId, Vault, errors, library

from conftest import KEK, KEY, STAFF, VAULT

TOP = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TOP / "bindings"))

from generate import model as m  # noqa: E402

MODEL = m.load()


def least(type_: m.Type) -> Any:
    """The least value of a type."""
    if isinstance(type_, m.Named):
        definition = MODEL.definitions[type_.name]
        if type_.name == "Timestamp":
            return datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
        if isinstance(definition, m.Alias):
            return least(definition.type)
        made = getattr(pwvault, definition.name)
        if isinstance(definition, m.Record):
            return made(**fields(definition.fields))
        if isinstance(definition, m.Enum):
            return next(iter(made))
        case = definition.cases[0]
        one = getattr(made, "".join(part.capitalize() for part in case.name.split("_")))
        if isinstance(case.content, tuple):
            return one(**fields(case.content))
        return one() if case.content is None else one(least(case.content))
    if isinstance(type_, m.Listing) and type_.of == m.Integer(8, False):
        return b""
    plain = {m.Text: "x", m.Integer: 1, m.Number: 1.0, m.Boolean: False, m.Listing: [], m.Mapping: {}, m.Maybe: None}
    if isinstance(type_, m.SecretValue):
        return "x" if type_.text else b"x"
    return plain[type(type_)]


def fields(of: Any) -> Any:
    return {safe(one.name): least(one.type) for one in of if one.required}


def safe(name: str) -> str:
    return name + "_" if name in {"from", "with", "import", "in", "is", "as", "global", "class"} else name


def test_every_operation_reaches_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    from pwvault import _call

    kek = KekSource.Keys([HostKek(id=KEK, key=KEY)])
    vault = Vault.open(
        OpenOptions(store="memory:", vault=VAULT, kek=kek, mode=OpenMode.CREATE, full_access=RoleId("full"))
    )
    session = vault.session(STAFF)

    asked: List[str] = []
    whole = _call.invoke

    def invoke(function: Any, *arguments: Any) -> Any:
        asked.append(arguments[0])
        return whole(function, *arguments)

    monkeypatch.setattr(_call, "invoke", invoke)
    reached, missing = [], []
    for operation in MODEL.operations:
        target: Any = {"vault": vault, "session": session, "library": library}[operation.on]
        asked.clear()
        try:
            getattr(target, safe(operation.name))(**fields(operation.arguments))
        except (errors.UnknownOperationError, errors.InternalError) as error:
            missing.append(f"{operation.on}.{operation.name}: {error}")
            continue
        except pwvault.PwvaultError:
            pass
        if asked == [operation.name]:
            reached.append(f"{operation.on}.{operation.name}\n")
        else:
            missing.append(f"{operation.on}.{operation.name}: did not reach the library")
    assert missing == []
    names = {(one["on"], one["name"]) for one in json.loads(m.SOURCE.read_text(encoding="utf-8"))["operations"]}
    assert len(reached) == len(names)
    (TOP / "target/parity").mkdir(parents=True, exist_ok=True)
    (TOP / "target/parity/python.txt").write_text("".join(reached), encoding="utf-8")
