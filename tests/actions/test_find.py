import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from service.actions import applications
from service.actions.applications import Query, cursors
from service.actions.applications.cursors import Position
from service.core.cases.states import State
from service.core.errors import ForbiddenError, InvalidError, MalformedError
from service.core.rules.model import Outcome
from tests import make
from tests.conftest import Clock

SORTS = ("number", "-number", "submitted_at", "-submitted_at", "total", "-total")


def numbers(house: make.House, query: Query) -> list[str]:
    with house.runtime.work(house.auditor, read_only=True) as work:
        return [row.number[-1] for row in applications.find(work, query).items]


@pytest.fixture
def six(house: make.House, clock: Clock) -> list[UUID]:
    """Cases 1 to 6: three days, three totals (one of them twice), two drafts, one of another industry."""
    made: list[UUID] = []
    for output, wet, is_draft in ((80, 0, 0), (50, 0, 0), (9, 2000, 0), (80, 0, 1), (80, 0, 0), (80, 0, 1)):
        new = make.application(output=Decimal(output), water=Decimal(wet), industry_code=f"34{output}")
        name = f"第{len(made) + 1}号_公司%"
        made.append(house.create(replace(new, draft=bool(is_draft), applicant_name=name)))
        clock.move(hours=12)
    return made


@pytest.mark.usefixtures("six")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(), "654321"),
        (Query(state=State.DRAFT), "64"),
        (Query(state=State.SUBMITTED), "5321"),
        (Query(state=State.APPROVED), ""),
        (Query(outcome=Outcome.APPROVE), "51"),
        (Query(outcome=Outcome.DEFER), "2"),
        (Query(outcome=Outcome.REJECT), "3"),
        (Query(category="A"), "3"),
        (Query(category="B"), "521"),
        (Query(industry="34"), "654321"),
        (Query(industry="348"), "6541"),
        (Query(industry="349"), "3"),
        (Query(industry="4"), ""),
        (Query(text="第3号"), "3"),
        (Query(text="2026-0004"), "4"),
        (Query(text="减速器"), "654321"),
        (Query(text="号_公"), "654321"),
        (Query(text="号x公"), ""),
        (Query(text="%"), "654321"),
        (Query(text="%%"), ""),
        (Query(text="\\"), ""),
        (Query(state=State.SUBMITTED, outcome=Outcome.APPROVE, text="5号"), "5"),
        (Query(sort="number"), "123456"),
        (Query(sort="total"), "321546"),
        (Query(sort="-total"), "512364"),
        (Query(sort="submitted_at"), "123546"),
        (Query(sort="-submitted_at"), "532164"),
        (Query(limit=2), "65"),
    ],
)
def test_what_is_asked_for_is_found_in_the_order_asked_for(house: make.House, query: Query, found: str) -> None:
    assert "".join(numbers(house, query)) == found


def test_text_is_found_whatever_its_case(house: make.House) -> None:
    house.create(replace(make.draft(), project_name="ABC 项目"))
    assert numbers(house, Query(text="abc")) == ["1"]


@pytest.mark.usefixtures("six")
def test_the_ends_of_a_time_are_outside_it(house: make.House, clock: Clock) -> None:
    first = clock.now - timedelta(hours=72)
    third = first + timedelta(hours=24)
    assert numbers(house, Query(submitted_after=first, submitted_before=third)) == ["2"]
    just = timedelta(microseconds=1)
    assert numbers(house, Query(submitted_after=first - just, submitted_before=third + just)) == ["3", "2", "1"]


def test_an_officer_finds_their_own_a_reviewer_what_was_filed(house: make.House, six: list[UUID]) -> None:
    mine = house.create(make.draft(), house.colleague)
    with house.work(house.colleague) as work:
        assert [row.id for row in applications.find(work, Query()).items] == [mine]
    with house.work(house.reviewer) as work:
        assert {row.id for row in applications.find(work, Query()).items} == {six[0], six[1], six[2], six[4]}


def test_whoever_may_read_no_case_finds_none(house: make.House) -> None:
    with pytest.raises(ForbiddenError), house.work(house.admin) as work:
        applications.find(work, Query())


