"""Deciding an item: the votes are counted, and what they carry is recorded with the case, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.actions.applications.agenda import settle
from service.actions.applications.cases import changed
from service.actions.ledger import record
from service.actions.meetings import written
from service.actions.meetings.ballots import seats_as_they_voted
from service.actions.meetings.conflicts import find_conflicts
from service.actions.meetings.items import waived_then
from service.actions.meetings.loading import (
    OnTable,
    place,
    require_in_sight,
    require_version,
    seats_of,
    taken_item,
)
from service.actions.meetings.open import no_quorum
from service.actions.meetings.places import bylaws_of
from service.actions.meetings.planned import planned
from service.actions.meetings.standing import Pinned, day_of, is_outdated, pinned
from service.core.cases.conditions import Condition, NewCondition, conditions
from service.core.cases.deciding import Overriding, require_override
from service.core.cases.headers import prose_flaws
from service.core.cases.meetings import ItemState, MeetingState, Place
from service.core.cases.overrides import OverrideCount
from service.core.cases.seats import Seat, Tally, tally
from service.core.cases.states import State, after
from service.core.errors import ConflictError, Flaw, ForbiddenError, InvalidError
from service.core.people import Permission
from service.core.rules.model import Outcome
from service.db.meetings import DecisionRow
from service.work import Work


class ItemOutdatedError(ConflictError):
    """Waivers or accepted papers are no longer those the case was tabled with."""

    code = "item_outdated"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What whoever decides adds to the votes; ``override`` says that better than the assessment is meant."""

    reason: str
    conditions: Sequence[NewCondition]
    override: bool


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision before it is stored."""

    outcome: Outcome
    assessed: Outcome
    reason: str | None
    counted: Tally
    seats: tuple[Seat, ...]
    overridden: OverrideCount | None
    conditions: tuple[Condition, ...]


def decide(work: Work, meeting_id: UUID, n: int, ruling: Ruling) -> DecisionRow:
    """Decide an item as its votes carry, by the bylaws of the meeting.

    Refused in this order: not for these eyes, settled already, read in another version, outdated, a conflict of
    whoever decides that comes to light only now (not found), no quorum, an override that is not in order, conditions
    with flaws or missing where the outcome needs one.
    """
    on = taken_item(work, meeting_id, n, Permission.DECIDE_ITEMS, (MeetingState.OPEN,))
    require_version(work, on.item.version)
    now = pinned(work, on.case, day_of(work, on.meeting))
    if is_outdated(on.item, now, waived_then(on.item)):
        raise ItemOutdatedError
    find_conflicts(work, on, _judging(work, on))
    require_in_sight(work, on.case)
    return _store(work, on, _decided(work, on, now, ruling))


def _judging(work: Work, on: OnTable) -> tuple[Place, ...]:
    """Give the seats, and whoever decides, who need not have one: a secretary."""
    seats, me = tuple(map(place, seats_of(work, on.meeting.id))), work.actor.person_id
    if me is None or any(me in (seat.person, seat.held_by) for seat in seats):
        return seats
    return (*seats, Place(me, me, chair=False, voting=False))


def _decided(work: Work, on: OnTable, now: Pinned, ruling: Ruling) -> _Decided:
    bylaws = bylaws_of(work, on.meeting.rulebook_sha256)
    seats = seats_as_they_voted(work, on)
    counted = tally(bylaws, seats)
    outcome, assessed = _carried(counted), now.outcome
    over = Overriding(assessed, tuple(now.gates), meant=ruling.override, reason=ruling.reason.strip())
    overridden = require_override(bylaws, seats, outcome, over)
    made = _conditions(work, now, ruling, outcome)
    return _Decided(outcome, assessed, over.reason or None, counted, seats, overridden, made)


def _carried(counted: Tally) -> Outcome:
    if counted.outcome is None:
        raise no_quorum(counted.quorum)
    return counted.outcome


def _conditions(work: Work, now: Pinned, ruling: Ruling, outcome: Outcome) -> tuple[Condition, ...]:
    reason = ruling.reason.strip()
    made, flaws = conditions(ruling.conditions, planned(work, now))
    if outcome is Outcome.CONDITIONAL and not ruling.conditions:
        flaws = (Flaw("/conditions", "conditions_missing"),)
    found = (*(prose_flaws("/reason", reason) if reason else ()), *flaws)
    if found:
        raise InvalidError(found)
    return made


def _store(work: Work, on: OnTable, made: _Decided) -> DecisionRow:
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.DECIDE_ITEMS.value)
    to_state = after(State(on.case.state), made.outcome.value)
    row = DecisionRow(
        application_id=on.case.id,
        n=on.item.of_version,
        meeting_id=on.meeting.id,
        item=on.item.n,
        outcome=made.outcome.value,
        assessed=made.assessed.value,
        override=made.overridden is not None,
        reason=made.reason,
        tally=written.tally(made.counted, made.overridden),
        conditions=written.conditions(made.conditions),
        dissent=written.dissent(work, on, made.seats, made.outcome),
        decided_by=work.actor.person_id,
        decided_at=work.now,
    )
    move = {"from": on.case.state, "to": to_state.value, "version": on.case.version + 1}
    row.event_id = record(work, "decision.recorded", "application", str(on.case.id), move | written.decision(row))
    work.session.add(row)
    on.case.state = to_state.value
    settle(on.item, ItemState.DECIDED, row.event_id)
    changed(work, on.case, row.event_id)
    return row
