"""Where the parts of a rulebook stand in its file."""

from service.core.rules.clauses import Way
from service.core.rules.expressions.nodes import Node as Part
from service.core.rules.expressions.nodes import start
from service.core.rules.faults import Place
from service.core.rules.reading.atlas import follow
from service.core.rules.reading.nodes import Node, Scalar
from service.core.rules.reading.offsets import Offsets
from service.core.rules.reading.text import Source


class Places:
    """The places of a file that was read: its characters and its tree."""

    def __init__(self, source: Source, root: Node) -> None:
        self._source = source
        self._root = root
        self._texts: dict[Way, Offsets] = {}

    def of(self, way: Way) -> Place:
        """Give the place of what stands at the end of a way."""
        return follow(self._root, way).place

    def of_part(self, way: Way, part: Part) -> Place:
        """Give the place of a part of the expression at the end of a way."""
        if way not in self._texts:
            node = follow(self._root, way)
            if not isinstance(node, Scalar):
                return node.place
            self._texts[way] = Offsets(self._source, node)
        return self._texts[way].place(start(part))

    def has(self, way: Way) -> bool:
        """Say whether something stands at the end of a way."""
        try:
            follow(self._root, way)
        except KeyError:
            return False
        return True
