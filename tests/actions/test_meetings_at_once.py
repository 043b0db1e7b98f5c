"""Many who sit, vote, decide and close at the same moment: one decision, one entry, and the rows say what it says."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from service.actions import applications, meetings, replies
from service.actions.meetings import Ruling
from service.actions.replies import Asked, Reply
from service.core.people import Actor
from service.work import BusyError, Work
from tests import databases, make
from tests.actions import tables
from tests.actions.test_at_once import together
from tests.meeting import OPPOSE, SUPPORT, Meeting, in_review, opened, person, tabled

ROOT = Path(__file__).parents[2]
RULING = Ruling("", [], override=False)

# A process of its own that decides an item when it is told to, and says what came of it.
CLERK = """
import sys
from uuid import UUID
from service.actions import meetings
from service.config import Settings
from service.core.errors import SluiceError
from service.core.people import Actor, Role, person_ref
from service.work import Runtime, open_runtime
from tests.conftest import Clock
url, role, person_id, meeting_id = sys.argv[1:]
runtime = Runtime(open_runtime(Settings(database_url=url)).engine, Settings(database_url=url), Clock())
actor = Actor(person_ref(UUID(person_id)), "", frozenset({Role(role)}), UUID(person_id))
print("ready", flush=True)
sys.stdin.readline()
try:
    with runtime.work(actor, expects=1) as work:
        meetings.decide(work, UUID(meeting_id), 1, meetings.Ruling("", [], override=False))
    print("decided")
except SluiceError as error:
    print(error.code)
