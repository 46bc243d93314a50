"""Kotlin: data classes, sealed types, exceptions, and the methods of sessions and vaults."""

from __future__ import annotations

import re
from typing import Iterator, Optional

from .kotlin_parts import wire
from .kotlin_parts.words import (
    FACTS,
    HEAD,
    PAGES,
    SPELLING,
    camel,
    exception,
    kdoc,
    literal,
    method,
    pascal,
    renamed,
    spelled,
    type_name,
)
from .model import (
    ABSENT,
    REDACTED,
    Alias,
    Definition,
    Enum,
    Field,
    Listing,
    Maybe,
    Model,
    Named,
    Nothing,
    Operation,
    Record,
    Text,
    Type,
    Union,
    load,
)
from .wording import reworded

ON = {"vault": "a vault", "session": "a session", "library": "the library, without a vault"}
FOLDERS = ["kotlin/src/main/generated"]
ROOT = "kotlin/src/main/generated/com/pwvault"
LINES = 500
"""A file of definitions that would be longer is written as several."""


def files() -> dict[str, str]:
    model = reworded(renamed(load()), SPELLING)
    out = {f"{ROOT}/Exceptions.kt": _exceptions(model), f"{ROOT}/Capabilities.kt": _capabilities(model)}
    for capability, operations in model.by_capability().items():
        out[f"{ROOT}/{interface(capability)}.kt"] = _interface(model, capability, operations)
    for room, names in _rooms(model).items():
        types = [(name, _definition(model, model.definitions[name])) for name in names]
        for suffix, texts in _split([text for _, text in types if text]):
            head = HEAD + "package com.pwvault.model\n\n" + _imports("".join(texts), "Secret", "Instant")
            out[f"{ROOT}/model/{room}Types{suffix}.kt"] = head + "\n".join(texts)
        wires = [wire.codec(model, model.definitions[name]) for name in names]
        for suffix, texts in _split([text for text in wires if text]):
            head = HEAD + "package com.pwvault.wire\n\nimport com.pwvault.model.*\n\n"
            out[f"{ROOT}/wire/{room}Wire{suffix}.kt"] = head + "\n".join(texts)
    return out


def interface(capability: str) -> str:
    return {"Vault": "VaultInfo", "Library": "LibraryTools"}.get(capability, capability)


def _rooms(model: Model) -> dict[str, list[str]]:
    """The definitions under the first capability that needs them, in the order of the description."""
    rooms: dict[str, list[str]] = {}
    left = dict.fromkeys(model.definitions)
    starts: list[tuple[str, list[Type]]] = [("Opening", [model.open, model.session])]
    for capability, operations in model.by_capability().items():
        needs = [one.type for operation in operations for one in operation.arguments]
        starts.append((capability, [*needs, *(operation.result for operation in operations)]))
    for room, types in starts:
        reached = model.reach(iter(types))
        names = [name for name in left if name in reached]
        if names:
            rooms[room] = names
        for name in names:
            del left[name]
    if left:
        rooms["Other"] = list(left)
    return rooms


def _split(texts: list[str]) -> Iterator[tuple[str, list[str]]]:
    parts: list[list[str]] = [[]]
    for text in texts:
        if parts[-1] and sum(one.count("\n") + 1 for one in [*parts[-1], text]) > LINES:
            parts.append([])
        parts[-1].append(text)
    for number, part in enumerate(parts, 1):
        if part:
            yield ("" if number == 1 else str(number)), part


def _imports(text: str, *names: str) -> str:
    lines = [f"import {IMPORTED[name]}\n" for name in names if re.search(rf"\b{name}\b", text)]
    return "".join([*lines, "\n" if lines else ""])


IMPORTED = {
    "Secret": "com.pwvault.Secret",
    "Instant": "java.time.Instant",
}


def _definition(model: Model, definition: Definition) -> str:
    if isinstance(definition, Alias):
        return _alias(definition)
    if isinstance(definition, Record):
        return kdoc(definition.doc) + _data_class(model, definition.name, definition.fields, set(), "")
    if isinstance(definition, Enum):
        return _enum(model, definition)
    return _union(model, definition)


def _alias(alias: Alias) -> str:
    if isinstance(alias.type, Text):
        doc = alias.doc[:1].upper() + alias.doc[1:]
        return (
            kdoc(doc if doc.endswith(".") or not doc else doc + ".")
            + f"public data class {alias.name}(val value: String) {{\n    override fun toString(): String = value\n}}\n"
        )
    return ""


