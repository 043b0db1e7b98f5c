"""Which changes of a rulebook its cases notice, where the survivors are known by hand."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice

import pytest

from service.core.rules.assess import assess
from service.core.rules.cases import facts_of
from service.core.rules.coverage.cover import cover
from service.core.rules.expressions.parse import parse
from service.core.rules.expressions.write import write
from service.core.rules.facts import read
from service.core.rules.model import Case, Rulebook
from service.core.rules.mutation.bench import Bench
from service.core.rules.mutation.kinds import Kind
from service.core.rules.mutation.mutants import mutants
from service.core.rules.mutation.mutate import Survivor, mutate
from service.core.rules.mutation.steps import neighbours
from service.core.rules.mutation.trees import variants
from tests.core.rules import books
from tests.core.rules.books import BOOLEAN, NUMBER
from tests.core.rules.trying import DEFAULT, EXAMPLES, book, loaded, no_examples, place

# Every edge of the small rulebook: its marks, its gate, its category, a figure with two decimals, and missing facts.
EDGES = {
    "八十": "facts: {nature: new, output: 80.55, water: 999}, expect: {outcome: approve, total: 80.55, category: B}",
    "七五": "facts: {nature: expand, output: 75}, expect: {outcome: conditional, gates: {too_thirsty: not_applicable}}",
    "七四": "facts: {nature: new, output: 74, water: 0}, expect: {outcome: conditional}",
    "六十": "facts: {nature: new, output: 60, water: 0}, expect: {outcome: conditional, action_plan: []}",
    "五九": "facts: {nature: new, output: 59, water: 0}, expect: {outcome: defer, action_plan: [output]}",
    "四五": "facts: {nature: new, output: 45, water: 0}, expect: {outcome: defer}",
    "四四": "facts: {nature: new, output: 44, water: 0}, expect: {outcome: reject}",
    "重点": "facts: {nature: new, output: 75, water: 1000}, expect: {outcome: conditional, category: A}",
    "十万": "facts: {nature: new, output: 75, water: 100000}, expect: {outcome: conditional, failed_gates: []}",
    "过量": "facts: {nature: new, output: 75, water: 100001}, expect: {outcome: reject, failed_gates: [too_thirsty]}",
    "可过": "facts: {nature: new, output: 75, water: 5}, expect: {outcome: approve}",
    "未知": "facts: {nature: new, water: 5}, expect: {outcome: defer, unknown: [industry_code, output]}",
    "不问": "facts: {nature: expand, output: 50}, expect: {unknown: [industry_code]}",
}
# What nothing can notice: a single dimension is the total, a single criterion is complete or not at all, its figures
# have two decimals, a lone low score on missing data defers as it is, and without ``applies_when`` the gate still does
# not apply, as nobody is asked for its water.
UNNOTICEABLE = {
    *(("decision.approve.each_dimension", f"each_dimension: {near}") for near in (61, 59)),
    *(("decision.conditional.each_dimension", f"each_dimension: {near}") for near in (51, 49)),
    *(("decision.defer.each_dimension", f"each_dimension: {near}") for near in (31, 29)),
    *(("decision.completeness.at_least", f"at_least: {near}") for near in (91, 89)),
    *(("decision.completeness.otherwise", f"otherwise: {outcome}") for outcome in ("approve", "conditional")),
    ("decision.decimals", "decimals: 3"),
    ("gates.too_thirsty.applies_when", "applies_when: true"),
}


def at(survivor: Survivor) -> tuple[str, str]:
    return ".".join(map(str, survivor.way)), survivor.after


def survivors(rulebook: Rulebook) -> dict[tuple[str, str], Survivor]:
    return {at(survivor): survivor for survivor in mutate(rulebook, no_examples).survivors}


def changed(text: str) -> list[tuple[str, str]]:
    """The kind and the text of every variant of an expression."""
    root, mistakes = parse(text)
    assert root is not None, mistakes
    return [(variant.kind.value, write(variant.root)) for variant in variants(root)]


def test_cases_at_every_edge_leave_only_what_nothing_can_notice() -> None:
    found = mutate(book(EDGES), no_examples)
    assert {at(survivor) for survivor in found.survivors} == UNNOTICEABLE
    assert found.failing == ()
    assert found.count == sum(found.made.values()) == 55


@pytest.mark.parametrize(
    ("left_out", "survivor"),
    [
        ("七四", ("decision.approve.total", "total: 74")),
        ("六十", ("action_plan.below", "below: 61")),
        ("四四", ("decision.defer.total", "total: 44")),
        ("十万", ("gates.too_thirsty.fails_when", "water >= 100000")),
        ("重点", ("categories.A.when", "water > 1000")),
        ("不问", ("facts.water.asked_when", "asked_when: true")),
    ],
)
def test_what_only_one_case_notices_survives_without_it(left_out: str, survivor: tuple[str, str]) -> None:
    assert survivor in survivors(book({name: case for name, case in EDGES.items() if name != left_out}))


def test_without_cases_every_mutant_survives_at_its_place_in_the_order_of_the_file() -> None:
    rulebook = book({})
    found = mutate(rulebook, no_examples)
    assert found.count == len(found.survivors) == len(found.unexplained) == 55
    places = [survivor.place for survivor in found.survivors]
    assert places == sorted(places)
    by_change = {at(survivor): survivor for survivor in found.survivors}
    for change, line, text in [
        (("gates.too_thirsty.fails_when", "water >= 100000"), "fails_when: water", "> 100000"),
        (("gates.too_thirsty.fails_when", "100001"), "fails_when: water", "100000"),
        (("gates.too_thirsty.on_fail", "on_fail: defer"), "on_fail: reject", "reject"),
        (("criteria.output.points.1.0", "[99, 100]"), "points: ", "100, 100"),
        (("criteria.output.points.1.1", "[100, 99]"), "points: ", "100]]"),
        (("decision.conditional.total", "total: 61"), "conditional: {total", "60"),
        (("categories.B", "best_outcome: reject"), "{id: B", "{id"),
    ]:
        assert by_change[change].place == place(rulebook, line, text), change


def test_a_rule_that_never_fires_leaves_its_changes_unnoticed() -> None:
    rulebook = book(EDGES, ("fails_when: water > 100000", "fails_when: water > 100000 || output < 0"))
    more = {at(survivor) for survivor in mutate(rulebook, no_examples).survivors} - UNNOTICEABLE
    assert more == {
        ("gates.too_thirsty.fails_when", "water > 100000"),
        ("gates.too_thirsty.fails_when", "output == 0"),
        ("gates.too_thirsty.fails_when", "output <= 0"),
        ("gates.too_thirsty.fails_when", "1"),
        ("gates.too_thirsty.fails_when", "-1"),
    }


def test_cases_that_fail_unchanged_are_named_and_not_asked() -> None:
    found = mutate(
        book({**EDGES, "错": "facts: {output: 50}, expect: {total: 51}", "坏": "facts: {output: 101}, expect: {}"}),
        no_examples,
    )
    assert found.failing == ("错", "坏")
    assert {at(survivor) for survivor in found.survivors} == UNNOTICEABLE


@pytest.mark.parametrize(
    ("comment", "explained"),
    [
        ("# mutant: 单一维度", ["each_dimension: 59", "each_dimension: 61"]),
        ("# mutant `each_dimension: 61`: 单一维度", ["each_dimension: 61"]),
        ("# mutant `threshold`: 单一维度", ["each_dimension: 59", "each_dimension: 61"]),
        ("# mutant `weight`: 单一维度", []),
        ("# unseen: 单一维度", []),
    ],
)
def test_a_comment_explains_the_survivors_of_its_line(comment: str, explained: list[str]) -> None:
    line = "  approve: {total: 75, each_dimension: 60}"
    for written in (f"{line}   {comment}", f"  {comment}\n{line}"):
        found = mutate(book(EDGES, (line, written)), no_examples)
        named = [survivor for survivor in found.survivors if survivor.explanation is not None]
        assert sorted(survivor.after for survivor in named) == explained
        assert {survivor.explanation for survivor in named} <= {"单一维度"}
        assert len(found.unexplained) == len(UNNOTICEABLE) - len(explained)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b", ["a <= b", "a > b", "a >= b", "a == b", "a != b"]),
        ("a == b", ["a != b"]),
        ("a != 1", ["a < 1", "a <= 1", "a > 1", "a >= 1", "a == 1", "a != 2", "a != 0"]),
        ('a in ["x", "y"]', ['a in ["y"]', 'a in ["x"]']),
        ("a && b", ["a || b", "b", "a"]),
        ("a && b && c", ["a || b && c", "a && b || c", "b && c", "a && c", "a && b"]),
        ("a || b || c", ["a && b || c", "a || b && c", "b || c", "a || c", "a || b"]),
        ("!a", ["a"]),
        ("-a", ["a"]),
        ("a + b - c", ["a - b - c", "a + b + c"]),
        ("a * b / 2.50", ["a / b / 2.50", "a * b * 2.50", "a * b / 2.51", "a * b / 2.49"]),
        ("a % b", ["a * b"]),
        ("a ? b : c", ["a ? c : b"]),
        ("a ? true : b", ["a ? b : true", "a ? false : b"]),
        ("min(a, b)", ["max(a, b)"]),
        ("round(a, 2)", []),
        ("round(a + b, 2)", ["round(a - b, 2)"]),
        ("l.exists(i, i.x)", ["l.all(i, i.x)"]),
        ("l.filter(i, i.x > y).map(i, !i.x)", None),
        ('a < date("2024-02-29")', None),
        ("a.startsWith(b)", []),
        ("years_between(a, b)", []),
    ],
)
def test_each_change_of_an_expression_is_made_once(text: str, expected: list[str] | None) -> None:
    found = [after for _, after in changed(text)]
    assert len(found) == len(set(found))
    assert text not in found
    if expected is not None:
        assert found == expected


def test_changes_deep_inside_keep_everything_around_them() -> None:
    assert [after for _, after in changed("l.filter(i, i.x > y).map(i, !i.x)")] == [
        "l.map(i, !i.x)",
        *(f"l.filter(i, i.x {operator} y).map(i, !i.x)" for operator in ("<", "<=", ">=", "==", "!=")),
        "l.filter(i, i.x > y).map(i, i.x)",
    ]
    assert [after for _, after in changed('a < date("2024-02-29")')][-2:] == [
        'a < date("2024-03-01")',
        'a < date("2024-02-28")',
    ]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("5", ["6", "4"]),
        ("13.9", ["14.0", "13.8"]),
        ("1.00", ["1.01", "0.99"]),
        ("0", ["1", "-1"]),
        ("1E+3", ["2E+3", "0E+3"]),
    ],
)
def test_a_number_changes_by_one_unit_as_it_is_written(number: str, expected: list[str]) -> None:
    assert [str(near) for near in neighbours(Decimal(number))] == expected


def test_a_number_stays_within_its_limits() -> None:
    assert list(neighbours(Decimal(100), Decimal(0), Decimal(100))) == [Decimal(99)]
    assert list(neighbours(Decimal(0), Decimal(0))) == [Decimal(1)]


def made(**sections: object) -> list[tuple[str, str, str, str]]:
    """Every mutant of a small rulebook: kind, way, before, after."""
    return [
        (mutant.kind.value, ".".join(map(str, mutant.way)), mutant.before, mutant.after)
        for mutant in mutants(books.book(**sections))
    ]


def test_weights_move_within_a_dimension_and_between_dimensions() -> None:
    found = made(
        facts={"n": NUMBER},
        dimensions={"left": {"weight": 60}, "right": {"weight": 40}},
        criteria=[
            {"id": "a", "dimension": "left", "weight": 45, "value": "n", **books.HUNDRED},
            {"id": "b", "dimension": "left", "weight": 15, "value": "n", **books.HUNDRED},
            {"id": "c", "dimension": "right", "weight": 40, "value": "n", **books.HUNDRED},
        ],
    )
    assert [mutant for mutant in found if mutant[0] == "weight"] == [
        ("weight", "criteria.a.weight", "a: 45, b: 15", "a: 44, b: 16"),
        ("weight", "criteria.b.weight", "b: 15, a: 45", "b: 14, a: 46"),
        ("weight", "dimensions.left.weight", "left: 60, right: 40", "left: 59, right: 41"),
        ("weight", "dimensions.right.weight", "right: 40, left: 60", "right: 39, left: 61"),
    ]


def test_scales_keep_their_order_and_their_limits() -> None:
    bands = [{"at_least": 2, "score": 100}, {"at_least": 1, "score": 50}, {"otherwise": True, "score": 0}]
    found = made(
        facts={"n": NUMBER, "s": books.choice("x", "y", "z")},
        criteria=[
            {"id": "p", "value": "n", "points": [[0, 0], [1, 100]]},
            {"id": "b", "value": "n", "bands": bands},
            {"id": "c", "value": "s", "choices": {"x": 100, "y": 100, "z": 40}},
        ],
    )
    assert [mutant[1:] for mutant in found if mutant[1].startswith("criteria.") and mutant[0] != "weight"] == [
        ("criteria.p.points.0.0", "[0, 0]", "[-1, 0]"),
        ("criteria.p.points.0.1", "[0, 0]", "[0, 1]"),
        ("criteria.p.points.1.0", "[1, 100]", "[2, 100]"),
        ("criteria.p.points.1.1", "[1, 100]", "[1, 99]"),
        ("criteria.b.bands.0.at_least", "at_least: 2", "at_least: 3"),
        ("criteria.b.bands.0.score", "score: 100", "score: 99"),
        ("criteria.b.bands.1.at_least", "at_least: 1", "at_least: 0"),
        ("criteria.b.bands.1.score", "score: 50", "score: 51"),
        ("criteria.b.bands.1.score", "score: 50", "score: 49"),
        ("criteria.b.bands.2.score", "score: 0", "score: 1"),
        ("criteria.c.choices.x", "x: 100", "x: 99"),
        ("criteria.c.choices.y", "y: 100", "y: 99"),
        ("criteria.c.choices.z", "z: 40", "z: 41"),
        ("criteria.c.choices.z", "z: 40", "z: 39"),
        ("criteria.c.choices.y", "y: 100, z: 40", "y: 40, z: 100"),
    ]


def test_parameters_change_by_a_unit_by_an_element_or_to_the_contrary() -> None:
    found = made(
        parameters={"k": {"value": "1.50"}, "l": {"value": ["a", "b"]}, "t": {"value": True}, "n": {"value": 3}}
    )
    assert [mutant[1:] for mutant in found if mutant[1].startswith("parameters.")] == [
        ("parameters.l.value.0", 'l: […, "a", …]', "l: […]"),
        ("parameters.l.value.1", 'l: […, "b", …]', "l: […]"),
        ("parameters.t.value", "t: true", "t: false"),
        ("parameters.n.value", "n: 3", "n: 4"),
        ("parameters.n.value", "n: 3", "n: 2"),
    ]


@pytest.mark.parametrize(
    ("condition", "left_out"),
    [
        ("n > 0", {"n != 0"}),
        ("n == 0", {"n <= 0"}),
        ("n + m > 0", {"n + m != 0"}),
        ("sum(l.filter(i, i.x > n).map(i, i.x)) > 0", {"sum(l.filter(i, i.x > n).map(i, i.x)) != 0"}),
        ("d > 0", {"d != 0"}),
        ("max(free, 0) > 0", {"max(free, 0) != 0"}),
        ("free > 0", set()),
        ("n - m > 0", set()),
        ("n + free > 0", set()),
        ("n > 1", set()),
    ],
)
def test_what_cannot_be_below_zero_is_not_compared_below_zero(condition: str, left_out: set[str]) -> None:
    least = {"type": "number", "min": 0}
    found = made(
        facts={"n": least, "m": least, "free": NUMBER, "l": {"type": "list", "of": {"x": least}}},
        derived={"d": {"value": "n * m / 2"}},
        gates=[{"id": "g", "fails_when": condition}],
    )
    possible = {after for kind, after in changed(condition) if kind == "comparison"}
    afters = {
        after
        for kind, way, before, after in found
        if (kind, way) == ("comparison", "gates.g.fails_when") and before == condition
    }
    assert len(possible) >= 5
    assert left_out.isdisjoint(afters)
    assert len(afters) == 5 - len(left_out)


def test_what_is_only_said_is_not_changed() -> None:
    gates = [{"id": "g", "fails_when": "p", "curable": True}]
    found = made(facts={"p": BOOLEAN}, gates=gates, action_plan={"always": [{"id": "x"}]})
    assert {mutant[1] for mutant in found if not mutant[1].startswith("decision")} == {
        "gates.g.fails_when",
        "gates.g.on_fail",
        "categories.all.best_outcome",
        "action_plan.below",
    }


def figures(rulebook: Rulebook, case: Case) -> object:
    found = assess(rulebook, read(rulebook, facts_of(case, EXAMPLES)))
    return (
        found.outcome,
        found.category,
        found.score,
        [(gate.rule.id, gate.state) for gate in found.gates],
        [(criterion.rule.id, criterion.state, criterion.value, criterion.score) for criterion in found.criteria],
        found.derived,
        {one.fact for one in found.unknown},
        [item.id for item in found.action_plan],
    )


def a_few(rulebook: Rulebook) -> Iterator[Rulebook]:
    yield rulebook
    yield from (mutant.rulebook for mutant in islice(mutants(rulebook), 3, None, 47))


def test_what_the_bench_finds_is_what_the_oracle_says_of_the_changed_rulebook() -> None:
    rulebook = loaded(DEFAULT.read_bytes())
    rulebook = replace(rulebook, cases=rulebook.cases[::19])
    bench = Bench(rulebook, EXAMPLES)
    for changed_rulebook in a_few(rulebook):
        found = bench.judgements(changed_rulebook)
        assert found.keys() == {case.name for case in rulebook.cases}
        for case in rulebook.cases:
            one = found[case.name]
            assert figures(changed_rulebook, case) == (
                one.outcome,
                one.category,
                one.score,
                [(gate.rule.id, gate.state) for gate in one.gates],
                [(criterion.rule.id, criterion.state, criterion.value, criterion.score) for criterion in one.criteria],
                one.derived,
                {open_fact.fact for open_fact in one.unknown},
                [item.id for item in one.action_plan],
            )


def test_the_cases_of_the_default_rules_see_everything() -> None:
    watched = cover(loaded(DEFAULT.read_bytes()), EXAMPLES)
    assert [(one.place, one.text, one.missing) for one in watched if one.missing] == []
    assert len(watched) > 300


def test_the_cases_of_the_default_rules_notice_every_change_that_no_comment_explains() -> None:
    rulebook = loaded(DEFAULT.read_bytes())
    found = mutate(rulebook, EXAMPLES)
    assert found.failing == ()
    assert [(one.place, one.before, one.after) for one in found.unexplained] == []
    assert found.count > 1000
    assert set(found.made) == set(Kind)
    comments = [line for line in rulebook.source.decode().splitlines() if "# mutant" in line and "…" not in line]
    assert {line.rpartition(": ")[2] for line in comments} == {one.explanation for one in found.survivors}
