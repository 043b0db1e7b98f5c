"""Checking a rules file: every fault of form, meaning and policy, and every warning, at once."""

from collections.abc import Iterator

from service.core.rules import cases
from service.core.rules.assessment import Assessment, CriterionState, GateState
from service.core.rules.cases import Examples
from service.core.rules.engine import Engine
from service.core.rules.faults import Fault, Severity
from service.core.rules.model import Rulebook
from service.core.rules.policy import policy, unconfirmed
from service.core.rules.reading.context import Context
from service.core.rules.reading.sections import read_file


def check(source: bytes, examples: Examples | None = None) -> tuple[Fault, ...]:
    """Check a rules file; the faults are in the order of the file. Never raises.

    ``examples`` gives the facts that cases are ``like``; only with it are the cases run, to warn of gates and criteria
    that none of them makes fire.
    """
    file = read_file(source)
    if file.rulebook is None or file.context is None:
        return file.faults
    found = [*file.faults, *policy(file.rulebook, file.context), *unconfirmed(file.rulebook, file.context)]
    if not file.faults and examples is not None:
        found.extend(_idle(file.rulebook, file.context, examples))
    return tuple(sorted(found, key=lambda fault: fault.place))


def _idle(rulebook: Rulebook, context: Context, examples: Examples) -> Iterator[Fault]:
    """Warn of gates that fail in no case, and of criteria that none scores."""
    runs = cases.run(Engine(rulebook, {}), examples)
    fired = {name for run in runs if run.assessment is not None for name in _fired(run.assessment)}
    for section, code in (("gates", "gate_never_fires"), ("criteria", "criterion_never_scored")):
        rules = rulebook.gates if section == "gates" else rulebook.criteria
        for rule in rules:
            if (section, rule.id) not in fired:
                yield Fault(context.places[section, rule.id], Severity.WARNING, code, {"found": rule.id})


def _fired(assessment: Assessment) -> Iterator[tuple[str, str]]:
    yield from (("gates", gate.rule.id) for gate in assessment.gates if gate.state is GateState.FAIL)
    yield from (("criteria", one.rule.id) for one in assessment.criteria if one.state is CriterionState.KNOWN)
