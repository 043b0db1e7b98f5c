"""Changing a rulebook one thing at a time, and telling which changes none of its cases notices."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.core.rules.cases import Examples
from service.core.rules.clauses import Way
from service.core.rules.faults import Place
from service.core.rules.model import Rulebook
from service.core.rules.mutation.bench import Bench
from service.core.rules.mutation.kinds import Kind, Mutant
from service.core.rules.mutation.mutants import mutants
from service.core.rules.reading.atlas import Atlas

WORD = "mutant"


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change that no case notices: where to look, how it reads before and after, and what a comment says of it."""

    kind: Kind
    place: Place
    way: Way
    before: str
    after: str
    explanation: str | None


@dataclass(frozen=True, slots=True)
class Mutation:
    """How many mutants of each kind there are and the survivors, in the order of the file.

    ``failing`` are cases that do not pass even without a change; they are not asked.
    """

    made: Mapping[Kind, int]
    survivors: tuple[Survivor, ...]
    failing: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many mutants there are."""
        return sum(self.made.values())

    @property
    def unexplained(self) -> tuple[Survivor, ...]:
        """Give the survivors that no comment explains."""
        return tuple(one for one in self.survivors if one.explanation is None)


def mutate(rulebook: Rulebook, examples: Examples) -> Mutation:
    """Try every mutant of a rulebook on its cases. The rulebook must be as it was loaded."""
    bench, atlas = Bench(rulebook, examples), Atlas(rulebook.source)
    made: Counter[Kind] = Counter()
    survivors = []
    for mutant in mutants(rulebook):
        made[mutant.kind] += 1
        if not bench.notices(mutant.rulebook):
            survivors.append(_survivor(rulebook, atlas, mutant))
    survivors.sort(key=lambda one: one.place)
    return Mutation(made, tuple(survivors), tuple(bench.failing))


def _survivor(rulebook: Rulebook, atlas: Atlas, mutant: Mutant) -> Survivor:
    way = _written_at(rulebook, atlas, mutant.way)
    place = atlas.place_in(way, mutant.at)
    explanation = atlas.explanation(WORD, (mutant.after, mutant.kind.value), way, place)
    return Survivor(mutant.kind, place, way, mutant.before, mutant.after, explanation)


def _written_at(rulebook: Rulebook, atlas: Atlas, way: Way) -> Way:
    """Give the way to where something is written: a parameter in the chosen profile, what is left out at its entry."""
    return next(found for found in _ways(rulebook, way) if atlas.has(found))


def _ways(rulebook: Rulebook, way: Way) -> Iterator[Way]:
    if way[0] == "parameters" and rulebook.profile is not None:
        yield "profiles", rulebook.profile, way[1], *way[3:]
    for length in range(len(way), 0, -1):
        yield way[:length]
