"""What bindings/operations.json describes, in plain values that every language's generator reads.

This module knows JSON Schema and no language.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Optional, Union as Either

SOURCE = Path(__file__).resolve().parent.parent / "operations.json"


@dataclass(frozen=True)
class Text:
    """A text."""


@dataclass(frozen=True)
class Integer:
    """A whole number; `signed` when it may be below zero, `bits` as in Rust (8 to 64)."""

    bits: int = 64
    signed: bool = False


@dataclass(frozen=True)
class Number:
    """A number with a fraction."""


@dataclass(frozen=True)
class Boolean:
    """Yes or no."""


@dataclass(frozen=True)
class Nothing:
    """No value: the result of what only acts."""


@dataclass(frozen=True)
class SecretValue:
    """A secret beside the document: a text, or bytes."""

    text: bool


@dataclass(frozen=True)
class Listing:
    """A list."""

    of: Type


@dataclass(frozen=True)
class Mapping:
    """A dictionary with texts as keys."""

    of: Type


@dataclass(frozen=True)
class Maybe:
    """A value or null."""

    of: Type


@dataclass(frozen=True)
class Named:
    """A definition, by its name."""

    name: str


Type = Either[Text, Integer, Number, Boolean, Nothing, SecretValue, Listing, Mapping, Maybe, Named]

REDACTED = {"Rendered": ("subject", "body"), "Notice": ("facts",)}
"""Fields that may hold an address which opens a secret: no language prints them."""

ABSENT = object()
"""The default of what has none."""


@dataclass(frozen=True)
class Field:
    """A field of a record, or an argument. One that is not required is left out of the document to get
    its default; `default` is ABSENT where the default cannot be written down (an empty secret, say)."""

    name: str
    type: Type
    doc: str
    required: bool
    default: Any = ABSENT


@dataclass(frozen=True)
class Alias:
    """A name for a simple type, such as an id or a time."""

    name: str
    doc: str
    type: Type


@dataclass(frozen=True)
class Record:
    """An object with fields, in the order of their declaration."""

    name: str
    doc: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Case:
    """A case of an enum or union. `content` is None for a plain one, a type for one that holds a value,
    and a tuple of fields for one that holds several by name."""

    name: str
    doc: str
    content: Either[None, Type, tuple[Field, ...]] = None


@dataclass(frozen=True)
class Enum:
    """Plain cases, in JSON their names."""

    name: str
    doc: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Union:
    """Cases that may hold something. In JSON a plain case is its name, and another is an object with
    its name as the one key. Where `tag` is set, every case is an object whose key `tag` says its name,
    with the fields beside it."""

    name: str
    doc: str
    cases: tuple[Case, ...]
    tag: Optional[str] = None


Definition = Either[Alias, Record, Enum, Union]


@dataclass(frozen=True)
class Operation:
    """What can be called on a `vault`, a `session` or the `library` itself, without a vault, by name."""

    name: str
    on: str
    capability: str
    summary: str
    """The first paragraph."""
    doc: str
    """The rest, without the section on errors."""
    errors: str
    """When it fails, or an empty text."""
    arguments: tuple[Field, ...]
    result: Type


@dataclass(frozen=True)
class Error:
    """What a call can come to. `name` is such as WRONG_ANSWER."""

    name: str
    number: int
    meaning: str


@dataclass(frozen=True)
class Model:
    """All of it. `taken` and `given` name the definitions that stand in arguments and in results."""

    abi: int
    operations: tuple[Operation, ...]
    definitions: dict[str, Definition]
    errors: tuple[Error, ...]
    taken: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    open: Named = Named("OpenOptions")
    session: Named = Named("SessionOptions")

    def by_capability(self) -> dict[str, list[Operation]]:
        """The operations under the names of their capabilities, both in the order of the table."""
        sorted_: dict[str, list[Operation]] = {}
        for operation in self.operations:
            sorted_.setdefault(operation.capability, []).append(operation)
        return sorted_

    def uses(self, type_: Type) -> Iterator[str]:
        """The names of definitions that a type mentions itself."""
        if isinstance(type_, Named):
            yield type_.name
        elif isinstance(type_, (Listing, Mapping, Maybe)):
            yield from self.uses(type_.of)

    def mentions(self, name: str) -> Iterator[str]:
        """The names of definitions that a definition mentions itself."""
        definition = self.definitions[name]
        if isinstance(definition, Alias):
            yield from self.uses(definition.type)
        elif isinstance(definition, Record):
            for one in definition.fields:
                yield from self.uses(one.type)
        else:
            for case in definition.cases:
                for one in _parts(case.content):
                    yield from self.uses(one)

    def reach(self, types: Iterator[Type]) -> frozenset[str]:
        """The names of all definitions that these types lead to."""
        waiting = [name for type_ in types for name in self.uses(type_)]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.mentions(name))
        return frozenset(found)

    def holds_secret(self, type_: Type) -> bool:
        """Whether values of a type may hold a secret."""
        return any(_is_secret(one) for one in self._all_types(type_, set()))

    def _all_types(self, type_: Type, seen: set[str]) -> Iterator[Type]:
        yield type_
        if isinstance(type_, (Listing, Mapping, Maybe)):
            yield from self._all_types(type_.of, seen)
        elif isinstance(type_, Named) and type_.name not in seen:
            seen.add(type_.name)
            definition = self.definitions[type_.name]
            if isinstance(definition, Alias):
                yield from self._all_types(definition.type, seen)
            elif isinstance(definition, Record):
                for one in definition.fields:
                    yield from self._all_types(one.type, seen)
            else:
                for case in definition.cases:
                    for part in _parts(case.content):
                        yield from self._all_types(part, seen)


def load(source: Path = SOURCE) -> Model:
    """Reads the description."""
    raw = json.loads(source.read_text(encoding="utf-8"))
    definitions = {}
    for name, schema in raw["definitions"].items():
        if name not in ("SecretBytes", "SecretString"):
            definitions[name] = _definition(name, schema)
    operations = tuple(_operation(one) for one in raw["operations"])
    errors = tuple(Error(one["name"], one["number"], one["meaning"]) for one in raw["errors"])
    model = Model(raw["abi"], operations, definitions, errors)
    arguments = [one.type for operation in operations for one in operation.arguments]
    taken = model.reach(iter([*arguments, model.open, model.session]))
    given = model.reach(operation.result for operation in operations)
    return Model(raw["abi"], operations, definitions, errors, taken, given)


def _operation(raw: dict[str, Any]) -> Operation:
    text, _, errors = (raw["documentation"] or "").partition("# Errors\n")
    errors, _, after = errors.partition("\n# ")
    if after:
        text += "\n# " + after
    summary, _, doc = _plain(text).partition("\n\n")
    return Operation(
        name=raw["name"],
        on=raw["on"],
        capability=raw["capability"],
        summary=summary,
        doc=doc.strip(),
        errors=_plain(errors),
        arguments=_fields(raw["arguments"]),
        result=_type(raw["result"]),
    )


def _definition(name: str, schema: dict[str, Any]) -> Definition:
    doc = _plain(schema.get("description", ""))
    if "oneOf" in schema:
        return _choice(name, doc, schema["oneOf"])
    if "properties" in schema:
        return Record(name, doc, _fields(schema))
    return Alias(name, doc, _type(schema))


def _choice(name: str, doc: str, schemas: list[dict[str, Any]]) -> Definition:
    tags = {key for one in schemas for key, what in one.get("properties", {}).items() if "const" in what}
    if len(tags) > 1:
        raise ValueError(f"{name}: several tags, {tags}")
    tag = next(iter(tags), None)
    cases = tuple(_case(one, tag) for one in schemas)
    if tag is None and all(case.content is None for case in cases):
        return Enum(name, doc, cases)
    return Union(name, doc, cases, tag)


def _case(schema: dict[str, Any], tag: Optional[str]) -> Case:
    doc = _plain(schema.get("description", ""))
    if "const" in schema:
        return Case(schema["const"], doc)
    if tag is not None:
        fields = tuple(one for one in _fields(schema) if one.name != tag)
        return Case(schema["properties"][tag]["const"], doc, fields or None)
    ((name, content),) = schema["properties"].items()
    if "properties" in content:
        return Case(name, doc, _fields(content))
    return Case(name, doc, _type(content))


def _fields(schema: dict[str, Any]) -> tuple[Field, ...]:
    required = schema.get("required", [])
    return tuple(
        Field(name, _type(one), _plain(one.get("description", "")), name in required, one.get("default", ABSENT))
        for name, one in schema.get("properties", {}).items()
        if "const" not in one
    )


def _type(schema: dict[str, Any]) -> Type:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if name in ("SecretBytes", "SecretString"):
            return SecretValue(text=name == "SecretString")
        return Named(name)
    if "anyOf" in schema:
        others = [one for one in schema["anyOf"] if one.get("type") != "null"]
        if len(others) != 1 or len(others) == len(schema["anyOf"]):
            raise ValueError(f"not a value or null: {schema}")
        return Maybe(_type(others[0]))
    kind = schema.get("type")
    if isinstance(kind, list):
        (other,) = [one for one in kind if one != "null"]
        return Maybe(_type({**schema, "type": other}))
    if kind == "string":
        return Text()
    if kind == "integer":
        sized = re.fullmatch(r"(u?)int(\d+)", schema.get("format", "int64"))
        if sized is None:
            return Integer(signed=schema.get("format") != "uint")
        return Integer(int(sized[2]), sized[1] == "")
    if kind == "number":
        return Number()
    if kind == "boolean":
        return Boolean()
    if kind == "null":
        return Nothing()
    if kind == "array" and "prefixItems" not in schema:
        return Listing(_type(schema["items"]))
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return Mapping(_type(schema["additionalProperties"]))
    raise ValueError(f"no type for {schema}")


def _parts(content: Either[None, Type, tuple[Field, ...]]) -> Iterator[Type]:
    if isinstance(content, tuple):
        for one in content:
            yield one.type
    elif content is not None:
        yield content


def _is_secret(type_: Type) -> bool:
    return isinstance(type_, SecretValue)


def _plain(text: str) -> str:
    """Without the targets of links, as the sources of Rust write them."""
    text = re.sub(r"^\[[^\]]+\]: .*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\[(`[^`\]]*`|[^\[\]]+)\](\([^)]*\))?", r"\1", text)
    return re.sub(r"`(?:crate|super|Self)::", "`", text).strip()
