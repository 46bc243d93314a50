"""Calls through the boundary: documents out, documents and secrets back, errors by their classes.

This module knows no single operation. What a role of the host raised during a call is kept per thread,
and is raised again, or becomes the cause of the error that it led to.
"""

from __future__ import annotations

import json
import threading
from typing import Any, Callable, ClassVar, Dict, List, NoReturn, Optional, Tuple

from . import errors as _errors
from ._fault import CLASSES, InvalidHandleError, PwvaultError
from ._library import native
from ._wire import codec


class _Raised(threading.local):
    """What was raised in the calls of this thread that have not come back."""

    def __init__(self) -> None:
        self.calls: List[List[BaseException]] = []


_raised = _Raised()


def keep(error: BaseException) -> None:
    """Keeps what a role of the host raised for the call that is waiting for it."""
    if _raised.calls:
        _raised.calls[-1].append(error)


def invoke(function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls a function of the native library."""
    caught: List[BaseException] = []
    _raised.calls.append(caught)
    failure: Optional[BaseException] = None
    reply: Any = None
    try:
        reply = function(*arguments)
    except native.Failure as found:
        failure = found.with_traceback(None)
    finally:
        _raised.calls.pop()
    # What stops a program stops it here too, whatever the library made of it.
    for error in caught:
        if not isinstance(error, Exception):
            raise error
    if failure is not None:
        raise_fault(failure, caught[-1] if caught else None)
    return reply


def raise_fault(failure: Any, cause: Optional[BaseException]) -> NoReturn:
    """Raises what the library reported, by its class."""
    try:
        detail = json.loads(failure.detail)
    except ValueError:
        detail = None
    kind = CLASSES.get(failure.code, PwvaultError)
    raise kind(failure.message, detail if isinstance(detail, dict) else None) from cause


class Caller:
    """What operations are called on, until it is closed."""

    _sort: ClassVar[str] = "object"
    _native: Optional[Any] = None

    def _held(self) -> Any:
        held = self._native
        if held is None:
            raise InvalidHandleError(f"the {self._sort} is closed")
        return held

    def _call(self, operation: str, result: str, /, **arguments: Tuple[str, Any]) -> Any:
        held = self._held()
        document, secrets = write(arguments)
        reply = invoke(held.call, operation, document, secrets)
        return codec(result).decode(json.loads(reply.document), reply.secrets)

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._native is None

    def __repr__(self) -> str:
        return f"<pwvault {self._sort}, {'closed' if self._native is None else 'open'}>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"a {self._sort} is neither pickled nor copied; open one where it is needed")


def write(arguments: Dict[str, Tuple[str, Any]]) -> Tuple[str, List[Any]]:
    """Arguments as a document, and the secrets beside it."""
    secrets: List[Any] = []
    document: Dict[str, Any] = {}
    for name, (expression, value) in arguments.items():
        key, of = name.rstrip("_"), codec(expression)
        accepted = of.accept(value, key)
        if accepted is not None:
            document[key] = of.encode(accepted, secrets)
    return json.dumps(document, ensure_ascii=False), secrets


CLASSES.update(_errors.BY_CODE)
