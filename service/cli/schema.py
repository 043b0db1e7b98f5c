"""``sluice rules schema``: the JSON Schema that editors complete a rules file with."""

import click

from service.cli import console
from service.core.rules.schema import schema_text
from service.words import sections


@click.command("schema", cls=console.Command, help="help.rules.schema")
@console.language_option
def command() -> None:
    """Print the schema, with words in both languages."""
    click.echo(schema_text(sections("keys")), nl=False)
