from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]  # the library has no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.calendars import SHIPPED, shipped
from service.core.cases.calendar import NoCalendarError
from service.core.cases.calendar_table import FaultyCalendarError, read_calendar
from service.core.errors import ConflictError

YEARS = sorted(shipped().years)
DAYS = [
    date(YEARS[0], 1, 1) + timedelta(days=passed)
    for passed in range((date(YEARS[-1], 12, 31) - date(YEARS[0], 1, 1)).days + 1)
]
days = st.sampled_from(DAYS)

YEAR = """\
years:
  2026:
    notice: 通知
    issued_on: 2025-11-04
    holidays:
      - {name: 元旦, from: 2026-01-01, to: 2026-01-03}
    working_days:
      - 2026-01-04
"""


def test_the_years_that_were_announced_are_known_without_a_gap() -> None:
    assert YEARS == [2024, 2025, 2026]
    known = {day.year for day in chinese_calendar.holidays}
    assert set(YEARS) <= known
    assert max(known) in YEARS


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_what_a_library_of_its_own_says(year: int) -> None:
    for day in (day for day in DAYS if day.year == year):
        assert shipped().is_working(day) == chinese_calendar.is_workday(day), day


@pytest.mark.parametrize("year", [YEARS[0] - 1, YEARS[-1] + 1])
def test_nothing_is_guessed_for_a_year_without_data(year: int) -> None:
    with pytest.raises(NoCalendarError) as refused:
        shipped().is_working(date(year, 6, 1))
    assert isinstance(refused.value, ConflictError)
    assert refused.value.figures == {"year": year}


def test_counting_over_the_end_of_what_is_known_is_refused_and_up_to_it_is_not() -> None:
    last = date(YEARS[-1], 12, 31)
    assert shipped().after(date(YEARS[-1], 12, 30), 1) == last
    assert shipped().between(date(YEARS[0] - 1, 12, 31), last) == sum(map(shipped().is_working, DAYS))
    for ask in (lambda: shipped().after(last, 1), lambda: shipped().between(last, last + timedelta(days=1))):
        with pytest.raises(NoCalendarError) as refused:
            ask()
        assert refused.value.figures == {"year": YEARS[-1] + 1}


def test_a_holiday_and_the_weekend_that_makes_up_for_it() -> None:
    friday = date(2026, 2, 13)
    assert [shipped().after(friday, count) for count in range(4)] == [
        friday,
        date(2026, 2, 14),
        date(2026, 2, 24),
        date(2026, 2, 25),
    ]
    assert shipped().between(friday, date(2026, 2, 24)) == 2


@given(days, st.integers(0, 200))
def test_so_many_working_days_later_that_many_lie_between(day: date, count: int) -> None:
    try:
        later = shipped().after(day, count)
    except NoCalendarError:
        assert shipped().between(day, DAYS[-1]) < count
        return
    assert shipped().between(day, later) == count
    assert later == day if count == 0 else shipped().is_working(later)


@given(days, days, days)
def test_working_days_add_up_and_none_lie_before(one: date, two: date, three: date) -> None:
    first, second, third = sorted((one, two, three))
    assert shipped().between(first, second) + shipped().between(second, third) == shipped().between(first, third)
    assert shipped().between(third, first) == 0


def faults(text: str | bytes) -> list[tuple[object, str]]:
    with pytest.raises(FaultyCalendarError) as refused:
        read_calendar(text if isinstance(text, bytes) else text.encode())
    return [(flaw.figures["line"], flaw.code) for flaw in refused.value.flaws]


def test_a_table_without_a_fault_is_read() -> None:
    calendar = read_calendar(b"\xef\xbb\xbf" + YEAR.encode())
    assert calendar.years == {2026}
    assert calendar.holidays == {date(2026, 1, day) for day in (1, 2, 3)}
    assert calendar.working_days == {date(2026, 1, 4)}


def test_a_year_may_have_neither_holidays_nor_days_that_make_up_for_them() -> None:
    text = "years:\n  2030: {notice: 无, issued_on: 2029-11-01, holidays: [], working_days: []}\n"
    assert not read_calendar(text.encode()).holidays


MANY = """\
years:
  2026:
    notice: ""
    issued_on: 2025-11-4
    holidays:
      - {name: 元旦, from: 2026-01-01, to: 2026-01-03}
      - {name: 春节, from: 2026-02-23, to: 2026-02-15}
      - {name: 清明节, from: 2026-02-30, to: 2026-04-06, days: 3}
      - {name: [劳动节], from: 2026-05-01}
      - {name: 劳动节, from: 2026-01-03, to: 2026-01-03}
      - 国庆节
    working_days:
      - 2026-01-03
      - 2026-01-05
      - 2027-01-09
      - {on: 2026-01-10}
  2026: {}
  26:
    notice: 通知
  2027:
    holidays: none
    holiday: []
  2028: soon
title: 工作日历
"""


def test_every_fault_of_a_table_is_told_at_once_with_its_line() -> None:
    assert faults(MANY) == [
        (3, "calendar_text"),
        (4, "calendar_day"),
        (7, "calendar_order"),
        (8, "calendar_key"),
        (8, "calendar_day"),
        (9, "calendar_missing"),
        (9, "calendar_text"),
        (10, "calendar_day_twice"),
        (11, "calendar_mapping"),
        (13, "calendar_day_twice"),
        (14, "calendar_weekday"),
        (15, "calendar_other_year"),
        (16, "calendar_day"),
        (17, "calendar_twice"),
        (18, "calendar_year"),
        (21, "calendar_missing"),
        (21, "calendar_missing"),
        (21, "calendar_missing"),
        (21, "calendar_list"),
        (22, "calendar_key"),
        (23, "calendar_mapping"),
        (24, "calendar_key"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", (1, "calendar_empty")),
        ("years: {}\n", (1, "calendar_empty")),
        ("[]\n", (1, "calendar_mapping")),
        ("years:\n  2026: [\n", (3, "calendar_yaml")),
        (b"\xff", (1, "calendar_yaml")),
        ("a: 1\n---\nb: 2\n", (2, "calendar_yaml")),
        ("years: &a {2026: *a}\n", (1, "calendar_key")),
        ("[" * 5_000, (1, "calendar_yaml")),
        ("\x01", (1, "calendar_yaml")),
    ],
)
def test_what_is_no_table_at_all_is_told(text: str | bytes, told: tuple[int, str]) -> None:
    assert faults(text)[0] == told


@given(st.text() | st.binary())
def test_no_content_makes_reading_fail_otherwise(text: str | bytes) -> None:
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    with pytest.raises(FaultyCalendarError):
        read_calendar(content)


@given(st.data())
def test_a_table_that_was_damaged_anywhere_is_refused_or_read(data: st.DataObject) -> None:
    source = bytearray(SHIPPED.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        source[data.draw(st.integers(0, len(source) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = len(read_calendar(bytes(source)).years)
    except FaultyCalendarError as refused:
        found = len(refused.flaws)
    assert found
