"""A small back office: sign in, find access details, reveal one, and learn why something is denied.

Run it with `python app.py` and open http://127.0.0.1:5000. The sample account is anna, with the
password that is printed.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Dict, List, Optional, Tuple, Union

from flask import Flask, Response, abort, g, redirect, render_template, request, session, url_for

from pwvault import (
    AdminId,
    Challenge,
    DeniedError,
    EntryDraft,
    EntryFilter,
    EntryId,
    EntryQuery,
    KekId,
    KekSource,
    LockedError,
    NotFoundError,
    OpenMode,
    OpenOptions,
    Owner,
    PersonDraft,
    PersonId,
    Principal,
    PrincipalKind,
    PwvaultError,
    Realm,
    Reason,
    Remedy,
    RequestContext,
    RoleId,
    RuleDraft,
    SecretBytes,
    Section,
    Session,
    SignInError,
    SignInStep,
    Surface,
    UnitDraft,
    UnitId,
    UnlockAnswer,
    Vault,
    VaultId,
    WrongAnswerError,
)

FULL = RoleId("full")


def create_app(vault: Vault) -> Flask:
    """The application over an open vault."""
    app = Flask(__name__)
    app.secret_key = secrets.token_bytes(32)
    app.config.update(SESSION_COOKIE_SAMESITE="Strict", SESSION_COOKIE_HTTPONLY=True)
    # Unlock tickets stay on the server; the browser has only the name of its place.
    tickets: Dict[str, List[SecretBytes]] = {}

    app.add_template_filter(phrase)

    def context() -> RequestContext:
        return RequestContext(
            surface=Surface.ADMIN_AREA, ip=request.remote_addr, user_agent=request.headers.get("User-Agent")
        )

    def begin() -> Session:
        """The vault's session of whoever is signed in."""
        if "person" not in session:
            abort(Response(status=303, headers={"Location": url_for("sign_in")}))
        person = PersonId.Admin(AdminId(session["person"]))
        signed_in = vault.resume_sign_in(context(), person, session["generation"])
        begun = vault.session(signed_in.principals[0], context(), tickets.get(session["place"], []))
        g.begun = begun
        return begun

    @app.teardown_request
    def end(error: Optional[BaseException]) -> None:
        begun = g.pop("begun", None)
        if begun is not None:
            begun.close()

    @app.errorhandler(DeniedError)
    def denied(error: DeniedError) -> Tuple[str, int]:
        return render_template("denied.html", decision=error.decision), 403

    @app.errorhandler(NotFoundError)
    def missing(error: NotFoundError) -> Tuple[str, int]:
        return render_template("problem.html", message=error.message), 404

    @app.errorhandler(SignInError)
    def signed_out(error: SignInError) -> Tuple[str, int]:
        session.clear()
        return render_template("sign_in.html", message=error.message), 403

    @app.errorhandler(PwvaultError)
    def failed(error: PwvaultError) -> Tuple[str, int]:
        return render_template("problem.html", message=error.message), 400

    @app.get("/sign-in")
    def sign_in() -> str:
        return render_template("sign_in.html", message=None)

    @app.post("/sign-in")
    def signing_in() -> Response:
        step = vault.sign_in_with_password(
            context(), Realm.STAFF, request.form["login"], request.form["password"]
        )
        if not isinstance(step, SignInStep.Done) or not isinstance(step.value.id, PersonId.Admin):
            abort(403, "this example asks for no second factor")
        session.clear()
        session.update(
            person=step.value.id.value, generation=step.value.generation, place=secrets.token_urlsafe()
        )
        return see("entries")

    @app.post("/sign-out")
    def sign_out() -> Response:
        for ticket in tickets.pop(session.get("place", ""), []):
            begin().lock(ticket)
        session.clear()
        return see("sign_in")

    @app.get("/")
    def entries() -> str:
        text = request.args.get("q", "")
        query = EntryQuery(filter=EntryFilter(text=text or None))
        return render_template("entries.html", entries=begin().each_entry(query), text=text)

    @app.get("/entries/<id>")
    def entry(id: str) -> str:
        return render_template("entry.html", entry=begin().entry(EntryId(id)), secret=None)

    @app.post("/entries/<id>/reveal")
    def reveal(id: str) -> Response:
        begun = begin()
        secret = begun.reveal(EntryId(id))
        page = render_template("entry.html", entry=begun.entry(EntryId(id)), secret=secret)
        return Response(page, headers={"Cache-Control": "no-store"})

    @app.errorhandler(LockedError)
    def locked(error: LockedError) -> Tuple[str, int]:
        # Of the three windows this example has the one for master passwords.
        mine = Challenge.MasterPassword(owner=Owner.Admin(AdminId(session["person"])))
        challenges = [*error.any_of, *(one for need in error.needs for one in need.any_of)]
        return render_template("unlock.html", possible=mine in challenges, message=None), 403

    @app.post("/unlock")
    def unlock() -> Tuple[str, int]:
        owner = Owner.Admin(AdminId(session["person"]))
        try:
            ticket = begin().unlock(
                UnlockAnswer.MasterPassword(owner=owner, password=request.form["password"])
            )
        except WrongAnswerError as wrong:
            return render_template("unlock.html", possible=True, message=wrong.message), 403
        tickets.setdefault(session["place"], []).append(ticket)
        return render_template("done.html", message="It is open now; go back to what you wanted."), 200

    @app.get("/rules")
    def rules() -> str:
        return render_template("rules.html", rules=begin().rules())

    return app


