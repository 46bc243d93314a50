"""How values are read from and written to documents, in Kotlin."""

from __future__ import annotations

from .words import pascal, spelled, type_name
from ..model import (
    ABSENT,
    Alias,
    Boolean,
    Case,
    Definition,
    Enum,
    Field,
    Integer,
    Listing,
    Mapping,
    Maybe,
    Model,
    Named,
    Nothing,
    Number,
    Record,
    SecretValue,
    Text,
    Type,
)


def codec(model: Model, definition: Definition) -> str:
    """The functions for one definition, in the directions it is used in."""
    if isinstance(definition, Alias) and not isinstance(definition.type, Text):
        return ""
    text = ""
    if definition.name in model.given or definition.name in HOST_READS:
        text += _reader(model, definition)
    if definition.name in model.taken or definition.name in HOST_WRITES:
        text += _writer(model, definition)
    return text


HOST_READS: set[str] = set()
HOST_WRITES: set[str] = set()
"""What hosts are asked with and answer."""


def read(model: Model, type_: Type, at: str) -> str:
    """Reads a value of a type from a place."""
    if isinstance(type_, Maybe):
        return f"{at}.maybe {{ {read(model, type_.of, 'it')} }}"
    if isinstance(type_, Listing):
        return f"{at}.list {{ {read(model, type_.of, 'it')} }}"
    if isinstance(type_, Mapping):
        return f"{at}.map {{ {read(model, type_.of, 'it')} }}"
    if isinstance(type_, Named):
        definition = model.definitions[type_.name]
        if type_.name == "Timestamp":
            return f"{at}.instant()"
        if isinstance(definition, Alias) and not isinstance(definition.type, Text):
            return read(model, definition.type, at)
        return f"read{type_.name}({at})"
    if isinstance(type_, Integer):
        return f"{at}.int()" if type_.bits <= 32 else f"{at}.long()"
    how = {Text: "text", Number: "double", Boolean: "boolean", Nothing: "nothing", SecretValue: "secret"}
    return f"{at}.{how[type(type_)]}()"


def write(model: Model, type_: Type, value: str) -> str:
    """Writes a value of a type; stands in a function of `Out`."""
    if isinstance(type_, Maybe):
        inner = write(model, type_.of, "it")
        return value if inner == "it" else f"{value}?.let {{ {inner} }}"
    if isinstance(type_, Listing):
        inner = write(model, type_.of, "it")
        return value if inner == "it" else f"{value}.map {{ {inner} }}"
    if isinstance(type_, Mapping):
        inner = write(model, type_.of, "it.value")
        return value if inner == "it.value" else f"{value}.mapValues {{ {inner} }}"
    if isinstance(type_, Named):
        definition = model.definitions[type_.name]
        if type_.name == "Timestamp":
            return f"{value}.toEpochMilli()"
        if isinstance(definition, Alias) and not isinstance(definition.type, Text):
            return write(model, definition.type, value)
        return f"{value}.value" if isinstance(definition, Alias) else f"put({value})"
    if isinstance(type_, SecretValue):
        return f"secret({value})"
    return value


def entry(model: Model, one: Field, value: str) -> str:
    """`"name" to value` of an object; what is not required and null is left out by `record`."""
    type_ = one.type
    if not one.required and not isinstance(type_, (Maybe, Listing)) and one.default in (ABSENT, None):
        definition = model.definitions[type_.name] if isinstance(type_, Named) else None
        if not isinstance(definition, Record) or any(field.required for field in definition.fields):
            type_ = Maybe(type_)
    return f'"{one.name}" to {write(model, type_, value)}'


def _reader(model: Model, definition: Definition) -> str:
    name = definition.name
    head = f"internal fun read{name}(at: At): {name} ="
    if isinstance(definition, Alias):
        return f"{head} {name}(at.text())\n"
    if isinstance(definition, Enum):
        return f"{head} at.enum({name}.entries) {{ it.wire }}\n"
    if isinstance(definition, Record):
        return f"{head} {_construct(model, name, definition.fields, 'at', '')}\n"
    kind = f'at.tag("{definition.tag}")' if definition.tag else "at.case()"
    text = f"{head} when ({kind}) {{\n"
    for case in definition.cases:
        place = "at" if definition.tag else f'at["{case.name}"]'
        text += f'    "{case.name}" -> {_case(model, name, case, place)}\n'
    return text + "    else -> at.unknown()\n}\n"


def _case(model: Model, name: str, case: Case, place: str) -> str:
    full = f"{name}.{pascal(case.name)}"
    if case.content is None:
        return full
    if isinstance(case.content, tuple):
        return _construct(model, full, case.content, place, "    ")
    return f"{full}({read(model, case.content, place)})"


def _construct(model: Model, name: str, fields: tuple[Field, ...], place: str, indent: str) -> str:
    parts = [f"{spelled(one.name)} = {_field(model, one, place)}" for one in fields]
    line = f"{name}({', '.join(parts)})"
    if len(line) + len(indent) < 70:
        return line
    return f"{name}(\n" + "".join(f"{indent}    {part},\n" for part in parts) + f"{indent})"


def _field(model: Model, one: Field, place: str) -> str:
    place = f'{place}["{one.name}"]'
    if one.required or isinstance(one.type, Maybe):
        return read(model, one.type, place)
    # A result says what it holds; only what may be left out of arguments has other defaults.
    from ..kotlin import default_of

    default = default_of(model, one)
    text = f"{place}.maybe {{ {read(model, one.type, 'it')} }}"
    return text if default == "null" else f"{text} ?: {default}"


def _writer(model: Model, definition: Definition) -> str:
    name = definition.name
    head = f"internal fun Out.put(it: {name}): Any? ="
    if isinstance(definition, Alias):
        return ""
    if isinstance(definition, Enum):
        return f"{head} it.wire\n"
    if isinstance(definition, Record):
        return f"{head} {_object(model, definition.fields, 'it', '')}\n"
    text = f"{head} when (it) {{\n"
    for case in definition.cases:
        full = f"{name}.{pascal(case.name)}"
        if definition.tag:
            tag = f'"{definition.tag}" to "{case.name}"'
            parts = [entry(model, one, f"it.{spelled(one.name)}") for one in case.content or ()]
            test = f"is {full}" if parts else full
            text += f"    {test} -> record({', '.join([tag, *parts])})\n"
        elif case.content is None:
            text += f'    {full} -> "{case.name}"\n'
        elif isinstance(case.content, tuple):
            text += f'    is {full} -> case("{case.name}", {_object(model, case.content, "it", "    ")})\n'
        else:
            text += f'    is {full} -> case("{case.name}", {write(model, case.content, "it.value")})\n'
    return text + "}\n"


def _object(model: Model, fields: tuple[Field, ...], value: str, indent: str) -> str:
    parts = [entry(model, one, f"{value}.{spelled(one.name)}") for one in fields]
    line = f"record({', '.join(parts)})"
    if len(line) + len(indent) < 70:
        return line
    return "record(\n" + "".join(f"{indent}    {part},\n" for part in parts) + f"{indent})"
