"""Types in PHP, and the classes of values: records, enums and unions."""

from __future__ import annotations

import json
from typing import Optional

from ..model import (
    ABSENT, REDACTED, Alias, Boolean, Case, Enum, Field, Integer, Listing, Mapping, Maybe, Model, Named, Nothing, Number, Record,
    SecretValue, Text, Type, Union,
)
from .words import camel, case_name, comment, enum_case, lower_first, page, pascal, secret, signature


class Values:
    """Writes the values of one model."""

    def __init__(self, of: Model) -> None:
        self.model = of

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
        members = self.members(one.fields, taken=taken, prefix="")
        if one.name in REDACTED:
            names = ", ".join(f"'{camel(name)}'" for name in REDACTED[one.name])
            members[:0] = ["    /** @internal */", f"    public const UNSHOWN = [{names}];", ""]
        body = "\n".join(members)
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
        head = comment("\n".join([self.text(one.doc), "", *self.shared(one)]).strip())
        return page("Pwvault\\Model", sorted(used), head + f"abstract class {one.name} extends Union\n{{\n{body}\n}}\n")

    def shared(self, one: Union) -> list[str]:
        """The properties that every case has, for those who analyse code."""
        taken = one.name in self.model.taken
        found: list[set[str]] = []
        for case in one.cases:
            own = set()
            for field in self.case_fields(case):
                kind = self.documented(field.type, given=not taken or self.converted(field.type))
                maybe = "|null" if self.default(field) == "null" and not kind.endswith("|null") else ""
                own.add(f"@property-read {kind}{maybe} ${camel(field.name)}")
            found.append(own)
        return sorted(set.intersection(*found))

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

    # Texts

    def text(self, doc: str) -> str:
        """A text as it may stand in a comment."""
        return doc.replace("*/", "* /").replace("# Security\n", "**Security.** ")
