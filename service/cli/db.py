"""``sluice db``: bring the database to the present tables, and make a copy of it."""

from pathlib import Path

import click

from service.cli import console
from service.cli.runtime import opened
from service.config import read_settings
from service.db import backup, migrate


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


@command.command("backup", help="help.db.backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@console.language_option
def backup_(file: Path) -> None:
    """Copy an SQLite database while it is at work; of PostgreSQL ``pg_dump`` does it."""
    backup.backup(opened(read_settings()).engine, file)
    console.say("database.backed_up", file=file)
