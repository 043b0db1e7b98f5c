"""What changed between two rulebooks, as JSON: exact values, with the sentences beside them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from service.core.rules.comparison.outcomes import Result
from service.core.rules.comparison.values import Basis, Change, Formula, Measure, Scaled, Told, Unit
from service.core.rules.model import Points, Rulebook, Words
from service.core.values import Json
from service.words.changes import Telling


def comparison(telling: Telling) -> Json:
    """Give everything a comparison found."""
    found = telling.comparison
    turned: list[Json] = [
        {"name": one.name, "before": _result(one.before), "after": _result(one.after), "because": telling.turn(one)}
        for one in found.tried.turned
    ]
    return {
        "before": _edition(found.before),
        "after": _edition(found.after),
        "changes": [_change(telling, change) for change in found.changes],
        "cases": {"tried": Decimal(found.tried.count), "different": turned},
    }


def _edition(rulebook: Rulebook) -> Json:
    return {"id": rulebook.id, "edition": rulebook.edition, "sha256": rulebook.sha256}


def _change(telling: Telling, change: Change) -> Json:
    said: dict[str, Json] = {".".join(filter(None, key)): _plain(value) for key, value in change.said.items()}
    return {
        "section": change.section,
        "name": change.name or None,
        "change": change.kind.value,
        "key": ".".join(filter(None, (change.key, change.part))) or None,
        "before": said if change.kind == "removed" else _plain(change.before),
        "after": said if change.kind == "added" else _plain(change.after),
        "because": telling.because(change),
    }


def _result(result: Result) -> Json:
    if result.outcome is None:
        return {"flaws": [{"pointer": flaw.pointer, "code": flaw.code} for flaw in result.flaws]}
    return {
        "outcome": result.outcome.value,
        "total": result.total,
        "category": result.category,
        "failed_gates": list(result.failed_gates),
    }


def _plain(value: Told) -> Json:
    found = next((kind for kind in _PLAIN if isinstance(value, kind)), None)
    return value if found is None else _PLAIN[found](value)  # type: ignore[return-value]  # what is left is JSON


def _scale(scaled: Scaled) -> Json:
    scale = scaled.scale
    if isinstance(scale, Points):
        return [[value, score] for value, score in scale.points]
    bands: list[Json] = [{"at_least": mark, "score": score} for mark, score in scale.bands]
    return [*bands, {"otherwise": True, "score": scale.otherwise}]


# The first kind that fits gives the value.
_PLAIN: Final[dict[type, Callable[[Any], Json]]] = {
    StrEnum: lambda value: str(value.value),
    date: lambda value: str(value.isoformat()),
    Fraction: str,
    Words: lambda value: {"zh": value.zh, "en": value.en},
    Formula: lambda value: str(value.text),
    Unit: lambda value: str(value.text),
    Measure: lambda value: Decimal(value.number),
    Scaled: _scale,
    Basis: lambda value: {"title": _plain(value.title), "article": value.article},
    tuple: lambda value: [_plain(item) for item in value],
}
