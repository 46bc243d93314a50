"""Holds the quickstart against files of every dialect and against nasty ones.

usage: check_quickstart.py QUICKSTART, from the top of the repository. Python 3.11, standard library.

Python's own csv module counts the rows: each must be imported or named as a problem.
"""

import csv
import io
import json
import os
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

QUICKSTART = Path(sys.argv[1]).resolve()
SAMPLES = {"clients": "bitwarden", "passbolt": "keepassxc"}  # else the file is named after its dialect
MIB = 1024 * 1024
RSS_MAX = 400 * MIB
REPORT_KEYS = ["dialect", "rows", "imported", "problems", "listed", "revealed", "denied", "locked", "audit",
               "elapsed_ms"]

passed = failed = 0


def check(name, condition, detail=""):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {name}: {detail}")


class Run:
    """One run of the quickstart, with its peak memory."""

    def __init__(self, *arguments):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            begun = time.monotonic()
            process = subprocess.Popen([QUICKSTART, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            self.code = process.returncode = os.waitstatus_to_exitcode(status)
            self.seconds = time.monotonic() - begun
            self.peak = usage.ru_maxrss * 1024
            out.seek(0), err.seek(0)
            self.out, self.err = out.read().decode(), err.read().decode()

    def __str__(self):
        return f"exit {self.code}, stdout {self.out[:300]!r}, stderr {self.err[:300]!r}"


def rows_by_python(data, delimiter, header=True):
    text = data.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    if not header:
        return len(rows), []
    header = [name.strip().lower() for name in rows[0]]
    at = next((header.index(name) for name in PASSWORD_COLUMNS if name in header), None)
    passwords = [row[at] for row in rows[1:] if at is not None and at < len(row)]
    return len(rows) - 1, passwords


PASSWORD_COLUMNS = ["password", "login_password", "passwort", "pwd"]


def accepted(name, path, dialect, problems=(), delimiter=","):
    """The file is imported, and every row of it is accounted for."""
    run = Run("--json", "--csv", path)
    check(f"{name}: accepted", run.code == 0 and run.err == "", run)
    check(f"{name}: one line", run.out.count("\n") == 1 and run.out.endswith("\n"), run)
    if run.code != 0:
        return None
    report = json.loads(run.out)
    rows, passwords = rows_by_python(path.read_bytes(), delimiter, dialect != "keeper")
    check(f"{name}: keys", list(report) == REPORT_KEYS, list(report))
    check(f"{name}: dialect", report["dialect"] == dialect, report["dialect"])
    check(f"{name}: rows", report["rows"] == rows, f"{report['rows']}, Python reads {rows}")
    check(f"{name}: every row", report["rows"] == report["imported"] + len(report["problems"]), run)
    check(f"{name}: problems", [p["key"] for p in report["problems"]] == list(problems), report["problems"])
    check(f"{name}: listed", report["listed"] == report["imported"], run)
    check(f"{name}: log", report["audit"]["verified"] and report["audit"]["events"] > 1, run)
    told = [secret for secret in passwords if len(secret) >= 8 and secret in run.out + run.err]
    check(f"{name}: tells no password", not told, f"{len(told)} passwords")
    if report["imported"]:
        check(f"{name}: revealed", report["revealed"] == 4, run)
        check(f"{name}: locked", "passphrase" in report["locked"]["challenge"], run)
        check(f"{name}: denied", report["denied"]["reason"] and report["denied"]["remedies"], run)
    return report


def refused(name, reason, *arguments, code=1):
    """The run fails with the reason on standard error and nothing on standard output."""
    run = Run(*arguments)
    check(f"{name}: exit {code}", run.code == code, run)
    check(f"{name}: reason", reason in run.err, run)
    check(f"{name}: nothing on standard output", run.out == "", run)
    check(f"{name}: no panic", "panicked" not in run.err, run)
    return run


def table(rows, *, delimiter=",", bom=False, line_end="\r\n", quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    return (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode()


def sample_files():
    for path in sorted(Path("examples/data").glob("*.csv")):
        dialect = SAMPLES.get(path.stem, path.stem)
        delimiter = ";" if path.read_bytes().split(b"\n")[0].count(b";") > 2 else ","
        problems = ["firefox_account"] if dialect == "firefox" else []
        accepted(path.name, path, dialect, problems, delimiter)
        named = Run("--json", "--csv", path, "--dialect", dialect)
        check(f"{path.name}: by name", named.code == 0 and json.loads(named.out)["dialect"] == dialect, named)


def nasty_files(folder):
    chrome = ["name", "url", "username", "password", "note"]
    hard = [
        ["Zeile\neins", "https://example.com/a", "anna", "two\r\nlines \"quoted\" and, commas", "tab\there"],
        ["密码库", "https://例え.example/ログイン", "użytkownik@example.com", "пароль-密碼-🔑-é", "عربي שלום"],
        ["No password", "https://example.com/b", "anna", "", ""],
        ["Formula", "https://example.com/c", "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)"],
        ["Semicolons; everywhere", "https://example.com/d", "a;b", ";;semi;colons;;", ";"],
        ["Only quotes", "https://example.com/e", "\"\"", "\"\"\"\"\"\"\"\"\"\"", "\""],
        ["Blanks", "https://example.com/f", " anna ", "  kept as it is  ", "\n\n"],
        ["Escape \x1b[31m\x07", "https://example.com/g", "\x1b]0;title\x07", "\x1b[2Jescape-password", ""],
        ["Entities &amp; %41", "https://example.com/h?a=%20&b=1", "a&lt;b", "&quot;not decoded&quot;", "&amp;"],
        ["Same", "https://example.com/i", "anna", "duplicate-one", ""],
        ["Same", "https://example.com/i", "anna", "duplicate-two", ""],
        ["", "", "", "", ""],
        ["Script", "javascript:alert(1)", "anna", "kept-as-a-field", ""],
        ["Long", "https://example.com/j", "anna", "x" * 60_000, "y" * 60_000],
    ]
    variants = {
        "plain": {},
        "bom": {"bom": True},
        "semicolon": {"delimiter": ";"},
        "tab": {"delimiter": "\t"},
        "lf": {"line_end": "\n"},
        "cr": {"line_end": "\r", "quoting": csv.QUOTE_ALL},
        "all-quoted": {"quoting": csv.QUOTE_ALL, "bom": True, "delimiter": ";"},
    }
    for name, how in variants.items():
        path = folder / f"{name}.csv"
        path.write_bytes(table([chrome, *hard], **how))
        accepted(name, path, "chrome", ["empty"], how.get("delimiter", ","))

    path = folder / "ragged.csv"
    path.write_bytes(table([chrome, hard[1], hard[1][:3], [*hard[1], "more"], ["N" * 600, *hard[1][1:]], hard[2]]))
    accepted("ragged", path, "chrome", ["ragged", "ragged", "too_long"])

    path = folder / "header-only.csv"
    path.write_bytes(table([chrome]))
    report = accepted("header only", path, "chrome")
    check("header only: nothing shown", report and report["denied"] is None and report["revealed"] == 0, report)

    path = folder / "one.csv"
    path.write_bytes(table([chrome, hard[1]]))
    accepted("one row", path, "chrome")
    whole = Run("--csv", path, "--show-secrets")
    check("the secret in full", whole.code == 0 and hard[1][3] in whole.out, whole)
    masked = Run("--csv", path)
    check("the secret masked", masked.code == 0 and hard[1][3] not in masked.out and "па•" in masked.out, masked)

    path = folder / "escapes.csv"
    path.write_bytes(table([chrome, hard[7]]))
    steered = Run("--csv", path, "--show-secrets")
    check("nothing steers the terminal", steered.code == 0 and "\x1b" not in steered.out, steered)

    path = folder / "many.csv"
    many = [[f"Site {n}", f"https://site-{n}.example.com/", f"user{n}", f"many-{n}-secret", ""] for n in range(5_000)]
    path.write_bytes(table([chrome, *many]))
    report = accepted("5,000 rows", path, "chrome")
    print(f"5,000 rows: {report and report['elapsed_ms']} ms")


def broken_files(folder):
    header = b"name,url,username,password\r\n"
    # Made one by one: what this process holds counts as the memory of those it starts.
    cases = {
        "commas": (lambda: b"," * (50 * MIB), "columns"),
        "commas in a row": (lambda: header + b"," * (50 * MIB), "columns"),
        "unclosed quote": (lambda: header + b'a,,b,"' + b"x\n" * (25 * MIB), "close the quote"),
        "one unclosed quote": (lambda: header + b'a,,b,"c\r\nd,,e,f\r\n', "never closed"),
        "over the cap": (lambda: header + b"a,,b,cccccccc\n" * (5 * MIB), "split it"),
        "latin-1": (lambda: header + "a,,b,Schlüssel".encode("latin-1"), "UTF-8"),
        "binary": (lambda: bytes(range(256)) * 16, "UTF-8"),
        "empty": (lambda: b"", "empty"),
        "no header": (lambda: b"hello world\nthis is no table\n", "no column"),
    }
    for name, (data, reason) in cases.items():
        path, vault = folder / "broken.csv", folder / f"{name}.db"
        length = path.write_bytes(data())
        run = refused(name, reason, "--json", "--csv", path, "--vault", vault)
        check(f"{name}: memory", run.peak < RSS_MAX, f"{run.peak / MIB:.0f} MiB")
        check(f"{name}: no vault is left", not list(folder.glob(f"{name}.db*")), list(folder.iterdir()))
        if length >= 50 * MIB:
            print(f"{name}: {length / MIB:.0f} MiB refused at {run.peak / MIB:.0f} MiB peak, {run.seconds:.2f} s")
        path.unlink()
    run = refused("endless", "split it", "--csv", "/dev/zero")
    check("endless: memory", run.peak < RSS_MAX, f"{run.peak / MIB:.0f} MiB")
    refused("no such file", "No such file", "--csv", folder / "absent.csv")
    refused("a directory", "directory", "--csv", folder)


def vaults(folder):
    sample = Path("examples/data/clients.csv")
    vault, key = folder / "vault.db", folder / "vault.db.kek"
    runs = [Run("--json", "--csv", sample, "--vault", vault) for _ in range(3)]
    check("a vault that stays", all(run.code == 0 for run in runs), [str(run) for run in runs])
    reports = [json.loads(run.out) for run in runs if run.code == 0]
    check("each run lists its own", {report["listed"] for report in reports} == {25}, reports)
    events = [report["audit"]["events"] for report in reports]
    check("the log grows", sorted(set(events)) == events and len(events) == 3, events)
    check("the key is private", stat.S_IMODE(key.stat().st_mode) == 0o600, oct(key.stat().st_mode))
    told = Run("--csv", sample, "--vault", vault)
    check("the key's place is told", told.code == 0 and str(key) in told.out, told)
    stored = b"".join(path.read_bytes() for path in folder.glob("vault.db*"))
    _, passwords = rows_by_python(sample.read_bytes(), ",")
    check("the database holds no password", not any(p.encode() in stored for p in passwords if p))

    kept = key.read_bytes()
    key.write_bytes(bytes(32))
    refused("another key", str(key), "--json", "--csv", sample, "--vault", vault)
    key.write_bytes(kept[:7])
    refused("a short key", "7 bytes", "--json", "--csv", sample, "--vault", vault)
    key.unlink()
    refused("no key", str(key), "--json", "--csv", sample, "--vault", vault)
    check("no key is made for a vault that has one", not key.exists())
    key.write_bytes(kept)
    check("with its key it opens", Run("--json", "--csv", sample, "--vault", vault).code == 0)

    for name, content in {"text": b"a letter\n" * 100, "tiny": b"x", "image": b"\x89PNG\r\n\x1a\n" + bytes(5000)}.items():
        other = folder / name
        other.write_bytes(content)
        refused(f"a vault that is {name}", "no vault store", "--json", "--csv", sample, "--vault", other)
        check(f"{name} is left alone", other.read_bytes() == content and not list(folder.glob(f"{name}?*")))
    (folder / "directory").mkdir()
    refused("a vault that is a directory", "no vault store", "--csv", sample, "--vault", folder / "directory")
    refused("a vault in no directory", "No such file", "--csv", sample, "--vault", folder / "absent" / "vault.db")
    if os.geteuid() != 0:
        (folder / "directory").chmod(0o500)
        refused("a vault that cannot be written", "writable", "--csv", sample, "--vault", folder / "directory" / "v.db")


def usage():
    refused("no file named", "--csv", code=2)
    refused("unknown dialect", "keepassxc", "--csv", "examples/data/chrome.csv", "--dialect", "fax", code=2)
    refused("unknown option", "--colour", "--csv", "examples/data/chrome.csv", "--colour", code=2)
    refused("another dialect", "no column", "--csv", "examples/data/chrome.csv", "--dialect", "pwvault")


def leaves_nothing_behind(folder):
    run = subprocess.run([QUICKSTART, "--csv", "examples/data/clients.csv"], env={**os.environ, "TMPDIR": str(folder)},
                         capture_output=True, check=False)
    check("the temporary vault is removed", run.returncode == 0 and not list(folder.iterdir()), list(folder.iterdir()))


with tempfile.TemporaryDirectory() as scratch:
    places = [Path(scratch) / name for name in ("nasty", "broken", "vaults", "temporary")]
    for place in places:
        place.mkdir()
    sample_files()
    nasty_files(places[0])
    broken_files(places[1])
    vaults(places[2])
    usage()
    leaves_nothing_behind(places[3])
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
