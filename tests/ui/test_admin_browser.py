"""Administration in a real browser: somebody who is added, a webhook that is tested, a key that is used."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
import requests
from playwright.sync_api import Browser

from service import outbound
from service.actions import webhooks
from service.actions.webhooks import Outcome, Outside
from service.cli.demo import PASSWORD
from service.config import Settings
from service.core.addresses import read_allowed
from service.db.engine import make_engine
from service.words import sections
from service.work import Runtime
from tests import databases
from tests.serving import Server, serving
from tests.ui.browsing import NARROW, WIDE, Demonstration, Looking, looking, sign_in
from tests.witnesses import response, stand_in

EN = {**sections("admin_pages")["en"], **sections("pages")["en"]}
MACHINE: Final = "127.0.0.0/8"
OWN: Final = "昨夜西风凋碧树"


@pytest.fixture(scope="module")
def url(demonstration: Demonstration) -> Iterator[str]:
    """The demonstration, as the address of a database that is this module's own."""
    with databases.fresh("sqlite") as engine:
        databases.restore(engine, demonstration.database)
        yield databases.text_of(engine)


@pytest.fixture(scope="module")
def server(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration, whose webhooks may be sent to this machine."""
    with serving(tmp_path_factory.mktemp("admin"), url, DEMO="true", WEBHOOK_ALLOWED_HOSTS=MACHINE) as running:
        yield running


def send_one(url: str) -> Outcome | None:
    """Send the message that has been due longest, as the worker does."""
    engine = make_engine(url)
    runtime = Runtime(engine, Settings(database_url=url, webhook_allowed_hosts=read_allowed(MACHINE)))
    found = webhooks.deliver_next(runtime, Outside(outbound.resolve, outbound.post))
    engine.dispose()
    return found


def follow(look: Looking, selector: str) -> None:
    with look.page.expect_navigation():
        look.page.click(selector)


def enter(look: Looking, login: str, path: str) -> None:
    """Sign in on the way to a page, without any script."""
    look.go(path)
    look.page.fill("#field-login", login)
    look.page.fill("#field-password", PASSWORD)
    follow(look, "main button")


def fill(look: Looking, *typed: str) -> None:
    """Type into one field after the other, by keyboard alone, and send the form."""
    for number, text in enumerate(typed):
        if number:
            look.page.keyboard.press("Tab")
        look.page.keyboard.type(text)
    look.press("Enter")


def test_somebody_who_is_added_signs_in_with_what_was_shown(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        page = look.page
        look.go("/people/new")
        sign_in(look, "admin")
        page.fill("#field-name", "李明")
        page.focus("input[value=officer]")
        page.keyboard.press("Space")
        page.focus("#field-department")
        fill(look, "", "li.ming")
        one_time = page.input_value("#shown-password")
        look.require_sound()
    with looking(browser, server, language="en", size=NARROW, scripts=False) as look:
        choose_password(look, one_time)
        assert look.page.url == f"{server.address}/cases"
        assert EN["said.password_chosen"] in look.page.locator("[role=status]").inner_text()


def choose_password(look: Looking, one_time: str) -> None:
    """Sign in with a one-time password, and choose another."""
    look.go("/cases")
    look.page.fill("#field-login", "li.ming")
    look.page.fill("#field-password", one_time)
    follow(look, "main button")
    assert look.page.locator("h1").inner_text() == EN["page.first_password"]
    look.require_quiet()
    assert look.page.input_value("#field-login") == "li.ming"
    look.page.focus("#field-current")
    fill(look, one_time, OWN * 2, OWN * 2)


def test_a_webhook_is_added_tested_and_its_delivery_seen(browser: Browser, server: Server, url: str) -> None:
    with stand_in(lambda _: response(204)) as box, looking(browser, server, language="en", scripts=False) as look:
        page = look.page
        enter(look, "admin", "/webhooks/new")
        page.fill("#field-url", f"{box.url}/hooks/sluice")
        page.check("input[value='decision.recorded']")
        follow(look, "main button")
        assert page.input_value("#shown-secret").startswith("whsec_")
        follow(look, ".once [role=button]")
        follow(look, "form[action$='/test'] button")
        assert EN["hook.delivery_pending"] in page.locator("tbody").inner_text()
        assert send_one(url) is Outcome.DELIVERED
        look.go(page.url.removeprefix(server.address))
        assert EN["hook.delivery_delivered"] in page.locator("tbody").inner_text()
        assert EN["hook.works"] in page.locator(".terms").inner_text()
        look.require_quiet()
    assert box.paths == ["/hooks/sluice"]


def test_an_officer_issues_a_key_and_uses_it(browser: Browser, server: Server) -> None:
    with looking(browser, server, scripts=False) as look:
        page = look.page
        enter(look, "officer-1", "/account")
        follow(look, "a[href='/account/keys']")
        follow(look, "a[href='/account/keys/new']")
        page.focus("input[value='cases:read']")
        page.keyboard.press("Space")
        look.press("Enter")
        key = page.input_value("#shown-key")
        command = page.input_value("#shown-curl")
        look.require_quiet()
    named = re.fullmatch(r'curl -H "Authorization: (Bearer slc_[^"]+)" (http://\S+/v1/me)', command)
    assert named is not None
    assert named[1] == f"Bearer {key}"
    told = requests.get(named[2], headers={"Authorization": named[1]}, timeout=60).json()
    assert told["credential"]["scopes"] == ["cases:read"]
    listed = requests.get(f"{server.address}/v1/applications", headers={"Authorization": named[1]}, timeout=60)
    refused = requests.post(f"{server.address}/v1/applications", headers={"Authorization": named[1]}, timeout=60)
    assert (listed.status_code, refused.json()["code"]) == (200, "scope_missing")


def test_every_page_of_administration_is_sound(browser: Browser, server: Server, demonstration: Demonstration) -> None:
    somebody = demonstration.ask(server, "reviewer", "GET", "/me")["id"]
    new = {"url": f"https://erp.zone.example/{'a-very-long-path' * 12}", "events": ["*"]}
    hook = demonstration.ask(server, "admin", "POST", "/webhooks", new)["id"]
    person, webhook = f"/people/{somebody}", f"/webhooks/{hook}"
    paths = (
        *("/admin", "/people", "/people/new", person, f"{person}/erase", "/account/keys/new"),
        *("/webhooks", "/webhooks/new", webhook, f"{webhook}/secret", "/events?limit=5", "/settings"),
    )
    searched = {"/people/new", person, "/webhooks/new", webhook, "/settings"}
    for language, size in (("zh", WIDE), ("en", NARROW)):
        with looking(browser, server, language=language, size=size) as look:
            look.go("/home")
            sign_in(look, "admin")
            for path in paths:
                look.go(path)
                require = look.require_sound if path in searched and language == "zh" else look.require_quiet
                require()
