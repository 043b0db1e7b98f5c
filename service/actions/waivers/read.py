"""Reading waivers, of the cases in sight only."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from service.actions import waiving
from service.actions.applications import LARGEST_PAGE, Page, cursors
from service.actions.applications.cases import seen
from service.actions.applications.sights import in_sight
from service.core.cases.waivers import is_in_force
from service.core.errors import Flaw, InvalidError, MalformedError, NotFoundError
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.db.waivers import WaiverRow
from service.work import Work


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: the waivers of one case, or of every case in sight."""

    application_id: UUID | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver as it stands today."""

    row: WaiverRow
    in_force: bool

    @property
    def id(self) -> UUID:
        """Its identifier."""
        return self.row.id

    @property
    def version(self) -> int:
        """What a change of it needs to know."""
        return self.row.version


def get(work: Work, waiver_id: UUID) -> WaiverRow:
    """Read a waiver. Raises ``NotFoundError``."""
    work.actor.require(Permission.READ_WAIVERS)
    row = work.session.get(WaiverRow, waiver_id)
    if row is None:
        raise NotFoundError(kind="waiver")
    try:
        seen(work, row.application_id)
    except NotFoundError as error:
        raise NotFoundError(kind="waiver") from error
    return row


def find(work: Work, query: Query) -> Page[WaiverRow]:
    """List waivers, the latest first, a page at a time; those of a case that is not in sight are not there.

    Raises ``InvalidError`` for a limit outside 1 to ``LARGEST_PAGE``, ``MalformedError`` for a cursor that is not of
    this query.
    """
    work.actor.require(Permission.READ_WAIVERS)
    if not 1 <= query.limit <= LARGEST_PAGE:
        raise InvalidError((Flaw("/limit", "limit_range", {"most": LARGEST_PAGE}),))
    wanted = select(WaiverRow).join(ApplicationRow).where(in_sight(work.actor))
    if query.application_id is not None:
        wanted = wanted.where(WaiverRow.application_id == query.application_id)
    if query.cursor is not None:
        wanted = wanted.where(WaiverRow.id < _last(query.cursor, query))
    rows = work.session.scalars(wanted.order_by(WaiverRow.id.desc()).limit(query.limit + 1)).all()
    return _page(query, rows)


def today(work: Work, row: WaiverRow) -> Waived:
    """Say of a waiver whether it is in force."""
    return Waived(row, is_in_force(waiving.waiver(work, row), work.today))


def _page(query: Query, rows: Sequence[WaiverRow]) -> Page[WaiverRow]:
    items = tuple(rows[: query.limit])
    if len(rows) == len(items):
        return Page(items, None)
    return Page(items, cursors.write(cursors.Position(str(items[-1].id), 0), _bound_to(query)))


def _last(cursor: str, query: Query) -> UUID:
    key = cursors.read(cursor, _bound_to(query)).key
    try:
        return UUID(key)
    except (TypeError, ValueError, AttributeError) as error:
        raise MalformedError(because="cursor") from error


def _bound_to(query: Query) -> tuple[str | None, ...]:
    return ("waivers", None if query.application_id is None else str(query.application_id))
