"""Looking at the pages in a real browser: what a reader sees, what an aid stumbles over, what a page complains of."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import requests
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # the library has no types
from playwright.sync_api import Browser, Page, Request

from service.cli.demo import PASSWORD
from tests import databases
from tests.serving import Server

WIDE, NARROW = (1280, 800), (390, 844)
LOCALES: Final = {"zh": "zh-CN", "en": "en-GB"}
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (403|404|409|412|422)")


@dataclass(frozen=True)
class Demonstration:
    """A filled database, saved, the keys of its people by their log-ins, and the ledger's key beside its memory."""

    database: databases.Saved
    keys: Mapping[str, str]
    ledger: Path

    def ask(self, server: Server, login: str, method: str, path: str, sent: object = None) -> dict[str, Any]:
        """Ask the API for somebody, so that a page has something to show; what is refused fails the test."""
        headers = {"Authorization": f"Bearer {self.keys[login]}"}
        answer = requests.request(method, f"{server.address}/v1{path}", json=sent, headers=headers, timeout=60)
        assert answer.ok, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def change(self, server: Server, login: str, path: str, verb: str, sent: object = None) -> dict[str, Any]:
        """Do something for somebody to what they have just read, in the version that they read."""
        version = self.ask(server, login, "GET", path)["version"]
        headers = {"Authorization": f"Bearer {self.keys[login]}", "If-Match": f'"{version}"'}
        answer = requests.post(f"{server.address}/v1{path}/{verb}", json=sent, headers=headers, timeout=60)
        assert answer.ok, answer.text
        told: dict[str, Any] = answer.json()
        return told


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
        with self.page.expect_event("load"):
            self.page.keyboard.press(key)

    def require_sound(self, *alike: str) -> None:
        """Nothing a reader with an aid would stumble over, and all that else makes a page sound.

        Of what is ``alike`` on a long page, the first two among their neighbours are looked at.
        """
        context: Any = {"exclude": [[f"{one} ~ {one} ~ {one}"] for one in alike]} if alike else None
        found = Axe().run(self.page, context)
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


def sheets(page: Page, printed: Path) -> int:
    """Print a page on A4, and count the sheets."""
    page.emulate_media(media="print")
    assert [page.locator(one).first.is_visible() for one in ("h1", "header.top", ".parts")] == [True, False, False]
    page.pdf(path=printed, format="A4")
    page.emulate_media(media="screen")
    return len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))
