"""Editions of the rules: the first ones, released by the machine, and the only place that picks the one in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select

from service.actions.ledger import record
from service.actions.memory import remembered
from service.actions.rulebooks.engines import engine_of, known
from service.core.errors import ForbiddenError, NotFoundError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.core.rules.engine import Engine
from service.core.rules.model import Rulebook
from service.core.rules.proposals import ProposalState, ReleasedByPeopleError
from service.db.proposals import RulebookProposalRow
from service.db.rulebooks import RulebookRow
from service.work import Work

# PostgreSQL's number for the lock that proposals and releases take.
_RELEASES = 5_317_002

_IN_FORCE = (
    select(RulebookRow.sha256)
    .where(RulebookRow.in_force_from <= bindparam("on"))
    .order_by(RulebookRow.in_force_from.desc(), RulebookRow.event_id.desc())
    .limit(1)
)


class NoRulebookInForceError(NotFoundError):
    """No edition is in force on that day. Figures: ``on``."""

    code = "no_rulebook_in_force"


@dataclass(frozen=True, slots=True)
class Edition:
    """A released edition; whoever proposed and released it, None where the machine did. ``in_force``: on a day.

    ``until`` is its last day by what is released; None where nothing follows, before its first day where it never is in
    force.
    """

    row: RulebookRow
    in_force: bool
    until: date | None
    proposal: UUID | None
    proposed_by: UUID | None
    released_by: UUID | None

    @property
    def source(self) -> str:
        """The file's text; its bytes are UTF-8, or it would not have been released."""
        return self.row.source.decode()


def release(work: Work, source: bytes) -> RulebookRow:
    """Release an edition in the name of the machine, from the bytes of its file.

    People release what others have proposed; from the first such release on the machine releases nothing more.
    Releasing the same bytes again changes nothing. Raises ``ForbiddenError``, ``FaultyRulebookError``,
    ``ReleasedByPeopleError``.
    """
    work.actor.require(Permission.RELEASE_RULES)
    if work.actor.person_id is not None:
        raise ForbiddenError(permission=Permission.RELEASE_RULES.value)
    rulebook = engine_of(source).rulebook
    hold(work)
    row = work.session.get(RulebookRow, rulebook.sha256)
    if row is not None:
        return row
    if are_of_people(work):
        raise ReleasedByPeopleError
    return store(work, rulebook, {})


def are_of_people(work: Work) -> bool:
    """Whether people have released an edition."""
    released = exists().where(RulebookProposalRow.state == ProposalState.RELEASED.value)
    return bool(work.session.scalar(select(released)))


def in_force(work: Work, on: date) -> Engine:
    """Give the engine of the edition in force on a day: the latest to begin by then, among equals the last released.

    Raises ``NoRulebookInForceError``.
    """
    sha256 = remembered(work.session, ("in_force", on), lambda: _sha256_in_force(work, on))
    return known(sha256) or engine_of(work.session.get_one(RulebookRow, sha256).source)


def edition(work: Work, sha256: str) -> Engine:
    """Give the engine of a released edition. Raises ``NotFoundError``."""
    return known(sha256) or engine_of(_row(work, sha256).source)


def get(work: Work, sha256: str) -> Edition:
    """Read a released edition; whether it is in force is said of today. Raises ``NotFoundError``."""
    work.actor.require(Permission.READ_RULES)
    row = _row(work, sha256)
    return _told(work, (row,), work.today)[0]


def find(work: Work, on: date | None = None) -> tuple[Edition, ...]:
    """List every released edition, the latest to begin first; whether one is in force is said of a day, or of today."""
    work.actor.require(Permission.READ_RULES)
    rows = work.session.scalars(
        select(RulebookRow).order_by(RulebookRow.in_force_from.desc(), RulebookRow.event_id.desc())
    ).all()
    return _told(work, rows, on or work.today)


def store(work: Work, rulebook: Rulebook, more: Mapping[str, Plain]) -> RulebookRow:
    """Make a rulebook an edition, and record it; ``more`` is told of the release beside what it is."""
    data: dict[str, Plain] = {**described(rulebook), **more}
    row = RulebookRow(
        sha256=rulebook.sha256,
        id=rulebook.id,
        edition=rulebook.edition,
        in_force_from=rulebook.in_force_from,
        released_at=work.now,
        source=rulebook.source,
        event_id=record(work, "rulebook.released", "rulebook", rulebook.sha256, data),
    )
    work.session.add(row)
    work.session.flush()
    return row


def described(rulebook: Rulebook) -> dict[str, Plain]:
    """Say in an entry which rulebook it is about."""
    return {
        "id": rulebook.id,
        "edition": rulebook.edition,
        "in_force_from": rulebook.in_force_from.isoformat(),
        "rulebook_sha256": rulebook.sha256,
    }


def hold(work: Work) -> None:
    """Let no other proposal or release be made until this work ends; SQLite's one writer is alone anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(select(func.pg_advisory_xact_lock(_RELEASES)))


def _row(work: Work, sha256: str) -> RulebookRow:
    row = work.session.get(RulebookRow, sha256)
    if row is None:
        raise NotFoundError(kind="rulebook")
    return row


def _sha256_in_force(work: Work, on: date) -> str:
    sha256 = work.session.scalars(_IN_FORCE, {"on": on}).first()
    if sha256 is None:
        raise NoRulebookInForceError(kind="rulebook", on=on)
    return sha256


def _told(work: Work, rows: Iterable[RulebookRow], on: date) -> tuple[Edition, ...]:
    """Say of editions which is in force on a day, and who released each."""
    released = select(RulebookProposalRow).where(RulebookProposalRow.state == ProposalState.RELEASED.value)
    people = {proposal.sha256: proposal for proposal in work.session.scalars(released)}
    try:
        current = in_force(work, on).rulebook.sha256
    except NoRulebookInForceError:
        current = ""
    begins = work.session.execute(select(RulebookRow.in_force_from, RulebookRow.event_id))
    starts = sorted((day, event_id) for day, event_id in begins)
    return tuple(
        _edition(row, people.get(row.sha256), _until(row, starts), in_force=row.sha256 == current) for row in rows
    )


def _until(row: RulebookRow, starts: Iterable[tuple[date, int]]) -> date | None:
    """Give the day before the next edition begins."""
    following = (begins for begins, event_id in starts if (begins, event_id) > (row.in_force_from, row.event_id))
    begins = next(following, None)
    return None if begins is None else begins - timedelta(days=1)


def _edition(row: RulebookRow, proposal: RulebookProposalRow | None, until: date | None, *, in_force: bool) -> Edition:
    if proposal is None:
        return Edition(row, in_force, until, None, None, None)
    return Edition(row, in_force, until, proposal.id, proposal.proposed_by, proposal.decided_by)
