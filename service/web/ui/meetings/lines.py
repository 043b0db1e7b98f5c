"""What the agenda and the seats of a meeting say, line by line."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from service.actions import rulebooks
from service.actions.meetings import OnTable
from service.actions.meetings.agendas import named
from service.actions.meetings.items import outdated
from service.core.cases.meetings import MeetingState
from service.core.people import Permission
from service.db.meetings import SeatRow
from service.web.ui.voice import Voice
from service.work import Work

_LIVE = {MeetingState.CALLED.value, MeetingState.OPEN.value}


@dataclass(frozen=True, slots=True)
class Line:
    """An item: the gates that were waived when it was pinned, and whether it would be pinned otherwise now."""

    on: OnTable
    waived: tuple[str, ...]
    outdated: bool


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat: whose it is, who sits on it instead, and who may; ``present`` is None until the meeting is opened."""

    person: UUID
    name: str
    deputy: str | None
    may: tuple[tuple[UUID, str], ...]
    chair: bool
    voting: bool
    present: bool | None


def lines(work: Work, items: Iterable[OnTable], voice: Voice) -> list[Line]:
    """Tell items; whether one is outdated is looked at for whoever may pin it anew."""
    may_refresh = work.actor.may(Permission.CALL_MEETINGS)
    return [
        Line(
            on,
            tuple(_waived(work, on, voice)),
            outdated=may_refresh and on.meeting.state in _LIVE and outdated(work, on),
        )
        for on in items
    ]


def seat_lines(
    work: Work, seats: Sequence[SeatRow], deputies: Mapping[UUID, Sequence[UUID]] | None = None
) -> list[SeatLine]:
    """Tell seats; ``deputies`` are those who may sit for somebody, where that is for the visitor's eyes."""
    acting = deputies or {}
    every = {person for row in seats for person in (row.person_id, row.held_by, *acting.get(row.person_id, ()))}
    names = named(work, every)
    return [
        SeatLine(
            person=row.person_id,
            name=names[row.person_id].name,
            deputy=None if row.held_by == row.person_id else names[row.held_by].name,
            may=tuple((one, names[one].name) for one in acting.get(row.person_id, ())),
            chair=row.chair,
            voting=row.voting,
            present=row.present,
        )
        for row in seats
    ]


def _waived(work: Work, on: OnTable, voice: Voice) -> Iterator[str]:
    gates = {gate.id: gate.label for gate in rulebooks.edition(work, on.item.rulebook_sha256).rulebook.gates}
    for name in json.loads(on.item.waived):
        yield voice.label(gates[name])
