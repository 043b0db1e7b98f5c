"""The pages in a real browser: Debian's chromium, with and without scripts, in both languages, wide and narrow."""

import re
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from service.cli.demo import PASSWORD
from service.words import sections
from tests.serving import Server
from tests.ui.browsing import NARROW, WIDE, Looking, looking, sheets, sign_in

ZH, EN = (sections("pages")[language] for language in ("zh", "en"))


def test_every_page_is_sound_in_both_languages_wide_and_narrow(browser: Browser, server: Server) -> None:
    for language, size in product(("zh", "en"), (WIDE, NARROW)):
        # What an aid stumbles over is the same in every width; it takes long to find, so that it is looked for twice.
        is_searched = (language, size) in {("zh", WIDE), ("en", NARROW)}
        with looking(browser, server, language=language, size=size) as look:
            require = look.require_sound if is_searched else look.require_quiet
            look.go("/cases")
            assert look.page.locator("h1").inner_text() == {"zh": ZH, "en": EN}[language]["page.sign_in"]
            require()
            sign_in(look, "reviewer")
            assert look.page.url == f"{server.address}/cases"
            assert look.page.locator("tbody tr").count() == 12
            require()
            with look.page.expect_navigation():
                look.page.locator("tbody a").first.click()
            for path in (look.page.url.removeprefix(server.address), "/home", "/account", "/nowhere"):
                look.go(path)
                require()


def test_chinese_is_shown_in_a_chinese_font(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        look.go("/sign-in")
        session = look.page.context.new_cdp_session(look.page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        heading = session.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": heading})["fonts"]
    assert [font for font in fonts if "CJK" in font["familyName"] or "Hei" in font["familyName"]], fonts


def test_everything_works_without_scripts(browser: Browser, server: Server) -> None:
    with looking(browser, server, scripts=False) as look:
        page = look.page
        look.go("/cases")
        page.fill("#field-login", "officer-1")
        page.fill("#field-password", PASSWORD)
        with page.expect_navigation():
            page.click("main button")
        page.select_option("#field-outcome", "approve")
        with page.expect_navigation():
            page.click(".filters button")
        assert "outcome=approve" in page.url
        assert page.locator("tbody tr").count() == page.locator("tbody .badge.good").count() > 0
        with page.expect_navigation():
            page.click(".languages button")
        assert "outcome=approve" in page.url
        assert page.locator("h1").inner_text() == EN["page.cases"]
        with page.expect_navigation():
            page.click("form[action='/sign-out'] button")
        assert EN["said.signed_out"] in page.locator("[role=status]").inner_text()


def test_with_scripts_a_filter_is_followed_at_once_and_stands_in_the_address(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        page = look.page
        look.go("/cases")
        sign_in(look, "reviewer")
        with page.expect_response(re.compile("outcome=reject")):
            page.select_option("#field-outcome", "reject")
        page.wait_for_url(re.compile("outcome=reject"))
        assert page.locator("tbody tr").count() == page.locator("tbody .badge.bad").count() == 3
        look.require_sound()
        page.go_back()
        page.locator("tbody tr").nth(11).wait_for()


def test_faults_of_a_form_take_the_focus_and_lead_to_their_fields(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        page = look.page
        look.go("/account")
        sign_in(look, "member-1")
        page.fill("#field-current", PASSWORD)
        page.fill("#field-password", "member-12026")
        page.fill("#field-password_again", "member-12026")
        look.press("Enter")
        page.locator(".faults:focus").wait_for()
        look.require_sound()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") in {"field-password", "field-password_again"}
        assert page.get_attribute("#field-password", "aria-invalid") == "true"
        assert page.get_attribute("#field-password", "aria-describedby") == "hint-password fault-password"


def test_the_pre_check_follows_what_is_chosen_by_keyboard(browser: Browser, server: Server) -> None:
    for language, size in (("zh", WIDE), ("en", NARROW)):
        with looking(browser, server, language=language, size=size) as look:
            page, words = look.page, sections("domain")[language]
            now, depends = page.locator("#precheck-now"), page.locator("#field-facts-redline_activity_allowed")
            look.go("/cases/new")
            sign_in(look, "officer-1")
            assert words["outcome_defer"] in now.inner_text()
            page.locator("[name=facts-in_ecological_redline][value='']").focus()
            for state, chosen in (("detached", "false"), ("attached", "true")):
                page.keyboard.press("ArrowLeft")
                depends.wait_for(state=state)  # type: ignore[arg-type]  # one of the two
                assert page.evaluate("document.activeElement.value") == chosen
            page.keyboard.press("Tab")
            page.keyboard.press("ArrowLeft")
            now.locator(".badge", has_text=words["outcome_reject"]).wait_for()
            (look.require_sound if language == "zh" else look.require_quiet)()
            look.go("/cases/import")
            (look.require_quiet if language == "zh" else look.require_sound)()


def attach_paper(look: Looking, case: str) -> None:
    """Attach a paper to one's own case by the form of its page."""
    look.go(f"{case}/evidence")
    paper: Any = {"name": "取水许可.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 paper"}
    look.page.set_input_files("#field-file", paper)
    look.page.select_option("#field-grade", "authority")
    look.page.click("#field-facts summary")
    for fact in ("fresh_water_m3", "value_added_10k", "water_reuse_rate_pct"):
        look.page.check(f"#field-facts [value={fact}]")
    with look.page.expect_navigation():
        look.page.click("form[enctype] button")


def test_the_pages_of_a_case_are_sound_with_papers_and_fit_on_paper(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    with looking(browser, server) as look:
        look.go("/cases?sort=number")
        sign_in(look, "officer-1")
        case = str(look.page.locator("tbody a").first.get_attribute("href"))
        attach_paper(look, case)
        assert "取水许可.pdf" in look.page.locator("tbody").first.inner_text()
        look.require_sound()
        for part, most in (("", 6), ("/criteria", 7)):
            look.go(f"{case}{part}")
            look.require_quiet()
            assert look.page.locator("svg[role=img]").count() == look.page.locator("figure table").count() > 1
            assert 1 <= sheets(look.page, tmp_path / "case.pdf") <= most
    with looking(browser, server, language="en", size=NARROW) as look:
        look.go("/cases")
        sign_in(look, "reviewer")
        for part in ("", "/evidence", "/evidence/1", "/opinions", "/versions", "/moves/return"):
            look.go(f"{case}{part}")
            look.require_quiet()
        look.go(f"{case}/criteria")
        look.require_sound()
