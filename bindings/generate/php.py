"""Writes the typed parts of the PHP package: values, enums, exceptions and the operations."""

from __future__ import annotations

import json
import re
import textwrap
from typing import Any, Optional

from . import model
from .model import (
    ABSENT, Alias, Boolean, Case, Enum, Field, Integer, Listing, Mapping, Maybe, Model, Named, Nothing, Number,
    Operation, Record, SecretValue, Text, Type, Union,
)

ROOT = "php/src/"
FOLDERS = ["php/src/Model", "php/src/Operations", "php/src/Exception"]


def files() -> dict[str, str]:
    """Every generated file by its path in bindings/."""
    return Writer(model.load()).files()


class Writer:
    """Writes one model."""

    def __init__(self, of: Model) -> None:
        self.model = of
        self.names = {operation.name for operation in of.operations}

    def files(self) -> dict[str, str]:
        done: dict[str, str] = {"php/resources/pwvault.ffi.h": header()}
        for name, one in self.model.definitions.items():
            if isinstance(one, Record) and name not in ("OpenOptions", "SessionOptions"):
                done[f"{ROOT}Model/{name}.php"] = self.record(one)
            elif isinstance(one, Enum) and name != "OpenMode":
                done[f"{ROOT}Model/{name}.php"] = self.enum(one)
            elif isinstance(one, Union):
                done[f"{ROOT}Model/{name}.php"] = self.union(one)
                for case in one.cases:
                    done[f"{ROOT}Model/{name}/{case_name(case)}.php"] = self.case(one, case)
        traits: dict[str, list[str]] = {"vault": [], "session": []}
        for capability, operations in self.model.by_capability().items():
            if operations[0].on == "library":
                done[f"{ROOT}{capability}.php"] = self.library(capability, operations)
                continue
            traits[operations[0].on].append(capability)
            done[f"{ROOT}Operations/{capability}.php"] = self.trait(capability, operations)
        for on, names in traits.items():
            done[f"{ROOT}Operations/{pascal(on)}Operations.php"] = all_traits(on, names)
        for error in self.model.errors:
            done[f"{ROOT}Exception/{pascal(error.name.lower())}.php"] = self.exception(error)
        done[f"{ROOT}Exception/Codes.php"] = self.codes()
        return done

    # Types

    def plain(self, type_: Type) -> Type:
        """Without the alias, unless it is that of a time."""
        while isinstance(type_, Named) and type_.name != "Timestamp":
            definition = self.model.definitions[type_.name]
            if not isinstance(definition, Alias):
                return type_
            type_ = definition.type
        return type_

    def shape(self, type_: Type, prefix: str = "") -> str:
        """How the runtime names the type; `prefix` stands before the names of classes."""
        type_ = self.plain(type_)
        if isinstance(type_, Named):
            return "'time'" if type_.name == "Timestamp" else f"{prefix}{type_.name}::class"
        if isinstance(type_, Maybe):
            return f"['maybe', {self.shape(type_.of, prefix)}]"
        if isinstance(type_, Mapping):
            return f"['map', {self.shape(type_.of, prefix)}]"
        if isinstance(type_, Listing):
            if self.is_bytes(type_):
                return "'bytes'"
            return f"['list', {self.shape(type_.of, prefix)}]"
        return {Text: "'text'", Integer: "'int'", Number: "'float'", Boolean: "'bool'", Nothing: "'none'",
                SecretValue: "'secret'"}[type(type_)]

    def native(self, type_: Type, *, given: bool, prefix: str = "") -> str:
        """The type PHP checks. `given` for what comes out of the library."""
        type_ = self.plain(type_)
        if isinstance(type_, Maybe):
            inner = self.native(type_.of, given=given, prefix=prefix)
            return f"{inner}|null" if "|" in inner else f"?{inner}"
        if isinstance(type_, Named):
            if type_.name == "Timestamp":
                return "\\DateTimeImmutable" if given else "\\DateTimeInterface"
            return prefix + type_.name
        if isinstance(type_, SecretValue):
            return secret(prefix) if given else f"{secret(prefix)}|string"
        if isinstance(type_, Listing) and self.is_bytes(type_):
            return "string"
        if isinstance(type_, (Listing, Mapping)):
            return "array"
        return {Text: "string", Integer: "int", Number: "float", Boolean: "bool", Nothing: "void"}[type(type_)]

    def documented(self, type_: Type, *, given: bool, prefix: str = "", arrays: bool = False) -> str:
        """The type phpDocumentor shows."""
        type_ = self.plain(type_)

        def inner(of: Type) -> str:
            return self.documented(of, given=given, prefix=prefix, arrays=arrays)

        if isinstance(type_, Maybe):
            return f"{inner(type_.of)}|null"
        if isinstance(type_, Mapping):
            return f"array<string, {inner(type_.of)}>"
        if isinstance(type_, Listing) and not self.is_bytes(type_):
            return f"list<{inner(type_.of)}>"
        native = self.native(type_, given=given, prefix=prefix)
        if arrays and not given and isinstance(type_, Named) and self.takes_array(type_):
            return f"{native}|array<string, mixed>"
        return native

    def takes_array(self, type_: Type) -> bool:
        type_ = self.plain(type_)
        return isinstance(type_, Named) and isinstance(self.model.definitions[type_.name], (Record, Union)) \
            and type_.name != "Timestamp"

    def is_bytes(self, type_: Listing) -> bool:
        return self.plain(type_.of) == Integer(8, False)

    # Values

    def record(self, one: Record) -> str:
        taken = one.name in self.model.taken
        used = ["Pwvault\\Wire\\Record"]
        if any(self.mentions_secret(field.type) for field in one.fields):
            used.append("Pwvault\\Secret")
        body = "\n".join(self.members(one.fields, taken=taken, prefix=""))
        return page("Pwvault\\Model", sorted(used), comment(self.text(one.doc)) + f"final class {one.name} extends Record\n{{\n{body}\n}}\n")

    def members(self, fields: tuple[Field, ...], *, taken: bool, prefix: str, listed: bool = True) -> list[str]:
        """The constant where it is `listed`, the properties and the constructor of a class with fields."""
        lines = ["    /** @internal */", "    public const FIELDS = ["] if listed else []
        for field in fields if listed else ():
            lines.append(f"        '{camel(field.name)}' => ['{field.name}', {self.shape(field.type, prefix)}, "
                         f"{'true' if field.required else 'false'}],")
        lines += ["    ];", ""] if listed else []
        own = [field for field in fields if taken and self.converted(field.type)]
        for field in own:
            kind = self.native(field.type, given=True, prefix=prefix)
            if self.default(field) == "null" and not kind.startswith("?"):
                kind = "?" + kind
            said = self.text(field.doc)
            if kind.lstrip("?") == "array":
                said += f"\n\n@var {self.documented(field.type, given=True, prefix=prefix)}"
            lines += comment(said, indent=4).splitlines()
            lines += [f"    public readonly {kind} ${camel(field.name)};", ""]
        ordered = sorted(fields, key=lambda field: self.default(field) is not None)
        documented = []
        for field in ordered:
            kind = self.documented(field.type, given=not taken, prefix=prefix)
            if self.default(field) == "null" and not kind.endswith("|null"):
                kind += "|null"
            documented.append(f"@param {kind} ${camel(field.name)} {lower_first(self.text(field.doc))}".rstrip())
        lines += comment("\n".join(documented), indent=4).splitlines()
        lines.append("    public function __construct(")
        for place, field in enumerate(ordered):
            default = self.default(field)
            kind = self.native(field.type, given=not taken, prefix=prefix)
            if default == "null" and "null" not in kind and not kind.startswith("?"):
                kind = f"{kind}|null" if "|" in kind else f"?{kind}"
            promoted = "" if field in own else "public readonly "
            hidden = "#[\\SensitiveParameter] " if self.model.holds_secret(field.type) else ""
            value = "" if default is None else f" = {default}"
            comma = "," if place + 1 < len(ordered) else ""
            lines.append(f"        {hidden}{promoted}{kind} ${camel(field.name)}{value}{comma}")
        lines.append("    ) {")
        for field in own:
            name = camel(field.name)
            maybe = isinstance(self.plain(field.type), Maybe) or self.default(field) == "null"
            inner = self.plain(field.type.of) if isinstance(field.type, Maybe) else self.plain(field.type)
            if isinstance(inner, SecretValue):
                make = f"{secret(prefix)}::of(${name})"
            elif isinstance(inner, Listing):
                make = f"\\Pwvault\\Wire\\Shape::convert({self.shape(inner, prefix)}, ${name}, '{name}')"
            else:
                make = f"\\DateTimeImmutable::createFromInterface(${name})"
            lines.append(f"        $this->{name} = " + (f"${name} === null ? null : {make};" if maybe else f"{make};"))
        lines.append("    }")
        return lines

    def converted(self, type_: Type) -> bool:
        """Whether a constructor takes more than the property holds: a list of arrays would hold its secrets openly."""
        if isinstance(type_, Maybe):
            type_ = type_.of
        type_ = self.plain(type_)
        return isinstance(type_, SecretValue) or type_ == Named("Timestamp") \
            or isinstance(type_, Listing) and self.model.holds_secret(type_)

    def mentions_secret(self, type_: Type) -> bool:
        type_ = self.plain(type_)
        if isinstance(type_, (Maybe, Listing, Mapping)):
            return self.mentions_secret(type_.of)
        return isinstance(type_, SecretValue)

    def default(self, field: Field) -> Optional[str]:
        """The default of a parameter in PHP, or None where it is needed."""
        if field.required:
            return None
        type_ = self.plain(field.type)
        if isinstance(type_, Maybe):
            return "null"
        if isinstance(type_, (Listing, Mapping)):
            return "[]" if field.default in (ABSENT, [], {}) else "null"
        if field.default is ABSENT or isinstance(type_, SecretValue):
            return "null"
        if isinstance(type_, Named):
            definition = self.model.definitions[type_.name]
            if isinstance(definition, Enum) and isinstance(field.default, str):
                return f"{type_.name}::{pascal(field.default)}"
            return "null"
        if isinstance(field.default, str):
            return "'" + field.default.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return json.dumps(field.default)

    def enum(self, one: Enum) -> str:
        lines = []
        for case in one.cases:
            lines += comment(self.text(case.doc), indent=4).splitlines()
            lines += [f"    case {enum_case(case)} = '{case.name}';", ""]
        body = "\n".join(lines).rstrip()
        return page("Pwvault\\Model", [], comment(self.text(one.doc)) + f"enum {one.name}: string\n{{\n{body}\n}}\n")

    def union(self, one: Union) -> str:
        used = ["Pwvault\\Wire\\Union"]
        lines = ["    /** @internal */", "    public const CASES = ["]
        lines += [f"        '{case.name}' => {one.name}\\{case_name(case)}::class," for case in one.cases]
        lines.append("    ];")
        if one.tag is not None:
            lines += ["", "    /** @internal */", f"    public const TAG = '{one.tag}';"]
        if one.name in self.model.taken:
            if any(self.case_mentions_secret(case) for case in one.cases):
                used.append("Pwvault\\Secret")
            for case in one.cases:
                lines.append("")
                lines += self.named_constructor(one, case)
        body = "\n".join(lines)
        return page("Pwvault\\Model", sorted(used), comment(self.text(one.doc)) + f"abstract class {one.name} extends Union\n{{\n{body}\n}}\n")

    def case_mentions_secret(self, case: Case) -> bool:
        types = [field.type for field in case.content] if isinstance(case.content, tuple) else [case.content]
        return any(one is not None and self.mentions_secret(one) for one in types)

    def named_constructor(self, one: Union, case: Case) -> list[str]:
        fields = self.case_fields(case)
        ordered = sorted(fields, key=lambda field: self.default(field) is not None)
        documented = [self.text(case.doc), ""]
        given = []
        for field in ordered:
            default = self.default(field)
            kind = self.documented(field.type, given=False)
            native = self.native(field.type, given=False)
            if default == "null" and "null" not in kind:
                kind += "|null"
            if default == "null" and "null" not in native and not native.startswith("?"):
                native = f"{native}|null" if "|" in native else f"?{native}"
            documented.append(f"@param {kind} ${camel(field.name)} {lower_first(self.text(field.doc))}".rstrip())
            hidden = "#[\\SensitiveParameter] " if self.model.holds_secret(field.type) else ""
            given.append(f"{hidden}{native} ${camel(field.name)}" + (f" = {default}" if default else ""))
        lines = comment("\n".join(documented).strip(), indent=4).splitlines()
        result = f"{one.name}\\{case_name(case)}"
        lines += signature(f"    public static function {camel(case.name)}", given, result)
        lines += [f"        return new {result}({', '.join('$' + camel(field.name) for field in ordered)});", "    }"]
        return lines

    def case_fields(self, case: Case) -> tuple[Field, ...]:
        if case.content is None:
            return ()
        if isinstance(case.content, tuple):
            return case.content
        return (Field("value", case.content, "", True),)

    def case(self, one: Union, case: Case) -> str:
        name = case_name(case)
        taken = one.name in self.model.taken
        prefix = "\\Pwvault\\Model\\"
        lines = ["    /** @internal */", f"    public const NAME = '{case.name}';"]
        if isinstance(case.content, tuple):
            lines += ["", *self.members(case.content, taken=taken, prefix=prefix)]
        elif case.content is not None:
            lines += ["", "    /** @internal */", f"    public const VALUE = {self.shape(case.content, prefix)};", ""]
            lines += self.members(self.case_fields(case), taken=taken, prefix=prefix, listed=False)
        body = "\n".join(lines)
        head = comment(self.text(case.doc)) + f"final class {name} extends {one.name}\n{{\n{body}\n}}\n"
        return page(f"Pwvault\\Model\\{one.name}", [f"Pwvault\\Model\\{one.name}"], head)

    # Operations

    def trait(self, capability: str, operations: list[Operation]) -> str:
        used, body = self.methods(operations)
        clash = [name for name in used if name.rsplit("\\", 1)[1] == capability]
        if clash:
            raise ValueError(f"{capability}: a type and a capability share the name")
        used.add("Pwvault\\PwvaultException")
        doc = f"{capability}: see the operations of this capability."
        return page("Pwvault\\Operations", sorted(used), comment(doc) + f"trait {capability}\n{{\n{body}\n}}\n")

    def library(self, name: str, operations: list[Operation]) -> str:
        """The class of what needs no vault."""
        used, body = self.methods(operations)
        used = {one for one in used if one != "Pwvault\\Secret"} | {"Pwvault\\Wire\\WithoutVault"}
        doc = "What the library does by itself, without a vault: for hosts and auditors."
        text = comment(doc) + f"final class {name}\n{{\n    use WithoutVault;\n\n{body}\n}}\n"
        return page("Pwvault", sorted(used), text)

    def methods(self, operations: list[Operation]) -> tuple[set[str], str]:
        """The methods of operations, and the classes they name."""
        used: set[str] = set()
        parts = []
        for operation in operations:
            types = [argument.type for argument in operation.arguments] + [operation.result]
            for one in types:
                for name in self.model.uses(one):
                    plain = self.plain(Named(name))
                    if isinstance(plain, Named) and plain.name != "Timestamp":
                        used.add(f"Pwvault\\Model\\{plain.name}")
                    elif self.mentions_secret(plain):
                        used.add("Pwvault\\Secret")
                if self.mentions_secret(one):
                    used.add("Pwvault\\Secret")
            parts.append("\n".join(self.operation(operation)))
            pages = self.pages(operation)
            if pages:
                parts.append("\n".join(pages))
                used.update(self.page_uses(operation))
        return used, "\n\n".join(parts)

    def operation(self, operation: Operation, name: Optional[str] = None) -> list[str]:
        documented = [self.text(operation.summary), ""]
        if operation.doc:
            documented += [self.text(operation.doc), ""]
        given, passed = [], []
        for place, argument in enumerate(operation.arguments):
            default = self.argument_default(operation, place)
            given.append(self.parameter(argument, default))
            kind = self.documented(argument.type, given=False, arrays=True)
            documented.append(f"@param {kind} ${camel(argument.name)} {lower_first(self.text(argument.doc))}".rstrip())
            passed.append(f"            '{argument.name}' => [{self.shape(argument.type)}, ${camel(argument.name)}],")
        result = self.native(operation.result, given=True)
        if result != "void":
            documented.append(f"@return {self.documented(operation.result, given=True)}")
        documented.append(f"@throws PwvaultException {lower_first(self.text(operation.errors))}".rstrip())
        lines = comment("\n".join(documented), indent=4).splitlines()
        alone = operation.on == "library"
        kind, invoke = ("static function", "self::invoke") if alone else ("function", "$this->invoke")
        lines += signature(f"    public {kind} {camel(name or operation.name)}", given, result)
        head = "" if result == "void" else "return "
        if passed:
            lines += [f"        {head}{invoke}('{operation.name}', [", *passed, f"        ], {self.shape(operation.result)});"]
        else:
            lines.append(f"        {head}{invoke}('{operation.name}', [], {self.shape(operation.result)});")
        lines.append("    }")
        return lines

    def parameter(self, argument: Field, default: Optional[str]) -> str:
        native = self.native(argument.type, given=False)
        of = argument.type.of if isinstance(argument.type, Maybe) else argument.type
        if self.takes_array(of):
            native = native.lstrip("?").removesuffix("|null") + "|array" + ("|null" if of is not argument.type else "")
        hidden = "#[\\SensitiveParameter] " if self.model.holds_secret(argument.type) else ""
        return f"{hidden}{native} ${camel(argument.name)}" + (f" = {default}" if default else "")

    def argument_default(self, operation: Operation, place: int) -> Optional[str]:
        rest = operation.arguments[place:]
        defaults = [self.own_argument_default(argument) for argument in rest]
        return defaults[0] if all(default is not None for default in defaults) else None

    def own_argument_default(self, argument: Field) -> Optional[str]:
        if not argument.required:
            return "null" if isinstance(argument.type, Maybe) else None
        type_ = argument.type
        if isinstance(type_, Named) and type_.name.endswith(("Query", "Filter", "Options", "Arguments", "Context")):
            definition = self.model.definitions[type_.name]
            if isinstance(definition, Record) and not any(field.required for field in definition.fields):
                return "[]"
        return None

    # Pages

    def page_of(self, operation: Operation) -> Optional[tuple[Field, str, str]]:
        """The argument that leads on, the list of a page, and the field that leads on, if it has pages."""
        result = self.model.definitions.get(operation.result.name) if isinstance(operation.result, Named) else None
        if not isinstance(result, Record) or not result.name.endswith("Page"):
            return None
        rows = next(field for field in result.fields if isinstance(field.type, Listing))
        for argument in operation.arguments:
            if argument.name == "after":
                return argument, rows.name, "after"
        for argument in operation.arguments:
            definition = self.model.definitions.get(argument.type.name) if isinstance(argument.type, Named) else None
            if isinstance(definition, Record) and any(field.name == "after" for field in definition.fields):
                return argument, rows.name, argument.name
        raise ValueError(f"{operation.name}: pages, and nothing leads on")

    def page_uses(self, operation: Operation) -> set[str]:
        rows = self.rows_type(operation)
        return {f"Pwvault\\Model\\{name}" for name in self.model.uses(rows)}

    def rows_type(self, operation: Operation) -> Type:
        result = self.model.definitions[operation.result.name]  # type: ignore[union-attr]
        return next(field.type.of for field in result.fields if isinstance(field.type, Listing))  # type: ignore[union-attr]

    def pages(self, operation: Operation) -> list[str]:
        found = self.page_of(operation)
        if found is None:
            return []
        leading, rows, how = found
        name = "each" + EACH[operation.name]
        arguments = [argument for argument in operation.arguments if argument.name != "after"]
        row = self.documented(self.rows_type(operation), given=True)
        documented = [f"All that `{camel(operation.name)}()` finds, page after page, as it is asked for.", ""]
        given = []
        for place, argument in enumerate(arguments):
            default = self.own_argument_default(argument) if place + 1 == len(arguments) else None
            if argument.name == "limit":
                default = "100"
            given.append(self.parameter(argument, default))
            said = "how many to fetch at a time" if argument.name == "limit" else lower_first(self.text(argument.doc))
            kind = self.documented(argument.type, given=False, arrays=True)
            documented.append(f"@param {kind} ${camel(argument.name)} {said}".rstrip())
        documented += [f"@return \\Generator<int, {row}>", "@throws PwvaultException"]
        lines = comment("\n".join(documented), indent=4).splitlines()
        lines += signature(f"    public function {name}", given, "\\Generator")
        passed = ", ".join(f"{camel(argument.name)}: ${camel(argument.name)}" for argument in operation.arguments)
        if how == "after":
            lines.append("        $after = null;")
            step = "            $after = $page->next;"
        else:
            kind = leading.type.name  # type: ignore[union-attr]
            lines.append(f"        ${how} = {kind}::of(${how});")
            step = f"            ${how} = ${how}->with(after: $page->next);"
        lines += [
            "        do {",
            f"            $page = $this->{camel(operation.name)}({passed});",
            f"            foreach ($page->{camel(rows)} as $row) {{",
            "                yield $row;",
            "            }",
            step,
            "        } while ($page->next !== null);",
            "    }",
        ]
        return lines

    # Errors

    def exception(self, error: model.Error) -> str:
        name = pascal(error.name.lower())
        lines = [f"    protected const NAME = '{error.name}';", f"    protected const NUMBER = {error.number};"]
        used = {"Pwvault\\Fault"}
        for key, type_, doc in FACTS.get(error.name, []):
            maybe = Maybe(type_)
            lines += ["", *comment(f"{doc}\n\n@return {self.documented(maybe, given=True)}", indent=4).splitlines()]
            lines += signature(f"    public function {camel(key)}", [], self.native(maybe, given=True))
            lines += [f"        return $this->part('{key}', {self.shape(type_)});", "    }"]
            used.update(f"Pwvault\\Model\\{one}" for one in self.model.uses(type_) if one in self.model.definitions
                        and not isinstance(self.model.definitions[one], Alias))
        body = "\n".join(lines)
        return page("Pwvault\\Exception", sorted(used), comment(error.meaning) + f"final class {name} extends Fault\n{{\n{body}\n}}\n")

    def codes(self) -> str:
        lines = ["    /** @var array<int, class-string<\\Pwvault\\Fault>> */", "    public const CLASSES = ["]
        lines += [f"        {error.number} => {pascal(error.name.lower())}::class," for error in self.model.errors]
        lines.append("    ];")
        body = "\n".join(lines)
        return page("Pwvault\\Exception", [], comment("The class of every error by its frozen number.") + f"final class Codes\n{{\n{body}\n}}\n")

    # Texts

    def text(self, doc: str) -> str:
        """A text of Rust with the names that PHP uses."""
        doc = doc.replace("*/", "* /").replace("# Security\n", "**Security.** ").replace("`None`", "null")
        doc = re.sub(r"`VaultError::(\w+)`", r"`\1`", doc)
        doc = re.sub(r"`(?:\w+::)+([a-z_0-9]+)(?:\(\))?`", lambda found: f"`{camel(found[1])}()`", doc)
        doc = re.sub(r"`([a-z]+(?:_[a-z]+)+)`", lambda found: f"`{camel(found[1])}()`" if found[1] in self.names else found[0], doc)
        return doc


