"""Whether every public declaration of the packages of Python, Kotlin, PHP and JavaScript is documented at its place.

Fields of values are documented where the core says something of them; this is about what is called and named.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

BINDINGS = Path(__file__).resolve().parent.parent / "bindings"
PYTHON_INSIDE = {"_native", "_wire.py", "_hosts.py", "_call.py", "_alone.py"}
KOTLIN = r"^ *(?:public )?(?:(?:abstract|open|sealed|data|enum|fun|inline|const) )*(?:class|interface|object|fun|val|var|typealias)\b"
PHP = r"^ *(?:(?:abstract|final|readonly) )*(?:(?:class|interface|enum|trait) \w+|(?:public )(?:static )?function (?!__)\w+)"
TYPESCRIPT = r"^ *export (?:declare )?(?:async )?(?:function|class|interface|type|const|enum)\b"


def main() -> int:
    missing = [*python(), *kotlin(), *php(), *js()]
    for place in missing:
        print(f"{place} has no documentation")
    return 1 if missing else 0


def python() -> Iterator[str]:
    package = BINDINGS / "python/src/pwvault"
    for path in sorted(package.rglob("*.py")):
        if PYTHON_INSIDE & set(path.relative_to(package).parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree):
            yield str(path.relative_to(BINDINGS))
        yield from undocumented(tree, str(path.relative_to(BINDINGS)))


def undocumented(tree: ast.AST, place: str) -> Iterator[str]:
    for one in ast.iter_child_nodes(tree):
        if isinstance(one, (ast.ClassDef, ast.FunctionDef)) and not one.name.startswith("_"):
            if not ast.get_docstring(one):
                yield f"{place}: {one.name}"
            if isinstance(one, ast.ClassDef):
                yield from undocumented(one, f"{place}: {one.name}")


def kotlin() -> Iterator[str]:
    sources = BINDINGS / "kotlin/src/main"
    for folder in ("kotlin", "generated"):
        for path in sorted((sources / folder).rglob("*.kt")):
            # Annotations stand between.
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not re.match(r" *@", line)]
            yield from bare(path, lines, KOTLIN, lambda line: line.lstrip().startswith("public "))


def php() -> Iterator[str]:
    files = {path: path.read_text(encoding="utf-8") for path in sorted((BINDINGS / "php/src").rglob("*.php"))}
    # What an interface says need not be said again.
    interfaces = [text for text in files.values() if re.search("^interface ", text, re.MULTILINE)]
    said = set(re.findall(r"\*/\n    public function (\w+)", "".join(interfaces)))
    for path, text in files.items():
        lines = [line for line in text.splitlines() if not re.match(r" *#\[", line)]
        implements = re.search(r"^(?:final |abstract )?class \w+ .*\bimplements\b", text, re.MULTILINE)
        for line in bare(path, lines, PHP, lambda _: True):
            if not (implements and re.search(r"function (\w+)", line)[1] in said):
                yield line


def js() -> Iterator[str]:
    for path in sorted((BINDINGS / "js").glob("*.d.ts")):
        yield from bare(path, path.read_text(encoding="utf-8").splitlines(), TYPESCRIPT, lambda _: True)


def bare(path: Path, lines: list[str], declares: str, counts: Callable[[str], bool]) -> Iterator[str]:
    """The declarations that no comment ends before."""
    for number, line in enumerate(lines):
        if re.match(declares, line) and counts(line) and not lines[number - 1].rstrip().endswith("*/"):
            yield f"{path.relative_to(BINDINGS)}: {line.strip()}"


if __name__ == "__main__":
    sys.exit(main())
