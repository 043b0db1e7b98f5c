from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from service.actions import applications, people, rulebooks, waivers
from service.actions.waivers import Query
from service.core.cases.sight import OwnCaseError
from service.core.cases.states import UNDECIDED, State
from service.core.cases.waivers import AlreadyWaivedError, NotWaivableError, WaiverEndedError
from service.core.errors import ForbiddenError, InvalidError, MalformedError, NotFoundError, StaleError
from service.core.people import SYSTEM, Actor, Role, person_ref
from service.core.rules.waiving import GateOfLawError
from service.db.waivers import WaiverRow
from tests import make, seating
from tests.actions import tables, waiving
from tests.conftest import Clock

TODAY = date(2026, 11, 23)


def grant(house: make.House, new: waivers.NewWaiver, actor: Actor | None = None) -> WaiverRow:
    with house.work(actor or house.chair) as work:
        return waivers.grant(work, new)


def revoke(house: make.House, waiver_id: UUID, version: int | None = 1, reason: str = "方案未获批复") -> WaiverRow:
    with house.work(house.chair, expects=version) as work:
        return waivers.revoke(work, waiver_id, reason)


def waived(house: make.House, case_id: UUID, on: date = TODAY) -> frozenset[str]:
    with house.work(house.auditor) as work:
        return waivers.waived(work, case_id, on)


def newcomer(house: make.House, *roles: Role) -> Actor:
    with house.work(SYSTEM) as work:
        person = people.add(work, "新人", roles)
    return Actor(person_ref(person.id), person.name, frozenset(roles), person.id)


def flaws(error: pytest.ExceptionInfo[InvalidError]) -> list[tuple[str, str]]:
    return [(flaw.pointer, flaw.code) for flaw in error.value.flaws]


