"""Holds the back-office example to what it claims: its facts, the mails that arrive, what leaks, what fails.

usage: check_back_office.py BACK_OFFICE, from the top of the repository, with the packages of smtp-requirements.txt.
"""
import base64
import json
import re
import subprocess
import sys
from pathlib import Path

from office_servers import Servers
from smtp_server import free_port

PROGRAM = Path(sys.argv[1]).resolve()
SOURCE = Path("examples/src/bin/back-office.rs").read_text()
# The constants behind this comment are what people type and what must be kept.
HIDDEN = dict(re.findall(r'const (\w+): &str =\s+"([^"\\]+)";', SOURCE.partition("secrets to be kept")[2]))
SECRETS = [*HIDDEN.values(), *re.findall(r",(p\d-\w+-\w+),", SOURCE)]
EXPECTED = {
    "people": 7, "invite_used_once": True, "second_factor": True, "rows": 5, "imported": 4, "imported_again": 0,
    "seen_by_category": 2, "seen_in_ticket": 2, "seen_without_ticket": 1, "ticket_ended": True, "grant_ended": True, "reason_asked": True,
    "approved_by_another": True, "signed_in_unseen": True, "refusal_explained": True, "locked_until_answered": True,
    "code_shown": True, "link_opened_once": True, "mails": 11, "reminded_on_the_day": True, "leaver_out": True, "leaver_knows": 1, "who_can_before": 3, "who_can_after": 2, "to_be_changed": 2,
    "verified": True, "verified_after_pruning": True,
}
COUNTS = ["events", "exported", "pruned"]
MAILS = [
    ("rhea@nordwind.example", "Approval needed: Registrar, root"),
    ("rhea@nordwind.example", "Revealed: Registrar, root"),
    ("ulf@nordwind.example", "Decided: Registrar, root"),
    ("anna@clients.example", "Bald zu ändern: Newsletter"),
    ("cleo@clients.example", "Change soon: Newsletter"),
    ("anna@clients.example", "Bitte ändern: Newsletter"),
    ("cleo@clients.example", "Please change: Newsletter"),
    ("bert@clients.example", "Change soon: Newsletter"),
    ("bert@clients.example", "Please change: Newsletter"),
    ("bert@clients.example", "Changed: Newsletter"),
    ("cleo@clients.example", "Changed: Newsletter"),
]
LINK = re.compile(r"https://panel\.nordwind\.example/link#[\w-]{64}\b")

passed = failed = 0


def check(name, condition, detail=""):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {name}: {detail}")


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)


def forms(secret):
    """A secret as it is, as UTF-16, in hexadecimal, and in base64 wherever it begins."""
    data = secret.encode()
    yield data
    yield secret.encode("utf-16-le")
    yield data.hex().encode()
    for before in range(3):
        yield base64.b64encode(bytes(before) + data)[4 if before else 0:-4]


def holds_none(name, data):
    told = [secret for secret in SECRETS if any(form in data for form in forms(secret))]
    check(f"{name}: no secret", not told, f"{len(told)} of {len(SECRETS)}")


