"""The pages in a real browser: Debian's chromium, with and without scripts, in both languages, wide and narrow."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # the library has no types
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright

from service.cli.demo import PASSWORD
from service.words import sections
from tests import databases
from tests.cli.commands import call
from tests.serving import Server, serving

ZH, EN = (sections("pages")[language] for language in ("zh", "en"))
WIDE, NARROW = (1280, 800), (390, 844)
LOCALES: Final = {"zh": "zh-CN", "en": "en-GB"}
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (403|404|422)")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration, served by a process of its own."""
    folder = tmp_path_factory.mktemp("pages")
    with databases.fresh("sqlite") as engine:
        settings = {"SLUICE_DATABASE_URL": databases.text_of(engine), "SLUICE_DEMO": "true"}
        filled = call("demo", "--keys", folder / "keys.json", settings=settings)
        assert filled.exit_code == 0, filled.output
        with serving(folder, settings["SLUICE_DATABASE_URL"], DEMO="true") as running:
            yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this module."""
    found = shutil.which("chromium")
    assert found is not None, "The pages are tried in a browser that is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        opened = _opened(playwright, found)
        yield opened
        opened.close()


def _opened(playwright: Playwright, path: str) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


@dataclass
class Looking:
    """A page that is looked at, and whatever it complained of or asked elsewhere."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, key: str) -> None:
        """Press a key that leads on to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def require_sound(self) -> None:
        """Nothing a reader with an aid would stumble over, and all that else makes a page sound."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        self.require_quiet()

    def require_quiet(self) -> None:
        """Nothing wider than the screen, no complaint, nobody else asked."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url
        assert (self.complaints, self.foreign) == ([], [])


@contextmanager
def looking(
    browser: Browser, server: Server, *, language: str = "zh", size: tuple[int, int] = WIDE, scripts: bool = True
) -> Iterator[Looking]:
    viewport: Any = {"width": size[0], "height": size[1]}
    context = browser.new_context(locale=LOCALES[language], viewport=viewport, java_script_enabled=scripts)
    found = Looking(context.new_page(), server.address)

    def asked(request: Request) -> None:
        if not request.url.startswith((server.address, "data:")):
            found.foreign.append(request.url)

    found.page.on("request", asked)
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on(
        "console",
        lambda said: (
            found.complaints.append(said.text)
            if said.type in {"error", "warning"} and not _REFUSED.match(said.text)
            else None
        ),
    )
    yield found
    context.close()


def sign_in(look: Looking, login: str) -> None:
    """Sign in with nothing but a keyboard: past the link to the content, the name of the house and the language."""
    page = look.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    look.press("Enter")


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
    look.page.select_option("#field-facts", ["fresh_water_m3", "value_added_10k", "water_reuse_rate_pct"])
    with look.page.expect_navigation():
        look.page.click("form[enctype] button")


def sheets(page: Page, printed: Path) -> int:
    """Print a page on A4, and count the sheets."""
    page.emulate_media(media="print")
    assert [page.locator(one).first.is_visible() for one in ("h1", "header.top", ".parts")] == [True, False, False]
    page.pdf(path=printed, format="A4")
    page.emulate_media(media="screen")
    return len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))


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