def header() -> str:
    """The header in the words that FFI of PHP reads: what the package calls, and no more."""
    text = (model.SOURCE.parent / "c/include/pwvault.h").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/|^#.*?$|//.*?$", "", text, flags=re.S | re.M)
    wanted = [r"typedef struct pwv_slice \{.*?\} pwv_slice;"]
    wanted += [rf"^[a-z0-9_]+ {name}\([^;]*\);" for name in FUNCTIONS]
    # PHP reads its two lines only where nothing stands before them.
    lines = ['#define FFI_SCOPE "PWVAULT"', '#define FFI_LIB "libpwvault.so"', "",
             "/* Generated by bindings/generate/php.py from bindings/c/include/pwvault.h. */"]
    for one in wanted:
        found = re.search(one, text, flags=re.S | re.M)
        if found is None:
            raise ValueError(f"the C header lacks {one}")
        lines.append(re.sub(r"\s+", " ", found[0].replace("struct pwv_slice ", "pwv_slice ", 0)))
    return "\n".join(lines) + "\n"


def all_traits(on: str, names: list[str]) -> str:
    body = "\n".join(f"    use {name};" for name in names)
    doc = f"Every operation of a {on}."
    return page("Pwvault\\Operations", [], comment(doc) + f"trait {pascal(on)}Operations\n{{\n{body}\n}}\n")


