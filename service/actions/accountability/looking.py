"""Looking for duties: at whose asking, in which time, and in which cases; each with the entry that shows it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select

from service.actions.applications.sights import has_part
from service.actions.applications.story import day
from service.core.cases.accountability import Holder, Period, Shown
from service.db.applications import ApplicationRow
from service.db.evidence import EvidenceRow
from service.db.ledger import LedgerEvent
from service.db.meetings import DecisionRow, MeetingItemRow, VoteRow
from service.db.opinions import OpinionRow
from service.db.waivers import WaiverRow
from service.work import Work

# Rows that belong to one case and carry the entry of their latest change.
Rows = TypeVar("Rows", EvidenceRow, OpinionRow, WaiverRow, MeetingItemRow, DecisionRow)

# An object with the entry that shows it and the case it belongs to, as ``_EVENT`` and ``_CASE`` name them.
Selected: TypeAlias = "Select[*tuple[Any, ...]]"

_EVENT = (LedgerEvent.id, LedgerEvent.subject_kind, LedgerEvent.subject_id, LedgerEvent.rev, LedgerEvent.type)
_CASE = (ApplicationRow.id, ApplicationRow.number)


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody looks at a time; nothing of a case that they have no part in judging is seen."""

    work: Work
    period: Period
    holders: tuple[Holder, ...]

    @property
    def in_sight(self) -> ColumnElement[bool]:
        """Say of the rows of ``application`` which are looked at."""
        return has_part(self.work.actor.person_id)

    def found(self, wanted: Selected) -> Iterator[tuple[Any, Shown]]:
        """Give what a selection of this module finds in the cases in sight, with the entry and case of each."""
        for row, *entry in self.work.session.execute(wanted.where(self.in_sight)):
            yield row, Shown(*entry)

    def entries(self, type_: str) -> Iterator[tuple[dict[str, Any], Shown]]:
        """Give the entries of a type in the time looked at, about cases in sight, with what they say."""
        wanted = select(LedgerEvent.canon, *_EVENT).where(LedgerEvent.type == type_).order_by(LedgerEvent.id)
        told = ((json.loads(row[0]), row[1:]) for row in self.work.session.execute(wanted))
        timely = [one for one in told if self.period.holds(day(self.work, datetime.fromisoformat(one[0]["at"])))]
        numbers = self._numbers({UUID(event["subject"]["id"]) for event, _ in timely})
        for event, entry in timely:
            case_id = UUID(event["subject"]["id"])
            if case_id in numbers:
                yield event, Shown(*entry, case_id, numbers[case_id])

    def _numbers(self, ids: set[UUID]) -> dict[UUID, str]:
        """Give the numbers of those cases that are in sight."""
        wanted = select(*_CASE).where(ApplicationRow.id.in_(ids), self.in_sight)
        return {row.id: row.number for row in self.work.session.execute(wanted)}


def of_cases() -> Selected:
    """Select cases with the entries of their latest changes, in the order of the entries."""
    found = select(ApplicationRow, *_EVENT, *_CASE).join(LedgerEvent, LedgerEvent.id == ApplicationRow.event_id)
    return found.order_by(LedgerEvent.id)


def of_rows(row: type[Rows]) -> Selected:
    """Select rows that belong to a case with their entries and cases, in the order of the entries."""
    return (
        select(row, *_EVENT, *_CASE)
        .join(LedgerEvent, LedgerEvent.id == row.event_id)
        .join(ApplicationRow, ApplicationRow.id == row.application_id)
        .order_by(LedgerEvent.id)
    )


def of_votes() -> Selected:
    """Select votes with their entries and the cases they were cast on, in the order of the entries."""
    return (
        select(VoteRow, *_EVENT, *_CASE)
        .join(LedgerEvent, LedgerEvent.id == VoteRow.event_id)
        .join(MeetingItemRow, and_(MeetingItemRow.meeting_id == VoteRow.meeting_id, MeetingItemRow.n == VoteRow.n))
        .join(ApplicationRow, ApplicationRow.id == MeetingItemRow.application_id)
        .order_by(LedgerEvent.id)
    )
