"""Looking for cases: filters, an order, and pages that neither skip nor repeat a case when others are added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, func, or_, select

from service.actions.applications import cursors
from service.actions.applications.orders import KEYS, Order, order
from service.actions.applications.sights import in_sight
from service.core.cases.headers import unseen_flaws
from service.core.cases.states import State
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.core.rules.model import Outcome
from service.db.applications import ApplicationRow
from service.work import Work

LARGEST_PAGE = 200

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. None leaves a filter open; all filters given must hold.

    ``industry`` is the beginning of an industry code; ``submitted_after`` and ``submitted_before`` are exclusive aware
    moments; ``text`` is part of the applicant's or project's name or of the case number. ``sort`` is one of
    ``submitted_at``, ``number``, ``total``, with a leading minus for descending; cases without it come last.
    """

    state: State | None = None
    outcome: Outcome | None = None
    category: str | None = None
    industry: str | None = None
    submitted_after: datetime | None = None
    submitted_before: datetime | None = None
    text: str | None = None
    sort: str = "-number"
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items in order, and where to go on; ``next_cursor`` is None on the last page."""

    items: tuple[Item, ...]
    next_cursor: str | None


def find(work: Work, query: Query) -> Page[ApplicationRow]:
    """List the cases in sight of the actor, a page at a time.

    Raises ``InvalidError`` for an unknown order, a limit outside 1 to ``LARGEST_PAGE`` and texts with characters that
    nobody sees, ``MalformedError`` for a cursor that is not of this query.
    """
    work.actor.require(Permission.READ_CASES)
    chosen = _order(query)
    wanted = select(ApplicationRow).where(in_sight(work.actor), *_filters(query))
    if query.cursor is not None:
        wanted = wanted.where(chosen.after(cursors.read(query.cursor, _bound_to(query))))
    rows = work.session.scalars(wanted.order_by(*chosen.terms()).limit(query.limit + 1)).all()
    return _page(query, chosen, rows)


def _page(query: Query, chosen: Order, rows: Sequence[ApplicationRow]) -> Page[ApplicationRow]:
    items = tuple(rows[: query.limit])
    if len(rows) == len(items):
        return Page(items, None)
    last = items[-1]
    return Page(items, cursors.write(cursors.Position(chosen.text_of(last), last.serial), _bound_to(query)))


def _order(query: Query) -> Order:
    chosen = order(query.sort)
    flaws: list[Flaw] = []
    if chosen is None:
        flaws.append(Flaw("/sort", "sort_unknown", {"known": tuple(KEYS)}))
    for name in ("category", "industry", "text"):
        flaws += unseen_flaws(f"/{name}", getattr(query, name) or "")
    if not 1 <= query.limit <= LARGEST_PAGE:
        flaws.append(Flaw("/limit", "limit_range", {"most": LARGEST_PAGE}))
    if chosen is None or flaws:
        raise InvalidError(tuple(flaws))
    return chosen


def _bound_to(query: Query) -> tuple[str | None, ...]:
    """Everything of a query that a cursor depends on: all but the cursor itself and the size of the page."""
    moments = (query.submitted_after, query.submitted_before)
    return (
        query.state,
        query.outcome,
        query.category,
        query.industry,
        *(None if moment is None else moment.isoformat() for moment in moments),
        query.text,
        query.sort,
    )


def _filters(query: Query) -> list[ColumnElement[bool]]:
    row = ApplicationRow
    found: list[ColumnElement[bool]] = [
        column == wanted
        for column, wanted in ((row.state, query.state), (row.outcome, query.outcome), (row.category, query.category))
        if wanted is not None
    ]
    if query.industry is not None:
        found.append(func.substr(row.industry, 1, len(query.industry)) == query.industry)
    if query.submitted_after is not None:
        found.append(row.submitted_at > query.submitted_after)
    if query.submitted_before is not None:
        found.append(row.submitted_at < query.submitted_before)
    if query.text is not None:
        texts = (row.applicant_name, row.project_name, row.number)
        found.append(or_(*(text.icontains(query.text, autoescape=True) for text in texts)))
    return found
