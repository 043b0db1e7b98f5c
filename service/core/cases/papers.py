"""The files that papers are: which types are taken, how their bytes are told, and what a file may be called."""

import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from service.core.errors import Flaw

# How much of a file's beginning and end is looked at.
LOOKED_AT: Final = 262_144
LONGEST_NAME: Final = 200
NAMELESS: Final = "paper"

_LONGEST_SUFFIX = 12
_LONGEST_SHOWN = 120
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_TEXT_CONTROLS = frozenset(b"\t\n\r\f")
_CONTROLS = bytes(code for code in range(32) if code not in _TEXT_CONTROLS) + b"\x7f"

# Whether the beginning and the end of a file are those of a type.
_Told = Callable[[bytes, bytes], bool]


def _starts(*marks: bytes) -> _Told:
    return lambda head, _: head.startswith(marks)


def _packed(member: bytes) -> _Told:
    """Tell a zip archive that lists a member: the list is at the end of the file."""
    return lambda head, tail: head.startswith(b"PK\x03\x04") and b"PK\x05\x06" in tail and member in tail


def _text(head: bytes, tail: bytes) -> bool:
    is_plain = all(part.translate(None, _CONTROLS) == part for part in (head, tail))
    return is_plain and not head.startswith((b"%PDF-", b"PK\x03\x04"))


MEDIA_TYPES: Final[Mapping[str, _Told]] = MappingProxyType(
    {
        "application/pdf": _starts(b"%PDF-"),
        "application/ofd": _packed(b"OFD.xml"),
        "image/png": _starts(b"\x89PNG\r\n\x1a\n"),
        "image/jpeg": _starts(b"\xff\xd8\xff"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _packed(b"xl/workbook.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _packed(b"word/document.xml"),
        "text/csv": _text,
        "text/plain": _text,
    }
)


def file_flaws(media_type: str, head: bytes, tail: bytes) -> tuple[Flaw, ...]:
    """Say what is wrong with a file: nothing in it, a type that is not taken, or bytes that are not of its type."""
    if not head:
        return (Flaw("/file", "file_empty"),)
    told = MEDIA_TYPES.get(media_type)
    if told is None:
        return (Flaw("/file", "file_type", {"found": media_type[:_LONGEST_SHOWN], "known": tuple(MEDIA_TYPES)}),)
    return () if told(head, tail) else (Flaw("/file", "file_content", {"media_type": media_type}),)


def cleaned(name: str) -> str:
    """Make of a name as sent one that hides nothing and leads nowhere: no folder, no dot in front, not too long."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(symbol for symbol in base if unicodedata.category(symbol) not in _UNSEEN)
    plain = seen.strip().lstrip(". ").rstrip()
    return _shortened(plain) or NAMELESS


def _shortened(name: str) -> str:
    """Cut a long name before its suffix, so that the suffix stays."""
    if len(name) <= LONGEST_NAME:
        return name
    _, dot, suffix = name.rpartition(".")
    ending = dot + suffix if len(suffix) <= _LONGEST_SUFFIX else ""
    return name[: LONGEST_NAME - len(ending)] + ending