"""


def is_sound(made: Meeting, case_id: UUID) -> None:
    """One decision, one entry of it, and case, item and decision at that entry."""
    house = made.house
    entries = [entry for entry in tables.of_case(house.runtime, case_id) if entry["type"] == "decision.recorded"]
    assert len(entries) == tables.counts(house.runtime)["decision"] == 1
    row, item = house.row(case_id), made.item()
    assert (row.state, item.state, row.event_id) == (entries[0]["data"]["to"], "decided", item.event_id)
    assert row.version == entries[0]["data"]["version"]
    assert tables.last_of_case(house.runtime, case_id) == entries[0]


def voted(house: make.House, case_id: UUID) -> Meeting:
    made = opened(house, case_id)
    made.vote([SUPPORT] * 6)
    return made


def codes(raised: list[BaseException]) -> list[str]:
    return sorted(str(getattr(error, "code", error)) for error in raised)


def race(*deeds: Callable[[], None]) -> list[BaseException]:
    """Do several things at once; give what they raised."""
    waiting = list(deeds)

    def one() -> None:
        deed = waiting.pop()
        deed()

    return together(one, len(deeds))


def test_of_several_clerks_who_decide_at_once_one_does(house: make.House) -> None:
    case_id = in_review(house)
    made = voted(house, case_id)

    def decide() -> None:
        with house.work(house.secretary, expects=1) as work:
            meetings.decide(work, made.id, 1, RULING)

    assert codes(together(decide, 5)) == ["item_settled"] * 4
    is_sound(made, case_id)


def test_of_two_processes_that_decide_at_once_one_does(house: make.House) -> None:
    case_id = in_review(house)
    made = voted(house, case_id)
    url = databases.text_of(house.runtime.engine)
    clerks = [
        subprocess.Popen(
            [sys.executable, "-c", CLERK, url, role, str(person(actor)), str(made.id)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for role, actor in (("secretary", house.secretary), ("chair", house.chair))
    ]
    for clerk in clerks:
        assert clerk.stdout is not None
        assert clerk.stdout.readline() == "ready\n"
    for clerk in clerks:
        assert clerk.stdin is not None
        clerk.stdin.write("\n")
        clerk.stdin.flush()
    assert sorted(clerk.communicate()[0].strip() for clerk in clerks) == ["decided", "item_settled"]
    is_sound(made, case_id)


def test_a_repeated_request_that_comes_at_once_decides_once(house: make.House) -> None:
    case_id = in_review(house)
    made = voted(house, case_id)
    answers: list[bytes] = []

    def ask() -> None:
        asked = Asked("POST", f"/v1/meetings/{made.id}/items/1/decide", "k-1", b"{}")
        with house.work(house.secretary, expects=1) as work:
            known = replies.recall(work, asked)
            if known is None:
                known = Reply(200, str(meetings.decide(work, made.id, 1, RULING).event_id).encode())
                replies.remember(work, asked, known)
        answers.append(known.body)

    raised = together(ask, 4)
    assert {type(error).__name__ for error in raised} <= {"StillRunningError"}
    assert len(set(answers)) == 1
    is_sound(made, case_id)


def test_a_vote_while_the_item_is_decided_counts_or_is_refused(house: make.House) -> None:
    case_id = in_review(house)
    made = opened(house, case_id)
    made.vote([SUPPORT] * 5)
    late = house.members[4]
    raised = race(lambda: made.cast(late, OPPOSE), lambda: decide_blindly(made))
    assert codes(raised) in ([], ["item_settled"])
    is_sound(made, case_id)
    with house.work(house.auditor) as work:
        decision = meetings.item(work, made.id, 1).decision
    assert decision is not None
    assert ('"oppose":1' in decision.tally) is (raised == [])
    types = [entry["type"] for entry in tables.of_case(house.runtime, case_id)]
    assert types.count("vote.cast") == tables.counts(house.runtime)["vote"] == (6 if raised == [] else 5)


def decide_blindly(made: Meeting) -> None:
    """Decide without reading anything before."""
    with made.house.work(made.house.secretary, expects=1) as work:
        meetings.decide(work, made.id, 1, RULING)


def test_of_closing_and_deciding_at_once_both_agree_on_the_item(house: make.House) -> None:
    case_id = in_review(house)
    made = voted(house, case_id)

    def close() -> None:
        with house.work(house.chair, expects=2) as work:
            meetings.close(work, made.id, "时间不足")

    raised = race(close, lambda: decide_blindly(made))
    assert made.row().state == "closed"
    if raised:
        assert codes(raised) == ["meeting_state"]
        assert (made.item().state, house.row(case_id).state) == ("carried_over", "in_review")
        assert tables.counts(house.runtime)["decision"] == 0
    else:
        is_sound(made, case_id)


def test_a_vote_while_the_meeting_is_closed_comes_before_it_or_not_at_all(house: make.House) -> None:
    case_id = in_review(house)
    made = opened(house, case_id)

    def close() -> None:
        with house.work(house.chair, expects=2) as work:
            meetings.close(work, made.id, "时间不足")

    raised = race(close, lambda: made.cast(house.member, SUPPORT))
    assert codes(raised) in ([], ["meeting_state"])
    types = [entry["type"] for entry in tables.of_case(house.runtime, case_id)]
    assert types[-1] == "application.carried_over"
    assert types.count("vote.cast") == tables.counts(house.runtime)["vote"] == 1 - len(raised)


def test_withdrawing_and_deciding_at_once_leave_one_of_them(house: make.House) -> None:
    case_id = in_review(house)
    made, version = voted(house, case_id), house.row(case_id).version

    def withdraw() -> None:
        with house.work(house.officer, expects=version) as work:
            applications.withdraw(work, case_id, "另选他址")

    (refused,) = race(withdraw, lambda: decide_blindly(made))
    assert not isinstance(refused, BusyError)
    assert codes([refused]) in (["item_settled"], ["stale"], ["illegal_move"])
    states = (made.item().state, house.row(case_id).state)
    assert states in {("decided", "approved"), ("withdrawn", "withdrawn")}


def test_a_case_tabled_at_two_meetings_at_once_comes_on_one_agenda(house: make.House) -> None:
    case_id = in_review(house)
    first, second = (tabled(house) for _ in range(2))

    def table(made: Meeting) -> Callable[[], None]:
        return lambda: ignore(made.table(case_id))

    raised = race(table(first), table(second))
    assert codes(raised) == ["illegal_move"]
    assert tables.counts(house.runtime)["meeting_item"] == 3


def ignore(_: object) -> None:
    """Leave a value alone."""


def test_everybody_votes_at_once_and_every_vote_is_there(house: make.House) -> None:
    case_id = in_review(house)
    made = opened(house, case_id)
    people: tuple[Actor, ...] = (house.chair, *house.members)
    assert race(*(lambda actor=actor: made.cast(actor, SUPPORT) for actor in people)) == []
    types = [entry["type"] for entry in tables.of_case(house.runtime, case_id)]
    assert types.count("vote.cast") == tables.counts(house.runtime)["vote"] == 6


def test_of_several_who_open_at_once_one_does(house: make.House) -> None:
    made = tabled(house)
    present = [person(actor) for actor in (house.chair, *house.members)]

    def open_() -> None:
        with house.work(house.chair, expects=1) as work:
            meetings.open_(work, made.id, present)

    assert codes(together(open_, 4)) == ["meeting_state"] * 3
    types = [entry["type"] for entry in tables.events(house.runtime) if entry["subject"]["kind"] == "meeting"]
    assert types == ["meeting.called", "meeting.opened"]


def test_a_recusal_while_the_item_is_decided_counts_or_is_refused(house: make.House) -> None:
    case_id = in_review(house)
    made = voted(house, case_id)

    def recuse() -> None:
        with house.work(house.member) as work:
            step_aside(work, made)

    raised = race(recuse, lambda: decide_blindly(made))
    assert codes(raised) in ([], ["item_settled"])
    assert tables.counts(house.runtime)["recusal"] == 1 - len(raised)
    assert made.item().state == "decided"


def step_aside(work: Work, made: Meeting) -> None:
    """Declare one's recusal."""
    meetings.recuse(work, made.id, 1, None, "近亲属任职")
