"""From judged criteria to dimensions and totals, published once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from service.core.rules.assessment import CriterionState, DimensionScore, Score
from service.core.rules.judge import JudgedCriterion
from service.core.rules.model import Rulebook
from service.core.rules.outcomes import score_outcome
from service.core.rules.scales import extent
from service.core.rules.totals import Part, Whole, published, whole


@dataclass(frozen=True, slots=True)
class Scored:
    """The published score, the exact dimensions behind it, and the exact share of each applicable criterion.

    ``dimensions`` are those with a criterion that applies or may; ``shares`` says, by id, what one point of a criterion
    adds to the total (missing where that is nothing).
    """

    score: Score
    dimensions: tuple[Part, ...]
    shares: Mapping[str, Fraction]


def score_criteria(rulebook: Rulebook, criteria: Sequence[JudgedCriterion]) -> Scored:
    """Add up the criteria that apply; an unknown one counts 0."""
    applicable = [criterion for criterion in criteria if criterion.state is not CriterionState.NOT_APPLICABLE]
    wholes = {
        name: whole(part(criterion) for criterion in applicable if criterion.rule.dimension == name)
        for name in rulebook.dimensions
    }
    parts = tuple(
        dimension.part(rulebook.dimensions[name].weight) for name, dimension in wholes.items() if dimension is not None
    )
    return Scored(_score(rulebook, applicable, wholes, whole(parts)), parts, _shares(rulebook, applicable))


def part(criterion: JudgedCriterion) -> Part:
    """Say where an applicable criterion stands in its dimension, and between which scores it may come to stand."""
    weight = Fraction(criterion.rule.weight)
    if criterion.score is not None:
        return Part(weight, criterion.score, criterion.score, criterion.score, criterion.score, optional=False)
    lowest, highest = extent(criterion.rule.scale)
    return Part(weight, Fraction(0), lowest, highest, None, criterion.optional)


def _score(
    rulebook: Rulebook,
    applicable: Sequence[JudgedCriterion],
    wholes: Mapping[str, Whole | None],
    found: Whole | None,
) -> Score:
    decimals = rulebook.decision.decimals
    dimensions = {
        name: DimensionScore(_figures(dimension, decimals)[0], rulebook.dimensions[name].weight)
        for name, dimension in wholes.items()
    }
    total, lowest, highest, known_only = _figures(found, decimals)
    scores = [dimension.score for dimension in dimensions.values() if dimension.score is not None]
    return Score(
        total=total,
        lowest=lowest,
        highest=highest,
        known_only=known_only,
        completeness=_completeness(applicable, decimals),
        outcome=score_outcome(rulebook.decision, total, scores),
        dimensions=dimensions,
    )


def _completeness(applicable: Sequence[JudgedCriterion], decimals: int) -> Decimal:
    known = _weight(criterion for criterion in applicable if criterion.state is CriterionState.KNOWN)
    weight = _weight(applicable)
    return published(100 * known / weight if weight else Fraction(100), decimals)


def _shares(rulebook: Rulebook, applicable: Sequence[JudgedCriterion]) -> dict[str, Fraction]:
    """Give what one point of each applicable criterion adds to the total; nothing where no weight is counted."""
    inside = {
        name: _weight(criterion for criterion in applicable if criterion.rule.dimension == name)
        for name in rulebook.dimensions
    }
    counted = {name: Fraction(rulebook.dimensions[name].weight) for name, weight in inside.items() if weight}
    total = sum(counted.values(), Fraction(0))
    return {
        criterion.rule.id: counted[name] / total * Fraction(criterion.rule.weight) / inside[name]
        for criterion in applicable
        if total and (name := criterion.rule.dimension) in counted
    }


def _weight(criteria: Iterable[JudgedCriterion]) -> Fraction:
    return sum((Fraction(criterion.rule.weight) for criterion in criteria), Fraction(0))


def _figures(found: Whole | None, decimals: int) -> tuple[Decimal | None, ...]:
    """Publish the score of a whole, its lowest, its highest and what is known alone."""
    if found is None:
        return None, None, None, None
    figures = (found.score, found.lowest, found.highest, found.known)
    return tuple(None if figure is None else published(figure, decimals) for figure in figures)
