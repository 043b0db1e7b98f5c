"""What is different between two versions of a case: in its facts, and in what their assessments came to.

Everything is compared by value: ``80.50`` is ``80.5``, and a fact that is null is one that is not there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, TypeAlias, cast

from service.core.values import Json, write_json

Members: TypeAlias = Mapping[str, Json]


class Kind(StrEnum):
    """How something changed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is different. ``at`` is a JSON pointer, or the id of a gate or criterion; None is: not there."""

    at: str
    before: Json
    after: Json

    @property
    def kind(self) -> Kind:
        """How it changed."""
        if self.before is None:
            return Kind.ADDED
        return Kind.REMOVED if self.after is None else Kind.CHANGED


@dataclass(frozen=True, slots=True)
class Differences:
    """What is different between two versions; ``results`` point into the assessment."""

    facts: tuple[Change, ...]
    results: tuple[Change, ...]
    gates: tuple[Change, ...]
    criteria: tuple[Change, ...]


# What is compared of an assessment, beside its dimensions, gates and criteria.
RESULTS: Final = (
    ("rulebook", "sha256"),
    ("outcome",),
    ("best_possible",),
    ("worst_possible",),
    ("category", "id"),
    ("category", "provisional"),
    ("score", "outcome"),
    ("score", "total"),
    ("score", "lowest"),
    ("score", "highest"),
    ("score", "known_only"),
    ("score", "completeness"),
)
GATE: Final = ("state", "on_fail", "waived")
CRITERION: Final = ("state", "value", "score", "weight", "contribution")


@dataclass(frozen=True, slots=True)
class Version:
    """A version: its facts as they were given, and its assessment as it was written."""

    facts: Members
    report: Members


def differences(before: Version, after: Version) -> Differences:
    """Compare two versions of a case."""
    reports = (before.report, after.report)
    return Differences(
        facts=tuple(_fact_changes(before.facts, after.facts)),
        results=tuple(_result_changes(*reports)),
        gates=tuple(_changes(*(_by_id(report["gates"], GATE) for report in reports))),
        criteria=tuple(_changes(*(_by_id(report["criteria"], CRITERION) for report in reports))),
    )


def _fact_changes(before: Members, after: Members) -> Iterator[Change]:
    """Give the changes in the order of the later facts, what was removed last."""
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        pointer = "/" + name.replace("~", "~0").replace("/", "~1")
        if isinstance(old, list) and isinstance(new, list):
            yield from _record_changes(pointer, old, new)
        elif _text(old) != _text(new):
            yield Change(pointer, old, new)


def _record_changes(pointer: str, before: Sequence[Json], after: Sequence[Json]) -> Iterator[Change]:
    """Compare lists record by record; one that was removed is pointed at where it was, all others where they are."""
    matcher = SequenceMatcher(None, [_text(one) for one in before], [_text(one) for one in after], autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        pairs = min(last - first, end - start)
        for at in range(pairs):
            yield from _field_changes(f"{pointer}/{start + at}", before[first + at], after[start + at])
        yield from (Change(f"{pointer}/{at}", before[at], None) for at in range(first + pairs, last))
        yield from (Change(f"{pointer}/{at}", None, after[at]) for at in range(start + pairs, end))


def _field_changes(pointer: str, before: Json, after: Json) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from (Change(pointer + change.at, change.before, change.after) for change in _fact_changes(before, after))
    else:
        yield Change(pointer, before, after)


def _result_changes(before: Members, after: Members) -> Iterator[Change]:
    dimensions = {
        name: None for report in (after, before) for name in _members(_within(report, ("score", "dimensions")))
    }
    places = (*RESULTS, *(("score", "dimensions", name, "score") for name in dimensions))
    found = ({"/" + "/".join(place): _within(report, place) for place in places} for report in (before, after))
    yield from _changes(*found)


def _changes(before: Members, after: Members) -> Iterator[Change]:
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if _text(old) != _text(new):
            yield Change(name, old, new)


def _by_id(listed: Json, names: Iterable[str]) -> Members:
    """Give what is compared of each gate or criterion, by its id."""
    entries = cast("list[dict[str, Json]]", listed)
    return {str(entry["id"]): {name: entry.get(name) for name in names if name in entry} for entry in entries}


def _within(report: Members, place: tuple[str, ...]) -> Json:
    found: Json = dict(report)
    for name in place:
        found = _members(found).get(name)
    return found


def _members(value: Json) -> Members:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str:
    """Write a value so that equal ones look alike: figures by value, members sorted, those that are null left out."""
    if isinstance(value, dict):
        return write_json({name: _text(value[name]) for name in sorted(value) if value[name] is not None})
    if isinstance(value, list):
        return write_json([_text(item) for item in value])
    return write_json(value)
