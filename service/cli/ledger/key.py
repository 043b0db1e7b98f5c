"""``sluice ledger key``: make the key that signs checkpoints, and say what inspectors need of it."""

from pathlib import Path

import click

from service import signing
from service.cli import console
from service.core.errors import MalformedError
from service.core.ledger.keys import check_name, fingerprint, write_vkey

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("key", cls=console.Group, help="help.ledger.key")
def command() -> None:
    """Group the commands about the log's key."""


@command.command("new", help="help.ledger.key.new")
@click.option("--out", "path", required=True, type=_FILE, cls=console.Option, help="option.key_out")
@click.option("--name", "origin", required=True, cls=console.Option, help="option.origin")
@console.language_option
def new(path: Path, origin: str) -> None:
    """Make a key in a new file; print its public half and a fingerprint to compare on paper."""
    try:
        check_name(origin)
        vkey = write_vkey(signing.verifier_key(signing.make_key(path), origin))
    except MalformedError:
        console.fail("ledger.bad_origin", console.FAULTY)
    except FileExistsError:
        console.fail("ledger.key_exists", console.IMPOSSIBLE, file=path)
    click.echo(vkey)
    console.say("ledger.fingerprint", fingerprint=fingerprint(vkey))
    console.note("ledger.key_made", file=path, origin=origin)
