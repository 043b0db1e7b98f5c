from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from service.actions import applications, rulebooks
from service.actions.applications import Compared, Version
from service.core.cases.states import State
from service.core.errors import ForbiddenError, InvalidError, NotFoundError
from service.core.people import SYSTEM, Actor
from service.core.values import Json, read_json
from tests import make, meeting, seating
from tests.conftest import Clock


def versions(house: make.House, case_id: UUID, actor: Actor | None = None) -> list[Version]:
    with house.work(actor or house.officer) as work:
        return applications.versions(work, case_id)


def compared(house: make.House, case_id: UUID, n: int, from_n: int | None = None) -> Compared:
    with house.work(house.reviewer) as work:
        return applications.differences(work, case_id, n, from_n)


def again(house: make.House, case_id: UUID, **facts: Json) -> None:
    """Submit a case that may be edited once more, with other facts."""
    house.do(house.officer, applications.replace_facts, case_id, make.facts(**facts))
    house.do(house.officer, applications.submit, case_id)


def returned(house: make.House, **facts: Json) -> UUID:
    """A case that was returned and submitted again."""
    case_id = house.create(make.application())
    house.do(house.reviewer, applications.return_, case_id, "补充")
    again(house, case_id, **facts)
    return case_id


def test_a_draft_has_no_version(house: make.House) -> None:
    assert versions(house, house.create(make.draft())) == []


def test_every_version_says_when_by_whom_and_with_what_result(house: make.House, clock: Clock) -> None:
    first = clock.now
    case_id = house.create(make.application())
    house.do(house.reviewer, applications.return_, case_id, "补充")
    with house.work(SYSTEM) as work:
        other = rulebooks.release(work, make.edition("2", "2026-11-20")).sha256
    second = clock.move(days=1)
    again(house, case_id, output=Decimal(65))
    found = versions(house, case_id, house.reviewer)
    assert [(one.row.n, one.row.follows, one.row.submitted_at) for one in found] == [(1, None, first), (2, 1, second)]
    assert {(one.by.ref, one.by.name) for one in found} == {(house.officer.ref, "招商甲")}
    assert [(one.assessment.outcome, one.assessment.total) for one in found] == [
        ("approve", Decimal("80.5")),
        ("conditional", Decimal(65)),
    ]
    assert [one.row.rulebook_sha256 == other for one in found] == [False, True]
    assert [one.decided for one in found] == [None, None]


def test_a_version_of_a_reconsidered_case_says_which_decision_it_follows(house: make.House, clock: Clock) -> None:
    case_id = meeting.in_review(house)
    meeting.decided(house, case_id, meeting.DEFER)
    decided_at = clock.now
    clock.move(days=3)
    house.do(house.officer, applications.reconsider, case_id, "已补充")
    again(house, case_id)
    first, second = versions(house, case_id)
    assert first.decided is None
    assert second.decided is not None
    assert (second.decided.of_version, second.decided.outcome) == (1, "defer")
    assert second.decided.decided_at == decided_at


def test_a_version_keeps_its_facts_whatever_the_case_says_now(house: make.House) -> None:
    case_id = returned(house, output=Decimal(65))
    with house.work(house.auditor) as work:
        found = [read_json(applications.version(work, case_id, n).row.facts) for n in (1, 2)]
    assert found == [make.facts(), make.facts(output=Decimal(65))]


@pytest.mark.parametrize("n", [-1, 0, 2, 10**30])
def test_a_version_that_is_not_there_is_not_found(house: make.House, n: int) -> None:
    case_id = house.create(make.application())
    for read in (
        lambda work: applications.version(work, case_id, n),
        lambda work: applications.differences(work, case_id, n),
    ):
        with pytest.raises(NotFoundError) as refused, house.work(house.officer) as work:
            read(work)
        assert refused.value.figures == {"kind": "version"}
    with pytest.raises(NotFoundError):
        compared(house, case_id, 1, n)


def test_a_version_is_compared_with_the_one_it_follows(house: make.House) -> None:
    case_id = returned(house, output=Decimal(65), water=Decimal("12.50"), nature="expand")
    found = compared(house, case_id, 2)
    assert (found.from_n, found.to_n) == (1, 2)
    assert [(change.at, change.before, change.after) for change in found.found.facts] == [
        ("/nature", "new", "expand"),
        ("/output", Decimal("80.50"), Decimal(65)),
    ]
    results = {change.at: (change.before, change.after) for change in found.found.results}
    assert results["/outcome"] == ("approve", "conditional")
    assert results["/score/total"] == (Decimal("80.5"), Decimal(65))
    assert [change.at for change in found.found.criteria] == ["output"]
    assert [change.at for change in found.found.gates] == ["too_thirsty"]


def test_any_two_versions_are_compared_in_either_direction(house: make.House) -> None:
    case_id = returned(house, output=Decimal(65))
    house.do(house.reviewer, applications.return_, case_id, "补充")
    again(house, case_id)
    assert [len(compared(house, case_id, 3, n).found.facts) for n in (1, 2, 3)] == [0, 1, 0]
    there, back = compared(house, case_id, 1, 2).found.facts, compared(house, case_id, 2, 1).found.facts
    assert [(one.before, one.after) for one in there] == [(one.after, one.before) for one in back]


def test_a_first_version_is_compared_only_with_one_that_is_named(house: make.House) -> None:
    case_id = house.create(make.application())
    with pytest.raises(InvalidError) as refused:
        compared(house, case_id, 1)
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [("/from", "version_from_missing")]
    assert compared(house, case_id, 1, 1).found.facts == ()


def test_versions_are_read_by_those_in_whose_sight_the_case_is(house: make.House) -> None:
    case_id = house.create(make.application())
    for actor in (house.colleague, house.member):
        with pytest.raises(NotFoundError):
            versions(house, case_id, actor)
    with pytest.raises(NotFoundError):
        versions(house, uuid4())
    with pytest.raises(ForbiddenError):
        versions(house, case_id, house.admin)
    seating.recuse(house, case_id, house.reviewer)
    with pytest.raises(NotFoundError):
        versions(house, case_id, house.reviewer)
    assert len(versions(house, case_id, house.auditor)) == 1


def test_a_recused_submitter_still_reads_what_they_handed_in(house: make.House) -> None:
    case_id = house.create(make.application(), house.both)
    seating.recuse(house, case_id, house.both)
    house.put(case_id, State.TABLED)
    assert len(versions(house, case_id, house.both)) == 1
