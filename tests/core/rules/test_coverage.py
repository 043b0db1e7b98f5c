"""What cases see of a rulebook, where what they must see is known by hand."""

from dataclasses import replace
from typing import Any

import pytest

from service.core.rules.coverage.cover import Watched, cover
from service.core.rules.model import Case, Rulebook
from tests.core.rules import books
from tests.core.rules.books import BOOLEAN, NUMBER, given
from tests.core.rules.trying import SOUND, book, no_examples, place

FULL = {
    "通过": f"facts: {{{SOUND}}}, expect: {{}}",
    "过量": 'facts: {industry_code: "1", nature: new, output: 70, water: 100001}, expect: {}',
    "扩建": 'facts: {industry_code: "1", nature: expand, output: 50}, expect: {}',
    "低分": 'facts: {industry_code: "1", nature: expand, output: 10}, expect: {}',
    "未知": "facts: {}, expect: {}",
}


def seen(rulebook: Rulebook) -> dict[tuple[str, str], Watched]:
    """What is watched, by the way to it and its text."""
    return {(".".join(map(str, one.way)), one.text): one for one in cover(rulebook, no_examples)}


def missing(rulebook: Rulebook) -> dict[tuple[str, str], tuple[str, ...]]:
    return {at: one.missing for at, one in seen(rulebook).items() if one.missing}


def tried(*cases: dict[str, Any], **sections: Any) -> dict[tuple[str, str], Watched]:  # noqa: ANN401 - plain values
    """What cases with these facts see of a small rulebook."""
    made = [Case(f"case {number}", given(**facts), None, {}, {}, 1) for number, facts in enumerate(cases, start=1)]
    return seen(replace(books.book(**sections), cases=tuple(made)))


def states(one: Watched) -> dict[str, int]:
    """How many cases saw each state."""
    return {state: len(cases) for state, cases in one.seen.items()}


def test_cases_that_see_everything_leave_nothing_missing() -> None:
    assert missing(book(FULL)) == {}


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        (
            "通过",
            {
                ("gates.too_thirsty.fails_when", "water > 100000"): ("false",),
                ("gates.too_thirsty", "too_thirsty"): ("pass",),
                ("categories.A.when", "water >= 1000"): ("false",),
                ("categories.B", "B"): ("seen",),
                ("decision.approve", "approve"): ("seen",),
            },
        ),
        (
            "过量",
            {
                ("gates.too_thirsty.fails_when", "water > 100000"): ("true",),
                ("gates.too_thirsty", "too_thirsty"): ("fail",),
                ("categories.A.when", "water >= 1000"): ("true",),
                ("decision.conditional", "conditional"): ("seen",),
            },
        ),
        ("扩建", {("decision.defer", "defer"): ("seen",)}),
        ("低分", {}),
    ],
)
def test_what_only_one_case_sees_is_missing_without_it(
    left_out: str, expected: dict[tuple[str, str], tuple[str, ...]]
) -> None:
    assert missing(book({name: case for name, case in FULL.items() if name != left_out})) == expected


def test_without_cases_everything_is_missing_at_its_place_in_the_order_of_the_file() -> None:
    rulebook = book({})
    found = cover(rulebook, no_examples)
    assert all(one.missing == one.needed for one in found)
    assert [one.place for one in found] == sorted(one.place for one in found)
    fails = next(one for one in found if one.text == "water > 100000")
    assert fails.place == place(rulebook, "fails_when: water > 100000", "water")
    assert fails.missing == ("true", "false", "unknown")


def test_a_rule_that_no_case_can_make_fire_is_found_at_its_column() -> None:
    rulebook = book(FULL, ("fails_when: water > 100000", "fails_when: water > 100000 || water < 0"))
    assert missing(rulebook) == {("gates.too_thirsty.fails_when", "water < 0"): ("true",)}
    (never,) = (one for one in cover(rulebook, no_examples) if one.missing)
    assert never.place == place(rulebook, "|| water < 0", "water < 0")
    assert states(never) == {"true": 0, "false": 2, "unknown": 3}


