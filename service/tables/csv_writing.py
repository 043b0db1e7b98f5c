"""Tables written as csv, for other programs: keys instead of labels, lists as JSON, nothing a spreadsheet would run."""

import csv
import io
from typing import Final

from service.core.imports.columns import Layout
from service.core.imports.filling import Rows
from service.core.values import Json, number_text, write_json
from service.tables.texts import marked

CSV_TYPE: Final = "text/csv"

# Has spreadsheets read it as UTF-8.
_BOM: Final = "\ufeff"


def csv_text(layout: Layout, rows: Rows) -> bytes:
    """Write the applications of a table as csv in UTF-8."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, dialect="excel", lineterminator="\r\n")
    columns = layout.applications.columns
    writer.writerow([column.name for column in columns])
    writer.writerows([_shown(row.get(column.name)) for column in columns] for row in rows.applications)
    return (_BOM + target.getvalue()).encode()


def _shown(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return marked(value)
    return write_json(value) if isinstance(value, bool | list | dict) else number_text(value)
