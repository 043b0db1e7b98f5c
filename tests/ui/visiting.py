"""Visiting the pages in tests: a browser without a window, which keeps cookies and fills in forms."""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.actions import sign_in
from service.app import create_app
from service.core.people import Actor
from tests import make
from tests.meeting import person

PASSWORD = "correct horse battery"  # noqa: S105 - of tests
HOST = "https://sluice.example"


@dataclass
class Visitor:
    """A browser at the pages of a house."""

    house: make.House
    app: Flask
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def another(self) -> "Visitor":
        """A browser that has never been here."""
        return Visitor(self.house, self.app)

    def get(self, path: str, **headers: str) -> TestResponse:
        sent = {"Accept": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.get(path, base_url=HOST, headers=sent)

    def post(self, path: str, fields: dict[str, str]) -> TestResponse:
        """Send fields as they are."""
        content = urlencode(fields)
        return self.client.post(
            path,
            base_url=HOST,
            data=content,
            content_type="application/x-www-form-urlencoded",
            headers={"Accept": "text/html"},
        )

    def send(self, page: str, action: str, **fields: str) -> TestResponse:
        """Send a form of a page, with all that the page put into it."""
        return self.post(action, {**hidden(self.get(page), action), **fields})

    def sign_in(self, login: str, password: str = PASSWORD, then: str = "/home") -> TestResponse:
        return self.send(f"/sign-in?{urlencode({'next': then})}", "/sign-in", login=login, password=password)

    def cookie(self, name: str = "__Host-sluice") -> str | None:
        found = self.client.get_cookie(name, "sluice.example")
        return None if found is None else found.value

    def as_(self, actor: Actor, login: str) -> "Visitor":
        """Let somebody sign in under a log-in, which they are given."""
        with self.house.work(self.house.admin) as work:
            sign_in.set_login(work, person(actor), login)
            sign_in.set_password(work, person(actor), PASSWORD)
        assert self.sign_in(login).status_code == 303
        return self


def open_pages(house: make.House) -> Visitor:
    """A browser at the pages of a house that serves over TLS."""
    return Visitor(house, create_app(house.runtime))


def hidden(page: TestResponse, action: str) -> dict[str, str]:
    """What a page put into the form that is sent to an address."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    assert form is not None, page.text
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[1])
    return {name: unescape(value) for name, value in inputs}


def heading(page: TestResponse) -> str:
    """What a page calls itself."""
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found is not None, page.text
    return unescape(found[1])
