"""Where each thing of a sound rules file stands, and what comments say of it."""

import re
from collections.abc import Collection, Iterator

from service.core.rules.clauses import Way
from service.core.rules.faults import Place
from service.core.rules.reading.collect import Faults
from service.core.rules.reading.nodes import Listing, Node, Scalar, Table
from service.core.rules.reading.offsets import place_of
from service.core.rules.reading.text import Source, decode
from service.core.rules.reading.yaml import compose

_COMMENT = re.compile(r"\s*#")
_EXPLANATION = re.compile(r"#\s*(?P<word>[a-z]+)\b(?P<only>[^:：`]*(?:`[^`]*`[^:：`]*)*)[:：]\s*(?P<why>\S.*?)\s*$")
_QUOTED = re.compile(r"`([^`]*)`")


class Atlas:
    """The places of a file that was loaded without a fault."""

    def __init__(self, content: bytes) -> None:
        """Read the file. Raises ``ValueError`` if it is no YAML."""
        source, _ = decode(content)
        root = None if source is None else compose(source, (), Faults())
        if source is None or root is None:
            raise ValueError
        self._source: Source = source
        self._root: Node = root
        self._lines = source.text.splitlines()

    def place(self, way: Way) -> Place:
        """Give the place of what stands at the end of a way. Raises ``KeyError`` if nothing does."""
        return self._node(way).place

    def place_in(self, way: Way, offset: int) -> Place:
        """Give the place of a character of the text at the end of a way."""
        node = self._node(way)
        return place_of(self._source, node, offset) if isinstance(node, Scalar) else node.place

    def has(self, way: Way) -> bool:
        """Say whether something stands at the end of a way."""
        try:
            self._node(way)
        except KeyError:
            return False
        return True

    def explanation(self, word: str, names: Collection[str], way: Way, place: Place) -> str | None:
        """Give what a comment says of something: ``# word: why``, or ``# word `name`: why`` for what has that name.

        The comment stands on the line of the place or of the key at the end of the way, or right above one of them.
        """
        for line in dict.fromkeys([place.line, self.place(way).line]):
            for comment in self._comments(line):
                only = _QUOTED.findall(comment["only"])
                if comment["word"] == word and (not only or not set(only).isdisjoint(names)):
                    return str(comment["why"])
        return None

    def _comments(self, line: int) -> Iterator[re.Match[str]]:
        """Give the explanations on a line, and on the lines above it that hold nothing but comments."""
        lines = [self._lines[line - 1]]
        for above in reversed(self._lines[: line - 1]):
            if not _COMMENT.match(above):
                break
            lines.append(above)
        yield from (found for text in lines if (found := _EXPLANATION.search(text)) is not None)

    def _node(self, way: Way) -> Node:
        return follow(self._root, way)


def follow(root: Node, way: Way) -> Node:
    """Give what stands at the end of a way. Raises ``KeyError`` if nothing does."""
    node = root
    for step in way:
        node = _below(node, step)
    return node


def _below(node: Node, step: str | int) -> Node:
    if isinstance(node, Table):
        found = [value for key, value in node.entries if key.text == step]
    elif isinstance(node, Listing) and isinstance(step, int):
        found = list(node.items[step : step + 1])
    else:
        found = [item for item in node.items if _id(item) == step] if isinstance(node, Listing) else []
    if not found:
        raise KeyError(step)
    return found[0]


def _id(node: Node) -> str | None:
    keys = node.entries if isinstance(node, Table) else ()
    return next((value.text for key, value in keys if key.text == "id" and isinstance(value, Scalar)), None)
