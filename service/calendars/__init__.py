"""The calendar of working days: the office's own file, or the one that comes with the service (``cn.yaml``)."""

from functools import cache
from pathlib import Path
from typing import Final

from service.config import PREFIX, Settings, SettingsError
from service.core.cases.calendar import Calendar
from service.core.cases.calendar_table import read_calendar
from service.core.errors import Flaw

SHIPPED: Final = Path(__file__).parent / "cn.yaml"


@cache
def shipped() -> Calendar:
    """Give the calendar that comes with the service."""
    return read_calendar(SHIPPED.read_bytes())


def open_calendar(settings: Settings) -> Calendar:
    """Give the calendar the settings name.

    Raises ``SettingsError`` for a file that cannot be read, ``FaultyCalendarError`` with every fault in it.
    """
    if not settings.calendar_file:
        return shipped()
    try:
        source = Path(settings.calendar_file).read_bytes()
    except (OSError, ValueError) as error:
        raise SettingsError((Flaw(f"{PREFIX}CALENDAR_FILE", "setting_file"),)) from error
    return read_calendar(source)
