"""Every address that is read, about every case: what is behind it for those who have no part in the case."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final
from uuid import UUID

from service.core.people import Actor, Permission, person_ref
from service.db.applications import ApplicationRow
from service.db.meetings import MeetingItemRow
from service.db.waivers import WaiverRow
from service.web.endpoints import Endpoint
from service.web.routes import PREFIX, declared
from tests.api.walked import recusals
from tests.api.walking import Walk

# What is asked where an address alone is not enough to be told much.
QUERIES: Final[Mapping[str, str]] = {
    "/accountability": "from=2026-01-01&to=2026-12-31",
    "/ledger/entries": "limit=200",
    "/applications": "limit=200",
    "/waivers": "limit=200",
    "/applications/<uuid:case_id>/versions/<int:n>/differences": "from=1",
    "/ledger/proofs/inclusion": "index=0",
    "/ledger/proofs/consistency": "from=1&to=1",
}
# What whoever submitted a case keeps of it although they have no part in judging it.
OWN: Final = ("/applications", "/waivers")
JUDGING: Final = ("/opinions", "/bundle")


@dataclass(frozen=True)
class Case:
    """A case, and what else is addressed that belongs to it."""

    row: ApplicationRow
    items: tuple[MeetingItemRow, ...]
    waivers: tuple[WaiverRow, ...]

    @property
    def marks(self) -> tuple[bytes, ...]:
        """What tells of it wherever it stands."""
        row = self.row
        return tuple(mark.encode() for mark in (str(row.id), row.number, row.applicant_name, row.project_name))


@dataclass(frozen=True)
class Door:
    """An address, and whether it is of the case itself or of a list that may have it."""

    path: str
    leads_to_case: bool


def require_closed(walk: Walk, most: int) -> int:
    """Demand that whoever is recused finds nothing of the case anywhere; give how many doors were tried.

    Who submitted a case finds nothing of it that is a meeting's, recused or not. ``most`` people of each are looked at.
    """
    cases = {str(row.id): case_of(walk, row.id) for row in walk.cases()}
    by_ref = {actor.ref: actor for actor in walk.people}
    recused = [(by_ref[ref], cases[case_id]) for case_id, ref in dict.fromkeys(recusals(walk))]
    owners = [(by_ref[person_ref(case.row.submitted_by)], case) for case in cases.values() if case.items]
    return sum(
        _require_hidden(walk, actor, case, is_own=is_own)
        for is_own, found in ((False, recused), (True, owners))
        for actor, case in sorted(found, key=_may_read_most)[:most]
    )


def _may_read_most(one: tuple[Actor, Case]) -> int:
    """Those first whom roles alone would let see the most."""
    actor, _ = one
    return -sum(actor.may(permission) for permission in Permission)


def case_of(walk: Walk, case_id: UUID) -> Case:
    """Give a case with what belongs to it, as it stands."""
    (row,) = walk.rows(ApplicationRow, ApplicationRow.id == case_id)
    return Case(
        row,
        tuple(walk.rows(MeetingItemRow, MeetingItemRow.application_id == case_id)),
        tuple(walk.rows(WaiverRow, WaiverRow.application_id == case_id)),
    )


def _require_hidden(walk: Walk, actor: Actor, case: Case, *, is_own: bool) -> int:
    caller, tried = walk.http.caller(actor), 0
    for door in doors(walk, case):
        path = door.path.removeprefix(PREFIX)
        owned = is_own or actor.person_id == case.row.submitted_by
        if owned and path.startswith(OWN) and not path.endswith(JUDGING):
            continue
        answer, tried = caller.get(door.path), tried + 1
        said = (actor.name, actor.roles, door, answer.status, answer.data[:1000])
        assert answer.status_code < 500, said
        assert not door.leads_to_case or answer.status_code in {403, 404}, said
        assert answer.status_code >= 400 or not any(mark in answer.data for mark in case.marks), said
    return tried


def doors(walk: Walk, case: Case) -> Iterator[Door]:
    """Every address under /v1 that is read with GET, about this case and the meetings that have it."""
    for found in declared(walk.http.app).values():
        if isinstance(found, Endpoint) and found.method == "GET":
            asked = QUERIES.get(found.path)
            for path in dict.fromkeys(_filled(found.path, case)):
                is_case = any(name in found.path for name in ("case_id", "waiver_id", "/items/<"))
                yield Door(f"{PREFIX}{path}{'?' + asked if asked else ''}", is_case)


def _filled(path: str, case: Case) -> Iterator[str]:
    """Fill the places of a path with everything of the case that belongs there."""
    places: dict[str, list[dict[str, object]]] = {
        "case_id": [{"case_id": case.row.id}],
        "waiver_id": [{"waiver_id": row.id} for row in case.waivers],
        "meeting_id": [{"meeting_id": item.meeting_id, "n": item.n} for item in case.items],
        "place": [{"place": place} for place in ("000", "000.p/1", "0/000.p/1")],
    }
    wanted = re.findall(r"<\w+:(\w+)>", path)
    for values in product(*(places[name] for name in wanted if name in places)):
        filled = path
        for name, value in {"n": 1, **{name: value for found in values for name, value in found.items()}}.items():
            filled = re.sub(rf"<\w+:{name}>", str(value), filled)
        yield filled
