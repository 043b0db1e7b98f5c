"""Everything each entry of a rulebook says, with what it leaves out filled in, so that only meanings differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from service.core.rules.comparison.trees import meaning
from service.core.rules.comparison.values import Basis, Formula, Key, Measure, Said, Scaled, Told, Unit
from service.core.rules.comparison.written import Written
from service.core.rules.expressions.nodes import Expression
from service.core.rules.expressions.units import parse_unit
from service.core.rules.model import (
    Category,
    Choices,
    Citation,
    Criterion,
    Derived,
    Dimension,
    Fact,
    Gate,
    Parameter,
    PlannedCondition,
    Rulebook,
    Scale,
    Source,
    Words,
)
from service.core.rules.model import Formula as FormulaScale

_LIMITS: Final = ("min", "max", "min_exclusive", "max_exclusive", "decimals")


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads the entries of one rulebook.

    ``renamed`` are the new names of its names, by section. With ``in_force`` parameters also say what they are under
    the profile that was chosen.
    """

    rulebook: Rulebook
    values: Written
    in_force: bool
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def source(self, source: Source) -> Said:
        """Give what a source says."""
        names = ("title", "level", "in_force_from", "in_force_until", "confirmed")
        return {(name, ""): getattr(source, name) for name in names}

    def parameter(self, parameter: Parameter) -> Said:
        """Give what a parameter says."""
        said: dict[Key, Told] = {
            ("label", ""): parameter.label,
            ("value", ""): self.values.plainly[parameter.id],
            ("unit", ""): _unit(parameter.unit),
        }
        if self.in_force:
            said["in_force", ""] = self.values.in_force[parameter.id]
        return {**said, **dict(self._cited(parameter.cite))}

    def profile(self, name: str) -> Said:
        """Give what a profile sets."""
        renamed = self.renamed.get("parameters", {})
        return {("sets", renamed.get(one, one)): value for one, value in self.values.profiles[name].items()}

    def fact(self, fact: Fact) -> Said:
        """Give what a fact says, but for the fields of a list."""
        limits: Mapping[Key, Told] = {(name, ""): _limit(fact, name) for name in _LIMITS}
        said: Said = {
            ("label", ""): fact.label,
            ("type", ""): fact.kind,
            ("unit", ""): _unit(fact.unit),
            **limits,
            ("required", ""): fact.required,
            ("asked_when", ""): self._formula(fact.asked_when),
            ("evidence", ""): fact.evidence,
            ("group", ""): fact.group or None,
            ("help", ""): fact.help,
        }
        return {**said, **{("choices", choice): words for choice, words in fact.choices.items()}}

    def derived(self, derived: Derived) -> Said:
        """Give what a derived figure says."""
        return {
            ("label", ""): derived.label,
            ("value", ""): self._formula(derived.value),
            ("unit", ""): _unit(derived.unit),
            ("decimals", ""): _number(derived.decimals),
        }

    def gate(self, gate: Gate) -> Said:
        """Give what a gate says."""
        said: Said = {
            ("label", ""): gate.label,
            ("applies_when", ""): self._formula(gate.applies_when),
            ("fails_when", ""): self._formula(gate.fails_when),
            ("on_fail", ""): gate.on_fail,
            ("curable", ""): gate.curable,
            ("cure", ""): gate.cure,
        }
        return {**said, **dict(self._cited(gate.cite))}

    def category(self, category: Category) -> Said:
        """Give what a category says."""
        return {
            ("label", ""): category.label,
            ("when", ""): self._formula(category.when),
            ("best_outcome", ""): category.best_outcome,
        }

    def dimension(self, dimension: Dimension) -> Said:
        """Give what a dimension says."""
        return {("label", ""): dimension.label, ("weight", ""): dimension.weight}

    def criterion(self, criterion: Criterion) -> Said:
        """Give what a criterion says."""
        dimension = self.renamed.get("dimensions", {}).get(criterion.dimension, criterion.dimension)
        said: Said = {
            ("label", ""): criterion.label,
            ("dimension", ""): dimension,
            ("weight", ""): criterion.weight,
            ("applies_when", ""): self._formula(criterion.applies_when),
            ("value", ""): self._formula(criterion.value),
        }
        scale = dict(self._scale(criterion.scale, criterion.unit))
        return {**said, **scale, **dict(self._cited(criterion.cite))}

    def condition(self, condition: PlannedCondition) -> Said:
        """Give what a further condition says."""
        return {
            ("text", ""): condition.text,
            ("when", ""): self._formula(condition.when),
            ("due", ""): condition.due,
        }

    def _formula(self, expression: Expression | None) -> Formula | None:
        if expression is None:
            return None
        names = {**self.renamed.get("parameters", {}), **self.renamed.get("facts", {})}
        names.update(self.renamed.get("derived", {}))
        return Formula(" ".join(expression.text.split()), meaning(expression.root, names))

    def _scale(self, scale: Scale, unit: str) -> Iterator[tuple[Key, Told]]:
        if isinstance(scale, Choices):
            yield from ((("scores", choice), score) for choice, score in scale.scores.items())
        elif isinstance(scale, FormulaScale):
            yield ("score", ""), self._formula(scale.score)
        else:
            yield (type(scale).__name__.lower(), ""), Scaled(scale, unit)

    def _cited(self, cite: tuple[Citation, ...]) -> Iterator[tuple[Key, Told]]:
        renamed = self.renamed.get("sources", {})
        for one in cite:
            source = renamed.get(one.source, one.source)
            yield ("cite", f"{source} {one.article or ''}".strip()), Basis(self._title(one), one.article)

    def _title(self, one: Citation) -> Words:
        return self.rulebook.sources[one.source].title


def _unit(text: str) -> Unit | None:
    """Give a unit; None for none."""
    found = parse_unit(text)
    return Unit(text, found) if found else None


def _limit(fact: Fact, name: str) -> Told:
    found = getattr(fact.limits, name)
    if name == "decimals":
        return _number(found)
    return None if found is None else Measure(found, fact.unit)


def _number(count: int | None) -> Decimal | None:
    return None if count is None else Decimal(count)
