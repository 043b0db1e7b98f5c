"""What is around every page of a meeting: its title, its other pages, and what the visitor may do with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from service.core.cases.meetings import MeetingState
from service.core.people import Permission
from service.db.meetings import MeetingRow
from service.web.ui.voice import Voice
from service.work import Work

OVERVIEW: Final = ""
AGENDA: Final = "agenda"
SEATS: Final = "seats"
OPEN: Final = "open"
CLOSE: Final = "close"
CANCEL: Final = "cancel"

# Pages of the room that belong to a meeting as a whole.
SHEET: Final = "sheet"
MINUTES: Final = "minutes"
PROJECTOR: Final = "projector"

_REFRESH: Final = "refresh"

# What may be done with a meeting in each state, the most likely first: on which page, and by whom.
_WAYS: Final = (
    (AGENDA, AGENDA, MeetingState.CALLED, Permission.CALL_MEETINGS),
    (OPEN, OPEN, MeetingState.CALLED, Permission.RUN_MEETINGS),
    (SEATS, SEATS, MeetingState.CALLED, Permission.CALL_MEETINGS),
    (CANCEL, CANCEL, MeetingState.CALLED, Permission.CALL_MEETINGS),
    (CLOSE, CLOSE, MeetingState.OPEN, Permission.CLOSE_MEETINGS),
    (_REFRESH, AGENDA, MeetingState.OPEN, Permission.CALL_MEETINGS),
)


@dataclass(frozen=True, slots=True)
class Way:
    """Something the visitor may do, or a page they may read: what it is called, and where it is."""

    name: str
    label: str
    address: str


def address(meeting_id: UUID, part: str = OVERVIEW) -> str:
    """Give the address of a page of a meeting."""
    return f"/meetings/{meeting_id}/{part}".rstrip("/")


def around(row: MeetingRow, voice: Voice, part: str) -> Mapping[str, object]:
    """Give what every page of a meeting shows; ``part`` is this one."""
    deed = _REFRESH if part == AGENDA and row.state != MeetingState.CALLED.value else part
    named = voice.say("meetings.part", part=voice.say(f"meetings.way_{deed}"), title=row.title) if part else row.title
    parts = [Way(one, voice.say(f"meetings.part_{one or 'overview'}"), address(row.id, one)) for one in _parts(row)]
    return {"title": named, "meeting": row, "part": part, "parts": parts}


def ways(work: Work, row: MeetingRow, voice: Voice, *, outdated: bool) -> list[Way]:
    """Give what the visitor may do with a meeting as it stands; ``outdated`` says that an item is to be pinned anew."""
    return [
        Way(name, voice.say(f"meetings.way_{name}"), address(row.id, part))
        for name, part, state, permission in _WAYS
        if row.state == state.value and work.actor.may(permission) and (outdated or name != _REFRESH)
    ]


def _parts(row: MeetingRow) -> Iterator[str]:
    yield OVERVIEW
    yield SHEET
    if row.opened_at is not None:
        yield MINUTES
    if row.state in {MeetingState.CALLED.value, MeetingState.OPEN.value}:
        yield PROJECTOR
