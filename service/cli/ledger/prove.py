"""``sluice ledger prove``: the proof of one entry, to keep or to hand on."""

import click

from service.actions import finding, ledger
from service.cli import console
from service.cli.runtime import INSPECTING, open_house


@click.command("prove", cls=console.Command, help="help.ledger.prove")
@click.argument("entry", metavar="INDEX|ID")
@click.option("--size", type=click.IntRange(min=1), cls=console.Option, help="option.proof_size")
@console.language_option
def command(entry: str, size: int | None) -> None:
    """Print the proof of an entry to a signed checkpoint, to the byte."""
    with open_house().work(INSPECTING, read_only=True) as work:
        click.echo(ledger.inclusion_proof(work, finding.index_of(work, entry), size), nl=False)
