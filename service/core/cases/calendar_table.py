"""Reading the table of a calendar: YAML that an office edits, every fault at once with its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from service.core.cases.calendar import Calendar
from service.core.errors import Flaw, InvalidError

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100

_ROOT: Final = ("years",)
_YEAR: Final = ("notice", "issued_on", "holidays", "working_days")
_HOLIDAY: Final = ("name", "from", "to")
_SATURDAY: Final = 5


class FaultyCalendarError(InvalidError):
    """A calendar that cannot be used; each flaw has the ``line`` it stands on among its figures."""

    code = "faulty_calendar"


@dataclass(frozen=True, slots=True)
class _Reader:
    """What was read so far, and the faults found on the way."""

    faults: list[tuple[int, Flaw]] = field(default_factory=list)
    years: set[int] = field(default_factory=set)
    holidays: set[date] = field(default_factory=set)
    working_days: set[date] = field(default_factory=set)

    def fault(self, node: Node | None, code: str, **figures: object) -> None:
        """Keep a fault and the line it is on."""
        line = 1 if node is None else node.start_mark.line + 1
        self.faults.append((line, Flaw("", code, {"line": line, **figures})))

    def members(self, node: Node, known: tuple[str, ...]) -> Mapping[str, Node]:
        """Give the members of a mapping, all of which must be there."""
        found = {name: value for _, name, value in self.pairs(node) if name in known}
        for key, name, _ in self.pairs(node, quiet=True):
            if name not in known:
                self.fault(key, "calendar_key", found=name, known=known)
        if isinstance(node, MappingNode):
            for name in known:
                if name not in found:
                    self.fault(node, "calendar_missing", missing=name)
        return found

    def pairs(self, node: Node, *, quiet: bool = False) -> Iterator[tuple[Node, str, Node]]:
        """Go through a mapping: the key's node, its text, the value. ``quiet`` tells no fault a second time."""
        if not isinstance(node, MappingNode):
            if not quiet:
                self.fault(node, "calendar_mapping")
            return
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else ""
            if name in seen and not quiet:
                self.fault(key, "calendar_twice", found=name)
            elif name not in seen:
                yield key, name, value
            seen.add(name)

    def items(self, node: Node | None) -> Iterator[Node]:
        """Go through a list."""
        if isinstance(node, SequenceNode):
            yield from node.value
        elif node is not None:
            self.fault(node, "calendar_list")

    def text(self, node: Node | None) -> None:
        """Demand a text that says something."""
        if node is not None and not (isinstance(node, ScalarNode) and str(node.value).strip()):
            self.fault(node, "calendar_text")

    def day(self, node: Node | None) -> date | None:
        """Read a day, written ``2026-01-31`` and no other way; None where it is not there or none."""
        if node is None:
            return None
        text = str(node.value) if isinstance(node, ScalarNode) else ""
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.isoformat() != text:
            self.fault(node, "calendar_day", found=text)
            return None
        return found


def read_calendar(source: bytes) -> Calendar:
    """Read a calendar from the bytes of its file. Raises ``FaultyCalendarError`` with every fault."""
    reader = _Reader()
    root = _root(source, reader)
    if root is not None:
        years = reader.members(root, _ROOT).get("years")
        for key, name, value in () if years is None else reader.pairs(years):
            _read_year(reader, key, name, value)
    if not (reader.years or reader.faults):
        reader.fault(root, "calendar_empty")
    if reader.faults:
        raise FaultyCalendarError(tuple(flaw for _, flaw in sorted(reader.faults, key=lambda found: found[0])))
    return Calendar(frozenset(reader.years), frozenset(reader.holidays), frozenset(reader.working_days))


def _root(source: bytes, reader: _Reader) -> Node | None:
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(source.decode("utf-8-sig"))
    except MarkedYAMLError as error:
        line = 1 if error.problem_mark is None else error.problem_mark.line + 1
        reader.faults.append((line, Flaw("", "calendar_yaml", {"line": line})))
    except (YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        reader.fault(None, "calendar_yaml")
    else:
        return root
    return None


def _read_year(reader: _Reader, key: Node, name: str, node: Node) -> None:
    is_year = name.isascii() and name.isdecimal() and len(name) == len(str(LAST_YEAR))
    if not (is_year and FIRST_YEAR <= int(name) <= LAST_YEAR):
        reader.fault(key, "calendar_year", found=name, least=FIRST_YEAR, most=LAST_YEAR)
        return
    found = reader.members(node, _YEAR)
    reader.text(found.get("notice"))
    reader.day(found.get("issued_on"))
    for item in reader.items(found.get("holidays")):
        _read_holiday(reader, item, int(name))
    for item in reader.items(found.get("working_days")):
        _read_working_day(reader, item, int(name))
    reader.years.add(int(name))


def _read_holiday(reader: _Reader, node: Node, year: int) -> None:
    found = reader.members(node, _HOLIDAY)
    reader.text(found.get("name"))
    first, last = (_day_of(reader, found.get(name), year) for name in ("from", "to"))
    if first is None or last is None:
        return
    if last < first:
        reader.fault(node, "calendar_order", first=first, last=last)
    for passed in range((last - first).days + 1):
        _add(reader, node, first + timedelta(days=passed), reader.holidays)


def _read_working_day(reader: _Reader, node: Node, year: int) -> None:
    day = _day_of(reader, node, year)
    if day is None:
        return
    if day.weekday() < _SATURDAY:
        reader.fault(node, "calendar_weekday", found=day)
    _add(reader, node, day, reader.working_days)


def _day_of(reader: _Reader, node: Node | None, year: int) -> date | None:
    day = reader.day(node)
    if day is None or day.year == year:
        return day
    reader.fault(node, "calendar_other_year", found=day, year=year)
    return None


def _add(reader: _Reader, node: Node, day: date, to: set[date]) -> None:
    if day in reader.holidays or day in reader.working_days:
        reader.fault(node, "calendar_day_twice", found=day)
    to.add(day)