def test_a_part_in_a_text_over_several_lines_has_its_own_place() -> None:
    folded = "fails_when: >-\n      water > 100000\n      || output < 0"
    rulebook = book(FULL, ("fails_when: water > 100000", folded))
    (never,) = (one for one in cover(rulebook, no_examples) if one.missing)
    assert (never.text, never.place) == ("output < 0", place(rulebook, "|| output < 0", "output"))


def test_the_names_of_the_cases_that_saw_a_state_are_told() -> None:
    fails = seen(book(FULL))["gates.too_thirsty.fails_when", "water > 100000"]
    assert fails.seen == {"true": ("过量",), "false": ("通过",), "unknown": ("扩建", "低分", "未知")}


def test_every_part_is_looked_at_even_where_another_settles_the_whole() -> None:
    gates = [{"id": "g", "fails_when": "p || (q && !r)"}]
    facts = dict.fromkeys("pqr", BOOLEAN)
    found = tried({"p": True, "q": True, "r": False}, {"p": False, "q": False}, facts=facts, gates=gates)
    ways = {text: states(one) for (way, text), one in found.items() if way == "gates.g.fails_when"}
    assert ways == {
        "p || q && !r": {"true": 1, "false": 1, "unknown": 0},
        "p": {"true": 1, "false": 1, "unknown": 0},
        "q && !r": {"true": 1, "false": 1, "unknown": 0},
        "q": {"true": 1, "false": 1, "unknown": 0},
        "r": {"true": 0, "false": 1, "unknown": 1},
    }


def test_the_condition_of_a_choice_and_conditions_in_arithmetic_are_looked_at() -> None:
    derived = {"d": {"value": "n + (p ? 1 : n > 5 ? 2 : 3)"}}
    found = tried({"n": 7, "p": True}, {"n": 1}, facts={"n": NUMBER, "p": BOOLEAN}, derived=derived)
    assert {text: states(one) for (way, text), one in found.items() if way == "derived.d.value"} == {
        "p": {"true": 1, "false": 0, "unknown": 1},
        "n > 5": {"true": 1, "false": 1, "unknown": 0},
    }


def test_the_body_of_a_macro_is_seen_for_each_record_of_a_case() -> None:
    facts = {"l": {"type": "list", "of": {"n": NUMBER}}}
    gates = [{"id": "g", "fails_when": "l.exists(i, i.n > 1)"}]
    found = tried({"l": [{"n": 1}, {"n": 2}, {}]}, {"l": []}, {}, facts=facts, gates=gates)
    assert states(found["gates.g.fails_when", "i.n > 1"]) == {"true": 1, "false": 1, "unknown": 1}
    assert states(found["gates.g.fails_when", "l.exists(i, i.n > 1)"]) == {"true": 1, "false": 1, "unknown": 1}


def test_lists_within_lists_are_looked_at_for_a_while_and_no_longer() -> None:
    deep = "l.exists(a, l.exists(b, l.exists(c, a.n + b.n + c.n < 0)))"
    facts = {"l": {"type": "list", "of": {"n": NUMBER}}}
    found = tried({"l": [{"n": 1}] * 200}, facts=facts, gates=[{"id": "g", "fails_when": deep}])
    assert found["gates.g.fails_when", "a.n + b.n + c.n < 0"].seen["false"] == ("case 1",)


@pytest.mark.parametrize(
    ("condition", "needed"),
    [
        ("n > 1", ("true", "false", "unknown")),
        ("present(n)", ("true", "false")),
        ("!present(n)", ("true", "false")),
        ("present(n) && p", ("true", "false", "unknown")),
        ("k > 1", ("true",)),
        ("k > 2", ("false",)),
        ('t in ["a"]', ("true", "false", "unknown")),
        ("t in nobody", ("false",)),
        ("nobody.exists(c, t.startsWith(c))", ("false",)),
        ("d == 1", ("true", "false", "unknown")),
        ("e == 1", ("true", "false")),
        ("size(codes) > 1", ("true",)),
        ("min([1, 2].filter(i, i > k)) > 1", ("true", "false", "unknown")),
        ("years_between(since, date('2026-01-01')) > 1", ("true", "false", "unknown")),
    ],
)
def test_only_what_can_come_out_must_be_seen(condition: str, needed: tuple[str, ...]) -> None:
    found = tried(
        facts={"n": NUMBER, "p": BOOLEAN, "t": {"type": "text"}, "since": {"type": "date"}},
        parameters={"k": {"value": 2}, "codes": {"value": ["a", "b"]}, "nobody": {"value": []}},
        derived={"d": {"value": "n * 2"}, "e": {"value": "present(n) ? 1 : 0"}},
        gates=[{"id": "g", "fails_when": condition}],
    )
    whole = next(one for (way, _), one in found.items() if way == "gates.g.fails_when")
    assert whole.needed == needed


