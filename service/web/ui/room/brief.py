"""A case in short, as it was tabled: what is declared beside what is verified."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from service.actions import rulebooks
from service.actions.meetings import OnTable
from service.core.values import read_json
from service.web.api.meetings.views import pinned_assessments
from service.web.ui.case_sheet import Gate, Result, assessed
from service.web.ui.charts import Kind
from service.web.ui.scorecard import Scorecard, Side
from service.web.ui.voice import Voice
from service.work import Work

_CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension and what each assessment scores it."""

    label: str
    scores: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why an outcome is not the best one; ``side`` is empty where both assessments give the same reasons."""

    side: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A case in short. ``gates`` are those that are failed, unknown or waived.

    ``beside_gates`` are the reasons of the verified outcome that are not gates.
    """

    card: Scorecard
    results: tuple[Result, ...]
    reasons: tuple[Reasons, ...]
    beside_gates: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    gates: tuple[Gate, ...]


def scorecard(work: Work, on: OnTable, voice: Voice) -> Scorecard:
    """Give the scorecard of an item: both assessments it was tabled with."""
    shown = pinned_assessments(on, voice.language)
    sides = [Side(Kind(one.kind), read_json(one.report)) for one in shown]
    return Scorecard(rulebooks.edition(work, on.item.rulebook_sha256).rulebook, voice, sides)


def brief(card: Scorecard) -> Brief:
    """Say a case in short."""
    found = assessed(card)
    return Brief(
        card=card,
        results=found.results,
        reasons=tuple(_reasons(found.results)),
        beside_gates=tuple(one["because"] for one in card.sides[-1].report["reasons"] if "gate" not in one),
        dimensions=tuple(_dimension(card, name) for name in card.rulebook.dimensions),
        gates=tuple(gate for gate in found.gates if gate.place != _CLOSED or any(one.waived for one in gate.judged)),
    )


def _reasons(results: tuple[Result, ...]) -> Iterator[Reasons]:
    """Give the reasons of the verified outcome, which is decided by, before those of the declared one."""
    declared, verified = results
    if verified.reasons == declared.reasons:
        yield Reasons("", verified.reasons)
    else:
        yield from (Reasons(one.label, one.reasons) for one in (verified, declared))


def _dimension(card: Scorecard, name: str) -> Dimension:
    scores = (side.report["score"]["dimensions"][name]["score"] for side in card.sides)
    return Dimension(card.voice.label(card.rulebook.dimensions[name].label), tuple(map(card.voice.figure, scores)))
