"""`python3 -m conformance vectors|golden|reach [--write] NAME=COMMAND...` in bindings/, with the runner of each language.

`vectors` walks the vectors. `golden` reads the golden vaults through every language, and crosses fresh
ones; with `--write` it writes the checked-in ones anew. `reach` calls every operation by its name, and
writes those the library knows to target/parity/NAME.txt.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from . import golden, vectors
from .runner import Fault, Runner

BINDINGS = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    what, anew = arguments[0], "--write" in arguments
    runners = [Runner(*one.split("=", 1)) for one in arguments[1:] if one != "--write"]
    done = 0
    if what == "vectors":
        done = sum(vectors.walk(runner) for runner in runners)
    elif what == "reach":
        done = sum(reach(runner) for runner in runners)
    elif anew:
        golden.FOLDER.mkdir(exist_ok=True)
        for runner in runners:
            golden.write(runner, golden.FOLDER)
    else:
        written = sorted(path.stem for path in golden.FOLDER.glob("*.json"))
        if len(written) < 5:
            raise AssertionError(f"golden vaults of {written} alone")
        done = sum(golden.read(runner, golden.FOLDER, one) for runner in runners for one in written)
        with tempfile.TemporaryDirectory() as fresh:
            for runner in runners:
                golden.write(runner, Path(fresh))
            done += sum(golden.read(runner, Path(fresh), one.name) for runner in runners for one in runners)
    for runner in runners:
        runner.end()
    print(f"test result: ok. {done} passed; 0 failed; 0 ignored")
    return 0


def reach(runner: Runner) -> int:
    """Calls every operation with nothing; the library names what is missing, or does it."""
    sys.path.insert(0, str(BINDINGS))
    from generate import model

    options = {"store": "memory:", "vault": golden.VAULT, "mode": "create", "full_access": "full"}
    kek = {"keys": [{"id": golden.KEK["id"], "key": bytes.fromhex(golden.KEK["key"])}]}
    vault = runner.open({**options, "kek": kek})
    session = runner.session(vault, {"principal": golden.ADMIN})
    targets = {"vault": vault, "session": session, "library": "0"}
    reached = []
    for operation in model.load().operations:
        try:
            runner.call(targets[operation.on], operation.name)
        except Fault as fault:
            if fault.document["name"] in ("UNKNOWN_OPERATION", "INVALID_HANDLE", "INTERNAL"):
                continue
        reached.append(f"{operation.on}.{operation.name}\n")
    runner.close(session)
    runner.close(vault)
    folder = BINDINGS.parent / "target/parity"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{runner.name}.txt").write_text("".join(reached), encoding="utf-8")
    return len(reached)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
