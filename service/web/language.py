"""The language of an answer: what ``Accept-Language`` prefers among those the service speaks."""

from functools import lru_cache
from operator import itemgetter

from flask import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from service.web.process import runtime
from service.words import LANGUAGES


def spoken() -> str:
    """Give the language, ``zh`` or ``en``, of the answer to this request."""
    held = runtime().settings.language
    header = request.headers.get("Accept-Language")
    return preferred(header, held) if header else held


@lru_cache(maxsize=256)
def preferred(header: str, held: str) -> str:
    """Give ``zh`` or ``en`` for a header; ``held`` when it asks for anything, or for neither."""
    wanted = sorted(parse_accept_header(header, LanguageAccept), key=itemgetter(1), reverse=True)
    ranges = {tag.partition("-")[0].lower(): quality for tag, quality in reversed(wanted)}
    refused = {name for name, quality in ranges.items() if not quality}
    for tag, _ in wanted:
        name = tag.partition("-")[0].lower()
        if name == "*":
            return next((one for one in (held, *LANGUAGES) if one not in refused), held)
        if name in LANGUAGES and name not in refused:
            return name
    return held
