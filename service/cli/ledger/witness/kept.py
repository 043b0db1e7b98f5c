"""``sluice ledger witness kept``: the newest checkpoints a witness has signed, for ``verify.py --checkpoint``."""

import sqlite3
from pathlib import Path

import click

from service.cli import console
from service.core.ledger.proofs import checkpoint_of
from service.witness.memory import Memory

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("kept", cls=console.Command, help="help.ledger.witness.kept")
@click.option("--state", required=True, type=_FILE, cls=console.Option, help="option.witness_state")
@click.option("--name", "origin", cls=console.Option, help="option.kept_name")
@console.language_option
def command(state: Path, origin: str | None) -> None:
    """Print the newest checkpoint of a log, or of the only one, to the byte."""
    try:
        notes = Memory(state).notes()
    except sqlite3.Error:
        console.fail("ledger.witness_state", console.FAULTY, file=state)
    found = [note for note in notes if origin in (None, checkpoint_of(note).origin)]
    if len(found) != 1:
        console.fail("ledger.witness_kept", console.IMPOSSIBLE, count=len(found))
    click.echo(found[0], nl=False)
