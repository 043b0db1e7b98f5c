"""The action plan, worked out a second time."""

from fractions import Fraction

from tests.second_reading.language import Plain
from tests.second_reading.meaning import to_decimals
from tests.second_reading.scoring import Rule, Scored
from tests.second_reading.state import State, shown


def conditions(state: State, found: list[Scored], category: str) -> list[dict[str, Plain]]:
    """What becomes a condition: weak criteria first, then those that always stand."""
    planned = state.book.data["action_plan"]
    below = Fraction(planned["below"])
    decimals = int(state.book.data["decision"]["decimals"])
    weak = [one for one in found if one.counted is not None and to_decimals(one.counted, decimals) < below]
    inner = State(state.book, {}, category=category)
    inner.known = state.known | inner.known
    inner.given = state.given
    return [_weak(one, below) for one in weak] + [
        {"id": entry["id"], "due": entry["due"]} for entry in planned.get("always") or [] if _stands(inner, entry)
    ]


def _stands(state: State, entry: Rule) -> bool:
    when = state.condition(entry.get("when"))
    return when.value is True or (when.value is None and not state.does_not_apply(entry, [when]))


def _weak(one: Scored, below: Fraction) -> dict[str, Plain]:
    return {
        "id": one.rule["id"],
        "metric": one.rule.get("value", one.rule.get("score")),
        "now": shown(one.value),
        "target": _target(one, below),
        "due": "24_months_after_production",
    }


def _target(one: Scored, below: Fraction) -> Plain:
    rule = one.rule
    if "bands" in rule:
        marks = [Fraction(band["at_least"]) for band in rule["bands"] if "at_least" in band and band["score"] >= below]
        return min(marks, default=None)
    if "choices" in rule:
        enough = [name for name, score in rule["choices"].items() if score >= below]
        return min(enough, key=lambda name: rule["choices"][name], default=None)
    points = [(Fraction(at), Fraction(score)) for at, score in rule.get("points", []) if score >= below]
    return _nearest(points, one.value)


def _nearest(points: list[tuple[Fraction, Fraction]], now: Fraction | None) -> Fraction | None:
    if not points:
        return None
    if now is None:
        return min(points, key=lambda point: point[1])[0]
    return min(points, key=lambda point: abs(point[0] - now))[0]
