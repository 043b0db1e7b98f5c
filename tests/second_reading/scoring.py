"""Criteria, dimensions and totals, worked out with fractions and by trying every end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product

from tests.second_reading.language import Plain
from tests.second_reading.meaning import to_decimals
from tests.second_reading.reading import Book
from tests.second_reading.state import State

OUTCOMES = ["approve", "conditional", "defer", "reject"]
Rule = Mapping[str, Plain]
# What counts in a total: rules with the score that each has there.
Scores = list[tuple[Rule, Fraction]]


@dataclass
class Scored:
    """A criterion: state, the value used, the score that counts (None if it does not apply), and its possible ones."""

    rule: Rule
    state: str
    value: Plain
    counted: Fraction | None
    ends: tuple[Fraction, ...]
    may_be_left_out: bool


def scored(state: State, rule: Rule) -> Scored:
    """Score one criterion."""
    applies = state.condition(rule.get("applies_when"))
    value = state.evaluated(rule.get("value"))
    formula = state.evaluated(rule.get("score"))
    if applies.value is False:
        return Scored(rule, "not_applicable", None, None, (), may_be_left_out=False)
    settled = formula.value if "score" in rule else value.value
    if applies.value is True and settled is not None:
        score = clamped(settled) if "score" in rule else from_table(rule, settled)
        return Scored(rule, "known", value.value, score, (score,), may_be_left_out=False)
    if state.does_not_apply(rule, [applies, value, formula]):
        return Scored(rule, "not_applicable", None, None, (), may_be_left_out=False)
    every = table_scores(rule)
    ends = (min(every), max(every))
    return Scored(rule, "unknown", None, Fraction(0), ends, may_be_left_out=applies.value is None)


def clamped(score: Fraction) -> Fraction:
    return min(max(score, Fraction(0)), Fraction(100))


def table_scores(rule: Rule) -> list[Fraction]:
    """Every score that stands in the table of a criterion; the ends of the scale for an expression."""
    if "points" in rule:
        return [Fraction(score) for _, score in rule["points"]]
    if "bands" in rule:
        return [Fraction(band["score"]) for band in rule["bands"]]
    if "choices" in rule:
        return [Fraction(score) for score in rule["choices"].values()]
    return [Fraction(0), Fraction(100)]


def from_table(rule: Rule, value: Plain) -> Fraction:
    """The score of a known value."""
    if "choices" in rule:
        return Fraction(rule["choices"][value])
    if "bands" in rule:
        reached = [band for band in rule["bands"] if "at_least" not in band or value >= Fraction(band["at_least"])]
        return Fraction(reached[0]["score"])
    points: list[tuple[Fraction, Fraction]] = [(Fraction(at), Fraction(score)) for at, score in rule["points"]]
    for (left, low), (right, high) in pairwise(points):
        if left <= value <= right:
            along: Fraction = (value - left) / (right - left)
            return low + (high - low) * along
    return (points[0] if value < points[0][0] else points[-1])[1]


def dimension(name: str, scores: Scores) -> Fraction | None:
    """The mean of a dimension, None where nothing in it weighs."""
    within = [(Fraction(rule["weight"]), score) for rule, score in scores if rule["dimension"] == name]
    weight = sum(weight for weight, _ in within)
    return None if weight == 0 else sum(weight * score for weight, score in within) / Fraction(weight)


def total(book: Book, scores: Scores) -> Fraction | None:
    """The mean of the dimensions that have one, None where there is none."""
    found = [
        (Fraction(entry["weight"]), mean)
        for name, entry in book.section("dimensions").items()
        if (mean := dimension(name, scores)) is not None
    ]
    weight = sum(weight for weight, _ in found)
    return None if weight == 0 else sum(weight * mean for weight, mean in found) / Fraction(weight)


def published(book: Book, figure: Fraction | None) -> Fraction | None:
    return None if figure is None else to_decimals(figure, int(book.data["decision"]["decimals"]))


def outcome(book: Book, scores: Scores) -> str:
    """What the score alone gives, comparing published figures."""
    reached = published(book, total(book, scores))
    if reached is None:
        return "defer"
    means = [published(book, dimension(name, scores)) for name in book.section("dimensions")]
    for name in OUTCOMES[:3]:
        mark = book.data["decision"][name]
        floors = all(mean >= Fraction(mark["each_dimension"]) for mean in means if mean is not None)
        if reached >= Fraction(mark["total"]) and floors:
            return name
    return "reject"


def possible(found: list[Scored]) -> Iterator[Scores]:
    """Every set of scores that may still come: what may be left out in or out, the rest at either end."""
    applicable = [one for one in found if one.counted is not None]
    for chosen in product(*([True, False] if one.may_be_left_out else [True] for one in applicable)):
        kept = [one for one, stays in zip(applicable, chosen, strict=True) if stays]
        for end in (0, -1):
            yield [(one.rule, one.ends[end]) for one in kept]


def score(book: Book, found: list[Scored]) -> dict[str, Plain]:
    """The score as it is published."""
    counted = [(one.rule, one.counted) for one in found if one.counted is not None]
    known = [(one.rule, one.counted) for one in found if one.counted is not None and one.state == "known"]
    totals = [reached for scores in possible(found) if (reached := total(book, scores)) is not None]
    weight = sum(Fraction(rule["weight"]) for rule, _ in counted)
    share = 100 * sum(Fraction(rule["weight"]) for rule, _ in known) / weight if weight else Fraction(100)
    return {
        "total": published(book, total(book, counted)),
        "lowest": published(book, min(totals, default=None)),
        "highest": published(book, max(totals, default=None)),
        "known_only": published(book, total(book, known)),
        "completeness": published(book, share),
        "outcome": outcome(book, counted),
        "dimensions": {
            name: {"score": published(book, dimension(name, counted)), "weight": Fraction(entry["weight"])}
            for name, entry in book.section("dimensions").items()
        },
    }


def contributions(book: Book, found: list[Scored]) -> list[Fraction | None]:
    """What each criterion adds to the total: the total is their sum."""
    counted = [(one.rule, one.counted) for one in found if one.counted is not None]
    return [None if one.counted is None else _contribution(book, counted, one) for one in found]


def _contribution(book: Book, counted: Scores, one: Scored) -> Fraction:
    alone = [(rule, score if rule is one.rule else Fraction(0)) for rule, score in counted]
    return total(book, alone) or Fraction(0)
