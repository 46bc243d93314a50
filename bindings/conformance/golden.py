"""Golden vaults: what each language wrote, every other must read whole.

A vault is a file `<language>.db` with `<language>.json` beside it, which says how it opens and what must
be found. All of it is made for tests; the keys and passwords guard nothing.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from .runner import Fault, Runner

FOLDER = Path(__file__).resolve().parent.parent.parent / "vectors/golden"
VAULT = "0190b5a0-0000-7000-8000-000000000042"
KEK = {"id": "07" * 16, "key": "2a" * 32}
ADMIN = {"kind": {"admin": {"id": "1", "roles": ["full"], "departments": []}}}
OTHER = {"kind": {"admin": {"id": "7", "roles": [], "departments": []}}}
CLIENT = {"kind": {"client": {"id": "2", "groups": []}}}
MASTER, PASSPHRASE = "master of client 2", "passphrase of the key"
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def write(runner: Runner, folder: Path) -> None:
    """Writes a vault and its description, by the same steps in every language."""
    file = folder / f"{runner.name}.db"
    for old in folder.glob(f"{runner.name}.*"):
        old.unlink()
    vault = runner.open(_options(file, "create"))
    admin, client = (runner.session(vault, {"principal": who}) for who in (ADMIN, CLIENT))

    def call(name: str, /, **arguments: Any) -> Any:
        return runner.call(admin, name, **arguments)

    current = call("settings")
    settings = {**current["settings"], "history_limit": 5}
    settings["kdf"] = {**settings["kdf"], "memory_kib": 19_456, "passes": 2, "lanes": 1}
    call("update_settings", settings=settings, revision=current["revision"])
    keys = {}
    for tier, custody in {"k1": "public_only", "k2": {"passphrase": PASSPHRASE.encode()}, "k3": "stored"}.items():
        generation = {"name": tier, "owner": {"admin": "1"}, "bits": 3072, "custody": custody, "may_attach": []}
        keys[tier] = call("generate_key", generation=generation)
    answers: dict[str, Any] = {
        "v": None,
        "k1": {"private_key": {"key": keys["k1"]["id"], "pem": keys["k1"].get("private_pem", b"").decode()}},
        "k2": {"passphrase": {"key": keys["k2"]["id"], "passphrase": PASSPHRASE}},
        "k3": None,
    }
    entries = []
    for tier, answer in answers.items():
        draft = _draft(f"{runner.name} {tier}", f"secret of {tier} by {runner.name}")
        made = call("create_entry", draft={**draft, "keys": [keys[tier]["id"]] if tier in keys else []})
        entries.append({"id": made, "tier": tier, "by": ADMIN, "unlock": answer, "secret": _plain(draft)})
    draft = _draft(f"{runner.name} m", f"secret of m by {runner.name}")
    set_master = {"password": MASTER.encode(), "confirmation": MASTER.encode(), "recovery": "none"}
    runner.call(client, "set_master_password", set=set_master)
    unlock = {"master_password": {"owner": {"client": "2"}, "password": MASTER}}
    ticket = runner.call(client, "unlock", answer=_secret(unlock))
    runner.close(client)
    client = runner.session(vault, {"principal": CLIENT, "tickets": [ticket]})
    made = runner.call(client, "create_entry", draft={**draft, "owner": {"client": "2"}})
    entries.append({"id": made, "tier": "m", "by": CLIENT, "unlock": unlock, "secret": _plain(draft)})

    first, second = entries[0]["id"], entries[1]["id"]
    call("share", id=first, changes=[{"put": {"grantee": {"admin": "7"}, "actions": ["view", "reveal"]}}])
    version = call("entry", id=first)["head"]["version"]
    call("update_entry", id=first, version=version, patch={"password": b"the newer one"})
    past = {**entries[0]["secret"]}
    entries[0]["secret"] = {**past, "password": "the newer one"}
    category = call("create_category", draft={"name": "Mail", "description": "of tests", "members": [{"role": "mail"}]})
    call("assign_category", ids=[second], to={"category": category, "actions": ["view"]})
    tag = call("create_tag", name="old")
    call("tag_entries", ids=[first], add=[tag], remove=[])
    gone = call("create_entry", draft=_draft("in the trash", "gone"))
    call("trash_entries", ids=[gone])
    call("make_checkpoints")
    for handle in (client, admin):
        runner.close(handle)
    head = runner.call(vault, "head")
    runner.close(vault)
    description = {
        "about": f"written through {runner.name}",
        "vault": VAULT,
        "kek": KEK,
        "head": head,
        "entries": entries,
        "shared": {"entry": first, "with": OTHER, "actions": ["view", "reveal"]},
        "history": {"entry": first, "secret": past},
        "trash": [gone],
        "category": {"id": category, "name": "Mail", "entries": [second]},
        "tag": {"id": tag, "name": "old", "entries": [first]},
    }
    text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
    (folder / f"{runner.name}.json").write_text(text, encoding="utf-8")


def read(runner: Runner, folder: Path, language: str) -> int:
    """Reads everything of a vault that `language` wrote, from a copy of it; the number of things found."""
    about = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "vault.db"
        shutil.copyfile(folder / f"{language}.db", copy)
        return _read(runner, about, _options(copy, "open"))


def _read(runner: Runner, about: dict[str, Any], options: dict[str, Any]) -> int:
    found = 0

    def same(what: str, one: Any, other: Any) -> None:
        nonlocal found
        if one != other:
            raise AssertionError(f"{runner.name}, {about['about']}, {what}:\n  found {one}\n  right {other}")
        found += 1

    vault = runner.open(options)
    same("head", runner.call(vault, "head"), about["head"])
    admin = runner.session(vault, {"principal": ADMIN})

    def call(name: str, /, **arguments: Any) -> Any:
        return runner.call(admin, name, **arguments)

    def revealed(session: str, name: str, /, **arguments: Any) -> Any:
        return _texts(runner.call(session, name, **arguments))

    for entry in about["entries"]:
        session, unlock = runner.session(vault, {"principal": entry["by"]}), entry["unlock"]
        if unlock is not None:
            try:
                runner.call(session, "reveal", id=entry["id"])
                same(f"{entry['tier']} before its answer", "open", "locked")
            except Fault as fault:
                same(f"{entry['tier']} before its answer", fault.document["name"] in ("LOCKED", "DENIED"), True)
            ticket = runner.call(session, "unlock", answer=_secret(unlock))
            runner.close(session)
            session = runner.session(vault, {"principal": entry["by"], "tickets": [ticket]})
        same(entry["tier"], revealed(session, "reveal", id=entry["id"]), entry["secret"])
        runner.close(session)
    shared, past = about["shared"], about["history"]
    other = runner.session(vault, {"principal": shared["with"]})
    right = next(entry["secret"] for entry in about["entries"] if entry["id"] == shared["entry"])
    same("the share", revealed(other, "reveal", id=shared["entry"]), right)
    runner.close(other)
    (older,) = call("history", id=past["entry"])
    same("history", revealed(admin, "reveal_past", id=past["entry"], past=older["id"]), past["secret"])
    for what, asked, ids in (
        ("trash", {"trashed": True}, about["trash"]),
        ("category", {"category": about["category"]["id"]}, about["category"]["entries"]),
        ("tag", {"tag": about["tag"]["id"]}, about["tag"]["entries"]),
    ):
        page = call("list_entries", query={"filter": asked})
        same(what, [_id(row) for row in page["entries"]], ids)
    for what in ("categories", "tags"):
        kind = about[{"categories": "category", "tags": "tag"}[what]]
        same(what, [(one["id"], one["head"]["name"]) for one in call(what)], [(kind["id"], kind["name"])])
    report = call("verify_log", options={})
    same("the log", report["findings"], [])
    same("events of the log", report["events"] > 20, True)
    runner.close(admin)
    runner.close(vault)
    return found


def _id(row: dict[str, Any]) -> str:
    found: str = row["id"]
    return found


def _options(file: Path, mode: str) -> dict[str, Any]:
    kek = {"keys": [{"id": KEK["id"], "key": bytes.fromhex(KEK["key"])}]}
    options: dict[str, Any] = {"store": f"sqlite:{file}", "vault": VAULT, "kek": kek, "mode": mode}
    return {**options, "full_access": "full"} if mode == "create" else options


def _draft(name: str, password: str) -> dict[str, Any]:
    return {
        "name": name,
        "username": "anna",
        "website": "https://example.com/",
        "password": password.encode(),
        "notes": "with an ü and a 🗝".encode(),
        "totp": SEED.encode(),
        "fields": [{"name": "pin", "value": b"1234", "secret": True}],
    }


def _plain(draft: dict[str, Any]) -> dict[str, Any]:
    texts = {name: draft[name].decode() for name in ("password", "notes", "totp")}
    return {**texts, "fields": [one["value"].decode() for one in draft["fields"]]}


def _texts(secret: dict[str, Any]) -> dict[str, Any]:
    return _plain({**secret, "fields": secret["fields"]})


def _secret(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer of a description, with its secrets as such."""
    ((kind, content),) = answer.items()
    secret = {name: one.encode() if name in ("pem", "passphrase", "password") else one for name, one in content.items()}
    return {kind: secret}
