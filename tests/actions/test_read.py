from uuid import uuid4

import pytest

from service.actions import applications
from service.core.cases.sight import Standing, sight
from service.core.cases.states import State
from service.core.errors import ForbiddenError, NotFoundError
from service.core.people import SYSTEM
from tests import make
from tests.conftest import Clock

PEOPLE = ("officer", "colleague", "reviewer", "auditor", "both")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("filed", [False, True])
def test_a_case_is_read_by_those_in_whose_sight_it_is(house: make.House, state: State, filed: bool) -> None:  # noqa: FBT001 - a case of the table
    case_id = house.create(make.application() if filed else make.draft())
    house.put(case_id, state)
    for name in PEOPLE:
        actor = getattr(house, name)
        row = house.row(case_id)
        standing = Standing(state, row.submitted_by, filed)
        assert _reads(house, name, case_id) is sight(actor).covers(standing)


def _reads(house: make.House, name: str, case_id: object) -> bool:
    """Whether somebody may read a case; a list says the same."""
    with house.work(getattr(house, name)) as work:
        listed = [row.id for row in applications.find(work, applications.Query()).items]
        try:
            found = applications.get(work, case_id).id == case_id  # type: ignore[arg-type]  # as the house gave it
        except NotFoundError:
            found = False
    assert (listed == [case_id]) is found
    return found


@pytest.mark.parametrize("read", [applications.get, applications.timeline, applications.assessments])
def test_whoever_may_read_no_case_reads_none(house: make.House, read: object) -> None:
    case_id = house.create(make.application())
    for actor in (house.admin, SYSTEM):
        with pytest.raises(ForbiddenError), house.work(actor) as work:
            read(work, case_id)  # type: ignore[operator]  # one of three functions of one form


@pytest.mark.parametrize("read", [applications.get, applications.timeline, applications.assessments])
def test_a_case_that_is_not_there_and_one_that_is_not_for_these_eyes_are_the_same(
    house: make.House, read: object
) -> None:
    figures = []
    for case_id in (uuid4(), house.create(make.application())):
        with pytest.raises(NotFoundError) as refused, house.work(house.colleague) as work:
            read(work, case_id)  # type: ignore[operator]  # as above
        figures.append(refused.value.figures)
    assert figures == [{"kind": "application"}, {"kind": "application"}]


def test_a_draft_has_no_assessment(house: make.House) -> None:
    case_id = house.create(make.draft())
    with pytest.raises(NotFoundError) as refused, house.work(house.officer) as work:
        applications.assessment(work, case_id)
    assert refused.value.figures == {"kind": "assessment"}
    with house.work(house.officer) as work:
        assert applications.assessments(work, case_id) == []


def test_the_timeline_says_who_did_what_when_and_why(house: make.House, clock: Clock) -> None:
    case_id = house.create(make.application())
    submitted = clock.now
    returned = clock.move(days=2)
    house.do(house.reviewer, applications.return_, case_id, "补充用水数据")
    house.put(case_id, State.DEFERRED)
    with house.work(house.officer) as work:
        entries = applications.timeline(work, case_id)
    assert [(entry.rev, entry.type, entry.at, entry.actor_name) for entry in entries] == [
        (1, "application.created", submitted, "招商甲"),
        (2, "application.submitted", submitted, "招商甲"),
        (3, "application.returned", returned, "联审"),
        (4, "application.put", returned, "system"),
    ]
    assert entries[2].actor_ref == house.reviewer.ref
    assert entries[2].data["reason"] == "补充用水数据"
    assert entries[0].at.utcoffset() is not None


def test_reading_changes_nothing_and_can_be_done_by_work_that_only_reads(house: make.House) -> None:
    case_id = house.create(make.application())
    with house.runtime.work(house.auditor, read_only=True) as work:
        assert applications.get(work, case_id).state == "submitted"
        assert len(applications.timeline(work, case_id)) == 2
        assert applications.assessment(work, case_id).n == 1
        assert len(applications.find(work, applications.Query()).items) == 1
