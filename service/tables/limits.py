"""How much a file with a table may hold. ``GET /v1/meta`` tells what matters to whoever sends one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from service.core.errors import Flaw, InvalidError
from service.core.imports.tables import FILE

# The file itself; the applications in it; the rows and columns of any sheet, and the letters of one cell.
MOST_BYTES: Final = 4_194_304
MOST_ROWS: Final = 200
MOST_SHEET_ROWS: Final = 20_000
MOST_COLUMNS: Final = 400
MOST_CHARACTERS: Final = 131_072

# What a workbook may unpack to: files in it, each of them, all together, and how many times what was packed.
MOST_PARTS: Final = 200
MOST_PART_BYTES: Final = 16_777_216
MOST_UNPACKED_BYTES: Final = 33_554_432
MOST_RATIO: Final = 200
MOST_CELLS: Final = 250_000
# Below this much a workbook may be packed as tightly as it likes.
ANY_RATIO: Final = 1_048_576

LIMITS: Final[Mapping[str, int]] = MappingProxyType({"import_bytes": MOST_BYTES, "import_rows": MOST_ROWS})


def refused(code: str, cell: str | None = None, **figures: object) -> InvalidError:
    """Make the error of a file that cannot be taken as it is."""
    return InvalidError((Flaw(FILE, code, figures, cell),))
