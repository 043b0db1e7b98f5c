"""Lines of JSON as applications: each line is what one ``POST /v1/applications`` takes."""

from collections.abc import Iterator, Mapping
from typing import Final

from service.core.errors import Flaw, MalformedError
from service.core.imports.columns import HEADER
from service.core.imports.entries import Entries, Entry, too_many
from service.core.imports.tables import Format, Lines
from service.core.values import Json, read_json

_CODE: Final = HEADER[-1]
_DRAFT: Final = "draft"

# What each member must be: the type, what it is called, and the code of the flaw where it is missing.
_MEMBERS: Final[Mapping[str, tuple[type, str, str]]] = {
    **dict.fromkeys(HEADER, (str, "text", "text_missing")),
    "facts": (dict, "object", "member_missing"),
    _DRAFT: (bool, "boolean", "member_missing"),
}


def read(lines: Lines, most: int) -> Entries:
    """Read every line, so many at most. What is wrong with one is kept with its number."""
    if len(lines.lines) > most:
        return too_many(len(lines.lines), most)
    return Entries(tuple(_entry(number, line) for number, line in lines.lines.items()))


def _entry(number: int, line: bytes) -> Entry:
    places = {"": f"{Format.NDJSON}!{number}"}
    try:
        found = read_json(line)
    except MalformedError as error:
        flaw = Flaw("", f"line_{error.figures['because']}", error.figures)
        return Entry({}, {}, places, (flaw,), readable=False)
    if not isinstance(found, dict):
        return Entry({}, {}, places, (Flaw("", "member_type", {"type": "object"}),), readable=False)
    facts, draft = found.get("facts"), found.get("draft")
    return Entry(
        {name: text for name in HEADER if isinstance(text := found.get(name), str)},
        facts if isinstance(facts, dict) else {},
        places,
        tuple(_flaws(found)),
        draft if isinstance(draft, bool) else None,
    )


def _flaws(found: Mapping[str, Json]) -> Iterator[Flaw]:
    for name, (kind, wanted, missing) in _MEMBERS.items():
        value = found.get(name)
        is_left_out = name not in found if name == _DRAFT else name == _CODE and value is None
        if not (isinstance(value, kind) or is_left_out):
            yield Flaw(f"/{name}", missing) if value is None else Flaw(f"/{name}", "member_type", {"type": wanted})
    for name in found:
        if name not in _MEMBERS:
            yield Flaw("/" + name.replace("~", "~0").replace("/", "~1"), "member_unknown", {"found": name})
