"""The deeds of a walk at meetings, and some that do at once what leads to a decision, each call by itself."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from service.core.people import Actor, Permission
from service.db.applications import ApplicationRow
from service.db.evidence import EvidenceRow
from service.db.meetings import DeputyRow, MeetingItemRow, MeetingRow, SeatRow
from tests.api.walked_deeds import CASE, REASON, deed, new_case, new_paper
from tests.api.walking import Step, Tag, Walk, tag

MEETING: Final = "/v1/meetings"
CONDITION: Final = {
    "text": "签订供水协议",
    "metric": "水量",
    "due_on": "2027-06-30",
    "owner": "申报企业",
    "evidence": "协议",
}
CHOICES: Final = ("support", "support_with_conditions", "defer", "oppose", "abstain")
# How those vote who vote one after the other, the chair first.
PATTERNS: Final = (
    ("support",),
    ("support_with_conditions",),
    ("support", "support", "support", "oppose", "oppose"),
    ("support_with_conditions", "support", "defer"),
    ("defer", "oppose"),
    ("support", "abstain", "support"),
)


def _seats(walk: Walk, step: Step, at: int) -> list[dict[str, Any]]:
    chair = step.pick(at, walk.chairs)
    others = [actor for which, actor in enumerate(walk.voters) if actor != chair and not step.bit(at, which)]
    seats = [{"person": str(actor.person_id), "chair": actor == chair} for actor in (chair, *others)]
    return [*seats, seats[-1]] if step.rarely(at) else seats


def new_meeting(walk: Walk, step: Step, actor: Actor) -> None:
    """Call a meeting, today or in the next days."""
    held_at = walk.clock() + timedelta(days=step.pick(1, (1, 0, 2)))
    body = {"title": "评审会", "held_at": held_at.isoformat(), "place": None, "seats": _seats(walk, step, 2)}
    walk.send(actor, "POST", MEETING, body)


def _in_state(walk: Walk, step: Step, at: int, state: str) -> MeetingRow | None:
    return step.likely(at, walk.meetings(), lambda row: row.state == state)


def _on_table(walk: Walk, step: Step, at: int, state: str) -> tuple[MeetingRow, MeetingItemRow] | None:
    return step.likely(at, walk.items(), lambda one: (one[0].state, one[1].state) == (state, "tabled"))


def _item_path(meeting: MeetingRow, item: MeetingItemRow) -> str:
    return f"{MEETING}/{meeting.id}/items/{item.n}"


@deed()
def call(walk: Walk, step: Step) -> None:
    new_meeting(walk, step, walk.somebody(step, 0, Permission.CALL_MEETINGS))


@deed()
def set_seats(walk: Walk, step: Step) -> None:
    row = _in_state(walk, step, 0, "called")
    if row is not None:
        actor = walk.somebody(step, 1, Permission.CALL_MEETINGS)
        body = {"seats": _seats(walk, step, 2)}
        walk.send(actor, "PUT", f"{MEETING}/{row.id}/seats", body, tag(step, 3, row.version))


@deed(3)
def table(walk: Walk, step: Step) -> None:
    meeting = _in_state(walk, step, 0, "called")
    case = step.likely(1, walk.cases(), lambda row: row.state == "in_review")
    if meeting is not None and case is not None:
        actor = walk.somebody(step, 2, Permission.CALL_MEETINGS)
        walk.send(actor, "POST", f"{MEETING}/{meeting.id}/items", {"application": str(case.id)})


@deed()
def untable(walk: Walk, step: Step) -> None:
    if step.rarely(5):
        _cancel(walk, step)
    else:
        _change(walk, step, "untable", "called")


def _cancel(walk: Walk, step: Step) -> None:
    row = _in_state(walk, step, 0, "called")
    if row is not None:
        actor = walk.somebody(step, 1, Permission.CALL_MEETINGS)
        walk.send(actor, "POST", f"{MEETING}/{row.id}/cancel", REASON, tag(step, 2, row.version))


@deed(2)
def refresh(walk: Walk, step: Step) -> None:
    _change(walk, step, "refresh", "open")


def _change(walk: Walk, step: Step, verb: str, state: str) -> None:
    on = _on_table(walk, step, 0, state)
    if on is not None:
        actor = walk.somebody(step, 1, Permission.CALL_MEETINGS)
        walk.send(actor, "POST", f"{_item_path(*on)}/{verb}", None, tag(step, 2, on[1].version))


@deed(4)
def open_(walk: Walk, step: Step) -> None:
    row = _in_state(walk, step, 0, "called")
    if row is not None:
        body = {"present": _present(walk, step, row.id)}
        actor = walk.somebody(step, 1, Permission.RUN_MEETINGS)
        walk.send(actor, "POST", f"{MEETING}/{row.id}/open", body, tag(step, 3, row.version))


def _present(walk: Walk, step: Step, meeting_id: UUID) -> list[str]:
    """Those who have seats but for one, for whom a deputy comes if there is one; rarely few, or a stranger."""
    seats = [seat.person_id for seat in walk.rows(SeatRow, SeatRow.meeting_id == meeting_id)]
    away = step.pick(2, [*seats, None, None])
    deputies = [row.deputy_id for row in walk.rows(DeputyRow, DeputyRow.person_id == away) if row.revoked_at is None]
    there = [person for person in seats if person != away] + [one for one in deputies[:1] if one not in seats]
    if step.rarely(3):
        there = there[:2]
    return [str(person) for person in (*there, *([step.pick(4, walk.people).person_id] if step.rarely(4) else []))]


@deed(2)
def recuse(walk: Walk, step: Step) -> None:
    on = step.likely(0, walk.items(), lambda one: one[1].state == "tabled")
    if on is not None:
        seats = walk.rows(SeatRow, SeatRow.meeting_id == on[0].id)
        chair = next(walk.actor(seat.held_by) for seat in seats if seat.chair)
        orders = step.bit(1, 0)
        actor = chair if orders else walk.somebody(step, 1, Permission.RECUSE)
        person = {"person": str(step.pick(2, seats).person_id)} if orders else {}
        walk.send(actor, "POST", f"{_item_path(*on)}/recusals", person | REASON)


def _vote(walk: Walk, actor: Actor, on: tuple[MeetingRow, MeetingItemRow], choice: str) -> None:
    walk.send(actor, "POST", f"{_item_path(*on)}/votes", {"choice": choice})


@deed(4)
def vote(walk: Walk, step: Step) -> None:
    on = _on_table(walk, step, 0, "open")
    if on is not None:
        seats = walk.rows(SeatRow, SeatRow.meeting_id == on[0].id)
        actor = walk.somebody(step, 1, Permission.VOTE)
        if not step.rarely(1):
            actor = walk.actor(step.pick(1, seats).held_by)
        _vote(walk, actor, on, step.pick(2, CHOICES))


@deed(2)
def ballot(walk: Walk, step: Step) -> None:
    """Let every seat vote, those of people too who have no part."""
    on = _on_table(walk, step, 0, "open")
    if on is None or on[0].state == "called":
        open_(walk, step)
    else:
        seats = sorted(walk.rows(SeatRow, SeatRow.meeting_id == on[0].id), key=lambda seat: not seat.chair)
        pattern = step.pick(1, PATTERNS)
        for which, seat in enumerate(seats):
            if seat.present:
                _vote(walk, walk.actor(seat.held_by), on, pattern[which % len(pattern)])


@deed(4)
def decide(walk: Walk, step: Step) -> None:
    on = _on_table(walk, step, 0, "open")
    if on is not None:
        body = {
            "override": not step.bit(1, 4),
            "reason": "" if step.rarely(2) else "产业链关键环节",
            "conditions": [] if step.bit(1, 5) else [CONDITION],
        }
        actor = walk.somebody(step, 3, Permission.DECIDE_ITEMS)
        walk.send(actor, "POST", f"{_item_path(*on)}/decide", body, tag(step, 4, on[1].version))


@deed(12)
def settle(walk: Walk, step: Step) -> None:
    """Let everybody vote on an item, at a meeting that is opened for it if none is, and have it decided."""
    if not any((meeting.state, item.state) == ("open", "tabled") for meeting, item in walk.items()):
        open_(walk, step)
    ballot(walk, step)
    decide(walk, step)


@deed()
def close(walk: Walk, step: Step) -> None:
    row = _in_state(walk, step, 0, "open")
    if row is not None:
        actor = walk.somebody(step, 1, Permission.CLOSE_MEETINGS)
        walk.send(
            actor, "POST", f"{MEETING}/{row.id}/close", None if step.rarely(2) else REASON, tag(step, 3, row.version)
        )


@deed(2)
def appoint_deputy(walk: Walk, step: Step) -> None:
    actor, meeting = walk.somebody(step, 0, Permission.APPOINT_DEPUTIES), _in_state(walk, step, 1, "called")
    today = walk.clock().date()
    body = {
        "deputy": str(step.pick(2, walk.voters).person_id),
        "from_on": str(today),
        "to_on": str(today + timedelta(days=step.pick(3, (9, 1, 0)))),
        "meeting": str(meeting.id) if meeting is not None and step.bit(3, 0) else None,
        **REASON,
    }
    others = {"person": str(step.pick(4, walk.voters).person_id)} if step.bit(4, 0) else {}
    walk.send(actor, "POST", "/v1/deputies", body | others)


@deed()
def revoke_deputy(walk: Walk, step: Step) -> None:
    row = step.likely(0, walk.rows(DeputyRow), lambda one: one.revoked_at is None)
    if row is not None:
        actor = walk.somebody(step, 1, Permission.APPOINT_DEPUTIES)
        walk.send(actor, "POST", f"/v1/deputies/{row.id}/revoke", None, tag(step, 2, row.version))


@deed(8)
def bring(walk: Walk, step: Step) -> None:
    """Hand a case in, back it with papers or not, accept it, and table it where a meeting is called."""
    owner = walk.somebody(Step("", (step.n[0] // 12 * 12, *step.n[1:])), 0, Permission.CREATE_CASES)
    case_id = new_case(walk, step, owner)
    if case_id is None:
        return
    if not step.bit(3, 9) or not step.bit(5, 9):
        _backed(walk, step, case_id, owner)
    row = _case(walk, case_id)
    walk.send(walk.house.reviewer, "POST", f"{CASE}/{case_id}/accept", None, Tag(f'"{row.version}"'))
    if not any(meeting.state == "called" for meeting in walk.meetings()):
        new_meeting(walk, step, walk.house.secretary)
    meeting = _in_state(walk, step, 4, "called")
    if meeting is not None:
        body = {"application": str(case_id)}
        walk.send(walk.house.secretary, "POST", f"{MEETING}/{meeting.id}/items", body)


def _backed(walk: Walk, step: Step, case_id: UUID, owner: Actor) -> None:
    n = new_paper(walk, step, case_id, owner)
    if n is not None:
        (paper,) = walk.rows(EvidenceRow, EvidenceRow.application_id == case_id, EvidenceRow.n == n)
        path = f"{CASE}/{case_id}/evidence/{n}/accept"
        walk.send(walk.house.reviewer, "POST", path, REASON, Tag(f'"{paper.version}"'))


def _case(walk: Walk, case_id: UUID) -> ApplicationRow:
    (row,) = walk.rows(ApplicationRow, ApplicationRow.id == case_id)
    return row
