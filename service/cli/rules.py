"""``sluice rules``: check a rules file, run its cases, see what they cover and notice, release it."""

from pathlib import Path

import click

from service.actions import rulebooks
from service.cli import console, coverage, diff, files, mutants, schema
from service.cli.runtime import open_house
from service.core.people import SYSTEM
from service.core.rules import cases
from service.core.rules.cases import Difference, Run
from service.core.rules.check import check
from service.core.rules.faults import Fault, Severity
from service.core.values import number_text

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("rules", cls=console.Group, help="help.rules")
def command() -> None:
    """Group the commands about rules files."""


command.add_command(coverage.command)
command.add_command(mutants.command)
command.add_command(schema.command)
command.add_command(diff.command)


@command.command("check", help="help.rules.check")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@click.option("--strict", is_flag=True, cls=console.Option, help="option.strict")
@console.language_option
def check_files(paths: tuple[Path, ...], *, strict: bool) -> None:
    """Say every fault of some rules files."""
    found = [fault for path in paths for fault in _told(path)]
    if _stopping(found) or (strict and found):
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


@command.command("release", help="help.rules.release")
@click.argument("path", metavar="FILE", type=_FILE)
@console.language_option
def release_file(path: Path) -> None:
    """Release a rules file as an edition, in the name of the machine."""
    if _stopping(_told(path)):
        click.get_current_context().exit(console.FAULTY)
    with open_house().work(SYSTEM) as work:
        row = rulebooks.release(work, path.read_bytes())
        console.say("rules.released", id=row.id, edition=row.edition, on=row.in_force_from, sha256=row.sha256)


def _told(path: Path) -> tuple[Fault, ...]:
    faults = check(path.read_bytes(), files.examples(path))
    for fault in faults:
        click.echo(files.fault_line(path, fault))
    stopping = len(_stopping(faults))
    console.note("rules.summary", file=path, faults=stopping, warnings=len(faults) - stopping)
    return faults


def _stopping(faults: tuple[Fault, ...] | list[Fault]) -> list[Fault]:
    return [fault for fault in faults if fault.severity is not Severity.WARNING]


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
