"""A visit of a browser: its token, whose session that is, and the proof that a form is one of ours.

Before somebody signs in, the token is a random one that nobody knows here; signing in gives another. What a form must
show is bound to the token, so that it counts in this browser and for this visit only.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

from flask import Response, g, session
from flask.sessions import NullSession, SessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf, validate_csrf  # type: ignore[import-untyped]  # the library has no types
from sqlalchemy.orm import Session as Database
from wtforms import ValidationError  # type: ignore[import-untyped]  # the library has no types

from service.actions import sign_in
from service.core.errors import ForbiddenError, UnauthenticatedError
from service.core.people import NOBODY, Actor
from service.web import language, limiting
from service.web.process import runtime
from service.web.routes import PREFIX
from service.web.ui import cookies
from service.web.ui.cookies import Cookie
from service.words import LANGUAGES

FIELD: Final = "csrf_token"


class ForgedError(ForbiddenError):
    """A form that does not show what the page it claims to come from was given."""

    code = "forged"


class _OfThisRequest(dict[str, object], SessionMixin):
    """What the library that looks at forms keeps its side of the proof in: gone with the request."""


class Sessions(SessionInterface):
    """The framework's own sessions: none for the API, where no cookie is read; elsewhere one that keeps nothing."""

    _none = NullSession()

    def open_session(self, app: object, request: object) -> SessionMixin:
        """Give an empty one."""
        del app
        path = cast("str", getattr(request, "path", PREFIX))
        return self._none if path == PREFIX or path.startswith(f"{PREFIX}/") else _OfThisRequest()

    def save_session(self, app: object, session: SessionMixin, response: object) -> None:
        """Keep nothing."""


@dataclass(slots=True)
class Visit:
    """A visit as far as it is known: the session, once it was looked for and if there is one."""

    token: str
    is_new: bool
    found: sign_in.Session | None = None
    asked_in: str | None = field(default=None)

    @property
    def actor(self) -> Actor:
        """Whoever is signed in, or nobody."""
        return NOBODY if self.found is None else self.found.actor

    @property
    def language(self) -> str:
        """The language of the session, else the one this browser was told, else what it asks for."""
        chosen = (self.found.language if self.found else None) or cookies.read(Cookie.LANGUAGE)
        return chosen if chosen in LANGUAGES else language.spoken()

    def identify(self, database: Database, now: datetime) -> Actor:
        """Find the session. Raises ``UnauthenticatedError`` if there is none."""
        if self.look(database, now) is None:
            raise UnauthenticatedError
        return self.actor

    def look(self, database: Database, now: datetime) -> sign_in.Session | None:
        """Look for the session."""
        self.found = None if self.is_new else sign_in.find(database, runtime().settings, self.token, now)
        if self.found is not None:
            limiting.known_visit(self.token)
        return self.found

    def anybody(self, database: Database, now: datetime) -> Actor:
        """Find whoever is signed in; nobody will do."""
        self.look(database, now)
        return self.actor


def current() -> Visit:
    """Give the visit that this request belongs to."""
    if "visit" not in g:
        token = cookies.read(Cookie.VISIT)
        g.visit = Visit(token or sign_in.new_token(), is_new=not token)
        session[FIELD] = _derived(g.visit.token, "form")
    found: Visit = g.visit
    return found


def proof() -> str:
    """Give what a form on a page must show when it is sent."""
    return str(generate_csrf(_derived(current().token, "signature"), FIELD))


def require_proof(shown: str | None) -> None:
    """Raise ``ForgedError`` unless what a form shows is what this visit was given."""
    visit = current()
    try:
        if visit.is_new:
            raise ForgedError
        validate_csrf(shown, _derived(visit.token, "signature"), token_key=FIELD)
    except ValidationError as error:
        raise ForgedError from error


def remember(response: Response) -> Response:
    """Let a new visitor's browser keep its token."""
    if "visit" in g and g.visit.is_new:
        cookies.keep(response, Cookie.VISIT, g.visit.token)
    return response


def _derived(token: str, purpose: str) -> str:
    return hmac.new(token.encode("utf-8", "surrogatepass"), purpose.encode(), hashlib.sha256).hexdigest()
