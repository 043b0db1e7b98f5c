"""The source of what a report tells of criteria."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from service.core.rules.assessment import CriterionState
from service.core.rules.compiled.exact import units
from service.core.rules.compiled.figure_texts import FigureTexts
from service.core.rules.compiled.improving import Improving
from service.core.rules.compiled.judging import share_of_total, unit
from service.core.rules.compiled.phrases import Phrase, in_json, measured, say
from service.core.rules.compiled.source import Piece, Slot, listed
from service.core.rules.compiled.standing import Scoring
from service.core.rules.compiled.texts import escaped, unit_texts
from service.core.rules.expressions.nodes import Name
from service.core.rules.expressions.types import Value
from service.core.rules.model import Choices, Criterion, Formula
from service.core.rules.report import cited
from service.core.rules.scales import extent
from service.core.rules.wording import Wording, is_figure
from service.core.values import EXACT, number_text, write_json

# Published figures below this have fewer digits than rounding to 34 leaves alone.
_FEW = Decimal(10) ** 20


class CriterionTexts:
    """Writes the criteria of a report, each with what it reads: the names of its facts, in the order of the file."""

    def __init__(self, wording: Wording, scoring: Scoring, texts: FigureTexts, reads: Sequence[Sequence[str]]) -> None:
        """Take the words of one language, and the texts of all figures, which stand before the criteria."""
        self._wording = wording
        self._scoring = scoring
        self._texts = texts
        self._source = texts.source
        self._reads = reads
        self._below = wording.rulebook.action_plan.below
        prepared = unit_texts(wording.rulebook.decision.decimals)
        self._source.globals.update(escaped=escaped, rounded=units, texts=prepared, value_json=_value_json)

    def write(self, index: int, rule: Criterion) -> None:
        """Write the object of a criterion, and the item of the plan where it scores too low."""
        line, block = self._source.line, self._source.block
        improving = Improving(self._wording, rule)
        line(f"state = criteria[{index}]")
        with block("if state is CRITERION_KNOWN"):
            self._known(index, rule, improving)
        with block("elif state is CRITERION_UNKNOWN"):
            self._unknown(index, rule, improving)
        with block("else"):
            line("clauses = ''")
            self._tell(index, rule, _State(CriterionState.NOT_APPLICABLE, "criterion_not_applicable"))

    def _known(self, index: int, rule: Criterion, improving: Improving) -> None:
        line, block, bind = self._source.line, self._source.block, self._source.constant
        line(f"score, value = scores[{index}], values[{index}]")
        line(f"value_text = {self._value_text(rule)}")
        self._published(index, rule)
        line("clauses = ''")
        with block(f"if units < {bind(EXACT.multiply(self._below, self._scoring.rounding.halves / 2))}"):
            targets = bind(improving.targets)
            nearest = f"bisect_left({bind(improving.turns)}, value)" if improving.turns else "0"
            line(f"target = {targets}[{nearest}]")
            line(f"clauses = {self._gap()}")
            line(f"items.append({self._source.text([improving.begin, Slot('value_text'), Slot('target.end')])})")
        figures = {"value": Slot("value_text"), "score": Slot("score_text"), "contribution": Slot("contribution_text")}
        known = _State(CriterionState.KNOWN, "criterion_known", said=self._value(rule), **figures)
        if not isinstance(rule.scale, Formula):
            self._tell(index, rule, known)
            return
        with block("if value is None"):
            self._tell(index, rule, replace(known, code="criterion_scored", said=()))
        with block("else"):
            self._tell(index, rule, known)

    def _published(self, index: int, rule: Criterion) -> None:
        """Write what a criterion scores and adds to the total, as whole numbers of units and as texts."""
        line, bind = self._source.line, self._source.constant
        place, below = self._scoring.places[index], EXACT.multiply(unit(rule), self._scoring.common)
        share = f"score * {bind(share_of_total(self._wording.rulebook, rule))}"
        if extent(rule.scale)[0] < 0:
            line(f"units = rounded(score, {bind(below)})")
            line(f"contribution_text = texts[str(rounded({share}, total_{place}))]")
        else:
            line(f"units = (score + {bind(below)}) // {bind(EXACT.add(below, below))}")
            line(f"contribution_text = texts[str(({share} + total_{place}) // double_{place})]")
        line("score_text = texts[str(units)]")

    def _unknown(self, index: int, rule: Criterion, improving: Improving) -> None:
        """Write a criterion that is unknown: it scores 0."""
        line, bind = self._source.line, self._source.constant
        too_low = self._below > 0
        line(f"clauses = criterion_whys[{index}] + {bind(improving.otherwise.clause if too_low else '')}")
        self._tell(index, rule, _State(CriterionState.UNKNOWN, "criterion_unknown", score="0", contribution="0"))
        if too_low:
            line(f"items.append({bind(f'{improving.begin}null{improving.otherwise.end}')})")

    def _gap(self) -> str:
        """Give the source of the clauses of a score that is too low, each after its joint."""
        wording, below = self._wording, number_text(self._below)
        said = say(wording, "below", {"below": [below], "gap": [Slot(self._missing_units())]})
        return self._source.text([*in_json([wording.words["between"], *said]), Slot("target.clause")])

    def _missing_units(self) -> str:
        """Give the source of the text of what a score lacks: mostly a whole number of units."""
        rounding, bind = self._scoring.rounding, self._source.constant
        units = EXACT.multiply(self._below, rounding.halves / 2)
        if units == units.to_integral_value() and units < _FEW:
            return f"texts[str({bind(units)} - units)]"
        return f"number(CONTEXT.subtract({bind(self._below)}, units * {bind(rounding.unit)}))"

    def _tell(self, index: int, rule: Criterion, state: "_State") -> None:
        figures: dict[str, Phrase] = {
            "label": [self._wording.label(rule.label)],
            "value": state.said,
            "score": [state.score],
            "weight": [number_text(rule.weight)],
            "contribution": [state.contribution],
        }
        because = [*in_json(say(self._wording, state.code, figures)), Slot("clauses")]
        end = escaped(self._wording.words["end"])
        pieces: list[Piece] = [
            "," if index else "",
            f'{{"id":{write_json(rule.id)},"dimension":{write_json(rule.dimension)},"state":"{state.state}","value":',
            state.value or "null",
            f',"unit":{write_json(rule.unit)},"score":',
            state.score or "null",
            f',"weight":{number_text(rule.weight)},"contribution":',
            state.contribution or "null",
            ',"reads":{',
            listed(f"r_{name}" for name in self._reads[index]),
            '},"because":"',
            *because,
            f'{end}","cite":{write_json(cited(rule.cite))}}}',
        ]
        self._source.line(f"told_criteria += {self._source.parts(pieces)}")

    def _value_text(self, rule: Criterion) -> str:
        """Give the source of the JSON text of a known value."""
        if isinstance(rule.scale, Choices):
            return f"{self._source.constant({value: write_json(value) for value in rule.scale.scores})}[value]"
        if isinstance(rule.scale, Formula):
            return "value_json(value)"
        name = _figure(self._wording, rule)
        return "number(value)" if name is None else f"t_{name}"

    def _value(self, rule: Criterion) -> Phrase:
        """Say a known value."""
        wording = self._wording
        if isinstance(rule.scale, Choices):
            said = {value: escaped(wording.criterion_value(rule, value)) for value in rule.scale.scores}
            return [Slot(f"{self._source.constant(said)}[value]")]
        if isinstance(rule.scale, Formula):
            return [
                Slot(f"escaped({self._source.constant(wording.criterion_value)}({self._source.constant(rule)}, value))")
            ]
        name = _figure(wording, rule)
        unit = rule.unit if name is None else self._texts.holder(name).unit
        return measured(wording, unit, [Slot("value_text")])


@dataclass(frozen=True, slots=True)
class _State:
    """What differs between the states of a criterion; figures are empty where they are null."""

    state: CriterionState
    code: str
    value: Piece = ""
    score: Piece = ""
    contribution: Piece = ""
    said: Phrase = ()


def _value_json(value: Value) -> str:
    """Write the value of a criterion whatever its type."""
    if isinstance(value, date):
        return write_json(value.isoformat())
    return write_json(value) if isinstance(value, bool | Decimal | str) else "null"


def _figure(wording: Wording, rule: Criterion) -> str | None:
    """Name the figure that is a criterion's whole value, if it is one."""
    root = None if rule.value is None else rule.value.root
    return root.name if isinstance(root, Name) and is_figure(wording.rulebook, root.name) else None
