"""Divisions by zero that an expression comes out known in spite of, beside what does not apply: both readings agree."""

from decimal import Decimal
from itertools import product
from random import Random

import pytest

from tests.second_reading.both import Both, described
from tests.second_reading.language import Plain
from tests.second_reading.meaning import Evaluation
from tests.second_reading.naive import assess
from tests.second_reading.random_rules import Entry, label, rulebook
from tests.second_reading.reading import tree
from tests.second_reading.writing import written

FACTS: Entry = {
    "zero": {"type": "number"},
    "other": {"type": "number"},
    "asked": {"type": "boolean"},
    "late": {"type": "number", "asked_when": "asked"},
    "records": {"type": "list", "of": {"x": {"type": "number", "label": label("x")}}},
}
CONDITIONS = (
    "late > 1",
    "other > 1",
    "true",
    "1 / zero > 1 || true",
    "1 / zero > 1 || other > 1",
    "true || 1 / zero > 1",
    "1 % zero > 1 && false",
    "size([1 / zero]) == 1",
    "3 in [3, other / zero]",
    "[1, 2] != [2, 1 / (zero * other)]",
    "[1 / zero, 5].exists(i, i > 3)",
    "[1, zero].exists(i, 1 / i > 0)",
    "[zero, 1].exists(i, 1 / i > 0)",
    "[1, 1, zero].exists_one(i, 1 / i > 0)",
    "!records.all(r, 1 / r.x > 1)",
    "(1 / zero > 1 || true) ? late > 1 : true",
)
NUMBERS = ("late", "other", "60", "size([1 / zero])", "(1 / zero > 1 || true) ? late : 1", "size(records) + late")
SCALE: Entry = {"points": [[Decimal(0), Decimal(0)], [Decimal(100), Decimal(100)]]}
BOOKS = 12


def made(random: Random) -> Entry:
    """A made-up rulebook whose gates, criteria and figures are those of this page."""
    data = rulebook(1)
    facts = {name: {**fact, "label": label(name), "group": "one"} for name, fact in FACTS.items()}
    gate, criterion = data["gates"][0], data["criteria"][0]
    shared = {key: criterion[key] for key in ("dimension", "label", "cite")}
    return {
        **data,
        "facts": facts,
        "derived": {f"d{place}": {"value": text, "label": label("figure")} for place, text in enumerate(NUMBERS)},
        "gates": [
            {**gate, "id": f"g{place}", "applies_when": random.choice(CONDITIONS), "fails_when": text}
            for place, text in enumerate(CONDITIONS)
        ],
        "categories": data["categories"][-1:],
        "criteria": [
            {**shared, "id": f"k{place}", "weight": Decimal(1), **entry} for place, entry in enumerate(criteria(random))
        ],
        "action_plan": {"below": Decimal(60), "always": []},
    }


def criteria(random: Random) -> list[Entry]:
    """What is scored by points, by an expression, and by one that tells a value."""
    scales: list[Entry] = [{"value": text, **SCALE} for text in NUMBERS]
    scales += [{"score": text} for text in NUMBERS]
    scales += [{"value": random.choice(NUMBERS), "score": text} for text in NUMBERS]
    return [{"applies_when": random.choice(CONDITIONS), **scale} for scale in scales]


@pytest.mark.parametrize("seed", range(BOOKS))
def test_both_readings_agree_on_absorbed_divisions(seed: int) -> None:
    data = made(Random(seed))  # noqa: S311 - repeatable on purpose
    both = Both.of(written(data), data)
    for zero, other, asked in product((0, 2), (0, 5, None), (False, True)):
        given: dict[str, Plain] = {
            "zero": Decimal(zero),
            "other": None if other is None else Decimal(other),
            "asked": asked,
            "late": Decimal(7),
            "records": [{"x": Decimal(zero)}, {"x": Decimal(2)}],
        }
        if both.differences(given):
            pytest.fail(described(data, given))


def test_the_second_reading_leaves_in_a_rule_that_divided_by_zero() -> None:
    data = made(Random(0))  # noqa: S311 - repeatable on purpose
    data["gates"] = [
        {**data["gates"][0], "id": f"g{place}", "applies_when": "late > 1", "fails_when": text}
        for place, text in enumerate(CONDITIONS)
    ]
    raw = {"zero": Decimal(0), "other": Decimal(5), "asked": False, "records": [{"x": Decimal(0)}]}
    source = written(data)
    states = [gate["state"] for gate in assess(Both.of(source, data).book, raw)["gates"]]
    out, left_in, passed = "not_applicable", "unknown", "pass"
    assert states[:7] == [out, out, out, left_in, left_in, out, passed]
    assert states[7:] == [left_in, left_in, left_in, left_in, out, left_in, passed, left_in, left_in]


@pytest.mark.parametrize(
    ("text", "divided"),
    [
        ("[1, zero].exists(i, 1 / i > 0)", False),
        ("[zero, 1].exists(i, 1 / i > 0)", True),
        ("[2, zero].all(i, 1 / i > 1)", False),
        ("[1, zero].all(i, 1 / i > 0)", True),
        ("[1, 1, zero].exists_one(i, 1 / i > 0)", False),
        ("[1, zero].exists_one(i, 1 / i > 0)", True),
    ],
)
def test_a_macro_stops_where_the_rest_cannot_matter(*, text: str, divided: bool) -> None:
    evaluation = Evaluation(lambda _: Decimal(0))
    evaluation.whole(tree(text))
    assert evaluation.divided_by_zero is divided
