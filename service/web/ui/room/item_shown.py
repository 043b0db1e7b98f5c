"""What the page of an item shows: the case in short, who has voted, what was decided, and what the visitor may do."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from service.actions import meetings
from service.actions.meetings import Ballot, OnTable
from service.actions.meetings.agendas import Agenda, Tabled, named, opinions
from service.actions.meetings.loading import seats_of
from service.actions.meetings.minutes import minutes
from service.core.cases.meetings import ItemState, MeetingState, RecusalKind
from service.core.cases.minutes import Named, Said
from service.core.cases.seats import Choice
from service.core.people import Permission
from service.db.meetings import RecusalRow, SeatRow, VoteRow
from service.web.api.sheets import minutes as telling
from service.web.api.sheets.minutes_paper import decided
from service.web.printing.paper import Block
from service.web.ui.room.brief import brief, scorecard
from service.web.ui.scorecard import Scorecard
from service.web.ui.voice import Voice
from service.work import Work


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat that votes: who sits on it, and whether it has voted. ``state`` is a word of its own."""

    person: UUID
    name: str
    chair: bool
    state: str


@dataclass(frozen=True, slots=True)
class May:
    """What the visitor may do with the item now."""

    vote: bool
    recuse: bool
    order: bool
    decide: bool
    refresh: bool


@dataclass(frozen=True, slots=True)
class Recused:
    """Somebody who has no part in the item."""

    name: str
    kind: str
    reason: str


def shown(work: Work, on: OnTable, voice: Voice) -> tuple[Scorecard, Mapping[str, object]]:
    """Give the scorecard of an item, and what its page shows."""
    card = scorecard(work, on, voice)
    ballots = meetings.votes(work, on.meeting.id, on.item.n)
    recusals = meetings.recusals(work, on.meeting.id, on.item.n)
    seats = seats_of(work, on.meeting.id)
    people = named(work, [*_people(seats), *_people(recusals)])
    may = _may(work, on, ballots, seats)
    return card, {
        "title": voice.say("room.item_title", n=on.item.n, number=on.case.number),
        "on": on,
        "meeting": on.meeting,
        "brief": brief(card),
        "opinions": _opinions(work, on),
        "seats": [_seat(one, people, voice) for one in ballots],
        "recused": [_recused(one, people, voice) for one in recusals],
        "vote": _own(work, ballots),
        "choices": [(choice.value, voice.say(f"vote_{choice}")) for choice in Choice],
        "may": may,
        "others": _others(work, seats, recusals, people, voice) if may.order else [],
        "decision": _decision(work, on, voice),
    }


def _people(rows: Iterable[SeatRow | RecusalRow]) -> Iterator[UUID]:
    for row in rows:
        yield from (row.person_id, row.held_by)


def _may(work: Work, on: OnTable, ballots: Iterable[Ballot], seats: Iterable[SeatRow]) -> May:
    actor, me = work.actor, work.actor.person_id
    state, on_table = MeetingState(on.meeting.state), on.item.state == ItemState.TABLED.value
    is_open = on_table and state is MeetingState.OPEN
    is_going_on = on_table and state in {MeetingState.OPEN, MeetingState.CALLED}
    sits = any(one.seat.held_by == me and one.seat.present and not one.recused for one in ballots)
    in_chair = any(seat.chair and seat.held_by == me for seat in seats)
    return May(
        vote=is_open and sits and actor.may(Permission.VOTE),
        recuse=is_going_on and actor.may(Permission.RECUSE),
        order=is_going_on and in_chair and actor.may(Permission.RECUSE),
        decide=is_open and actor.may(Permission.DECIDE_ITEMS),
        refresh=is_going_on and actor.may(Permission.CALL_MEETINGS),
    )


def _own(work: Work, ballots: Iterable[Ballot]) -> VoteRow | None:
    """Give the vote of the seat that the visitor sits on."""
    return next((one.vote for one in ballots if one.seat.held_by == work.actor.person_id), None)


def _seat(ballot: Ballot, people: Mapping[UUID, Named], voice: Voice) -> Seat:
    if ballot.recused:
        state = "recused"
    elif ballot.voted:
        state = "voted"
    else:
        state = "absent" if ballot.seat.present is False else "silent"
    return Seat(ballot.seat.person_id, _sitting(ballot.seat, people, voice), ballot.seat.chair, state)


def _sitting(row: SeatRow | RecusalRow, people: Mapping[UUID, Named], voice: Voice) -> str:
    """Name whose seat it is, and who sits on it if that is somebody else."""
    name = people[row.person_id].name
    return name if row.held_by == row.person_id else voice.say("by_deputy", name=name, deputy=people[row.held_by].name)


def _recused(row: RecusalRow, people: Mapping[UUID, Named], voice: Voice) -> Recused:
    is_found = row.kind == RecusalKind.FOUND.value
    reason = voice.say(f"room.tie_{row.reason}") if is_found else row.reason or ""
    return Recused(_sitting(row, people, voice), voice.say(f"recusal_{row.kind}"), reason)


def _others(
    work: Work, seats: Iterable[SeatRow], recusals: Iterable[RecusalRow], people: Mapping[UUID, Named], voice: Voice
) -> list[tuple[str, str]]:
    """Give those whom the chair may still take out of the item."""
    barred = {row.person_id for row in recusals}
    free = (seat for seat in seats if seat.person_id not in barred and seat.held_by != work.actor.person_id)
    return [(str(seat.person_id), _sitting(seat, people, voice)) for seat in free]


def _opinions(work: Work, on: OnTable) -> tuple[Said, ...]:
    found = opinions(work, Agenda(on.meeting, (Tabled(on.item, on.case),)))
    return found.get((on.item.application_id, on.item.of_version), ())


def _decision(work: Work, on: OnTable, voice: Voice) -> tuple[Block, ...]:
    """Lay out what was decided, as the minutes have it; nothing before."""
    if on.decision is None:
        return ()
    told = telling.told(minutes(work, on.meeting.id), voice)
    item = next(one for one in told.items if one.of.n == on.item.n)
    return () if item.of.decision is None else tuple(decided(voice, item, item.of.decision))
