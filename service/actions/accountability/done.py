"""What was done in a time: opinions late, cases returned, overrides, waivers."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from service.actions import waiving
from service.actions.accountability.looking import Looking, of_rows, of_votes
from service.actions.applications.story import day
from service.core.cases.accountability import Duty, Figure
from service.core.cases.opinions import is_late
from service.core.cases.seats import LEVELS, Choice
from service.core.rules.model import Outcome
from service.db.meetings import DecisionRow, RecusalRow, VoteRow
from service.db.opinions import OpinionRow
from service.db.waivers import WaiverRow

_RETURNED = "application.returned"


def done(look: Looking) -> Iterator[Duty]:
    """Go through everything that somebody did in the time looked at."""
    yield from _opinions(look)
    yield from _returned(look)
    yield from _overrides(look)
    yield from _waivers(look)


def _opinions(look: Looking) -> Iterator[Duty]:
    """Go through opinions that were given after their day."""
    for row, shown in look.found(of_rows(OpinionRow).where(OpinionRow.given_at.is_not(None))):
        given_on = day(look.work, row.given_at)
        if look.period.holds(given_on) and is_late(row.due_on, given_on, look.work.today):
            yield Duty(Figure.OPINIONS_LATE, shown, (row.given_by,))


def _returned(look: Looking) -> Iterator[Duty]:
    """Go through cases that were sent back for supplement, by the entries that say so."""
    for event, shown in look.entries(_RETURNED):
        yield Duty(Figure.CASES_RETURNED, shown, (UUID(event["actor"]["ref"].removeprefix("u:")),))


def _overrides(look: Looking) -> Iterator[Duty]:
    """Go through decisions better than the assessment: who recorded them, and whose votes were for them."""
    for row, shown in look.found(of_rows(DecisionRow).where(DecisionRow.override)):
        if look.period.holds(day(look.work, row.decided_at)):
            yield Duty(Figure.OVERRIDES_DECIDED, shown, (row.decided_by,))
            yield from _votes_for(look, row)


def _votes_for(look: Looking, decision: DecisionRow) -> Iterator[Duty]:
    of_item = (RecusalRow.meeting_id == decision.meeting_id, RecusalRow.n == decision.item)
    recused = set(look.work.session.scalars(select(RecusalRow.person_id).where(*of_item)))
    wanted = of_votes().where(VoteRow.meeting_id == decision.meeting_id, VoteRow.n == decision.item)
    for vote, shown in look.found(wanted):
        level = LEVELS.get(Choice(vote.choice))
        is_for = level is not None and level.severity <= Outcome(decision.outcome).severity
        if is_for and vote.person_id not in recused:
            yield Duty(Figure.OVERRIDES_VOTED, shown, (vote.cast_by,))


def _waivers(look: Looking) -> Iterator[Duty]:
    """Go through waivers: who granted them in the time, and who owns those that were in force in it."""
    for row, shown in look.found(of_rows(WaiverRow)):
        found = waiving.waiver(look.work, row)
        last = found.expires_on if found.revoked_on is None else min(found.expires_on, found.revoked_on)
        if look.period.holds(found.granted_on):
            yield Duty(Figure.WAIVERS_GRANTED, shown, (row.granted_by,))
        if look.period.meets(found.granted_on, last):
            yield Duty(Figure.WAIVERS_OWNED, shown, (row.owner_id,))
