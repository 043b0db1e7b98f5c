"""The waivers of a case in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.actions import applications, rulebooks, waivers
from service.actions.meetings.agendas import named
from service.actions.waivers import Query, Waived
from service.db.applications import ApplicationRow
from service.web.ui.case_around import WAIVERS, address
from service.web.ui.voice import Voice
from service.work import Work


@dataclass(frozen=True, slots=True)
class Told:
    """A waiver in words. ``state`` is what it is today; a code."""

    waiver: Waived
    gate: str
    owner: str
    granted_by: str
    state: str
    address: str


def told(work: Work, row: ApplicationRow, speaks: Voice) -> list[Told]:
    """Say every waiver of a case, the latest first."""
    return list(told_of(work, row, _all(work, row), speaks))


def _all(work: Work, row: ApplicationRow) -> Iterator[Waived]:
    cursor: str | None = None
    while True:
        found = waivers.find(work, Query(row.id, cursor, applications.LARGEST_PAGE))
        yield from (waivers.today(work, one) for one in found.items)
        cursor = found.next_cursor
        if cursor is None:
            return


def told_of(work: Work, row: ApplicationRow, found: Iterable[Waived], speaks: Voice) -> Iterator[Told]:
    """Say some of them."""
    shown = list(found)
    people = named(work, (who for one in shown for who in (one.row.owner_id, one.row.granted_by)))
    labels = _labels(work, row, speaks)
    for one in shown:
        owner, granted_by = people[one.row.owner_id].name, people[one.row.granted_by].name
        gate = labels.get(one.row.gate, one.row.gate)
        at = address(row, f"{WAIVERS}/{one.id}")
        yield Told(one, gate, owner, granted_by, _state(one), at)


def _labels(work: Work, row: ApplicationRow, speaks: Voice) -> dict[str, str]:
    gates = rulebooks.edition(work, row.rulebook_sha256).rulebook.gates
    return {gate.id: speaks.label(gate.label) for gate in gates}


def _state(one: Waived) -> str:
    if one.in_force:
        return "in_force"
    return "over" if one.row.revoked_at is None else "revoked"
