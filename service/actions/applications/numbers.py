"""Case numbers people can say aloud: a year, and a count in it without gaps."""

from sqlalchemy import text

from service.work import Work

_YEAR = 1_000_000

# The counter's row stays locked until the work ends: nobody takes the next number while this one may still be undone.
_NEXT = text(
    "INSERT INTO case_counter (year, last) VALUES (:year, 1) "
    "ON CONFLICT (year) DO UPDATE SET last = case_counter.last + 1 RETURNING last"
)


def next_serial(work: Work) -> int:
    """Take the next number of this year, as one integer that sorts."""
    year = work.today.year
    count: int = work.session.execute(_NEXT, {"year": year}).scalar_one()
    return year * _YEAR + count


def number(serial: int) -> str:
    """Write a serial the way people say it: ``2026-0042``."""
    year, count = divmod(serial, _YEAR)
    return f"{year}-{count:04d}"
