"""A rulebook's own cases: each is assessed, and every difference from what it expects is told."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeAlias, cast

from service.core.errors import Flaw, InvalidError
from service.core.rules.assessment import (
    Assessment,
    CategoryResult,
    CriterionResult,
    GateResult,
    GateState,
    PlanItem,
    Score,
)
from service.core.rules.engine import Engine
from service.core.rules.expressions.types import Value
from service.core.rules.model import Case, Outcome
from service.core.values import Json

# Gives the facts of an example by its name; None for a name there is no example of.
Examples: TypeAlias = Callable[[str], Mapping[str, Json] | None]
Figure: TypeAlias = "Decimal | bool | str | tuple[str, ...] | None"


class Open(Protocol):
    """A fact that is not known."""

    @property
    def fact(self) -> str:
        """Its name."""


class Findings(Protocol):
    """The part of an assessment that cases can look at."""

    @property
    def outcome(self) -> Outcome:
        """The outcome."""

    @property
    def category(self) -> CategoryResult:
        """The category."""

    @property
    def score(self) -> Score:
        """The total, the completeness and each dimension."""

    @property
    def gates(self) -> Sequence[GateResult]:
        """Every gate."""

    @property
    def criteria(self) -> Sequence[CriterionResult]:
        """Every criterion."""

    @property
    def derived(self) -> Mapping[str, Value]:
        """Every derived figure."""

    @property
    def unknown(self) -> Sequence[Open]:
        """The facts that are asked, or may be, and not known."""

    @property
    def action_plan(self) -> Sequence[PlanItem]:
        """What is asked for."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that came out otherwise; ``what`` is the key of ``expect``: ``total``, ``dimensions.ecology``."""

    what: str
    expected: Figure
    found: Figure


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a case: its assessment, or None where ``flaws`` say why its facts cannot be assessed."""

    case: Case
    assessment: Assessment | None
    differences: tuple[Difference, ...] = ()
    flaws: tuple[Flaw, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return self.assessment is not None and not self.differences


def run(engine: Engine, examples: Examples) -> tuple[Run, ...]:
    """Run every case of the engine's rulebook, in the order of the file. Never raises."""
    return tuple(_run(engine, case, examples) for case in engine.rulebook.cases)


def _run(engine: Engine, case: Case, examples: Examples) -> Run:
    try:
        assessment = engine.assess(engine.read(facts_of(case, examples)))
    except InvalidError as error:
        return Run(case, None, flaws=error.flaws)
    return Run(case, assessment, tuple(differences(case.expect, assessment)))


def facts_of(case: Case, examples: Examples) -> dict[str, Json]:
    """Give the raw facts of a case: its own, or those of the example it is like, with its overrides.

    Raises ``InvalidError`` where there is no such example.
    """
    like = case.facts if case.like is None else examples(case.like)
    if like is None:
        raise InvalidError((Flaw("/like", "example_missing", {"found": case.like}),))
    return cast("dict[str, Json]", {**like, **case.overrides})


def differences(expect: Mapping[str, object], findings: Findings) -> Iterator[Difference]:
    """Tell everything that came out otherwise than a case expects, in the order it is written there."""
    found = _found(findings)
    for what, expected in _flat(expect):
        if found.get(what) != expected:
            yield Difference(what, expected, found.get(what))


def _flat(expect: Mapping[str, object]) -> Iterator[tuple[str, Figure]]:
    """Give each thing expected under one key: dimensions one by one, lists as tuples, unknown facts in any order."""
    for key, expected in expect.items():
        if key == "unknown":
            yield key, _sorted(cast("Iterable[str]", expected))
        elif isinstance(expected, Mapping):
            yield from ((f"{key}.{name}", figure) for name, figure in expected.items())
        elif isinstance(expected, list | tuple):
            yield key, tuple(expected)
        else:
            yield key, cast("Figure", expected)


def _found(findings: Findings) -> dict[str, Figure]:
    score = findings.score
    return {
        "outcome": findings.outcome.value,
        "failed_gates": tuple(gate.rule.id for gate in findings.gates if gate.state is GateState.FAIL),
        "category": findings.category.id,
        "total": score.total,
        "completeness": score.completeness,
        "unknown": _sorted(one.fact for one in findings.unknown),
        "action_plan": tuple(item.id for item in findings.action_plan),
        **{f"gates.{gate.rule.id}": gate.state.value for gate in findings.gates},
        **{f"dimensions.{name}": dimension.score for name, dimension in score.dimensions.items()},
        **{f"criteria.{criterion.rule.id}": criterion.score for criterion in findings.criteria},
        **{f"derived.{name}": cast("Figure", value) for name, value in findings.derived.items()},
    }


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
