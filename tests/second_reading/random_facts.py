"""Facts at random for a rulebook: often exactly on its thresholds or one step beside them, often missing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from tests.second_reading.language import Plain
from tests.second_reading.random_names import DAYS, TEXTS

Fact = Mapping[str, Plain]

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
# The largest and the smallest that are taken, and as many digits as can be.
EXTREME = tuple(map(Decimal, ("1e20", "1e-20", "99999999999999999999", "0.3333333333333333333333333333333333")))
_SHARES = (1.0, 1.0, 0.95, 0.8, 0.5, 0.15)


def thresholds(data: Mapping[str, Plain]) -> list[Decimal]:
    """Every figure that stands in a rulebook where values are looked at."""
    sections = [
        data.get(name) for name in ("parameters", "profiles", "facts", "derived", "gates", "categories", "criteria")
    ]
    return sorted({Decimal(figure) for entry in sections for figure in _figures(entry)})


def _figures(value: Plain) -> Iterable[Decimal]:
    if isinstance(value, str):
        yield from map(Decimal, _NUMBER.findall(value))
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _figures(item)
    elif isinstance(value, Decimal | int) and not isinstance(value, bool):
        yield Decimal(value)


@dataclass(frozen=True)
class Vocabulary:
    """What facts are made of: figures that matter somewhere, and texts."""

    figures: Sequence[Decimal]
    texts: Sequence[str] = TEXTS


def facts(random: Random, declared: Mapping[str, Fact], words: Vocabulary) -> dict[str, Plain]:
    """Make up facts; how many of them are known is chosen anew each time."""
    share = random.choice(_SHARES)
    found: dict[str, Plain] = {}
    for name, fact in declared.items():
        if random.random() < share:
            found[name] = value(random, fact, words)
        elif random.random() < 0.3:
            found[name] = None
    return found


def value(random: Random, fact: Fact, words: Vocabulary) -> Plain:
    """A value that a fact accepts."""
    kind = fact["type"]
    if kind in {"number", "integer"}:
        if "decimals" not in fact and kind == "number" and random.random() < 0.1:
            return number(random, fact, random.choice(EXTREME))
        found = number(random, fact, random.choice(words.figures) + random.choice((0, 0, -1, 1)) * step(fact))
        return random.choice((found, found, respelt(found)))
    if kind == "list":
        return [_record(random, fact, words) for _ in range(random.choice((0, 1, 2, 3, 4)))]
    options = {"boolean": (True, False), "text": words.texts, "date": DAYS}.get(kind) or list(fact["choices"])
    return random.choice(options)


def respelt(found: Decimal) -> Decimal:
    """The same number written otherwise: ``10`` as ``1E+1``, ``2.5`` as ``2.500000``, ``0`` as ``-0``."""
    if not found:
        return Decimal("-0")
    return found.normalize() if found % 1 == 0 else found * Decimal("1.00000")


def step(fact: Fact) -> Decimal:
    """The least difference between two values of a number fact."""
    return Decimal(1).scaleb(-_decimals(fact))


def number(random: Random, fact: Fact, wanted: Decimal) -> Decimal:
    """The wanted number, brought to a fact's decimals and limits."""
    found = wanted if wanted in EXTREME else wanted.quantize(step(fact), rounding=ROUND_HALF_UP)
    if not fits(fact, found):
        found = Decimal(random.randint(1, 150)).quantize(step(fact))
    return found if fits(fact, found) else _inside(fact)


def _inside(fact: Fact) -> Decimal:
    low = fact.get("min", fact.get("min_exclusive", 0))
    high = fact.get("max", fact.get("max_exclusive", low + 2))
    return Decimal((low + high) / 2).quantize(step(fact), rounding=ROUND_HALF_UP)


def fits(fact: Fact, found: Decimal) -> bool:
    """Say whether a number lies within a fact's limits."""
    low, high = fact.get("min_exclusive", found - 1), fact.get("max_exclusive", found + 1)
    return bool(fact.get("min", found) <= found <= fact.get("max", found) and low < found < high)


def _decimals(fact: Fact) -> int:
    return 0 if fact["type"] == "integer" else int(fact.get("decimals", 6))


def _record(random: Random, fact: Fact, words: Vocabulary) -> dict[str, Plain]:
    complete = random.random() < 0.6
    record: dict[str, Plain] = {}
    for name, of in fact["of"].items():
        if complete or random.random() < 0.8:
            record[name] = value(random, of, words)
        elif random.random() < 0.5:
            record[name] = None
    return record
