"""A rulebook's own cases, on the small rulebook: total 80.5, category B, approved."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from service.core.errors import Flaw
from service.core.rules.cases import Difference, Run, run
from service.core.rules.engine import Engine
from service.core.rules.load import load
from service.core.rules.model import Case
from service.core.values import Json
from tests import make
from tests.core.rules import books
from tests.core.rules.trying import no_examples

SOUND = {
    "outcome": "approve",
    "failed_gates": [],
    "gates": {"too_thirsty": "pass"},
    "unknown": [],
    "category": "B",
    "action_plan": [],
    "criteria": {"output": Decimal("80.50")},
    "total": Decimal("80.50"),
    "dimensions": {"quality": Decimal("80.5")},
    "completeness": Decimal(100),
}


def case(
    expect: Mapping[str, object], *, like: str | None = None, overrides: Mapping[str, object] | None = None
) -> Case:
    facts = make.facts() if like is None else {}
    return Case(name="x", facts=facts, like=like, overrides=overrides or {}, expect=expect, line=7)


def ran(*cases: Case, examples: Mapping[str, Mapping[str, Json]] | None = None) -> tuple[Run, ...]:
    rulebook = load(make.edition()).rulebook
    assert rulebook is not None
    return run(Engine(replace(rulebook, cases=cases), {}), (examples or {}).get)


def test_a_case_in_which_everything_comes_out_as_expected_passes() -> None:
    (only,) = ran(case(SOUND))
    assert only.passed
    assert only.differences == ()
    assert only.assessment is not None


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ({"outcome": "reject"}, Difference("outcome", "reject", "approve")),
        ({"failed_gates": ["too_thirsty"]}, Difference("failed_gates", ("too_thirsty",), ())),
        ({"category": "A"}, Difference("category", "A", "B")),
        ({"total": Decimal("80.51")}, Difference("total", Decimal("80.51"), Decimal("80.50"))),
        ({"dimensions": {"quality": 80}}, Difference("dimensions.quality", Decimal(80), Decimal("80.50"))),
        ({"gates": {"too_thirsty": "unknown"}}, Difference("gates.too_thirsty", "unknown", "pass")),
        ({"unknown": ["water", "nature"]}, Difference("unknown", ("nature", "water"), ())),
        ({"criteria": {"output": Decimal(81)}}, Difference("criteria.output", Decimal(81), Decimal("80.50"))),
        ({"action_plan": ["output"]}, Difference("action_plan", ("output",), ())),
        ({"completeness": None}, Difference("completeness", None, Decimal(100))),
    ],
)
def test_each_thing_that_comes_out_otherwise_is_told(expect: Mapping[str, object], difference: Difference) -> None:
    (only,) = ran(case({**SOUND, **expect}))
    assert not only.passed
    assert only.differences == (difference,)


WIDE = (
    "gates: {g: unknown}, unknown: [p, q], "
    "derived: {double: 4, big: false, kind: small, part: null}, action_plan: [c, look]"
)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("[p, q]", "[q, p]"), []),
        (("[p, q]", "[p]"), ["unknown"]),
        (("g: unknown", "g: pass"), ["gates.g"]),
        (("double: 4", "double: 5"), ["derived.double"]),
        (("big: false", "big: true"), ["derived.big"]),
        (("kind: small", "kind: big"), ["derived.kind"]),
        (("part: null", "part: 0"), ["derived.part"]),
        (("[c, look]", "[look, c]"), ["action_plan"]),
    ],
)
def test_a_case_may_look_at_derived_figures_unknown_facts_and_the_action_plan(
    change: tuple[str, str], what: list[str]
) -> None:
    plain = books.book(
        facts={"n": books.NUMBER, "p": books.BOOLEAN, "q": books.BOOLEAN},
        derived={
            "double": {"value": "n * 2"},
            "big": {"value": "n > 5"},
            "kind": {"value": 'n > 5 ? "big" : "small"'},
            "part": {"value": "n / 0"},
        },
        gates=[{"id": "g", "fails_when": "p"}],
        criteria=[{"id": "c", "value": "n", **books.HUNDRED}],
        action_plan={"always": [{"id": "look"}]},
    )
    cases = f"cases: [{{name: x, facts: {{n: 2}}, expect: {{{WIDE.replace(*change)}}}}}]"
    rulebook = load(plain.source.replace(b"cases: []", cases.encode())).rulebook
    assert rulebook is not None
    (only,) = run(Engine(rulebook, {}), no_examples)
    assert [difference.what for difference in only.differences] == what


def test_only_what_is_expected_is_looked_at() -> None:
    assert all(one.passed for one in ran(*(case({key: SOUND[key]}) for key in SOUND)))
    assert ran(case({}))[0].passed


def test_every_difference_is_told_at_once_in_the_order_of_the_case() -> None:
    (only,) = ran(case({"total": Decimal(1), "outcome": "defer"}))
    assert [difference.what for difference in only.differences] == ["total", "outcome"]


def test_an_override_replaces_a_fact_and_null_takes_it_away() -> None:
    thirsty, unknown = ran(
        case({"outcome": "reject", "failed_gates": ["too_thirsty"]}, overrides={"water": Decimal(100001)}),
        case({"outcome": "defer", "failed_gates": []}, overrides={"water": None}),
    )
    assert (thirsty.passed, unknown.passed) == (True, True)


def test_a_case_may_be_like_an_example() -> None:
    examples = {"dry": make.facts(water=Decimal(1), output=Decimal(60))}
    plain, wetter = ran(
        case({"total": Decimal(60), "category": "B"}, like="dry"),
        case({"category": "A"}, like="dry", overrides={"water": Decimal(1000)}),
        examples=examples,
    )
    assert (plain.passed, wetter.passed) == (True, True)


def test_an_example_that_does_not_exist_is_told() -> None:
    (only,) = ran(case(SOUND, like="nowhere"))
    assert not only.passed
    assert only.assessment is None
    assert only.flaws == (Flaw("/like", "example_missing", {"found": "nowhere"}),)


def test_facts_that_are_refused_are_told_with_every_flaw_and_the_next_case_still_runs() -> None:
    refused, sound = ran(case({}, overrides={"water": Decimal(-1), "output": "much"}), case(SOUND))
    assert not refused.passed
    assert [(flaw.pointer, flaw.code) for flaw in refused.flaws] == [("/output", "fact_type"), ("/water", "fact_min")]
    assert sound.passed
