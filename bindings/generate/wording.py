"""The documentation of the core with the names that a language has for things.

The core writes as Rust does: `VaultError::Locked`, `Sharing::share`, `Settings::search_limit`. What such a name means
is found here; how it is written, each language says by a `Spelling`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Callable, Collection

from .model import Alias, Case, Definition, Enum, Field, Model, Operation, Record, Union

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
    member: Callable[[Definition, str], str]
    """Of a field of a record, or of a case; in snake case."""
    name: Callable[[str], str]
    """Of an argument of the operation, or another field of the record, that is documented."""
    nothing: str
    words: dict[str, str] = field(default_factory=dict)
    """What the language says for names that mean nothing behind the boundary."""


def reworded(model: Model, spelling: Spelling) -> Model:
    """The model with the language's names in all documentation."""
    codes = {error.name for error in model.errors}

    def fields(all_: tuple[Field, ...]) -> tuple[Field, ...]:
        beside = {one.name for one in all_}
        return tuple(replace(one, doc=worded(model, spelling, one.doc, beside)) for one in all_)

    def case(one: Case) -> Case:
        content = fields(one.content) if isinstance(one.content, tuple) else one.content
        return replace(one, doc=worded(model, spelling, one.doc), content=content)

    def definition(one: Definition) -> Definition:
        doc = worded(model, spelling, one.doc, {each.name for each in one.fields} if isinstance(one, Record) else ())
        if isinstance(one, Alias):
            return replace(one, doc=doc)
        if isinstance(one, Record):
            return replace(one, doc=doc, fields=fields(one.fields))
        return replace(one, doc=doc, cases=tuple(map(case, one.cases)))

    def operation(one: Operation) -> Operation:
        beside = {each.name for each in one.arguments}
        for name in re.findall(r"`([A-Z_]+)`", one.errors):
            if name not in codes:
                raise ValueError(f"{one.name}: there is no error {name}")
        summary, doc, errors = (worded(model, spelling, text, beside) for text in (one.summary, one.doc, one.errors))
        return replace(one, summary=summary, doc=doc, errors=errors, arguments=fields(one.arguments))

    definitions = {name: definition(one) for name, one in model.definitions.items()}
    return replace(model, operations=tuple(map(operation, model.operations)), definitions=definitions)


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
        error = re.fullmatch(r"VaultError::(\w+)|(\w+)Error(?:::(\w+))?", word)
        if error and code(error[1] or error[2]) in errors:
            sort = f" ({_snake(error[3]).replace('_', ' ')})" if error[3] else ""
            return spelling.error(code(error[1] or error[2])) + sort
        if word in errors:
            return spelling.error(word)
        of, _, member = word.rpartition("::")
        if of in model.definitions:
            definition = model.definitions[of]
            if isinstance(definition, Record) and member in {one.name for one in definition.fields}:
                return spelling.member(definition, member)
            if isinstance(definition, (Enum, Union)) and _snake(member) in {one.name for one in definition.cases}:
                return spelling.member(definition, _snake(member))
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
