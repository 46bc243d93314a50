"""The documentation of the core with the names that a language has for things.

The core writes as Rust does: `VaultError::Locked`, `Sharing::share`, `Settings::search_limit`. What such a name means
is found here; how it is written, each language says by a `Spelling`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Callable, Collection

from .model import Enum, Model, Record, Union

RENAMED = {
    "LockedAll": "LOCKED",
    "Schedule": "INVALID",
    "Id": "INVALID",
    "ApprovalsRequired": "APPROVAL_REQUIRED",
    "UnknownKek": "KEK",
    "WrongKek": "KEK",
    "KekLength": "KEK",
    "KeyProvider": "KEK",
    "RolledBack": "TAMPERED",
    "Substituted": "TAMPERED",
    "NoPolicy": "TAMPERED",
    "Envelope": "TAMPERED",
    "Otp": "CRYPTO",
    "Services": "PROVIDER",
    "Directory": "PROVIDER",
    "CheckpointNotKept": "PROVIDER",
    "Output": "PROVIDER",
    "Translate": "WORDS",
    "Template": "WORDS",
    "BadRows": "CSV",
}
"""Errors of the core whose code has another name, as pwvault-ffi/src/fault.rs maps them."""

SAME = {
    "HostEvents": "apply_host_event",
    "Principal::expecting_lock": "Principal::expected_lock",
    "SignIn::resume": "resume_sign_in",
    "SignIn::with_second_factor": "sign_in_with_second_factor",
    "verify": "verify_log",
}
"""What has another name behind the boundary."""


@dataclass(frozen=True)
class Spelling:
    """How a language writes names in its documentation, with the marks around them."""

    error: Callable[[str], str]
    """Of a code such as WRONG_ANSWER."""
    operation: Callable[[str], str]
    member: Callable[[str, str, bool], str]
    """Of a type's field, or of its case where the last is true; both in snake case."""
    name: Callable[[str], str]
    """Of an argument of the operation, or another field of the record, that is documented."""
    nothing: str
    words: dict[str, str] = field(default_factory=dict)
    """What the language says for names that mean nothing behind the boundary."""


def worded(model: Model, spelling: Spelling, text: str, names: Collection[str] = ()) -> str:
    """A text with the language's names; `names` are the arguments or fields beside what is documented."""
    errors = {error.name for error in model.errors}
    operations = {operation.name for operation in model.operations}

    def code(name: str) -> str:
        return RENAMED.get(name, _snake(name).upper())

    def mark(found: re.Match[str]) -> str:
        word = found[1]
        if word in spelling.words:
            return spelling.words[word]
        if word == "None":
            return spelling.nothing
        word = SAME.get(word, word)
        error = re.fullmatch(r"VaultError::(\w+)|(\w+)Error(?:::\w+)?", word)
        for one in (code(error[1] or error[2]) if error else "", word):
            if one in errors:
                return spelling.error(one)
        of, _, member = word.rpartition("::")
        if of in model.definitions:
            definition = model.definitions[of]
            if isinstance(definition, Record) and member in {one.name for one in definition.fields}:
                return spelling.member(of, member, False)
            if isinstance(definition, (Enum, Union)) and _snake(member) in {one.name for one in definition.cases}:
                return spelling.member(of, _snake(member), True)
        before = text[: found.start()]
        if re.search(r"\b(sections?|such as)\s(`[\w.]+`(,|,? and)\s)*$", before):
            return found[0]  # Sections of a panel, and examples, have names of operations and arguments.
        if word in names:
            return spelling.name(word)
        if member in operations and (of or "_" in member or re.search(r"\b([Aa]s|[Ss]ee)\s$", before)):
            return spelling.operation(member)
        return found[0]

    return re.sub(r"(?<!`)`([^`\n]+)`(?!`)", mark, text)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
