"""The scales of a criterion: points, bands, and a score for every choice."""

from collections.abc import Iterator
from decimal import Decimal

from service.core.rules.expressions.types import Type
from service.core.rules.faults import Fault, Severity
from service.core.rules.model import Bands, Choices, Points
from service.core.rules.reading import keys
from service.core.rules.reading.collect import Faults
from service.core.rules.reading.entries import Entry, items, rows
from service.core.rules.reading.nodes import Listing, Node
from service.core.rules.reading.scalars import between, boolean, number, refuse, text

PAIR = 2

_NOTHING = Decimal(0)
_SCORE = between(0, 100)


def points(node: Node | None, faults: Faults) -> Points:
    """Read points ``[value, score]`` with rising values; two at least."""
    read = items(node, faults)
    found = [_point(item, faults) for item in read]
    if isinstance(node, Listing) and len(read) < PAIR:
        faults.form(node.place, "points_few", least=PAIR)
    before: Decimal | None = None
    for item, point in zip(read, found, strict=True):
        if point is not None and before is not None and point[0] <= before:
            faults.meaning(item.place, "points_order", found=point[0], before=before)
        before = before if point is None else point[0]
    return Points(tuple(point for point in found if point is not None))


def bands(node: Node | None, faults: Faults) -> Bands:
    """Read bands from the highest mark down, the last with ``otherwise: true``."""
    read = [Entry(item, faults, *keys.BAND) for item in items(node, faults)]
    if isinstance(node, Listing) and not read:
        faults.form(node.place, "bands_empty")
    scores = [entry.get("score", _SCORE, _NOTHING) for entry in read]
    marks = [_mark(entry, faults, last=index == len(read)) for index, entry in enumerate(read, 1)]
    _check_descent(read, marks, faults)
    found = zip(marks, scores, strict=True)
    return Bands(tuple((mark, score) for mark, score in found if mark is not None), scores[-1] if scores else _NOTHING)


def choice_scores(node: Node | None, found: Type | None, faults: Faults) -> Choices:
    """Read a score for each choice of a value of type ``found``; every choice must have one."""
    scores = {}
    for _, key, value in rows(node, faults):
        choice, score = text(key, faults), _SCORE(value, faults)
        if choice is not None:
            scores[choice] = _NOTHING if score is None else score
            _check_choice(key, choice, found, faults)
    if node is not None and found is not None:
        _check_all(node, scores, found, faults)
    return Choices(scores)


def _point(node: Node, faults: Faults) -> tuple[Decimal, Decimal] | None:
    if not isinstance(node, Listing) or len(node.items) != PAIR:
        refuse(node, "point", faults)
        return None
    value, score = number(node.items[0], faults), _SCORE(node.items[1], faults)
    return None if value is None or score is None else (value, score)


def _mark(entry: Entry, faults: Faults, *, last: bool) -> Decimal | None:
    """Read the mark of a band; None for the last one, which takes whatever is below all marks."""
    if "otherwise" in entry:
        _check_otherwise(entry, faults, last=last)
    elif not last:
        entry.require("at_least")
    elif entry.lacks("otherwise"):
        faults.meaning(entry.place, "bands_end")
    return entry.get("at_least", number)


def _check_otherwise(entry: Entry, faults: Faults, *, last: bool) -> None:
    if not last:
        faults.meaning(entry.key_at("otherwise"), "otherwise_not_last")
    if "at_least" in entry:
        faults.form(entry.key_at("at_least"), "mark_and_otherwise")
    if entry.get("otherwise", boolean) is False:
        faults.form(entry.at("otherwise"), "otherwise_false")


def _check_descent(read: list[Entry], marks: list[Decimal | None], faults: Faults) -> None:
    """Note each mark that a band before it has reached already."""
    least: Decimal | None = None
    for entry, mark in zip(read, marks, strict=True):
        if mark is not None and least is not None and mark >= least:
            faults.meaning(entry.at("at_least"), "bands_order", found=mark, before=least)
        least = least if mark is None else mark


def _check_choice(key: Node, choice: str, found: Type | None, faults: Faults) -> None:
    if found is not None and found.choices is not None and choice not in found.choices:
        faults.unknown(Fault(key.place, Severity.MEANING, "choice_unknown", {"found": choice}), found.choices)


def _check_all(node: Node, scores: dict[str, Decimal], found: Type, faults: Faults) -> None:
    if found.choices is None:
        faults.meaning(node.place, "choices_of_text")
        return
    missing = tuple(_missing(scores, found.choices))
    if missing:
        faults.meaning(node.place, "choices_missing", missing=missing)


def _missing(scores: dict[str, Decimal], choices: tuple[str, ...]) -> Iterator[str]:
    return (choice for choice in choices if choice not in scores)
