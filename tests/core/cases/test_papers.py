"""Files are told by their bytes, and named without tricks."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.cases.papers import LONGEST_NAME, MEDIA_TYPES, NAMELESS, cleaned, file_flaws
from service.core.errors import Flaw
from tests.actions.papers import FILES, zipped

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def wrong(media_type: str, content: bytes) -> tuple[Flaw, ...]:
    return file_flaws(media_type, content, content)


def test_there_is_a_file_of_every_type() -> None:
    assert set(FILES) == set(MEDIA_TYPES)


@pytest.mark.parametrize("media_type", FILES)
def test_a_file_is_taken_as_what_it_is_and_as_nothing_else(media_type: str) -> None:
    taken = {name for name in MEDIA_TYPES if not wrong(name, FILES[media_type])}
    assert taken == ({"text/plain", "text/csv"} if media_type.startswith("text/") else {media_type})


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\x00", b"\x00", b"\x1b[2Jhello"])
def test_a_program_or_controls_of_a_terminal_are_no_text(content: bytes) -> None:
    assert wrong("text/plain", content) == (Flaw("/file", "file_content", {"media_type": "text/plain"}),)


def test_text_may_be_chinese_in_any_usual_encoding() -> None:
    for encoding in ("utf-8", "gb18030"):
        assert wrong("text/csv", "项目,用水\r\n精密减速器,12\r\n".encode(encoding)) == ()


def test_a_control_character_at_the_end_of_a_text_is_seen_too() -> None:
    assert file_flaws("text/plain", b"plain", b"not\x00plain")


def test_an_archive_of_something_else_is_no_office_file() -> None:
    for media_type in (XLSX, DOCX, "application/ofd"):
        assert wrong(media_type, zipped("evil.exe"))
        assert wrong(media_type, zipped("word/document.xml")[:30])


def test_an_empty_file_is_nothing_whatever_its_type() -> None:
    assert wrong("application/pdf", b"") == wrong("x", b"") == (Flaw("/file", "file_empty"),)


@pytest.mark.parametrize(
    "media_type", ["application/zip", "text/html", "image/svg+xml", "application/octet-stream", ""]
)
def test_other_types_are_not_taken_and_the_taken_ones_are_named(media_type: str) -> None:
    known = tuple(MEDIA_TYPES)
    assert wrong(media_type, b"x") == (Flaw("/file", "file_type", {"found": media_type, "known": known}),)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("水资源论证.pdf", "水资源论证.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("C:\\docs\\能评.pdf", "能评.pdf"),
        ("/etc/passwd", "passwd"),
        ("....bashrc", "bashrc"),
        (". .hidden", "hidden"),
        ("  a b.pdf  ", "a b.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("fdp.\u202eexe", "fdp.exe"),
        ("\ud800a.pdf", "a.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("", NAMELESS),
        ("..", NAMELESS),
        ("a/", NAMELESS),
        ("\u2028", NAMELESS),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ("a." + "x" * 300, "a." + "x" * 198),
    ],
)
def test_a_name_is_kept_without_what_hides_or_leads_elsewhere(sent: str, kept: str) -> None:
    assert cleaned(sent) == kept


@given(st.text(max_size=400))
def test_whatever_is_sent_the_name_is_plain_and_stays_so(sent: str) -> None:
    name = cleaned(sent)
    assert 1 <= len(name) <= LONGEST_NAME
    assert not name.startswith((".", " "))
    assert not set(name) & set("/\\\r\n\x00")
    assert cleaned(name) == name
