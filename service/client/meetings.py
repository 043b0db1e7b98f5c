"""Review meetings: called, tabled, opened, voted, decided, closed, and what comes out of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from service.client.answers import (
    Ballot,
    Decision,
    Item,
    Meeting,
    MeetingSummary,
    PinnedAssessment,
    Recusal,
    Vote,
)
from service.client.calls import Call, post, put, query
from service.client.given import Condition, Form, NewMeeting, NewSeat
from service.client.pages import MOST, paged, whole
from service.client.sending import Line

_PATH = "/v1/meetings"


class Read(Protocol):
    """A meeting as it was read, whole or in a list: deeds rest on its version."""

    @property
    def id(self) -> UUID:
        """Which meeting."""

    @property
    def version(self) -> int:
        """The version that was read; the service refuses a deed on any other (``StaleError``)."""


@dataclass(frozen=True, slots=True)
class Meetings:
    """``client.meetings``. Deeds take the meeting or item as it was read last, and give it as it stands after."""

    line: Line

    def call(self, new: NewMeeting) -> Meeting:
        """Call a meeting, with its seats."""
        return self.line.ask(Meeting, post(_PATH, new))

    def find(self, page: int = MOST) -> Iterator[MeetingSummary]:
        """Go through the meetings, the latest first."""
        return paged(self.line, MeetingSummary, _PATH, query(limit=page))

    def get(self, meeting: UUID) -> Meeting:
        """Read a meeting."""
        return self.line.ask(Meeting, Call("GET", _at(meeting)))

    def set_seats(self, read: Read, seats: Sequence[NewSeat]) -> Meeting:
        """Put other seats in the place of those there are."""
        return self.line.ask(Meeting, put(f"{_at(read.id)}/seats", {"seats": seats}, read.version))

    def open(self, read: Read, present: Sequence[UUID]) -> Meeting:
        """Open it with those who are there."""
        return self.line.ask(Meeting, post(f"{_at(read.id)}/open", {"present": present}, read.version))

    def close(self, read: Read, reason: str = "") -> Meeting:
        """Close it; what is not decided is carried over, for a reason."""
        return self.line.ask(Meeting, post(f"{_at(read.id)}/close", {"reason": reason}, read.version))

    def cancel(self, read: Read, reason: str) -> Meeting:
        """Call it off before it is opened; what is on its agenda is in review again."""
        return self.line.ask(Meeting, post(f"{_at(read.id)}/cancel", {"reason": reason}, read.version))

    def table(self, meeting: UUID, application: UUID) -> Item:
        """Put an application on the agenda."""
        return self.line.ask(Item, post(f"{_at(meeting)}/items", {"application": application}))

    def items(self, meeting: UUID) -> tuple[Item, ...]:
        """Read the agenda."""
        return whole(self.line, Item, f"{_at(meeting)}/items")

    def item(self, meeting: UUID, n: int) -> Item:
        """Read an item."""
        return self.line.ask(Item, Call("GET", _item(meeting, n)))

    def item_assessments(self, item: Item) -> tuple[PinnedAssessment, ...]:
        """Read both assessments the meeting decides on."""
        return whole(self.line, PinnedAssessment, f"{_item(item.meeting_id, item.n)}/assessments")

    def untable(self, item: Item) -> Item:
        """Take an item off the agenda."""
        return self.line.ask(Item, post(f"{_item(item.meeting_id, item.n)}/untable", version=item.version))

    def refresh(self, item: Item) -> Item:
        """Pin an item anew after waivers or papers changed; everybody votes again."""
        return self.line.ask(Item, post(f"{_item(item.meeting_id, item.n)}/refresh", version=item.version))

    def recuse(self, item: Item, person: UUID | None = None, reason: str = "") -> Recusal:
        """Step aside, or, in the chair, order somebody else to. The application is no longer there for them."""
        ordered: dict[str, object] = {"reason": reason} | ({} if person is None else {"person": person})
        return self.line.ask(Recusal, post(f"{_item(item.meeting_id, item.n)}/recusals", ordered))

    def recusals(self, item: Item) -> tuple[Recusal, ...]:
        """Read who stepped aside."""
        return whole(self.line, Recusal, f"{_item(item.meeting_id, item.n)}/recusals")

    def vote(self, item: Item, choice: str, reason: str = "") -> Vote:
        """Vote: ``support``, ``support_with_conditions``, ``defer``, ``oppose`` or ``abstain``."""
        return self.line.ask(
            Vote, post(f"{_item(item.meeting_id, item.n)}/votes", {"choice": choice, "reason": reason})
        )

    def votes(self, item: Item) -> tuple[Ballot, ...]:
        """Read who has voted, and, once it is decided, how."""
        return whole(self.line, Ballot, f"{_item(item.meeting_id, item.n)}/votes")

    def decide(
        self, item: Item, conditions: Sequence[Condition] = (), *, override: bool = False, reason: str = ""
    ) -> Decision:
        """Have the votes counted; the outcome moves the application."""
        ruling = {"conditions": conditions, "override": override, "reason": reason}
        return self.line.ask(Decision, post(f"{_item(item.meeting_id, item.n)}/decide", ruling, item.version))

    def scores(self, meeting: UUID, form: Form = Form.SHEET) -> bytes:
        """Fetch the scores sheet: data, a page to print, or a sheet."""
        return self.line.content(Call("GET", f"{_at(meeting)}/scores", accept=form))

    def minutes(self, meeting: UUID, form: Form = Form.DOCUMENT) -> bytes:
        """Fetch the minutes: data, a page to print, or a document."""
        return self.line.content(Call("GET", f"{_at(meeting)}/minutes", accept=form))


def _at(meeting: UUID) -> str:
    return f"{_PATH}/{meeting}"


def _item(meeting: UUID, n: int) -> str:
    return f"{_at(meeting)}/items/{n:d}"
