"""Forms that are sent in a real browser: by Enter, by a double click, once their session is over."""

from playwright.sync_api import Browser, Page

from service.cli.demo import PASSWORD
from service.words import together
from tests.serving import Server
from tests.ui.browsing import Demonstration, Looking, looking, sign_in

ZH = together("domain", "sheets", "pages", "apply", "admin_pages")["zh"]
CODE = "91379999DEM0000140"
# How long the server seems to take, in milliseconds, so that a second click meets the page that the first was on.
SLOW = 600


def drafts(demonstration: Demonstration, server: Server) -> int:
    return len(demonstration.ask(server, "officer-1", "GET", "/applications?state=draft&limit=100")["items"])


def slowed(page: Page) -> list[str]:
    """Let every form wait before it is sent; what is sent is told."""
    sent: list[str] = []
    cdp = page.context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": SLOW, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    return sent


def click_twice(look: Looking, selector: str) -> None:
    with look.page.expect_navigation():
        look.page.dblclick(selector, delay=5)
    look.page.wait_for_load_state()


def test_enter_in_the_application_form_pre_checks_it_and_keeps_the_language(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        page = look.page
        look.go("/cases/new")
        sign_in(look, "officer-1")
        page.fill("#field-applicant_name", "岱岳")
        look.press("Enter")
        assert page.url == f"{server.address}/cases/precheck#precheck"
        assert page.get_attribute("html", "lang") == "zh-CN"
        assert page.input_value("#field-applicant_name") == "岱岳"
        look.require_sound()


def test_enter_pre_checks_a_draft_too(browser: Browser, server: Server) -> None:
    path = f"/cases/{draft(browser, server)}"
    with looking(browser, server) as look:
        look.go(f"{path}/edit")
        sign_in(look, "officer-1")
        look.page.focus("#field-project_name")
        look.press("Enter")
        assert look.page.url == f"{server.address}{path}/precheck#precheck"
        assert look.page.get_attribute("html", "lang") == "zh-CN"


def draft(browser: Browser, server: Server) -> str:
    """Save a draft, and give its id."""
    with looking(browser, server) as look:
        look.go("/cases/new")
        sign_in(look, "officer-1")
        fill(look.page)
        with look.page.expect_navigation():
            look.page.click("button[value=draft]")
        return look.page.url.split("/")[-2]


def fill(page: Page) -> None:
    for name, text in (("applicant_name", "岱岳（虚构）"), ("credit_code", CODE), ("project_name", "一期")):
        page.fill(f"#field-{name}", text)


def test_two_clicks_store_one_draft(browser: Browser, server: Server, demonstration: Demonstration) -> None:
    before = drafts(demonstration, server)
    with looking(browser, server) as look:
        look.go("/cases/new")
        sign_in(look, "officer-1")
        fill(look.page)
        sent = slowed(look.page)
        click_twice(look, "button[value=draft]")
        look.page.wait_for_url("**/edit")
        assert sent.count(f"{server.address}/cases/new") == 1
        look.require_quiet()
        with look.page.expect_navigation():
            look.page.click("button[value=draft]")
        assert look.page.url.endswith("/edit")
    assert drafts(demonstration, server) == before + 1


def test_two_clicks_issue_one_key_and_show_it(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        listed = look.page.locator("tbody tr")
        look.go("/account/keys")
        sign_in(look, "officer-2")
        before = listed.count()
        look.go("/account/keys/new")
        look.page.check("input[value='cases:read']")
        slowed(look.page)
        click_twice(look, "main form button")
        assert look.page.input_value("#shown-key").startswith("slc_")
        look.go("/account/keys")
        assert listed.count() == before + 1


def test_a_form_that_gives_out_a_file_is_sent_again(
    browser: Browser, server: Server, demonstration: Demonstration
) -> None:
    case = demonstration.ask(server, "reviewer", "GET", "/applications?sort=number&limit=1")["items"][0]
    with looking(browser, server) as look:
        look.go(f"/cases/{case['id']}")
        sign_in(look, "auditor")
        given: list[str] = []
        look.page.on("download", lambda download: given.append(download.suggested_filename))
        for number in (1, 2):
            with look.page.expect_download():
                look.page.dblclick("form[data-file] button", delay=5)
            look.page.wait_for_timeout(1_200)
            assert len(given) == number
        with look.page.expect_navigation():
            look.page.click("form[action='/language'] button")
        assert look.page.get_attribute("html", "lang") == "en"


def test_a_form_is_sent_again_after_going_back(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        look.go("/cases/new")
        sign_in(look, "officer-1")
        for _ in range(2):
            fill(look.page)
            with look.page.expect_navigation():
                look.page.click("main .actions button[formaction]")
            assert "/cases/precheck" in look.page.url
            look.page.go_back()


def come_in(page: Page) -> None:
    """Sign in at a tab, and close it."""
    page.fill("#field-login", "officer-1")
    page.fill("#field-password", PASSWORD)
    with page.expect_navigation():
        page.click("main button")
    page.close()


def test_whoever_signs_in_again_at_another_tab_saves_what_was_typed(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        page, now = look.page, look.page.locator("#precheck-now")
        look.go("/cases/new")
        sign_in(look, "officer-1")
        fill(page)
        page.context.clear_cookies(name="sluice")
        page.fill("#field-project_name", "二期")
        page.keyboard.press("Tab")
        now.get_by_text(ZH["precheck.over"]).wait_for()
        look.require_sound()
        with page.expect_popup() as opened:
            now.get_by_role("link").click()
        come_in(opened.value)
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        now.get_by_text(ZH["precheck.in_again"]).wait_for()
        with page.expect_navigation():
            page.click("button[value=draft]")
        assert page.input_value("#field-project_name") == "二期"
        assert page.url.endswith("/edit")
