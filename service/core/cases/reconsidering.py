"""Until when a case that was decided against may be opened again."""

from datetime import date, timedelta

from service.core.errors import ConflictError


class ReconsiderationOverError(ConflictError):
    """It is too late to ask for a case to be reconsidered. Figures: ``until``, the last day on which it was not."""

    code = "reconsideration_over"


def last_day(decided_on: date, days: int) -> date:
    """Give the last day on which reconsideration may be asked for: so many calendar days after the decision."""
    return decided_on + timedelta(days=days)


def require_in_time(until: date, today: date) -> None:
    """Raise ``ReconsiderationOverError`` after the last day."""
    if today > until:
        raise ReconsiderationOverError(until=until)
