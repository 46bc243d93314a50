"""The example: a walk through the back office, as staff with and without rights."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Iterator

import pytest
from conftest import STAFF
from flask import Flask
from flask.testing import FlaskClient

from pwvault import AdminId, EntryDraft, Owner, Recovery, SetMaster, Vault

sys.path.insert(0, str(Path(__file__).parents[1] / "examples" / "office"))
import app as office


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Vault, str]]:
    vault, password = office.open_sample(tmp_path)
    assert password is not None
    with vault:
        yield vault, password


@pytest.fixture
def site(opened: tuple[Vault, str]) -> Flask:
    return office.create_app(opened[0])


def sign_in(site: Flask, login: str, password: str) -> FlaskClient:
    browser = site.test_client()
    page = browser.post("/sign-in", data={"login": login, "password": password}, follow_redirects=True)
    assert page.status_code == 200, page.text
    return browser


def test_whoever_is_not_signed_in_is_asked_to(site: Flask) -> None:
    browser = site.test_client()
    page = browser.get("/")
    assert (page.status_code, page.headers["Location"]) == (303, "/sign-in")
    wrong = browser.post("/sign-in", data={"login": "anna", "password": "wrong"})
    assert wrong.status_code == 403 and 'role="alert"' in wrong.text


def test_staff_finds_and_reveals_an_entry(site: Flask, opened: tuple[Vault, str]) -> None:
    browser = sign_in(site, "anna", opened[1])
    page = browser.get("/?q=mail")
    assert "Mail server" in page.text and "Backup" not in page.text
    found = re.search(r'href="(/entries/[^"]+)"', page.text)
    assert found is not None
    assert "Reveal" in browser.get(found[1]).text
    shown = browser.post(found[1] + "/reveal")
    assert shown.headers["Cache-Control"] == "no-store"
    secret = re.search(r"<code>([^<]+)</code>", shown.text)
    with opened[0].session(STAFF) as session:
        (entry,) = [one for one in session.each_entry() if one.head.name == "Mail server"]
        assert secret is not None and secret[1] == session.reveal(entry.id).password.expose()
    assert browser.get("/entries/0190b5a0-0000-7000-8000-00000000000f").status_code == 404


def test_a_locked_entry_asks_for_the_master_password_once(site: Flask, opened: tuple[Vault, str]) -> None:
    vault, password = opened
    with vault.session(STAFF) as session:
        session.set_master_password(
            SetMaster(password="a long password", confirmation="a long password", recovery=Recovery.NONE)
        )
        entry = session.create_entry(
            EntryDraft(name="Locked", owner=Owner.Admin(AdminId("1")), password="opened")
        )
    browser = site.test_client()
    browser.post("/sign-in", data={"login": "anna", "password": password})
    place = f"/entries/{entry}/reveal"
    locked = browser.post(place)
    assert locked.status_code == 403 and "Master password" in locked.text
    assert 'role="alert"' in browser.post("/unlock", data={"password": "wrong"}).text
    assert "It is open now" in browser.post("/unlock", data={"password": "a long password"}).text
    assert "opened" in browser.post(place).text and "Locked" in browser.get("/").text
    browser.post("/sign-out")
    assert browser.get("/").status_code == 303


def test_a_denied_page_says_why_and_what_would_help(site: Flask, opened: tuple[Vault, str]) -> None:
    page = sign_in(site, "ben", opened[1]).get("/rules")
    assert page.status_code == 403
    assert "section not covered: access" in page.text and "allow section: access" in page.text
    assert "Full access (everything)" in sign_in(site, "anna", opened[1]).get("/rules").text
