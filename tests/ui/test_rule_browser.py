"""The rulebook in a real browser: read by keyboard and on paper, proposed by an author, released by somebody else."""

from pathlib import Path

from playwright.sync_api import Browser

from service.cli.demo import PASSWORD
from service.words import sections
from tests.serving import Server
from tests.ui.browsing import NARROW, Looking, looking, sheets, sign_in

EN = sections("pages")["en"]
RULES = Path(__file__).parent.parent.parent / "rules.yaml"
NOTE = "领导小组议定改写补正办法"


def test_the_document_is_read_by_keyboard_and_fits_on_paper(browser: Browser, server: Server, tmp_path: Path) -> None:
    with looking(browser, server) as look:
        page = look.page
        look.go("/rules")
        sign_in(look, "officer-1")
        assert page.locator(".rule").count() == 13
        assert page.locator(".document svg[role=img]").count() == 20
        look.require_sound(".rule", ".drawn", "tr")
        page.locator(".contents a[href='#criteria']").focus()
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('#criteria').getBoundingClientRect().top < 100")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#criteria').contains(document.activeElement)")
        page.evaluate("window.scrollTo(0, 0)")
        assert 15 < sheets(page, tmp_path / "rules.pdf") <= 32


def edited(edition: str) -> bytes:
    """The rules file with a few words of it rewritten, as another edition."""
    source = RULES.read_text("utf-8")
    for before, after in (
        ('edition: "2026.1"', f'edition: "{edition}"'),
        ("in_force_from: 2026-09-01", "in_force_from: 2027-01-01"),
        ("zh: 压减激励规模后重新申报", "zh: 压减激励规模或者分期兑现后重新申报"),
    ):
        assert before in source
        source = source.replace(before, after, 1)
    return source.encode()


def propose(look: Looking, content: bytes) -> None:
    """Fill in the form, and send it by keyboard."""
    look.page.set_input_files("#field-file", {"name": "rules.yaml", "mimeType": "text/yaml", "buffer": content})
    look.page.fill("#field-note", NOTE)
    look.page.keyboard.press("Tab")
    look.press("Enter")


def proposes(browser: Browser, server: Server) -> str:
    """An author proposes a file with a fault, then one without, and sees what it changes."""
    with looking(browser, server) as look:
        page = look.page
        look.go("/rules/proposals/new")
        sign_in(look, "rule-author")
        propose(look, edited("2026.2").replace(b"water_quota_ratio > quota", b"water_quota_ratoi > quota"))
        page.locator(".faults:focus").wait_for()
        assert page.locator(".faults tbody tr").count() == 1
        look.require_quiet()
        propose(look, edited("2026.2"))
        assert "压减激励规模或者分期兑现后重新申报" in page.locator(".changes").last.inner_text()
        return page.url.removeprefix(server.address)


def releases(browser: Browser, server: Server, address: str) -> None:
    """A releaser finds it at home, and releases it, on a phone and without scripts."""
    with looking(browser, server, language="en", size=NARROW, scripts=False) as look:
        page = look.page
        look.go("/home")
        page.fill("#field-login", "rule-releaser")
        page.fill("#field-password", PASSWORD)
        for button in ("main button", f"a[href='{address}']", f"form[action='{address}/release'] button"):
            with page.expect_navigation():
                page.click(button)
            look.require_quiet()
        assert EN["said.rules_released"].format(edition="2026.2") in page.locator("[role=status]").inner_text()


def test_an_author_proposes_an_edited_file_and_a_releaser_releases_it(browser: Browser, server: Server) -> None:
    address = proposes(browser, server)
    releases(browser, server, address)
    with looking(browser, server, language="en", size=NARROW) as look:
        look.go("/rules/editions")
        sign_in(look, "member-1")
        assert look.page.locator("tbody tr").count() == 3
        look.require_quiet()
        look.go(address)
        look.require_sound("tr")
