"""The order in which names can be settled, and the circles that stand in the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.core.rules.expressions.nodes import Name, parts
from service.core.rules.expressions.nodes import Node as Part
from service.core.rules.expressions.parse import parse
from service.core.rules.reading.nodes import Node, Scalar


def names_in(node: Node | None) -> tuple[str, ...]:
    """Give the names standing in the text of an expression; none where it has no tree."""
    root = parse(node.text)[0] if isinstance(node, Scalar) else None
    return () if root is None else tuple(dict.fromkeys(_names(root)))


def in_order(rests_on: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Order names so that each comes after those it rests on, as far as there is no circle."""
    return tuple(_walk(rests_on).done)


def circles(rests_on: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Find circles of names that rest on one another. At least one of each knot is told, and no name is in two."""
    return tuple(_walk(rests_on).circles)


@dataclass(slots=True)
class _Walk:
    """Goes down from name to name; ``path`` is the way to where it stands."""

    rests_on: Mapping[str, Sequence[str]]
    done: dict[str, None] = field(default_factory=dict)
    circles: list[tuple[str, ...]] = field(default_factory=list)
    path: dict[str, Iterator[str]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)

    def down(self, word: str) -> None:
        self.path[word] = iter(self.rests_on[word])

    def step(self) -> None:
        """Go one name further down, or back up from one that is done."""
        word, rest = next(reversed(self.path.items()))
        for below in rest:
            if below in self.path:
                self._tell(below)
            elif below in self.rests_on and below not in self.done:
                self.down(below)
                return
        del self.path[word]
        self.done[word] = None

    def _tell(self, first: str) -> None:
        way = list(self.path)
        circle = way[way.index(first) :]
        if self.told.isdisjoint(circle):
            self.told.update(circle)
            self.circles.append(tuple(circle))


def _walk(rests_on: Mapping[str, Sequence[str]]) -> _Walk:
    walk = _Walk(rests_on)
    for word in rests_on:
        if word not in walk.done:
            walk.down(word)
        while walk.path:
            walk.step()
    return walk


def _names(part: Part) -> Iterator[str]:
    if isinstance(part, Name):
        yield part.name
    for below in parts(part):
        yield from _names(below)
