"""What is typed by machine is what the description of the operations says."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

BINDINGS = Path(__file__).parents[2]


def test_generated_files_are_current() -> None:
    sys.path.insert(0, str(BINDINGS))
    try:
        python: Any = importlib.import_module("generate.python")
    finally:
        sys.path.pop(0)
    wanted = python.files()
    stale = [name for name, text in wanted.items() if (BINDINGS / name).read_text(encoding="utf-8") != text]
    present = {
        str(path.relative_to(BINDINGS))
        for folder in python.FOLDERS
        for path in (BINDINGS / folder).glob("*.py")
    }
    assert stale == [] and present <= set(wanted), "run `python3 -m generate` in bindings/"
    assert all(len(text.splitlines()) < 600 for text in wanted.values())