def test_a_body_over_a_list_of_the_rules_is_unknown_only_where_a_fact_is() -> None:
    found = tried(
        facts={"t": {"type": "text"}},
        parameters={"codes": {"value": ["a", "b"]}, "nobody": {"value": []}},
        gates=[
            {"id": "g", "fails_when": "codes.exists(c, t.startsWith(c))"},
            {"id": "h", "fails_when": 'codes.exists(c, c == "b")'},
        ],
    )
    assert found["gates.g.fails_when", "t.startsWith(c)"].needed == ("true", "false", "unknown")
    assert found["gates.h.fails_when", 'c == "b"'].needed == ("true", "false")


def test_a_gate_without_a_condition_to_apply_need_not_be_seen_to_apply_not() -> None:
    gates = [{"id": "g", "fails_when": "p"}, {"id": "h", "applies_when": "p", "fails_when": "present(p)"}]
    found = tried({"p": True}, {"p": False}, facts={"p": BOOLEAN}, gates=gates)
    assert found["gates.g", "g"].needed == ("fail", "pass", "unknown")
    assert found["gates.h", "h"].needed == ("fail", "pass", "unknown", "not_applicable")
    assert found["gates.h", "h"].seen == {
        "pass": (),
        "fail": ("case 1",),
        "unknown": (),
        "not_applicable": ("case 2",),
    }


def test_a_category_is_looked_at_only_where_none_before_it_applies() -> None:
    categories = [{"id": "a", "when": "n > 5"}, {"id": "b", "when": "n > 3"}, {"id": "c", "otherwise": True}]
    found = tried({"n": 6}, {"n": 4}, {"n": 1}, {}, facts={"n": NUMBER}, categories=categories)
    assert states(found["categories.a.when", "n > 5"]) == {"true": 1, "false": 2, "unknown": 1}
    assert states(found["categories.b.when", "n > 3"]) == {"true": 1, "false": 1, "unknown": 1}
    assert [found[f"categories.{name}", name].seen["seen"] for name in "abc"] == [
        ("case 1", "case 4"),
        ("case 2",),
        ("case 3",),
    ]


def test_each_stretch_between_and_outside_the_points_is_watched() -> None:
    criteria = [{"id": "c", "value": "n", "points": [[0, 0], [10, 50], [20, 100]]}]
    found = tried({"n": 0}, {"n": 10}, {"n": 10.01}, {"n": 21}, {}, facts={"n": NUMBER}, criteria=criteria)
    assert {text: one.seen["seen"] for (way, text), one in found.items() if way.startswith("criteria.c.points")} == {
        "< 0": (),
        "0–10": ("case 1", "case 2"),
        "10–20": ("case 3",),
        "> 20": ("case 4",),
    }


@pytest.mark.parametrize(
    ("limits", "needed"),
    [
        ({}, [1, 1, 1]),
        ({"min": 0, "max": 10}, [0, 1, 0]),
        ({"min_exclusive": 0, "max_exclusive": 11}, [0, 1, 1]),
        ({"min": -1, "max_exclusive": 10}, [1, 1, 0]),
    ],
)
def test_what_the_limits_of_a_fact_rule_out_need_not_be_seen(limits: dict[str, int], needed: list[int]) -> None:
    criteria = [{"id": "c", "value": "n", "points": [[0, 0], [10, 100]]}]
    found = tried(facts={"n": {"type": "number", **limits}}, criteria=criteria)
    assert [len(one.needed) for (way, _), one in found.items() if way.startswith("criteria.c.points")] == needed


@pytest.mark.parametrize(("value", "needed"), [("n / m", 0), ("n - m", 1), ("d * 2", 0), ("m - 1", 1)])
def test_a_figure_that_is_never_below_zero_need_not_be_seen_there(value: str, needed: int) -> None:
    least = {"type": "number", "min": 0}
    criteria = [{"id": "c", "value": value, "points": [[0, 0], [10, 100]]}]
    found = tried(facts={"n": least, "m": least}, derived={"d": {"value": "max(n - m, 0)"}}, criteria=criteria)
    assert len(found["criteria.c.points.0", "< 0"].needed) == needed


