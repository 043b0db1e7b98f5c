"""What is made up must reach everything, and what differs must be noticed: else a comparison says nothing."""

from collections import Counter
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random

from service.core.rules.assessment import CriterionState, GateState, ReasonCode
from service.core.rules.model import Outcome
from tests.second_reading.comparing import differences, shrink
from tests.second_reading.language import Plain
from tests.second_reading.naive import assess
from tests.second_reading.random_facts import EXTREME, Vocabulary, facts, respelt, thresholds
from tests.second_reading.random_rules import rulebook
from tests.second_reading.reading import Book, plain
from tests.second_reading.writing import written

SEEDS = range(60)


def test_made_up_rules_and_facts_reach_every_state_outcome_and_reason() -> None:
    seen: Counter[tuple[str, Plain]] = Counter()
    for seed in SEEDS:
        data = rulebook(seed)
        book, random, words = Book(data, b""), Random(seed), Vocabulary(thresholds(data))  # noqa: S311 - repeatable
        for _ in range(5):
            found = assess(book, facts(random, data["facts"], words))
            seen.update(("gate", gate["state"]) for gate in found["gates"])
            seen.update(("criterion", row["state"]) for row in found["criteria"])
            seen.update(("scale", scale) for rule in data["criteria"] for scale in SCALES if scale in rule)
            seen.update(("reason", (reason["code"], reason["outcome"])) for reason in found["reasons"])
            seen.update([("outcome", found["outcome"]), ("range", (found["best_possible"], found["worst_possible"]))])
            seen.update([("provisional", found["category"]["provisional"]), ("total", found["score"]["total"] is None)])
    assert {pair for pair in WANTED if not seen[pair]} == set()


SCALES = ("points", "bands", "choices", "score")
WORSE = [outcome.value for outcome in Outcome][1:]
WANTED: set[tuple[str, Plain]] = {
    *(("gate", state.value) for state in GateState),
    *(("criterion", state.value) for state in CriterionState),
    *(("scale", scale) for scale in SCALES),
    *(("reason", (code.value, outcome)) for code, outcome in product(ReasonCode, WORSE) if outcome == "defer"),
    *(("reason", ("gate_failed", outcome)) for outcome in WORSE),
    *(("outcome", outcome.value) for outcome in Outcome),
    *(("range", ("approve", outcome.value)) for outcome in Outcome),
    *product(("provisional", "total"), (True, False)),
}


def test_made_up_rules_are_written_so_that_they_read_back_alike() -> None:
    for seed in range(10):
        data = rulebook(seed)
        read = plain(written(data))
        assert {name: read[name] for name in ("facts", "derived", "gates", "criteria", "decision")} == {
            name: data[name] for name in ("facts", "derived", "gates", "criteria", "decision")
        }


def test_made_up_facts_lie_on_thresholds_beside_them_and_at_the_extremes() -> None:
    random = Random(1)  # noqa: S311 - repeatable on purpose
    declared: dict[str, Plain] = {"plain": {"type": "number", "min": 0, "decimals": 2}, "free": {"type": "number"}}
    words = Vocabulary([Decimal(5)])
    found = [facts(random, declared, words) for _ in range(400)]
    assert {one.get("plain") for one in found} == {None, Decimal(5), Decimal("4.99"), Decimal("5.01")}
    assert set(EXTREME) < {one.get("free") for one in found}


SAMPLE: dict[str, Plain] = {
    "total": Decimal("1.50"),
    "known": True,
    "unit": "万元/亩/a",
    "rows": [{"id": "a", "because": "…"}, {"id": "b", "because": "…"}],
}
SAME: dict[str, Plain] = {
    "total": Fraction(3, 2),
    "known": True,
    "unit": {"万元": 1, "a": -1, "亩": -1},
    "rows": [{"id": "a"}, {"id": "b"}],
}


def test_two_reports_are_the_same_by_value_without_their_sentences() -> None:
    assert list(differences(SAMPLE, SAME)) == []


def test_every_other_difference_is_told_with_its_place() -> None:
    changes: dict[str, Plain] = {
        "total": Fraction("1.4999999999"),
        "known": 1,
        "unit": {"万元": 1, "亩": -1},
        "rows": [{"id": "b"}, {"id": "a"}],
    }
    for name, other in changes.items():
        told = list(differences(SAMPLE, {**SAME, name: other}))
        assert told
        assert {place.split(":")[0].split("/")[1] for place in told} == {name}
    assert list(differences(SAMPLE, {name: SAME[name] for name in reversed(SAME)})) != []
    assert list(differences(SAMPLE, {**SAME, "more": None})) != []
    assert list(differences({**SAMPLE, "rows": []}, SAME)) != []


def test_a_difference_is_told_with_no_more_than_it_takes() -> None:
    data = rulebook(1)
    before = deepcopy(data)

    def differ(rules: dict[str, Plain], given: dict[str, Plain]) -> list[str]:
        return ["it differs"] if len(rules["criteria"]) > 1 and "f1" in given else []

    rules, fewer = shrink(data, {"f0": 1, "f1": 2, "f2": None}, differ)
    assert fewer == {"f1": 2}
    assert len(rules["criteria"]) == 2
    assert (rules["gates"], rules["facts"], rules["derived"]) == ([], {}, {})
    assert data == before


def test_a_number_written_otherwise_is_the_same_number() -> None:
    spelt = {"10": "1E+1", "2.5": "2.500000", "0": "-0"}
    assert {text: str(respelt(Decimal(text))) for text in spelt} == spelt
    assert all(respelt(Decimal(text)) == Decimal(text) for text in spelt)
