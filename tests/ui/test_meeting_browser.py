"""In a real browser: a secretary calls a meeting, tables two cases and opens it by keyboard; the chair closes it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.serving import Server
from tests.ui.browsing import NARROW, Demonstration, Looking, looking, sheets, sign_in

SEATS = ("chair", *(f"member-{n}" for n in range(1, 6)))


def tab_to(look: Looking, selector: str) -> None:
    """Go on by keyboard until something has the focus."""
    for _ in range(60):
        look.page.keyboard.press("Tab")
        if look.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(selector)


def enter(look: Looking, selector: str) -> None:
    """Go on by keyboard to a link, a button or a field, and press Enter there."""
    tab_to(look, selector)
    look.press("Enter")


def fill_in_day(look: Looking) -> None:
    """Fill in a day by arrow keys: in which order its parts stand is the browser's own."""
    tab_to(look, "#field-day")
    for _ in range(3):
        look.page.keyboard.press("ArrowUp")
        look.page.keyboard.press("ArrowRight")
    assert look.page.input_value("#field-day")


def tick(look: Looking, name: str, count: int) -> None:
    """Tick the next boxes of a form that are not ticked yet."""
    for _ in range(count):
        tab_to(look, f"input[name={name}]:not(:checked)")
        look.page.keyboard.press("Space")


@pytest.fixture(scope="module")
def accepted(demonstration: Demonstration, server: Server) -> list[str]:
    """Four cases that a reviewer accepted."""
    cases = demonstration.ask(server, "reviewer", "GET", "/applications?state=submitted&sort=number&limit=4")["items"]
    for case in cases:
        demonstration.change(server, "reviewer", f"/applications/{case['id']}", "accept")
    return [case["id"] for case in cases]


@pytest.fixture(scope="module")
def meeting(demonstration: Demonstration, server: Server, accepted: list[str]) -> str:
    """A meeting that was called with two cases on its agenda, as the address of its pages."""
    people = [demonstration.ask(server, login, "GET", "/me")["id"] for login in SEATS]
    called = {
        "title": "2026 年第 9 次项目评审会",
        "held_at": "2026-11-30T09:00:00+08:00",
        "seats": [{"person": one, "chair": one == people[0]} for one in people],
    }
    path = f"/meetings/{demonstration.ask(server, 'secretary', 'POST', '/meetings', called)['id']}"
    for case in accepted[2:]:
        demonstration.ask(server, "secretary", "POST", f"{path}/items", {"application": case})
    return path


def test_a_call_keeps_what_was_typed_in_another_language_and_enter_sends_it(browser: Browser, server: Server) -> None:
    with looking(browser, server, size=NARROW, scripts=False) as look:
        page = look.page
        look.go("/meetings/new")
        sign_in(look, "secretary")
        page.fill("#field-place", "管委会三楼")
        page.select_option("[name=seats] >> nth=0", "")
        with page.expect_navigation():
            page.click(".languages button")
        assert page.get_attribute("html", "lang") == "en"
        assert (page.input_value("#field-place"), page.input_value("[name=seats] >> nth=0")) == ("管委会三楼", "")
        look.require_quiet()
        page.focus("#field-title")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator("#fault-day").is_visible()
        assert page.get_attribute("html", "lang") == "en"


@pytest.mark.usefixtures("accepted")
def test_a_meeting_is_called_and_gets_two_cases_by_keyboard(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        look.go("/meetings")
        sign_in(look, "secretary")
        enter(look, "a[href='/meetings/new']")
        enter(look, "#field-title")
        look.page.locator(".faults:focus").wait_for()
        look.require_sound()
        fill_in_day(look)
        enter(look, "#field-place")
        tick(look, "applications", 2)
        enter(look, "form#field-applications button")
        assert look.page.locator("form[action$='/untable']").count() == 2
        look.require_sound()


def test_a_meeting_is_opened_with_a_quorum_and_closed_by_keyboard(
    browser: Browser, server: Server, meeting: str, tmp_path: Path
) -> None:
    with looking(browser, server) as look:
        look.go(meeting)
        sign_in(look, "secretary")
        look.require_sound()
        assert 1 <= sheets(look.page, tmp_path / "meeting.pdf") <= 2
        enter(look, "a[href$='/open']")
        for expected in (".faults:focus", "[role=status]"):
            tick(look, "present", 3)
            enter(look, "form.calling button")
            look.page.locator(expected).wait_for()
        look.require_quiet()
    with looking(browser, server, language="en", size=NARROW) as look:
        look.go(f"{meeting}/close")
        sign_in(look, "chair")
        look.require_quiet()
        tab_to(look, "#field-reason")
        look.page.keyboard.type("To be discussed at the next meeting")
        enter(look, "form button")
        assert (look.page.locator(".ways").count(), look.page.url) == (0, server.address + meeting)


def test_the_pages_of_a_meeting_fit_on_a_phone_and_need_no_scripts(browser: Browser, server: Server) -> None:
    with looking(browser, server, language="en", size=NARROW, scripts=False) as look:
        page = look.page
        look.go("/meetings/new")
        sign_in(look, "secretary")
        page.fill("#field-day", "2026-12-03")
        page.fill("#field-title", "A" * 200)
        with page.expect_navigation():
            page.click("form.calling button")
        meeting = page.url.removesuffix("/agenda").removeprefix(server.address)
        for path in (
            "/meetings?state=called",
            *(f"{meeting}/{part}" for part in ("agenda", "open", "cancel", "seats")),
        ):
            look.go(path)
            look.require_quiet()
        page.locator("select[name=seats]").last.select_option(index=0)
        with page.expect_navigation():
            page.click("form.calling button")
        assert page.locator("tbody tr th.named").count() == 5
        look.require_quiet()


def test_deputies_and_interests_are_told_on_a_phone(browser: Browser, server: Server) -> None:
    with looking(browser, server, language="en", size=NARROW) as look:
        page = look.page
        look.go("/deputies")
        sign_in(look, "member-1")
        page.select_option("#field-deputy", index=2)
        page.fill("#field-from_on", "2026-12-01")
        page.fill("#field-to_on", "2026-12-31")
        page.fill("#field-reason", "Away " * 50)
        with page.expect_navigation():
            page.click(".narrow button")
        assert page.locator("form[action$='/revoke']").count() == 1
        look.require_sound()
        look.go("/interests")
        page.fill("#field-credit_code", "1")
        look.press("Enter")
        page.locator(".faults:focus").wait_for()
        look.require_quiet()
