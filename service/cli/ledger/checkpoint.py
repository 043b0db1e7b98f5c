"""``sluice ledger checkpoint``: put what waits into the tree, sign it, and print the newest checkpoint."""

import click

from service.actions import ledger
from service.cli import console
from service.cli.runtime import open_house
from service.core.people import SYSTEM


@click.command("checkpoint", cls=console.Command, help="help.ledger.checkpoint")
@console.language_option
def command() -> None:
    """Sign the ledger as it stands and print the checkpoint as it is given out, to the byte."""
    runtime = open_house()
    if runtime.signer is None:
        console.fail("ledger.no_key", console.IMPOSSIBLE)
    ledger.catch_up(runtime)
    ledger.checkpoint(runtime)
    with runtime.work(SYSTEM, read_only=True) as work:
        click.echo(ledger.note(work), nl=False)
