"""What a template says about its columns, in one language."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.core.imports.basis import basis
from service.core.imports.columns import HEADER, NUMBER, Column, Plan, title
from service.core.rules.model import Citation, Fact, FactType, Rulebook, Words
from service.words import sentence

SECTION = "tables"

_NO_UNIT = frozenset({"", "1"})
_LIMITS = ("min", "min_exclusive", "max", "max_exclusive", "decimals")
_KINDS = {
    FactType.INTEGER: "hint_integer",
    FactType.DATE: "hint_date",
    FactType.TEXT: "hint_text",
    FactType.CHOICE: "hint_choice",
    FactType.BOOLEAN: "hint_choice",
}


@dataclass(frozen=True, slots=True)
class Hints:
    """Says of the columns of an edition what belongs into them."""

    rulebook: Rulebook
    language: str

    def say(self, code: str, **figures: object) -> str:
        """Say a code of the section ``tables``."""
        return sentence(self.language, SECTION, code, figures)

    def label(self, words: Words) -> str:
        """Say something that the rulebook has in both languages."""
        return words.zh if self.language == "zh" else words.en

    def hint(self, column: Column) -> str:
        """Say what belongs into a column."""
        said = self._fixed(column) if column.fact is None else self._fact(column.fact)
        return self.say("between").join(said)

    def guide(self, plans: tuple[Plan, ...]) -> Iterator[tuple[str, str, str, str, str]]:
        """Give for every column its name, label, hint, notes and what asks for it."""
        cited = basis(self.rulebook)
        for plan in plans:
            for column in plan.columns:
                if not column.is_told:
                    help_ = "" if column.fact is None or column.fact.help is None else self.label(column.fact.help)
                    citations = cited.get(column.name, ()) if plan.fact is None else ()
                    yield column.name, self.label(column.label), self.hint(column), help_, self.cites(citations)

    def _fixed(self, column: Column) -> Iterator[str]:
        if column.name == NUMBER:
            yield self.say("hint_no")
        elif column.name in HEADER:
            yield self.say("hint_optional" if column.name == HEADER[-1] else "hint_due")

    def _fact(self, fact: Fact) -> Iterator[str]:
        yield from self._kind(fact)
        limits = ((name, getattr(fact.limits, name)) for name in _LIMITS)
        yield from (self.say(f"hint_{name}", limit=limit) for name, limit in limits if limit is not None)
        if fact.required:
            yield self.say("hint_due")
        if fact.asked_when is not None:
            yield self.say("hint_asked", when=" ".join(fact.asked_when.text.split()))
        if fact.evidence.value != "declared":
            yield self.say("hint_evidence", grade=self.say(f"grade_{fact.evidence.value}"))

    def _kind(self, fact: Fact) -> Iterator[str]:
        """Say what is to be written, and in which unit."""
        if fact.kind is FactType.LIST:
            yield self.say("hint_list", sheet=title(Plan(fact.id, fact.label, ()), self.language))
        elif fact.kind in _KINDS:
            yield self.say(_KINDS[fact.kind])
        if fact.unit not in _NO_UNIT:
            yield self.say("hint_percent") if fact.unit == "%" else self.say("hint_unit", unit=fact.unit)

    def cites(self, citations: tuple[Citation, ...]) -> str:
        """Name clauses, each once."""
        return self.say("cites_between").join(dict.fromkeys(map(self._cite, citations)))

    def _cite(self, citation: Citation) -> str:
        source = self.label(self.rulebook.sources[citation.source].title)
        if citation.article is None:
            return self.say("cite", source=source)
        return self.say("cite_article", source=source, article=citation.article)
