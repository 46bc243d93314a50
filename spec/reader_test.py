#!/usr/bin/env python3
"""reader_test.py DIRECTORY: holds reader.py against a vault made by the library (example
make_format_vault), and against the same vault with one thing wrong at a time."""
import contextlib
import io
import json
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import reader

READER = Path(__file__).with_name("reader.py")


class Test:
    def __init__(self, directory):
        self.directory = directory
        self.expected = json.loads((directory / "expected.json").read_text())
        self.passed = self.failed = 0
        for key, pem in self.expected["private_keys"].items():
            (directory / f"{key}.pem").write_text(pem)

    def read(self, file=None, kek=None, kek_id=None, passphrases=None, masters=None, private_keys=None, extra=()):
        given = self.expected
        files = {key: self.directory / f"{key}.pem" for key in given["private_keys"]}
        arguments = ["--kek-hex", kek or given["kek"], "--kek-id", kek_id or given["kek_id"], *extra]
        for option, values in (("--passphrase", passphrases if passphrases is not None else given["passphrases"]),
                               ("--master", masters if masters is not None else given["masters"]),
                               ("--private-key", private_keys if private_keys is not None else files)):
            for name, value in values.items():
                arguments += [option, f"{name}={value}"]
        file = file or self.directory / "vault.db"
        done = subprocess.run([sys.executable, READER, file, *arguments], capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr.strip()

    def check(self, name, good, found=""):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {name}: {str(found)[:500]}")

    def refused(self, name, kind, **changes):
        code, shown, error = self.read(**changes)
        self.check(name, code == 1 and shown is None and error.startswith(f"reader: {kind}"), (code, error))

    def everything_opens(self):
        code, shown, error = self.read()
        self.check("the vault opens", code == 0, error)
        if code:
            return
        found = {entry["id"]: entry for entry in shown["entries"]}
        self.check("the entries are those", found.keys() == {entry["id"] for entry in self.expected["entries"]}, shown)
        tiers = set()
        for entry in self.expected["entries"]:
            name = entry["overview"]["name"]
            tiers |= {lock["tier"] for lock in entry["overview"]["locks"]} or {"vault"}
            for part in ("overview", "secret"):
                same = found[entry["id"]][part] == entry[part]
                self.check(f"{part} of {name}", same, (entry[part], found[entry["id"]][part]))
            past = {one["id"]: one for one in found[entry["id"]]["history"]}
            self.check(f"history of {name}", past == {one["id"]: one for one in entry["history"]}, past)
        every = {"vault", "key_stored", "master_password", "key_passphrase", "key_public_only"}
        self.check("every tier is there", tiers == every, tiers)
        self.check("something has a history", any(entry["history"] for entry in self.expected["entries"]))
        kinds = {"keyring", "policy", "entry", "past_secret", "key", "master_password", "ticket", "event", "mirror",
                 "checkpoint", "tombstone"}
        self.check("every kind of record was opened", kinds <= shown["records"].keys(), shown["records"])

    def locked_without_answers(self):
        code, shown, error = self.read(passphrases={}, masters={}, private_keys={})
        opened = {entry["id"] for entry in shown["entries"] if entry["secret"]} if shown else error
        free = {entry["id"] for entry in self.expected["entries"]
                if {lock["tier"] for lock in entry["overview"]["locks"]} <= {"key_stored"}}
        self.check("only tiers V and K3 open with the KEK alone", code == 0 and opened == free, opened)

    def wrong_answers(self):
        given = self.expected
        flipped = f"{int(given['kek'][0], 16) ^ 1:x}" + given["kek"][1:]
        self.refused("a wrong KEK", "wrong-key", kek=flipped)
        self.refused("an unknown KEK id", "unknown-key", kek_id="00" * 16)
        self.refused("a vault that is not there", "malformed",
                     extra=("--vault-id", "00000000-0000-0000-0000-000000000000"))
        for key, passphrase in given["passphrases"].items():
            self.refused("a wrong passphrase", "wrong-key", passphrases={key: passphrase + " "})
        for owner, password in given["masters"].items():
            self.refused("a wrong master password", "wrong-key", masters={owner: password[:-1]})
            self.refused("an owner without a master password", "unknown-key", masters={owner + "x": password})
        one, two = given["private_keys"]
        files = {one: self.directory / f"{two}.pem", two: self.directory / f"{one}.pem"}
        self.refused("private keys of others", "wrong-key", private_keys=files)

    def changed_files(self):
        rows = self.changed("", lambda db: db.execute(
            "SELECT kind, id, length(body), length(labels) FROM record").fetchall())
        self.check("there are records to change", len(rows) > 20, rows)
        generator = random.Random(1)
        for kind, record, body, labels in rows:
            at = generator.randrange(body)
            self.changed_file(f"byte {at} of record {record.hex()} of kind {kind}", lambda db: flip(
                db, kind, record, "body", at))
            if labels:
                self.changed_file(f"a label of record {record.hex()}", lambda db: flip(db, kind, record, "labels", 3))
        for sql in ("UPDATE record SET revision = revision + 1 WHERE kind = 3",
                    "DELETE FROM record WHERE kind = 2",
                    "DELETE FROM record WHERE kind = 1",
                    "DELETE FROM label WHERE kind = 3",
                    "UPDATE record SET kind = 10 WHERE kind = 4",
                    "PRAGMA user_version = 2",
                    "PRAGMA application_id = 1"):
            self.changed_file(sql, lambda db: db.execute(sql))
        file = self.directory / "text.db"
        file.write_text("no database")
        self.refused("a file that is no database", "malformed", file=file)
        self.refused("no file", "malformed", file=self.directory / "none.db")

    def changed_file(self, name, change):
        self.changed(name, change)
        out, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            code = reader.main([str(self.directory / "changed.db"), "--kek-hex", self.expected["kek"]])
        good = code == 1 and not out.getvalue() and error.getvalue().startswith("reader: ")
        self.check(f"changed: {name}", good, (code, error.getvalue()))

    def changed(self, _name, change):
        for end in ("-wal", "-shm", ""):
            (self.directory / f"changed.db{end}").unlink(missing_ok=True)
        copy = self.directory / "changed.db"
        shutil.copy(self.directory / "vault.db", copy)
        connection = sqlite3.connect(copy)
        try:
            with connection:
                return change(connection)
        finally:
            connection.close()


def flip(connection, kind, record, column, at):
    (data,), = connection.execute(f"SELECT {column} FROM record WHERE kind = ? AND id = ?", (kind, record))
    data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
    connection.execute(f"UPDATE record SET {column} = ? WHERE kind = ? AND id = ?", (data, kind, record))


def main():
    test = Test(Path(sys.argv[1]))
    test.everything_opens()
    test.locked_without_answers()
    test.wrong_answers()
    test.changed_files()
    print(f"test result: {'FAILED' if test.failed else 'ok'}. {test.passed} passed; {test.failed} failed")
    return 1 if test.failed else 0


if __name__ == "__main__":
    sys.exit(main())
