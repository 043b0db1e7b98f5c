"""``sluice ledger verify``: the verifier of inspectors, run from here; its options and exit codes are its own."""

import time
from typing import Final

import click

from service.cli import console
from service.core.ledger import verify

_LANGUAGE: Final = "--language"


@click.command(
    "verify",
    cls=console.Command,
    help="help.ledger.verify",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="BUNDLE (--key VKEY|--policy FILE) …")
def command(arguments: tuple[str, ...]) -> None:
    """Examine a bundle or an export, and leave with the code of the verdict."""
    is_said = any(one == _LANGUAGE or one.startswith(f"{_LANGUAGE}=") for one in arguments)
    spoken = () if is_said else (_LANGUAGE, console.language())
    code = verify.main([*arguments, *spoken], time.time(), lambda line: click.echo(line, nl=False))
    raise click.exceptions.Exit(code)
