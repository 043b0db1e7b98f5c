"""``sluice openapi``: the description of the API, from the declarations that run."""

import click

from service.app import create_app
from service.cli import console
from service.cli.runtime import opened
from service.config import read_settings
from service.web.openapi import openapi_text


@click.command("openapi", cls=console.Command, help="help.openapi")
@console.language_option
def command() -> None:
    """Print the description. The database is not asked."""
    click.echo(openapi_text(create_app(opened(read_settings()))), nl=False)
