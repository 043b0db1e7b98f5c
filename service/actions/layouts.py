"""How tables of applications are laid out for an edition, and the tables that are given out."""

from collections.abc import Mapping
from functools import cache

from service.actions import rulebooks
from service.actions.applications import Item, Listing
from service.core.imports.columns import HEADER, NUMBER, TOLD, Layout
from service.core.imports.columns import layout as lay_out
from service.core.imports.filling import Told, rows, widened
from service.core.imports.tables import APPLICATIONS, GUIDE
from service.core.people import Permission
from service.core.rules.model import Rulebook, Words
from service.core.values import Json
from service.tables.csv_writing import csv_text
from service.tables.writing import Book, workbook
from service.words import sections
from service.work import Work


def template(work: Work, language: str) -> bytes:
    """Give the template of the edition in force, in ``zh`` or ``en``. The same edition gives the same bytes."""
    work.actor.require(Permission.CREATE_CASES)
    return blank(work, language)


def blank(work: Work, language: str) -> bytes:
    """Give the same to whoever holds the machine."""
    rulebook = rulebooks.in_force(work, work.today).rulebook
    return workbook(Book(rulebook, layout(rulebook), language))


def spreadsheet(listing: Listing, language: str) -> bytes:
    """Write cases as a workbook, laid out like the template, so that it can be imported again."""
    told = [_told(item, sections("domain")[language]) for item in listing.items]
    found = widened(layout(listing.rulebook), told)
    return workbook(Book(listing.rulebook, found, language, rows(found, told, apart=True)))


def values(listing: Listing) -> bytes:
    """Write cases as csv for other programs: keys in place of labels, lists as JSON."""
    told = [_told(item, {}) for item in listing.items]
    found = widened(layout(listing.rulebook), told)
    return csv_text(found, rows(found, told, apart=False))


def layout(rulebook: Rulebook) -> Layout:
    """Lay out a table for an edition."""
    return lay_out(rulebook, _labels())


def guides() -> frozenset[str]:
    """Name the sheets that only explain."""
    return frozenset(said["sheet_guide"] for said in sections("tables").values())


def _told(item: Item, words: Mapping[str, str]) -> Told:
    """Say what stands in the columns that are no facts; states and outcomes in words where there are any."""
    row = item.row
    submitted = None if row.submitted_at is None else row.submitted_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    texts: dict[str, Json] = {
        **{name: getattr(row, name) for name in HEADER},
        "state": words.get(f"state_{row.state}", row.state),
        "outcome": words.get(f"outcome_{row.outcome}", row.outcome),
        "category": row.category,
        "total": row.total,
        "submitted_at": submitted,
    }
    return Told(row.number, texts, item.facts)


@cache
def _labels() -> dict[str, Words]:
    said = sections("tables")
    names = (APPLICATIONS, NUMBER, *HEADER, *TOLD)
    labels = {name: Words(said["zh"][f"column_{name}"], said["en"][f"column_{name}"]) for name in names}
    return labels | {GUIDE: Words(said["zh"]["sheet_guide"], said["en"]["sheet_guide"])}
