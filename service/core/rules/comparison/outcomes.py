"""Which cases come out differently under another edition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from service.core.errors import Flaw, InvalidError
from service.core.rules.assessment import GateState
from service.core.rules.cases import Examples, facts_of
from service.core.rules.engine import Engine
from service.core.rules.model import Outcome, Rulebook
from service.core.values import Json, write_json

Facts: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case: its outcome, total, category and failed gates; or the flaws for which it is refused."""

    outcome: Outcome | None
    total: Decimal | None = None
    category: str | None = None
    failed_gates: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Turned:
    """A case that comes out differently."""

    name: str
    before: Result
    after: Result


@dataclass(frozen=True, slots=True)
class Tried:
    """How many cases were tried, and those that come out differently: those with another outcome first."""

    count: int
    turned: tuple[Turned, ...]


def try_cases(
    before: tuple[Rulebook, Examples], after: tuple[Rulebook, Examples], renamed: Mapping[str, Mapping[str, str]]
) -> Tried:
    """Try the cases of both files under both. The same facts are tried once.

    A fact that one of them does not know is left out there; ``renamed`` follows names, by section.
    """
    old, new = Engine(before[0], {}), Engine(after[0], {})
    tried = {write_json(dict(sorted(facts.items()))): name for name, facts in _cases(*after)}
    stated: dict[str, tuple[str, Facts]] = {}
    for name, facts in [*_followed(before, renamed.get("facts", {})), *_cases(*after)]:
        key = write_json(dict(sorted(facts.items())))
        stated.setdefault(key, (tried.get(key, name), facts))
    back = {now: was for was, now in renamed.get("facts", {}).items()}
    turned = []
    for name, facts in stated.values():
        known = {back.get(fact, fact): value for fact, value in facts.items()}
        was, now = _followed_gates(_result(old, known), renamed.get("gates", {})), _result(new, facts)
        if _told(was) != _told(now):
            turned.append(Turned(name, was, now))
    return Tried(len(stated), tuple(sorted(turned, key=lambda one: one.before.outcome == one.after.outcome)))


def _cases(rulebook: Rulebook, examples: Examples) -> Iterator[tuple[str, Facts]]:
    for case in rulebook.cases:
        try:
            yield case.name, facts_of(case, examples)
        except InvalidError:
            continue


def _followed(side: tuple[Rulebook, Examples], renamed: Mapping[str, str]) -> Iterator[tuple[str, Facts]]:
    for name, facts in _cases(*side):
        yield name, {renamed.get(fact, fact): value for fact, value in facts.items()}


def _result(engine: Engine, facts: Facts) -> Result:
    known = engine.rulebook.facts
    try:
        found = engine.assess(engine.read({name: value for name, value in facts.items() if name in known}))
    except InvalidError as error:
        return Result(None, flaws=error.flaws)
    failed = tuple(gate.rule.id for gate in found.gates if gate.state is GateState.FAIL)
    return Result(found.outcome, found.score.total, found.category.id, failed)


def _followed_gates(result: Result, renamed: Mapping[str, str]) -> Result:
    return replace(result, failed_gates=tuple(renamed.get(gate, gate) for gate in result.failed_gates))


def _told(result: Result) -> tuple[object, ...]:
    return result.outcome, result.total, result.category, set(result.failed_gates)
