"""`python3 -m generate` in bindings/ writes what is generated; `--check` says what is not current."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_LANGUAGES = {"__init__", "__main__", "model", "parity", "wording"}


def main(arguments: list[str]) -> int:
    check = arguments == ["--check"]
    if arguments and not check:
        print("usage: python3 -m generate [--check]", file=sys.stderr)
        return 2
    stale = 0
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    for name in names:
        if name in NOT_LANGUAGES:
            continue
        language = importlib.import_module(f"{__package__}.{name}")
        wanted: dict[str, str] = language.files()
        # A folder that holds nothing but generated files may hold one too many.
        present = {
            str(path.relative_to(ROOT))
            for folder in getattr(language, "FOLDERS", [])
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        for path in sorted(present - set(wanted)):
            stale += 1
            print(f"{path}: no longer generated")
            if not check:
                (ROOT / path).unlink()
        for path, text in sorted(wanted.items()):
            place = ROOT / path
            if place.is_file() and place.read_text(encoding="utf-8") == text:
                continue
            stale += 1
            print(f"{path}: {'not current' if check else 'written'}")
            if not check:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
    if check and stale:
        print("run `python3 -m generate` in bindings/")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
