"""What was sent from a form: its fields, each as often as it came, also of a form with a file in it."""

import secrets
from collections.abc import Mapping
from typing import Final

from flask import g, request
from marshmallow import fields as marshmallow
from werkzeug.datastructures import MultiDict

from service.core.values import Json
from service.web.forms import Form

VERSION: Final = "version"
# The button that asks for another language, within the form that it keeps.
LANGUAGE: Final = "in_language"
# The text that is a form's own, so that it is done once.
ONCE: Final = "once"

_BYTES: Final = 16


def fields() -> MultiDict[str, str]:
    """Give the fields of this request."""
    found: MultiDict[str, str] = g.sent if "sent" in g else request.form
    return found


def once() -> str:
    """Give the text that is a form's own: the one it was sent with where it is shown again, another one elsewhere."""
    return fields().get(ONCE) or secrets.token_urlsafe(_BYTES)


def keep(received: Mapping[str, Json]) -> None:
    """Keep the fields of a form whose content was read another way."""
    g.sent = MultiDict({name: value if isinstance(value, list) else [value] for name, value in received.items()})


def given_to(form: Form, own: frozenset[str]) -> dict[str, object]:
    """Give the fields that a form reads, without those that are the pages' own; what it has as a list, as one."""
    sent = fields()
    return {
        name: _texts(sent, name) if isinstance(form.fields.get(name), marshmallow.List) else sent[name]
        for name in sent
        if name not in own
    }


def _texts(sent: MultiDict[str, str], name: str) -> list[str]:
    return [text for text in sent.getlist(name) if text.strip()]
