"""The second implementation against cases worked out by hand, so that two equal mistakes are less likely."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.second_reading.language import Plain, names, read
from tests.second_reading.meaning import Evaluation, to_decimals, to_digits, years_between
from tests.second_reading.naive import assess
from tests.second_reading.reading import Book, book
from tests.second_reading.scoring import from_table
from tests.second_reading.spelling import canonical
from tests.second_reading.units import unit

VALUES: dict[str, Plain] = {
    "n": Fraction(7),
    "zero": Fraction(0),
    "low": Fraction(-5, 2),
    "yes": True,
    "no": False,
    "open": None,
    "word": "2710",
    "day": date(2024, 2, 29),
    "gaps": [{"year": Fraction(1), "paid": True}, {"year": None, "paid": True}, {"year": Fraction(3), "paid": False}],
}

Third = Fraction("0.3333333333333333333333333333333333")
MEANT = [
    ("0.7 + 0.1 >= 0.8", True),
    ("1 / 3", Third),
    ("2 / 3", Fraction("0.6666666666666666666666666666666667")),
    ("1 / 3 * 3", 3 * Third),
    ("n % 4", Fraction(3)),
    ("-n % 4", Fraction(-3)),
    ("n % -4", Fraction(3)),
    ("2 + 3 * 4 - 6 / 2", Fraction(11)),
    ("12 / 3 / 2", Fraction(2)),
    ("round(low, 0)", Fraction(-3)),
    ("round(2.5, 0)", Fraction(3)),
    ("round(1 / 3, 2)", Fraction("0.33")),
    ("false && open", False),
    ("open && false", False),
    ("true || open", True),
    ("open || false", None),
    ("!open", None),
    ("open ? true : true", None),
    ("yes ? n : 1 / zero", Fraction(7)),
    ("n / zero", None),
    ("1 == 1 && 2 != 3", True),
    ("no || yes && no", False),
    ("open == open", None),
    ("open in []", False),
    ("n in [open, 7]", True),
    ("n in [open, 8]", None),
    ("[open, 1] == [2, 2]", False),
    ("[open, 1] == [2, 1]", None),
    ("[1, 2] == [1]", False),
    ("size([open, 1])", Fraction(2)),
    ("size(word)", Fraction(4)),
    ("sum([])", Fraction(0)),
    ("min([])", None),
    ("max(1, open)", None),
    ("min([3, 1, 2])", Fraction(1)),
    ("abs(low)", Fraction(5, 2)),
    ("present(open)", False),
    ("present(zero)", True),
    ('word.startsWith("27") && word.endsWith("10") && word.contains("71")', True),
    ('"\\u4e1c\\"\\n" == \'东"\n\'', True),
    ("gaps.exists(i, i.year == 3)", True),
    ("gaps.exists(i, i.year == 4)", None),
    ("gaps.all(i, i.year < 3)", False),
    ("gaps.all(i, i.year < 4)", None),
    ("gaps.exists_one(i, i.year == 3)", None),
    ("gaps.exists_one(i, i.paid)", False),
    ("gaps.filter(i, i.year > 0)", None),
    ("sum(gaps.filter(i, !i.paid).map(i, i.year))", Fraction(3)),
    ("gaps.map(i, i.year)", [Fraction(1), None, Fraction(3)]),
    ("gaps.map(i, i.year).exists(y, y == 3)", True),
    ('years_between(day, date("2025-02-28"))', Fraction(0)),
    ('years_between(day, date("2025-03-01"))', Fraction(1)),
    ('years_between(date("2025-02-28"), day)', Fraction(0)),
    ('years_between(date("2026-02-28"), day)', Fraction(-1)),
    ('day < date("2024-03-01")', True),
]


@pytest.mark.parametrize(("text", "meant"), MEANT, ids=[text for text, _ in MEANT])
def test_an_expression_means_what_was_worked_out_by_hand(text: str, meant: Plain) -> None:
    found = Evaluation(VALUES.__getitem__).whole(read(text))
    assert (type(found), found) == (type(meant), meant)


def test_names_are_what_stands_there_without_the_variables_of_macros() -> None:
    tree = read("a.exists(i, i.year > b && c.all(j, j < i)) ? d : min(e, 1) + f.g + sum([h]) + j")
    assert set(names(tree)) == {"a", "b", "c", "d", "e", "f", "h", "j"}


def test_a_division_by_zero_is_noticed_even_where_it_settles_nothing() -> None:
    evaluation = Evaluation(VALUES.__getitem__)
    assert evaluation.whole(read("n / zero > 1 || yes")) is True
    assert evaluation.divided_by_zero


def test_too_many_steps_make_an_expression_unknown() -> None:
    many = [Fraction(1)] * 200
    evaluation = Evaluation({"many": many}.__getitem__)
    assert evaluation.whole(read("many.all(i, many.all(j, i == j))")) is None
    assert evaluation.whole(read("many.all(i, i == 1)")) is None, "the count goes on"
    assert Evaluation({"many": many}.__getitem__).whole(read("many.all(i, i == 1)")) is True


def test_figures_are_rounded_away_from_zero_at_halves() -> None:
    assert to_decimals(Fraction("-2.345"), 2) == Fraction("-2.35")
    assert to_decimals(Fraction("2.344999"), 2) == Fraction("2.34")
    assert to_digits(Fraction(10**34 + 5, 10)) == Fraction(10**33 + 1)
    assert years_between(date(2020, 5, 5), date(2024, 5, 4)) == 3


def test_scales_are_flat_outside_and_straight_between() -> None:
    points = {"points": [[Decimal(8), Decimal(100)], [Decimal("13.9"), Decimal(75)], [Decimal(30), Decimal(0)]]}
    assert [from_table(points, Fraction(at)) for at in ("1", "8", "13.9", "99")] == [100, 100, 75, 0]
    assert from_table(points, Fraction(11)) == 100 - 25 * Fraction(3) / Fraction("5.9")
    bands = {"bands": [{"at_least": Decimal(4), "score": Decimal(9)}, {"otherwise": True, "score": Decimal(1)}]}
    assert [from_table(bands, Fraction(at)) for at in ("4", "3.999")] == [9, 1]


def test_units_and_figures_are_spelt_by_value() -> None:
    assert unit("万元/亩/a") == {"万元": 1, "亩": -1, "a": -1} == unit("万元/a/亩")
    assert unit("1") == unit(None) == {} == unit("m3/m/m/m")
    assert canonical({"a": Fraction("-0.050"), "b": [True, "东"], "c": Fraction(10**20)}) == (
        '{"a":-0.05,"b":[true,"东"],"c":100000000000000000000}'
    )


RULES = """
rulebook: {id: hand, edition: "1", format: 1, title: {zh: 手, en: hand}, in_force_from: 2026-01-01, profile: p}
sources: {law: {level: law}, zone: {level: zone_policy}}
parameters: {least: {value: 5, unit: t}}
profiles: {p: {least: 10}}
facts:
  made: {type: boolean}
  waste: {type: number, unit: t, asked_when: made}
  used: {type: number, unit: t, asked_when: made && waste > 0}
  power: {type: number, unit: MWh}
