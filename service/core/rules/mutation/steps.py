"""The next numbers to a number: one unit of its written precision up and down."""

from collections.abc import Iterator
from decimal import Decimal

from service.core.values import EXACT


def neighbours(number: Decimal, least: Decimal | None = None, most: Decimal | None = None) -> Iterator[Decimal]:
    """Give the number a unit above and the one a unit below, as far as they are within the limits."""
    exponent = number.as_tuple().exponent
    unit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    for found in (EXACT.add(number, unit), EXACT.subtract(number, unit)):
        if (least is None or found >= least) and (most is None or found <= most):
            yield found
