"""Making a page: its template in the shell that all pages share."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from flask import Response, current_app, request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from service.core.errors import InvalidError, SluiceError
from service.web import problems
from service.web.headers import request_id
from service.web.process import runtime
from service.web.ui import files, said, sent, visits
from service.web.ui.addresses import HOME
from service.web.ui.pages import Page, declared
from service.web.ui.voice import Voice, voice
from service.words import LANGUAGES
from service.words import problems as words

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HTML_TYPE: Final = "text/html"

_NONE: Final[Mapping[str, str]] = MappingProxyType({})
_PART: Final = re.compile(r"<(?:\w+:)?(\w+)>")
_JINJA: Final = Environment(
    loader=PackageLoader("service.web.ui", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a form: the name of the field, empty for the whole, why, and where it stands.

    ``pointer`` and ``cell`` are those of the flaw, as are ``line`` and ``column`` of a text that was brought.
    """

    name: str
    because: str
    pointer: str = ""
    cell: str | None = None
    line: object = None
    column: object = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it stands on a page: what was typed, and what is wrong with it; ``code`` says it of the whole."""

    typed: Mapping[str, str] = field(default_factory=lambda: _NONE)
    faults: tuple[Fault, ...] = ()
    title: str = ""
    status: int = 200
    code: str = ""

    @property
    def version(self) -> str | None:
        """The version that a form was made of, where it is only shown in another language; None elsewhere."""
        return self.typed.get(sent.VERSION) if self.status == HTTPStatus.OK else None

    def value(self, name: str, otherwise: object = "") -> object:
        """Give what stands in a field."""
        return self.typed.get(name, otherwise)

    def faults_of(self, name: str) -> list[str]:
        """Say what is wrong with a field."""
        return [fault.because for fault in self.faults if fault.name == name]

    def placed(self, place: Callable[[str], str], order: Iterable[str]) -> "Filled":
        """Give the same with every fault at the field that its pointer leads to, in the order of the fields."""
        faults = [replace(fault, name=place(fault.pointer)) if fault.pointer else fault for fault in self.faults]
        at = {name: number for number, name in enumerate(order)}
        return replace(self, faults=tuple(sorted(faults, key=lambda fault: at.get(fault.name, -1))))


@dataclass(frozen=True, slots=True)
class Shell:
    """What is around every page: who is signed in, where they may go, what was just done."""

    page: Page | None
    voice: Voice
    visit: visits.Visit

    @property
    def person(self) -> str:
        """The name of whoever is signed in; empty for nobody."""
        return self.visit.actor.name

    @property
    def roles(self) -> str:
        """Their roles."""
        return self.voice.roles(self.visit.actor.roles)

    @property
    def navigation(self) -> list[Page]:
        """The pages they may go to from anywhere."""
        actor = self.visit.actor
        found = [page for page in declared(current_app).values() if isinstance(page, Page) and page.in_navigation]
        return [page for page in found if page.permission is not None and actor.may(page.permission)]

    @property
    def trail(self) -> list[Page]:
        """The pages this one is reached through, the first first; those that are not the visitor's are left out."""
        actor, found = self.visit.actor, list[Page]()
        page = None if self.page is None else self.page.under
        while page is not None:
            if page.permission is None or actor.may(page.permission):
                found.insert(0, page)
            page = page.under
        return found

    def address(self, page: Page) -> str:
        """Give the address of a page on the way to this one; parts of its path are those of this one's."""
        return addressed(page)

    @property
    def is_demo(self) -> bool:
        """Whether nothing here is real."""
        return runtime().settings.demo

    @property
    def here(self) -> str:
        """The address of this page, to come back to after the language was switched."""
        if request.method == "GET":
            return request.full_path.removesuffix("?")
        page = self.page or sent_from()
        return HOME if page is None else addressed(page)

    languages = LANGUAGES


def addressed(page: Page) -> str:
    """Give the address of a page; parts of its path are those of the request's."""
    parts = request.view_args or {}
    return _PART.sub(lambda part: str(parts[part[1]]), page.path)


def sent_from() -> Page | None:
    """Give the page that the form of this request stands on, if it is one."""
    found = declared(current_app).get(request.endpoint or "")
    if isinstance(found, Page):
        return found.of or found
    return None if found is None else found.page


def kept() -> Filled:
    """Give the form that was sent, with what was typed; passwords are typed anew."""
    given = sent.fields()
    names = [name for name in given if "password" not in name and name != "current"]
    return Filled({name: ",".join(given.getlist(name)) for name in names})


def filled(error: SluiceError, spoken: str) -> Filled:
    """Give the form that was refused, with every fault."""
    typed = kept().typed
    detail, status = words.detail(spoken, error), problems.status(type(error))
    if not isinstance(error, InvalidError):
        return Filled(typed, (Fault("", detail),), words.title(spoken, error.code), status, error.code)
    faults = tuple(
        Fault(
            flaw.pointer[1:].partition("/")[0],
            words.because(spoken, flaw),
            flaw.pointer,
            flaw.cell,
            flaw.figures.get("line"),
            flaw.figures.get("column"),
        )
        for flaw in error.flaws
    )
    return Filled(typed, faults, voice(spoken).words["form.refused"], status, error.code)


def fragment(template: str, speaks: Voice, values: Mapping[str, object]) -> Markup:
    """Make a part of a page that is the same for everybody who reads it in a language."""
    return Markup(_JINJA.get_template(template).render(say=speaks.say, voice=speaks, **values))  # noqa: S704 - escaped by the template


def render(template: str, page: Page | None, values: Mapping[str, object], status: int | None = None) -> Response:
    """Make the answer that shows a page to whoever is visiting; a form that was refused says with which status."""
    visit = visits.current()
    speaks = voice(visit.language)
    told = said.take(speaks)
    shown = _JINJA.get_template(template).render(
        shell=Shell(page, speaks, visit),
        say=speaks.say,
        voice=speaks,
        proof=visits.proof,
        own=sent.once,
        file=files.address,
        told=told,
        request_id=request_id(),
        **{"title": None if page is None else speaks.words[f"page.{page.name}"], "form": Filled(), **values},
    )
    form = values.get("form")
    found = form.status if status is None and isinstance(form, Filled) else status or HTTPStatus.OK
    response = Response(shown, found, mimetype=HTML_TYPE)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Content-Language"] = speaks.language
    response.headers["Vary"] = "Cookie, Accept-Language"
    return visits.remember(said.forget(response) if told else response)
