"""Walks the vectors of what needs no vault: every file gets its verdict, in every language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

from .runner import Fault, Runner

VECTORS = Path(__file__).resolve().parent.parent.parent / "vectors"


def walk(runner: Runner) -> int:
    """How many files got their verdict; the first that did not raises."""
    walked = 0
    for folder, judge in JUDGES.items():
        files = sorted((VECTORS / folder).glob("*.json"))
        if len(files) < 20:
            raise AssertionError(f"only {len(files)} files in {folder}")
        for file in files:
            vector = json.loads(file.read_text(encoding="utf-8"))
            found, right = judge(runner, vector)
            if found != right:
                raise AssertionError(f"{runner.name}, {folder}/{file.name}:\n  found {found}\n  right {right}")
            walked += 1
    return walked


def _policy(runner: Runner, vector: dict[str, Any]) -> tuple[Any, Any]:
    right = vector.pop("expect")
    del vector["about"]
    return runner.call("0", "decide", question=vector), right


def _reminder(runner: Runner, vector: dict[str, Any]) -> tuple[Any, Any]:
    asked = {name: vector[name] for name in ("since", "every", "number", "hour", "zone")}
    return _told(lambda: runner.call("0", "next_reminder", **asked)), vector["expected"]


def _checkpoint(runner: Runner, vector: dict[str, Any]) -> tuple[Any, Any]:
    right: Any = vector["verdict"]
    if right == "accept":
        right = {**vector["states"], "size": int(vector["states"]["size"])}
    try:
        keys = vector["verifier_keys"]
        return runner.call("0", "verify_checkpoint", text=vector["text"], verifier_keys=keys), right
    except Fault as fault:
        return ("refuse" if fault.document["name"] == "AUDIT" else str(fault)), right


def _csv(runner: Runner, vector: dict[str, Any]) -> tuple[Any, Any]:
    file = bytes.fromhex(vector["input_hex"]) if "input_hex" in vector else vector["input"].encode()
    options = vector.get("options", {})
    try:
        read = runner.call("0", "read_csv", file=file, options=options)
    except Fault as fault:
        detail = fault.document["detail"]
        found: Any = {"error": {"key": detail["error"], **{k: detail[k] for k in ("offset", "line") if k in detail}}}
        return found, vector["expect"]
    found = {"rows": [_row(row) for row in read["rows"]]}
    if "sniffed" in vector["expect"]:
        delimiter = {"comma": ",", "semicolon": ";", "tab": "\t"}[read["sniffed"]["delimiter"]]
        found["sniffed"] = {**read["sniffed"], "delimiter": delimiter}
        del found["sniffed"]["header"]
    return found, vector["expect"]


def _row(row: dict[str, Any]) -> Any:
    ((kind, content),) = row.items()
    if kind == "skip":
        return {"skip": content}
    if kind == "bad":
        bad = {"key": _key(content), "row": content["row"], "line": content["line"]}
        return {"bad": {**bad, **({"column": content["column"]} if content.get("column") is not None else {})}}
    entry = {name: one for name, one in content.items() if name not in ("row", "line")}
    entry["kind"] = "" if entry["kind"] == "login" else entry["kind"]
    entry["fields"] = [[one["name"], one["value"].decode(), one["secret"]] for one in entry["fields"]]
    entry["remarks"] = [_key(remark) for remark in entry["remarks"]]
    for name in ("password", "notes", "totp"):
        entry[name] = entry[name].decode()
    return {"import": {name: one for name, one in entry.items() if one not in ("", None, []) and one is not False}}


def _key(problem: dict[str, Any]) -> str:
    """The stable name of a problem, from the key of its message."""
    key: str = problem["kind"]["key"]
    return key.removeprefix("csv-problem-").removeprefix("csv-remark-").replace("-", "_")


def _told(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Fault as fault:
        return {"error": fault.document["detail"]["error"]}


JUDGES = {"policy": _policy, "reminders": _reminder, "audit/checkpoint": _checkpoint, "csv": _csv}
