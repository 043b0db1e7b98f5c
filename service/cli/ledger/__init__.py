"""``sluice ledger``: the key, the tree, the checkpoints."""

from types import MappingProxyType

import click

from service.cli import console


class _Ledger(console.Group):
    modules = MappingProxyType(
        {
            "checkpoint": "service.cli.ledger.checkpoint",
            "key": "service.cli.ledger.key",
            "sequence": "service.cli.ledger.sequence",
        }
    )


@click.group("ledger", cls=_Ledger, help="help.ledger")
def command() -> None:
    """Group the commands about the ledger."""
