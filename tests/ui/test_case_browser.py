"""The main paths around a case in a real browser: applying in two languages, putting a returned case right, waiving."""

import re

from playwright.sync_api import Browser

from service.words import sections
from tests.serving import Server
from tests.ui.browsing import NARROW, Demonstration, Looking, looking, sign_in

ZH, EN = ({**sections("case")[it], **sections("apply")[it], **sections("pages")[it]} for it in ("zh", "en"))
CODE = "91379999DEM0000140"
LONG = "没有空格的很长的项目名称" * 5


def test_what_was_typed_stays_in_another_language_without_scripts_and_a_draft_is_renamed(
    browser: Browser, server: Server
) -> None:
    with looking(browser, server, language="en", size=NARROW, scripts=False) as look:
        page = look.page
        look.go("/cases/new")
        sign_in(look, "officer-2")
        for name, text in (("applicant_name", "岱岳（虚构）有限公司"), ("credit_code", CODE), ("project_name", LONG)):
            page.fill(f"#field-{name}", text)
        for button in ("button[name=with_row]", "button[name=copy_row]", ".languages button"):
            _click(look, button)
        assert page.locator("h1").inner_text() == ZH["page.apply"]
        assert (page.locator("fieldset.row").count(), page.input_value("#field-project_name")) == (2, LONG)
        _click(look, "button[value=draft]")
        page.fill("#field-applicant_name", "岱岳二厂（虚构）有限公司")
        _click(look, "button[value=draft]")
        assert page.input_value("#field-applicant_name") == "岱岳二厂（虚构）有限公司"
        look.go("/home")
        assert LONG in page.locator("tbody").inner_text()
        look.require_quiet()


def test_a_returned_case_is_put_right_from_the_first_page_by_keyboard(
    browser: Browser, server: Server, demonstration: Demonstration
) -> None:
    case = demonstration.ask(server, "reviewer", "GET", "/applications?sort=number&limit=1")["items"][0]
    with looking(browser, server) as look:
        look.go(f"/cases/{case['id']}/moves/return")
        sign_in(look, "reviewer")
        look.page.fill("#field-reason", "请核对用水量")
        look.page.focus("main form button")
        look.press("Enter")
        assert "请核对用水量" in look.page.locator(".told.poor").inner_text()
    with looking(browser, server) as look:
        look.go("/home")
        sign_in(look, "officer-1")
        look.require_sound()
        look.page.locator("tbody a", has_text=case["number"]).focus()
        look.press("Enter")
        assert "请核对用水量" in look.page.locator(".told.poor").inner_text()
        assert ZH["precheck.due_none"] in look.page.locator("#precheck-why").inner_text()
        look.page.focus("button[value=submit]")
        look.press("Enter")
        assert ZH["case.attach"] == look.page.locator(".ways [role=button]").first.inner_text()
        look.require_sound()


def test_the_chair_waives_a_gate_and_takes_it_back(
    browser: Browser, server: Server, demonstration: Demonstration
) -> None:
    case = demonstration.ask(server, "reviewer", "GET", "/applications?sort=-number&limit=1")["items"][0]
    with looking(browser, server, language="en", size=NARROW) as look:
        look.go(f"/cases/{case['id']}/waivers")
        sign_in(look, "chair")
        look.require_sound()
        _choose_first(look)
        look.page.fill("#field-reason", "批复前先行评审")
        last = re.search(r"\d{4}-\d\d-\d\d", look.page.inner_text("#hint-expires_on"))
        assert last is not None
        look.page.fill("#field-expires_on", last[0])
        look.page.focus("main form button")
        look.press("Enter")
        assert EN["waiver_state.in_force"] in look.page.locator("tbody").inner_text()
        _click(look, "tbody a")
        look.page.fill("#field-reason", "批复未获")
        look.page.focus("main form button")
        look.press("Enter")
        assert EN["waiver_state.revoked"] in look.page.locator("tbody").inner_text()
        look.require_quiet()


def _click(look: Looking, selector: str) -> None:
    """Click what leads on to another page."""
    with look.page.expect_navigation():
        look.page.locator(selector).first.click()


def _choose_first(look: Looking) -> None:
    for name in ("gate", "owner"):
        look.page.select_option(f"#field-{name}", index=1)
