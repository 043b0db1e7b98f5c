"""The room of a meeting in a real browser: a phone that votes, whoever decides, the projector by its keys."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from service.cli.demo import PASSWORD
from service.words import together
from tests.serving import Server
from tests.ui.browsing import NARROW, Demonstration, Looking, looking, sheets, sign_in

ZH, EN = (together("domain", "sheets", "pages", "meeting_room")[language] for language in ("zh", "en"))
SEATS = ("chair", *(f"member-{n}" for n in range(1, 6)))
ITEMS = (1, 2, 3)
# What is touched on a phone, and how high it is at least, in pixels.
TOUCHED = ".room :is(.choices label, button, summary, [role=button], .told a)"
HEIGHTS = "all => all.map(one => one.checkVisibility() ? one.getBoundingClientRect().height : 1000)"
LEAST = 44
# The narrowest phone, and how wide each table is shown and is in full.
SMALL = (360, 740)
WIDTHS = "all => all.map(one => [one.clientWidth, one.scrollWidth])"


@pytest.fixture(scope="module")
def meeting(demonstration: Demonstration, server: Server) -> str:
    """An open meeting with three of the examples, as the address of its pages."""
    listed = demonstration.ask(server, "reviewer", "GET", "/applications?sort=number&limit=3")["items"]
    people = [demonstration.ask(server, login, "GET", "/me")["id"] for login in SEATS]
    seats = [{"person": one, "chair": one == people[0]} for one in people]
    called = {
        "title": "2026 年第 1 次项目评审会",
        "place": "三楼会议室",
        "held_at": "2026-11-30T09:00:00+08:00",
        "seats": seats,
    }
    path = f"/meetings/{demonstration.ask(server, 'secretary', 'POST', '/meetings', called)['id']}"
    for case in listed:
        demonstration.change(server, "reviewer", f"/applications/{case['id']}", "accept")
        demonstration.ask(server, "secretary", "POST", f"{path}/items", {"application": case["id"]})
    demonstration.change(server, "secretary", path, "open", {"present": people})
    return path


def enter(look: Looking, login: str, path: str) -> None:
    """Sign in on the way to a page, without any script."""
    look.go(path)
    look.page.fill("#field-login", login)
    look.page.fill("#field-password", PASSWORD)
    follow(look, "main button")


def follow(look: Looking, selector: str) -> None:
    with look.page.expect_navigation():
        look.page.click(selector)


def test_a_member_votes_on_every_item_from_a_phone_without_scripts(
    browser: Browser, server: Server, meeting: str
) -> None:
    with looking(browser, server, language="en", size=NARROW, scripts=False) as look:
        page = look.page
        enter(look, "member-1", f"{meeting}/sheet")
        follow(look, ".told a")
        for n in ITEMS:
            assert page.url == f"{server.address}{meeting}/items/{n}"
            assert min(page.eval_on_selector_all(TOUCHED, HEIGHTS)) >= LEAST
            look.require_quiet()
            page.check("input[value=defer]")
            follow(look, ".ballot button")
        assert page.locator("[role=status]").inner_text() == EN["said.voted_all"].format(n=3, choice=EN["vote_defer"])
        assert page.locator(".ballot input:checked").get_attribute("value") == "defer"


def test_the_secretary_decides_and_the_minutes_say_so(
    browser: Browser, server: Server, demonstration: Demonstration, meeting: str, tmp_path: Path
) -> None:
    for login in SEATS:
        demonstration.ask(server, login, "POST", f"{meeting}/items/1/votes", {"choice": "defer"})
    with looking(browser, server) as look:
        page = look.page
        look.go(f"{meeting}/items/1")
        sign_in(look, "secretary")
        look.require_sound()
        page.locator(".ruling > form > button").focus()
        look.press("Enter")
        assert page.locator("[role=status]").inner_text() == ZH["said.decided"].format(n=1, outcome="暂缓")
        assert "暂缓 6 票" in page.locator(".result").inner_text()
        look.go(f"{meeting}/minutes")
        assert ZH["decided"].format(outcome="暂缓") in page.locator("main").inner_text()
        look.require_sound()
        assert 1 <= sheets(page, tmp_path / "minutes.pdf") <= 3


def test_a_clicker_turns_the_pages_of_the_projector(browser: Browser, server: Server, meeting: str) -> None:
    with looking(browser, server) as look:
        page = look.page
        look.go(f"{meeting}/projector")
        sign_in(look, "chair")
        for key, place in (
            ("PageDown", "projector/1"),
            ("ArrowRight", "projector/2"),
            ("PageUp", "projector/1"),
            ("End", "projector/3"),
            ("ArrowLeft", "projector/2"),
            ("Home", "projector/1"),
            ("Escape", "sheet"),
        ):
            look.press(key)
            assert page.url == f"{server.address}{meeting}/{place}"
        look.go(f"{meeting}/projector/2")
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 2 * 16
        look.require_sound()
        page.evaluate("document.body.append(document.createElement('input')); document.querySelector('input').focus()")
        page.keyboard.type("a")
        page.keyboard.press("Home")
        page.keyboard.type("b")
        assert page.locator("input").input_value() == "ba"
        assert page.url.endswith("projector/2")


def test_what_is_printed_is_read_on_a_phone_and_only_its_tables_scroll(
    browser: Browser, server: Server, meeting: str
) -> None:
    for language in ("zh", "en"):
        with looking(browser, server, language=language, size=SMALL) as look:
            look.go(f"{meeting}/sheet")
            sign_in(look, "chair")
            for paper, require in (("minutes", look.require_quiet), ("scores", look.require_sound)):
                look.go(f"{meeting}/{paper}/print")
                require()
                assert look.page.evaluate("document.querySelector('main').getBoundingClientRect().width") == SMALL[0]
                widths = look.page.eval_on_selector_all("main .table", WIDTHS)
                assert all(shown <= SMALL[0] for shown, _ in widths)
                assert any(held > shown for shown, held in widths)
            look.page.set_viewport_size({"width": 1280, "height": 800})
            assert all(shown == held for shown, held in look.page.eval_on_selector_all("main .table", WIDTHS))


def test_the_sheet_and_the_comparison_are_sound_wide_and_narrow(
    browser: Browser, server: Server, meeting: str, tmp_path: Path
) -> None:
    with looking(browser, server) as look:
        look.go(f"{meeting}/sheet")
        sign_in(look, "member-2")
        look.require_sound()
        assert look.page.locator("svg[role=img]").count() == look.page.locator("figure table").count() == 1
        assert 1 <= sheets(look.page, tmp_path / "sheet.pdf") <= 4
        for n in (1, 3):
            look.page.check(f"input[name=with][value='{n}']")
        follow(look, ".ranked button")
        assert look.page.url.endswith("projector?with=1&with=3")
        assert look.page.locator(".differs").count() > 0
        look.require_sound()
    with looking(browser, server, language="en", size=NARROW) as look:
        look.go(f"{meeting}/sheet")
        sign_in(look, "chair")
        look.require_quiet()
        look.go(f"{meeting}/items/2")
        look.require_sound()
        for path in ("minutes", "projector", "projector/3", "projector?with=1&with=2&with=3"):
            look.go(f"{meeting}/{path}")
            look.require_quiet()
