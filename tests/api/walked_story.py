"""The story that the entries of the ledger tell, one after the other."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from service.core.values import read_json
from service.db.applications import ApplicationRow, ApplicationVersion
from service.db.meetings import MeetingRow
from service.db.people import InterestRow
from tests.api.walking import Walk

Entry = Mapping[str, Any]

# How far the day of the zone is ahead.
ZONE: Final = timedelta(hours=8)


@dataclass
class Case:
    """What the entries so far say of a case."""

    owner: str
    papers: dict[int, dict[str, Any]] = field(default_factory=dict)
    waivers: dict[str, dict[str, Any]] = field(default_factory=dict)
    recused: set[str] = field(default_factory=set)
    decided: set[int] = field(default_factory=set)


@dataclass
class Sitting:
    """What the entries so far say of an item: who is out, and the votes on what was pinned last."""

    case: str
    out: set[str] = field(default_factory=set)
    votes: dict[str, str] = field(default_factory=dict)


@dataclass
class Told:
    """The whole story, entry by entry."""

    cases: dict[str, Case] = field(default_factory=dict)
    seats: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    items: dict[tuple[str, int], Sitting] = field(default_factory=dict)
    bound: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    interests: int = 0


@dataclass(frozen=True)
class Known:
    """What stands in tables and nowhere in the entries."""

    facts: Mapping[tuple[str, int], Mapping[str, Any]]
    held_on: Mapping[str, date]
    firms: Mapping[str, str]
    interests: Sequence[str]


Take = Callable[[Told, Entry, Known], None]


def known(walk: Walk) -> Known:
    """What stands in the tables after a walk."""
    versions, meetings = walk.rows(ApplicationVersion), walk.rows(MeetingRow)
    return Known(
        {(str(row.application_id), row.n): _read(row.facts) for row in versions},
        {str(row.id): (row.held_at + ZONE).date() for row in meetings},
        {str(row.id): row.credit_code for row in walk.rows(ApplicationRow)},
        [row.credit_code for row in walk.rows(InterestRow)],
    )


def take(told: Told, entry: Entry, stands: Known) -> None:
    """Add an entry to the story."""
    add = TAKES.get(entry["type"])
    if add is not None:
        add(told, entry, stands)


def by(entry: Entry) -> str:
    """Who did it."""
    return str(entry["actor"]["ref"])


def day(entry: Entry) -> date:
    """The day of the zone on which it was done."""
    return (datetime.fromisoformat(entry["at"]) + ZONE).date()


def _read(text: str) -> Mapping[str, Any]:
    found = read_json(text)
    assert isinstance(found, dict)
    return found


def _case(told: Told, entry: Entry) -> Case:
    return told.cases[entry["subject"]["id"]]


def _item(told: Told, entry: Entry) -> Sitting:
    return told.items[entry["data"]["meeting"], entry["data"]["item"]]


def _created(told: Told, entry: Entry, stands: Known) -> None:
    case_id = entry["subject"]["id"]
    told.cases[case_id] = Case(by(entry))
    told.bound[stands.firms[case_id]].add(by(entry))


def _interested(told: Told, entry: Entry, stands: Known) -> None:
    """The entry tells of the firm by a commitment alone; the rows are in the order of their entries."""
    told.bound[stands.interests[told.interests]].add(by(entry))
    told.interests += 1


def _opened(told: Told, entry: Entry, _: Known) -> None:
    """Whoever sits on a seat that is out of an item is out of its case."""
    meeting = entry["subject"]["id"]
    told.seats[meeting] = entry["data"]["seats"]
    for (of, _n), item in told.items.items():
        holders = {seat["held_by"] for seat in told.seats[meeting] if of == meeting and seat["person"] in item.out}
        told.cases[item.case].recused |= holders


def _tabled(told: Told, entry: Entry, _: Known) -> None:
    key = (entry["data"]["meeting"], entry["data"]["item"])
    told.items.setdefault(key, Sitting(entry["subject"]["id"])).votes.clear()


def _recused(told: Told, entry: Entry, _: Known) -> None:
    data = entry["data"]
    _item(told, entry).out.add(data["person"])
    _case(told, entry).recused |= {data["person"], data["held_by"]}


def _voted(told: Told, entry: Entry, _: Known) -> None:
    _item(told, entry).votes[entry["data"]["person"]] = entry["data"]["choice"]


def _decided(told: Told, entry: Entry, _: Known) -> None:
    _case(told, entry).decided.add(entry["data"]["n"])


def _attached(told: Told, entry: Entry, _: Known) -> None:
    _case(told, entry).papers[entry["data"]["paper"]] = {**entry["data"], "state": "pending"}


def _ruled(told: Told, entry: Entry, _: Known) -> None:
    _case(told, entry).papers[entry["data"]["paper"]]["state"] = entry["data"]["to"]


def _waived(told: Told, entry: Entry, _: Known) -> None:
    data = entry["data"]
    days = {"from": day(entry), "until": date.fromisoformat(data["expires_on"])}
    _case(told, entry).waivers[data["waiver"]] = data | days


def _revoked(told: Told, entry: Entry, _: Known) -> None:
    found = _case(told, entry).waivers[entry["data"]["waiver"]]
    found["until"] = min(found["until"], day(entry) - timedelta(days=1))


TAKES: Final[Mapping[str, Take]] = {
    "application.created": _created,
    "application.tabled": _tabled,
    "application.retabled": _tabled,
    "interest.declared": _interested,
    "meeting.opened": _opened,
    "recusal.declared": _recused,
    "recusal.ordered": _recused,
    "recusal.found": _recused,
    "vote.cast": _voted,
    "decision.recorded": _decided,
    "evidence.attached": _attached,
    "evidence.accepted": _ruled,
    "evidence.refused": _ruled,
    "waiver.granted": _waived,
    "waiver.revoked": _revoked,
}
