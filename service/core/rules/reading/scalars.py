"""What a single node stands for where something is wanted of it: YAML's core schema, with exact numbers.

Each reader gives what it read, or None after noting why not.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias, TypeVar

from service.core.rules.expressions.units import Unit, parse_unit
from service.core.rules.faults import Fault, Place, Severity
from service.core.rules.reading.collect import Faults, shortened
from service.core.rules.reading.nodes import PLAIN, UNREAD, Listing, Node, Scalar
from service.core.values import DIGITS, LARGEST, SMALLEST

T = TypeVar("T")
Name = TypeVar("Name", bound=StrEnum)
Read: TypeAlias = Callable[[Node, Faults], T | None]

MOST_DECIMALS = 20
# Beyond these a number is out of range whatever its digits are, and costly to look at.
LONGEST_WHOLE = 30
LONGEST_EXPONENT = 8
NULL = re.compile(r"null|Null|NULL|~|")
TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
LABEL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", re.ASCII)
RESERVED = frozenset({"true", "false", "null", "in", "category"})

_WHOLE = {"0o": (re.compile(r"0o[0-7]+"), 8), "0x": (re.compile(r"0x[0-9a-fA-F]+"), 16)}
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
# Where a character of a Chinese keyboard is certain to be meant as the plain one.
_WIDE_WHERE = {
    "list": re.compile(r"([【［｛])"),
    "point": re.compile(r"([【［｛])"),
    "table": re.compile(r"(?=[【［｛]|[\w.-]+：)[\w.-]*([【［｛：])"),
    "number": re.compile(r"[-+.0-9eE]*([．－＋０-９，。；])"),
    "constant": re.compile(r"[-+.0-9eE]*([．－＋０-９，。；])"),
    "unit": re.compile(r"[^！-～]*([！-～])"),
}
# There quotes would not help.
_NEVER_QUOTED = frozenset({"constant", "unit"})
_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"【": "[", "】": "]", "、": ",", "。": "."}


def kind(node: Node) -> str:
    """Name what a node is: ``list``, ``table``, ``null``, ``boolean``, ``number``, ``text`` or ``unread``."""
    if not isinstance(node, Scalar):
        return "list" if isinstance(node, Listing) else "table"
    if node.style != PLAIN:
        return "unread" if node.style == UNREAD else "text"
    if NULL.fullmatch(node.text):
        return "null"
    if node.text in TRUTH:
        return "boolean"
    return "number" if _is_number(node.text) else "text"


def is_null(node: Node) -> bool:
    """Say whether a node is ``null`` or empty."""
    return kind(node) == "null"


def refuse(node: Node, wanted: str, faults: Faults) -> None:
    """Note that something else was wanted at a node. Characters of a Chinese keyboard are named instead."""
    found = kind(node)
    if found == "unread" or refuse_wide(node, wanted, faults):
        return
    if wanted == "text" and isinstance(node, Scalar) and found in {"number", "boolean"}:
        faults.form(node.place, "text_unquoted", text=shortened(node.text))
    else:
        faults.form(node.place, f"{wanted}_wanted", found=found)


def refuse_wide(node: Node, wanted: str, faults: Faults) -> bool:
    """Note a character of a Chinese keyboard where a list, table, number or unit was wanted; say if it is there."""
    if not isinstance(node, Scalar) or node.style != PLAIN or wanted not in _WIDE_WHERE:
        return False
    found = _WIDE_WHERE[wanted].match(node.text)
    if found is None:
        return False
    at = found.start(1)
    place = Place(node.place.line, node.place.column + at)
    code = "full_width" if wanted in _NEVER_QUOTED else "yaml_full_width"
    faults.form(place, code, found=node.text[at], meant=_WIDE[node.text[at]])
    return True


def text(node: Node, faults: Faults) -> str | None:
    """Read a text that is not empty."""
    if isinstance(node, Scalar) and kind(node) == "text":
        if node.text.strip():
            return node.text
        faults.form(node.place, "text_empty")
        return None
    refuse(node, "text", faults)
    return None


def name(node: Node, faults: Faults) -> str | None:
    """Read a name that may stand in expressions: an ASCII identifier that means nothing else there."""
    found = text(node, faults)
    if found is None:
        return None
    if not NAME.fullmatch(found):
        faults.form(node.place, "name_form", found=shortened(found))
        return None
    if found in RESERVED:
        faults.form(node.place, "name_reserved", found=found)
        return None
    return found


def label(node: Node, faults: Faults) -> str | None:
    """Read a name that never stands in an expression: it may also hold ``-`` and ``.``."""
    found = text(node, faults)
    if found is None or LABEL.fullmatch(found):
        return found
    faults.form(node.place, "label_form", found=shortened(found))
    return None


def boolean(node: Node, faults: Faults) -> bool | None:
    """Read ``true`` or ``false``."""
    if isinstance(node, Scalar) and kind(node) == "boolean":
        return TRUTH[node.text]
    refuse(node, "boolean", faults)
    return None


def number(node: Node, faults: Faults) -> Decimal | None:
    """Read a number exactly: within 1e20, not closer to 0 than 1e-20, and of at most 34 significant digits."""
    if not isinstance(node, Scalar) or kind(node) != "number":
        refuse(node, "number", faults)
        return None
    value = _decimal(node.text)
    if value is None or (value and not SMALLEST <= value.copy_abs() <= LARGEST):
        faults.form(node.place, "number_range", largest=LARGEST, smallest=SMALLEST)
        return None
    if len("".join(map(str, value.as_tuple().digits)).strip("0")) > DIGITS:
        faults.form(node.place, "number_too_long", limit=DIGITS)
        return None
    return value or Decimal(0)


def between(least: int, most: int) -> Read[Decimal]:
    """Read a number from ``least`` to ``most``."""

    def read(node: Node, faults: Faults) -> Decimal | None:
        value = number(node, faults)
        if value is None or least <= value <= most:
            return value
        faults.form(node.place, "number_between", least=least, most=most, found=value)
        return None

    return read


def decimals(node: Node, faults: Faults) -> int | None:
    """Read how many decimals something has."""
    value = between(0, MOST_DECIMALS)(node, faults)
    if value is None:
        return None
    if value != int(value):
        faults.form(node.place, "number_whole", found=value)
        return None
    return int(value)


def weight(node: Node, faults: Faults) -> Decimal | None:
    """Read a number that is not negative."""
    value = number(node, faults)
    if value is None or value >= 0:
        return value
    faults.meaning(node.place, "weight_negative", found=value)
    return None


def day(node: Node, faults: Faults) -> date | None:
    """Read a day written YYYY-MM-DD, in quotes or not."""
    if not isinstance(node, Scalar) or kind(node) != "text" or not DAY.fullmatch(node.text):
        refuse(node, "date", faults)
        return None
    try:
        return date.fromisoformat(node.text)
    except ValueError:
        faults.form(node.place, "date_impossible", found=node.text)
        return None


def or_null(read: Read[T]) -> Read[T]:
    """Read the same, or ``null``, which is no fault and gives None."""
    return lambda node, faults: None if is_null(node) else read(node, faults)


def one_of(names: type[Name], *allowed: Name) -> Read[Name]:
    """Read one of the words of an enumeration."""
    words = tuple(allowed or names)

    def read(node: Node, faults: Faults) -> Name | None:
        found = text(node, faults)
        if found is None:
            return None
        if found in words:
            return names(found)
        choices = tuple(word.value for word in words)
        faults.unknown(Fault(node.place, Severity.FORM, "word_unknown", {"found": found, "choices": choices}), choices)
        return None

    return read


def unit(node: Node, faults: Faults) -> tuple[str, Unit] | None:
    """Read a unit: as written, and what it means."""
    found = text(node, faults)
    if found is None or refuse_wide(node, "unit", faults):
        return None
    try:
        return found, parse_unit(found)
    except ValueError:
        faults.meaning(node.place, "unit_form", found=shortened(found))
        return None


def _is_number(written: str) -> bool:
    if NUMBER.fullmatch(written) or _NOT_FINITE.fullmatch(written):
        return True
    form, _ = _WHOLE.get(written[:2], (None, 0))
    return form is not None and form.fullmatch(written) is not None


def _decimal(written: str) -> Decimal | None:
    """Read a number of the core schema; None for infinities, what is no number, and exponents beyond any decimal."""
    if written[:2] in _WHOLE:
        return Decimal(int(written, 0)) if len(written) <= LONGEST_WHOLE else None
    found = NUMBER.fullmatch(written)
    if found is None or len(found[3] or "") > LONGEST_EXPONENT:
        return None
    return Decimal(written)
