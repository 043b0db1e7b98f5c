"""Meetings that a caller sits at, for the good calls of the endpoints of meetings."""

from dataclasses import dataclass
from typing import Any

from service.core.people import Actor, Role
from tests import meeting
from tests.api.calling import Caller, Http
from tests.meeting import SUPPORT, Meeting, person


@dataclass(frozen=True)
class Sitting:
    """A meeting and who sits at it, the chair first; its item is number 1."""

    meeting: Meeting
    people: tuple[Actor, ...]


def called(http: Http, caller: Caller) -> Sitting:
    """Call a meeting at which the caller has a seat, if one of their roles may have one."""
    people = list(meeting.everybody(http.house))
    if caller.actor is not None and Role.CHAIR in caller.actor.roles:
        people[0] = caller.actor
    elif caller.actor is not None and Role.MEMBER in caller.actor.roles:
        people.append(caller.actor)
    return Sitting(meeting.called(http.house, people), tuple(people))


def tabled(http: Http, caller: Caller, owner: Actor) -> Sitting:
    """Put a case of the owner on the agenda."""
    sitting = called(http, caller)
    sitting.meeting.table(meeting.in_review(http.house, owner))
    return sitting


def opened(http: Http, caller: Caller, owner: Actor) -> Sitting:
    """Open the meeting with everybody there."""
    sitting = tabled(http, caller, owner)
    sitting.meeting.open(sitting.people)
    return sitting


def voted(http: Http, caller: Caller, owner: Actor) -> Sitting:
    """Let everybody support the case."""
    sitting = opened(http, caller, owner)
    for actor in sitting.people:
        sitting.meeting.cast(actor, SUPPORT)
    return sitting


def written_seats(people: tuple[Actor, ...]) -> list[dict[str, Any]]:
    """Seats as they are sent."""
    return [{"person": str(person(actor)), "chair": actor == people[0]} for actor in people]


def written_meeting(people: tuple[Actor, ...]) -> dict[str, Any]:
    """A meeting as it is sent."""
    return {"title": "评审会", "held_at": "2026-12-03T01:00:00Z", "place": "管委会", "seats": written_seats(people)}
