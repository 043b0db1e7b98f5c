"""What a meeting looks at: its cases side by side, ranked, as they were tabled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from service.actions import rulebooks
from service.actions.meetings.agendas import Tabled, agenda, counted_facts, opinions
from service.core.cases.meetings import ItemState
from service.core.cases.minutes import Said
from service.core.cases.ranking import Line, Pinned, Stances, Summary, ranked, summary
from service.core.cases.reported import reported
from service.core.portfolio import Item, Portfolio, Traits, portfolio, target, tells, traits
from service.core.rules.model import Outcome, Rulebook
from service.db.applications import ApplicationRow
from service.db.meetings import DecisionRow, MeetingItemRow, MeetingRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A case in its rank, with the rulebook it was assessed by."""

    line: Line
    item: MeetingItemRow
    case: ApplicationRow
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class Sheet:
    """The scores of a meeting on a day. ``portfolio`` is None where a rulebook does not tell what it needs."""

    meeting: MeetingRow
    on: date
    lines: tuple[ScoreLine, ...]
    summary: Summary
    portfolio: Portfolio | None


def scores(work: Work, meeting_id: UUID) -> Sheet:
    """Rank the cases of a meeting that the actor may know of. Raises ``NotFoundError``."""
    found = agenda(work, meeting_id)
    tabled = {one.item.n: one for one in found.items if one.item.state != ItemState.WITHDRAWN.value}
    said = opinions(work, found)
    books = {n: rulebooks.edition(work, one.item.rulebook_sha256).rulebook for n, one in tabled.items()}
    lines = ranked(_pinned(one, books[n], said) for n, one in tabled.items())
    return Sheet(
        meeting=found.meeting,
        on=work.today,
        lines=tuple(_line(line, tabled[line.of.n], books[line.of.n]) for line in lines),
        summary=summary(lines),
        portfolio=_portfolio(work, [one.item for one in tabled.values()], list(books.values())),
    )


def _pinned(tabled: Tabled, rulebook: Rulebook, said: Mapping[tuple[UUID, int], tuple[Said, ...]]) -> Pinned:
    item = tabled.item
    return Pinned(
        n=item.n,
        serial=tabled.case.serial,
        declared=reported(item.declared_zh),
        verified=reported(item.verified_zh),
        decision=rulebook.decision,
        stances=_stances(said.get((item.application_id, item.of_version), ())),
    )


def _line(line: Line, tabled: Tabled, rulebook: Rulebook) -> ScoreLine:
    return ScoreLine(line, tabled.item, tabled.case, rulebook)


def _stances(said: Iterable[Said]) -> Stances:
    found = tuple(said)
    stances = [one.stance for one in found]
    return Stances(
        support=stances.count("support"),
        with_conditions=stances.count("support_with_conditions"),
        oppose=stances.count("oppose"),
        awaited=stances.count(None),
        late=sum(one.late for one in found),
    )


def _portfolio(work: Work, items: list[MeetingItemRow], books: list[Rulebook]) -> Portfolio | None:
    """Look at the cases as a whole, with the outcomes of those that are decided."""
    if not items or not all(map(tells, books)):
        return None
    decided = select(DecisionRow.item, DecisionRow.outcome).where(DecisionRow.meeting_id == items[0].meeting_id)
    outcomes = {n: Outcome(outcome) for n, outcome in work.session.execute(decided)}
    return portfolio((_of_portfolio(work, item, outcomes.get(item.n)) for item in items), target(books))


def _of_portfolio(work: Work, item: MeetingItemRow, outcome: Outcome | None) -> Item:
    rulebook, derived = rulebooks.edition(work, item.rulebook_sha256).rulebook, reported(item.verified_zh).derived
    told = traits(rulebook, {**derived, **counted_facts(work, item).values})
    return Item(told or Traits(), outcome)
