"""The agenda of a meeting: cases are tabled, pinned as they stand, taken off again, or pinned anew."""

import hashlib
import json
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, func, select

from service.actions.applications.agenda import settle
from service.actions.applications.cases import changed, to_judge
from service.actions.evidence import papers
from service.actions.ledger import record
from service.actions.meetings.conflicts import find_conflicts
from service.actions.meetings.loading import OnTable, require_version, seen, taken_item
from service.actions.meetings.standing import Pinned, Told, day_of, is_outdated, pinned
from service.actions.waiving import of_case
from service.core.cases.meetings import ItemState, MeetingState, require_meeting
from service.core.cases.states import State, after
from service.core.errors import Flaw, ForbiddenError, InvalidError, NotFoundError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.core.values import number_text
from service.db.applications import ApplicationRow
from service.db.meetings import MeetingItemRow, MeetingRow, VoteRow
from service.work import Work

_BEFORE = (MeetingState.CALLED,)
_UNTIL_CLOSED = (MeetingState.CALLED, MeetingState.OPEN)
_LEAVING = {ItemState.UNTABLED: "untable", ItemState.CARRIED_OVER: "carry_over"}


def table(work: Work, meeting_id: UUID, case_id: UUID | None) -> OnTable:
    """Put a case that is in review on the agenda of a meeting, pinned as it stands for the day of the meeting.

    Whoever sits and is bound to it is recused. Raises ``MeetingStateError``, ``IllegalMoveError``, ``OwnCaseError``,
    and ``InvalidError`` for no case or one that is not in sight.
    """
    work.actor.require(Permission.CALL_MEETINGS)
    meeting = seen(work, meeting_id, lock=True)
    require_meeting(MeetingState(meeting.state), *_BEFORE)
    case = _case(work, case_id)
    to_state = after(State(case.state), "table")
    found = pinned(work, case, day_of(work, meeting))
    item = _item(work, meeting, case, found)
    data = {"from": case.state, "to": to_state.value, "version": case.version + 1, **_data(item, found)}
    case.state = to_state.value
    item.event_id = record(work, "application.tabled", "application", str(case.id), data)
    changed(work, case, item.event_id)
    work.session.add(item)
    work.session.flush()
    on = OnTable(meeting, item, case)
    find_conflicts(work, on)
    return on


def untable(work: Work, meeting_id: UUID, n: int) -> OnTable:
    """Take an item off the agenda of a meeting that is not open yet. Its number is not used again."""
    on = taken_item(work, meeting_id, n, Permission.CALL_MEETINGS, _BEFORE)
    require_version(work, on.item.version)
    return leave(work, on, ItemState.UNTABLED)


def refresh(work: Work, meeting_id: UUID, n: int) -> OnTable:
    """Pin an item anew, as its case stands now. Votes cast on what it was before are void and are cast again."""
    on = taken_item(work, meeting_id, n, Permission.CALL_MEETINGS, _UNTIL_CLOSED)
    require_version(work, on.item.version)
    found = pinned(work, on.case, day_of(work, on.meeting))
    _pin(work, on.item, found)
    data = _data(on.item, found)
    on.item.event_id = record(work, "application.retabled", "application", str(on.case.id), data)
    on.item.version += 1
    work.session.execute(delete(VoteRow).where(VoteRow.meeting_id == meeting_id, VoteRow.n == n))
    work.session.flush()
    return on


def leave(work: Work, on: OnTable, state: ItemState, reason: str | None = None) -> OnTable:
    """Take an item off the table without a decision, and put its case back into review."""
    move = _LEAVING[state]
    to_state = after(State(on.case.state), move)
    data: dict[str, Plain] = {
        "meeting": str(on.meeting.id),
        "item": on.item.n,
        "from": on.case.state,
        "to": to_state.value,
        "version": on.case.version + 1,
    }
    if reason is not None:
        data["reason"] = reason
    on.case.state = to_state.value
    settle(on.item, state, record(work, f"application.{state.value}", "application", str(on.case.id), data))
    changed(work, on.case, on.item.event_id)
    return on


def outdated(work: Work, on: OnTable) -> bool:
    """Whether an item that is on the table would be pinned otherwise now; without papers and waivers it never is."""
    if on.item.state != ItemState.TABLED.value or not (
        papers.count(work, on.case.id) or any(of_case(work, on.case.id))
    ):
        return False
    return is_outdated(on.item, pinned(work, on.case, day_of(work, on.meeting)), waived_then(on.item))


def waived_then(item: MeetingItemRow) -> tuple[str, ...]:
    """Give the gates that were waived when an item was pinned."""
    return tuple(json.loads(item.waived))


def _case(work: Work, case_id: UUID | None) -> ApplicationRow:
    if case_id is None:
        raise InvalidError((Flaw("/application", "member_missing"),))
    try:
        return to_judge(work, case_id)
    except NotFoundError as error:
        raise InvalidError((Flaw("/application", "application_unknown"),)) from error


def _item(work: Work, meeting: MeetingRow, case: ApplicationRow, found: Pinned) -> MeetingItemRow:
    last = select(func.max(MeetingItemRow.n)).where(MeetingItemRow.meeting_id == meeting.id)
    item = MeetingItemRow(
        meeting_id=meeting.id,
        n=(work.session.scalar(last) or 0) + 1,
        application_id=case.id,
        state=ItemState.TABLED.value,
        version=1,
    )
    _pin(work, item, found)
    return item


def _pin(work: Work, item: MeetingItemRow, found: Pinned) -> None:
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.CALL_MEETINGS.value)
    item.of_version = found.n
    item.rulebook_sha256 = found.rulebook_sha256
    item.waived = json.dumps(found.waived)
    item.declared_outcome, item.declared_total = _result(found.declared)
    item.declared_zh, item.declared_en = found.declared.zh, found.declared.en
    item.verified_outcome, item.verified_total = _result(found.verified)
    item.verified_zh, item.verified_en = found.verified.zh, found.verified.en
    item.tabled_by, item.tabled_at = work.actor.person_id, work.now


def _data(item: MeetingItemRow, found: Pinned) -> dict[str, Plain]:
    data: dict[str, Plain] = {
        "meeting": str(item.meeting_id),
        "item": item.n,
        "n": found.n,
        "rulebook_sha256": found.rulebook_sha256,
        "waived": found.waived,
        "left_out": found.left_out,
    }
    for name, told, zh, en in (
        ("declared", found.declared, item.declared_zh, item.declared_en),
        ("verified", found.verified, item.verified_zh, item.verified_en),
    ):
        outcome, total = _result(told)
        data[f"{name}_outcome"] = outcome
        data[f"{name}_total"] = None if total is None else number_text(total)
        data[f"{name}_zh_sha256"], data[f"{name}_en_sha256"] = _sha256(zh), _sha256(en)
    return data


def _result(told: Told) -> tuple[str, Decimal | None]:
    return told.assessment.outcome.value, told.assessment.score.total


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
