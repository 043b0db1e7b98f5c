"""A day and an hour of the office as a form sends them, in two fields."""

import re
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, fields

from service.core.errors import Flaw

_WRITTEN: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


class Hour(fields.Field[time]):
    """A time of day to the minute, written ``09:30``."""

    def _deserialize(self, value: object, attr: str | None, data: object, **_: object) -> time:
        del attr, data
        if not _WRITTEN.fullmatch(str(value)):
            raise ValidationError([Flaw("", "member_hour")])
        return time.fromisoformat(str(value))


def moment(day: date | None, hour: time | None, zone: str) -> datetime | None:
    """Give the moment in UTC; None where one of the two is missing, or none can be told."""
    if day is None or hour is None:
        return None
    try:
        return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        return None
