"""Secrets: what is kept out of documents, of `repr` and of tracebacks, and wiped when done with.

This module knows what a secret may be made of. It knows no operation and no record.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, NoReturn, Optional, Type, TypeVar, Union

from ._fault import ArgumentTypeError, ArgumentValueError, InvalidHandleError
from ._library import native

Self = TypeVar("Self", bound="_Hidden")


class _Hidden:
    """What text and bytes have in common. The content lives in the native library, which wipes it."""

    __slots__ = ("_native", "__weakref__")
    _native: Optional[Any]

    def __new__(cls: Type[Self], *_: Any) -> Self:
        made = super().__new__(cls)
        # What is refused while it is made can be seen in a traceback.
        made._native = None
        return made

    def __init__(self, content: bytes) -> None:
        self._native = native.Secret(content)

    @classmethod
    def _of(cls: Type[Self], held: Any) -> Self:
        made = cls.__new__(cls)
        made._native = held
        return made

    def _handle(self) -> Any:
        held = self._native
        if held is None:
            raise InvalidHandleError("the secret has been wiped; take it from the vault again")
        return held

    def wipe(self) -> None:
        """Overwrites the content in memory; doing it twice changes nothing.

        A secret is also wiped when nothing refers to it any more. Copies that `expose` gave out are
        Python's, and cannot be wiped.
        """
        held, self._native = self._native, None
        if held is not None:
            held.wipe()

    close = wipe

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.wipe()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {'wiped' if self._native is None else 'hidden'}>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is neither pickled nor copied; pass on what expose() gives")

    def __bool__(self) -> NoReturn:
        raise TypeError(f"ask expose() whether a {type(self).__name__} is empty")


class Secret(_Hidden):
    """A secret text, such as a password. `repr`, `str` and `pickle` never show it.

    Give a `str`, or its bytes in UTF-8. Use it in a `with` block to wipe it at the end of it.
    """

    __slots__ = ()

    def __init__(self, content: Union[str, bytes, bytearray, memoryview]) -> None:
        raw, wrong = _utf8(content)
        del content
        if wrong is not None:
            raise wrong
        super().__init__(raw)

    def expose(self) -> str:
        """The text itself: pass it on, and keep it nowhere."""
        exposed: bytes = self._handle().expose()
        return exposed.decode("utf-8")


class SecretBytes(_Hidden):
    """Secret bytes, such as an unlock ticket or a link. `repr`, `str` and `pickle` never show them."""

    __slots__ = ()

    def __init__(self, content: Union[bytes, bytearray, memoryview]) -> None:
        raw = _raw(content)
        del content
        if raw is None:
            raise ArgumentTypeError("a SecretBytes is made of bytes; encode a text first")
        super().__init__(raw)

    def expose(self) -> bytes:
        """The bytes themselves: pass them on, and keep them nowhere."""
        exposed: bytes = self._handle().expose()
        return exposed


SecretInput = Union[str, bytes, Secret, SecretBytes]
"""What is taken for a secret text."""

SecretBytesInput = Union[bytes, SecretBytes]
"""What is taken for secret bytes."""


class Unfit:
    """Stands for what cannot be a secret until it is refused by the name of its place."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


def hide(value: Any) -> Any:
    """Takes a plain secret out of a local variable, before a traceback can show it."""
    if value is None or isinstance(value, (_Hidden, Unfit)):
        return value
    try:
        return Secret(value)
    except (TypeError, ValueError) as error:
        wrong = error.with_traceback(None)
    return Unfit(wrong)


def hide_bytes(value: Any) -> Any:
    """As `hide`, for secret bytes."""
    if value is None or isinstance(value, (_Hidden, Unfit)):
        return value
    try:
        return SecretBytes(value)
    except (TypeError, ValueError) as error:
        wrong = error.with_traceback(None)
    return Unfit(wrong)


def hide_each(values: Any) -> Any:
    """As `hide`, for each of several."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        return Unfit(ArgumentTypeError("expected several secrets, each a str, bytes or Secret"))
    return [hide(value) for value in values]


def hide_each_bytes(values: Any) -> Any:
    """As `hide_bytes`, for each of several."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        return Unfit(ArgumentTypeError("expected several secrets, each bytes or SecretBytes"))
    return [hide_bytes(value) for value in values]


def _raw(content: Any) -> Optional[bytes]:
    return bytes(content) if isinstance(content, (bytes, bytearray, memoryview)) else None


def _utf8(content: Any) -> Any:
    """The bytes of a text, or an error that does not hold the text."""
    wrong: Exception
    try:
        if isinstance(content, str):
            return content.encode("utf-8"), None
        raw = _raw(content)
        if raw is not None:
            raw.decode("utf-8")
            return raw, None
        wrong = ArgumentTypeError(f"a secret text is made of str or bytes, not {type(content).__name__}")
    except UnicodeEncodeError:
        wrong = ArgumentValueError("the secret text holds half of a surrogate pair, which is no character")
    except UnicodeDecodeError:
        wrong = ArgumentValueError("a secret text is UTF-8; these bytes are not")
    return None, wrong
