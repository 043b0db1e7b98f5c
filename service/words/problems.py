"""What is said about an error: its title, its detail, and why each flaw is one, in either language.

Section ``errors`` has ``<code>.title``, ``<code>.detail`` and ``<code>.advice``. Where one code has several causes, the
detail of a cause is ``<code>.detail.<cause>``; the cause is the figure ``because`` or ``kind``.
"""

from collections.abc import Mapping

from service.core.errors import Flaw, InvalidError, SluiceError
from service.core.rules.model import Words
from service.words import section, sentence

SECTION = "errors"

# Where a flaw's code may stand; codes are unique over all of them.
FLAW_SECTIONS = ("flaws", "faults", "expressions")

# Figures of a flaw that name a type.
TYPES = frozenset({"type", "given_type"})

# What a figure is, where its name does not say it.
_ITEMS = {"legal": "move", "states": "state", "meetings": "meeting", "assessed": "outcome"}

_LIST_MARKS = {"zh": "、", "en": ", "}


def title(language: str, code: str) -> str:
    """Name a kind of error in a few words."""
    return section(language, SECTION)[f"{code}.title"]


def advice(language: str, code: str) -> str:
    """Say what whoever meets this error can do."""
    return section(language, SECTION)[f"{code}.advice"]


def detail(language: str, error: SluiceError) -> str:
    """Say what is wrong this time, with the error's figures."""
    figures = {name: _figure(language, name, figure) for name, figure in error.figures.items()}
    if isinstance(error, InvalidError):
        figures["count"] = len(error.flaws)
    return sentence(language, SECTION, _variant(error), figures)


def because(language: str, flaw: Flaw) -> str:
    """Say why a flaw is one. Raises ``KeyError`` for a code that has no words."""
    place = next((name for name in FLAW_SECTIONS if flaw.code in section(language, name)), FLAW_SECTIONS[0])
    figures = {name: _typed(language, name, figure) for name, figure in flaw.figures.items()}
    return sentence(language, place, flaw.code, figures)


def _typed(language: str, name: str, figure: object) -> object:
    """Say the types of values the way the domain does; every other figure stays as it is."""
    return section(language, "domain")[f"type_{figure}"] if name in TYPES else figure


def _variant(error: SluiceError) -> str:
    cause = error.figures.get("because", error.figures.get("kind"))
    if error.figures.get("legal") == ():
        cause = "none"
    found = f"{error.code}.detail.{cause}"
    return found if found in section("zh", SECTION) else f"{error.code}.detail"


def _figure(language: str, name: str, figure: object) -> object:
    """Say states and moves the way the domain does, lists the way the language does, and words in the language."""
    if isinstance(figure, Words):
        return figure.zh if language == "zh" else figure.en
    words: Mapping[str, str] = section(language, "domain")
    kind = _ITEMS.get(name, name)
    if isinstance(figure, tuple):
        return _LIST_MARKS[language].join(str(_figure(language, kind, item)) for item in figure)
    return words.get(f"{kind}_{figure}", figure)
