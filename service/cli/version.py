"""``sluice version``."""

from importlib.metadata import version

import click

from service.cli import console


@click.command("version", cls=console.Command, help="help.version")
def command() -> None:
    """Say which version this is."""
    click.echo(f"sluice {version('sluice')}")
