"""Tables and lists whose shape is known: what must be there, what may be, and readers for each."""

from collections.abc import Iterator
from typing import TypeVar, overload

from service.core.rules.faults import Fault, Place, Severity
from service.core.rules.model import Words
from service.core.rules.reading import keys
from service.core.rules.reading.collect import Faults
from service.core.rules.reading.nodes import Listing, Node, Scalar, Table
from service.core.rules.reading.scalars import Read, refuse, text

T = TypeVar("T")
NOTHING = Words("", "")


class Entry:
    """One table of the file with the keys it may have. Where the node is no table it has none of them."""

    def __init__(self, node: Node, faults: Faults, required: str, optional: str = "") -> None:
        """Note unknown keys at the key, and missing ones at the first line of the table. Keys are split at spaces."""
        self.place: Place = node.place
        self._faults = faults
        self._nodes: dict[str, Node] = {}
        self._keys: dict[str, Place] = {}
        self._misspelt: set[str] = set()
        self.unknown: list[str] = []
        self._is_whole = isinstance(node, Table) and node.whole
        if not isinstance(node, Table):
            refuse(node, "table", faults)
            return
        known = [*required.split(), *optional.split()]
        for key, value in node.entries:
            self._take(key, value, known)
        for missing in required.split():
            self.require(missing)

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def lacks(self, *keys: str) -> bool:
        """Say whether the table has none of these keys, and none that is one of them misspelt."""
        return self._is_whole and not any(key in self._nodes or key in self._misspelt for key in keys)

    def require(self, key: str) -> None:
        """Note that a key is missing, if it is."""
        if self.lacks(key):
            self._faults.form(self.place, "key_missing", key=key)

    def node(self, key: str) -> Node | None:
        """Give the node of a key, if it is there."""
        return self._nodes.get(key)

    def at(self, key: str) -> Place:
        """Give the place of a key's value, or of the table where it is missing."""
        return self._nodes[key].place if key in self._nodes else self.place

    def key_at(self, key: str) -> Place:
        """Give the place of a key, or of the table where it is missing."""
        return self._keys.get(key, self.place)

    @overload
    def get(self, key: str, read: Read[T]) -> T | None: ...

    @overload
    def get(self, key: str, read: Read[T], otherwise: T) -> T: ...

    def get(self, key: str, read: Read[T], otherwise: T | None = None) -> T | None:
        """Read the value of a key; ``otherwise`` where it is missing or at fault."""
        node = self._nodes.get(key)
        found = None if node is None else read(node, self._faults)
        return otherwise if found is None else found

    def _take(self, key: Scalar, value: Node, known: list[str]) -> None:
        meant, wide = _before_wide_colon(key.text)
        if key.text in known:
            self._nodes[key.text], self._keys[key.text] = value, key.place
        elif meant in known:
            place = Place(key.place.line, key.place.column + len(meant))
            self._faults.form(place, "yaml_full_width", found=wide, meant=":")
            self._misspelt.add(meant)
        else:
            close = self._faults.unknown(Fault(key.place, Severity.FORM, "key_unknown", {"found": key.text}), known)
            self._misspelt.update([close] if close else [])
            self.unknown.append(key.text)


def items(node: Node | None, faults: Faults) -> tuple[Node, ...]:
    """Give the nodes of a list; none where there is no list."""
    if isinstance(node, Listing):
        return node.items
    if node is not None:
        refuse(node, "list", faults)
    return ()


def each(read: Read[T]) -> Read[tuple[T, ...]]:
    """Read a list of the same; what is at fault is left out."""

    def read_all(node: Node, faults: Faults) -> tuple[T, ...] | None:
        if not isinstance(node, Listing):
            refuse(node, "list", faults)
            return None
        found = (read(item, faults) for item in node.items)
        return tuple(item for item in found if item is not None)

    return read_all


def rows(node: Node | None, faults: Faults) -> Iterator[tuple[str, Scalar, Node]]:
    """Give the key, as text and as node, and the value of each entry of a table."""
    if isinstance(node, Table):
        yield from ((key.text, key, value) for key, value in node.entries)
    elif node is not None:
        refuse(node, "table", faults)


def words(node: Node, faults: Faults) -> Words | None:
    """Read something said in both languages."""
    entry = Entry(node, faults, *keys.WORDS)
    zh, en = entry.get("zh", text), entry.get("en", text)
    return None if zh is None or en is None else Words(zh, en)


def _before_wide_colon(key: str) -> tuple[str, str]:
    before, wide, _ = key.partition("：")
    return before.strip(), wide
