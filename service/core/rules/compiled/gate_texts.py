"""The source of what a report tells of gates."""

from collections.abc import Mapping, Sequence

from service.core.rules.assessment import GateState
from service.core.rules.compiled.figure_texts import FigureTexts
from service.core.rules.compiled.source import Piece, Slot, listed
from service.core.rules.compiled.texts import escaped
from service.core.rules.model import Gate, Outcome
from service.core.rules.report import cited
from service.core.rules.wording import Limit, Wording, is_figure, limits
from service.core.values import write_json


class GateTexts:
    """Writes the gates of a report, each with what it reads: the names of its facts, in the order of the file."""

    def __init__(self, wording: Wording, texts: FigureTexts, reads: Sequence[Sequence[str]]) -> None:
        """Take the words of one language, and the texts of all figures, which stand before the gates."""
        self._wording = wording
        self._source = texts.source
        self._texts = texts
        self._reads = reads
        self._limits = [limits(wording.rulebook, gate.fails_when.root) for gate in wording.rulebook.gates]

    def said(self) -> frozenset[str]:
        """Name the figures that are said in some gate without a limit."""
        return frozenset(
            name
            for gate, held_against in zip(self._wording.rulebook.gates, self._limits, strict=True)
            for name in gate.fails_when.names
            if is_figure(self._wording.rulebook, name) and not self._is_limited(name, held_against)
        )

    def write(self, index: int, gate: Gate) -> None:
        """Write the object of a gate and its sentence."""
        line, block = self._source.line, self._source.block
        line(f"state, basis = gates[{index}], ''")
        with block("if state is not GATE_NOT_APPLICABLE"):
            self._basis(gate, self._limits[index])
        with block("if state is GATE_PASS"):
            self._tell(index, gate, GateState.PASS)
        with block("elif state is GATE_FAIL"):
            self._tell(index, gate, GateState.FAIL)
        with block("elif state is GATE_UNKNOWN"):
            line(f"basis = gate_whys[{index}] + basis")
            self._tell(index, gate, GateState.UNKNOWN)
        with block("else"):
            self._tell(index, gate, GateState.NOT_APPLICABLE)

    def _tell(self, index: int, gate: Gate, state: GateState) -> None:
        head, cure = self._sentence(gate, state)
        said: list[Piece] = [escaped(head), Slot("basis"), escaped(cure)]
        if state in {GateState.FAIL, GateState.UNKNOWN}:
            self._source.line(f"sentences[{index}] = {self._source.text(said)}")
            said = [Slot(f"sentences[{index}]")]
        pieces: list[Piece] = [
            f'{"," if index else ""}{{"id":{write_json(gate.id)},"state":"{state}","on_fail":"{gate.on_fail}",',
            f'"curable":{write_json(gate.curable)},"level":"{gate.level}","reads":{{',
            listed(f"r_{name}" for name in self._reads[index]),
            '},"because":"',
            *said,
            f'","cite":{write_json(cited(gate.cite))}}}',
        ]
        self._source.line(f"told_gates += {self._source.parts(pieces)}")

    def _sentence(self, gate: Gate, state: GateState) -> tuple[str, str]:
        """Give the head of a gate's sentence, and what ends it."""
        wording = self._wording
        outcome = Outcome.DEFER if state is GateState.UNKNOWN else gate.on_fail
        head = wording.say(f"gate_{state}", label=wording.label(gate.label), outcome=wording.outcome(outcome))
        cure = ""
        if state is GateState.FAIL and gate.cure is not None:
            code = "cure_possible" if gate.curable else "cure_impossible"
            cure = wording.words["between"] + wording.say(code, cure=wording.label(gate.cure))
        return head, cure + wording.words["end"]

    def _basis(self, gate: Gate, held_against: Mapping[str, Limit]) -> None:
        """Write what is said of the names standing in a gate's condition, after the joint of a clause."""
        line, words, said = self._source.line, self._wording.words, []
        for name in gate.fails_when.names:
            if self._is_limited(name, held_against):
                line(f"l_{name} = {self._texts.held_against(name, held_against[name])}")
                said.append(f"{{l_{name}}}")
            elif is_figure(self._wording.rulebook, name):
                said.append(f"{{p_{name}}}")
        line(f'said = f"{"".join(said)}"')
        between = self._source.constant(escaped(words["between"]))
        line(f"basis = {between} + said[{len(escaped(words['comma']))}:] if said else ''")

    def _is_limited(self, name: str, held_against: Mapping[str, Limit]) -> bool:
        return name in held_against and self._texts.is_number(name)
