"""``sluice rules coverage``: what the cases of a rules file see of it."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

import click

from service.cli import console, files
from service.core.rules.coverage.cover import Watched, cover
from service.core.values import Json, write_json
from service.words import sentence

SHOWN: Final = 3

_SECTION = "coverage"


@click.command("coverage", cls=console.Command, help="help.rules.coverage")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, cls=console.Option, help="option.json_rules")
@click.option("--missing", "only_missing", is_flag=True, cls=console.Option, help="option.missing")
@console.language_option
def command(path: Path, *, as_json: bool, only_missing: bool) -> None:
    """Say what the cases of a rules file see of it."""
    rulebook = files.engine(path).rulebook
    watched = cover(rulebook, files.examples(path))
    shown = [one for one in watched if one.missing or not only_missing]
    if as_json:
        click.echo(write_json(_json(path, shown, len(rulebook.cases))))
    else:
        for one in shown:
            _tell(path, one)
    missing, excused = (sum(map(len, found)) for found in _states(watched))
    figures = {"cases": len(rulebook.cases), "watched": len(watched), "missing": missing, "excused": excused}
    click.echo(words("summary", file=path, **figures), err=as_json)
    if missing:
        click.get_current_context().exit(1)


def words(code: str, **figures: object) -> str:
    """Say something of the section ``coverage``."""
    return sentence(console.language(), _SECTION, code, figures)


def _states(watched: Sequence[Watched]) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
    return [one.missing for one in watched], [tuple(one.excused) for one in watched]


def _tell(path: Path, one: Watched) -> None:
    place = f"{path}:{one.place.line}:{one.place.column}"
    click.echo(words("line", place=place, where=where(one.way), text=one.text))
    for state, cases in one.seen.items():
        if cases:
            click.echo(words("seen_by", state=words(f"state.{state}"), count=len(cases), cases=_named(cases)))
        elif state in one.excused:
            click.echo(words("excused", state=words(f"state.{state}"), why=one.excused[state]))
        elif state in one.needed:
            click.echo(words("seen_by_none", state=words(f"state.{state}")))


def _named(cases: tuple[str, ...]) -> str:
    named = "; ".join(cases[:SHOWN])
    return words("more", cases=named) if len(cases) > SHOWN else named


def where(way: Sequence[str | int]) -> str:
    """Write the way to something in a rules file."""
    return ".".join(map(str, way))


def _json(path: Path, watched: Sequence[Watched], cases: int) -> Json:
    return {"file": str(path), "cases": Decimal(cases), "watched": [_entry(one) for one in watched]}


def _entry(one: Watched) -> Json:
    return {
        "line": Decimal(one.place.line),
        "column": Decimal(one.place.column),
        "kind": one.kind.value,
        "where": where(one.way),
        "text": one.text,
        "seen": {state: list(cases) for state, cases in one.seen.items()},
        "needed": list(one.needed),
        "missing": list(one.missing),
        "excused": dict(one.excused),
    }