def test_each_band_and_each_choice_is_watched() -> None:
    bands = [{"at_least": 20, "score": 100}, {"at_least": 10, "score": 50}, {"otherwise": True, "score": 0}]
    found = tried(
        {"n": 20, "s": "a"},
        {"n": 19.99, "s": "b"},
        {"n": 9},
        facts={"n": NUMBER, "s": books.choice("a", "b", "c")},
        criteria=[
            {"id": "n", "value": "n", "bands": bands},
            {"id": "s", "value": "s", "choices": {"a": 1, "b": 2, "c": 3}},
        ],
    )
    assert {text: one.seen["seen"] for (way, text), one in found.items() if way.startswith("criteria.")} == {
        ">= 20": ("case 1",),
        ">= 10": ("case 2",),
        "< 10": ("case 3",),
        "a": ("case 1",),
        "b": ("case 2",),
        "c": (),
    }


def test_the_conditions_of_the_action_plan_know_the_category() -> None:
    found = tried(
        {"n": 1},
        {"n": -1},
        facts={"n": NUMBER},
        categories=[{"id": "a", "when": "n > 0"}, {"id": "b", "otherwise": True}],
        action_plan={"always": [{"id": "x", "when": 'category == "a"'}]},
    )
    watched = found["action_plan.always.x.when", 'category == "a"']
    assert watched.needed == ("true", "false")
    assert states(watched) == {"true": 1, "false": 1, "unknown": 0}


def test_each_outcome_of_the_score_and_the_lack_of_data_are_watched() -> None:
    criteria = [{"id": "c", "value": "n", "points": [[0, 0], [100, 100]]}]
    found = tried({"n": 80}, {"n": 65}, {"n": 10}, {}, facts={"n": NUMBER}, criteria=criteria)
    assert {text: one.seen["seen"] for (way, text), one in found.items() if way.startswith("decision")} == {
        "approve": ("case 1",),
        "conditional": ("case 2",),
        "defer": (),
        "reject": ("case 3", "case 4"),
        "incomplete": ("case 4",),
    }


def test_a_case_whose_facts_are_refused_sees_nothing() -> None:
    refused = {"坏": "facts: {output: 101}, expect: {}", "无": "like: nowhere, expect: {}"}
    assert missing(book(refused)) == missing(book({}))


NEVER = "fails_when: water > 100000 || water < 0"


@pytest.mark.parametrize(
    ("written", "excused"),
    [
        (f"{NEVER}   # unseen: 用水不会为负", True),
        (f"# unseen：用水不会为负\n    {NEVER}", True),
        (f"# 另一行\n    # unseen `true`: 用水不会为负\n    # 再一行\n    {NEVER}", True),
        (f"{NEVER}   # unseen `water < 0`: 用水不会为负", True),
        (f"{NEVER}   # unseen `true`, `unknown`: 用水不会为负", True),
        (f"fails_when: >-  # unseen: 用水不会为负\n      {NEVER.partition(': ')[2]}", True),
        (f"{NEVER}   # unseen `false`: 用水不会为负", False),
        (f"{NEVER}   # mutant: 用水不会为负", False),
        (f"{NEVER}   # unseen", False),
        (f"# unseen: 用水不会为负\n    on_fail: reject\n    {NEVER}", False),
    ],
)
def test_a_comment_on_the_line_or_right_above_excuses_what_is_never_seen(written: str, *, excused: bool) -> None:
    changes = [
        ("    on_fail: reject\n", ""),
        ("    fails_when: water > 100000\n", f"    {written}\n    on_fail: reject\n"),
    ]
    if written.count("on_fail"):
        changes[1] = ("    fails_when: water > 100000\n", f"    {written}\n")
    rulebook = book(FULL, *changes)
    never = seen(rulebook)["gates.too_thirsty.fails_when", "water < 0"]
    assert dict(never.excused) == ({"true": "用水不会为负"} if excused else {})
    assert never.missing == (() if excused else ("true",))
