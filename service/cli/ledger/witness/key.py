"""``sluice ledger witness key``: make the key of a witness, and say what the log and verifiers need of it."""

from pathlib import Path

import click

from service.cli import console
from service.core.errors import MalformedError
from service.core.ledger.keys import fingerprint, write_vkey
from service.witness import keys

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("key", cls=console.Command, help="help.ledger.witness.key")
@click.option("--out", "path", required=True, type=_FILE, cls=console.Option, help="option.key_out")
@click.option("--name", required=True, cls=console.Option, help="option.witness_name")
@console.language_option
def command(path: Path, name: str) -> None:
    """Make a key in a new file; print its public half and a fingerprint to compare on paper."""
    try:
        vkey = write_vkey(keys.make(path, name))
    except MalformedError:
        console.fail("ledger.bad_origin", console.FAULTY)
    except FileExistsError:
        console.fail("ledger.key_exists", console.IMPOSSIBLE, file=path)
    click.echo(vkey)
    console.say("ledger.fingerprint", fingerprint=fingerprint(vkey))
