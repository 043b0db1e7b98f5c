"""Checking a rules file: every fault of form, meaning and policy, and every warning, at once."""

from collections.abc import Iterator
from dataclasses import replace

from service.core.rules import cases
from service.core.rules.assessment import CriterionState, GateState
from service.core.rules.cases import Examples
from service.core.rules.engine import Engine
from service.core.rules.faults import Fault, Severity
from service.core.rules.lint.lint import lint
from service.core.rules.model import Case, Rulebook
from service.core.rules.policy import policy, unconfirmed
from service.core.rules.reading.context import Context
from service.core.rules.reading.sections import read_file


def check(source: bytes, examples: Examples | None = None) -> tuple[Fault, ...]:
    """Check a rules file; the faults are in the order of the file. Never raises.

    ``examples`` gives the facts that cases are ``like``; only with it are the cases run, to warn of gates and criteria
    that none of them makes fire, where nothing says that none can.
    """
    file = read_file(source)
    if file.rulebook is None or file.context is None:
        return file.faults
    found = [*file.faults, *policy(file.rulebook, file.context), *unconfirmed(file.rulebook, file.context)]
    if not file.faults and file.source is not None and file.root is not None:
        found.extend(lint(file.rulebook, file.source, file.root))
    if not file.faults and examples is not None:
        told = {fault.figures.get("found") for fault in found if fault.code.startswith(("gate_", "criterion_"))}
        found.extend(
            fault for fault in _idle(file.rulebook, file.context, examples) if fault.figures["found"] not in told
        )
    return tuple(sorted(found, key=lambda fault: fault.place))


def _idle(rulebook: Rulebook, context: Context, examples: Examples) -> Iterator[Fault]:
    """Warn of gates that fail in no case, and of criteria that none scores."""
    left = {("gates", gate.id): "gate_never_fires" for gate in rulebook.gates}
    left |= {("criteria", criterion.id): "criterion_never_scored" for criterion in rulebook.criteria}
    for some in _likely_first(rulebook.cases):
        if left:
            for rule in _fired(replace(rulebook, cases=some), examples):
                left.pop(rule, None)
    for (section, name), code in left.items():
        yield Fault(context.places[section, name], Severity.WARNING, code, {"found": name})


def _likely_first(every: tuple[Case, ...]) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
    """Part the cases: a few that expect each gate to fail at least once, as they may be enough, and the others."""
    expected: set[object] = set()
    likely: list[Case] = []
    others: list[Case] = []
    for case in every:
        failed = case.expect.get("failed_gates")
        new = set(failed if isinstance(failed, list) else ()) - expected
        (likely if new else others).append(case)
        expected |= new
    return tuple(likely), tuple(others)


def _fired(rulebook: Rulebook, examples: Examples) -> Iterator[tuple[str, str]]:
    """Give the gates that fail and the criteria that are scored in any of a rulebook's cases."""
    for run in cases.run(Engine(rulebook, {}), examples):
        if run.assessment is not None:
            yield from (("gates", one.rule.id) for one in run.assessment.gates if one.state is GateState.FAIL)
            known = (one for one in run.assessment.criteria if one.state is CriterionState.KNOWN)
            yield from (("criteria", one.rule.id) for one in known)