def pages(house: make.House, query: Query) -> Iterator[list[str]]:
    """The numbers on each page, page after page."""
    cursor = None
    while True:
        with house.runtime.work(house.auditor, read_only=True) as work:
            page = applications.find(work, replace(query, cursor=cursor))
        yield [row.number[-1] for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return


@pytest.mark.usefixtures("six")
@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_any_size_join_to_the_whole_list(house: make.House, sort: str) -> None:
    whole = numbers(house, Query(sort=sort))
    for limit in range(1, 8):
        got = list(pages(house, Query(sort=sort, limit=limit)))
        assert list(itertools.chain(*got)) == whole
        assert [len(page) for page in got[:-1]] == [limit] * (len(got) - 1)
        assert got[-1] != []


@pytest.mark.usefixtures("six")
@pytest.mark.parametrize("sort", SORTS)
def test_cases_that_come_between_two_pages_make_none_skipped_or_repeated(
    house: make.House, clock: Clock, sort: str
) -> None:
    whole = numbers(house, Query(sort=sort))
    query = Query(sort=sort, limit=1)
    got: list[str] = []
    for page in pages(house, query):
        got += page
        if len(got) < 3:
            clock.move(minutes=1)
            house.create(make.application(output=Decimal("79.99")))
            house.create(make.draft())
    assert len(got) == len(set(got))
    assert [number for number in got if number in whole] == whole


def cursor_of(house: make.House, query: Query) -> str:
    with house.work(house.auditor) as work:
        cursor = applications.find(work, query).next_cursor
    assert cursor is not None
    return cursor


@pytest.mark.usefixtures("six")
@pytest.mark.parametrize(
    "other",
    [
        Query(sort="number"),
        Query(sort="total"),
        Query(text="司"),
        Query(state=State.DRAFT),
        Query(outcome=Outcome.APPROVE),
        Query(category="B"),
        Query(industry="3"),
    ],
)
def test_a_cursor_of_one_query_is_none_of_another(house: make.House, other: Query) -> None:
    cursor = cursor_of(house, Query(limit=1))
    with pytest.raises(MalformedError) as refused, house.work(house.auditor) as work:
        applications.find(work, replace(other, cursor=cursor))
    assert refused.value.figures == {"because": "cursor"}


@pytest.mark.usefixtures("six")
def test_a_cursor_goes_on_with_pages_of_another_size(house: make.House) -> None:
    cursor = cursor_of(house, Query(limit=2))
    assert numbers(house, Query(limit=3, cursor=cursor)) == ["4", "3", "2"]


def forged(key: object, sort: str, serial: object = 2026_000_001) -> str:
    query = (None,) * 7 + (sort,)
    return cursors.write(Position(key, serial), query)  # type: ignore[arg-type]  # whatever a caller may make up


@pytest.mark.parametrize(
    ("cursor", "sort"),
    [
        ("", "number"),
        ("x", "number"),
        ("!!!!", "number"),
        ("键", "number"),
        ("bnVsbA", "number"),
        ("W10", "number"),
        ("WzEsMiwzLDRd", "number"),
        ("W" * 100_000, "number"),
        (forged(None, "number", "1"), "number"),
        (forged(None, "number", 1.5), "number"),
        (forged(None, "number", serial=True), "number"),
        (forged(5, "total"), "total"),
        (forged("much", "total"), "total"),
        (forged("NaN", "total"), "total"),
        (forged("Infinity", "total"), "total"),
        (forged("tomorrow", "submitted_at"), "submitted_at"),
        (forged("2026-11-23T02:15:30", "submitted_at"), "submitted_at"),
        (forged(None, "number", 2**70), "number"),
        (forged("1E+999999", "total"), "total"),
        (forged("0001-01-01T00:00:00+14:00", "submitted_at"), "submitted_at"),
    ],
)
def test_a_cursor_nobody_was_given_is_refused(house: make.House, cursor: str, sort: str) -> None:
    with pytest.raises(MalformedError) as refused, house.work(house.auditor) as work:
        applications.find(work, Query(sort=sort, cursor=cursor))
    assert refused.value.figures == {"because": "cursor"}


@pytest.mark.parametrize(
    ("query", "flaws"),
    [
        (Query(sort="name"), [("/sort", "sort_unknown")]),
        (Query(sort="--number"), [("/sort", "sort_unknown")]),
        (Query(sort=""), [("/sort", "sort_unknown")]),
        (Query(limit=0), [("/limit", "limit_range")]),
        (Query(limit=201), [("/limit", "limit_range")]),
        (Query(text="a\x00"), [("/text", "text_character")]),
        (Query(category="\x00", industry="\ud800"), [("/category", "text_character"), ("/industry", "text_character")]),
        (Query(sort="x", limit=-1), [("/sort", "sort_unknown"), ("/limit", "limit_range")]),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_with_every_flaw(
    house: make.House, query: Query, flaws: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidError) as refused, house.work(house.auditor) as work:
        applications.find(work, query)
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == flaws


def test_totals_sort_as_figures_not_as_text(house: make.House) -> None:
    for output in ("9", "80.55", "80.5", "100"):
        house.create(make.application(output=Decimal(output), water=Decimal(1)))
    assert "".join(numbers(house, Query(sort="total"))) == "1324"
