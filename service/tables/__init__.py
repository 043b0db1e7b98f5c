"""Files with tables: read within limits, whatever they hold, and written so that the same table is the same bytes."""

from service.tables.limits import LIMITS, MOST_BYTES, MOST_ROWS
from service.tables.reading import read

__all__ = ["LIMITS", "MOST_BYTES", "MOST_ROWS", "read"]
