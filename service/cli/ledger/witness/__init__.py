"""``sluice ledger witness``: be a witness, or ask one."""

from types import MappingProxyType

import click

from service.cli import console


class _Witness(console.Group):
    modules = MappingProxyType(
        {
            "ask": "service.cli.ledger.witness.ask",
            "kept": "service.cli.ledger.witness.kept",
            "key": "service.cli.ledger.witness.key",
            "serve": "service.cli.ledger.witness.serve",
        }
    )


@click.group("witness", cls=_Witness, help="help.ledger.witness")
def command() -> None:
    """Group the commands about witnesses."""
