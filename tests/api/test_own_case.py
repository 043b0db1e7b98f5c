"""Whoever submitted a case gets of it what any officer gets of their own, whatever roles they hold beside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import delete
from werkzeug.test import TestResponse

from service.actions import ledger, opinions
from service.actions.opinions import NewOpinion
from service.core.cases.opinions import Stance
from service.core.people import SYSTEM, Role
from service.db.people import Person, PersonRole
from tests import make, meeting
from tests.actions import papers, waiving
from tests.api import walked_doors
from tests.api.calling import Caller, open_http, read, require_problem
from tests.api.samples import written_waiver
from tests.api.walking import Walk
from tests.conftest import Clock

BESIDE: Final = tuple(role for role in Role if role is not Role.OFFICER)
JUDGING: Final = (Role.REVIEWER, Role.SECRETARY, Role.MEMBER, Role.CHAIR, Role.AUDITOR)
# Each alone and all together: sight is the union of what each role is granted.
SETS: Final = (*((role,) for role in BESIDE), BESIDE)


@pytest.fixture
def database() -> str:
    """Who is asked for what does not rest on the database."""
    return "sqlite"


@dataclass(frozen=True)
class Own:
    """A case on which everything has happened, and whoever submitted it."""

    walk: Walk
    submitter: Caller
    case: walked_doors.Case

    @property
    def person(self) -> UUID:
        assert self.submitter.actor is not None
        return meeting.person(self.submitter.actor)

    def hold(self, roles: Iterable[Role]) -> None:
        """Let the submitter hold these roles and no others."""
        with self.walk.house.work(SYSTEM) as work:
            work.session.execute(delete(PersonRole).where(PersonRole.person_id == self.person))
            work.session.add_all(PersonRole(person_id=self.person, role=role.value) for role in roles)
            work.session.get_one(Person, self.person).department = make.DEPARTMENT

    def tells(self, door: walked_doors.Door, answer: TestResponse) -> bool:
        """Whether an answer is one about the case."""
        is_of_case = door.leads_to_case or any(mark in answer.data for mark in self.case.marks)
        return answer.status_code == 200 and is_of_case

    def get(self, doors: Iterable[walked_doors.Door], roles: Iterable[Role]) -> list[TestResponse]:
        """What is behind doors for the submitter in these roles."""
        self.hold(roles)
        return [self.submitter.get(door.path) for door in doors]


@pytest.fixture
def own(house: make.House, clock: Clock) -> Own:
    http = open_http(house)
    walk, submitter = Walk(http, clock, ()), http.newcomer(Role.OFFICER)
    assert submitter.actor is not None
    waiving.release(house)
    case_id = house.create(make.application(), submitter.actor)
    waiving.waived(house, case_id)
    papers.ruled(house, case_id, papers.attached(house, case_id, submitter.actor))
    house.do(house.reviewer, opinions.accept, case_id, [make.DEPARTMENT])
    with house.work(house.reviewer) as work:
        opinions.give(work, case_id, NewOpinion(Stance.SUPPORT, "用水指标可平衡"))
    meeting.decided(house, case_id).close()
    ledger.tend(house.runtime)
    return Own(walk, submitter, walked_doors.case_of(walk, case_id))


def told(answer: TestResponse) -> tuple[int, Any]:
    """Status and body, without what is of the request alone."""
    if "json" not in (answer.mimetype or ""):
        return answer.status_code, answer.data
    body = read(answer)
    return answer.status_code, {name: value for name, value in body.items() if name != "request_id"}


def require_no_more_than_officers(own: Own, doors: Sequence[walked_doors.Door]) -> int:
    """Demand that no role opens a door of their own case to an officer; give how many are open to any officer.

    What tells any officer of their own case tells it alike in every role; what does not, tells nothing of it in any.
    """
    answers = dict(zip(doors, own.get(doors, [Role.OFFICER]), strict=True))
    plain = {door: told(answer) for door, answer in answers.items()}
    tells = [door for door, answer in answers.items() if own.tells(door, answer)]
    for roles in SETS:
        for door, answer in zip(doors, own.get(doors, [Role.OFFICER, *roles]), strict=True):
            said = (door.path, roles, answer.data[:500])
            if door in tells:
                assert told(answer) == plain[door], said
            else:
                assert answer.status_code in ({403, 404} if door.leads_to_case else {200, 403, 404, 422}), said
                assert not any(mark in answer.data for mark in own.case.marks), said
    return len(tells)


def test_a_submitter_who_judges_others_gets_of_their_own_case_what_an_officer_gets(own: Own) -> None:
    doors = tuple(walked_doors.doors(own.walk, own.case))
    contents = tuple(door for door in doors if door.path.endswith("/content"))
    # That a paper was read is recorded and told by the timeline; so they come last.
    assert require_no_more_than_officers(own, tuple(door for door in doors if door not in contents)) >= 15
    assert require_no_more_than_officers(own, contents) == len(contents) == 1


def test_one_who_is_no_officer_any_more_sees_their_case_and_not_how_it_is_judged(own: Own) -> None:
    place = f"/v1/applications/{own.case.row.id}"
    for role in (Role.REVIEWER, Role.SECRETARY, Role.CHAIR, Role.AUDITOR):
        own.hold([role])
        assert own.submitter.get(place).status_code == 200
        story = read(own.submitter.get(f"{place}/timeline"))["items"]
        assert {"opinion", "recusal", "vote"}.isdisjoint(one["type"].partition(".")[0] for one in story)
        assert own.submitter.get(f"{place}/opinions").status_code == 404
        assert own.submitter.get(f"{place}/bundle").status_code in {403, 404}


def test_judging_ones_own_case_is_refused_openly(own: Own) -> None:
    http, case_id = own.walk.http, own.case.row.id
    own.hold([Role.OFFICER, *JUDGING])
    place = f"/v1/applications/{case_id}"
    deeds = (
        (f"{place}/opinions", {"stance": "support", "reason": "可行"}, None),
        (f"{place}/opinions/requests", {"department": make.DEPARTMENT}, None),
        (f"{place}/evidence/1/accept", None, '"2"'),
        ("/v1/waivers", written_waiver(case_id, http.house.secretary), None),
        (f"/v1/waivers/{own.case.waivers[0].id}/revoke", {"reason": "理由"}, '"1"'),
    )
    for path, body, version in deeds:
        headers = {} if version is None else {"If_Match": version}
        require_problem(own.submitter.post(path, body, **headers), 403, "own_case")
    held = own.case.items[0]
    vote = own.submitter.post(f"/v1/meetings/{held.meeting_id}/items/{held.n}/votes", {"choice": "support"})
    require_problem(vote, 404, "not_found")