def page(namespace: str, used: list[str], body: str) -> str:
    uses = "".join(f"use {name};\n" for name in used)
    return (f"<?php\n\n// Generated by bindings/generate/php.py. Do not edit.\n\ndeclare(strict_types=1);\n\n"
            f"namespace {namespace};\n\n{uses}" + ("\n" if uses else "") + body)


def comment(text: str, indent: int = 0) -> str:
    """A comment of phpDocumentor, wrapped; an empty text gives none."""
    if not text.strip():
        return ""
    pad = " " * indent
    lines = []
    for line in text.strip().splitlines():
        follow = "    " if line.startswith("@") else ""
        lines += textwrap.wrap(line, 112 - indent, subsequent_indent=follow, break_long_words=False,
                               break_on_hyphens=False) or [""]
    return f"{pad}/**\n" + "".join(f"{pad} * {line}".rstrip() + "\n" for line in lines) + f"{pad} */\n"


def signature(head: str, given: list[str], result: str) -> list[str]:
    one = f"{head}({', '.join(given)}): {result}"
    if len(one) <= 118:
        return [one, "    {"]
    return [f"{head}(", *[f"        {part}" + ("," if place + 1 < len(given) else "") for place, part in enumerate(given)],
            f"    ): {result} {{"]


def secret(prefix: str) -> str:
    return "\\Pwvault\\Secret" if prefix else "Secret"


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def enum_case(case: Case) -> str:
    name = pascal(case.name)
    return name + "Case" if name == "Class" else name


