"""The source of ``judge``: from given values to names, states and exact scores, as ``derive`` and ``judge`` say it.

Expressions round to 34 digits and run under ``CONTEXT``; scores are exact and run under ``EXACT``.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from decimal import Decimal, getcontext, setcontext
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from service.core.rules.assessment import CriterionState, GateState
from service.core.rules.compiled.names import Names, figures, held, left_out
from service.core.rules.compiled.scales import denominator, score
from service.core.rules.compiled.source import Module, Source, as_tuple
from service.core.rules.dependencies import in_dependency_order
from service.core.rules.expressions.translate import Variable
from service.core.rules.expressions.types import Kind, Type, Value
from service.core.rules.model import Criterion, Derived, Fact, Formula, Rulebook
from service.core.rules.plan import CATEGORY
from service.core.values import CONTEXT, EXACT, ROUNDING, round_half_up


class Sum(NamedTuple):
    """A dimension: the sum of its exact scores by weight, the weight that applies, and how much of it is unknown."""

    scores: Decimal
    weight: Decimal
    unknown: Decimal


class Judged(NamedTuple):
    """Everything judged, in the order of the file.

    ``names`` are the values of the facts, then of the derived figures; ``left_out`` holds something true for each of
    the optional names that does not apply. ``categories`` are the places of those still possible. The ``values`` of
    criteria are to be looked at where they are known; their ``scores`` are multiplied by ``shares`` and by their
    ``unit``, and 0 where not known; ``unsure`` says whether an unknown one may yet be left out. ``missing`` are the ids
    of the unknown facts, ``needed`` says of each further condition of the plan whether it is asked for.
    """

    names: tuple[Value, ...]
    left_out: tuple[object, ...]
    gates: tuple[GateState, ...]
    categories: tuple[int, ...]
    criteria: tuple[CriterionState, ...]
    values: tuple[Value, ...]
    scores: tuple[Decimal, ...]
    unsure: tuple[bool, ...]
    dimensions: tuple[Sum, ...]
    missing: tuple[str, ...]
    needed: tuple[bool, ...]


Judge = Callable[[Mapping[str, Value]], Judged]

SURROUNDINGS = {
    **{f"GATE_{state.name}": state for state in GateState},
    **{f"CRITERION_{state.name}": state for state in CriterionState},
    "CONTEXT": CONTEXT,
    "EXACT": EXACT,
    "HUNDRED": Decimal(100),
    "Judged": Judged,
    "Sum": Sum,
    "ZERO": Decimal(0),
    "bisect_left": bisect_left,
    "bisect_right": bisect_right,
    "getcontext": getcontext,
    "quantize": ROUNDING.quantize,
    "round_half_up": round_half_up,
    "setcontext": setcontext,
}


def common_denominator(rulebook: Rulebook) -> int:
    """Give what all exact scores of a rulebook are shares of."""
    return denominator(criterion.scale for criterion in rulebook.criteria)


def shares(rulebook: Rulebook) -> Fraction:
    """Give what exact scores are multiplied by: the common denominator, and halves of the last published decimal."""
    return common_denominator(rulebook) * Fraction(2 * 10**rulebook.decision.decimals)


def unit(criterion: Criterion) -> Decimal:
    """Give what the exact scores of a criterion are multiplied by beforehand: its weight, or 1 if it has none."""
    return criterion.weight or Decimal(1)


def share_of_total(rulebook: Rulebook, criterion: Criterion) -> Decimal:
    """Give what the exact score of a criterion, times its unit, is multiplied by for its share of the total."""
    return rulebook.dimensions[criterion.dimension].weight if criterion.weight else Decimal(0)


def judge_module(rulebook: Rulebook) -> Module:
    """Compile ``judge(given: Mapping[str, Value]) -> Judged``."""
    source = Source(SURROUNDINGS)
    further = {CATEGORY: Variable("category", Type(Kind.TEXT), known=True)}
    writer = _Writer(rulebook, source, Names(rulebook, source, further))
    with source.block("def judge(given)"):
        source.line("before = getcontext()")
        with source.block("try"):
            source.line("setcontext(CONTEXT)")
            writer.expressions()
            source.line("setcontext(EXACT)")
            writer.scores()
            writer.answer()
        with source.block("finally"):
            source.line("setcontext(before)")
    writer.names.bind_constants()
    return source.module(f"{rulebook.id} {rulebook.edition}: judge")


class _Writer:
    """Writes the body of ``judge``."""

    def __init__(self, rulebook: Rulebook, source: Source, names: Names) -> None:
        self.names = names
        self._rulebook = rulebook
        self._source = source
        self._shares = shares(rulebook)
        self._places = {dimension: place for place, dimension in enumerate(rulebook.dimensions)}

    def expressions(self) -> None:
        """Write everything that rounds to 34 digits, each name after those it rests on."""
        for name in in_dependency_order(self._rulebook):
            fact = self._rulebook.facts.get(name)
            if fact is None:
                self._derived(self._rulebook.derived[name])
            else:
                self._fact(fact)
        self._missing()
        self._gates()
        self._categories()
        self._plan()
        for index, criterion in enumerate(self._rulebook.criteria):
            self._criterion(index, criterion)

    def scores(self) -> None:
        """Write the exact scores and what they add up to in each dimension."""
        for place, dimension in enumerate(self._rulebook.dimensions):
            weights = [criterion.weight for criterion in self._rulebook.criteria if criterion.dimension == dimension]
            self._source.line(f"sum_{place} = unknown_{place} = ZERO")
            self._source.line(f"weight_{place} = {self._source.constant(reduce(EXACT.add, weights, Decimal(0)))}")
        for index, criterion in enumerate(self._rulebook.criteria):
            self._score(index, criterion)

    def answer(self) -> None:
        """Write what is given back."""
        criteria = list(enumerate(self._rulebook.criteria))
        parts = {
            "names": [held(name) for name in figures(self._rulebook)],
            "left_out": [left_out(name) for name in figures(self._rulebook) if name in self.names.optional],
            "gates": [f"gate_{index}" for index in range(len(self._rulebook.gates))],
            "categories": ["*possible"],
            "criteria": [f"state_{at}" for at, _ in criteria],
            "values": [f"{'value' if isinstance(one.scale, Formula) else 'scored'}_{at}" for at, one in criteria],
            "scores": [f"score_{at}" for at, _ in criteria],
            "unsure": ["False" if one.applies_when is None else f"unsure_{at}" for at, one in criteria],
            "missing": ["*missing"],
            "needed": [f"needed_{index}" for index in range(len(self._rulebook.action_plan.always))],
            "dimensions": [f"Sum(sum_{at}, weight_{at}, unknown_{at})" for at in range(len(self._rulebook.dimensions))],
        }
        given = ", ".join(as_tuple(parts[field]) for field in Judged._fields)
        self._source.line(f"return Judged({given})")

    def _fact(self, fact: Fact) -> None:
        line, taken = self._source.line, f"given.get({fact.id!r})"
        if fact.asked_when is None:
            line(f"{held(fact.id)} = {taken}")
            return
        line(f"{left_out(fact.id)} = {self.names.tests(fact.asked_when).false}")
        line(f"{held(fact.id)} = None if {left_out(fact.id)} else {taken}")

    def _derived(self, derived: Derived) -> None:
        variable = held(derived.id)
        self._source.line(f"{variable} = {self.names.value(derived.value)}")
        if derived.type.kind is Kind.NUMBER and derived.decimals is not None:
            with self._source.block(f"if {variable} is not None"):
                self._source.line(f"{variable} = {self._rounded(derived, variable)}")
        if derived.id in self.names.optional:
            absent = self.names.does_not_apply(derived.value)
            self._source.line(f"{left_out(derived.id)} = {variable} is None and {absent}")

    def _rounded(self, derived: Derived, variable: str) -> str:
        if self.names.is_far(derived.value):
            return f"round_half_up({variable}, {derived.decimals})"
        return f"quantize({variable}, {self._source.constant(Decimal(1).scaleb(-(derived.decimals or 0)))})"

    def _gates(self) -> None:
        for index, gate in enumerate(self._rulebook.gates):
            applies, fails = self.names.tests(gate.applies_when), self.names.tests(gate.fails_when)
            absent = self.names.does_not_apply(gate.applies_when, gate.fails_when)
            self._source.line(
                f"gate_{index} = GATE_NOT_APPLICABLE if {applies.false} else GATE_PASS if {fails.false}"
                f" else GATE_FAIL if {applies.true} and {fails.true}"
                f" else GATE_NOT_APPLICABLE if {absent} else GATE_UNKNOWN"
            )

    def _categories(self) -> None:
        """Write a search that ends with the first category that certainly applies."""
        self._source.line("possible = []")
        with self._source.block("for _ in range(1)"):
            for index, category in enumerate(self._rulebook.categories):
                applies = self.names.tests(category.when)
                with self._source.block(f"if not {applies.false}"):
                    self._source.line(f"possible.append({index})")
                    with self._source.block(f"if {applies.true}"):
                        self._source.line("break")

    def _missing(self) -> None:
        self._source.line("missing = []")
        for name in self._rulebook.facts:
            asked = f" and not {left_out(name)}" if name in self.names.optional else ""
            with self._source.block(f"if {held(name)} is None{asked}"):
                self._source.line(f"missing.append({name!r})")

    def _plan(self) -> None:
        """Write, for each further condition, a test that holds unless it is certain not to be asked for."""
        categories = tuple(category.id for category in self._rulebook.categories)
        self._source.line(f"category = {self._source.constant(categories)}[possible[0]]")
        for index, condition in enumerate(self._rulebook.action_plan.always):
            tests, absent = self.names.tests(condition.when), self.names.does_not_apply(condition.when)
            self._source.line(f"needed_{index} = bool({tests.true}) or not ({tests.false} or {absent})")

    def _criterion(self, index: int, criterion: Criterion) -> None:
        formula = criterion.scale.score if isinstance(criterion.scale, Formula) else None
        value = "None" if criterion.value is None else self.names.value(criterion.value)
        scored = value if formula is None else self.names.value(formula)
        applies = self.names.tests(criterion.applies_when)
        absent = self.names.does_not_apply(criterion.applies_when, criterion.value, formula)
        line, state = self._source.line, f"state_{index}"
        line(f"scored_{index} = {scored}")
        line(
            f"{state} = CRITERION_NOT_APPLICABLE if {applies.false}"
            f" else CRITERION_KNOWN if scored_{index} is not None and {applies.true}"
            f" else CRITERION_NOT_APPLICABLE if {absent} else CRITERION_UNKNOWN"
        )
        if formula is not None:
            line(f"value_{index} = {value}")
        if criterion.applies_when is not None:
            line(f"unsure_{index} = {state} is CRITERION_UNKNOWN and not {applies.true}")

    def _score(self, index: int, criterion: Criterion) -> None:
        line, block = self._source.line, self._source.block
        place, weight = self._places[criterion.dimension], self._source.constant(criterion.weight)
        with block(f"if state_{index} is CRITERION_KNOWN"):
            counted = self._shares * Fraction(unit(criterion))
            line(f"score_{index} = {score(criterion.scale, f'scored_{index}', self._source, counted)}")
            if criterion.weight:
                line(f"sum_{place} += score_{index}")
        with block("else"):
            line(f"score_{index} = ZERO")
            with block(f"if state_{index} is CRITERION_UNKNOWN"):
                line(f"unknown_{place} += {weight}")
            with block("else"):
                line(f"weight_{place} -= {weight}")
