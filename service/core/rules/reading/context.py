"""What is known of a file while its sections are read: its names, their types, and where things stand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final
from unicodedata import normalize

from service.core.rules.expressions.check import Mistake, Wanted, read_expression
from service.core.rules.expressions.nodes import Expression, Literal
from service.core.rules.expressions.types import Kind, Type
from service.core.rules.faults import Fault, Place, Severity
from service.core.rules.reading.collect import LONGEST_WORD, Faults, near
from service.core.rules.reading.entries import Entry, items
from service.core.rules.reading.nodes import Listing, Node, Scalar, Table
from service.core.rules.reading.offsets import Offsets
from service.core.rules.reading.scalars import NAME, Read, is_null, kind, name, refuse, text
from service.core.rules.reading.text import Source
from service.core.rules.spans import MOST, span

# The sections whose names may stand in expressions.
ONE_SPACE: Final = ("parameters", "facts", "derived")
# What was meant by a name, field or choice that is not known costs time to find out.
MOST_GUESSES: Final = 50
# With more parts of misspelt names than this, any name may be one of them.
MOST_PARTS: Final = 60
BOOLEAN: Final = Wanted.of(Kind.BOOLEAN)
FAULTY: Final = Expression("", Literal(0, value=False), ())

# Mistakes that depend on nothing but the text of the expression.
_SYNTAX = frozenset(
    [
        "empty",
        "ends_early",
        "too_long",
        "too_deep",
        "too_many_nodes",
        "too_many_brackets",
        "full_width",
        "single_equals",
        "operator_spelling",
        "word_operator",
        "no_null",
        "comment",
        "no_index",
        "no_maps",
        "conditional_brackets",
        "bracket_open",
        "bracket_close",
        "unexpected",
        "unexpected_character",
        "name_letters",
        "number_form",
        "number_digits",
        "text_open",
        "text_form",
        "text_escape",
        "date_form",
        "no_such_day",
        "macro_form",
    ]
)
_UNKNOWN = frozenset({"unknown_name", "unknown_name_meant", "choice_unquoted"})


@dataclass(slots=True)
class Known:
    """The names of one kind, the parts of those that are ``misspelt``, and whether some are ``lost``."""

    names: set[str] = field(default_factory=set)
    misspelt: set[str] = field(default_factory=set)
    lost: bool = False

    @property
    def sure(self) -> bool:
        """Whether every name could be read."""
        return not self.lost and not self.misspelt

    def misread(self, node: Node | None) -> None:
        """Take note of a name that is no name. One in Chinese is near to none that may have been meant."""
        parts = set(_parts(node.text)) if isinstance(node, Scalar) else set()
        self.misspelt |= parts
        self.lost = self.lost or not parts or len(self.misspelt) > MOST_PARTS

    def lacks(self, word: str) -> bool:
        """Say whether a name is unknown: it is not there, and may be none of those that could not be read."""
        if self.lost or word in self.names:
            return False
        return not near(_plain(word), self.misspelt)


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation and where it stands."""

    place: Place
    source: str


class _Scope(Mapping[str, Type | None]):
    """The types of names in sight. It lists the names for a few words that are not known; then none is guessed at."""

    def __init__(self, types: Mapping[str, Type | None], guesses: Iterator[int]) -> None:
        self._types = types
        self._guesses = guesses

    def __getitem__(self, name: str) -> Type | None:
        return self._types[name]

    def __contains__(self, name: object) -> bool:
        return name in self._types

    def __len__(self) -> int:
        return len(self._types)

    def __iter__(self) -> Iterator[str]:
        return iter(self._types if next(self._guesses, None) is not None else ())


