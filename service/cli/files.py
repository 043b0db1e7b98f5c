"""The files commands read: rules, examples, facts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

import service
from service.cli import console
from service.core.errors import Flaw
from service.core.rules.cases import Examples
from service.core.rules.check import check
from service.core.rules.engine import Engine
from service.core.rules.faults import Fault
from service.core.rules.given import given
from service.core.rules.load import load
from service.core.rules.releasing import stopping
from service.core.values import Json
from service.words import problems, sections

RULES: Final = "rules.yaml"
EXAMPLES: Final = "examples"

_HOUSE = Path(service.__file__).parent.parent


def default_rules() -> Path:
    """Give the rules file of the working directory, or else the one that comes with the house."""
    here = Path(RULES)
    return here if here.is_file() else _HOUSE / RULES


def default_examples() -> Path:
    """Give the folder of the examples that come with the house."""
    return _HOUSE / EXAMPLES


def engine(path: Path) -> Engine:
    """Load a rules file. One with faults of form or meaning: say every one, and leave."""
    loaded = load(path.read_bytes())
    if loaded.rulebook is None:
        for fault in loaded.faults:
            click.echo(fault_line(path, fault), err=True)
        console.fail("rules.unusable", console.FAULTY, file=path, count=len(loaded.faults))
    return Engine(loaded.rulebook, sections("assessment"))


def checked(path: Path) -> tuple[Fault, ...]:
    """Check a rules file, and say every fault and how many there are."""
    return told(path, check(path.read_bytes(), examples(path)))


def told(path: Path, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Say every fault of a rules file and how many there are, and give them back."""
    for fault in faults:
        click.echo(fault_line(path, fault))
    stops = len(stopping(faults))
    console.note("rules.summary", file=path, faults=stops, warnings=len(faults) - stops)
    return faults


def fault_line(path: Path, fault: Fault) -> str:
    """Say a fault as ``file:line:col code message``."""
    because = problems.because(console.language(), Flaw("", fault.code, fault.figures))
    return f"{path}:{fault.place.line}:{fault.place.column} {fault.code} {because}"


def examples(beside: Path) -> Examples:
    """Give examples by name: from the folder ``examples`` beside a rules file, or else those of the house."""

    def facts(name: str) -> Mapping[str, Json] | None:
        folders = (beside.parent / EXAMPLES, default_examples())
        paths = [folder / f"{name}.json" for folder in folders if name == Path(name).name]
        found = next((path for path in paths if path.is_file()), None)
        return None if found is None else given(found.read_bytes()).facts

    return facts
