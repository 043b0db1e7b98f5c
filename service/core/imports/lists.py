"""Facts that are lists: their records stand on a sheet of their own, under the number of the row they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from service.core.errors import Flaw, MalformedError
from service.core.imports import values
from service.core.imports.headed import Headed
from service.core.imports.tables import FILE, Cell, Row
from service.core.imports.values import Refused
from service.core.values import Json, read_json


@dataclass(slots=True)
class Records:
    """The records of one list of one application, with the flaws and places of their fields."""

    items: list[Json] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a cell and a sheet together say of a list."""

    value: Json
    flaws: tuple[Flaw, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)


def records(sheet: Headed, pointer: str) -> dict[str, Records]:
    """Sort the records of a sheet by the numbers of the rows they belong to, in order."""
    found: dict[str, Records] = {}
    for row in sheet.rows:
        number = sheet.number(row)
        if number is not None:
            _add(found.setdefault(number, Records()), sheet, row, pointer)
    return found


def strays(sheet: Headed, numbers: set[str]) -> tuple[Flaw, ...]:
    """Name the records that belong to no row."""
    at = sheet.number_at() or 1
    lost = ((row, sheet.number(row)) for row in sheet.rows)
    return tuple(
        Flaw(FILE, "record_unnumbered" if number is None else "record_stray", {"found": number}, sheet.place(row, at))
        for row, number in lost
        if number is None or number not in numbers
    )


def listed(cell: Cell | None, found: Records | None, pointer: str) -> Listed:
    """Put together what the cell in the row says, a count or the records as JSON, and what the sheet says.

    No cell and no record leave the list unknown; a count of 0 says that there are none.
    """
    known = found or Records()
    said = None if cell is None else values.number(cell)
    if cell is not None and isinstance(cell.value, str) and cell.value.lstrip().startswith("["):
        return _written(cell.value, known, pointer)
    if isinstance(said, Refused):
        return Listed(None, (Flaw(pointer, said.code, said.figures),))
    if isinstance(said, Decimal) and said != len(known.items):
        return Listed(None, (Flaw(pointer, "list_count", {"count": said, "found": len(known.items)}),))
    items = known.items if said is not None or known.items else None
    return Listed(items, tuple(known.flaws), known.places)


def _written(text: str, found: Records, pointer: str) -> Listed:
    if found.items:
        return Listed(None, (Flaw(pointer, "list_twice"),))
    try:
        return Listed(read_json(text))
    except MalformedError:
        return Listed(None, (Flaw(pointer, "cell_json"),))


def _add(found: Records, sheet: Headed, row: Row, pointer: str) -> None:
    at, record = f"{pointer}/{len(found.items)}", dict[str, Json]()
    found.places[at] = sheet.place(row, 1)
    for index, column in sheet.columns.items():
        if column.fact is None:
            continue
        place = f"{at}/{column.fact.id}"
        found.places[place] = sheet.place(row, index)
        cell = row.cells.get(index)
        value = None if cell is None else values.read(column.fact, cell)
        if isinstance(value, Refused):
            found.flaws.append(Flaw(place, value.code, value.figures))
        elif value is not None:
            record[column.fact.id] = value
    found.items.append(record)
