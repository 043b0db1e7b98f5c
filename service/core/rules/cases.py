"""A rulebook's own cases: each is assessed, and every difference from what it expects is told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, cast

from service.core.errors import Flaw, InvalidError
from service.core.rules.assessment import Assessment, GateState
from service.core.rules.engine import Engine
from service.core.rules.model import Case
from service.core.values import Json

# Gives the facts of an example by its name; None for a name there is no example of.
Examples: TypeAlias = Callable[[str], Mapping[str, Json] | None]
Figure: TypeAlias = "Decimal | str | tuple[str, ...] | None"


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
        assessment = engine.assess(engine.read(_facts(case, examples)))
    except InvalidError as error:
        return Run(case, None, flaws=error.flaws)
    return Run(case, assessment, tuple(_differences(case.expect, assessment)))


def _facts(case: Case, examples: Examples) -> dict[str, Json]:
    """Give the facts of a case: its own, or those of the example it is like, with its overrides."""
    like = case.facts if case.like is None else examples(case.like)
    if like is None:
        raise InvalidError((Flaw("/like", "example_missing", {"found": case.like}),))
    return cast("dict[str, Json]", {**like, **case.overrides})


def _differences(expect: Mapping[str, object], assessment: Assessment) -> Iterator[Difference]:
    found = _found(assessment)
    for what, expected in _flat(expect):
        if found.get(what) != expected:
            yield Difference(what, expected, found.get(what))


def _flat(expect: Mapping[str, object]) -> Iterator[tuple[str, Figure]]:
    """Give each thing expected under one key: dimensions one by one, lists as tuples."""
    for key, expected in expect.items():
        if isinstance(expected, Mapping):
            yield from ((f"{key}.{name}", figure) for name, figure in expected.items())
        elif isinstance(expected, list | tuple):
            yield key, tuple(expected)
        else:
            yield key, cast("Figure", expected)


def _found(assessment: Assessment) -> dict[str, Figure]:
    score = assessment.score
    return {
        "outcome": assessment.outcome.value,
        "failed_gates": tuple(gate.rule.id for gate in assessment.gates if gate.state is GateState.FAIL),
        "category": assessment.category.id,
        "total": score.total,
        "completeness": score.completeness,
        **{f"dimensions.{name}": dimension.score for name, dimension in score.dimensions.items()},
    }
