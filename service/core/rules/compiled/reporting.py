"""From an account to the text of a report, equal to that of ``report`` to the byte."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from service.core.rules.assessment import CriterionState, GateState, Reason, UnknownFact
from service.core.rules.compiled.accounts import Account
from service.core.rules.compiled.assessing import Assessments, reads
from service.core.rules.compiled.exact import exactly
from service.core.rules.compiled.reasoning import Reasoning
from service.core.rules.compiled.standing import Scoring
from service.core.rules.compiled.telling import Tell, Told
from service.core.rules.compiled.texts import escaped, number, quoted
from service.core.rules.compiled.troubles import Problems
from service.core.rules.judge import criterion_names, gate_names
from service.core.rules.wording import Wording
from service.core.values import number_text


class Reports:
    """The reports of one rulebook in one language."""

    def __init__(self, wording: Wording, tell: Tell, assessments: Assessments, scoring: Scoring) -> None:
        """Take the compiled function; prepare what is the same in every report."""
        rulebook = wording.rulebook
        self._wording = wording
        self._assessments = assessments
        self._scoring = scoring
        self._reasoning = Reasoning(wording)
        self._words = {code: escaped(text) for code, text in wording.words.items()}
        self._tell = tell
        self._gate_places = {gate.id: place for place, gate in enumerate(rulebook.gates)}
        self._gate_reads = reads(rulebook, [gate_names(gate) for gate in rulebook.gates])
        self._criterion_reads = reads(rulebook, [criterion_names(criterion) for criterion in rulebook.criteria])
        self._labels = {name: escaped(wording.label(fact.label)) for name, fact in rulebook.facts.items()}
        self._no_whys = [""] * max(len(rulebook.gates), len(rulebook.criteria))
        self._items = [
            f'{{"id":{quoted(one.id)},"text":{quoted(wording.label(one.text))},"due":{quoted(one.due)}}}'
            for one in rulebook.action_plan.always
        ]
        self._dimensions = [
            (f'{quoted(one.id)}:{{"score":', f',"weight":{number_text(one.weight)}}}')
            for one in rulebook.dimensions.values()
        ]
        self._head = (
            f'{{"rulebook":{{"id":{quoted(rulebook.id)},"edition":{quoted(rulebook.edition)},'
            f'"sha256":{quoted(rulebook.sha256)}}},"facts_sha256":'
        )

    @exactly
    def report(self, account: Account, facts_sha256: str) -> str:
        """Write the report of an account."""
        judged, extremes = account.judged, account.extremes
        gate_whys, criterion_whys = self._whys(account)
        told = self._tell(judged, self._scoring.totals(judged), gate_whys, criterion_whys)
        items = [
            *told.items,
            *(item for item, needed in zip(self._items, account.judged.needed, strict=True) if needed),
        ]
        category = self._assessments.category(account)
        return "".join(
            [
                f'{self._head}"{facts_sha256}","outcome":"{account.outcome}","best_possible":"{extremes.best}",',
                f'"worst_possible":"{extremes.worst}","category":{{"id":{quoted(category.id)},',
                f'"provisional":{"true" if category.provisional else "false"}}},',
                f'"reasons":[{self._reasons(account, told)}],"score":{self._score(account)},"gates":[',
                *told.gates,
                '],"criteria":[',
                *told.criteria,
                f'],"unknown":[{",".join(map(_unknown, account.unknown))}],"derived":{{{told.derived}}},',
                f'"action_plan":[{",".join(items)}]}}',
            ]
        )

    def _whys(self, account: Account) -> tuple[Sequence[str], Sequence[str]]:
        """Say of each gate and criterion why it is unknown; nothing where it is not."""
        gates, criteria = account.judged.gates, account.judged.criteria
        if GateState.UNKNOWN not in gates and CriterionState.UNKNOWN not in criteria:
            return self._no_whys, self._no_whys
        unknown = frozenset(fact.fact for fact in account.unknown)
        told_gates = zip(gates, self._gate_reads, account.gate_problems, strict=True)
        told_criteria = zip(criteria, self._criterion_reads, account.criterion_problems, strict=True)
        return (
            [self._why(unknown, *told) if state is GateState.UNKNOWN else "" for state, *told in told_gates],
            [self._why(unknown, *told) if state is CriterionState.UNKNOWN else "" for state, *told in told_criteria],
        )

    def _why(self, unknown: frozenset[str], names: Iterable[str], problems: Problems) -> str:
        """Say why a rule is unknown, every clause after its joint."""
        words = self._words
        missing = words["enumeration"].join([self._labels[name] for name in names if name in unknown])
        said = [words["missing"].format_map({"facts": missing})] if missing else []
        said += [words[f"problem_{problem}"] for problem in problems]
        return "".join([words["between"] + clause for clause in said or [words["unsettled"]]])

    def _reasons(self, account: Account, told: Told) -> str:
        return ",".join([self._reason(reason, account, told) for reason in account.reasons])

    def _reason(self, reason: Reason, account: Account, told: Told) -> str:
        if reason.gate is not None:
            because = f'"{told.sentences[self._gate_places[reason.gate]]}"'
            return f'{{"code":"{reason.code}","gate":"{reason.gate}","outcome":"{reason.outcome}","because":{because}}}'
        because = self._reasoning.because(reason, account.standing, account.judged.categories)
        return f'{{"code":"{reason.code}","outcome":"{reason.outcome}","because":"{because}"}}'

    def _score(self, account: Account) -> str:
        standing, found = account.standing, account.range
        scored = zip(self._dimensions, standing.dimensions, strict=True)
        dimensions = ",".join([f"{before}{_figure(score)}{after}" for (before, after), score in scored])
        return (
            f'{{"total":{_figure(standing.total)},"lowest":{_figure(found.lowest)},"highest":{_figure(found.highest)},'
            f'"known_only":{_figure(found.known_only)},"completeness":{number(standing.completeness)},'
            f'"outcome":"{standing.outcome}","dimensions":{{{dimensions}}}}}'
        )


def _figure(score: Decimal | None) -> str:
    return "null" if score is None else number(score)


def _unknown(fact: UnknownFact) -> str:
    gates = ",".join([f'"{gate}"' for gate in fact.gates])
    return f'{{"fact":"{fact.fact}","weight_at_stake":{number(fact.weight_at_stake)},"gates":[{gates}]}}'