def _data_class(model: Model, name: str, fields: tuple[Field, ...], shadowed: set[str], indent: str) -> str:
    overloads = any(not one.required for one in fields)
    lines = [f"{indent}public data class {name}{' @JvmOverloads constructor' if overloads else ''}("]
    for one in fields:
        if one.doc:
            lines.append(kdoc(one.doc, indent + "    ").rstrip("\n"))
        lines.append(f"{indent}    val {parameter(model, one, shadowed)},")
    lines.append(f"{indent})")
    if name in REDACTED:
        shown = [
            f"{camel(one.name)}={'redacted' if one.name in REDACTED[name] else f'${camel(one.name)}'}" for one in fields
        ]
        lines[-1] += f" {{\n{indent}    override fun toString(): String =\n"
        lines[-1] += f'{indent}        "{name}({", ".join(shown)})"\n{indent}}}'
    return "\n".join(lines) + "\n"


def parameter(model: Model, one: Field, shadowed: set[str] = frozenset()) -> str:
    """`name: Type = default`, as of a constructor or a function."""
    kind = type_name(model, one.type, shadowed)
    default = default_of(model, one, shadowed)
    if default == "null" and not kind.endswith("?"):
        kind += "?"
    return f"{spelled(one.name)}: {kind}" + (f" = {default}" if default is not None else "")


def default_of(model: Model, one: Field, shadowed: set[str] = frozenset()) -> Optional[str]:
    """How the default of a field is written, or None where it has none."""
    if one.required:
        return None
    if one.default is not ABSENT and one.default is not None:
        return literal(model, one.type, one.default, shadowed)
    if isinstance(one.type, Listing):
        return "emptyList()"
    if isinstance(one.type, Named) and _all_optional(model, one.type):
        return f"{type_name(model, one.type, shadowed)}()"
    return "null"


def _all_optional(model: Model, type_: Type) -> bool:
    definition = model.definitions[type_.name] if isinstance(type_, Named) else None
    return isinstance(definition, Record) and not any(one.required for one in definition.fields)


def _enum(model: Model, enum: Enum) -> str:
    lines = [kdoc(enum.doc) + f"public enum class {enum.name}(internal val wire: String) {{"]
    for case in enum.cases:
        if case.doc:
            lines.append(kdoc(case.doc, "    ").rstrip("\n"))
        lines.append(f'    {case.name.upper()}("{case.name}"),')
    return "\n".join(lines) + "\n}\n"


def _union(model: Model, union: Union) -> str:
    shadowed = {pascal(case.name) for case in union.cases}
    parts = []
    for case in union.cases:
        name, doc = pascal(case.name), kdoc(case.doc, "    ") if case.doc else ""
        if case.content is None:
            parts.append(f"{doc}    public data object {name} : {union.name}\n")
            continue
        fields = case.content
        if not isinstance(fields, tuple):
            fields = (Field("value", fields, "", True),)
        if len(fields) == 1 and not fields[0].doc:
            body = f"    public data class {name}(val {parameter(model, fields[0], shadowed)})"
        else:
            body = _data_class(model, name, fields, shadowed, "    ").rstrip("\n")
        parts.append(f"{doc}{body} : {union.name}\n")
    return kdoc(union.doc) + f"public sealed interface {union.name} {{\n" + "\n".join(parts) + "}\n"


def _exceptions(model: Model) -> str:
    text = HEAD + "package com.pwvault\n\nimport com.pwvault.model.*\nimport com.pwvault.wire.*\n"
    for error in model.errors:
        facts = FACTS.get(error.name, [])
        text += f"\n/** {error.meaning} */\npublic class {exception(error.name)} internal constructor(fault: Fault) : VaultException(fault)"
        if facts:
            text += " {\n"
            text += "\n".join(
                f"    /** {doc} */\n    public val {camel(name)}: {type_name(model, kind)}\n"
                f'        get() = fact("{name}") {{ {wire.read(model, kind, "it")} }}\n'
                for name, kind, doc in facts
            )
            text += "}"
        text += "\n"
    text += "\ninternal fun exceptionOf(fault: Fault): VaultException = when (fault.name) {\n"
    for error in model.errors:
        text += f'    "{error.name}" -> {exception(error.name)}(fault)\n'
    return text + f"    else -> {exception('OTHER')}(fault)\n}}\n"


def _capabilities(model: Model) -> str:
    text = HEAD + "package com.pwvault\n\n"
    text += f"/** The version of the library's interface that these sources were made for. */\ninternal const val ABI: Int = {model.abi}\n"
    for on in ("vault", "session", "library"):
        names = dict.fromkeys(interface(one.capability) for one in model.operations if one.on == on)
        list_ = ",\n".join(f"    {name}" for name in names)
        text += f"\n/** Everything that can be done with {ON[on]}. */\npublic sealed interface {pascal(on)}Capabilities :\n{list_}\n"
    return text


