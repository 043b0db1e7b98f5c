"""How a page is declared: once. What is declared is what runs, what the navigation shows, and what tests walk over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Generic, TypeAlias, TypeVar

from flask import Flask, Response

from service.core.people import Permission
from service.web.ahead import Ahead
from service.web.endpoints import FileBody
from service.web.forms import Empty, Form
from service.web.views import Shown
from service.work import Work

Received_co = TypeVar("Received_co", covariant=True)

_NAME: Final = "sluice_pages"
_NONE: Final[Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. Its title is ``page.<name>`` of the section ``pages``; ``permission`` None lets anybody read it.

    ``query`` reads what stands behind the question mark. ``in_navigation`` shows it, to whom it is granted, in the
    order of declaration. ``under`` is the page it is reached from.

    A page ``of`` another one is that page again, for what stands in its form: it is sent there (POST, with the proof),
    and nothing is kept. What it ``rehearses`` is done and undone. ``form`` and ``receives`` are as for a submission.
    """

    name: str
    path: str
    permission: Permission | None
    template: str
    query: Form | None = None
    in_navigation: bool = False
    under: "Page | None" = None
    of: "Page | None" = None
    form: Form = field(default_factory=Empty)
    receives: FileBody | None = field(default=None, compare=False)
    rehearses: bool = False

    @property
    def methods(self) -> list[str]:
        """How it is asked for."""
        return ["GET"] if self.of is None else ["GET", "POST"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is sent from a form. ``page`` is shown again, with every fault, when it is refused; None where it never is.

    ``before`` is done outside the unit of work, before it: what must stay when the work fails. So is what comes of
    ``ahead``, which takes a work that only reads, what was given, the file and the parts of the path: what takes long.
    ``receives`` is for a form with a file in it; its fields are read by the form of that, in the place of ``form``.
    """

    name: str
    path: str
    permission: Permission | None
    page: Page | None
    form: Form = field(default_factory=Empty)
    before: Callable[[Any], object] | None = None
    ahead: Ahead | None = None
    receives: FileBody | None = None

    @property
    def methods(self) -> list[str]:
        """How it is asked for; whoever follows an address that is only sent to is led to the page."""
        return ["POST"] if self.page is None or self.page.path == self.path else ["GET", "POST"]


@dataclass(frozen=True, slots=True)
class PageCall(Generic[Received_co]):
    """What a page or a submission works with: work, what was given, the language, what was done before, a file."""

    work: Work
    given: Received_co
    spoken: str
    ready: Any = None
    file: Any = None


@dataclass(frozen=True, slots=True)
class Go:
    """Where to go on. ``said`` is a code of the section ``pages``, told there once; ``token`` a new visit's."""

    to: str
    said: str | None = None
    figures: Mapping[str, object] = field(default_factory=lambda: _NONE)
    token: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """What is shown in the answer itself, once, because nothing keeps it: a secret, on a template under a page."""

    page: Page
    template: str
    values: Mapping[str, object]


# What a page gives its template; ``title`` among it takes the place of the declared one. ``Shown`` goes out as it is.
Shows: TypeAlias = "Mapping[str, object] | Go | Shown"
Deed: TypeAlias = Callable[..., Any]
Declared: TypeAlias = "Page | Submission"


class Pages:
    """The pages of one noun."""

    def __init__(self) -> None:
        """Start without pages."""
        self._declared: list[tuple[Declared, Deed]] = []

    def page(self, declared: Page) -> Callable[[Deed], Deed]:
        """Declare the decorated function a page; it takes a ``PageCall`` and the parts of its path."""
        return self._register(declared)

    def submission(self, declared: Submission) -> Callable[[Deed], Deed]:
        """Declare the decorated function what a form does: of a ``PageCall`` it makes ``Go``, ``Once`` or ``Shown``."""
        return self._register(declared)

    def _register(self, declared: Declared) -> Callable[[Deed], Deed]:
        def register(deed: Deed) -> Deed:
            self._declared.append((declared, deed))
            return deed

        return register

    def register(self, app: Flask, show: Callable[..., Response], receive: Callable[..., Response]) -> None:
        """Give the pages to an application; ``show`` and ``receive`` answer for pages and submissions."""
        deeds = {declared: deed for declared, deed in self._declared if isinstance(declared, Page)}
        for declared, deed in self._declared:
            name = f"pages.{declared.name}"
            view = (
                _showing(show, declared, deed)
                if isinstance(declared, Page)
                else _receiving(receive, declared, deed, deeds)
            )
            app.add_url_rule(declared.path, name, view, methods=declared.methods)
            app.extensions.setdefault(_NAME, {})[name] = declared


def declared(app: Flask) -> dict[str, Declared]:
    """Give every page and submission of an application by its name, in the order of declaration."""
    found: dict[str, Declared] = app.extensions[_NAME]
    return found


def _showing(show: Callable[..., Response], page: Page, deed: Deed) -> Deed:
    return lambda **path: show(page, deed, path)


def _receiving(
    receive: Callable[..., Response], submission: Submission, deed: Deed, deeds: Mapping[Page, Deed]
) -> Deed:
    again = None if submission.page is None else deeds[submission.page]
    return lambda **path: receive(submission, deed, again, path)
