"""Asking for the bundle of a case: who may, when, and the entry that says so, which is in the bundle itself."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select

from service.actions import ledger
from service.actions.applications.cases import judged
from service.core.cases.meetings import ItemState
from service.core.errors import ConflictError, NotFoundError
from service.core.people import Actor, Permission
from service.db.applications import ApplicationRow
from service.db.meetings import MeetingItemRow, VoteRow
from service.work import Work

KIND: Final = "application"


class NotSignedError(ConflictError):
    """No checkpoint can be signed over the entries, so that a bundle of them would prove nothing."""

    code = "not_signed"


class VotesOpenError(ConflictError):
    """Votes are cast on the case and not counted yet; its entries would tell of them before that."""

    code = "votes_open"


@dataclass(frozen=True, slots=True)
class Reading:
    """A bundle that was asked for: of which case, by whom, its entry, and the size of the checkpoint they have kept."""

    case_id: UUID
    number: str
    actor: Actor
    entry: int
    kept: int | None


def read(work: Work, case_id: UUID, kept: int | None, *, signs: bool) -> Reading:
    """Ask for the bundle of a case, and record that it is read; the bundle is then made by ``compiled``.

    ``kept`` is the size of a signed checkpoint that the reader has; the bundle will show that it leads on from there.
    ``signs``: there is a key to sign with. Raises ``NotFoundError`` for a case or a checkpoint that is not there,
    ``VotesOpenError``, ``NotSignedError``.
    """
    work.actor.require(Permission.READ_BUNDLES)
    case = judged(work, case_id, lock=True)
    if kept is not None:
        ledger.note(work, kept)
    if not signs:
        raise NotSignedError
    require_counted(work, case)
    entry = ledger.record(work, "bundle.read", KIND, str(case.id), {"checkpoint": kept})
    return Reading(case.id, case.number, work.actor, entry, kept)


def case_of(work: Work, number: str) -> UUID:
    """Give the case of a number. Raises ``NotFoundError``."""
    work.actor.require(Permission.READ_BUNDLES)
    found = work.session.scalars(select(ApplicationRow.id).where(ApplicationRow.number == number)).first()
    if found is None:
        raise NotFoundError(kind=KIND)
    return found


def require_counted(work: Work, case: ApplicationRow) -> None:
    """Raise ``VotesOpenError`` while votes on a case wait for the decision."""
    waiting = exists().where(
        MeetingItemRow.application_id == case.id,
        MeetingItemRow.state == ItemState.TABLED.value,
        VoteRow.meeting_id == MeetingItemRow.meeting_id,
        VoteRow.n == MeetingItemRow.n,
    )
    if work.session.scalar(select(waiting)):
        raise VotesOpenError
