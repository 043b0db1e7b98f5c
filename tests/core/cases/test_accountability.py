"""Counting who answers for what."""

from datetime import date
from uuid import UUID

from service.core.cases.accountability import (
    ANSWERING,
    Accounts,
    Count,
    Duty,
    Figure,
    Holder,
    Period,
    Shown,
    accounts,
    speakers,
)
from service.core.people import Role

OFFICER, REVIEWER, OTHER, CHAIR, ADMIN = (UUID(int=number) for number in range(1, 6))


def holder(person: UUID, *roles: Role, department: str | None = None) -> Holder:
    return Holder(person, f"甲{person.int}", department, frozenset(roles))


HOLDERS = (
    holder(OFFICER, Role.OFFICER),
    holder(REVIEWER, Role.REVIEWER, department="生态环境"),
    holder(OTHER, Role.REVIEWER, Role.MEMBER, department="自然资源"),
    holder(CHAIR, Role.CHAIR),
    holder(ADMIN, Role.ADMIN),
)


def shown(number: int) -> Shown:
    return Shown(number, "application", str(number), 1, "thing.done", UUID(int=number), f"2026-{number:04}")


def of_person(found: Accounts, person: UUID) -> dict[Figure, int]:
    account = next(one for one in found.people if one.holder.id == person)
    return {count.figure: len(count.shown) for count in account.counts}


def of_role(found: Accounts, role: Role) -> dict[Figure, int]:
    account = next(one for one in found.roles if one.role is role)
    return {count.figure: len(count.shown) for count in account.counts}


def test_whoever_may_do_something_is_told_that_nothing_waits() -> None:
    found = accounts([], HOLDERS)
    assert of_person(found, OFFICER) == {Figure.CASES_TO_SUPPLEMENT: 0}
    assert of_role(found, Role.MEMBER) == {Figure.OVERRIDES_VOTED: 0}


def test_only_those_who_answer_for_something_have_an_account() -> None:
    found = accounts([], HOLDERS)
    assert {one.holder.id for one in found.people} == {OFFICER, REVIEWER, OTHER, CHAIR}
    assert [one.role for one in found.roles] == list(ANSWERING)


def test_whoever_owns_a_waiver_has_an_account_whatever_their_role() -> None:
    found = accounts([Duty(Figure.WAIVERS_OWNED, shown(1), (ADMIN,))], HOLDERS)
    assert of_person(found, ADMIN) == {Figure.WAIVERS_OWNED: 1}
    assert all(Figure.WAIVERS_OWNED not in of_role(found, role) for role in ANSWERING)


def test_what_is_nobodys_in_particular_counts_for_the_role_and_for_no_person() -> None:
    found = accounts([Duty(Figure.CASES_TO_ACCEPT, shown(1)), Duty(Figure.CASES_TO_ACCEPT, shown(2))], HOLDERS)
    assert of_role(found, Role.REVIEWER)[Figure.CASES_TO_ACCEPT] == 2
    assert of_person(found, REVIEWER)[Figure.CASES_TO_ACCEPT] == 0


def test_what_several_share_counts_once_for_their_role() -> None:
    found = accounts([Duty(Figure.OPINIONS_ASKED, shown(1), (REVIEWER, OTHER))], HOLDERS)
    assert of_person(found, REVIEWER)[Figure.OPINIONS_ASKED] == 1
    assert of_person(found, OTHER)[Figure.OPINIONS_ASKED] == 1
    assert of_role(found, Role.REVIEWER)[Figure.OPINIONS_ASKED] == 1


def test_a_deed_counts_only_for_the_roles_through_which_it_was_done() -> None:
    found = accounts([Duty(Figure.OVERRIDES_VOTED, shown(1), (OTHER,))], HOLDERS)
    assert of_role(found, Role.MEMBER)[Figure.OVERRIDES_VOTED] == 1
    assert of_role(found, Role.CHAIR)[Figure.OVERRIDES_VOTED] == 0
    assert Figure.OVERRIDES_VOTED not in of_role(found, Role.REVIEWER)


def test_the_entries_that_show_a_figure_come_in_the_order_they_were_written() -> None:
    duties = [Duty(Figure.CASES_RETURNED, shown(number), (REVIEWER,)) for number in (3, 1, 2)]
    account = next(one for one in accounts(duties, HOLDERS).people if one.holder.id == REVIEWER)
    assert Count(Figure.CASES_RETURNED, (shown(1), shown(2), shown(3))) in account.counts


def test_a_department_speaks_through_its_reviewers_alone() -> None:
    clerk = holder(UUID(int=9), Role.OFFICER, department="生态环境")
    assert speakers("生态环境", (*HOLDERS, clerk)) == (REVIEWER,)
    assert speakers("水利", HOLDERS) == ()


def test_a_period_holds_its_first_and_its_last_day() -> None:
    period = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert [period.holds(date(2026, month, day)) for month, day in ((2, 28), (3, 1), (3, 31), (4, 1))] == [
        False,
        True,
        True,
        False,
    ]
    assert period.meets(date(2026, 1, 1), date(2026, 3, 1))
    assert period.meets(date(2026, 3, 31), date(2026, 12, 31))
    assert not period.meets(date(2026, 1, 1), date(2026, 2, 28))
    assert not period.meets(date(2026, 4, 1), date(2026, 4, 2))
