"""``sluice assess``: what the rules say of some facts, as a page or as JSON."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from service.cli import console, files
from service.cli.page import page
from service.core.errors import Flaw, InvalidError, MalformedError, SluiceError
from service.core.rules.engine import Engine
from service.core.values import Json, write_json
from service.words import problems

_STDIN = "-"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("assess", cls=console.Command, help="help.assess")
@click.argument("source", metavar="FACTS.json|-", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--rules", type=_FILE, cls=console.Option, help="option.rules")
@click.option("--json", "as_json", is_flag=True, cls=console.Option, help="option.json")
@console.language_option
def command(source: str, rules: Path | None, *, as_json: bool) -> None:
    """Assess the facts of a file, or of every line of the standard input."""
    engine = files.engine(rules or files.default_rules())
    if source == _STDIN and as_json:
        _every_line(engine, sys.stdin.buffer)
        return
    content = sys.stdin.buffer.read() if source == _STDIN else Path(source).read_bytes()
    given = files.given(content)
    assessment = engine.assess(engine.read(given.facts))
    if as_json:
        _write(engine.report(assessment, console.language()))
    else:
        for line in page(engine, assessment, console.language(), given.names):
            click.echo(line)


def _every_line(engine: Engine, lines: Iterable[bytes]) -> None:
    """Write one answer a line of facts; leave with 1 if any was refused."""
    refused = False
    for line in filter(bytes.strip, lines):
        try:
            given = files.given(line)
            _write(engine.explain(engine.read(given.facts), console.language()))
        except (InvalidError, MalformedError) as error:
            refused = True
            _write(write_json({"error": dict(_told(error))}))
    if refused:
        click.get_current_context().exit(1)


def _told(error: SluiceError) -> Iterator[tuple[str, Json]]:
    language = console.language()
    yield "code", error.code
    yield "detail", problems.detail(language, error)
    yield "flaws", [_flaw(flaw) for flaw in error.flaws] if isinstance(error, InvalidError) else []


def _flaw(flaw: Flaw) -> dict[str, Json]:
    return {"pointer": flaw.pointer, "code": flaw.code, "because": problems.because(console.language(), flaw)}


def _write(text: str) -> None:
    """Write a line as UTF-8, whatever the terminal's encoding, at once: whoever waits for it may send the next."""
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()