derived:
  share: {value: used / waste, decimals: 2}
  dear: {value: power / 3, unit: MWh, decimals: 1}
gates:
  - {id: waste_used, fails_when: share < 0.5, on_fail: reject, curable: true, cite: [{source: zone}, {source: law}]}
  - id: power_low
    applies_when: made
    fails_when: power > 9
    on_fail: conditional
    curable: false
    cite: [{source: zone}]
categories:
  - {id: A, when: power > 100, best_outcome: conditional}
  - {id: B, otherwise: true}
dimensions: {eco: {weight: 50}, eff: {weight: 50}}
criteria:
  - {id: waste, dimension: eco, weight: 10, value: share, points: [[0, 0], [1, 100]], cite: [{source: law}]}
  - {id: power, dimension: eff, weight: 10, value: dear, points: [[1, 100], [3, 50], [9, 20]], cite: [{source: law}]}
  - {id: heat, dimension: eff, weight: 30, applies_when: power > 6, score: "40", cite: [{source: law}]}
decision:
  decimals: 2
  approve: {total: 75, each_dimension: 60}
  conditional: {total: 60, each_dimension: 50}
  defer: {total: 45, each_dimension: 30}
  completeness: {at_least: 90, otherwise: defer}
action_plan:
  below: 60
  always:
    - {id: plan, when: category == "A", due: before_signing}
    - {id: recycle, when: used < least, due: before_signing}
