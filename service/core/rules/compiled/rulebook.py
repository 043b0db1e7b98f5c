"""A rulebook compiled to Python functions: reads, decides, assesses and reports what the plain modules do, sooner.

What the functions say is tested against ``facts``, ``assess`` and ``report``, to the byte.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from service.core.rules.assessment import Assessment, CategoryResult, GateState, Reason
from service.core.rules.compiled.accounts import Accounts
from service.core.rules.compiled.assessing import Assessments
from service.core.rules.compiled.judging import Judged, judge_module
from service.core.rules.compiled.reading import reader, reading_module
from service.core.rules.compiled.reporting import Reports
from service.core.rules.compiled.source import Module
from service.core.rules.compiled.standing import Scoring, Standing
from service.core.rules.compiled.telling import telling_module
from service.core.rules.facts import Facts
from service.core.rules.model import Outcome, Rulebook
from service.core.rules.wording import Wording
from service.core.values import Json


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, without the reasons: gates and dimensions in the order of the file, figures published.

    ``waived`` are the ids of the gates that were waived.
    """

    outcome: Outcome
    category: CategoryResult
    gates: tuple[GateState, ...]
    total: Decimal | None
    dimensions: tuple[Decimal | None, ...]
    completeness: Decimal
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """What was decided, and the report of it by language."""

    decided: Decided
    reports: Mapping[str, str]


class CompiledRulebook:
    """The functions of one rulebook, each compiled when it is first needed."""

    def __init__(self, rulebook: Rulebook, words: Mapping[str, Mapping[str, str]]) -> None:
        """Take a rulebook and the words of its reports (section ``assessment``)."""
        self._rulebook = rulebook
        self._words = words
        self._reports: dict[str, Reports] = {}

    @cached_property
    def read(self) -> Callable[[Mapping[str, Json]], Facts]:
        """Read facts as JSON gave them. Raises ``InvalidError`` with every flaw."""
        return reader(self._rulebook, reading_module(self._rulebook))

    def decide(self, facts: Facts) -> Decided:
        """Decide, without saying why."""
        return self._decided(*self._accounts.verdict(facts.values))

    def assess(self, facts: Facts) -> Assessment:
        """Assess facts."""
        return self._assessments.assessment(self._accounts.account(facts.values), facts.sha256)

    def explain(self, facts: Facts, language: str) -> str:
        """Write the report of facts at once, in ``zh`` or ``en``."""
        return self._report(language).report(self._accounts.account(facts.values), facts.sha256)

    def explain_in_each(self, facts: Facts) -> Explained:
        """Decide, and write the report of facts in every language."""
        account = self._accounts.account(facts.values)
        return Explained(
            self._decided(account.judged, account.standing, account.reasons),
            {language: self._report(language).report(account, facts.sha256) for language in self._words},
        )

    def prepare(self) -> None:
        """Compile everything now."""
        nothing = self.read({})
        self.assess(nothing)
        for language in self._words:
            self.explain(nothing, language)

    def missing(self, facts: Facts) -> tuple[str, ...]:
        """Name the facts that are asked, or may be, and not known, in the order of the rulebook."""
        return self._accounts.verdict(facts.values)[0].missing

    def modules(self) -> tuple[Module, ...]:
        """Give the source of everything that is compiled, to be looked at."""
        wordings = [Wording(self._rulebook, self._words[language], language) for language in self._words]
        telling = [telling_module(wording, self._scoring) for wording in wordings]
        return reading_module(self._rulebook), judge_module(self._rulebook), *telling

    @cached_property
    def _scoring(self) -> Scoring:
        return Scoring(self._rulebook)

    @cached_property
    def _accounts(self) -> Accounts:
        return Accounts(self._rulebook, self._scoring, judge_module(self._rulebook).function("judge"))

    @cached_property
    def _assessments(self) -> Assessments:
        return Assessments(self._rulebook, self._scoring)

    def _decided(self, judged: Judged, standing: Standing, reasons: Sequence[Reason]) -> Decided:
        category = self._rulebook.categories[judged.categories[0]].id
        return Decided(
            reasons[0].outcome if reasons else Outcome.APPROVE,
            CategoryResult(category, provisional=len(judged.categories) > 1),
            judged.gates,
            standing.total,
            standing.dimensions,
            standing.completeness,
        )

    def _report(self, language: str) -> Reports:
        if language not in self._reports:
            wording = Wording(self._rulebook, self._words[language], language)
            tell = telling_module(wording, self._scoring).function("tell")
            self._reports[language] = Reports(wording, tell, self._assessments, self._scoring)
        return self._reports[language]
