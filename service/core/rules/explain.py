"""An assessment in sentences, for the applicant, the committee or an inspector.

Every gate and criterion gets one sentence with its value, what it is held against, the margin and its clause. Nothing
is said that does not stand in the assessment or its rulebook; which of it, and in which order, depends on the reader.
"""

from collections.abc import Callable, Iterator, Mapping

from service.core.rules.assessment import Assessment, GateState
from service.core.rules.explaining import criteria, gates, remainder, standing
from service.core.rules.explaining.shapes import Explanation, Part, Reader, Section
from service.core.rules.explaining.voice import Voice
from service.core.rules.model import Rulebook
from service.core.rules.wording import Wording

Words = Mapping[str, Mapping[str, str]]


def explain(rulebook: Rulebook, assessment: Assessment, reader: Reader, words: Words, language: str) -> Explanation:
    """Explain an assessment by this rulebook in ``zh`` or ``en``.

    ``words`` are the sections ``assessment`` and ``explanations`` together.
    """
    voice = Voice(Wording(rulebook, words[language], language), assessment, reader)
    sections = (
        Section(name, voice.say(f"part_{name}"), told)
        for name, sayings in _PARTS[reader](voice)
        if (told := tuple(sayings))
    )
    notice = voice.wording.sentence(voice.say("notice"), ())
    return Explanation(reader, voice.say(f"title_{reader}"), tuple(sections), notice)


def _for_applicant(voice: Voice) -> Iterator[Part]:
    """Give first what is wrong and missing, then what is in order, and last what can be done."""
    yield "outcome", standing.outcome(voice)
    yield "causes", standing.held_back(voice)
    yield "failed", gates.gates(voice, GateState.FAIL)
    yield "open", gates.gates(voice, GateState.UNKNOWN)
    yield "waived", gates.waived(voice)
    yield "missing", remainder.missing(voice)
    yield "scores", standing.scores(voice)
    yield "weak", criteria.weak(voice)
    yield "unscored", criteria.unscored(voice)
    yield "others", criteria.others(voice)
    yield "met", gates.gates(voice, GateState.PASS)
    yield "not_applicable", gates.gates(voice, GateState.NOT_APPLICABLE)
    yield "plan", remainder.plan(voice)
    yield "next", standing.reconsideration(voice)


def _for_committee(voice: Voice) -> Iterator[Part]:
    """Give first what is to be decided and why, then how far it is from something better."""
    yield "outcome", standing.outcome(voice)
    yield "causes", standing.causes(voice)
    yield "scores", standing.scores(voice)
    yield "waived", gates.waived(voice)
    yield "gates", gates.gates(voice, GateState.FAIL, GateState.UNKNOWN, GateState.PASS, GateState.NOT_APPLICABLE)
    yield "weak", criteria.weak(voice)
    yield "unscored", criteria.unscored(voice)
    yield "others", criteria.others(voice)
    yield "missing", remainder.missing(voice)
    yield "plan", remainder.plan(voice)


def _for_inspector(voice: Voice) -> Iterator[Part]:
    """Give everything in the order of the file, with what it was made of."""
    yield "record", remainder.record(voice)
    yield "outcome", standing.outcome(voice)
    yield "causes", standing.causes(voice)
    yield "scores", standing.scores(voice)
    yield "gates", gates.every(voice)
    yield "criteria", criteria.criteria(voice)
    yield "missing", remainder.missing(voice)
    yield "plan", remainder.plan(voice)
    yield "sources", remainder.sources(voice)


_PARTS: Mapping[Reader, Callable[[Voice], Iterator[Part]]] = {
    Reader.APPLICANT: _for_applicant,
    Reader.COMMITTEE: _for_committee,
    Reader.INSPECTOR: _for_inspector,
}
