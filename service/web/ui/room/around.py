"""What is around every page of the room: the meeting with its other pages, and the items before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from service.db.meetings import MeetingRow
from service.web.ui.meetings import around as of_meeting
from service.web.ui.meetings.around import OVERVIEW
from service.web.ui.voice import Voice


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The numbers of the items before and after one; None where there is none."""

    before: int | None
    after: int | None


def around(meeting: MeetingRow, voice: Voice, part: str) -> Mapping[str, object]:
    """Give what the pages of the room show of the meeting; ``part`` is this one."""
    title = voice.say("room.part", part=voice.say(f"meetings.part_{part}"), title=meeting.title)
    return {**of_meeting.around(meeting, voice, OVERVIEW), "title": title, "part": part}


def item_address(meeting_id: UUID, n: int) -> str:
    """Give the address of an item."""
    return of_meeting.address(meeting_id, f"items/{n}")


def neighbours(n: int, all_: Sequence[int]) -> Neighbours:
    """Find the items beside one among the numbers of all that are there, in their order."""
    before = [other for other in all_ if other < n]
    after = [other for other in all_ if other > n]
    return Neighbours(before[-1] if before else None, after[0] if after else None)