def _interface(model: Model, capability: str, operations: list[Operation]) -> str:
    name = interface(capability)
    on = operations[0].on
    methods = "\n".join(_method(model, operation) for operation in operations)
    text = HEAD + "package com.pwvault\n\nimport com.pwvault.model.*\nimport com.pwvault.wire.*\n"
    text += "import java.time.Instant\n" if re.search(r"\bInstant\b", methods) else ""
    about = " ".join(re.sub(r"(?<!^)([A-Z])", r" \1", name).lower().split())
    text += f"\n/** What {ON[on]} can do: {about}. */\npublic sealed interface {name} : Calls {{\n{methods}}}\n"
    return text


def _method(model: Model, operation: Operation) -> str:
    doc = "\n\n".join(part for part in (operation.summary, operation.doc) if part)
    for one in operation.arguments:
        if one.doc:
            doc += f"\n\n@param {camel(one.name)} {one.doc}"
    if operation.errors:
        doc += f"\n\n@throws VaultException {operation.errors}"
    parameters = [_argument(model, one) for one in operation.arguments]
    result = "Unit" if isinstance(operation.result, Nothing) else type_name(model, operation.result)
    values = [wire.entry(model, one, spelled(one.name)) for one in operation.arguments]
    name = method(operation.name)
    head = f"    public fun {name}({', '.join(parameters)}): {result} ="
    if len(head) > 118:
        inside = "".join(f"        {one},\n" for one in parameters)
        head = f"    public fun {name}(\n{inside}    ): {result} ="
    arguments = f"{{ record({', '.join(values)}) }}" if values else "{ record() }"
    call = f'call("{operation.name}", {arguments}) {{ {wire.read(model, operation.result, "it")} }}'
    if len(call) > 108:
        inside = "".join(f"            {one},\n" for one in values)
        call = f'call("{operation.name}", {{ record(\n{inside}        ) }}) {{ {wire.read(model, operation.result, "it")} }}'
    return kdoc(doc, "    ") + f"{head}\n        {call}\n" + _each(model, operation)


def _argument(model: Model, one: Field) -> str:
    """An argument of a method: a question that may be left empty need not be given."""
    if one.required and _all_optional(model, one.type) and one.name in ("query", "filter", "options", "recipe"):
        return parameter(model, Field(one.name, one.type, one.doc, False))
    return parameter(model, one)


def _each(model: Model, operation: Operation) -> str:
    """The method that gives what stands on all pages, one by one."""
    page = _page(model, operation)
    if page is None:
        return ""
    rows, item, place = page
    parameters = [_argument(model, one) for one in operation.arguments if one.name != "after"]
    asked = []
    for one in operation.arguments:
        name = spelled(one.name)
        definition = model.definitions[one.type.name] if isinstance(one.type, Named) else None
        if one.name == "after":
            asked.append("after")
        elif isinstance(definition, Record) and any(field.name == "after" for field in definition.fields):
            asked.append(f"if (after == null) {name} else {name}.copy(after = after)")
        else:
            asked.append(name)
    call = f"{method(operation.name)}({', '.join(asked)})"
    cursor = f"it.next" if rows else "it.lastOrNull()?.id"
    each = f"it.{camel(rows)}" if rows else "it"
    name = PAGES[operation.name]
    doc = kdoc(f"What [{method(operation.name)}] gives, page after page as it is asked for.", "    ")
    return (
        f"\n{doc}    public fun {name}({', '.join(parameters)}): Sequence<{type_name(model, item)}> =\n"
        f"        pages({{ after: {type_name(model, place)} -> {call} }}, {{ {each} }}, {{ {cursor} }})\n"
    )


def _page(model: Model, operation: Operation) -> Optional[tuple[str, Type, Type]]:
    """The field with the rows, their type and that of a place in them, where an operation gives pages."""
    result = operation.result
    definition = model.definitions[result.name] if isinstance(result, Named) else None
    fields = definition.fields if isinstance(definition, Record) else ()
    places = [one.type for one in fields if one.name == "next" and isinstance(one.type, Maybe)]
    if places:
        rows = [one for one in fields if isinstance(one.type, Listing)]
        if len(rows) == 1:
            if operation.name not in PAGES:
                raise ValueError(f"{operation.name} gives pages: name the method over all of them in PAGES")
            return rows[0].name, rows[0].type.of, places[0]
    places = [one.type for one in operation.arguments if one.name == "after"]
    if isinstance(result, Listing) and places:
        return "", result.of, places[0]
    return None
