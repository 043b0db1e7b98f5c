"""``sluice config``: whether the settings can be used, and what holds."""

from dataclasses import fields

import click
from sqlalchemy.engine import make_url

from service.calendars import open_calendar
from service.cli import console
from service.config import PREFIX, Settings, read_settings
from service.logs import HIDDEN


@click.group("config", cls=console.Group, help="help.config")
def command() -> None:
    """Group the commands about settings."""


@command.command("check", help="help.config.check")
@console.language_option
def check() -> None:
    """Say every fault of the settings, or of the calendar they name, or what holds."""
    settings = read_settings()
    open_calendar(settings)
    for field in fields(settings):
        click.echo(f"{PREFIX}{field.name.upper()}={_shown(settings, field.name)}")


def _shown(settings: Settings, name: str) -> str:
    """Give a setting as text, without the database's password and without what an address may hold of that kind."""
    if name == "database_url":
        return make_url(settings.database_url).render_as_string(hide_password=True)
    if name == "ledger_anchor_url":
        return "/".join(settings.ledger_anchor_url.split("/")[:3])
    found = getattr(settings, name)
    if name == "metrics_token":
        return HIDDEN if found else ""
    if isinstance(found, tuple):
        return ",".join(map(str, found))
    return str(found).lower() if isinstance(found, bool) else str(found)
