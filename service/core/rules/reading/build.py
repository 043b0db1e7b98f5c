"""From ruamel's events to nodes, within limits, refusing what no rules file needs."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from service.core.rules.faults import Fault, Place
from service.core.rules.reading.collect import Faults, shortened
from service.core.rules.reading.nodes import PLAIN, UNREAD, Listing, Node, Scalar, Table
from service.core.rules.reading.text import FORBIDDEN, Source

MOST_DEPTH = 32
MOST_NODES = 20_000
MOST_BREAKS = 20


class EnoughError(Exception):
    """The file is beyond a limit; ends the reading."""


@dataclass(slots=True)
class _Frame:
    """A list or table that is still open. A table holds keys and values in turn."""

    place: Place
    is_table: bool
    nodes: list[Node] = field(default_factory=list)

    def lacks_value(self) -> bool:
        """Whether a key waits for its value."""
        return self.is_table and len(self.nodes) % 2 == 1


class Building:
    """The nodes built so far; never recursive, as depth is the file's to choose."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self.root: Node | None = None
        self._place = Place(1, 1)
        self._source = source
        self._faults = faults
        self._open: list[_Frame] = []
        self._nodes = 0
        self._documents = 0
        self._resumes = False
        self._breaks = 0

    def take(self, event: Event) -> None:
        """Take the next event. Raises ``EnoughError`` beyond a limit."""
        if isinstance(event, NodeEvent):
            self._place = _place(event)
            self._nodes += 1
            self._limit(len(self._open), MOST_DEPTH, "yaml_too_deep")
            self._limit(self._nodes, MOST_NODES, "yaml_too_many_nodes")
            self._node(event)
        elif isinstance(event, CollectionEndEvent):
            self._close()
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._faults.form(_place(event), "yaml_documents")
                raise EnoughError

    def interrupt(self, fault: Fault, section: str | None) -> None:
        """Note a fault that ends the section it is in; what is taken next goes on with the next section.

        ``section`` is the one whose first line has the fault. Where it is not begun yet, the one before is complete.
        """
        self._faults.add(fault)
        if not self._open:
            self._open.append(_Frame(fault.place, is_table=True))
        root = self._open[0]
        self._breaks += 1
        if not root.is_table or self._breaks > MOST_BREAKS:
            raise EnoughError
        begun = section is None or section in [node.text for node in root.nodes[-2:] if isinstance(node, Scalar)]
        while len(self._open) > 1:
            self._abandon(complete=not begun)
        if begun:
            del root.nodes[-1:]
        else:
            self._fill(root, fault.place)
            root.nodes.append(Scalar(fault.place, section or "", PLAIN, 0))
        self._fill(root, fault.place)
        self.root = self._table(root)
        self._documents = 0
        self._resumes = True

    def _abandon(self, *, complete: bool) -> None:
        frame = self._open[-1]
        if complete:
            self._fill(frame, frame.place)
            self._close()
        else:
            del self._open[-1]

    def _fill(self, frame: _Frame, place: Place) -> None:
        if frame.lacks_value():
            frame.nodes.append(Scalar(place, "", UNREAD, 0))

    def _node(self, event: NodeEvent) -> None:
        refused = self._refuse_properties(event)
        if isinstance(event, CollectionStartEvent):
            self._begin(event)
        elif refused or not isinstance(event, ScalarEvent):
            self._put(Scalar(self._place, "", UNREAD, event.start_mark.index))
        elif event.value or event.style or self._open:
            self._refuse_hidden(event)
            self._put(Scalar(self._scalar_place(event), event.value, event.style or PLAIN, event.start_mark.index))
        self._resumes = False

    def _begin(self, event: CollectionStartEvent) -> None:
        if not self._resumes:
            self._open.append(_Frame(self._place, isinstance(event, MappingStartEvent)))

    def _scalar_place(self, event: ScalarEvent) -> Place:
        """Give the place of a text; that of its key where there is none."""
        frame = self._open[-1] if self._open else None
        if event.value or event.style or frame is None or not frame.lacks_value():
            return self._place
        return frame.nodes[-1].place

    def _refuse_properties(self, event: NodeEvent) -> bool:
        """Refuse tags, aliases and anchors; say whether there was one."""
        if getattr(event, "ctag", None) is not None:
            at = self._source.text.rfind("!", 0, event.start_mark.index + 1)
            self._faults.form(self._source.place(at), "yaml_tag")
        elif isinstance(event, AliasEvent):
            self._faults.form(self._place, "yaml_alias")
        elif event.anchor is not None:
            self._faults.form(self._place, "yaml_anchor")
        else:
            return False
        return True

    def _refuse_hidden(self, event: ScalarEvent) -> None:
        """Refuse characters that only an escape can write."""
        hidden = FORBIDDEN.search(event.value) if event.style == '"' else None
        if hidden is not None:
            self._faults.form(self._place, "character_forbidden", found=f"U+{ord(hidden[0]):04X}")

    def _close(self) -> None:
        frame = self._open.pop()
        self._put(self._table(frame) if frame.is_table else Listing(frame.place, tuple(frame.nodes)))

    def _table(self, frame: _Frame) -> Table:
        entries = tuple(self._entries(frame.nodes[::2], frame.nodes[1::2]))
        return Table(frame.place, entries, whole=not self._breaks or bool(self._open and frame is not self._open[0]))

    def _entries(self, keys: list[Node], values: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        seen: dict[str, Place] = {}
        for key, value in zip(keys, values, strict=True):
            if not isinstance(key, Scalar):
                self._faults.form(key.place, "key_not_text")
            elif key.text in seen:
                first = seen[key.text].line
                self._faults.form(key.place, "key_twice", found=shortened(key.text), first=first)
            else:
                seen[key.text] = key.place
                self._refuse_wide_indent(key)
                yield key, value

    def _refuse_wide_indent(self, key: Scalar) -> None:
        """Stop at a key that is indented with wide spaces: nothing after it stands where it was meant to."""
        if key.style == PLAIN and key.text.startswith("\u3000"):
            self._faults.form(key.place, "yaml_full_width", found="\u3000", meant=" ")
            raise EnoughError

    def _put(self, node: Node) -> None:
        if self._open:
            self._open[-1].nodes.append(node)
        else:
            self.root = node

    def _limit(self, found: int, limit: int, code: str) -> None:
        if found > limit:
            self._faults.form(self._place, code, limit=limit)
            raise EnoughError


def _place(event: Event) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
