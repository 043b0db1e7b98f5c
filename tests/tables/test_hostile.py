"""Files meant to do harm, or not what they say: each is refused with a clear word, soon and in little memory."""

import csv
import io
import tracemalloc
import zipfile
from typing import Final

import pytest

from service import tables
from service.core.errors import InvalidError
from service.core.imports.tables import Lines, Workbook
from service.tables import limits
from service.tables.texts import SUSPECT, marked, unmarked
from tests import tabled

SOUND: Final = tabled.sheet_of(tabled.HEADINGS, tabled.SOUND)
SHEET: Final = "xl/worksheets/sheet1.xml"
ROOT: Final = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(InvalidError) as caught:
        tables.read(content)
    (flaw,) = caught.value.flaws
    return flaw.pointer, flaw.code


def with_sheet(data: str) -> bytes:
    """The sound workbook with other content in its sheet."""
    return tabled.repacked(SOUND, {SHEET: f"{ROOT}<sheetData>{data}</sheetData></worksheet>".encode()})


def with_part(name: str, content: bytes = b"<x/>") -> bytes:
    return tabled.repacked(SOUND, {name: content})


def read_as(content: bytes) -> Workbook:
    found = tables.read(content)
    assert isinstance(found, Workbook)
    return found


def bomb(megabytes: int) -> bytes:
    """A workbook of a few hundred kB that says that it unpacks to this much, and does."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("[Content_Types].xml", tabled.part(SOUND, "[Content_Types].xml"))
        with packed.open(SHEET, "w", force_zip64=True) as part:
            part.write(ROOT.encode())
            for _ in range(megabytes):
                part.write(b" " * 1_048_576)
    return target.getvalue()


def test_a_small_file_that_unpacks_to_600_megabytes_is_refused_before_it_is_unpacked() -> None:
    content = bomb(600)
    assert len(content) < 3_000_000
    tracemalloc.start()
    try:
        assert refusal(content) == ("/file", "table_unpacked")
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_a_part_that_is_larger_than_it_says_is_refused() -> None:
    content = bytearray(bomb(3))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(SHEET).file_size
    lied = bytes(content).replace(size.to_bytes(4, "little"), (100_000).to_bytes(4, "little"))
    assert lied != content
    assert refusal(lied) == ("/file", "table_broken")


def test_what_is_packed_too_tightly_to_be_true_is_refused() -> None:
    assert refusal(bomb(4)) == ("/file", "table_unpacked")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (with_part("xl/vbaProject.bin"), "table_macros"),
        (with_part("XL/VBAPROJECT.BIN"), "table_macros"),
        (with_part("xl/macrosheets/sheet1.xml"), "table_macros"),
        (with_part("xl/activeX/activeX1.xml"), "table_macros"),
        (with_part("xl/externalLinks/externalLink1.xml"), "table_outside"),
        (with_part("xl/connections.xml"), "table_outside"),
        (with_part("xl/embeddings/oleObject1.bin"), "table_outside"),
        (with_part("xl/worksheets/_rels/sheet1.xml.rels", b'<Relationships><Relationship Id="r" Type="http://x/image" TargetMode="External" Target="file:///etc/passwd"/></Relationships>'), "table_outside"),  # noqa: E501 - one part
        (with_part("docProps/x.xml", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'), "table_entities"),  # noqa: E501 - one part
        (with_part("docProps/x.xml", b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>'), "table_entities"),  # noqa: E501 - one part
        (with_part(SHEET, b"<worksheet><row>"), "table_broken"),
        (tabled.repacked(SOUND, {"xl/workbook.xml": None}), "table_broken"),
        (SOUND[: len(SOUND) // 2], "table_broken"),
        (b"PK\x03\x04" + b"\x00" * 100, "table_broken"),
        (tabled.repacked(SOUND, {f"x/{at}.bin": b"x" for at in range(200)}), "table_parts"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "table_old"),
        (b"", "file_empty"),
        (b" \r\n\t", "file_empty"),
        (b"\xff\xfeno\x00", "table_encoding"),
        (b"no,applicant_name\r\n1,\x80\xff", "table_encoding"),
        (b"no,\x00", "table_nul"),
        (b'no,"a\r\n1', "table_csv"),
        (b'no,"a"b', "table_csv"),
        (b"no\n" + b"x" * 200_000, "table_csv"),
        (b"no\n" * 20_001, "table_rows"),
        (b"," * 400 + b"x", "table_columns"),
        ((b"1," * 390 + b"\n") * 650, "table_cells"),
        (b"x" * (limits.MOST_BYTES + 1), "table_bytes"),
    ],
)  # fmt: skip
def test_what_is_no_table_or_more_than_one_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert refusal(content) == ("/file", code)


def test_a_workbook_that_says_it_has_macros_is_refused_under_any_name() -> None:
    types = tabled.part(SOUND, "[Content_Types].xml").replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
    assert refusal(with_part("[Content_Types].xml", types)) == ("/file", "table_macros")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("<row/>" * 20_001, "table_rows"),
        ('<row r="1"/><row r="1048576"><c r="A1048576"><v>1</v></c></row>', "table_rows"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "table_columns"),
        ('<row r="1">' + "".join(f'<c s="{at % 997}"/>' for at in range(250_001)) + "</row>", "table_cells"),
        ('<row r="2"/><row r="2"/>', "table_broken"),
        ('<row r="2"/><row r="1"/>', "table_broken"),
        ('<row r="99999999999999999999"/>', "table_broken"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c></row>', "table_broken"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "table_broken"),
        ('<row r="1"><c r="A1"><v>eins</v></c></row>', "table_broken"),
        ('<row r="1"><c r="A1" t="s"><v>99</v></c></row>', "table_broken"),
    ],
)
def test_a_sheet_that_goes_too_far_or_contradicts_itself_is_refused(data: str, code: str) -> None:
    assert refusal(with_sheet(data)) == ("/file", code)


def test_a_dimension_that_says_too_much_is_not_believed() -> None:
    plain = tabled.part(SOUND, SHEET).replace(b'ref="A1:H2"', b'ref="A1:XFD1048576"')
    assert b"XFD1048576" in plain
    assert read_as(with_part(SHEET, plain)) == read_as(SOUND)


def test_formatting_may_go_as_far_as_it_likes() -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row><row r="1048576"/>'
    (sheet,) = read_as(with_sheet(row)).sheets
    assert [(found.number, list(found.cells)) for found in sheet.rows] == [(1, [1])]


def test_a_link_to_click_on_is_harmless() -> None:
    def link(book: object) -> None:
        book["申报"]["B2"].hyperlink = "https://example.com/"  # type: ignore[index]  # a workbook

    assert read_as(tabled.changed(SOUND, link)).sheets == read_as(SOUND).sheets


def test_an_infinite_number_is_an_error_in_its_cell() -> None:
    (sheet,) = read_as(with_sheet('<row r="1"><c r="A1"><v>1E999</v></c></row>')).sheets
    assert sheet.rows[0].cells[1].kind.value == "error"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_is_read_in_every_encoding_of_the_house(encoding: str) -> None:
    content = tabled.csv_of(tabled.HEADINGS, tabled.SOUND, encoding=encoding)
    assert read_as(content) == read_as(tabled.csv_of(tabled.HEADINGS, tabled.SOUND))


def test_quotes_commas_and_line_breaks_in_a_field_are_its_own() -> None:
    (sheet,) = read_as(tabled.csv_of(["a", 'b"c', "d,e", "f\r\ng"], ["x"])).sheets
    assert [cell.value for cell in sheet.rows[0].cells.values()] == ["a", 'b"c', "d,e", "f\r\ng"]
    assert sheet.rows[1].number == 2


def test_what_it_is_is_seen_by_its_content() -> None:
    assert isinstance(tables.read(b'\xef\xbb\xbf  {"a": 1}\n\n{"b": 2}'), Lines)
    assert isinstance(tables.read(b"a{,b"), Workbook)


@pytest.mark.parametrize("text", [*(f"{mark}1" for mark in SUSPECT), "'=1", "''@x", "'a", "a=1", "", "'", "=", "-"])
def test_what_looks_like_a_formula_is_marked_and_the_mark_is_taken_away_again(text: str) -> None:
    assert not marked(text).startswith(SUSPECT)
    assert unmarked(marked(text)) == text


def test_csv_fields_stay_limited_for_everybody_else_too() -> None:
    tables.read(b"a")
    assert csv.field_size_limit() == limits.MOST_CHARACTERS
