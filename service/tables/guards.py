"""Workbooks looked through before anything reads them: what they unpack to, and what must not be in them.

A workbook is a zip of XML files. Each of its files is unpacked once, piece by piece and never kept, and each XML file
goes through a parser that refuses document types, so that nothing is looked up and nothing grows.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # the library has no types
from defusedxml.expatreader import create_parser  # type: ignore[import-untyped]  # the library has no types

from service.tables import limits
from service.tables.limits import refused
from service.tables.scanning import BrokenSheetError, CellsScan, Extent, RelationsScan, TypesScan

# What reading a damaged zip or its XML may raise.
BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    SAXException,
    BrokenSheetError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
)

_PIECE: Final = 65_536
_MACROS: Final = ("vbaproject", "macrosheets/", "activex/", "dialogsheets/")
_OUTSIDE: Final = ("externallinks/", "connections.xml", "querytables/", "embeddings/", "ddelinks")
_PACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_SHEETS: Final = "xl/worksheets/"


def require_harmless(content: bytes) -> Extent:
    """Look a workbook through, and say how far anything stands in it. Raises ``InvalidError`` with one flaw."""
    furthest = Extent()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _require_few(members, len(content))
            _require_known_kinds(members)
            for member in members:
                furthest = furthest.joined(_scan(archive, member))
            return furthest
    except DefusedXmlException as error:
        raise refused("table_entities") from error
    except BROKEN as error:
        raise refused("table_broken") from error


def _require_few(members: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse by what the file says of itself; that it tells the truth is seen while it is unpacked."""
    sizes = [member.file_size for member in members]
    if len(members) > limits.MOST_PARTS:
        raise refused("table_parts", most=limits.MOST_PARTS)
    if max(sizes, default=0) > limits.MOST_PART_BYTES or sum(sizes) > limits.MOST_UNPACKED_BYTES:
        raise refused("table_unpacked", most=limits.MOST_UNPACKED_BYTES)
    if sum(sizes) > max(limits.ANY_RATIO, packed * limits.MOST_RATIO):
        raise refused("table_unpacked", most=limits.MOST_UNPACKED_BYTES)


def _require_known_kinds(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename.lower().replace("\\", "/") for member in members]
    if any(mark in name for name in names for mark in _MACROS):
        raise refused("table_macros")
    if any(mark in name for name in names for mark in _OUTSIDE):
        raise refused("table_outside")
    is_odd = any(member.compress_type not in _PACKED or member.flag_bits & _ENCRYPTED for member in members)
    if is_odd or len(set(names)) != len(names):
        raise refused("table_broken")


def _scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Extent:
    name = member.filename.lower()
    pieces = _pieces(archive, member)
    if not name.endswith((".xml", ".rels", ".vml")):
        for _ in pieces:
            pass
        return Extent()
    parser, handler = create_parser(forbid_dtd=True), _handler(name)
    parser.setContentHandler(handler)
    for piece in pieces:
        parser.feed(piece)
    parser.close()
    return handler.extent if isinstance(handler, CellsScan) else Extent()


def _handler(name: str) -> ContentHandler:
    if name.startswith(_SHEETS) and name.endswith(".xml"):
        return CellsScan()
    if name.endswith(".rels"):
        return RelationsScan()
    return TypesScan() if name == "[content_types].xml" else ContentHandler()


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as file:
        while piece := file.read(_PIECE):
            yield piece
