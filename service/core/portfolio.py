"""The cases of a meeting as a whole: how many are high-tech, and which clusters they belong to.

A rulebook tells it by two names of its own, facts or derived figures: ``high_tech``, true or false, and ``cluster``, a
text or a choice. What is unknown is counted apart and is never taken for a no. The share that is
wanted is its parameter ``high_tech_target_pct``, in percent.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from service.core.rules.expressions.types import Kind
from service.core.rules.model import Outcome, Rulebook
from service.core.rules.totals import published

HIGH_TECH: Final = "high_tech"
CLUSTER: Final = "cluster"
TARGET: Final = "high_tech_target_pct"
DECIMALS: Final = 2
# What is supported is expected to come, with or without conditions.
SUPPORTED: Final = frozenset({Outcome.APPROVE, Outcome.CONDITIONAL})


@dataclass(frozen=True, slots=True)
class Traits:
    """What a case adds to the whole; None where it is unknown."""

    high_tech: bool | None = None
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A case of the whole, with its outcome as far as there is one."""

    traits: Traits
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class HighTech:
    """The high-tech share of some cases, in percent: what it is at least and at most, for what is unknown.

    The shares are None where there is no case. ``reaches`` says whether the target is reached whatever the unknown
    ones are, or missed; None where that is open, or there is nothing to say it of.
    """

    count: int
    yes: int
    no: int
    unknown: int
    lowest: Decimal | None
    highest: Decimal | None
    target: Decimal | None
    reaches: bool | None


@dataclass(frozen=True, slots=True)
class ClusterCount:
    """How many cases belong to a cluster, of all and of those supported; None is for those not known to be of one."""

    cluster: str | None
    count: int
    supported: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All cases as if every one came, and those supported; the clusters from the largest, the unknown last.

    ``with_each`` are those supported and one case more, for each case in the order given.
    """

    if_all: HighTech
    supported: HighTech
    with_each: tuple[HighTech, ...]
    clusters: tuple[ClusterCount, ...]


def tells(rulebook: Rulebook) -> bool:
    """Whether a rulebook has both names, of the right kinds."""
    return _is(rulebook, HIGH_TECH, Kind.BOOLEAN) and _is(rulebook, CLUSTER, Kind.TEXT)


def traits(rulebook: Rulebook, values: Mapping[str, object]) -> Traits | None:
    """Take a case's part from its facts and derived figures; None where the rulebook does not tell it."""
    if not tells(rulebook):
        return None
    high_tech, cluster = values.get(HIGH_TECH), values.get(CLUSTER)
    return Traits(
        high_tech=high_tech if isinstance(high_tech, bool) else None,
        cluster=cluster if isinstance(cluster, str) else None,
    )


def target(rulebooks: Iterable[Rulebook]) -> Decimal | None:
    """Give the high-tech share wanted, in percent: a parameter of the newest of some rulebooks, if it has it."""
    newest = max(rulebooks, key=lambda one: one.in_force_from, default=None)
    wanted = None if newest is None or TARGET not in newest.parameters else newest.parameters[TARGET].value
    return wanted if isinstance(wanted, Decimal) else None


def portfolio(items: Iterable[Item], wanted: Decimal | None = None) -> Portfolio:
    """Look at cases as a whole; ``wanted`` is the high-tech share to be reached, in percent."""
    everything = tuple(items)
    supported = tuple(item for item in everything if item.outcome in SUPPORTED)
    return Portfolio(
        if_all=_high_tech(everything, wanted),
        supported=_high_tech(supported, wanted),
        with_each=tuple(_high_tech(_with(supported, item), wanted) for item in everything),
        clusters=_clusters(everything, supported),
    )


def _is(rulebook: Rulebook, name: str, kind: Kind) -> bool:
    found = rulebook.derived.get(name) or rulebook.facts.get(name)
    return found is not None and found.type.kind is kind


def _high_tech(items: tuple[Item, ...], target: Decimal | None) -> HighTech:
    counted = Counter(item.traits.high_tech for item in items)
    yes, unknown = counted[True], counted[None]
    lowest, highest = _percent(yes, len(items)), _percent(yes + unknown, len(items))
    return HighTech(
        count=len(items),
        yes=yes,
        no=counted[False],
        unknown=unknown,
        lowest=None if lowest is None else published(lowest, DECIMALS),
        highest=None if highest is None else published(highest, DECIMALS),
        target=target,
        reaches=_reaches(lowest, highest, target),
    )


def _with(supported: tuple[Item, ...], item: Item) -> tuple[Item, ...]:
    return supported if item.outcome in SUPPORTED else (*supported, item)


def _percent(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None


def _reaches(lowest: Fraction | None, highest: Fraction | None, target: Decimal | None) -> bool | None:
    """Compare exact shares, not the rounded ones that are shown."""
    if lowest is None or highest is None or target is None:
        return None
    wanted = Fraction(target)
    return lowest >= wanted if (lowest >= wanted) == (highest >= wanted) else None


def _clusters(everything: tuple[Item, ...], supported: tuple[Item, ...]) -> tuple[ClusterCount, ...]:
    of_all = Counter(item.traits.cluster for item in everything)
    of_supported = Counter(item.traits.cluster for item in supported)
    found = [ClusterCount(cluster, count, of_supported[cluster]) for cluster, count in of_all.items()]
    return tuple(sorted(found, key=lambda one: (one.cluster is None, -one.count, one.cluster or "")))