def phrase(case: Union[Reason, Remedy]) -> str:
    """A reason or remedy in words, such as "section not covered: rules"."""
    words = case.case.replace("_", " ")
    facts = vars(case).values()
    told = ", ".join(str(getattr(fact, "value", fact)) for fact in facts)
    return f"{words}: {told}" if told else words


def see(name: str) -> Response:
    found: Response = redirect(url_for(name), 303)  # type: ignore[assignment,unused-ignore]
    return found


def open_sample(folder: Path) -> Tuple[Vault, Optional[str]]:
    """A vault in a folder. A new one gets a role, an administrator and entries; then the password of
    the administrator comes along."""
    new = not (folder / "vault.db").exists()
    vault = Vault.open(
        OpenOptions(
            store=f"sqlite:{folder / 'vault.db'}",
            vault=VaultId("0190b5a0-0000-7000-8000-000000000001"),
            kek=KekSource.File(id=KekId("07" * 16), path=str(folder / "vault.kek"), create=new),
            mode=OpenMode.CREATE if new else OpenMode.OPEN,
            full_access=FULL if new else None,
        )
    )
    return vault, seed(vault) if new else None


def seed(vault: Vault) -> str:
    """Fills a new vault, and gives the password of the administrator it made."""
    password = secrets.token_urlsafe(12)
    first = Principal(kind=PrincipalKind.Admin(id=AdminId("1"), roles=[FULL]))
    with vault.session(first) as session:
        for role, name in ((FULL, "Everything"), (RoleId("support"), "Support")):
            session.create_unit(UnitDraft(id=UnitId.Role(role), name=name, mail=[]))
        for id, login, role in (("1", "anna", FULL), ("2", "ben", RoleId("support"))):
            session.create_person(
                PersonDraft(
                    id=PersonId.Admin(AdminId(id)),
                    username=login,
                    name=login.title(),
                    email=f"{login}@example.com",
                    locale="en",
                    zone="UTC",
                    wants_mail=False,
                    roles=[role],
                    departments=[],
                    groups=[],
                    password=password,
                )
            )
        session.add_rule(RuleDraft(name="Support", allow=[Section.ENTRIES], roles=[RoleId("support")]))
        for name in ("Mail server", "Name server", "Backup"):
            session.create_entry(EntryDraft(name=name, username="root", password=secrets.token_urlsafe(16)))
    return password


if __name__ == "__main__":
    here = Path("office-data")
    here.mkdir(mode=0o700, exist_ok=True)
    opened, made = open_sample(here)
    if made is not None:
        print(f"Sign in as anna or ben with {made}")
    create_app(opened).run()