def test_a_waiver_is_kept_with_everything_about_it_and_recorded_with_the_case(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    before, version = tables.counts(house.runtime), house.row(case_id).version
    row = grant(house, waiving.new(case_id, house.secretary))
    grown = tables.added(before, tables.counts(house.runtime))
    assert grown["waiver"] == grown["ledger_event"] == 1
    assert (row.gate, row.owner_id, row.granted_by) == ("too_thirsty", house.secretary.person_id, house.chair.person_id)
    assert (row.expires_on, row.version, row.revoked_at) == (date(2026, 12, 31), 1, None)
    assert house.row(case_id).version == version
    entry = tables.last_of_case(house.runtime, case_id)
    assert (entry["type"], entry["actor"]) == ("waiver.granted", {"ref": house.chair.ref, "roles": ["chair"]})
    assert entry["data"] == {
        "waiver": str(row.id),
        "gate": "too_thirsty",
        "owner": house.secretary.ref,
        "reason": row.reason,
        "expires_on": "2026-12-31",
        "rulebook_sha256": house.row(case_id).rulebook_sha256,
    }


def test_the_timeline_of_a_case_shows_its_waivers(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    revoke(house, waiving.waived(house, case_id))
    with house.work(house.auditor) as work:
        told = applications.timeline(work, case_id)
    assert [entry.type for entry in told][-2:] == ["waiver.granted", "waiver.revoked"]
    assert [entry.actor_name for entry in told][-2:] == ["主任", "主任"]


def test_every_flaw_of_a_waiver_is_told_at_once(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    wrong = replace(
        waiving.new(case_id, house.secretary, TODAY - timedelta(days=1)), gate="park", owner=uuid4(), reason=" \n "
    )
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        grant(house, wrong)
    assert flaws(refused) == [
        ("/gate", "waiver_gate"),
        ("/owner", "person_unknown"),
        ("/reason", "text_missing"),
        ("/expires_on", "waiver_expiry"),
    ]


def test_what_is_missing_is_told_with_every_other_flaw(house: make.House) -> None:
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        grant(house, waivers.NewWaiver(None, "", None, "甲\u2028乙", None))
    assert flaws(refused) == [
        ("/application_id", "member_missing"),
        ("/owner", "member_missing"),
        ("/reason", "text_character"),
        ("/expires_on", "member_missing"),
    ]


@pytest.mark.parametrize(("days", "sound"), [(-1, False), (0, True), (366, True), (367, False)])
def test_a_waiver_ends_today_at_the_earliest_and_in_366_days_at_the_latest(
    *, house: make.House, days: int, sound: bool
) -> None:
    new = waiving.new(waiving.thirsty(house), house.secretary, TODAY + timedelta(days=days))
    if sound:
        assert grant(house, new).expires_on == TODAY + timedelta(days=days)
    else:
        with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
            grant(house, new)
        assert flaws(refused) == [("/expires_on", "waiver_expiry")]


def test_the_day_is_that_of_the_zone(house: make.House, clock: Clock) -> None:
    case_id = waiving.thirsty(house)
    clock.move(hours=14)  # past midnight in Shanghai, not yet in Greenwich
    with pytest.raises(InvalidError):
        grant(house, waiving.new(case_id, house.secretary, TODAY))
    grant(house, waiving.new(case_id, house.secretary, TODAY + timedelta(days=1)))
    assert waived(house, case_id, TODAY) == frozenset()
    assert waived(house, case_id, TODAY + timedelta(days=1)) == {"too_thirsty"}


def test_nobody_waives_a_gate_of_law(house: make.House) -> None:
    case_id = house.create(make.application())
    with tables.nothing_changes(house.runtime), pytest.raises(GateOfLawError):
        grant(house, waiving.new(case_id, house.secretary))


def test_the_gates_are_those_of_the_edition_the_case_is_bound_to(house: make.House) -> None:
    before = house.create(make.application())
    after = waiving.thirsty(house)
    grant(house, waiving.new(after, house.secretary))
    with pytest.raises(GateOfLawError):
        grant(house, waiving.new(before, house.secretary))


def test_a_gate_that_becomes_one_of_law_is_not_spared_by_an_old_waiver(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    grant(house, waiving.new(case_id, house.secretary))
    with house.work(SYSTEM) as work:
        rulebooks.release(work, make.edition("3", "2026-03-01"))
    house.do(house.reviewer, applications.return_, case_id, "补充")
    house.do(house.officer, applications.submit, case_id)
    assert house.row(case_id).outcome == "reject"
    assert tables.last_of_case(house.runtime, case_id)["data"]["waived"] == []


def test_nobody_waives_for_a_case_of_their_own_nor_answers_for_it(house: make.House) -> None:
    waiving.release(house)
    both = newcomer(house, Role.OFFICER, Role.CHAIR)
    own = house.create(make.application(), both)
    with tables.nothing_changes(house.runtime), pytest.raises(OwnCaseError):
        grant(house, waiving.new(own, house.secretary), both)
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        grant(house, waiving.new(own, both))
    assert flaws(refused) == [("/owner", "waiver_owner")]
    waiver_id = waiving.waived(house, own)
    with pytest.raises(OwnCaseError), house.work(both, expects=1) as work:
        waivers.revoke(work, waiver_id, "理由")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CHAIR}))
def test_only_a_chair_grants_and_revokes(house: make.House, role: Role) -> None:
    case_id = waiving.thirsty(house)
    waiver_id = waiving.waived(house, case_id)
    actor = replace(house.chair, roles=frozenset({role}))
    with tables.nothing_changes(house.runtime):
        with pytest.raises(ForbiddenError):
            grant(house, waiving.new(case_id, house.secretary), actor)
        with pytest.raises(ForbiddenError), house.work(actor, expects=1) as work:
            waivers.revoke(work, waiver_id, "理由")


@pytest.mark.parametrize("state", sorted(set(State) - UNDECIDED))
def test_a_case_that_is_decided_gets_no_waiver(house: make.House, state: State) -> None:
    case_id = waiving.thirsty(house)
    house.put(case_id, state)
    with tables.nothing_changes(house.runtime), pytest.raises(NotWaivableError) as refused:
        grant(house, waiving.new(case_id, house.secretary))
    assert refused.value.figures == {"state": state.value}


def test_a_gate_is_waived_once_at_a_time(house: make.House, clock: Clock) -> None:
    case_id = waiving.thirsty(house)
    first = waiving.waived(house, case_id, TODAY + timedelta(days=1))
    with tables.nothing_changes(house.runtime), pytest.raises(AlreadyWaivedError):
        grant(house, waiving.new(case_id, house.secretary))
    clock.move(days=2)
    second = grant(house, waiving.new(case_id, house.secretary)).id
    clock.move(minutes=1)
    revoke(house, second)
    third = grant(house, waiving.new(case_id, house.secretary)).id
    assert len({first, second, third}) == 3
    with house.work(house.auditor) as work:
        assert [row.id for row in waivers.find(work, Query()).items] == [third, second, first]


def test_a_case_that_is_not_for_these_eyes_gets_no_waiver(house: make.House) -> None:
    waiving.release(house)
    unseen = house.create(make.draft())
    for case_id in (unseen, uuid4()):
        with tables.nothing_changes(house.runtime), pytest.raises(NotFoundError):
            grant(house, waiving.new(case_id, house.secretary))


def test_whoever_is_recused_finds_neither_the_case_nor_its_waivers(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    waiver_id = waiving.waived(house, case_id)
    for actor in (house.chair, house.auditor, house.secretary):
        seating.recuse(house, case_id, actor)
        with house.work(actor) as work, pytest.raises(NotFoundError):
            waivers.get(work, waiver_id)
        with house.work(actor) as work:
            assert waivers.find(work, Query()).items == ()
    with tables.nothing_changes(house.runtime):
        with pytest.raises(NotFoundError):
            grant(house, waiving.new(case_id, house.secretary))
        with pytest.raises(NotFoundError):
            revoke(house, waiver_id)


def test_a_revoked_waiver_counts_no_more_and_says_who_when_and_why(house: make.House, clock: Clock) -> None:
    case_id = waiving.thirsty(house)
    waiver_id = waiving.waived(house, case_id)
    assert waived(house, case_id) == {"too_thirsty"}
    clock.move(days=1)
    before = tables.counts(house.runtime)
    row = revoke(house, waiver_id, reason="  方案未获批复 ")
    assert "waiver" not in tables.added(before, tables.counts(house.runtime))
    assert (row.revoked_by, row.revoked_at, row.revoked_because) == (house.chair.person_id, clock.now, "方案未获批复")
    assert row.version == 2
    assert waived(house, case_id, TODAY) == {"too_thirsty"}
    assert waived(house, case_id, TODAY + timedelta(days=1)) == frozenset()
    entry = tables.last_of_case(house.runtime, case_id)
    assert entry["type"] == "waiver.revoked"
    assert entry["data"] == {"waiver": str(waiver_id), "gate": "too_thirsty", "reason": "方案未获批复"}


def test_a_waiver_of_a_decided_case_can_still_be_revoked(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    waiver_id = waiving.waived(house, case_id)
    house.put(case_id, State.APPROVED)
    assert revoke(house, waiver_id).version == 2


@pytest.mark.parametrize(("version", "because"), [(None, "missing"), (2, "differs"), (0, "differs")])
def test_who_revokes_has_read_the_waiver_as_it_stands(house: make.House, version: int | None, because: str) -> None:
    waiver_id = waiving.waived(house, waiving.thirsty(house))
    with tables.nothing_changes(house.runtime), pytest.raises(StaleError) as refused:
        revoke(house, waiver_id, version)
    assert refused.value.figures["because"] == because
    assert refused.value.figures["current"] == 1


def test_a_waiver_that_is_over_is_not_revoked(house: make.House, clock: Clock) -> None:
    case_id = waiving.thirsty(house)
    revoked, ended = waiving.waived(house, case_id), waiving.thirsty(house)
    revoke(house, revoked)
    with tables.nothing_changes(house.runtime), pytest.raises(WaiverEndedError):
        revoke(house, revoked, 2)
    expired = waiving.waived(house, ended, TODAY)
    clock.move(days=1)
    with tables.nothing_changes(house.runtime), pytest.raises(WaiverEndedError) as refused:
        revoke(house, expired)
    assert refused.value.figures == {"on": TODAY}


def test_revoking_needs_a_reason_and_a_waiver(house: make.House) -> None:
    waiver_id = waiving.waived(house, waiving.thirsty(house))
    with tables.nothing_changes(house.runtime):
        with pytest.raises(InvalidError) as refused:
            revoke(house, waiver_id, reason="  ")
        with pytest.raises(NotFoundError) as nothing:
            revoke(house, uuid4())
    assert flaws(refused) == [("/reason", "text_missing")]
    assert nothing.value.figures == {"kind": "waiver"}


def reads(house: make.House, actor: Actor, waiver_id: UUID) -> bool:
    with house.work(actor) as work:
        listed = waiver_id in [row.id for row in waivers.find(work, Query()).items]
        try:
            found = waivers.get(work, waiver_id).id == waiver_id
        except NotFoundError:
            found = False
    assert found is listed
    return found


def test_waivers_are_read_by_those_who_see_the_case(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    waiver_id = waiving.waived(house, case_id)
    for actor in (house.officer, house.reviewer, house.secretary, house.chair, house.auditor):
        assert reads(house, actor, waiver_id), actor
    assert not reads(house, house.colleague, waiver_id)
    assert not reads(house, house.member, waiver_id)
    seating.seat(house, case_id, house.member)
    assert reads(house, house.member, waiver_id)


def test_whoever_has_no_part_in_cases_reads_no_waivers(house: make.House) -> None:
    for actor in (house.admin, replace(house.chair, roles=frozenset({Role.RULE_AUTHOR, Role.RULE_RELEASER}))):
        with house.work(actor) as work, pytest.raises(ForbiddenError):
            waivers.find(work, Query())
        with house.work(actor) as work, pytest.raises(ForbiddenError):
            waivers.get(work, uuid4())


def test_pages_neither_skip_nor_repeat_a_waiver(house: make.House, clock: Clock) -> None:
    made: list[UUID] = []
    for _ in range(5):
        clock.move(minutes=1)
        made.insert(0, waiving.waived(house, waiving.thirsty(house)))
    found: list[UUID] = []
    cursor = None
    with house.work(house.auditor) as work:
        while cursor is not None or not found:
            page = waivers.find(work, Query(cursor=cursor, limit=2))
            found += [row.id for row in page.items]
            cursor = page.next_cursor
    assert found == made


def test_the_waivers_of_one_case_are_found(house: make.House) -> None:
    first, second = waiving.thirsty(house), waiving.thirsty(house)
    waiver_id = waiving.waived(house, first)
    waiving.waived(house, second)
    with house.work(house.auditor) as work:
        assert [row.id for row in waivers.find(work, Query(first)).items] == [waiver_id]
        assert waivers.find(work, Query(uuid4())).items == ()


def test_a_cursor_of_another_query_and_a_page_without_size_are_refused(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    waiving.waived(house, case_id)
    waiving.waived(house, waiving.thirsty(house))
    with house.work(house.auditor) as work:
        cursor = waivers.find(work, Query(limit=1)).next_cursor
        for wrong in (Query(case_id, cursor), Query(cursor="x")):
            with pytest.raises(MalformedError):
                waivers.find(work, wrong)
        for limit in (0, 201):
            with pytest.raises(InvalidError) as refused:
                waivers.find(work, Query(limit=limit))
            assert flaws(refused) == [("/limit", "limit_range")]
