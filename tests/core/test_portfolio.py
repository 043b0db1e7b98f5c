from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.portfolio import ClusterCount, HighTech, Item, Traits, portfolio, target, tells, traits
from service.core.rules.model import Outcome, Rulebook
from tests.core.rules.books import BOOLEAN, NUMBER, TEXT, Plain, book, choice

ANSWERS = {"yes": True, "no": False, "?": None}
TWO: Mapping[str, Plain] = {"high_tech": BOOLEAN, "cluster": choice("chips", "boats")}


def case(high_tech: str, cluster: str | None = None, outcome: Outcome | None = Outcome.DEFER) -> Item:
    return Item(Traits(ANSWERS[high_tech], cluster), outcome)


def test_the_unknown_are_counted_apart_and_never_as_no() -> None:
    assert portfolio([case("yes"), case("no"), case("?")]).if_all == HighTech(
        count=3,
        yes=1,
        no=1,
        unknown=1,
        lowest=Decimal("33.33"),
        highest=Decimal("66.67"),
        target=None,
        reaches=None,
    )


def test_all_are_counted_as_if_every_one_came_and_those_supported_for_themselves() -> None:
    found = portfolio(
        [
            case("yes", outcome=Outcome.APPROVE),
            case("no", outcome=Outcome.CONDITIONAL),
            case("yes", outcome=Outcome.DEFER),
            case("yes", outcome=Outcome.REJECT),
            case("?", outcome=None),
        ]
    )
    assert (found.if_all.count, found.if_all.lowest, found.if_all.highest) == (5, Decimal(60), Decimal(80))
    assert (found.supported.count, found.supported.lowest, found.supported.highest) == (2, Decimal(50), Decimal(50))


def test_of_no_case_there_is_no_share() -> None:
    found = portfolio([], Decimal(30))
    assert found.if_all == HighTech(0, 0, 0, 0, None, None, Decimal(30), None)
    assert found.clusters == ()
    assert portfolio([case("yes")]).supported.lowest is None


def test_shares_are_shown_with_two_decimals_halves_away_from_zero() -> None:
    found = portfolio([case("yes"), *[case("no")] * 799]).if_all
    assert str(found.lowest) == "0.13"
    assert str(portfolio([case("yes")]).if_all.highest) == "100.00"


@pytest.mark.parametrize(
    ("answers", "target", "reaches"),
    [
        (["yes", "no"], "50", True),
        (["yes", "no"], "50.01", False),
        (["yes", "?"], "50", True),
        (["yes", "?"], "50.01", None),
        (["no", "?"], "50.01", False),
        (["no", "?"], "50", None),
        (["?"], "0", True),
        (["yes", "no", "no"], "33.33", True),
        (["yes", "no", "no"], "33.333333", True),
        (["yes", "yes", "no"], "66.67", False),
    ],
)
def test_a_target_is_reached_or_missed_only_when_the_unknown_cannot_change_it(
    answers: list[str],
    target: str,
    reaches: bool | None,  # noqa: FBT001 - a column of the table
) -> None:
    assert portfolio(map(case, answers), Decimal(target)).if_all.reaches is reaches


def test_clusters_are_told_from_the_largest_with_the_unknown_last() -> None:
    found = portfolio(
        [
            case("yes", None, Outcome.APPROVE),
            case("no", None),
            case("no", None),
            case("yes", "chips", Outcome.APPROVE),
            case("yes", "boats", Outcome.CONDITIONAL),
            case("yes", "boats", Outcome.REJECT),
            case("yes", "apes"),
        ]
    )
    assert found.clusters == (
        ClusterCount("boats", 2, 1),
        ClusterCount("apes", 1, 0),
        ClusterCount("chips", 1, 1),
        ClusterCount(None, 3, 1),
    )


def test_each_case_is_added_to_those_supported_and_one_that_is_supported_changes_nothing() -> None:
    found = portfolio(
        [case("yes", outcome=Outcome.APPROVE), case("no"), case("yes", outcome=Outcome.REJECT), case("?")], Decimal(60)
    )
    assert [(one.count, one.lowest, one.highest, one.reaches) for one in found.with_each] == [
        (1, Decimal(100), Decimal(100), True),
        (2, Decimal(50), Decimal(50), False),
        (2, Decimal(100), Decimal(100), True),
        (2, Decimal(50), Decimal(100), None),
    ]


@settings(deadline=None, derandomize=True)
@given(
    answers=st.lists(st.sampled_from(list(ANSWERS)), min_size=1, max_size=6),
    target=st.none() | st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10),
)
def test_the_ends_are_what_knowing_everything_could_make_of_it(answers: list[str], target: Decimal | None) -> None:
    found = portfolio(map(case, answers), target).if_all
    known = [["yes", "no"] if answer == "?" else [answer] for answer in answers]
    possible = [Fraction(100 * way.count("yes"), len(way)) for way in product(*known)]
    ends = [portfolio(map(case, way), target).if_all for way in product(*known)]
    assert found.lowest == min(end.lowest for end in ends if end.lowest is not None)
    assert found.highest == max(end.highest for end in ends if end.highest is not None)
    assert abs(Fraction(found.lowest or 0) - min(possible)) <= Fraction(1, 200)
    reached = {end.reaches for end in ends}
    assert found.reaches is (reached.pop() if len(reached) == 1 else None)


def test_the_share_that_is_wanted_is_a_parameter_of_the_newest_rulebook() -> None:
    def wanting(value: int, since: date) -> Rulebook:
        return replace(book(facts=TWO, parameters={"high_tech_target_pct": {"value": value}}), in_force_from=since)

    older, newer = wanting(20, date(2026, 1, 1)), wanting(30, date(2026, 9, 1))
    assert target([newer, older]) == target([older, newer]) == Decimal(30)
    assert target([older]) == Decimal(20)
    assert target([book(facts=TWO)]) is None
    assert target([]) is None


def test_a_rulebook_tells_its_cases_parts_by_two_names() -> None:
    of_facts = book(facts=TWO)
    derived = book(
        facts={"status": choice("certified", "none"), "code": TEXT},
        derived={"high_tech": {"value": 'status == "certified"'}, "cluster": {"value": "code"}},
    )
    for rulebook in (of_facts, derived):
        assert tells(rulebook)
        assert traits(rulebook, {"high_tech": True, "cluster": "chips"}) == Traits(high_tech=True, cluster="chips")
        assert traits(rulebook, {"high_tech": None}) == Traits(high_tech=None, cluster=None)


@pytest.mark.parametrize(
    "facts",
    [{}, {"high_tech": BOOLEAN}, {"cluster": TEXT}, {**TWO, "high_tech": TEXT}, {**TWO, "cluster": NUMBER}],
)
def test_a_rulebook_without_both_names_of_the_right_kind_tells_nothing(facts: Mapping[str, Plain]) -> None:
    rulebook = book(facts=facts)
    assert not tells(rulebook)
    assert traits(rulebook, {"high_tech": True, "cluster": "chips"}) is None
