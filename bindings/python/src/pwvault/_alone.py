"""The library itself as something that operations are called on. It is never closed."""

from __future__ import annotations

from ._library import native
from .operations import OnLibrary


class Library(OnLibrary):
    _sort = "library"

    def __init__(self) -> None:
        self._native = native


LIBRARY = Library()
