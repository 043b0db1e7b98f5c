"""A workbook as applications: every row one, with its lists from the other sheets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from service.core.errors import Flaw
from service.core.imports import values
from service.core.imports.columns import HEADER, NUMBER, Column, Layout, Plan
from service.core.imports.entries import Entries, Entry, too_many
from service.core.imports.headed import Headed, headed
from service.core.imports.lists import Records, listed, records, strays
from service.core.imports.tables import FILE, Cell, Format, Row, Sheet, Workbook
from service.core.imports.values import Refused
from service.core.rules.model import Fact, FactType
from service.core.values import Json

# Columns without which nothing is an application.
_DUE: Final = HEADER[:3]

_Lists = Mapping[str, Mapping[str, Records]]


@dataclass(slots=True)
class _Building:
    """An application as its cells are read."""

    texts: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Json] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)

    def made(self) -> Entry:
        return Entry(self.texts, self.facts, self.places, tuple(self.flaws))


def read(workbook: Workbook, layout: Layout, most: int) -> Entries:
    """Read a workbook that is laid out for an edition, of so many applications at most.

    What is wrong is kept with its cell, never raised.
    """
    found = _sheets(workbook, layout)
    main = headed(found.get(layout.applications.name), layout.applications)
    sheets = {plan.name: headed(found.get(plan.name), plan) for plan in layout.lists}
    flaws = [*_unknown(workbook, layout), *main.flaws, *(flaw for one in sheets.values() for flaw in one.flaws)]
    flaws += _missing(main, found.get(layout.applications.name), workbook)
    if flaws:
        return Entries((), tuple(flaws))
    if len(main.rows) > most:
        return too_many(len(main.rows), most)
    lists = {name: records(one, f"/facts/{name}") for name, one in sheets.items()}
    numbers = {number for row in main.rows if (number := main.number(row)) is not None}
    lost = tuple(flaw for one in sheets.values() for flaw in strays(one, numbers))
    return Entries(tuple(_entries(main, lists)), lost)


def _sheets(workbook: Workbook, layout: Layout) -> dict[str, Sheet]:
    """Give the sheets by the names of their plans; the only one of a file without names is that of the applications."""
    if workbook.format is Format.CSV:
        (only,) = workbook.sheets
        return {layout.applications.name: only}
    plans = (layout.applications, *layout.lists)
    named = ((plan.name, _named(workbook, plan)) for plan in plans)
    return {name: sheet for name, sheet in named if sheet is not None}


def _named(workbook: Workbook, plan: Plan) -> Sheet | None:
    titles = plan.titles()
    return next((sheet for sheet in workbook.sheets if sheet.name in titles), None)


def _unknown(workbook: Workbook, layout: Layout) -> Iterator[Flaw]:
    """Name the sheets that hold something nobody reads."""
    read_ones = [id(sheet) for sheet in _sheets(workbook, layout).values()]
    for sheet in workbook.sheets:
        if sheet.rows and id(sheet) not in read_ones:
            yield Flaw(FILE, "sheet_unknown", {"found": sheet.name}, sheet.place(sheet.rows[0].number, 1))


def _missing(main: Headed, sheet: Sheet | None, workbook: Workbook) -> Iterator[Flaw]:
    if sheet is None and workbook.format is not Format.CSV:
        yield Flaw(FILE, "sheet_missing")
        return
    names = {column.name for column in main.columns.values()}
    for name in _DUE:
        if name not in names and not main.flaws:
            yield Flaw(FILE, "heading_missing", {"missing": name}, main.place(Row(1, {}), 1))


def _entries(main: Headed, lists: _Lists) -> Iterator[Entry]:
    seen: set[str] = set()
    for row in main.rows:
        number = main.number(row)
        entry = _Building(places={"": main.place(row, 1)})
        if number in seen:
            entry.flaws.append(Flaw("/no", "number_twice", {"found": number}))
        seen |= {number} if number is not None else set()
        for at, column in main.columns.items():
            _read(entry, column, row.cells.get(at), main.place(row, at))
            if column.fact is not None and column.fact.kind is FactType.LIST:
                _list(entry, column.fact, row.cells.get(at), lists.get(column.fact.id, {}).get(number or ""))
        _lists_without_column(entry, main, lists, number)
        yield entry.made()


def _read(entry: _Building, column: Column, cell: Cell | None, place: str) -> None:
    pointer = f"/{column.name}" if column.fact is None else f"/facts/{column.fact.id}"
    if column.is_told:
        return
    entry.places[pointer] = place
    if cell is None or column.name == NUMBER or (column.fact is not None and column.fact.kind is FactType.LIST):
        return
    value = values.text(cell) if column.fact is None else values.read(column.fact, cell)
    if isinstance(value, Refused):
        entry.flaws.append(Flaw(pointer, value.code, value.figures))
    elif column.fact is None and isinstance(value, str):
        entry.texts[column.name] = value
    elif column.fact is not None and value is not None:
        entry.facts[column.fact.id] = value


def _list(entry: _Building, fact: Fact, cell: Cell | None, found: Records | None) -> None:
    pointer = f"/facts/{fact.id}"
    both = listed(cell, found, pointer)
    entry.flaws += both.flaws
    entry.places |= both.places
    if both.value is not None:
        entry.facts[fact.id] = both.value


def _lists_without_column(entry: _Building, main: Headed, lists: _Lists, number: str | None) -> None:
    """Take records that have a sheet where the rows have no column for them."""
    columns = {column.fact.id for column in main.columns.values() if column.fact is not None}
    for name, found in lists.items():
        known = found.get(number or "")
        if name not in columns and known is not None:
            entry.flaws += known.flaws
            entry.places |= known.places
            entry.facts[name] = known.items
