"""Whose eyes the entries of a case are for, and how much of them.

Whoever sees a case sees what happened to it. How it was judged is for those who judge it: opinions and recusals for the
whole judging side, votes for those of the meeting, once the item they were cast on is decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from service.core.cases.sight import Standing, sight
from service.core.people import Actor, Role


class Audience(StrEnum):
    """For whom a kind of entry is."""

    EVERYBODY = "everybody"
    JUDGES = "judges"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a timeline: whether they see how the case is judged, and how a meeting voted on it."""

    judges: bool
    of_meeting: bool

    def is_among(self, audience: Audience) -> bool:
        """Whether an audience takes the reader in."""
        return {Audience.EVERYBODY: True, Audience.JUDGES: self.judges, Audience.MEETING: self.of_meeting}[audience]


Entry = TypeVar("Entry")

# By the noun of an entry's type. What is not listed is for those who judge.
AUDIENCES: Final[Mapping[str, Audience]] = MappingProxyType(
    {
        "application": Audience.EVERYBODY,
        "evidence": Audience.EVERYBODY,
        "waiver": Audience.EVERYBODY,
        "decision": Audience.EVERYBODY,
        "opinion": Audience.JUDGES,
        "recusal": Audience.JUDGES,
        "vote": Audience.MEETING,
    }
)

# All that those who do not judge are told of what a meeting did.
_TOLD: Final = frozenset({"from", "to", "version", "n", "outcome", "reason"})
OF_MEETINGS: Final = frozenset(
    {
        "application.tabled",
        "application.retabled",
        "application.untabled",
        "application.carried_over",
        "decision.recorded",
    }
)

_OF_MEETING: Final = frozenset({Role.SECRETARY, Role.CHAIR, Role.AUDITOR})
_VOTE: Final = "vote"
_DECIDED: Final = "decision.recorded"


def reader(actor: Actor, standing: Standing) -> Reader:
    """Say how an actor reads the timeline of a case."""
    judges = sight(actor).judges(standing)
    return Reader(judges, judges and (standing.seated or not _OF_MEETING.isdisjoint(actor.roles)))


def shown(reader: Reader, entries: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterable[tuple[int, dict[str, Any]]]:
    """Give what a reader is shown of entries (type and data, oldest first): the place of each, and its data."""
    decided = {_item(data) for type_, data in entries if type_ == _DECIDED}
    for at, (type_, data) in enumerate(entries):
        noun = type_.partition(".")[0]
        is_told = noun != _VOTE or _item(data) in decided
        if is_told and reader.is_among(AUDIENCES.get(noun, Audience.JUDGES)):
            yield at, _for(reader, type_, data)


def _for(reader: Reader, type_: str, data: Mapping[str, Any]) -> dict[str, Any]:
    is_whole = reader.judges or type_ not in OF_MEETINGS
    return {name: value for name, value in data.items() if is_whole or name in _TOLD}


def _item(data: Mapping[str, Any]) -> tuple[object, object]:
    return data.get("meeting"), data.get("item")
