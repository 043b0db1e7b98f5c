"""``sluice ledger``: the key, the tree, the checkpoints, and what an inspector does."""

from types import MappingProxyType

import click

from service.cli import console

_NOUNS = ("bundle", "checkpoint", "doctor", "export", "key", "prove", "replay", "sequence", "verify", "witness")


class _Ledger(console.Group):
    modules = MappingProxyType({name: f"service.cli.ledger.{name}" for name in _NOUNS})


@click.group("ledger", cls=_Ledger, help="help.ledger")
def command() -> None:
    """Group the commands about the ledger."""
