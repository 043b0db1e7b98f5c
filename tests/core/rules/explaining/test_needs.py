"""What a failed gate says a figure must be: of any condition, it is what the gate cannot pass without."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from random import Random

import pytest

from service.core.rules.assessment import Assessment, GateState
from service.core.rules.explain import explain
from service.core.rules.explaining.causes import causes_of_failure
from service.core.rules.explaining.shapes import Reader
from service.core.rules.model import Rulebook
from service.words import LANGUAGES, together
from tests.core.rules.books import BOOLEAN, NUMBER, Plain, assessed, book, choice, gate

WORDS = together("assessment", "explanations")
NUMBERS = range(-1, 7)
SEEDS = [range(start, start + 50) for start in range(0, 200, 50)]
ORDERED = ("<", "<=", ">", ">=")


class Conditions:
    """Random conditions, with conditions within numbers and within comparisons of conditions."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - the same conditions every time, no secret

    def truth(self, depth: int) -> str:
        """A condition."""
        if depth == 0:
            return self._random.choice(("a > 2", "b <= 3", "2 < v", "most >= a", "p", 'c == "x"'))
        kind, below = self._random.randrange(6), depth - 1
        if kind == 0:
            return f"!({self.truth(below)})"
        if kind == 1:
            return f"({self.truth(below)}) {self._random.choice(('==', '!='))} ({self.truth(below)})"
        if kind == 2:
            return f"(({self.truth(below)}) ? ({self.truth(below)}) : ({self.truth(below)}))"
        if kind == 3:
            return f"({self.truth(below)}) {self._random.choice(('&&', '||'))} ({self.truth(below)})"
        return f"{self.number(below)} {self._random.choice(ORDERED)} {self.number(below)}"

    def number(self, depth: int) -> str:
        """A number."""
        kind, below = self._random.randrange(6), max(depth - 1, 0)
        if depth and kind == 0:
            return f"(({self.truth(below)}) ? {self.number(below)} : {self.number(below)})"
        if depth and kind == 1:
            return f"({self.number(below)} {self._random.choice('+-')} {self.number(below)})"
        return self._random.choice(("a", "b", "v", "most", "1", "4"))

    def facts(self) -> dict[str, Plain]:
        """What an application may state."""
        numbers = {name: self._random.choice(NUMBERS) for name in "ab"}
        return {**numbers, "p": self._random.random() < 0.5, "c": self._random.choice("xy")}


def rules(fails_when: str) -> Rulebook:
    return book(
        parameters={"most": {"value": 3}},
        facts={"a": NUMBER, "b": NUMBER, "p": BOOLEAN, "c": choice("x", "y")},
        derived={"v": {"value": "a"}},
        gates=[{"id": "g", "fails_when": fails_when}],
    )


def needs(rulebook: Rulebook, facts: dict[str, Plain]) -> Iterator[tuple[str, str, Decimal]]:
    """What the failed gate says must be: the code, the figure and the number."""
    assessment = assessed(rulebook, **facts)
    for cause in causes_of_failure(rulebook, assessment, gate(assessment, "g")):
        need = cause.need(rulebook) if cause.alone else None
        if need is not None:
            yield need[0], need[1], need[2].value


def is_met(code: str, number: int, limit: Decimal) -> bool:
    return {
        "needs_below": number < limit,
        "needs_at_most": number <= limit,
        "needs_above": number > limit,
        "needs_at_least": number >= limit,
    }[code]


def failures(seeds: range) -> Iterator[tuple[Rulebook, dict[str, Plain], Assessment]]:
    """Rules whose gate fails, with the facts by which it does."""
    for seed in seeds:
        conditions = Conditions(seed)
        rulebook = rules(conditions.truth(seed % 4))
        for facts in (conditions.facts() for _ in range(4)):
            assessment = assessed(rulebook, **facts)
            if gate(assessment, "g").state is GateState.FAIL:
                yield rulebook, facts, assessment


@pytest.mark.parametrize("seeds", SEEDS, ids=str)
def test_every_failed_gate_can_be_explained_to_every_reader(seeds: range) -> None:
    for rulebook, _, assessment in failures(seeds):
        for reader, language in product(Reader, LANGUAGES):
            assert explain(rulebook, assessment, reader, WORDS, language).sections


@pytest.mark.parametrize("seeds", SEEDS, ids=str)
def test_a_gate_fails_as_long_as_a_figure_is_not_what_it_must_be(seeds: range) -> None:
    for rulebook, facts, _ in failures(seeds):
        condition = rulebook.gates[0].fails_when.text
        for code, name, limit in needs(rulebook, facts):
            stated = "a" if name == "v" else name
            wrong = [number for number in NUMBERS if not is_met(code, number, limit)]
            assert facts[stated] in wrong, (condition, facts, code, name)
            states = [gate(assessed(rulebook, **{**facts, stated: number}), "g").state for number in wrong]
            assert set(states) == {GateState.FAIL}, (condition, facts, code, name)


@pytest.mark.parametrize(
    ("fails_when", "expected"),
    [
        ("(a > 2) == true", []),
        ('(a > 2) != (c == "x")', []),
        ("a + (a > 2 ? 1 : 0) > 3", []),
        ("(a > 2 ? b : 1) < 5", []),
        ("5 > (a > 2 ? b : 100)", []),
        ("(a > 2 ? b : 1) < most", []),
        ("a > 2", [("needs_at_most", "a", Decimal(2))]),
        ("!(most >= v - 1) || 3 > b", [("needs_at_least", "b", Decimal(3))]),
        ("a >= most", [("needs_below", "a", Decimal(3))]),
        ("b < a", []),
    ],
)
def test_a_need_is_told_only_of_a_figure_that_is_itself_compared(
    fails_when: str, expected: list[tuple[str, str, Decimal]]
) -> None:
    assert list(needs(rules(fails_when), {"a": 3, "b": 1, "c": "y", "p": True})) == expected
