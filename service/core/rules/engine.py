"""A rulebook at work: reads facts, assesses them, writes the report."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.core.rules import assess, facts, report
from service.core.rules.assessment import Assessment
from service.core.rules.facts import Facts
from service.core.rules.model import Rulebook
from service.core.values import Json


@dataclass(frozen=True, slots=True)
class Engine:
    """One rulebook with the words of its reports: language, then code, then sentence (section ``assessment``)."""

    rulebook: Rulebook
    words: Mapping[str, Mapping[str, str]]

    def read(self, raw: Mapping[str, Json]) -> Facts:
        """Read facts as JSON gave them. Raises ``InvalidError`` with every flaw."""
        return facts.read(self.rulebook, raw)

    def assess(self, given: Facts) -> Assessment:
        """Assess facts that this engine read."""
        return assess.assess(self.rulebook, given)

    def report(self, assessment: Assessment, language: str) -> str:
        """Write an assessment as one line of JSON, in ``zh`` or ``en``."""
        return report.report(self.rulebook, assessment, self.words, language)

    def unanswered(self, given: Facts) -> tuple[str, ...]:
        """Name the required facts that are asked, or may be, and not known, in the order of the rulebook."""
        return assess.unanswered(self.rulebook, given)
