"""Does what standard input asks, one line for each request. bindings/c/runner.c says what the lines are."""

from __future__ import annotations

import json
import sys
from typing import Any, Dict, List

from pwvault import PwvaultError
from pwvault._call import invoke
from pwvault._library import native


def main() -> None:
    held: Dict[str, Any] = {"0": native}
    for line in sys.stdin:
        words = line.split()
        try:
            print("ok", *answer(held, words))
        except PwvaultError as error:
            document = {"code": error.code, "name": error.name, "message": str(error), "detail": error.detail}
            print("error", json.dumps(document).encode().hex())
        sys.stdout.flush()


def answer(held: Dict[str, Any], words: List[str]) -> List[str]:
    kind = words[0]
    if kind == "close":
        del held[words[1]]
        return []
    if kind == "call":
        reply = invoke(held[words[1]].call, words[2], text(words[3]), secrets(words[4:]))
        return [hexed(reply.document.encode()), *(hexed(one.expose()) for one in reply.secrets)]
    if kind == "open":
        made = invoke(native.open, text(words[1]), secrets(words[2:]), None)
    else:
        made = invoke(held[words[1]].session, text(words[2]), secrets(words[3:]))
    handle = str(id(made))
    held[handle] = made
    return [handle]


def text(word: str) -> str:
    return unhexed(word).decode()


def secrets(words: List[str]) -> List[Any]:
    return [native.Secret(unhexed(word)) for word in words]


def unhexed(word: str) -> bytes:
    return b"" if word == "-" else bytes.fromhex(word)


def hexed(content: bytes) -> str:
    return content.hex() or "-"


main()
