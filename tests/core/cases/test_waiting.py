from datetime import date
from uuid import UUID

from service.core.cases.waiting import Waiting, Waits, in_order


def case(number: str, why: Waits = Waits.ACCEPT, due_on: date | None = None, *, late: bool = False) -> Waiting:
    return Waiting(why, UUID(int=0), number, "项目", due_on, late)


def test_what_is_late_comes_first_then_the_nearest_day_and_what_has_no_day_last() -> None:
    never = case("1")
    soon, later = case("2", due_on=date(2026, 12, 1)), case("3", due_on=date(2026, 12, 2))
    late = case("4", due_on=date(2026, 12, 3), late=True)
    assert in_order([never, later, soon, late]) == (late, soon, later, never)


def test_things_of_one_day_come_in_the_order_of_their_kinds_then_of_their_numbers() -> None:
    draft, accept, second = case("9", Waits.DRAFT), case("1"), case("2")
    assert in_order([second, accept, draft]) == (draft, accept, second)


def test_a_thing_is_told_once() -> None:
    assert in_order([case("1"), case("1")]) == (case("1"),)
