"""The source of ``tell``: the gates, criteria and derived figures of a report as JSON text, in one language.

Every constant text is prepared: labels, citations, what each choice is called.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from service.core.rules.compiled.assessing import reads
from service.core.rules.compiled.criterion_texts import CriterionTexts
from service.core.rules.compiled.figure_texts import FigureTexts
from service.core.rules.compiled.gate_texts import GateTexts
from service.core.rules.compiled.judging import SURROUNDINGS
from service.core.rules.compiled.source import Module, Source, listed
from service.core.rules.compiled.standing import Scoring
from service.core.rules.compiled.texts import by_value, number, quoted
from service.core.rules.judge import criterion_names, gate_names
from service.core.rules.wording import Wording


class Told(NamedTuple):
    """JSON text, in parts to be joined: the gates, the criteria (a comma before each), the plan's items for them.

    ``sentences`` are those of the gates that are not passed, by place.
    """

    gates: list[str]
    sentences: Mapping[int, str]
    criteria: list[str]
    items: Sequence[str]
    derived: str


# From what was judged, what shares of the total stand above by dimension, and why gates and criteria are unknown.
Tell: TypeAlias = Callable[..., Told]


def telling_module(wording: Wording, scoring: Scoring) -> Module:
    """Compile ``tell``. It runs under ``EXACT``."""
    rulebook = wording.rulebook
    source = Source({**SURROUNDINGS, "Told": Told, "by_value": by_value, "number": number, "quoted": quoted})
    gate_reads = reads(rulebook, [gate_names(gate) for gate in rulebook.gates])
    criterion_reads = reads(rulebook, [criterion_names(criterion) for criterion in rulebook.criteria])
    texts = FigureTexts(wording, source)
    gates = GateTexts(wording, texts, gate_reads)
    criteria = CriterionTexts(wording, scoring, texts, criterion_reads)
    with source.block("def tell(judged, totals, gate_whys, criterion_whys)"):
        source.line("names, _, gates, _, criteria, values, scores, *_ = judged")
        for place in range(len(rulebook.dimensions)):
            source.line(f"total_{place} = totals[{place}]")
            source.line(f"double_{place} = total_{place} + total_{place}")
        source.line("told_gates, sentences, told_criteria, items = [], {}, [], []")
        texts.write({name for names in (*gate_reads, *criterion_reads) for name in names}, gates.said())
        for index, gate in enumerate(rulebook.gates):
            gates.write(index, gate)
        for index, criterion in enumerate(rulebook.criteria):
            criteria.write(index, criterion)
        derived = listed(f"r_{name}" for name in rulebook.derived)
        source.line(f"return Told(told_gates, sentences, told_criteria, items, {derived.code})")
    return source.module(f"{rulebook.id} {rulebook.edition}: telling in {wording.language}")
