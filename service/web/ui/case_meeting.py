"""The meeting's side of a case: on which meetings it is or was, what was decided, and where it can be put next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.actions import applications
from service.actions.meetings.agendas import conditions_of, named
from service.actions.meetings.loading import OnTable
from service.actions.meetings.of_case import ahead, of_case
from service.core.cases.conditions import Condition
from service.core.values import read_json
from service.db.applications import ApplicationRow
from service.db.meetings import DecisionRow
from service.web.api.sheets.minutes_paper import counted
from service.web.ui.voice import Voice
from service.work import Work

# So many meetings are offered at once.
_MOST_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Table:
    """A meeting with a case as an item of it: what both are called, where they are, and how the item stands."""

    meeting: str
    address: str
    item_address: str
    n: int
    held_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Due:
    """A condition with its day, or what it is due with."""

    text: str
    owner: str
    on: date | None
    due: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What the latest meeting decided, how it was voted, and who recorded it when."""

    outcome: str
    assessed: str | None
    reason: str | None
    because: str
    votes: str
    conditions: tuple[Due, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting that a case can be put on the agenda of."""

    meeting: str
    address: str
    held_at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """The meeting's side of a case: its items, the latest first, the last decision, and agendas it can be put on."""

    tables: tuple[Table, ...]
    decided: Decided | None
    agendas: tuple[Agenda, ...] | None


def side(work: Work, row: ApplicationRow, voice: Voice) -> Side:
    """Give the meeting's side of a case as far as it is for the visitor's eyes."""
    found = of_case(work, row)
    decided = next((on.decision for on in found if on.decision is not None), None)
    may_table = "table" in applications.case(work, row).moves
    return Side(
        tables=tuple(_table(on, voice) for on in found),
        decided=None if decided is None else _decided(work, decided, voice),
        agendas=tuple(_agendas(work, row)) if may_table else None,
    )


def _table(on: OnTable, voice: Voice) -> Table:
    here = f"/meetings/{on.meeting.id}"
    state = voice.say(f"item_{on.item.state}")
    return Table(on.meeting.title, here, f"{here}/items/{on.item.n}", on.item.n, on.meeting.held_at, state)


def _agendas(work: Work, row: ApplicationRow) -> Iterator[Agenda]:
    for meeting in ahead(work)[:_MOST_AHEAD]:
        yield Agenda(meeting.title, f"/meetings/{meeting.id}/agenda?text={row.number}", meeting.held_at)


def _decided(work: Work, found: DecisionRow, voice: Voice) -> Decided:
    tally: Any = read_json(found.tally)
    return Decided(
        outcome=found.outcome,
        assessed=found.assessed if found.override else None,
        reason=found.reason,
        because=voice.say(f"because_{tally['because']}"),
        votes=counted(voice, tally["counts"]),
        conditions=tuple(_due(one, voice) for one in conditions_of(found.conditions)),
        by=named(work, [found.decided_by])[found.decided_by].name,
        at=found.decided_at,
    )


def _due(one: Condition, voice: Voice) -> Due:
    due = "" if one.due is None else voice.known(f"due_{one.due}", one.due)
    return Due(one.text, one.owner, one.due_on, due)
