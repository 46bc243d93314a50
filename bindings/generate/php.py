"""Writes the typed parts of the PHP package: the operations and exceptions here, the values in `php_parts`."""

from __future__ import annotations

import re
from typing import Any, Optional

from . import model
from .model import (
    Alias, Enum, Field, Integer, Listing, Maybe, Named, Operation, Record, Text, Type, Union,
)
from .php_parts.values import Values
from .php_parts.words import SPELLING, camel, case_name, comment, lower_first, page, pascal, signature
from .wording import reworded

ROOT = "php/src/"
FOLDERS = ["php/src/Model", "php/src/Operations", "php/src/Exception"]


def files() -> dict[str, str]:
    """Every generated file by its path in bindings/."""
    return Writer(reworded(model.load(), SPELLING)).files()


class Writer(Values):
    """Writes one model."""

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

    def operation(self, operation: Operation) -> list[str]:
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
        lines += signature(f"    public {kind} {camel(operation.name)}", given, result)
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
