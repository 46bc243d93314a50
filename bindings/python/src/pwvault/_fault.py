"""The root of the exceptions, and those that this side of the boundary raises by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, ClassVar, Dict, Mapping, Optional, Tuple, Type

if TYPE_CHECKING:
    from .model import Challenge, Decision, Needed


class PwvaultError(Exception):
    """Something went wrong. Every error of the library is one of its classes.

    ``code`` and ``name`` are frozen; ``message`` says in English what was wrong and what would be
    right; ``detail`` has facts for programs, such as the field. None of them holds a secret.
    After an ``InternalError`` or a ``StoreError`` it is not known whether the call was done.
    """

    code: ClassVar[int] = 99
    name: ClassVar[str] = "OTHER"

    def __init__(self, message: str, detail: Optional[Mapping[str, Any]] = None) -> None:
        super().__init__(message)
        self.message = message
        self.detail: Dict[str, Any] = dict(detail or {})

    def __reduce__(self) -> Tuple[Callable[..., PwvaultError], Tuple[Any, ...]]:
        return type(self), (self.message, self.detail)

    @property
    def key(self) -> Optional[str]:
        """The key of the message in the catalogues of other languages, if it has one."""
        found = self.detail.get("key")
        return found if isinstance(found, str) else None


class InvalidHandleError(PwvaultError):
    """It has been closed."""

    code = 2
    name = "INVALID_HANDLE"


class InvalidArgumentError(PwvaultError):
    """An argument is missing, unknown or not what is expected at its place."""

    code = 3
    name = "INVALID_ARGUMENT"


class ArgumentTypeError(InvalidArgumentError, TypeError):
    """An argument of the wrong type, such as a `str` where bytes belong."""


class ArgumentValueError(InvalidArgumentError, ValueError):
    """An argument of the right type that cannot be passed on, such as half of a surrogate pair."""


CLASSES: Dict[int, Type[PwvaultError]] = {2: InvalidHandleError, 3: InvalidArgumentError}
"""The classes by their numbers."""


class WithDecision(PwvaultError):
    """An error whose detail is a decision."""

    @property
    def decision(self) -> Decision:
        """Why not, and what would help."""
        decided: Decision = codec_of("Decision").decode(self.detail["decision"], ())
        return decided


class WithChallenges(PwvaultError):
    """An error whose detail says what is locked."""

    @property
    def any_of(self) -> Tuple[Challenge, ...]:
        """Any of these opens the one entry that was asked for."""
        challenges: Tuple[Challenge, ...] = codec_of("[Challenge]").decode(self.detail.get("any_of", ()), ())
        return challenges

    @property
    def needs(self) -> Tuple[Needed, ...]:
        """What each of several entries needs."""
        needed: Tuple[Needed, ...] = codec_of("[Needed]").decode(self.detail.get("needs", ()), ())
        return needed


def codec_of(expression: str) -> Any:
    """The codec of an expression, imported late: the values of the model need the errors."""
    from ._wire import codec

    return codec(expression)
