"""``sluice rules``: check a rules file, run its cases, see what they cover and notice, release it."""

from pathlib import Path
from types import MappingProxyType

import click

from service.cli import console, files
from service.core.rules import cases
from service.core.rules.cases import Difference, Run
from service.core.rules.releasing import stopping
from service.core.values import number_text

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Rules(console.Group):
    modules = MappingProxyType(
        {
            "coverage": "service.cli.coverage",
            "diff": "service.cli.diff",
            "mutate": "service.cli.mutants",
            "release": "service.cli.release",
            "schema": "service.cli.schema",
        }
    )


@click.group("rules", cls=_Rules, help="help.rules")
def command() -> None:
    """Group the commands about rules files."""


@command.command("check", help="help.rules.check")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@click.option("--strict", is_flag=True, cls=console.Option, help="option.strict")
@console.language_option
def check_files(paths: tuple[Path, ...], *, strict: bool) -> None:
    """Say every fault of some rules files."""
    found = [fault for path in paths for fault in files.checked(path)]
    if stopping(found) or (strict and found):
        click.get_current_context().exit(console.FAULTY)


@command.command("test", help="help.rules.test")
@click.argument("path", metavar="FILE", type=_FILE)
@console.language_option
def test_file(path: Path) -> None:
    """Run the cases of a rules file and say what came out otherwise."""
    runs = cases.run(files.engine(path), files.examples(path))
    failed = [run for run in runs if not run.passed]
    for run in failed:
        _tell(path, run)
    console.say("cases.summary", count=len(runs), failed=len(failed))
    if failed:
        click.get_current_context().exit(1)


def _tell(path: Path, run: Run) -> None:
    click.echo(f"{path}:{run.case.line} {run.case.name}")
    for flaw in run.flaws:
        click.echo(f"    {console.flaw_line(flaw)}")
    for difference in run.differences:
        expected, found = _shown(difference.expected), _shown(difference.found)
        console.say("cases.difference", what=_what(difference), expected=expected, found=found)


def _what(difference: Difference) -> str:
    key, _, part = difference.what.partition(".")
    named = console.words(f"expect.{key}")
    return f"{named} {part}" if part else named


def _shown(figure: cases.Figure) -> str:
    if figure is None or figure == ():
        return console.words("none")
    if isinstance(figure, tuple):
        return ", ".join(figure)
    if isinstance(figure, bool):
        return str(figure).lower()
    return figure if isinstance(figure, str) else number_text(figure)
