"""Meetings for tests, held the way people hold them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from service.actions import applications, meetings
from service.actions.meetings import NewMeeting, NewSeat, Ruling
from service.core.cases.conditions import NewCondition
from service.core.cases.seats import Choice
from service.core.people import Actor
from service.db.meetings import DecisionRow, MeetingItemRow, MeetingRow
from tests import make

SUPPORT, WITH_CONDITIONS, DEFER, OPPOSE, ABSTAIN = Choice

CONDITION = NewCondition(
    text="与污水处理厂签订再生水供水协议",
    metric="协议水量",
    due="before_signing",
    owner="申报企业",
    evidence="供水协议",
)
WEAK = Decimal(65)  # the output of a case that is assessed as conditional, by its score alone


def person(actor: Actor) -> UUID:
    """Whose actor it is."""
    assert actor.person_id is not None
    return actor.person_id


def in_review(house: make.House, owner: Actor | None = None, **facts: object) -> UUID:
    """A case that a reviewer has accepted."""
    case_id = house.create(make.application(**facts), owner)  # type: ignore[arg-type]  # tests write plain Python
    house.do(house.reviewer, applications.accept, case_id)
    return case_id


def seats(house: make.House, people: Iterable[Actor] | None = None) -> list[NewSeat]:
    """Seats of the chair and five members, or of others, the first in the chair; all of them vote."""
    sitting = everybody(house) if people is None else tuple(people)
    return [NewSeat(person(actor), voting=True, chair=actor == sitting[0]) for actor in sitting]


def everybody(house: make.House) -> tuple[Actor, ...]:
    """The chair and five members."""
    return (house.chair, *house.members)


@dataclass(frozen=True)
class Meeting:
    """A meeting that was called."""

    house: make.House
    id: UUID

    def row(self) -> MeetingRow:
        """It as it stands."""
        with self.house.work(self.house.auditor) as work:
            return meetings.get(work, self.id).row

    def item(self, n: int = 1) -> MeetingItemRow:
        """An item as it stands."""
        with self.house.work(self.house.auditor) as work:
            return meetings.item(work, self.id, n).item

    def table(self, case_id: UUID) -> int:
        """Put a case on the agenda, and give its number."""
        with self.house.work(self.house.secretary) as work:
            return meetings.table(work, self.id, case_id).item.n

    def open(self, present: Iterable[Actor] | None = None) -> "Meeting":
        """Open it with those who are there: everybody, or these."""
        there = everybody(self.house) if present is None else present
        with self.house.work(self.house.secretary, expects=self.row().version) as work:
            meetings.open_(work, self.id, [person(actor) for actor in there])
        return self

    def recuse(self, actor: Actor, n: int = 1) -> None:
        """Let somebody step aside."""
        with self.house.work(actor) as work:
            meetings.recuse(work, self.id, n, None, "")

    def vote(self, choices: Sequence[Choice | None], n: int = 1) -> None:
        """Let the chair and the members vote, in this order; None for whoever does not."""
        for actor, choice in zip(everybody(self.house), choices, strict=False):
            if choice is not None:
                self.cast(actor, choice, n)

    def cast(self, actor: Actor, choice: Choice, n: int = 1, reason: str = "") -> None:
        """Let somebody vote."""
        with self.house.work(actor) as work:
            meetings.vote(work, self.id, n, choice, reason)

    def decide(
        self, n: int = 1, *, conditions: Sequence[NewCondition] = (), override: bool = False, reason: str = ""
    ) -> DecisionRow:
        """Have an item decided by the secretary."""
        with self.house.work(self.house.secretary, expects=self.item(n).version) as work:
            return meetings.decide(work, self.id, n, Ruling(reason, conditions, override))

    def cancel(self, reason: str = "另行召集") -> None:
        """Have it called off by the secretary."""
        with self.house.work(self.house.secretary, expects=self.row().version) as work:
            meetings.cancel(work, self.id, reason)

    def close(self, reason: str = "") -> None:
        """Have it closed by the chair."""
        with self.house.work(self.house.chair, expects=self.row().version) as work:
            meetings.close(work, self.id, reason)


def called(house: make.House, people: Iterable[Actor] | None = None) -> Meeting:
    """Call a meeting of the chair and five members, or of others, for tomorrow."""
    held_at = house.runtime.clock() + timedelta(days=1)
    with house.work(house.secretary) as work:
        new = NewMeeting("2026 年第 1 次项目评审会", held_at, "管委会", seats(house, people))
        return Meeting(house, meetings.call(work, new).id)


def tabled(house: make.House, case_id: UUID | None = None) -> Meeting:
    """A meeting that has a case on its agenda."""
    meeting = called(house)
    meeting.table(in_review(house) if case_id is None else case_id)
    return meeting


def opened(house: make.House, case_id: UUID | None = None) -> Meeting:
    """A meeting that is open, everybody there, with a case on its table."""
    return tabled(house, case_id).open()


def decided(house: make.House, case_id: UUID | None = None, choice: Choice = SUPPORT) -> Meeting:
    """A meeting that has decided a case, all of one mind, for an outcome the assessment allows without more."""
    meeting = opened(house, case_id)
    meeting.vote([choice] * 6)
    meeting.decide(conditions=[CONDITION] if choice is WITH_CONDITIONS else [])
    return meeting