cases:
  - {name: left out, facts: {}}
"""


@pytest.fixture(scope="module")
def by_hand() -> Book:
    return book(RULES)


Figures = Callable[[Mapping[str, Plain]], dict[str, Plain]]


def test_everything_known_is_scored_as_by_hand(by_hand: Book) -> None:
    found = assess(by_hand, {"made": True, "waste": Decimal(8), "used": Decimal(5), "power": Decimal(10)})
    assert found["derived"] == {"share": Fraction("0.63"), "dear": Fraction("3.3")}
    assert [gate["state"] for gate in found["gates"]] == ["pass", "fail"]
    assert found["gates"][0]["level"] == "law"
    # 63; 50 - 30 * 0.3 / 6 = 48.5; 40. Quality: (485 + 1200) / 40 = 42.125. Total: (63 + 42.125) / 2 = 52.5625.
    assert [row["score"] for row in found["criteria"]] == [63, Fraction("48.5"), 40]
    assert [row["contribution"] for row in found["criteria"]] == [Fraction("31.5"), Fraction("6.06"), 15]
    assert found["score"]["total"] == Fraction("52.56")
    assert found["score"]["dimensions"]["eff"]["score"] == Fraction("42.13")
    assert (found["outcome"], found["best_possible"], found["worst_possible"]) == ("defer", "defer", "defer")
    assert [reason["code"] for reason in found["reasons"]] == ["score", "gate_failed"]
    assert [row["id"] for row in found["action_plan"]] == ["power", "heat", "recycle"]
    assert [row.get("target") for row in found["action_plan"]] == [1, None, None]


def test_what_does_not_apply_is_left_out(by_hand: Book) -> None:
    found = assess(by_hand, {"made": False, "waste": Decimal(8), "used": Decimal(5), "power": Decimal(3)})
    assert found["derived"]["share"] is None
    assert [gate["state"] for gate in found["gates"]] == ["not_applicable", "not_applicable"]
    assert [row["state"] for row in found["criteria"]] == ["not_applicable", "known", "not_applicable"]
    assert found["score"]["dimensions"]["eco"]["score"] is None
    assert found["score"]["total"] == 100
    assert (found["outcome"], found["unknown"], found["action_plan"]) == ("approve", [], [])


def test_what_is_unknown_defers_and_leaves_a_range(by_hand: Book) -> None:
    found = assess(by_hand, {"made": True, "waste": Decimal(8), "used": Decimal(4)})
    assert [gate["state"] for gate in found["gates"]] == ["pass", "unknown"]
    assert found["gates"][1]["reads"] == {"made": True, "power": None}
    assert found["category"] == {"id": "A", "provisional": True}
    score = found["score"]
    # power from 20 to 100; heat from 0 to 100 or left out. Lowest: (50 + 200 / 40) / 2. Highest: (50 + 100) / 2.
    assert (score["total"], score["lowest"], score["highest"]) == (25, Fraction("27.5"), 75)
    assert (score["known_only"], score["completeness"]) == (50, 20)
    assert score["outcome"] == "reject"
    assert [(reason["code"], reason["outcome"]) for reason in found["reasons"]] == [
        ("gate_unknown", "defer"), ("incomplete", "defer"), ("score", "defer"), ("category_cap", "conditional")
    ]  # fmt: skip
    assert (found["outcome"], found["best_possible"], found["worst_possible"]) == ("defer", "conditional", "reject")
    assert found["unknown"] == [{"fact": "power", "weight_at_stake": 40, "gates": ["power_low"]}]
    assert [row["id"] for row in found["action_plan"]] == ["waste", "power", "heat", "plan", "recycle"]
    assert [row.get("target") for row in found["action_plan"][:2]] == [1, 1]


def test_division_by_zero_is_unknown_and_not_a_reason_to_leave_out(by_hand: Book) -> None:
    found = assess(by_hand, {"made": True, "waste": Decimal(0), "used": Decimal(4), "power": Decimal(3)})
    assert found["criteria"][0]["state"] == "not_applicable", "used is not asked"
    raw = {"made": True, "waste": None, "used": Decimal(0), "power": Decimal(3)}
    assert assess(by_hand, raw)["criteria"][0]["state"] == "unknown"
