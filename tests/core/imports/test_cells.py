"""Every fault of a table is told with its cell, and nothing is guessed."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import pytest

from service import tables
from service.actions.layouts import guides, layout
from service.core.errors import Flaw
from service.core.imports import lines, sheets
from service.core.imports.entries import Entries, told
from service.core.imports.tables import Lines, letters
from service.core.values import Json
from tests import make, tabled

LAYOUT: Final = layout(tabled.rulebook(make.listed_edition()))
MORE: Final = (*tabled.HEADINGS, "built_on", "listed", "share", "aids")


def entries(content: bytes) -> Entries:
    file = tables.read(content, guides())
    return lines.read(file, 200) if isinstance(file, Lines) else sheets.read(file, LAYOUT, 200)


def flaws(content: bytes) -> list[tuple[str, str, str | None]]:
    """Where and what is wrong: pointer, code, cell."""
    found = entries(content)
    every = [*found.flaws, *(flaw for at, entry in enumerate(found.entries) for flaw in told(at, entry, ()))]
    return [(flaw.pointer, flaw.code, flaw.cell) for flaw in every]


def row(**cells: object) -> list[object]:
    """A sound row but for some cells."""
    sound: dict[str, object] = dict(zip(tabled.HEADINGS, tabled.SOUND, strict=True))
    return [{**sound, **cells}.get(name) for name in MORE]


def facts(*cells: list[object], csv: bool = False, aids: tuple[tuple[object, ...], ...] = ()) -> Mapping[str, Json]:
    content = tabled.csv_of(MORE, *cells) if csv else tabled.sheet_of(MORE, *cells, more={"扶持": aids} if aids else {})
    (entry,) = entries(content).entries
    assert entry.flaws == ()
    return entry.facts


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("output", "=1+1", "cell_formula"),
        ("output", "80,50", "cell_number"),
        ("output", "1,000", "cell_number"),
        ("output", "８０", "cell_number"),
        ("output", "80%", "cell_number"),
        ("output", "8e1", "cell_number"),
        ("output", "+80", "cell_number"),
        ("output", "80 万元", "cell_number"),
        ("output", True, "cell_number"),
        ("output", date(2026, 1, 31), "cell_number"),
        ("industry_code", 3453, "cell_text"),
        ("industry_code", date(2026, 1, 31), "cell_text"),
        ("industry_code", "=A1", "cell_formula"),
        ("nature", 1, "cell_text"),
        ("listed", 1, "cell_boolean"),
        ("listed", "也许", "cell_boolean"),
        ("built_on", 46053, "cell_date"),
        ("built_on", datetime(2026, 1, 31, 8, 30), "cell_date"),  # noqa: DTZ001 - spreadsheets know no zones
        ("output", "#DIV/0!", "cell_error"),
        ("aids", "一", "cell_number"),
        ("aids", 1, "list_count"),
        ("aids", "[{", "cell_json"),
    ],
)
def test_a_cell_that_says_nothing_clear_is_refused_where_it_stands(name: str, given: object, code: str) -> None:
    pointer = f"/rows/0/facts/{name}"
    place = f"申报!{letters(MORE.index(name) + 1)}2"
    assert flaws(tabled.sheet_of(MORE, row(**{name: given}))) == [(pointer, code, place)]


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("output", 80.5, Decimal("80.5")),
        ("output", 0.1, Decimal("0.1")),
        ("output", 8.2, Decimal("8.2")),
        ("output", 80, Decimal(80)),
        ("output", " 80.50 ", Decimal("80.50")),
        ("output", "-1", Decimal(-1)),
        ("output", "12345678901234567890.123456789", Decimal("12345678901234567890.123456789")),
        ("output", 0, Decimal(0)),
        ("nature", "新建", "new"),
        ("nature", "New", "new"),
        ("nature", "new", "new"),
        ("nature", "新键", "新键"),
        ("listed", "是", True),
        ("listed", "NO", False),
        ("listed", True, True),
        ("built_on", date(2026, 1, 31), "2026-01-31"),
        ("built_on", "2026-01-31", "2026-01-31"),
        ("industry_code", "0111", "0111"),
        ("aids", 0, []),
        ("aids", '[{"kind":"a","amount":1.50}]', [{"kind": "a", "amount": Decimal("1.50")}]),
    ],
)
def test_a_cell_is_taken_as_it_stands(name: str, given: object, value: Json) -> None:
    assert facts(row(**{name: given}))[name] == value
    if isinstance(given, str):
        assert facts(row(**{name: given}), csv=True)[name] == value


@pytest.mark.parametrize("given", [None, "", "  ", "\u3000"])
def test_an_empty_cell_is_unknown_and_never_zero(given: str | None) -> None:
    for name in ("output", "nature", "listed", "aids"):
        assert name not in facts(row(**{name: given}))
        assert name not in facts(row(**{name: given}), csv=True)


def test_a_number_shown_as_a_percentage_is_refused() -> None:
    content = tabled.sheet_of(MORE, row(share=0.45))
    at = f"{letters(MORE.index('share') + 1)}2"
    shown = tabled.changed(content, lambda book: setattr(book["申报"][at], "number_format", "0.00%"))
    assert flaws(content) == []
    assert flaws(shown) == [("/rows/0/facts/share", "cell_percentage", f"申报!{at}")]


def test_records_stand_under_the_number_of_their_row() -> None:
    aids = (("no", "kind", "amount"), (1, "甲", 1), ("1", "b", "2.50"))
    found = facts(row(aids=2), aids=aids)
    assert found["aids"] == [{"kind": "a", "amount": Decimal(1)}, {"kind": "b", "amount": Decimal("2.50")}]
    assert facts(row(), aids=aids)["aids"] == found["aids"]


def test_what_is_wrong_with_a_record_is_told_on_its_sheet() -> None:
    aids = (("no", "kind", "amount"), ("1", "甲", "很多"), ("9", "甲", 1), (None, "甲", 1))
    content = tabled.sheet_of(MORE, row(), more={"扶持": aids})
    assert flaws(content) == [
        ("/file", "record_stray", "扶持!A3"),
        ("/file", "record_unnumbered", "扶持!A4"),
        ("/rows/0/facts/aids/0/amount", "cell_number", "扶持!C2"),
    ]


def test_records_are_written_once_only() -> None:
    aids = (("no", "kind"), ("1", "甲"))
    content = tabled.sheet_of(MORE, row(aids="[]"), more={"Aids": aids})
    assert flaws(content) == [("/rows/0/facts/aids", "list_twice", "申报!L2")]


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        (("no", "applicant_nme"), [("heading_unknown_meant", "csv!B1")]),
        (("no", "!!"), [("heading_unknown", "csv!B1")]),
        (("no", "申报主体", "applicant_name"), [("heading_twice", "csv!C1")]),
        (("no", "project_name", "credit_code"), [("heading_missing", "csv!A1")]),
    ],
)
def test_headings_are_those_of_the_template(headings: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    told_ones = flaws(tabled.csv_of(headings, ["1"] * len(headings)))
    assert [(code, cell) for _, code, cell in told_ones] == found


def test_columns_go_by_their_labels_too() -> None:
    labels = ("序号", "Applicant", "统一社会信用代码", "项目名称", "行业代码", "建设性质", "Output", "用水")
    found = entries(tabled.csv_of(labels, tabled.SOUND)).entries[0]
    assert (found.texts["applicant_name"], found.facts["output"]) == (tabled.SOUND[1], Decimal("80.50"))


def test_nothing_is_lost_in_silence() -> None:
    assert flaws(tabled.csv_of(tabled.HEADINGS, [*tabled.SOUND, "多"])) == [("/file", "cell_unheaded", "csv!I2")]
    stray = tabled.sheet_of(MORE, row(), more={"草稿": [["x"]]})
    assert flaws(stray) == [("/file", "sheet_unknown", "草稿!A1")]
    assert flaws(tabled.sheet_of(MORE, row(), name="Sheet1"))[-1] == ("/file", "sheet_missing", None)
    assert flaws(tabled.sheet_of(MORE, row(), more={"Sheet2": []})) == []


def test_a_file_with_too_many_applications_is_not_looked_at_further() -> None:
    expected = [("/file", "rows_count", None)]
    assert flaws(tabled.csv_of(MORE, *[row(output="x")] * 201)) == expected
    assert flaws(b"{}\n" * 201) == expected


def test_of_cells_without_a_heading_the_first_are_told() -> None:
    content = tabled.csv_of(tabled.HEADINGS, *[[*tabled.SOUND, "多"]] * 300)
    assert [cell for _, _, cell in flaws(content)] == [f"csv!I{at}" for at in range(2, 202)]


def test_a_number_counts_once() -> None:
    content = tabled.csv_of(MORE, row(), row())
    assert flaws(content) == [("/rows/1/no", "number_twice", "csv!A3")]


def test_rows_that_explain_are_no_applications() -> None:
    content = tabled.csv_of(MORE, row(no="# 序号"), row(no="#"), row(no="#1"), [])
    assert [entry.place for entry in entries(content).entries] == ["csv!A4"]


def test_a_flaw_of_a_whole_row_stands_at_its_beginning_and_one_of_a_fact_in_its_cell() -> None:
    (entry,) = entries(tabled.sheet_of(MORE, row())).entries
    assert entry.place_of("/facts/water") == "申报!H2"
    assert entry.place_of("/facts/aids/3/kind") == "申报!L2"
    assert entry.place_of("/credit_code") == "申报!C2"
    assert entry.place_of("/facts/nobody_asked") == "申报!A2"


def test_what_a_cell_already_explains_is_not_told_twice() -> None:
    (entry,) = entries(tabled.sheet_of(MORE, row(output="很多"))).entries
    found = [
        flaw.code for flaw in told(0, entry, (Flaw("/facts/output", "required_missing"), Flaw("/facts/water", "x")))
    ]
    assert found == ["cell_number", "x"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b"{", [("/rows/0", "line_syntax", "ndjson!2")]),
        (b'{"a": 1, "a": 2}', [("/rows/0", "line_duplicate_key", "ndjson!2")]),
        (b'{"facts": {"x": NaN}}', [("/rows/0", "line_constant", "ndjson!2")]),
        (b'{"facts": {}, "extra": 1, "applicant_name": 1, "credit_code": "", "project_name": "x"}', [
            ("/rows/0/applicant_name", "member_type", "ndjson!2"),
            ("/rows/0/extra", "member_unknown", "ndjson!2"),
        ]),
        (b'{"applicant_name": "", "credit_code": "", "project_name": "x", "draft": null}', [
            ("/rows/0/facts", "member_missing", "ndjson!2"),
            ("/rows/0/draft", "member_missing", "ndjson!2"),
        ]),
    ],
)  # fmt: skip
def test_a_line_is_what_one_application_is_posted_as(line: bytes, found: list[tuple[str, str, str]]) -> None:
    first = b'\xef\xbb\xbf{"applicant_name":"a","credit_code":"b","project_name":"c","facts":{}}'
    assert flaws(b"\n" + line) == found
    assert [pointer for pointer, *_ in flaws(first + b"\r\n" + line)] == [
        pointer.replace("/rows/0", "/rows/1") for pointer, *_ in found
    ]


def test_columns_are_numbered_in_letters() -> None:
    assert [letters(at) for at in (1, 26, 27, 52, 53, 702, 703)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
