"""``sluice ledger prove``: the proof of one entry, to keep or to hand on."""

from typing import Final

import click

from service.actions import finding, ledger
from service.cli import console
from service.cli.runtime import INSPECTING, open_house
from service.core.errors import MalformedError
from service.core.ledger.spelling import read_number

_LONGEST_SHOWN: Final = 40


@click.command("prove", cls=console.Command, help="help.ledger.prove")
@click.argument("entry", metavar="INDEX|ID")
@click.option("--size", metavar="NUMBER", cls=console.Option, help="option.proof_size")
@console.language_option
def command(entry: str, size: str | None) -> None:
    """Print the proof of an entry to a signed checkpoint, to the byte."""
    if entry.isdecimal():
        _number(entry)
    reached = None if size is None else _number(size)
    with open_house().work(INSPECTING, read_only=True) as work:
        click.echo(ledger.inclusion_proof(work, finding.index_of(work, entry), reached), nl=False)


def _number(text: str) -> int:
    try:
        return read_number(text)
    except MalformedError:
        console.fail("ledger.bad_number", console.FAULTY, found=text[:_LONGEST_SHOWN])
