"""What all sentences of an explanation share: the words, the assessment, how sources and facts are told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from service.core.rules.assessment import Assessment, Improvement
from service.core.rules.explaining.citing import cites
from service.core.rules.explaining.shapes import About, Reader, Saying
from service.core.rules.expressions.types import Value
from service.core.rules.model import Citation, Level, Rulebook
from service.core.rules.sentences import Sentences
from service.core.rules.wording import Limit, Wording
from service.core.values import CONTEXT, number_text


@dataclass(frozen=True)
class Voice:
    """One assessment, told to one reader in one language."""

    wording: Wording
    assessment: Assessment
    reader: Reader

    @cached_property
    def sentences(self) -> Sentences:
        """The sentences of the report."""
        return Sentences(self.wording, self.assessment)

    @cached_property
    def unknown(self) -> frozenset[str]:
        """The facts that are asked, or may be, and not known."""
        return frozenset(item.fact for item in self.assessment.unknown)

    @cached_property
    def improvements(self) -> Mapping[str, Improvement]:
        """What the action plan asks to improve, by criterion."""
        return {item.id: item for item in self.assessment.action_plan if isinstance(item, Improvement)}

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook of the assessment."""
        return self.wording.rulebook

    def say(self, code: str, **figures: str) -> str:
        """Fill the figures into the words of a code."""
        return self.wording.say(code, **figures)

    def saying(self, about: About, name: str, head: str, *clauses: str) -> Saying:
        """Make a sentence of a head and clauses; empty ones are left out."""
        return Saying(about, name, self.wording.sentence(head, clauses))

    def listed(self, said: Iterable[str]) -> str:
        """Enumerate."""
        return self.wording.words["enumeration"].join(said)

    def listed_clauses(self, said: Iterable[str]) -> str:
        """Put what is said of several figures into one clause."""
        return self.wording.words["between"].join(said)

    def compared(self, stem: str, value: Decimal, mark: Decimal, /, **figures: str) -> str:
        """Say how a figure stands to a mark, in the words ``<stem>_above``, ``_equal`` or ``_below``."""
        stands = "above" if value > mark else "below" if value < mark else "equal"
        return self.say(f"{stem}_{stands}", **figures)

    def cites(self, citations: Iterable[Citation]) -> str:
        """Say what a rule rests on: titles, articles, levels, and what is not confirmed."""
        return cites(self.wording, citations)

    def level(self, level: Level) -> str:
        """Name the level of a source."""
        return self.wording.words[f"level_{level}"]

    def due(self, code: str) -> str:
        """Say by when; a code without words stays as it is."""
        return self.say("due", due=self.wording.words.get(f"due_{code}", code))

    def reads(self, values: Mapping[str, Value]) -> str:
        """Say every fact that was read, also those that are missing or not asked."""
        if not values:
            return self.wording.words["reads_none"]
        return self.say("reads", facts=self.listed(self._read(name, value) for name, value in values.items()))

    def figure(self, name: str, value: Value, limit: Limit | None) -> str:
        """Say a known value with its name, and how far it is above or below what it is held against."""
        wording = self.wording
        holder = self.rulebook.facts.get(name) or self.rulebook.derived[name]
        said = {"name": wording.label(holder.label), "value": wording.known(name, value)}
        if limit is None or not isinstance(value, Decimal):
            return self.say("basis", **said)
        margin = self.margin(apart(value, limit.value), holder.unit)
        return self.compared("figure", value, limit.value, **said, limit=self.limit(limit, holder.unit), margin=margin)

    def limit(self, limit: Limit, unit: str) -> str:
        """Say a limit; ``unit`` is that of what is held against it."""
        if limit.parameter is None:
            return self.say("bar_number", value=self.wording.measured(limit.value, unit))
        parameter = self.rulebook.parameters[limit.parameter]
        value = self.wording.measured(limit.value, parameter.unit)
        return self.say("bar_parameter", value=value, label=self.wording.label(parameter.label))

    def margin(self, number: Decimal, unit: str) -> str:
        """Say how far two figures of a unit are apart; two percentages by percentage points."""
        if unit == "%":
            return self.say("percentage_points", number=number_text(number))
        return self.wording.measured(number, unit)

    def _read(self, name: str, value: Value) -> str:
        label = self.wording.label(self.rulebook.facts[name].label)
        if value is not None:
            return self.say("read", label=label, id=name, value=self.wording.known(name, value))
        return self.say("read_missing" if name in self.unknown else "read_not_asked", label=label, id=name)


def apart(one: Decimal, other: Decimal) -> Decimal:
    """Give how far two numbers are apart."""
    return CONTEXT.abs(CONTEXT.subtract(one, other))


def figure_text(number: Decimal | None) -> str:
    """Write a figure; nothing where there is none."""
    return "" if number is None else number_text(number)
