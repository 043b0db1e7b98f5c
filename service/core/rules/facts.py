"""Reading raw facts: every value against its declaration, every flaw at once, with a JSON pointer.

A fact that is absent or null is unknown, and so is a field of a record. Numbers count by value, not by spelling.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import TypeAlias

from service.core.errors import Flaw, InvalidError
from service.core.rules.expressions.shape import MOST_RECORDS
from service.core.rules.expressions.types import Value
from service.core.rules.model import Fact, FactType, Rulebook
from service.core.values import DIGITS, LARGEST, SMALLEST, Json, control_at, round_half_up, write_json

# What a cell of a sheet holds.
LONGEST_TEXT = 32_767
# Longer words and later ones get no suggestion: what was meant costs time to find out.
LONGEST_WORD = 64
MOST_MEANT = 20

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ZERO = Decimal(0)
_JSON_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (Decimal, "number"),
    (str, "text"),
    (list, "list"),
    (dict, "record"),
    (type(None), "null"),
)
_Read: TypeAlias = "tuple[Value, tuple[Flaw, ...]]"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that are given and not null, in the order of the rulebook; ``sha256`` is that of their canonical JSON.

    Records of a list hold all their fields, None where unknown. Facts that turn out not applicable are still among
    the values.
    """

    values: Mapping[str, Value]
    sha256: str


def read(rulebook: Rulebook, raw: Mapping[str, Json]) -> Facts:
    """Read facts as ``values.read_json`` gave them. Raises ``InvalidError`` with every flaw.

    Flaws are in the order of the rulebook; facts that nobody asked for come last, by name.
    """
    values, flaws = _members(rulebook.facts.values(), raw, "")
    flaws += tuple(_unasked(raw, rulebook.facts, "", "fact_unknown"))
    if flaws:
        raise InvalidError(flaws)
    known = {name: value for name, value in values.items() if value is not None}
    return Facts(known, hashlib.sha256(canonical(known).encode()).hexdigest())


def canonical(values: Mapping[str, Value]) -> str:
    """Write facts as canonical JSON: members in the order given, unknown fields left out, numbers by value."""
    return write_json(_json(values))


def _json(value: Value) -> Json:
    if isinstance(value, Mapping):
        return {name: _json(item) for name, item in value.items() if item is not None}
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _members(facts: Iterable[Fact], raw: Mapping[str, Json], at: str) -> tuple[dict[str, Value], tuple[Flaw, ...]]:
    values: dict[str, Value] = {}
    flaws: list[Flaw] = []
    for fact in facts:
        given = raw.get(fact.id)
        values[fact.id], found = (None, ()) if given is None else _READERS[fact.kind](fact, given, f"{at}/{fact.id}")
        flaws.extend(found)
    return values, tuple(flaws)


def _unasked(raw: Mapping[str, Json], known: Iterable[str], at: str, code: str) -> Iterator[Flaw]:
    """Name the members that nobody asked for; for the first of them also what may have been meant."""
    names = list(known)
    for index, name in enumerate(sorted(set(raw).difference(names))):
        pointer = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
        yield _word_flaw(pointer, code, name, names if index < MOST_MEANT else [])


def _word_flaw(pointer: str, code: str, word: str, known: list[str]) -> Flaw:
    close = get_close_matches(word, known, n=1) if len(word) <= LONGEST_WORD else []
    if close:
        return Flaw(pointer, f"{code}_meant", {"found": word, "meant": close[0]})
    return Flaw(pointer, code, {"found": _shortened(word)})


def _shortened(word: str) -> str:
    return word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}…"


def _number(fact: Fact, given: Json, at: str) -> _Read:
    if not isinstance(given, Decimal):
        return _mistyped(fact, given, at)
    if not given.is_finite() or (given and not SMALLEST <= given.copy_abs() <= LARGEST):
        return None, (Flaw(at, "fact_number_range", {"largest": LARGEST, "smallest": SMALLEST}),)
    number = given or _ZERO
    return number, tuple(Flaw(at, code, {"limit": limit}) for code, limit in _broken_limits(fact, number))


