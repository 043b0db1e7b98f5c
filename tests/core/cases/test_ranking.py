"""Ranking the cases of a meeting: order, ties, margins, means."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.cases.ranking import Margin, Pinned, ranked, summary
from service.core.cases.reported import Reported, ReportedUnknown, reported
from service.core.rules.model import Decision, Mark, Outcome
from service.core.rules.outcomes import score_outcome

DECISION = Decision(
    decimals=2,
    approve=Mark(Decimal(75), Decimal(60)),
    conditional=Mark(Decimal(60), Decimal(50)),
    defer=Mark(Decimal(45), Decimal(30)),
    complete_at_least=Decimal(90),
    incomplete=Outcome.DEFER,
)
SCORES = st.decimals(min_value=0, max_value=100, places=2)


def told(total: str | None, *dimensions: str | None, outcome: Outcome | None = None) -> Reported:
    """A report with these scores; its outcome is what they give, unless another is named."""
    figures = [None if text is None else Decimal(text) for text in dimensions]
    whole = None if total is None else Decimal(total)
    by_score = score_outcome(DECISION, whole, [figure for figure in figures if figure is not None])
    return Reported(
        outcome=outcome or by_score,
        category="B",
        is_provisional=False,
        total=whole,
        score_outcome=by_score,
        completeness=Decimal(100),
        dimensions={f"d{at}": figure for at, figure in enumerate(figures, start=1)},
        causes=(),
        gates=(),
        unknown=tuple(ReportedUnknown(f"f{at}", Decimal(10 - at)) for at in range(5)),
        derived={},
    )


def pinned(n: int, verified: Reported, declared: Reported | None = None) -> Pinned:
    return Pinned(n, n, declared or verified, verified, DECISION)


def ranks(cases: list[Pinned]) -> list[tuple[int, int]]:
    return [(line.rank, line.of.n) for line in ranked(cases)]


def test_a_better_outcome_comes_first_whatever_the_totals_are() -> None:
    held_back = told("90", "90", outcome=Outcome.DEFER)
    assert ranks([pinned(1, held_back), pinned(2, told("61", "61"))]) == [(1, 2), (2, 1)]


def test_what_is_declared_against_a_case_counts_though_no_paper_shows_it() -> None:
    unproven = told("90", "90", outcome=Outcome.DEFER)
    admitted = pinned(1, unproven, told("95", "95", outcome=Outcome.REJECT))
    assert ranks([admitted, pinned(2, told("10", "10", outcome=Outcome.DEFER), told("80", "80"))]) == [(1, 2), (2, 1)]


def test_among_equal_outcomes_the_greater_total_comes_first_and_the_unknown_one_last() -> None:
    cases = [pinned(1, told(None, None)), pinned(2, told("50", "50")), pinned(3, told("59.99", "55"))]
    assert ranks(cases) == [(1, 3), (2, 2), (3, 1)]


def test_those_alike_share_a_rank_in_the_order_of_their_numbers_and_the_next_rank_counts_them() -> None:
    alike = [pinned(n, told("80", "80")) for n in (3, 1, 2)]
    assert ranks([*alike, pinned(4, told("79", "79"))]) == [(1, 1), (1, 2), (1, 3), (4, 4)]


def test_totals_are_compared_by_value() -> None:
    assert ranks([pinned(1, told("80.0", "80")), pinned(2, told("80.00", "80"))]) == [(1, 1), (1, 2)]


def test_ranks_do_not_depend_on_the_order_of_the_items() -> None:
    cases = [pinned(1, told("80", "80")), pinned(2, told("80", "80")), pinned(3, told("20", "20"))]
    assert len({tuple(ranks(list(order))) for order in permutations(cases)}) == 1


@pytest.mark.parametrize(
    ("scores", "better", "worse"),
    [
        (("80", "80", "70"), None, Margin(Outcome.CONDITIONAL, "total", Decimal(5))),
        (("75", "75", "60"), None, Margin(Outcome.CONDITIONAL, "total", Decimal(0))),
        (
            ("72", "90", "54"),
            Margin(Outcome.APPROVE, "d2", Decimal(6)),
            Margin(Outcome.DEFER, "d2", Decimal(4)),
        ),
        (
            ("46", "60", "32"),
            Margin(Outcome.CONDITIONAL, "d2", Decimal(18)),
            Margin(Outcome.REJECT, "total", Decimal(1)),
        ),
        (("10", "20", "0"), Margin(Outcome.DEFER, "total", Decimal(35)), None),
        ((None, None, None), None, None),
        (("80", "80", None), None, Margin(Outcome.CONDITIONAL, "total", Decimal(5))),
    ],
)
def test_the_margin_is_of_the_figure_that_is_in_the_way(
    scores: tuple[str | None, ...], better: Margin | None, worse: Margin | None
) -> None:
    (line,) = ranked([pinned(1, told(*scores))])
    assert (line.to_better, line.to_worse) == (better, worse)


@given(SCORES, SCORES, SCORES)
def test_whoever_makes_up_what_is_lacking_everywhere_gets_the_better_outcome(
    total: Decimal, one: Decimal, two: Decimal
) -> None:
    (line,) = ranked([pinned(1, told(str(total), str(one), str(two)))])
    if line.to_better is None:
        assert line.of.verified.score_outcome is Outcome.APPROVE
        return
    raised = [figure + line.to_better.points for figure in (total, one, two)]
    assert score_outcome(DECISION, raised[0], raised[1:]).severity <= line.to_better.outcome.severity
    short = [figure + line.to_better.points - Decimal("0.01") for figure in (total, one, two)]
    assert score_outcome(DECISION, short[0], short[1:]).severity > line.to_better.outcome.severity


@given(SCORES, SCORES, SCORES)
def test_whoever_loses_more_than_is_to_spare_gets_a_worse_outcome(total: Decimal, one: Decimal, two: Decimal) -> None:
    (line,) = ranked([pinned(1, told(str(total), str(one), str(two)))])
    if line.to_worse is None:
        assert line.of.verified.score_outcome is Outcome.REJECT
        return
    left = [figure - line.to_worse.points for figure in (total, one, two)]
    assert score_outcome(DECISION, left[0], left[1:]) is line.of.verified.score_outcome
    lost = [figure - line.to_worse.points - Decimal("0.01") for figure in (total, one, two)]
    assert score_outcome(DECISION, lost[0], lost[1:]).severity >= line.to_worse.outcome.severity


def test_only_the_unknown_facts_that_weigh_most_are_named() -> None:
    (line,) = ranked([pinned(1, told("80", "80"))])
    assert [missed.fact for missed in line.most_missed] == ["f0", "f1", "f2"]


def test_a_summary_counts_every_outcome_and_means_only_what_is_known() -> None:
    lines = ranked(
        [
            pinned(1, told("80", "80"), told("90", "90")),
            pinned(2, told("61", "61"), told(None, None)),
            pinned(3, told(None, None)),
        ]
    )
    found = summary(lines)
    counted: Mapping[Outcome, int] = found.outcomes
    assert counted == {Outcome.APPROVE: 1, Outcome.CONDITIONAL: 1, Outcome.DEFER: 1, Outcome.REJECT: 0}
    assert (found.count, found.mean_declared, found.mean_verified) == (3, Decimal(90), Decimal("70.5"))


def test_a_mean_is_rounded_half_up() -> None:
    totals = ("80", "80.01", "80.02", "80.03", "80", "80", "80", "80")
    assert summary(ranked([pinned(1, told(total, total)) for total in totals])).mean_verified == Decimal("80.01")


def test_without_cases_there_is_nothing_to_mean() -> None:
    found = summary(ranked([]))
    assert (found.count, found.mean_declared, found.mean_verified) == (0, None, None)


def test_a_report_is_read_back_with_exact_figures() -> None:
    text = (
        '{"outcome":"defer","category":{"id":"A","provisional":true},"reasons":[{"code":"gate_unknown"},'
        '{"code":"gate_unknown"},{"code":"score"}],"score":{"total":80.10,"outcome":"approve","completeness":66.67,'
        '"dimensions":{"a":{"score":80.1,"weight":50},"b":{"score":null,"weight":50}}},"gates":[{"id":"g",'
        '"level":"law","state":"unknown"},{"id":"h","level":"zone_policy","state":"fail","waived":true},'
        '{"id":"i","level":"law","state":"pass"}],"unknown":[{"fact":"f","weight_at_stake":12.5}],"derived":{"x":true}}'
    )
    found = reported(text)
    assert (found.outcome, found.score_outcome, found.category, found.is_provisional) == (
        Outcome.DEFER,
        Outcome.APPROVE,
        "A",
        True,
    )
    assert (found.total, found.completeness) == (Decimal("80.1"), Decimal("66.67"))
    assert found.dimensions == {"a": Decimal("80.1"), "b": None}
    assert found.causes == ("gate_unknown", "score")
    assert [(gate.id, gate.waived) for gate in found.gates if gate.is_open] == [("g", False), ("h", True)]
    assert found.unknown == (ReportedUnknown("f", Decimal("12.5")),)
    assert found.derived == {"x": True}
