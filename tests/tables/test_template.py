"""What a template offers to whoever fills it in."""

import io
from decimal import Decimal
from typing import Any, Final

import pytest
from openpyxl import load_workbook

from service.actions.layouts import layout
from service.tables.writing import Book, workbook
from tests import make, tabled

RULES: Final = tabled.rulebook((tabled.ROOT / "rules.yaml").read_bytes())
BOOKS: Final[dict[str, Any]] = {
    language: load_workbook(io.BytesIO(workbook(Book(RULES, layout(RULES), language)))) for language in ("zh", "en")
}


def sheet(language: str) -> Any:  # noqa: ANN401 - the library's types differ from release to release
    return BOOKS[language].worksheets[0]


def column(language: str, name: str) -> list[Any]:
    at = next(cell.column for cell in sheet(language)[1] if cell.value == name)
    return [sheet(language).cell(row, at) for row in (1, 2, 3, 4)]


def validation(language: str, name: str) -> Any:  # noqa: ANN401 - as above
    place = column(language, name)[3].coordinate
    (found,) = [each for each in sheet(language).data_validations.dataValidation if place in each.sqref]
    return found


def choices(language: str, name: str) -> list[str]:
    where, _, place = validation(language, name).formula1.rpartition("!")
    return [row[0].value for row in BOOKS[language][where][place.replace("$", "")]]


@pytest.mark.parametrize(
    ("language", "label", "hint"),
    [
        ("zh", "经度", "单位：°；不小于 73；不大于 136；小数不超过 6 位；必填"),
        ("en", "Longitude", "in °; at least 73; at most 136; at most 6 decimals; required"),
    ],
)
def test_a_column_says_what_it_is_and_what_belongs_into_it(language: str, label: str, hint: str) -> None:
    assert [cell.value for cell in column(language, "longitude")[:3]] == ["longitude", label, hint]
    assert validation(language, "longitude").prompt == hint
    assert sheet(language).row_dimensions[1].hidden


def test_every_fact_has_a_column_and_nothing_told_has_one() -> None:
    names = [cell.value for cell in sheet("zh")[1]]
    assert names == ["no", *tabled.MEMBERS, *RULES.facts]


def test_choices_stand_in_a_list_in_the_language_of_the_template() -> None:
    assert choices("zh", "nature") == ["新建", "扩建", "改建", "技术改造", "迁建"]
    assert choices("en", "is_two_high") == ["yes", "no"]
    assert validation("zh", "nature").showErrorMessage


def test_texts_are_kept_as_texts_and_numbers_as_numbers() -> None:
    letters = {
        name: column("zh", name)[3].column_letter
        for name in ("industry_code", "fai_10k", "employees", "production_date")
    }
    formats = {name: sheet("zh").column_dimensions[letter].number_format for name, letter in letters.items()}
    assert formats == {
        "industry_code": "@",
        "fai_10k": "General",
        "employees": "General",
        "production_date": "yyyy-mm-dd",
    }


def test_the_guide_names_edition_and_clauses() -> None:
    guide = BOOKS["zh"]["填写说明"]
    assert "2026.1" in guide["A1"].value
    rows = {row[0].value: [cell.value for cell in row] for row in guide.iter_rows()}
    assert "《中华人民共和国黄河保护法》" in rows["shoreline_distance_km"][4]
    assert rows["shoreline_distance_km"][3] == "厂界至黄河干支流岸线的最短距离"


def test_no_cell_of_a_template_runs() -> None:
    for book in BOOKS.values():
        for page in book.worksheets:
            assert [cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type == "f"] == []


def test_a_number_that_a_spreadsheet_would_cut_is_written_as_text() -> None:
    book = tabled.rulebook(make.edition())
    long = "0.12345678901234567"
    application = dict(zip(tabled.MEMBERS, [*tabled.SOUND[1:4], None], strict=True))
    facts = {"output": make.facts()["output"], "water": Decimal(long)}
    content = tabled.as_xlsx(book, layout(book), [{**application, "facts": facts}])
    cells = {cell.value: cell.data_type for cell in load_workbook(io.BytesIO(content)).worksheets[0][4]}
    assert (cells[long], cells[80.5]) == ("s", "n")
