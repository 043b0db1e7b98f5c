r"""How the texts of forms are described: how long they are, and which characters they hold.

A text is looked at without the space around it. What ``Text`` refuses at once stands in ``CONTROL``; a text on one line
holds no break within. Patterns are in what JSON Schema and Python have in common.
"""

from typing import Any, Final

from service.core.cases.credit_codes import ALPHABET, ORGANISATION_CHECKS
from service.core.cases.headers import LONGEST_REASON
from service.core.values import CONTROL

_SEEN: Final = r"[^\x00-\x1f\x7f-\x9f]"
_SEEN_AND_NO_SPACE: Final = r"[^\x00-\x1f\x7f-\x9f\s]"
_ANY: Final = "[^" + CONTROL.pattern.removeprefix("[")
_ANY_BUT_SPACE: Final = _ANY.removesuffix("]") + r"\s]"

# Any text that a form takes.
FREE: Final = f"^{_ANY}*$"


def line(said: str, most: int, least: int = 1) -> dict[str, Any]:
    """Describe a text on one line; with ``least`` 0 nothing but space is as good as none."""
    ends = (f"{_SEEN_AND_NO_SPACE}{_SEEN}*") * min(least, 2)
    limits = {"minLength": least} if least else {}
    return {"description": said, **limits, "maxLength": most, "pattern": f"^{_SEEN}*{ends}$"}


def prose(said: str) -> dict[str, Any]:
    """Describe a text of some length, which a reason is."""
    return due_prose(said) | {"minLength": 1, "pattern": f"^{_ANY}*{_ANY_BUT_SPACE}{_ANY}*$"}


def due_prose(said: str) -> dict[str, Any]:
    """Describe such a text that may be empty."""
    return {"description": said, "maxLength": LONGEST_REASON, "pattern": FREE}


def exact(said: str, most: int, least: int = 1) -> dict[str, Any]:
    """Describe a text that counts with the space around it."""
    return sought(said) | ({"minLength": least} if least else {}) | {"maxLength": most}


def sought(said: str) -> dict[str, Any]:
    """Describe a text that is looked for: all of it is on one line."""
    return {"description": said, "pattern": f"^{_SEEN}*$"}


def credit_code(said: str) -> dict[str, Any]:
    """Describe a credit code by its shape; its two check digits are counted."""
    sign = f"[{ALPHABET}]"
    shape = f"{sign}{{2}}[0-9]{{6}}{sign}{{8}}[{ORGANISATION_CHECKS}]{sign}"
    return {"description": said, "pattern": f"^{shape}$"}
