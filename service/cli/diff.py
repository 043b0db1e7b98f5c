"""``sluice rules diff``: what changed between two rules files, as text, Markdown or JSON."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

import click

from service.cli import console, files
from service.core.rules.compare import compare
from service.core.rules.load import load
from service.core.rules.model import Rulebook
from service.core.values import write_json
from service.words import changes_json
from service.words.changes import Telling

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("diff", cls=console.Command, help="help.rules.diff")
@click.argument("before", metavar="A", type=_FILE)
@click.argument("after", metavar="B", type=_FILE)
@click.option("--json", "form", flag_value="json", cls=console.Option, help="option.json")
@click.option("--markdown", "form", flag_value="markdown", cls=console.Option, help="option.markdown")
@console.language_option
def command(before: Path, after: Path, form: str | None) -> None:
    """Say what changed from one rules file to another, and which cases it turns."""
    old, new = _rulebooks(before, after)
    found = compare(old, new, (files.examples(before), files.examples(after)))
    telling = Telling(found, console.language())
    write = {"json": _as_json, "markdown": _as_markdown}.get(form or "", _as_text)
    for line in write(telling):
        click.echo(line)


def _rulebooks(*paths: Path) -> tuple[Rulebook, Rulebook]:
    """Load both files. Where one has faults of form or meaning: say every one of either, and leave."""
    loaded = [(path, load(path.read_bytes())) for path in paths]
    for path, one in loaded:
        for fault in one.faults:
            click.echo(files.fault_line(path, fault), err=True)
        if one.rulebook is None:
            console.note("rules.unusable", file=path, count=len(one.faults))
    (_, before), (_, after) = loaded
    if before.rulebook is None or after.rulebook is None:
        raise click.exceptions.Exit(console.FAULTY)
    return before.rulebook, after.rulebook


def _as_text(telling: Telling) -> Iterator[str]:
    found = telling.comparison
    yield telling.title()
    if not found.changes:
        yield ""
        yield telling.phrase("same")
    for title, entries in telling.parts():
        yield ""
        yield title
        for entry, sentences in entries:
            yield from [f"  {entry}"] if entry else []
            margin = "    " if entry else "  "
            yield from (f"{margin}{sentence}" for sentence in sentences)
    yield ""
    yield telling.tried()
    for turned in found.tried.turned:
        yield f"  {turned.name}"
        yield f"    {telling.turn(turned)}"


def _as_markdown(telling: Telling) -> Iterator[str]:
    found = telling.comparison
    yield f"# {telling.title()}"
    if not found.changes:
        yield ""
        yield telling.phrase("same")
    for section, changes in groupby(found.changes, key=lambda change: change.section):
        yield ""
        yield f"## {telling.phrase(f'section.{section}')}"
        yield ""
        yield from (f"- {telling.because(change)}" for change in changes)
    yield ""
    yield f"## {telling.tried()}"
    if found.tried.turned:
        heads = [telling.phrase(f"column_{code}") for code in ("case", "before", "after", "more")]
        yield ""
        yield _row(heads)
        yield _row(["---"] * len(heads))
    for turned in found.tried.turned:
        more = telling.phrase("between").join(telling.beside(turned))
        yield _row([turned.name, telling.result(turned.before), telling.result(turned.after), more])


def _as_json(telling: Telling) -> Iterator[str]:
    yield write_json(changes_json.comparison(telling))


def _row(cells: list[str]) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