def a_day(name):
    """Runs the day once, looks at what it left, and returns its facts."""
    with Servers() as servers:
        done = run("--json", *servers.arguments)
        check(f"{name}: succeeds", done.returncode == 0 and done.stderr == "", done)
        if done.returncode != 0:
            return None
        check(f"{name}: one line", done.stdout.count("\n") == 1 and done.stdout.endswith("\n"), done.stdout)
        facts = json.loads(done.stdout)
        for fact, value in EXPECTED.items():
            check(f"{name}: {fact}", facts.get(fact) == value and type(facts.get(fact)) is type(value),
                  f"{facts.get(fact)}, {value} was expected")
        for count in COUNTS:
            check(f"{name}: {count}", facts.get(count, 0) > 20, facts.get(count))
        check(f"{name}: facts", sorted(facts) == sorted([*EXPECTED, *COUNTS]), set(facts) ^ {*EXPECTED, *COUNTS})
        check(f"{name}: exported", facts["exported"] >= facts["events"] and facts["exported"] > facts["pruned"], facts)
        mails = [(to, mail["subject"]) for mail in servers.mails for to in mail["to"]]
        check(f"{name}: mails", sorted(mails) == sorted(MAILS), mails)
        linked = [(mail["to"], mail["subject"]) for mail in servers.mails if LINK.search(mail["body"])]
        check(f"{name}: who may reveal is sent a link", linked == [(["bert@clients.example"], "Changed: Newsletter")],
              linked)
        check(f"{name}: others are sent none", sum("link#" in mail["body"] for mail in servers.mails) == 1)
        check(f"{name}: mails as counted", len(mails) == facts["mails"], len(mails))
        call = servers.calls[0] if len(servers.calls) == 1 else None
        check(f"{name}: signed in once", call is not None, len(servers.calls))
        if call:
            check(f"{name}: with its token", call["authorization"] == f"whm root:{HIDDEN['WHM_TOKEN']}")
            check(f"{name}: asked for a session", call["path"] == "/json-api/create_user_session", call["path"])
            check(f"{name}: the token is in no address", HIDDEN["WHM_TOKEN"] not in json.dumps(call["query"]))
        holds_none(f"{name}: facts", done.stdout.encode())
        holds_none(f"{name}: mails", b"".join(servers.raw_mails)
                   + json.dumps(servers.mails, ensure_ascii=False).encode())
        stored = b"".join(path.read_bytes() for path in servers.place.glob("vault.db*"))
        check(f"{name}: a database", len(stored) > 10_000, len(stored))
        holds_none(f"{name}: database", stored)
        for text in ["Newsletter", "anna@clients.example", "Registrar", "sso4711"]:
            check(f"{name}: the database does not tell {text}", text.encode() not in stored)
        again = run("--json", *servers.arguments)
        check(f"{name}: a database that is there stays", again.returncode == 1 and "vault.db" in again.stderr, again)
        return facts


def the_story():
    with Servers() as servers:
        done = run(*servers.arguments)
    check("story: succeeds", done.returncode == 0 and done.stderr == "", done)
    headings = [line for line in done.stdout.split("\n\n")[1:] if line]
    check("story: scenes", len(headings) >= 10, len(headings))
    for text in ["would help", "approv", "invitation has been used", "2026-04-02 09:00", "findings: 0"]:
        check(f"story: tells {text}", text in done.stdout, done.stdout)
    check("story: nothing of a server's session", "sso4711" not in done.stdout)
    holds_none("story", done.stdout.encode())


def failures():
    """What goes wrong ends the program with the scene it happened in."""
    def fails(name, reason, option=None, value=None, code=1):
        with Servers() as servers:
            arguments = list(servers.arguments)
            if option:
                arguments[arguments.index(option) + 1] = str(value(servers.place) if callable(value) else value)
            done = run(*arguments)
            check(f"{name}: exit {code}", done.returncode == code, done)
            check(f"{name}: reason", re.search(reason, done.stderr, re.S), done.stderr)
            check(f"{name}: no panic", "panicked" not in done.stderr, done.stderr)
            holds_none(name, (done.stdout + done.stderr).encode())

    nobody = f"127.0.0.1:{free_port()}"
    fails("no mail server", r"registrar.*delivery: 1 failed", "--smtp", nobody)
    fails("a mail server elsewhere", r"on this machine", "--smtp", "192.0.2.1:25")
    fails("no server", r"server.*could not be reached", "--whm", nobody)
    with Servers() as others:
        fails("another server's certificate", r"server.*certificate", "--whm-certificate", others.arguments[5])
    fails("no certificate", r"absent\.pem", "--whm-certificate", lambda place: place / "absent.pem")
    fails("a certificate that is none", r"certificate", "--whm-certificate", "/dev/null")
    fails("no port", r"--smtp", "--smtp", "127.0.0.1", 2)
    fails("a port that is none", r"--whm", "--whm", "127.0.0.1:http", 2)
    fails("a database in no directory", r"absent", "--vault", lambda place: place / "absent" / "v.db")
    unknown = run("--colour")
    check("an unknown option", unknown.returncode == 2 and "--colour" in unknown.stderr, unknown)
    nothing = run()
    check("no servers named", nothing.returncode == 2 and "--smtp" in nothing.stderr, nothing)
    check("no servers named: what to do", "make back-office" in run("--help").stdout)


check("secrets to look for", len(SECRETS) >= 16 and all(len(secret) >= 10 for secret in SECRETS), SECRETS)
days = [a_day(name) for name in ("first", "second")]
check("two days from nothing are alike", days[0] is not None and days[0] == days[1], days)
the_story()
failures()
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
