"""Which kind of file it is, seen by its content and not by its name."""

from typing import Final

from service.core.imports.tables import File
from service.tables import texts, workbooks
from service.tables.limits import MOST_BYTES, refused

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOM: Final = b"\xef\xbb\xbf"


def read(content: bytes, guides: frozenset[str] = frozenset()) -> File:
    """Read a workbook, csv or lines of JSON; ``guides`` are sheets that only explain. Raises ``InvalidError``."""
    if not content.strip():
        raise refused("file_empty")
    if len(content) > MOST_BYTES:
        raise refused("table_bytes", most=MOST_BYTES)
    if content.startswith(_OLD):
        raise refused("table_old")
    if content.startswith(_ZIP):
        return workbooks.read(content, guides)
    if content.removeprefix(_BOM).lstrip().startswith(b"{"):
        return texts.read_lines(content)
    return texts.read_csv(content)