def _broken_limits(fact: Fact, number: Decimal) -> Iterator[tuple[str, object]]:
    """Give the code and the limit of each limit that a number breaks."""
    limits = fact.limits
    if _digits(number) > DIGITS:
        yield "fact_digits", DIGITS
    if fact.kind is FactType.INTEGER and _decimals_beyond(number, 0):
        yield "fact_integer", 0
    if limits.decimals is not None and _decimals_beyond(number, limits.decimals):
        yield "fact_decimals", limits.decimals
    for code, limit, broken in (
        ("fact_min", limits.min, number.__lt__),
        ("fact_max", limits.max, number.__gt__),
        ("fact_min_exclusive", limits.min_exclusive, number.__le__),
        ("fact_max_exclusive", limits.max_exclusive, number.__ge__),
    ):
        if limit is not None and broken(limit):
            yield code, limit


def _digits(number: Decimal) -> int:
    """Count the significant digits; zeros at the end are none."""
    return len("".join(map(str, number.as_tuple().digits)).rstrip("0"))


def _decimals_beyond(number: Decimal, decimals: int) -> bool:
    return round_half_up(number, decimals) != number


def _boolean(fact: Fact, given: Json, at: str) -> _Read:
    return (given, ()) if isinstance(given, bool) else _mistyped(fact, given, at)


def _text(fact: Fact, given: Json, at: str) -> _Read:
    if not isinstance(given, str):
        return _mistyped(fact, given, at)
    if len(given) > LONGEST_TEXT:
        return None, (Flaw(at, "text_length", {"least": 0, "most": LONGEST_TEXT, "length": len(given)}),)
    position = control_at(given)
    return (given, ()) if position is None else (None, (Flaw(at, "text_character", {"position": position}),))


def _choice(fact: Fact, given: Json, at: str) -> _Read:
    if not isinstance(given, str):
        return _mistyped(fact, given, at)
    if given not in fact.choices:
        return None, (_word_flaw(at, "fact_choice", given, list(fact.choices)),)
    return given, ()


def _date(fact: Fact, given: Json, at: str) -> _Read:
    if not isinstance(given, str):
        return _mistyped(fact, given, at)
    try:
        day = date.fromisoformat(given) if _DAY.fullmatch(given) else None
    except ValueError:
        day = None
    return (None, (Flaw(at, "fact_date", {"found": _shortened(given)}),)) if day is None else (day, ())


def _list(fact: Fact, given: Json, at: str) -> _Read:
    if not isinstance(given, list):
        return _mistyped(fact, given, at)
    if len(given) > MOST_RECORDS:
        return None, (Flaw(at, "list_length", {"length": len(given), "most": MOST_RECORDS}),)
    records = [_record(fact, item, f"{at}/{index}") for index, item in enumerate(given)]
    return tuple(record for record, _ in records), tuple(flaw for _, flaws in records for flaw in flaws)


def _record(fact: Fact, given: Json, at: str) -> _Read:
    if not isinstance(given, dict):
        return None, (Flaw(at, "record_type", {"given_type": _json_type(given)}),)
    values, flaws = _members(fact.of, given, at)
    fields = (field.id for field in fact.of)
    return values, (*flaws, *_unasked(given, fields, at, "field_unknown"))


def _mistyped(fact: Fact, given: Json, at: str) -> _Read:
    return None, (Flaw(at, "fact_type", {"type": fact.kind.value, "given_type": _json_type(given)}),)


def _json_type(given: object) -> str:
    return next((name for kind, name in _JSON_TYPES if isinstance(given, kind)), type(given).__name__)


_READERS: Mapping[FactType, Callable[[Fact, Json, str], _Read]] = {
    FactType.NUMBER: _number,
    FactType.INTEGER: _number,
    FactType.BOOLEAN: _boolean,
    FactType.CHOICE: _choice,
    FactType.TEXT: _text,
    FactType.DATE: _date,
    FactType.LIST: _list,
}
