"""A language's runner: a process that does what each line says. bindings/c/runner.c has the lines."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import Any, Sequence


class Fault(Exception):
    """What a call came to: the document of an error."""

    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__(f"{document['name']}: {document['message']}")
        self.document = document


def take_out(value: Any, into: list[bytes]) -> Any:
    """A document whose secrets, which stand there as bytes, go beside it."""
    if isinstance(value, (bytes, bytearray)):
        into.append(bytes(value))
        return {"$secret": len(into) - 1}
    if isinstance(value, dict):
        return {key: take_out(one, into) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [take_out(one, into) for one in value]
    return value


def put_in(value: Any, secrets: Sequence[bytes]) -> Any:
    """The document with its secrets in it again."""
    if isinstance(value, dict):
        if list(value) == ["$secret"]:
            return secrets[value["$secret"]]
        return {key: put_in(one, secrets) for key, one in value.items()}
    if isinstance(value, list):
        return [put_in(one, secrets) for one in value]
    return value


class Runner:
    """The library through one language. Secrets stand in documents as bytes."""

    def __init__(self, name: str, command: str) -> None:
        self.name = name
        self.process = subprocess.Popen(
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii"
        )

    def open(self, options: dict[str, Any]) -> str:
        return self._ask("open", *_words(options))[0]

    def session(self, vault: str, options: dict[str, Any]) -> str:
        return self._ask("session", vault, *_words(options))[0]

    def call(self, target: str, name: str, /, **arguments: Any) -> Any:
        document, *secrets = map(_unhexed, self._ask("call", target, name, *_words(arguments)))
        return put_in(json.loads(document), secrets)

    def close(self, handle: str) -> None:
        self._ask("close", handle)

    def end(self) -> None:
        """Ends it; it says by its status whether all is closed and well."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        rest, status = self.process.stdout.read(), self.process.wait(60)
        if rest or status != 0:
            raise RuntimeError(f"the runner of {self.name} ended with {status} and {rest[:200]!r}")

    def _ask(self, *words: str) -> list[str]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        kind, *said = self.process.stdout.readline().split() or ["nothing"]
        if kind == "error":
            raise Fault(json.loads(_unhexed(said[0])))
        if kind != "ok":
            raise RuntimeError(f"the runner of {self.name} said {kind}")
        return said


def _words(document: dict[str, Any]) -> list[str]:
    secrets: list[bytes] = []
    text = json.dumps(take_out(document, secrets), ensure_ascii=False)
    return [one.hex() or "-" for one in (text.encode(), *secrets)]


def _unhexed(word: str) -> bytes:
    return b"" if word == "-" else bytes.fromhex(word)
