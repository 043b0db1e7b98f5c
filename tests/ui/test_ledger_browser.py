"""The pages of the ledger in a real browser: what an auditor does, and the eight steps as they are written."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser

from service.cli.demo import PASSWORD
from service.words import sections
from tests.serving import Server
from tests.ui.browsing import NARROW, WIDE, Looking, looking, sign_in

ZH, EN = (sections("ledger_pages")[language] for language in ("zh", "en"))


def taken(look: Looking, link: str, folder: Path) -> Path:
    """Download what a link leads to, under the name it is given out by."""
    with look.page.expect_download() as download:
        look.page.locator(f'a[href="{link}"]').first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command line as it is written, where there is a plain Python and nothing else."""
    plain = {"PATH": str(Path(sys.executable).parent), "HOME": str(folder)}
    command = [sys.executable, "-I", *shlex.split(line)[1:]]
    assert shlex.split(line)[0] == "python3"
    return subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)


def test_the_eight_steps_do_what_they_say(browser: Browser, server: Server, tmp_path: Path) -> None:
    with looking(browser, server, language="en", scripts=False) as look:
        look.go("/ledger/verify")
        sign_in_by_form(look, "auditor")
        version, digest, entry, _, flip, flipped = look.page.locator("pre.command").all_inner_texts()
        for link in ("/ledger/files/sluice_verify.py", "/ledger/files/checkpoint.txt"):
            taken(look, link, tmp_path)
        taken(look, str(look.page.locator('a[href$="/zip"]').get_attribute("href")), tmp_path)
        told = look.page.locator("p.digest").inner_text()
    (tmp_path / "checkpoint.txt").rename(tmp_path / "kept.txt")
    assert run(digest, tmp_path).stdout.strip() == told
    for line in (version, entry, f"{entry} --checkpoint kept.txt", flip):
        done = run(line, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    refused = run(flipped, tmp_path)
    assert refused.returncode in {1, 2, 3}, refused.stdout


def test_the_bundle_of_a_case_is_proven_by_the_command_that_is_told(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    with looking(browser, server, scripts=False) as look:
        look.go("/ledger/verify")
        sign_in_by_form(look, "auditor")
        case = look.page.locator("pre.command").nth(3).inner_text()
        taken(look, "/ledger/files/sluice_verify.py", tmp_path)
        with look.page.expect_navigation():
            look.page.locator('a[href="/cases"]').last.click()
        with look.page.expect_navigation():
            look.page.locator("tbody a").first.click()
        with look.page.expect_download() as download:
            look.page.locator('form[action$="/bundle"] button').click()
        name = download.value.suggested_filename
        download.value.save_as(tmp_path / name)
    done = run(case.replace("CASE.zip", name), tmp_path)
    assert done.returncode == 0, done.stdout


def sign_in_by_form(look: Looking, login: str) -> None:
    look.page.fill("#field-login", login)
    look.page.fill("#field-password", PASSWORD)
    with look.page.expect_navigation():
        look.page.click("main button")


def look_for_a_case(look: Looking) -> None:
    look.page.focus("#field-subject")
    look.page.keyboard.type("2026-0003")
    look.page.keyboard.press("Enter")
    look.page.wait_for_url(re.compile("subject=2026-0003"))
    look.page.locator("#found tbody tr").nth(2).wait_for(state="detached")


def test_enter_changes_a_filter_and_sends_it_and_asks_once(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        asked: list[str] = []
        look.go("/ledger")
        sign_in(look, "auditor")
        look.page.on("request", lambda request: asked.append(request.url))
        look_for_a_case(look)
        look.page.wait_for_timeout(100)
        assert len(asked) == 1


def test_an_auditor_finds_an_entry_and_verifies_it_by_keyboard(browser: Browser, server: Server) -> None:
    with looking(browser, server) as look:
        page = look.page
        look.go("/ledger")
        sign_in(look, "auditor")
        look.require_sound()
        look_for_a_case(look)
        assert page.locator("#found tbody tr").count() == 2
        page.locator("#found tbody a").first.focus()
        look.press("Enter")
        assert ZH["ledger.verdict.holds"] in page.locator("main").inner_text()
        assert page.locator("svg[role=img] .node.root").count() == 1
        look.require_sound()
        for path in ("/ledger/consistency", "/ledger/verify", "/accountability"):
            look.go(path)
            look.require_quiet()


def test_the_pages_are_sound_on_a_phone_in_english_and_for_whoever_reads_proofs_alone(
    browser: Browser, server: Server
) -> None:
    with looking(browser, server, language="en", size=NARROW) as look:
        look.go("/ledger/verify")
        sign_in(look, "chair")
        look.require_sound()
        for path in ("/ledger/consistency", "/ledger/entries/3"):
            look.go(path)
            look.require_quiet()
        assert EN["ledger.entry.not_read"] in look.page.locator("main").inner_text()
        look.go("/accountability")
        look.require_sound()
    with looking(browser, server, language="en", size=NARROW) as look:
        look.go("/ledger")
        sign_in(look, "auditor")
        for path in ("/ledger", "/ledger/entries/3", "/ledger/verify"):
            look.go(path)
            look.require_quiet()
        look.page.set_viewport_size({"width": WIDE[0] // 2, "height": WIDE[1]})
        look.require_quiet()
