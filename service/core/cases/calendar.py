"""Working days, by a table of public holidays and of the days that make up for them. Nothing is guessed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from service.core.errors import ConflictError

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


class NoCalendarError(ConflictError):
    """The calendar has no data for a year that is asked about. Figures: ``year``."""

    code = "no_calendar"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years that are known, the days off in them, and the weekend days on which people work."""

    years: frozenset[int]
    holidays: frozenset[date]
    working_days: frozenset[date]

    def is_working(self, day: date) -> bool:
        """Whether people work on a day. Raises ``NoCalendarError`` for a year that is not known."""
        if day.year not in self.years:
            raise NoCalendarError(year=day.year)
        return day in self.working_days or (day.weekday() < _SATURDAY and day not in self.holidays)

    def after(self, day: date, working_days: int) -> date:
        """Give the day that is so many working days after a day, which itself does not count.

        Raises ``NoCalendarError`` where the way leads through a year that is not known.
        """
        left = working_days
        while left > 0:
            day += _DAY
            left -= self.is_working(day)
        return day

    def between(self, day: date, last: date) -> int:
        """Count the working days after a day, up to and with the last; none where the last does not come after it.

        Raises ``NoCalendarError`` where one of them lies in a year that is not known.
        """
        days = (day + timedelta(days=passed) for passed in range(1, (last - day).days + 1))
        return sum(map(self.is_working, days))
