"""The moves that change nothing but the state of a case, and say why where a reason is due."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from service.actions.applications.agenda import held_item, settle
from service.actions.applications.cases import changed, moved
from service.actions.ledger import record
from service.core.cases.headers import reason_flaws
from service.core.cases.meetings import ItemState
from service.core.cases.states import MOVES
from service.core.errors import InvalidError
from service.core.ledger.canonical import Plain
from service.db.applications import ApplicationRow
from service.work import Work

_PAST: Final = MappingProxyType(
    {"return": "returned", "accept": "accepted", "withdraw": "withdrawn", "reconsider": "reconsidered"}
)


def return_(work: Work, case_id: UUID, reason: str) -> ApplicationRow:
    """Send a case back for supplement."""
    return _move(work, case_id, "return", reason)


def accept(work: Work, case_id: UUID) -> ApplicationRow:
    """Take a submitted case into review."""
    return _move(work, case_id, "accept")


def withdraw(work: Work, case_id: UUID, reason: str) -> ApplicationRow:
    """Take one's own undecided case back for good, also from the table of a meeting."""
    item = held_item(work, case_id)
    left: dict[str, Plain] = {} if item is None else {"meeting": str(item.meeting_id), "item": item.n}
    row = _move(work, case_id, "withdraw", reason, left)
    if item is not None:
        settle(item, ItemState.WITHDRAWN, row.event_id)
        work.session.flush()
    return row


def reconsider(work: Work, case_id: UUID, reason: str) -> ApplicationRow:
    """Open one's own deferred or rejected case again; the next submission follows the version that was decided.

    Raises ``ReconsiderationOverError`` after the day that the decision letter names.
    """
    return _move(work, case_id, "reconsider", reason)


def _move(
    work: Work, case_id: UUID, move: str, reason: str = "", more: Mapping[str, Plain] | None = None
) -> ApplicationRow:
    row, to_state = moved(work, case_id, move)
    data: dict[str, Plain] = {"from": row.state, "to": to_state.value, "version": row.version + 1, **(more or {})}
    if MOVES[move].reason_due:
        data["reason"] = _checked(reason.strip())
    row.state = to_state.value
    return changed(work, row, record(work, f"application.{_PAST[move]}", "application", str(case_id), data))


def _checked(reason: str) -> str:
    flaws = reason_flaws(reason)
    if flaws:
        raise InvalidError(flaws)
    return reason
