"""What the next page has to say of what was just done: a code and its figures, kept in a cookie until it is shown."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import Response

from service.web.ui import cookies
from service.web.ui.cookies import Cookie
from service.web.ui.pages import Go
from service.web.ui.voice import Voice

_PREFIX = "said."


def keep(response: Response, go: Go) -> None:
    """Let the next page say it."""
    if go.said is not None:
        text = json.dumps([go.said, {name: str(value) for name, value in go.figures.items()}])
        cookies.keep(response, Cookie.SAID, urlsafe_b64encode(text.encode()).decode())


def take(voice: Voice) -> str | None:
    """Give the sentence that is to be said; None where there is none, or a cookie that is none of ours."""
    try:
        code, figures = json.loads(urlsafe_b64decode(cookies.read(Cookie.SAID)))
        return voice.say(_PREFIX + code.removeprefix(_PREFIX), **{str(name): str(figures[name]) for name in figures})
    except (binascii.Error, ValueError, TypeError, LookupError, AttributeError):
        return None


def forget(response: Response) -> Response:
    """Say it once only."""
    cookies.drop(response, Cookie.SAID)
    return response
