"""``sluice db``: bring the database to the present tables."""

import click

from service.cli import console
from service.cli.runtime import opened
from service.config import read_settings
from service.db import migrate


@click.group("db", cls=console.Group, help="help.db")
def command() -> None:
    """Group the commands about the database."""


@command.command("upgrade", help="help.db.upgrade")
@console.language_option
def upgrade() -> None:
    """Migrate, all or nothing."""
    engine = opened(read_settings()).engine
    migrate.upgrade(engine)
    console.say("database.upgraded", revision=", ".join(sorted(migrate.heads())))
