"""One sentence a gate: what it says, from which figures, what is missing, what would pass, and its clause."""

from collections.abc import Iterator

from service.core.rules.assessment import GateResult, GateState
from service.core.rules.explaining.causes import Cause, causes_of_failure
from service.core.rules.explaining.shapes import About, Reader, Saying
from service.core.rules.explaining.voice import Voice
from service.core.rules.wording import limits, on_one_line


def gates(voice: Voice, *states: GateState) -> Iterator[Saying]:
    """Say the gates in these states that are not waived, in the order of the states."""
    counted = [gate for gate in voice.assessment.gates if not gate.waived]
    return (_gate(voice, gate) for state in states for gate in counted if gate.state is state)


def waived(voice: Voice) -> Iterator[Saying]:
    """Say the gates that are waived, whatever came of them."""
    return (_gate(voice, gate) for gate in voice.assessment.gates if gate.waived)


def every(voice: Voice) -> Iterator[Saying]:
    """Say all gates in the order of the file."""
    return (_gate(voice, gate) for gate in voice.assessment.gates)


def _gate(voice: Voice, gate: GateResult) -> Saying:
    tone = "applicant_gate" if voice.reader is Reader.APPLICANT else "gate"
    head = voice.sentences.gate_head(gate, tone)
    clauses = [*_why(voice, gate), *_rule(voice, gate), voice.cites(gate.rule.cite)]
    return voice.saying(About.GATE, gate.rule.id, head, *clauses)


def _why(voice: Voice, gate: GateResult) -> Iterator[str]:
    if gate.state is GateState.UNKNOWN:
        yield from voice.sentences.why_unknown(gate.reads, gate.problems)
    if gate.state is GateState.FAIL:
        causes = causes_of_failure(voice.rulebook, voice.assessment, gate)
        yield _figures(voice, gate, causes)
        yield from () if gate.waived else (*_needs(voice, causes), _cure(voice, gate))
    elif gate.state is not GateState.NOT_APPLICABLE:
        yield _basis(voice, gate)


def _figures(voice: Voice, gate: GateResult, causes: tuple[Cause, ...]) -> str:
    """Say the figures that made it fail."""
    values = {**voice.assessment.derived, **gate.reads}
    told = {
        voice.figure(name, values[name], limit): None
        for cause in causes
        for name, limit in cause.figures(voice.rulebook)
        if values.get(name) is not None
    }
    return voice.listed_clauses(told)


def _needs(voice: Voice, causes: tuple[Cause, ...]) -> Iterator[str]:
    """Say what each figure would have to be that nothing else can make up for."""
    for cause in causes:
        need = cause.need(voice.rulebook) if cause.alone else None
        if need is not None:
            code, name, limit = need
            holder = voice.rulebook.facts.get(name) or voice.rulebook.derived[name]
            label, bar = voice.wording.label(holder.label), voice.wording.measured(limit.value, holder.unit)
            yield voice.say(code, name=label, limit=bar)


def _cure(voice: Voice, gate: GateResult) -> str:
    cure = gate.rule.cure
    if cure is None:
        return voice.wording.words["curable" if gate.rule.curable else "not_curable"]
    code = "cure_possible" if gate.rule.curable else "cure_impossible"
    return voice.say(code, cure=voice.wording.label(cure))


def _basis(voice: Voice, gate: GateResult) -> str:
    """Say the figures with a limit of a gate that is passed or not settled; to an inspector all that are derived too.

    An inspector finds the facts below, among those that were read.
    """
    values = {**voice.assessment.derived, **gate.reads}
    held = limits(voice.rulebook, gate.rule.fails_when.root)
    known = [name for name in gate.rule.fails_when.names if values.get(name) is not None]
    told = [name for name in known if name in held or _is_told(voice, name)]
    return voice.listed_clauses(voice.figure(name, values[name], held.get(name)) for name in told)


def _is_told(voice: Voice, name: str) -> bool:
    return voice.reader is Reader.INSPECTOR and name in voice.rulebook.derived


def _rule(voice: Voice, gate: GateResult) -> Iterator[str]:
    """Say the conditions and every fact they rest on, to an inspector."""
    if voice.reader is not Reader.INSPECTOR:
        return
    if gate.rule.applies_when is not None:
        yield voice.say("applies_when", text=on_one_line(gate.rule.applies_when.text))
    yield voice.say("fails_when", text=on_one_line(gate.rule.fails_when.text))
    yield voice.reads(gate.reads)