def case_name(case: Case) -> str:
    name = pascal(case.name)
    return name + "Case" if name.lower() in RESERVED else name


def lower_first(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


EACH = {"list_entries": "Entry", "reachable_entries": "ReachableEntry", "read_log": "LogEvent",
        "pending_invites": "PendingInvite", "list_people": "Person", "sub_users": "SubUser"}

# Facts in the details of errors.
FACTS: dict[str, list[tuple[str, Any, str]]] = {
    "DENIED": [("decision", Named("Decision"), "Why, and what would help.")],
    "LOCKED": [
        ("any_of", Listing(Named("Challenge")), "The challenges, any of which opens it; null when there are several secrets."),
        ("needs", Listing(Named("Needed")), "What each of several secrets needs."),
    ],
    "INVALID": [("field", Text(), "The field that is not accepted.")],
    "VERSION_CONFLICT": [("expected", Integer(), "The version that was given."), ("found", Integer(), "The version that is there.")],
    "TOO_MANY": [("limit", Integer(), "How many the settings allow.")],
    "QUOTA_REACHED": [
        ("limit", Integer(), "How many the settings allow."), ("owned", Integer(), "How many the account owns."),
        ("added", Integer(), "How many would have been added."),
    ],
    "APPROVAL_REQUIRED": [("entries", Listing(Text()), "The entries that need an approval, where there are several.")],
    "CSV": [("report", Named("ImportReport"), "What became of the rows, where some are refused.")],
}

FUNCTIONS = ["pwv_abi_version", "pwv_library_version", "pwv_open", "pwv_session", "pwv_call", "pwv_document",
             "pwv_secret", "pwv_close", "pwv_close_all", "pwv_debug_live_handles"]

RESERVED = {
    "abstract", "and", "array", "as", "bool", "break", "callable", "case", "catch", "class", "clone", "const",
    "continue", "declare", "default", "do", "echo", "else", "empty", "enum", "eval", "exit", "extends", "false",
    "final", "finally", "float", "fn", "for", "foreach", "function", "global", "goto", "if", "implements", "include",
    "instanceof", "insteadof", "int", "interface", "isset", "iterable", "list", "match", "mixed", "namespace", "never",
    "new", "null", "object", "or", "parent", "print", "private", "protected", "public", "readonly", "require",
    "return", "self", "static", "string", "switch", "throw", "trait", "true", "try", "unset", "use", "var", "void",
    "while", "xor", "yield",
}
