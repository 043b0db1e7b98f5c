"""From exact sums to published scores: where a case stands, and between which scores it may come to stand.

The same as ``score``, ``totals`` and the scores of ``outcomes``, in decimals. Everything here runs under ``EXACT``.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from service.core.rules.assessment import CriterionState
from service.core.rules.compiled.exact import ONE, ZERO, Figure, Item, Rounding, aligned, average, greatest, least
from service.core.rules.compiled.judging import Judged, Sum, common_denominator, shares
from service.core.rules.compiled.scales import times
from service.core.rules.model import Mark, Outcome, Rulebook
from service.core.rules.outcomes import Extremes, best, worst
from service.core.rules.scales import extent

HUNDRED = Decimal(100)


class Standing(NamedTuple):
    """Published: the total, the dimensions in the order of the file, completeness, and what the score alone gives."""

    total: Decimal | None
    dimensions: tuple[Decimal | None, ...]
    completeness: Decimal
    outcome: Outcome


class Prospect(NamedTuple):
    """A dimension that counts, or may: its weight, between what it may come to stand, and what is known of it."""

    weight: Decimal
    lowest: Figure
    highest: Figure
    known: Figure | None
    optional: bool


class Range(NamedTuple):
    """Published totals while something is unknown, and what may become of the score."""

    lowest: Decimal | None
    highest: Decimal | None
    known_only: Decimal | None
    extremes: Extremes


class Scoring:
    """The scores of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Prepare what does not depend on facts."""
        decision = rulebook.decision
        places = {name: place for place, name in enumerate(rulebook.dimensions)}
        self.rounding = Rounding(decision.decimals)
        self.common = Decimal(common_denominator(rulebook))
        self.places = [places[criterion.dimension] for criterion in rulebook.criteria]
        self.weights = [dimension.weight for dimension in rulebook.dimensions.values()]
        self._all = HUNDRED * self.rounding.halves
        self._complete = self.rounding.published(self._all, ONE)
        self._weights = [criterion.weight for criterion in rulebook.criteria]
        self._extents = [tuple(times(end, shares(rulebook)) for end in extent(one.scale)) for one in rulebook.criteria]
        self._marks = (
            (Outcome.APPROVE, decision.approve),
            (Outcome.CONDITIONAL, decision.conditional),
            (Outcome.DEFER, decision.defer),
        )

    def standing(self, judged: Judged) -> Standing:
        """Publish what stands now; what is unknown counts 0."""
        published, common = self.rounding.published, self.common
        dimensions: list[Decimal | None] = []
        counted: list[Decimal] = []
        parts = []
        for own, (scores, weight, _) in zip(self.weights, judged.dimensions, strict=True):
            if weight:
                counted.append(published(scores, weight * common))
                dimensions.append(counted[-1])
                if own:
                    parts.append((own, scores, weight))
            else:
                dimensions.append(None)
        whole = average(parts)
        total = None if whole is None else self._published(whole)
        completeness = self._completeness(judged.dimensions)
        return Standing(total, tuple(dimensions), completeness, self._outcome(total, counted))

    def totals(self, judged: Judged) -> list[Decimal]:
        """Give, for each dimension, what a criterion's share of the total stands above: 1 where there is no total."""
        pairs = zip(self.weights, judged.dimensions, strict=True)
        whole = sum((weight for weight, one in pairs if one.weight), ZERO)
        return [self.common * one.weight * whole or ONE for one in judged.dimensions]

    def range(self, judged: Judged) -> Range:
        """Publish between which figures the totals may come to stand once everything is known."""
        found = (self._prospect(place, judged) for place in range(len(self.weights)))
        prospects = [prospect for prospect in found if prospect is not None]
        lowest, highest = (
            None if end is None else self._published(end) for end in (_lowest(prospects), _highest(prospects))
        )
        known = average((one.weight, *one.known) for one in prospects if one.weight and one.known is not None)
        known_only = None if known is None else self._published(known)
        return Range(lowest, highest, known_only, self._extremes(prospects, lowest))

    def _completeness(self, sums: Iterable[Sum]) -> Decimal:
        unknown = sum((one.unknown for one in sums), ZERO)
        if not unknown:
            return self._complete
        weight = sum((one.weight for one in sums), ZERO)
        return self.rounding.published(self._all * (weight - unknown), weight)

    def _published(self, figure: Figure) -> Decimal:
        """Publish a figure whose scores are in shares of the common denominator."""
        return self.rounding.published(figure.above, figure.below * self.common)

    def _outcome(self, total: Decimal | None, dimensions: Sequence[Decimal]) -> Outcome:
        """Say what published scores alone give; ``dimensions`` are those that count."""
        if total is None:
            return Outcome.DEFER
        least_dimension = min(dimensions)
        for outcome, mark in self._marks:
            if total >= mark.total and least_dimension >= mark.each_dimension:
                return outcome
        return Outcome.REJECT

    def _prospect(self, place: int, judged: Judged) -> Prospect | None:
        known = judged.dimensions[place].weight - judged.dimensions[place].unknown
        low = high = judged.dimensions[place].scores
        weight, optional = known, []
        for index, own in enumerate(self.places):
            if own == place and judged.criteria[index] is CriterionState.UNKNOWN and self._weights[index]:
                if judged.unsure[index]:
                    optional.append(index)
                else:
                    weight += self._weights[index]
                    low += self._weights[index] * self._extents[index][0]
                    high += self._weights[index] * self._extents[index][1]
        lowest = least(Figure(low, weight), [Item(self._weights[index], self._extents[index][0]) for index in optional])
        highest = greatest(
            Figure(high, weight), [Item(self._weights[index], self._extents[index][1]) for index in optional]
        )
        if lowest is None or highest is None:
            return None
        scored = Figure(judged.dimensions[place].scores, known) if known else None
        return Prospect(self.weights[place], lowest, highest, scored, optional=not weight)

    def _extremes(self, prospects: Sequence[Prospect], lowest: Decimal | None) -> Extremes:
        """Say what may become of the score, as ``outcomes.score_extremes`` does."""
        no_total = [Outcome.DEFER] if all(prospect.optional for prospect in prospects if prospect.weight) else []
        reachable = (outcome for outcome, mark in self._marks if self._can_reach(mark, prospects))
        floors = [self._published(prospect.lowest) for prospect in prospects]
        return Extremes(
            best([next(reachable, Outcome.REJECT), *no_total]), worst([self._outcome(lowest, floors), *no_total])
        )

    def _can_reach(self, mark: Mark, prospects: Sequence[Prospect]) -> bool:
        short = [prospect for prospect in prospects if self._published(prospect.highest) < mark.each_dimension]
        highest = _highest([prospect for prospect in prospects if prospect not in short])
        certain = all(prospect.optional for prospect in short)
        return certain and highest is not None and self._published(highest) >= mark.total


def _lowest(prospects: Sequence[Prospect]) -> Figure | None:
    return _extreme(prospects, [prospect.lowest for prospect in prospects], least)


def _highest(prospects: Sequence[Prospect]) -> Figure | None:
    return _extreme(prospects, [prospect.highest for prospect in prospects], greatest)


def _extreme(
    prospects: Sequence[Prospect],
    ends: Sequence[Figure],
    choose: Callable[[Figure, Sequence[Item]], Figure | None],
) -> Figure | None:
    """Give the extreme total of dimensions that stand at these ends; those without weight change nothing."""
    values, common = aligned(ends)
    pairs = [(prospect, value) for prospect, value in zip(prospects, values, strict=True) if prospect.weight]
    above = sum((prospect.weight * value for prospect, value in pairs if not prospect.optional), ZERO)
    weight = sum((prospect.weight for prospect, _ in pairs if not prospect.optional), ZERO)
    found = choose(
        Figure(above, weight), [Item(prospect.weight, value) for prospect, value in pairs if prospect.optional]
    )
    return None if found is None else Figure(found.above, found.below * common)
