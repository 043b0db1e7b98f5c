"""What papers are worth: for which facts, on which days, and that more of them never makes less known."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.cases import evidence
from service.core.cases.evidence import (
    Backing,
    Claims,
    EvidenceState,
    Paper,
    PapersClosedError,
    Standing,
    TooManyPapersError,
    backing,
    require_attachable,
    require_rulable,
    verified_values,
)
from service.core.cases.states import State
from service.core.errors import Flaw
from service.core.rules.load import load
from service.core.rules.model import Grade, Rulebook
from service.core.values import Json
from tests import make

DAY: Final = date(2026, 11, 23)
RAW: Final[dict[str, Json]] = {"industry_code": "3453", "output": Decimal("80.5"), "water": Decimal(12)}


def rulebook() -> Rulebook:
    """The small rules, in which water needs a document and output a third party."""
    found = load(make.papered_edition()).rulebook
    assert found is not None
    return found


BOOK: Final = rulebook()
SOUND: Final = Paper(1, Grade.THIRD_PARTY, ("output", "water"), state=EvidenceState.ACCEPTED)

grades = st.sampled_from(Grade)
days = st.none() | st.dates(DAY - timedelta(3), DAY + timedelta(3))
papers = st.builds(
    Paper,
    st.integers(1, 9),
    grades,
    st.lists(st.sampled_from(list(BOOK.facts)), max_size=3).map(tuple),
    issued_on=days,
    covers_from=days,
    covers_to=days,
    expires_on=days,
    state=st.sampled_from(EvidenceState),
)


def stands(*of: Paper, on: date = DAY) -> Mapping[str, Backing]:
    return backing(BOOK, RAW, of, on)


def test_a_declared_fact_needs_no_paper() -> None:
    assert stands()["industry_code"] == Backing(Standing.NOT_NEEDED, Grade.DECLARED)


def test_only_given_facts_are_looked_at_in_the_order_of_the_rulebook() -> None:
    assert list(stands()) == ["industry_code", "output", "water"]
    assert list(backing(BOOK, {"water"}, (), DAY)) == ["water"]


def test_a_fact_without_a_paper_is_missing_one() -> None:
    assert stands()["water"] == Backing(Standing.MISSING, Grade.DOCUMENT)


@pytest.mark.parametrize("grade", [Grade.THIRD_PARTY, Grade.AUTHORITY])
def test_an_accepted_paper_of_the_grade_or_a_better_one_backs_its_facts(grade: Grade) -> None:
    assert stands(replace(SOUND, grade=grade))["output"] == Backing(Standing.BACKED, Grade.THIRD_PARTY, 1)


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({"state": EvidenceState.PENDING}, Standing.PENDING),
        ({"state": EvidenceState.REFUSED}, Standing.REFUSED),
        ({"grade": Grade.DOCUMENT}, Standing.TOO_WEAK),
        ({"expires_on": DAY - timedelta(1)}, Standing.EXPIRED),
        ({"covers_to": DAY - timedelta(1)}, Standing.EXPIRED),
        ({"state": EvidenceState.PENDING, "expires_on": DAY - timedelta(1)}, Standing.EXPIRED),
        ({"grade": Grade.DOCUMENT, "expires_on": DAY - timedelta(1)}, Standing.TOO_WEAK),
        ({"facts": ("water",)}, Standing.MISSING),
    ],
)
def test_any_other_paper_does_not_and_it_is_said_why(changes: dict[str, Any], standing: Standing) -> None:
    found = stands(replace(SOUND, **changes))["output"]
    assert found.state is standing
    assert not found.counts
    assert found.paper == (None if standing is Standing.MISSING else 1)


def test_the_last_day_and_the_last_day_covered_still_count() -> None:
    assert stands(replace(SOUND, expires_on=DAY, covers_to=DAY))["output"].counts


def test_a_period_that_has_not_begun_is_not_past() -> None:
    assert stands(replace(SOUND, covers_from=DAY + timedelta(1)))["output"].counts


def test_the_best_paper_decides_then_the_better_grade_then_the_later_one() -> None:
    refused = replace(SOUND, n=2, state=EvidenceState.REFUSED)
    later, better = replace(SOUND, n=3), replace(SOUND, n=2, grade=Grade.AUTHORITY)
    assert stands(refused, SOUND)["output"].paper == 1
    assert stands(SOUND, later)["output"].paper == 3
    assert stands(SOUND, later, better)["output"].paper == 2


def test_what_is_not_backed_is_left_out_and_nothing_else() -> None:
    raw: dict[str, Json] = RAW | {"nature": None}
    assert verified_values(raw, stands(replace(SOUND, facts=("water",)))) == {
        "industry_code": "3453",
        "water": Decimal(12),
        "nature": None,
    }


@given(st.lists(papers, max_size=6), papers, days)
def test_one_more_accepted_paper_never_loses_a_fact(known: list[Paper], new: Paper, on: date | None) -> None:
    accepted, day = replace(new, state=EvidenceState.ACCEPTED), on or DAY
    before, after = verified_values(RAW, stands(*known, on=day)), verified_values(RAW, stands(*known, accepted, on=day))
    assert before.items() <= after.items()


@given(st.lists(papers, max_size=6), days)
def test_a_paper_that_suffices_makes_its_facts_known_whatever_else_is_there(
    known: list[Paper], on: date | None
) -> None:
    found = verified_values(RAW, stands(*known, replace(SOUND, expires_on=on), on=on or DAY))
    assert {"output", "water"} <= set(found)


@given(st.lists(papers, max_size=6), st.data())
def test_taking_a_paper_away_never_makes_more_known(known: list[Paper], data: st.DataObject) -> None:
    fewer = data.draw(st.lists(st.sampled_from(known), unique_by=id)) if known else []
    assert verified_values(RAW, stands(*fewer)).items() <= verified_values(RAW, stands(*known)).items()


@given(st.lists(papers, max_size=6), days)
def test_what_stands_on_paper_is_decided_fact_by_fact(known: list[Paper], on: date | None) -> None:
    """A second, naive reading of the same text."""
    for name, found in stands(*known, on=on or DAY).items():
        needs = BOOK.facts[name].evidence
        sufficient = [
            paper
            for paper in known
            if name in paper.facts
            and paper.state is EvidenceState.ACCEPTED
            and list(Grade).index(paper.grade) >= list(Grade).index(needs)
            and not (paper.expires_on and paper.expires_on < (on or DAY))
            and not (paper.covers_to and paper.covers_to < (on or DAY))
        ]
        assert found.counts is (needs is Grade.DECLARED or bool(sufficient))


def flaws(**changes: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any member
    sound = Claims(Grade.DOCUMENT, ("water",), date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31), date(2027, 1, 1))
    return [(flaw.pointer, flaw.code) for flaw in evidence.flaws(BOOK, replace(sound, **changes), DAY)]


def test_a_sound_paper_has_no_flaw() -> None:
    assert flaws() == []
    assert flaws(issued_on=DAY, covers_from=date(2025, 12, 31), expires_on=DAY) == []
    assert flaws(issued_on=None, covers_from=None, covers_to=None, expires_on=None) == []


def test_every_flaw_of_a_paper_is_told_at_once() -> None:
    found = flaws(
        grade=None,
        facts=("water", "wter", "water"),
        issued_on=DAY + timedelta(1),
        covers_from=date(2026, 1, 1),
        expires_on=DAY,
    )
    assert found == [
        ("/grade", "member_missing"),
        ("/facts/1", "fact_unknown"),
        ("/facts/2", "fact_twice"),
        ("/issued_on", "paper_issued"),
        ("/covers_to", "paper_period"),
        ("/expires_on", "paper_expiry"),
    ]


def test_a_paper_backs_at_least_one_fact_and_not_any_number() -> None:
    assert flaws(facts=()) == [("/facts", "member_missing")]
    assert flaws(facts=("x",) * 101) == [("/facts", "items_count")]


def test_a_long_unknown_name_is_told_short() -> None:
    found = evidence.flaws(BOOK, Claims(Grade.DOCUMENT, ("x" * 1000,)), DAY)
    assert found == (Flaw("/facts/0", "fact_unknown", {"found": "x" * 64}),)


@pytest.mark.parametrize("state", State)
def test_papers_come_in_until_the_case_is_tabled(state: State) -> None:
    if state in {State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED}:
        require_attachable(state, 0)
        return
    with pytest.raises(PapersClosedError) as refused:
        require_attachable(state, 0)
    assert refused.value.figures["states"] == ("draft", "submitted", "in_review", "returned")


@pytest.mark.parametrize("state", State)
def test_papers_are_ruled_on_until_the_case_is_tabled(state: State) -> None:
    if state in {State.SUBMITTED, State.IN_REVIEW, State.RETURNED}:
        require_rulable(state)
        return
    with pytest.raises(PapersClosedError):
        require_rulable(state)


def test_a_case_has_no_more_than_so_many_papers() -> None:
    require_attachable(State.DRAFT, 499)
    with pytest.raises(TooManyPapersError):
        require_attachable(State.DRAFT, 500)