class Context:
    """One file being read.

    ``types`` are those of the names that may stand in expressions, ``places`` where each name of a section is written.
    For the policy: ``begins`` is the rulebook's first day, ``cited`` what rules cite, ``uncited`` where a citation is
    missing, ``weights`` the dimension and weight of each criterion; None is what could not be read, and
    ``unweighed`` are dimensions whose weight could not.
    """

    def __init__(self, source: Source, faults: Faults) -> None:
        self.faults = faults
        self.types: dict[str, Type | None] = {}
        self.known: dict[str, Known] = {}
        self.places: dict[tuple[str, str], Place] = {}
        self.begins: date | None = None
        self.cited: list[Cited] = []
        self.uncited: list[Place] = []
        self.unweighed: set[str] = set()
        self.weights: list[tuple[str | None, Decimal | None]] = []
        self.source = source
        self._guesses = iter(range(MOST_GUESSES))
        self._spans: dict[str, int] = {}

    def names(self, section: str) -> Known:
        """Give the names of a section."""
        return self.known.setdefault(section, Known())

    def entries(self, node: Node | None, section: str, key: Read[str]) -> Iterator[tuple[str, Scalar, Node]]:
        """Give the entries of a section that is a table: name, key and value. Takes note where a name is no name."""
        if node is None:
            return
        if not isinstance(node, Table):
            refuse(node, "table", self.faults)
            self.names(section).lost = True
            return
        for written, value in node.entries:
            found = key(written, self.faults)
            if found is None:
                self.names(section).misread(written)
            else:
                self.names(section).names.add(found)
                self.places[section, found] = written.place
                yield found, written, value

    def listed(self, node: Node | None, section: str, keys: tuple[str, str]) -> Iterator[tuple[str, Entry]]:
        """Give the entries of a section that is a list: id and entry. ``keys`` are those it must and may have."""
        if node is not None and not isinstance(node, Listing):
            self.names(section).lost = True
        for item in items(node, self.faults):
            entry = Entry(item, self.faults, *keys)
            found = entry.get("id", name)
            known = self.names(section)
            if found is None:
                known.misread(entry.node("id"))
            elif found in known.names:
                self.faults.form(entry.at("id"), "id_twice", found=found)
            else:
                known.names.add(found)
                self.places[section, found] = entry.place
            yield found or "", entry

    def define(self, section: str, word: str, found: Type | None) -> None:
        """Take the type of a name that may stand in expressions. A clash with another section leaves it open."""
        clash = next((other for other in ONE_SPACE if other != section and word in self.names(other).names), None)
        if clash is not None:
            self.faults.meaning(self.places[section, word], "name_clash", found=word, section=clash)
            found = None
        self.types[word] = found

    def refers(self, node: Node | None, section: str, code: str) -> str | None:
        """Read a name of a section. Notes one that does not exist, and then gives None."""
        found = None if node is None else text(node, self.faults)
        known = self.names(section)
        if node is None or found is None or found in known.names:
            return found
        if known.lacks(found):
            self.faults.unknown(Fault(node.place, Severity.MEANING, code, {"found": found}), known.names)
        return None

    def refers_or_null(self, node: Node, section: str, code: str) -> str | None:
        """Read a name of a section, or ``null``."""
        return None if is_null(node) else self.refers(node, section, code)

    def expression(
        self, node: Node | None, wanted: Wanted = BOOLEAN, more: Mapping[str, Type] | None = None
    ) -> tuple[Expression | None, Type | None]:
        """Read an expression and find its type. Where the node is missing or at fault, the expression is None."""
        if node is None:
            return None, None
        if not isinstance(node, Scalar) or kind(node) in {"null", "unread"}:
            refuse(node, "expression", self.faults)
            return None, None
        scope = _Scope({**self.types, **more} if more else self.types, self._guesses)
        expression, found, mistakes = read_expression(node.text, scope, wanted)
        if mistakes:
            self._tell(Offsets(self.source, node), mistakes)
        return expression, found if expression is not None else None

    def bound(self, place: Place, of: tuple[Expression | None, Type | None], figure: str | None = None) -> None:
        """Note a number that may come to have too many digits. ``figure`` names the derived figure that it is."""
        expression, found = of
        if expression is None or found is None or found.kind is not Kind.NUMBER:
            return
        reach = span(expression.root, self._spans)
        if reach > MOST:
            self.faults.meaning(place, "figure_too_long", limit=MOST)
        elif figure is not None:
            self._spans[figure] = reach

    def _tell(self, offsets: Offsets, mistakes: Iterable[Mistake]) -> None:
        for mistake in mistakes:
            if mistake.code not in _UNKNOWN or self._lacks(str(mistake.figures["found"])):
                severity = Severity.FORM if mistake.code in _SYNTAX else Severity.MEANING
                self.faults.add(Fault(offsets.place(mistake.offset), severity, mistake.code, mistake.figures))

    def _lacks(self, word: str) -> bool:
        return all(self.names(section).lacks(word) for section in ONE_SPACE)


def _plain(word: str) -> str:
    return word.lower().replace("_", "")


def _parts(misspelt: str) -> Iterator[str]:
    """Give each word that an expression takes a misspelt name for, and all in one."""
    words = NAME.findall(normalize("NFKC", misspelt[:LONGEST_WORD]))
    yield from map(_plain, words)
    if len(words) > 1:
        yield _plain("".join(words))
