"""``sluice assess``: what the rules say of some facts, as a page or as JSON."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click

from service.cli import console, explained, files
from service.cli.page import heading, page
from service.core.errors import Flaw, InvalidError, MalformedError
from service.core.rules.assessment import Assessment
from service.core.rules.engine import Engine
from service.core.rules.explaining.shapes import Explanation, Reader
from service.core.rules.facts import Facts
from service.core.rules.given import given
from service.core.values import Json, write_json
from service.words import problems

_STDIN = "-"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be said of facts: the report, or an explanation for a reader."""

    engine: Engine
    reader: Reader | None

    def json(self, facts: Facts) -> str:
        if self.reader is None:
            return self.engine.explain(facts, console.language())
        return explained.as_json(self._explanation(self.engine.assess(facts), self.reader))

    def page(self, facts: Facts, names: Sequence[str]) -> Iterator[str]:
        assessment, language = self.engine.assess(facts), console.language()
        if self.reader is None:
            yield from page(self.engine, assessment, language, names)
            return
        yield from heading(self.engine, assessment, language, names)
        yield ""
        yield from explained.lines(self._explanation(assessment, self.reader))

    def _explanation(self, assessment: Assessment, reader: Reader) -> Explanation:
        return explained.explained(self.engine, assessment, reader, console.language())


@click.command("assess", cls=console.Command, help="help.assess")
@click.argument("source", metavar="FACTS.json|-", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--rules", type=_FILE, cls=console.Option, help="option.rules")
@click.option(
    "--reader", type=click.Choice([reader.value for reader in Reader]), cls=console.Option, help="option.reader"
)
@click.option("--json", "as_json", is_flag=True, cls=console.Option, help="option.json")
@console.language_option
def command(source: str, rules: Path | None, reader: str | None, *, as_json: bool) -> None:
    """Assess the facts of a file, or of every line of the standard input."""
    asked = _Asked(files.engine(rules or files.default_rules()), None if reader is None else Reader(reader))
    if source == _STDIN and as_json:
        _every_line(asked, sys.stdin.buffer)
        return
    try:
        read = given(sys.stdin.buffer.read() if source == _STDIN else Path(source).read_bytes())
        facts = asked.engine.read(read.facts)
    except (InvalidError, MalformedError) as error:
        _refuse(error)
    if as_json:
        _write(asked.json(facts))
    else:
        for line in asked.page(facts, read.names):
            click.echo(line)


def _every_line(asked: _Asked, lines: Iterable[bytes]) -> None:
    """Write one answer a line of facts; leave with 1 if any was refused."""
    refused = False
    for line in filter(bytes.strip, lines):
        try:
            read = given(line)
            _write(asked.json(asked.engine.read(read.facts)))
        except (InvalidError, MalformedError) as error:
            refused = True
            _write(write_json({"error": dict(_told(error))}))
    if refused:
        click.get_current_context().exit(1)


def _refuse(error: InvalidError | MalformedError) -> NoReturn:
    click.echo(_detail(error), err=True)
    for flaw in _flaws(error):
        click.echo(f"  {console.flaw_line(flaw)}", err=True)
    raise click.exceptions.Exit(console.FAULTY)


def _told(error: InvalidError | MalformedError) -> Iterator[tuple[str, Json]]:
    yield "code", error.code
    yield "detail", _detail(error)
    yield "flaws", [_flaw(flaw) for flaw in _flaws(error)]


def _detail(error: InvalidError | MalformedError) -> str:
    if isinstance(error, InvalidError):
        return console.words("assess.invalid", count=len(error.flaws))
    return console.words("assess.malformed", because=problems.detail(console.language(), error))


def _flaws(error: InvalidError | MalformedError) -> tuple[Flaw, ...]:
    return error.flaws if isinstance(error, InvalidError) else ()


def _flaw(flaw: Flaw) -> dict[str, Json]:
    return {"pointer": flaw.pointer, "code": flaw.code, "because": problems.because(console.language(), flaw)}


def _write(text: str) -> None:
    """Write a line as UTF-8, whatever the terminal's encoding, at once: whoever waits for it may send the next."""
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()
