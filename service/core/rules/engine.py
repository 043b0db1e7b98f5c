"""A rulebook at work: reads facts, assesses them, writes the report.

It works with the compiled form of the rulebook; the plain modules ``facts``, ``assess`` and ``report`` say what that
has to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.core.rules import report
from service.core.rules.assess import asked, assess
from service.core.rules.assessment import Assessment
from service.core.rules.compiled.rulebook import CompiledRulebook, Decided, Explained
from service.core.rules.facts import Facts
from service.core.rules.model import Rulebook
from service.core.rules.waiving import NOTHING
from service.core.values import Json


@dataclass(frozen=True, slots=True)
class Engine:
    """One rulebook with the words of its reports: language, then code, then sentence (section ``assessment``)."""

    rulebook: Rulebook
    words: Mapping[str, Mapping[str, str]]
    _compiled: CompiledRulebook = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the compiled form; nothing is compiled before it is needed."""
        object.__setattr__(self, "_compiled", CompiledRulebook(self.rulebook, self.words))

    def prepare(self) -> None:
        """Compile everything now, so that no later call waits for it."""
        self._compiled.prepare()

    def read(self, raw: Mapping[str, Json]) -> Facts:
        """Read facts as JSON gave them. Raises ``InvalidError`` with every flaw."""
        return self._compiled.read(raw)

    def decide(self, given: Facts, waived: frozenset[str] = NOTHING) -> Decided:
        """Decide facts that this engine read, without saying why; ``waived`` are ids of gates."""
        return _decided(self.assess(given, waived)) if waived else self._compiled.decide(given)

    def assess(self, given: Facts, waived: frozenset[str] = NOTHING) -> Assessment:
        """Assess facts that this engine read; ``waived`` are ids of gates."""
        return assess(self.rulebook, given, waived) if waived else self._compiled.assess(given)

    def report(self, assessment: Assessment, language: str) -> str:
        """Write an assessment as one line of JSON, in ``zh`` or ``en``."""
        return report.report(self.rulebook, assessment, self.words, language)

    def explain(self, given: Facts, language: str, waived: frozenset[str] = NOTHING) -> str:
        """Assess facts that this engine read and write the report: the same in one step, and much sooner.

        With ``waived`` gates it is the plain modules that do it, and not sooner.
        """
        if waived:
            return self.report(self.assess(given, waived), language)
        return self._compiled.explain(given, language)

    def explain_in_each(self, given: Facts, waived: frozenset[str] = NOTHING) -> Explained:
        """Decide facts that this engine read and write the report in every language, thinking once."""
        if waived:
            found = self.assess(given, waived)
            return Explained(_decided(found), {language: self.report(found, language) for language in self.words})
        return self._compiled.explain_in_each(given)

    def asked(self, given: Facts) -> frozenset[str]:
        """Name the facts that are asked, or may be."""
        return asked(self.rulebook, given)

    def unanswered(self, given: Facts) -> tuple[str, ...]:
        """Name the required facts that are asked, or may be, and not known, in the order of the rulebook."""
        return tuple(name for name in self._compiled.missing(given) if self.rulebook.facts[name].required)


def _decided(assessment: Assessment) -> Decided:
    return Decided(
        assessment.outcome,
        assessment.category,
        tuple(gate.state for gate in assessment.gates),
        assessment.score.total,
        tuple(dimension.score for dimension in assessment.score.dimensions.values()),
        assessment.score.completeness,
        tuple(gate.rule.id for gate in assessment.gates if gate.waived),
    )
