"""Where the parts of a rulebook stand in its file."""

from dataclasses import dataclass

from service.core.rules.clauses import Way
from service.core.rules.expressions.nodes import Node as Part
from service.core.rules.expressions.nodes import start
from service.core.rules.faults import Place
from service.core.rules.reading.atlas import follow
from service.core.rules.reading.nodes import Node, Scalar
from service.core.rules.reading.offsets import place_of
from service.core.rules.reading.text import Source


@dataclass(frozen=True, slots=True)
class Places:
    """The tree of a file that was read, and its characters."""

    source: Source
    root: Node

    def of(self, way: Way) -> Place:
        """Give the place of what stands at the end of a way."""
        return follow(self.root, way).place

    def of_part(self, way: Way, part: Part) -> Place:
        """Give the place of a part of the expression at the end of a way."""
        node = follow(self.root, way)
        return place_of(self.source, node, start(part)) if isinstance(node, Scalar) else node.place

    def has(self, way: Way) -> bool:
        """Say whether something stands at the end of a way."""
        try:
            follow(self.root, way)
        except KeyError:
            return False
        return True
