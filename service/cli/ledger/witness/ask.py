"""``sluice ledger witness ask``: have the witnesses of the settings sign the newest checkpoint."""

import click

from service import outbound
from service.actions import ledger
from service.cli import console
from service.cli.runtime import open_house


@click.command("ask", cls=console.Command, help="help.ledger.witness.ask")
@console.language_option
def command() -> None:
    """Ask each witness that has not signed it yet; say what came of it."""
    runtime = open_house()
    if not runtime.settings.ledger_witnesses:
        console.fail("ledger.no_witness", console.IMPOSSIBLE)
    asked = ledger.cosign(runtime, outbound.post)
    for one in asked:
        tell(one)
    if any(one.because is not None for one in asked):
        raise click.exceptions.Exit(console.IMPOSSIBLE)


def tell(asked: ledger.Asked) -> None:
    """Say what came of asking a witness."""
    if asked.because is not None:
        console.note("ledger.not_cosigned", witness=asked.witness, because=reason(asked.because))
    elif asked.size is None:
        console.say("ledger.nothing_to_cosign")
    else:
        console.say("ledger.cosigned", witness=asked.witness, size=asked.size)


def reason(because: str) -> str:
    """Say why a witness or the anchor did not do what it was asked for."""
    code, _, number = because.partition("_") if because.startswith("status_") else (because, "", "")
    return console.words(f"ledger.because.{code}", status=number)
