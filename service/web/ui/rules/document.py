"""A rulebook as one document: made once for each edition and language, as nothing in it ever changes."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from service.core.rules.model import Rulebook
from service.web.ui.rendering import fragment
from service.web.ui.rules import bylaws
from service.web.ui.rules.reader import Reader
from service.web.ui.voice import Voice

# In the order of the document.
PARTS: Final = (
    *("unconfirmed", "gates", "categories", "criteria", "outcomes", "plan"),
    *("bylaws", "parameters", "facts", "figures", "sources"),
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A rulebook read in a language, known again by its hash."""

    sha256: str
    language: str
    rulebook: Rulebook = field(compare=False)
    voice: Voice = field(compare=False)


def document(rulebook: Rulebook, voice: Voice) -> Markup:
    """Give a rulebook from top to bottom."""
    return _document(_Reading(rulebook.sha256, voice.language, rulebook, voice))


@lru_cache(maxsize=16)
def _document(of: _Reading) -> Markup:
    told = list(bylaws.told(of.rulebook.bylaws, of.voice))
    values = {"reader": Reader(of.rulebook, of.voice), "parts": PARTS, "bylaws": told}
    return fragment("rules_document.html", of.voice, values)
