"""``sluice applications``: many at once, in and out."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click

from service.actions import applications, imports, layouts
from service.actions.applications import Query
from service.actions.imports import Imported, NewImport
from service.cli import console
from service.cli.columns import table
from service.cli.runtime import INSPECTING, open_house
from service.cli.whom import acting
from service.core.imports.entries import Entry
from service.core.people import SYSTEM
from service.core.values import number_text
from service.tables import MOST_BYTES
from service.words import sections

_FORMATS: Final = ("xlsx", "csv")
_TARGET = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("applications", cls=console.Group, help="help.applications")
def command() -> None:
    """Group the commands about applications."""


@command.command("import", help="help.applications.import")
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "person", required=True, cls=console.Option, help="option.import_as")
@click.option("--dry-run", "dry", is_flag=True, cls=console.Option, help="option.dry_run")
@click.option("--draft", is_flag=True, cls=console.Option, help="option.import_draft")
@console.language_option
def import_(source: Path, person: str, *, dry: bool, draft: bool) -> None:
    """Enter every application of a file, or none."""
    house = open_house()
    with house.work(SYSTEM, read_only=True) as work:
        actor = acting(work, person)
    with source.open("rb") as file:
        new = NewImport(file.read(MOST_BYTES + 1), draft, through="console")
    with house.work(actor, dry=dry) as work:
        found = imports.run(work, new, _watched)
        lines = list(table(list(_rows(found, kept=not dry))))
    for line in lines:
        click.echo(line)
    count = len(found.entered)
    console.note("applications.tried" if dry else "applications.imported", count=count, sha256=found.sha256)


@command.command("template", help="help.applications.template")
@click.argument("target", metavar="FILE.xlsx", type=_TARGET)
@console.language_option
def template(target: Path) -> None:
    """Make the template of the rules in force."""
    house = open_house()
    with house.work(SYSTEM, read_only=True) as work:
        target.write_bytes(layouts.blank(work, console.language()))
    console.note("applications.written", file=target)


@command.command("export", help="help.applications.export")
@click.argument("target", metavar="FILE", type=_TARGET)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default=_FORMATS[0],
    cls=console.Option,
    help="option.export_format",
)
@console.language_option
def export(target: Path, form: str) -> None:
    """Export all applications with their facts."""
    with open_house().work(INSPECTING, read_only=True) as work:
        listing = applications.everything(work, Query(sort="number"))
        is_csv = form == "csv"
        target.write_bytes(layouts.values(listing) if is_csv else layouts.spreadsheet(listing, console.language()))
    console.note("applications.written", file=target)


def _watched(entries: Iterable[Entry], count: int) -> Iterator[Entry]:
    """Go through the applications behind a bar on the terminal; where there is none, nothing is shown."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(
        entries, length=count, label=console.words("applications.importing"), file=sys.stderr, hidden=hidden
    ) as watched:
        yield from watched


def _rows(found: Imported, *, kept: bool) -> Iterator[tuple[str, ...]]:
    said = sections("domain")[console.language()]
    for one in found.entered:
        row = one.row
        outcome = said[f"state_{row.state}"] if row.outcome is None else said[f"outcome_{row.outcome}"]
        total = "-" if row.total is None else number_text(row.total)
        yield one.place, row.number if kept else "-", outcome, total, row.project_name
