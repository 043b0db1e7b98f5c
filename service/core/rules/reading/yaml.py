"""From characters to nodes: YAML 1.2 as ruamel.yaml parses it, without the parts that hide things.

Anchors, aliases, tags, directives, further documents and duplicate keys are faults. Scalars keep their text; what it
stands for is read where it is wanted (``scalars``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError
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
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

from service.core.rules.faults import Place
from service.core.rules.reading.collect import Faults, shortened
from service.core.rules.reading.diagnose import diagnose
from service.core.rules.reading.nodes import PLAIN, UNREAD, Listing, Node, Scalar, Table
from service.core.rules.reading.text import FORBIDDEN, Source

MOST_DEPTH = 32
MOST_NODES = 50_000


def compose(source: Source, faults: Faults) -> Node | None:
    """Read the one document of a file; None where a fault leaves nothing to go on with. Never raises."""
    building = _Building(source, faults)
    loader = _Loader(source.text)
    try:
        while loader.check_event():
            building.take(loader.get_event())
    except _EnoughError:
        return None
    except MarkedYAMLError as error:
        faults.add(diagnose(source, error))
        return None
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError, AssertionError, OverflowError):
        # Beyond what the parser itself refuses; all that is known is how far it came.
        faults.form(source.place(loader.index), "yaml_syntax")
        return None
    if building.root is None or building.is_empty:
        faults.form(Place(1, 1), "yaml_empty")
        return None
    return building.root


class _EnoughError(Exception):
    """The file is beyond a limit; ends the reading."""


class _Loader(Reader, Scanner, Parser):
    """ruamel.yaml's own layers up to events, bound to one another without a configuration between them."""

    comment_handling = None
    processing_version = (1, 2)
    reader: Any = None
    scanner: Any = None
    resolver: Any = None

    def __init__(self, text: str) -> None:
        self.reader = self.scanner = self.resolver = self
        Reader.__init__(self, text, loader=self)
        Scanner.__init__(self, loader=self)
        Parser.__init__(self, loader=self)

    def fetch_directive(self) -> None:
        """Refuse directives before anything is made of them."""
        raise MarkedYAMLError(problem="directive", problem_mark=self.get_mark())


@dataclass(slots=True)
class _Frame:
    """A list or table that is still open."""

    place: Place
    is_table: bool
    nodes: list[Node] = field(default_factory=list)


class _Building:
    """The nodes built so far; never recursive, as depth is the file's to choose."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self.root: Node | None = None
        self._place = Place(1, 1)
        self._source = source
        self._faults = faults
        self._open: list[_Frame] = []
        self._nodes = 0
        self._documents = 0

    @property
    def is_empty(self) -> bool:
        """Whether the file says nothing at all."""
        return isinstance(self.root, Scalar) and not self.root.text and self.root.style == PLAIN

    def take(self, event: Event) -> None:
        """Take the next event."""
        if isinstance(event, NodeEvent):
            self._place = _place(event)
            self._limit(len(self._open) > MOST_DEPTH, "yaml_too_deep", MOST_DEPTH)
            self._nodes += 1
            self._limit(self._nodes > MOST_NODES, "yaml_too_many_nodes", MOST_NODES)
            self._node(event)
        elif isinstance(event, CollectionEndEvent):
            self._close(self._open.pop())
        elif isinstance(event, DocumentStartEvent):
            self._document(event)

    def _node(self, event: NodeEvent) -> None:
        refused = self._refuse_properties(event)
        if isinstance(event, CollectionStartEvent):
            self._open.append(_Frame(self._place, isinstance(event, MappingStartEvent)))
        elif refused or not isinstance(event, ScalarEvent):
            self._put(Scalar(self._place, "", UNREAD, event.start_mark.index))
        else:
            self._refuse_hidden(event)
            self._put(Scalar(self._scalar_place(event), event.value, event.style or PLAIN, event.start_mark.index))

    def _scalar_place(self, event: ScalarEvent) -> Place:
        """Give the place of a text; that of its key where there is none."""
        frame = self._open[-1] if self._open else None
        if event.value or event.style or frame is None or not frame.is_table or len(frame.nodes) % 2 == 0:
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

    def _close(self, frame: _Frame) -> None:
        if frame.is_table:
            keys, values = frame.nodes[::2], frame.nodes[1::2]
            self._put(Table(frame.place, tuple(self._entries(keys, values))))
        else:
            self._put(Listing(frame.place, tuple(frame.nodes)))

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
                yield key, value

    def _put(self, node: Node) -> None:
        if self._open:
            self._open[-1].nodes.append(node)
        elif self.root is None:
            self.root = node

    def _document(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            self._faults.form(_place(event), "yaml_documents")
            raise _EnoughError

    def _limit(self, passed: bool, code: str, limit: int) -> None:  # noqa: FBT001 - asked of each node
        if passed:
            self._faults.form(self._place, code, limit=limit)
            raise _EnoughError


def _place(event: Event) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
