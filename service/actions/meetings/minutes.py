"""The minutes of a meeting: who sat, what was tabled, who stepped aside, how it was voted, what was decided."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast
from uuid import UUID

from sqlalchemy import select

from service.actions import rulebooks
from service.actions.meetings.agendas import Agenda, Tabled, agenda, conditions_of, named, opinions
from service.actions.meetings.loading import seats_of
from service.core.cases.meetings import ItemState, MeetingState
from service.core.cases.minutes import (
    Attendance,
    Ballot,
    ItemMinutes,
    Named,
    Pinpoint,
    Resolved,
    Said,
    SeatTaken,
    Standing,
    Stepped,
    attendance,
)
from service.core.errors import NotFoundError
from service.core.ledger.spelling import write_base64
from service.core.rules.model import Outcome, Rulebook
from service.core.values import Json, read_json
from service.db.ledger import LedgerCheckpoint, LedgerEvent, LedgerLeaf
from service.db.meetings import DecisionRow, MeetingItemRow, MeetingRow, RecusalRow, SeatRow, VoteRow
from service.work import Work

_Row = TypeVar("_Row", RecusalRow, VoteRow)

ROOT_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Minutes:
    """What a meeting did, as far as the actor may know of it. A draft while it is open.

    ``rulebook`` is the edition whose bylaws hold; ``editions`` are those that the items were assessed by.
    """

    meeting: MeetingRow
    called_by: Named
    seats: Attendance
    items: tuple[ItemMinutes, ...]
    rulebook: Rulebook | None
    editions: Mapping[str, Rulebook]
    checkpoint: Pinpoint | None

    @property
    def is_draft(self) -> bool:
        """Whether the meeting still goes on."""
        return self.meeting.state == MeetingState.OPEN.value


@dataclass(frozen=True, slots=True)
class _Happened:
    """The rows about the items of one meeting, by number, and the people in them."""

    recusals: Mapping[int, list[RecusalRow]]
    votes: Mapping[int, list[VoteRow]]
    decisions: Mapping[int, DecisionRow]
    people: Mapping[UUID, Named]
    said: Mapping[tuple[UUID, int], tuple[Said, ...]]


def minutes(work: Work, meeting_id: UUID) -> Minutes:
    """Write the minutes of a meeting that is or was open. Raises ``NotFoundError``, also for one that never was."""
    found = agenda(work, meeting_id)
    if found.meeting.opened_at is None:
        raise NotFoundError(kind="minutes")
    seats = seats_of(work, meeting_id)
    happened = _happened(work, found, seats)
    return Minutes(
        meeting=found.meeting,
        called_by=happened.people[found.meeting.called_by],
        seats=attendance(_seat(row, happened.people) for row in seats),
        items=tuple(_item(work, tabled, happened) for tabled in found.items),
        rulebook=_rulebook(work, found.meeting.rulebook_sha256),
        editions={
            sha256: rulebooks.edition(work, sha256).rulebook
            for sha256 in sorted({tabled.item.rulebook_sha256 for tabled in found.items})
        },
        checkpoint=_checkpoint(work, found.meeting),
    )


def _happened(work: Work, found: Agenda, seats: Iterable[SeatRow]) -> _Happened:
    of = found.meeting.id
    recusals = work.session.scalars(select(RecusalRow).where(RecusalRow.meeting_id == of)).all()
    votes = work.session.scalars(select(VoteRow).where(VoteRow.meeting_id == of)).all()
    decisions = work.session.scalars(select(DecisionRow).where(DecisionRow.meeting_id == of)).all()
    ids = [found.meeting.called_by, *(row.decided_by for row in decisions)]
    ids += [person for seat in seats for person in (seat.person_id, seat.held_by)]
    ids += [person for recusal in recusals for person in (recusal.person_id, recusal.held_by)]
    ids += [person for vote in votes for person in (vote.person_id, vote.cast_by)]
    order = {seat.person_id: at for at, seat in enumerate(seats)}
    return _Happened(
        recusals=_by_item(recusals, order),
        votes=_by_item(votes, order),
        decisions={row.item: row for row in decisions},
        people=named(work, ids),
        said=opinions(work, found),
    )


def _by_item(rows: Iterable[_Row], order: Mapping[UUID, int]) -> Mapping[int, list[_Row]]:
    """Part rows by item, in the order of the seats; those of seats that were replaced come last."""
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (order.get(row.person_id, len(order)), row.person_id)):
        found[row.n].append(row)
    return found


def _seat(row: SeatRow, people: Mapping[UUID, Named]) -> SeatTaken:
    return SeatTaken(
        person=people[row.person_id],
        deputy=_deputy(row, people),
        chair=row.chair,
        voting=row.voting,
        present=row.present,
    )


def _deputy(row: SeatRow | RecusalRow, people: Mapping[UUID, Named]) -> Named | None:
    return None if row.held_by == row.person_id else people[row.held_by]


def _item(work: Work, tabled: Tabled, happened: _Happened) -> ItemMinutes:
    item, case, decision = tabled.item, tabled.case, happened.decisions.get(tabled.item.n)
    return ItemMinutes(
        n=item.n,
        application_id=case.id,
        number=case.number,
        applicant=case.applicant_name,
        project=case.project_name,
        of_version=item.of_version,
        state=item.state,
        rulebook_sha256=item.rulebook_sha256,
        declared=Standing(Outcome(item.declared_outcome), item.declared_total),
        verified=Standing(Outcome(item.verified_outcome), item.verified_total),
        waived=tuple(json.loads(item.waived)),
        opinions=happened.said.get((item.application_id, item.of_version), ()),
        recusals=tuple(_stepped(row, happened.people) for row in happened.recusals.get(item.n, [])),
        ballots=None if decision is None else _ballots(item.n, happened),
        decision=None if decision is None else _resolved(decision, happened.people),
        carried_because=_carried_because(work, item),
    )


def _stepped(row: RecusalRow, people: Mapping[UUID, Named]) -> Stepped:
    return Stepped(people[row.person_id], _deputy(row, people), row.kind, row.reason)


def _ballots(n: int, happened: _Happened) -> tuple[Ballot, ...]:
    recused, people = {row.person_id for row in happened.recusals.get(n, [])}, happened.people
    return tuple(
        Ballot(people[row.person_id], people[row.cast_by], row.choice, row.reason, counts=row.person_id not in recused)
        for row in happened.votes.get(n, [])
    )


def _resolved(row: DecisionRow, people: Mapping[UUID, Named]) -> Resolved:
    return Resolved(
        outcome=Outcome(row.outcome),
        assessed=Outcome(row.assessed),
        override=row.override,
        reason=row.reason,
        tally=cast("dict[str, Json]", read_json(row.tally)),
        conditions=conditions_of(row.conditions),
        dissent=tuple(_dissent(told, people) for told in json.loads(row.dissent)),
        decided_by=people[row.decided_by],
        decided_at=row.decided_at,
    )


def _dissent(told: Mapping[str, str], people: Mapping[UUID, Named]) -> Ballot:
    person, cast_by = people[UUID(told["person"])], people[UUID(told["cast_by"])]
    return Ballot(person, cast_by, told["choice"], told["reason"], counts=True)


def _carried_because(work: Work, item: MeetingItemRow) -> str | None:
    """Give the reason of the entry that carried an item over."""
    if item.state != ItemState.CARRIED_OVER.value:
        return None
    canon = work.session.get_one(LedgerEvent, item.event_id).canon
    reason = json.loads(canon)["data"].get("reason")
    return None if reason is None else str(reason)


def _rulebook(work: Work, sha256: str | None) -> Rulebook | None:
    return None if sha256 is None else rulebooks.edition(work, sha256).rulebook


def _checkpoint(work: Work, meeting: MeetingRow) -> Pinpoint | None:
    """Give the first checkpoint that holds the meeting's latest entry, which stays the same once it is closed."""
    covering = (
        select(LedgerCheckpoint)
        .where(LedgerCheckpoint.size > LedgerLeaf.seq, LedgerLeaf.event_id == meeting.event_id)
        .order_by(LedgerCheckpoint.size)
        .limit(1)
    )
    row = work.session.scalars(covering).first()
    return None if row is None else Pinpoint(row.size, write_base64(row.root)[:ROOT_LENGTH])
