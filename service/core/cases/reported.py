"""What a stored report says of a case, read back from its JSON with exact figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, cast

from service.core.rules.assessment import GateState
from service.core.rules.model import Level, Outcome
from service.core.values import Json, read_json

_Table: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ReportedGate:
    """How a gate stands: its level, what came of it, and whether it is waived."""

    id: str
    level: Level
    state: GateState
    waived: bool

    @property
    def is_open(self) -> bool:
        """Whether it is not passed."""
        return self.state in {GateState.FAIL, GateState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class ReportedUnknown:
    """A fact that is not known, with the weight that hangs on it."""

    fact: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Reported:
    """The figures of a report. ``score_outcome`` is what the score alone would give, ``causes`` are its reasons' codes.

    ``dimensions`` holds every dimension in the order of the rulebook, None where nothing in it applies.
    """

    outcome: Outcome
    category: str | None
    is_provisional: bool
    total: Decimal | None
    score_outcome: Outcome
    completeness: Decimal
    dimensions: Mapping[str, Decimal | None]
    causes: tuple[str, ...]
    gates: tuple[ReportedGate, ...]
    unknown: tuple[ReportedUnknown, ...]
    derived: Mapping[str, Json]


def reported(text: str) -> Reported:
    """Read the report of an assessment, in either language."""
    told = _table(read_json(text))
    score, category = _table(told["score"]), _table(told["category"])
    return Reported(
        outcome=Outcome(str(told["outcome"])),
        category=cast("str | None", category["id"]),
        is_provisional=category["provisional"] is True,
        total=_figure(score["total"]),
        score_outcome=Outcome(str(score["outcome"])),
        completeness=cast("Decimal", score["completeness"]),
        dimensions={name: _figure(_table(found)["score"]) for name, found in _table(score["dimensions"]).items()},
        causes=tuple(dict.fromkeys(str(reason["code"]) for reason in _tables(told["reasons"]))),
        gates=tuple(_gate(gate) for gate in _tables(told["gates"])),
        unknown=tuple(
            ReportedUnknown(str(fact["fact"]), cast("Decimal", fact["weight_at_stake"]))
            for fact in _tables(told["unknown"])
        ),
        derived=cast("Mapping[str, Json]", told["derived"]),
    )


def _gate(told: _Table) -> ReportedGate:
    return ReportedGate(
        id=str(told["id"]),
        level=Level(str(told["level"])),
        state=GateState(str(told["state"])),
        waived=told.get("waived") is True,
    )


def _figure(value: object) -> Decimal | None:
    return cast("Decimal | None", value)


def _table(value: object) -> _Table:
    return cast("_Table", value)


def _tables(value: object) -> list[_Table]:
    return cast("list[_Table]", value)
