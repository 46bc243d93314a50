"""Values of this package to documents and back, by short expressions of their types.

An expression is a word (``text``, ``bool``, ``u32``, ``time``, ``secret``, ``bytes``, ...), the name
of a class of the model, ``[of]`` for a list, ``{of}`` for a dictionary, or ``of?`` for what may be
None. Wrong values are refused here by the name of their place, before they reach the
boundary. This module knows no single record.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import AbstractSet, Any, ClassVar, Dict, List, Mapping, NoReturn, Sequence, Type, TypeVar

from ._fault import ArgumentTypeError, ArgumentValueError
from ._secret import Secret, SecretBytes, Unfit, hide, hide_bytes

E = TypeVar("E", bound=Enum)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
LAST = datetime.max.replace(tzinfo=timezone.utc)

_classes: Dict[str, Type[Any]] = {}
_codecs: Dict[str, Codec] = {}
_objects: Dict[str, Object] = {}


class Codec:
    """How values of one type are checked, written and read."""

    expected = ""

    def accept(self, value: Any, where: str) -> Any:
        """The value as it is kept; raises where it does not fit."""
        raise NotImplementedError

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        """An accepted value in JSON; its secrets go beside."""
        return value

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        """The value of JSON."""
        return document

    def refuse(self, value: Any, where: str) -> NoReturn:
        raise ArgumentTypeError(f"{where}: expected {self.expected}, found {type(value).__name__}")


class Text(Codec):
    expected = "str"

    def accept(self, value: Any, where: str) -> Any:
        if not isinstance(value, str):
            self.refuse(value, where)
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ArgumentValueError(f"{where}: half of a surrogate pair is no character")
        return str(value)


class Integer(Codec):
    def __init__(self, word: str) -> None:
        self.high: int = 2 ** (int(word[1:]) - (word[0] == "i")) - 1
        self.low: int = 0 if word[0] == "u" else -self.high - 1
        self.expected = "int"

    def accept(self, value: Any, where: str) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(value, where)
        if not self.low <= value <= self.high:
            raise ArgumentValueError(f"{where}: expected a number from {self.low} to {self.high}")
        return int(value)


class Number(Codec):
    expected = "float"

    def accept(self, value: Any, where: str) -> Any:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            self.refuse(value, where)
        return float(value)


class Boolean(Codec):
    expected = "bool"

    def accept(self, value: Any, where: str) -> Any:
        return value if isinstance(value, bool) else self.refuse(value, where)


class Nothing(Codec):
    expected = "None"

    def accept(self, value: Any, where: str) -> Any:
        return None if value is None else self.refuse(value, where)

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        return None


class Time(Codec):
    """Milliseconds since 1970; what lies beyond the years of `datetime` is read as its last moment."""

    expected = "a datetime with a time zone"

    def accept(self, value: Any, where: str) -> Any:
        if not isinstance(value, datetime):
            self.refuse(value, where)
        if value.utcoffset() is None:
            raise ArgumentValueError(f"{where}: expected {self.expected}, found one without")
        return value.astimezone(timezone.utc)

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        return (value - EPOCH) // timedelta(milliseconds=1)

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        try:
            return EPOCH + timedelta(milliseconds=document)
        except OverflowError:
            return LAST


class Hidden(Codec):
    """A secret text, or secret bytes."""

    def __init__(self, text: bool) -> None:
        self.text = text
        self.expected = "str, bytes or Secret" if text else "bytes or SecretBytes"

    def accept(self, value: Any, where: str) -> Any:
        if isinstance(value, SecretBytes) or (self.text and isinstance(value, Secret)):
            return value
        taken = hide(value) if self.text else hide_bytes(value)
        if isinstance(taken, Unfit):
            raise type(taken.error)(f"{where}: {taken.error}")
        if taken is None or not (self.text or isinstance(taken, SecretBytes)):
            self.refuse(value, where)
        return taken

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        secrets.append(value._handle())
        return {"$secret": len(secrets) - 1}

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        return (Secret if self.text else SecretBytes)._of(secrets[document["$secret"]])


class Bytes(Codec):
    """Plain bytes, in JSON a list of numbers."""

    expected = "bytes"

    def accept(self, value: Any, where: str) -> Any:
        return (
            bytes(value) if isinstance(value, (bytes, bytearray, memoryview)) else self.refuse(value, where)
        )

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        return list(value)

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        return bytes(document)


class Payload(Codec):
    """Bytes beside a document of the host."""

    expected = "bytes"

    def __init__(self, secret: bool) -> None:
        self.secret = secret

    def accept(self, value: Any, where: str) -> Any:
        return (
            bytes(value) if isinstance(value, (bytes, bytearray, memoryview)) else self.refuse(value, where)
        )

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        secrets.append(value)
        return {"$payload": len(secrets) - 1}

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        held = secrets[document["$payload"]]
        return Secret(held) if self.secret else held


class Maybe(Codec):
    def __init__(self, of: Codec) -> None:
        self.of = of

    def accept(self, value: Any, where: str) -> Any:
        return None if value is None else self.of.accept(value, where)

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        return None if value is None else self.of.encode(value, secrets)

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        return None if document is None else self.of.decode(document, secrets)


class Listing(Codec):
    expected = "a list or tuple"

    def __init__(self, of: Codec) -> None:
        self.of = of

    def accept(self, value: Any, where: str) -> Any:
        if isinstance(value, Unfit):
            raise type(value.error)(f"{where}: {value.error}")
        if isinstance(value, (str, bytes, bytearray, memoryview, Mapping)) or not hasattr(value, "__iter__"):
            self.refuse(value, where)
        return tuple(self.of.accept(item, f"{where}[{place}]") for place, item in enumerate(value))

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        return [self.of.encode(item, secrets) for item in value]

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        return tuple(self.of.decode(item, secrets) for item in document)


class Dictionary(Codec):
    expected = "a dict"

    def __init__(self, of: Codec) -> None:
        self.of = of

    def accept(self, value: Any, where: str) -> Any:
        if not isinstance(value, Mapping):
            self.refuse(value, where)
        text = codec("text")
        return {
            text.accept(key, where): self.of.accept(item, f"{where}[{key!r}]") for key, item in value.items()
        }

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        return {key: self.of.encode(item, secrets) for key, item in value.items()}

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        return {key: self.of.decode(item, secrets) for key, item in document.items()}


class Plain(Codec):
    """An enum."""

    def __init__(self, cls: Type[Enum]) -> None:
        self.cls = cls
        self.expected = cls.__name__

    def accept(self, value: Any, where: str) -> Any:
        return value if isinstance(value, self.cls) else self.refuse(value, where)

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        return value.value

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        return self.cls(document)


class Object(Codec):
    """A record, with all of its fields."""

    def __init__(self, cls: Type[Record]) -> None:
        self.cls = cls
        self.expected = cls.__name__
        self.parts = [(name, name.rstrip("_"), codec(of)) for name, of in cls._wire.items()]

    def accept(self, value: Any, where: str) -> Any:
        return value if isinstance(value, self.cls) else self.refuse(value, where)

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        document = {}
        for name, key, of in self.parts:
            held = getattr(value, name)
            if held is not None:
                document[key] = of.encode(held, secrets)
        return document

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        made = object.__new__(self.cls)
        for name, key, of in self.parts:
            held = document.get(key)
            object.__setattr__(made, name, None if held is None else of.decode(held, secrets))
        return made


class Choice(Codec):
    """A family of cases."""

    def __init__(self, cls: Type[Variant]) -> None:
        self.cls = cls
        self.expected = cls.__name__
        self.cases = {one._case: one for one in cls.__subclasses__()}

    def accept(self, value: Any, where: str) -> Any:
        return value if isinstance(value, self.cls) and value._case else self.refuse(value, where)

    def encode(self, value: Any, secrets: List[Any]) -> Any:
        if self.cls._tag:
            return {self.cls._tag: value._case, **_object(type(value)).encode(value, secrets)}
        if value._form == "plain":
            return value._case
        if value._form == "value":
            return {value._case: codec(value._wire["value"]).encode(value.value, secrets)}
        return {value._case: _object(type(value)).encode(value, secrets)}

    def decode(self, document: Any, secrets: Sequence[Any]) -> Any:
        if self.cls._tag:
            return _object(self.cases[document[self.cls._tag]]).decode(document, secrets)
        if isinstance(document, str):
            return object.__new__(self.cases[document])
        ((name, content),) = document.items()
        case = self.cases[name]
        if case._form == "value":
            made = object.__new__(case)
            object.__setattr__(made, "value", codec(case._wire["value"]).decode(content, secrets))
            return made
        return _object(case).decode(content, secrets)


class Record:
    """A value of the model, with fields that do not change. `dataclasses.replace` makes another."""

    _wire: ClassVar[Mapping[str, str]] = {}
    _unshown: ClassVar[AbstractSet[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        _classes.setdefault(cls.__name__, cls)

    def __repr__(self) -> str:
        # What was refused while it was made has no fields yet, and tracebacks show it all the same.
        held = {name: "<hidden>" if name in self._unshown else repr(value) for name, value in vars(self).items()}
        return f"{type(self).__name__}({', '.join(f'{name}={held[name]}' for name in self._wire if name in held)})"


class Variant(Record):
    """One of several cases. Which one, `isinstance` tells."""

    _tag: ClassVar[str] = ""
    _case: ClassVar[str] = ""
    _form: ClassVar[str] = "plain"

    @property
    def case(self) -> str:
        """The name of its case, such as ``master_password``."""
        return self._case

    def __repr__(self) -> str:
        family = type(self).__mro__[1].__name__
        name = type(self).__name__
        return super().__repr__().replace(name, f"{family}.{name[len(family) :]}", 1) if self._case else name


def fill(record: Record, values: Mapping[str, Any]) -> None:
    """Checks and sets the fields of a new record."""
    name = type(record).__name__
    for field, _, of in _object(type(record)).parts:
        object.__setattr__(record, field, of.accept(values[field], f"{name}.{field}"))


def member(cls: Type[E]) -> Type[E]:
    """Makes an enum known by its name."""
    _classes[cls.__name__] = cls
    return cls


def codec(expression: str) -> Codec:
    """How values of a type are checked, written and read."""
    known = _codecs.get(expression)
    if known is None:
        known = _codecs[expression] = _read(expression)
    return known


def _read(text: str) -> Codec:
    if text.endswith("?"):
        return Maybe(codec(text[:-1]))
    if text[0] == "[":
        return Listing(codec(text[1:-1]))
    if text[0] == "{":
        return Dictionary(codec(text[1:-1]))
    word = _WORDS.get(text)
    if word is not None:
        return word
    if text[0] in "ui" and text[1:].isdigit():
        return Integer(text)
    cls = _classes[text]
    if issubclass(cls, Enum):
        return Plain(cls)
    return Choice(cls) if issubclass(cls, Variant) else _object(cls)


def _object(cls: Type[Record]) -> Object:
    """The fields of a class; made after it is known, since its fields may hold values of it again."""
    known = _objects.get(cls.__name__)
    if known is None:
        known = _objects[cls.__name__] = Object(cls)
    return known


_WORDS: Dict[str, Codec] = {
    "text": Text(),
    "number": Number(),
    "bool": Boolean(),
    "nothing": Nothing(),
    "time": Time(),
    "bytes": Bytes(),
    "payload": Payload(secret=False),
    "secret_payload": Payload(secret=True),
    "secret": Hidden(text=True),
    "secret_bytes": Hidden(text=False),
}

__all__ = ["Codec", "Record", "Variant", "codec", "fill", "member"]
