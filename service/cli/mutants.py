"""``sluice rules mutate``: which changes of a rules file no case of it notices."""

from decimal import Decimal
from pathlib import Path

import click

from service.cli import console, files
from service.cli.coverage import where, words
from service.core.rules.mutation.kinds import Kind
from service.core.rules.mutation.mutate import Mutation, Survivor, mutate
from service.core.values import Json, write_json


@click.command("mutate", cls=console.Command, help="help.rules.mutate")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, cls=console.Option, help="option.json_rules")
@console.language_option
def command(path: Path, *, as_json: bool) -> None:
    """Say which changes of a rules file no case notices."""
    found = mutate(files.engine(path).rulebook, files.examples(path))
    if found.failing:
        click.echo(words("mutants.failing", count=len(found.failing), cases="; ".join(found.failing)), err=True)
    if as_json:
        click.echo(write_json(_json(path, found)))
    else:
        for survivor in found.survivors:
            _tell(path, survivor)
    click.echo(words("mutants.summary", file=path, **_counts(found)), err=as_json)
    if found.unexplained or found.failing:
        click.get_current_context().exit(1)


def _counts(found: Mutation) -> dict[str, int]:
    survived = len(found.survivors)
    return {
        "count": found.count,
        "killed": found.count - survived,
        "survived": survived,
        "explained": survived - len(found.unexplained),
    }


def _tell(path: Path, one: Survivor) -> None:
    place = f"{path}:{one.place.line}:{one.place.column}"
    figures = {"kind": words(f"kind.{one.kind}"), "where": where(one.way), "before": one.before, "after": one.after}
    click.echo(words("mutants.survivor", place=place, **figures))
    if one.explanation is not None:
        click.echo(words("mutants.explained", why=one.explanation))


def _json(path: Path, found: Mutation) -> Json:
    counts: dict[str, Json] = {name: Decimal(count) for name, count in _counts(found).items()}
    return {
        "file": str(path),
        **counts,
        "failing": list(found.failing),
        "kinds": {kind.value: Decimal(found.made.get(kind, 0)) for kind in Kind},
        "survivors": [_entry(one) for one in found.survivors],
    }


def _entry(one: Survivor) -> Json:
    return {
        "line": Decimal(one.place.line),
        "column": Decimal(one.place.column),
        "kind": one.kind.value,
        "where": where(one.way),
        "before": one.before,
        "after": one.after,
        "explanation": one.explanation,
    }
