"""``sluice config``: whether the settings can be used, and what holds."""

from dataclasses import fields
from zoneinfo import ZoneInfo

import click

from service.calendars import open_calendar
from service.cli import console, surroundings
from service.config import PREFIX, Settings, SettingsError, read_settings, telling
from service.work import system_clock


@click.group("config", cls=console.Group, help="help.config")
def command() -> None:
    """Group the commands about settings."""


@command.command("check", help="help.config.check")
@click.option("--deep", is_flag=True, cls=console.Option, help="option.deep")
@console.language_option
def check(*, deep: bool) -> None:
    """Say every fault of the settings, or of the calendar they name, or what holds; ``deep`` looks at the world too."""
    settings = read_settings()
    if deep:
        _look(settings)
    open_calendar(settings)
    for field in fields(settings):
        click.echo(f"{PREFIX}{field.name.upper()}={telling.shown(settings, field.name)}")


def _look(settings: Settings) -> None:
    """Raise ``SettingsError`` with all that is not as it must be; note what will not be soon."""
    today = system_clock().astimezone(ZoneInfo(settings.time_zone)).date()
    found = tuple(surroundings.flaws(settings, today))
    if found:
        raise SettingsError(found)
    if surroundings.lacks_next_year(settings, today):
        console.note("config.next_year", year=today.year + 1)
