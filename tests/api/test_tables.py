"""Templates, files and exports over HTTP; that they are kept whole is tried on both databases elsewhere."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from service.actions import rulebooks
from service.actions.layouts import layout
from service.core.people import SYSTEM
from service.tables.csv_writing import CSV_TYPE
from service.tables.writing import XLSX_TYPE
from tests import make, tabled
from tests.api import parts
from tests.api.calling import Http, application, read, require_problem
from tests.api.importing import OTHER, PATH, rows, sent

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TEMPLATE = f"{PATH}/template.xlsx"
EXPORT = "/v1/applications/export"


def faults(response: TestResponse) -> list[tuple[str, str, str]]:
    return [
        (flaw["pointer"], flaw["code"], flaw["cell"]) for flaw in require_problem(response, 422, "invalid")["flaws"]
    ]


def test_what_is_missing_is_told_at_the_cell_where_it_belongs(http: Http) -> None:
    lacking = (*tabled.SOUND[:6], "", "")
    assert faults(sent(http.officer, rows(lacking))) == [
        ("/rows/0/facts/output", "required_missing", "csv!G2"),
        ("/rows/0/facts/water", "required_missing", "csv!H2"),
    ]
    assert read(sent(http.officer, rows(lacking), fields={"draft": "true"}))["rows"][0]["state"] == "draft"


def test_the_template_goes_out_and_comes_back_filled_in(http: Http) -> None:
    template = http.officer.get(TEMPLATE)
    assert (template.status_code, template.mimetype) == (200, XLSX_TYPE)
    assert http.officer.get(TEMPLATE).data == template.data

    def fill(book: Any) -> None:  # noqa: ANN401 - a workbook
        sheet = book["申报"]
        names = {cell.value: cell.column for cell in sheet[1]}
        for name, value in zip(tabled.HEADINGS, ("1", *tabled.SOUND[1:5], "新建", 80.5, 12.5), strict=True):
            sheet.cell(4, names[name], value)

    (row,) = read(sent(http.officer, tabled.changed(template.data, fill)))["rows"]
    assert (row["cell"], row["outcome"], row["total"]) == ("申报!A4", "approve", Decimal("80.5"))


@pytest.mark.parametrize(("language", "title"), [("zh", "申报"), ("en", "Applications")])
def test_the_template_speaks_both_languages(http: Http, language: str, title: str) -> None:
    book = load_workbook(io.BytesIO(http.officer.get(TEMPLATE, Accept_Language=language).data))
    assert book.sheetnames[0] == title
    assert book["_sluice"].sheet_state == "veryHidden"
    assert [cell.value for cell in book[title][1]] == [
        "no",
        *tabled.MEMBERS,
        "industry_code",
        "nature",
        "output",
        "water",
    ]


def test_a_template_of_another_edition_is_refused_by_name(http: Http) -> None:
    template = http.officer.get(TEMPLATE).data
    with http.house.work(SYSTEM) as work:
        rulebooks.release(work, make.edition("2", "2026-02-01"))
    told = require_problem(sent(http.officer, template), 409, "template_outdated")
    assert (told["edition"], told["in_force"]) == ("1", "2")


@pytest.mark.parametrize(
    ("content", "code"),
    [(rows(), "rows_missing"), (b"", "file_empty"), (rows(*[tabled.SOUND] * 201), "rows_count")],
    ids=["no rows", "nothing", "too many"],
)
def test_a_file_without_applications_or_with_too_many_is_refused(http: Http, content: bytes, code: str) -> None:
    (flaw,) = require_problem(sent(http.officer, content), 422, "invalid")["flaws"]
    assert (flaw["pointer"], flaw["code"]) == ("/file", code)


def test_what_nobody_reads_to_the_end_is_counted(http: Http) -> None:
    aids = ",".join('{"kind":"x"}' for _ in range(200))
    with http.house.work(SYSTEM) as work:
        rulebooks.release(work, make.listed_edition())
    content = tabled.csv_of(
        (*tabled.HEADINGS, "aids"), *[(str(at), *tabled.SOUND[1:], f"[{aids}]") for at in range(11)]
    )
    flaws = require_problem(sent(http.officer, content), 422, "invalid")["flaws"]
    assert (len(flaws), flaws[-1]["code"], flaws[-1]["because"]) == (
        2_001,
        "flaws_beyond",
        "此外还有 200 处问题，未逐一列出",
    )


def test_a_file_is_due(http: Http) -> None:
    response = parts.send(http.officer, PATH, parts.form(parts.field("draft", "true")))
    assert [flaw["code"] for flaw in require_problem(response, 422, "invalid")["flaws"]] == ["member_missing"]


def test_a_file_that_is_too_large_is_not_received(http: Http) -> None:
    require_problem(sent(http.officer, b"x" * 4_194_305), 413, "too_large")


def test_lines_may_say_themselves_whether_they_are_drafts(http: Http) -> None:
    content = tabled.lines(*({**application(), "facts": {"nature": "new"}, "draft": draft} for draft in (True, True)))
    told = read(sent(http.officer, content))
    assert [(row["cell"], row["state"], row["outcome"]) for row in told["rows"]] == [
        ("ndjson!1", "draft", None),
        ("ndjson!2", "draft", None),
    ]


def test_an_export_says_what_was_handed_in_and_what_came_of_it(http: Http) -> None:
    sent(http.officer, rows(tabled.SOUND, OTHER))
    answer = http.officer.get(f"{EXPORT}?sort=number", Accept=CSV_TYPE)
    assert answer.data.startswith("\ufeff".encode())
    first, second = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (first["no"], first["state"], first["outcome"], first["total"]) == (
        "2026-0001",
        "submitted",
        "approve",
        "80.5",
    )
    assert (first["nature"], first["output"], first["water"]) == ("new", "80.5", "12.5")
    assert (second["applicant_name"], second["water"]) == (OTHER[1], "")
    items = read(http.officer.get(f"{EXPORT}?sort=number"))["items"]
    assert [item["facts"]["output"] for item in items] == [Decimal("80.5"), Decimal(55)]


@pytest.mark.parametrize("accept", [CSV_TYPE, XLSX_TYPE])
def test_an_export_can_be_imported_again_with_equal_facts(http: Http, accept: str) -> None:
    sent(http.officer, rows(tabled.SOUND, OTHER))
    exported = http.officer.get(f"{EXPORT}?sort=number", Accept=accept).data
    read(sent(http.officer, exported))
    items = read(http.officer.get(f"{EXPORT}?sort=number"))["items"]
    assert [item["facts"] for item in items[:2]] == [item["facts"] for item in items[2:]]
    assert [item["total"] for item in items[:2]] == [item["total"] for item in items[2:]]


def test_nothing_in_an_export_runs_as_a_formula(http: Http) -> None:
    evil = '=HYPERLINK("http://x","看")'
    body = application(project_name=evil, applicant_name="@某某公司", facts=make.facts(industry_code="-3453"))
    assert http.officer.post("/v1/applications", body).status_code == 201
    (row,) = csv.DictReader(io.StringIO(http.officer.get(EXPORT, Accept=CSV_TYPE).data.decode("utf-8-sig")))
    assert (row["project_name"], row["applicant_name"], row["industry_code"]) == (f"'{evil}", "'@某某公司", "'-3453")
    book = load_workbook(io.BytesIO(http.officer.get(EXPORT, Accept=XLSX_TYPE).data))
    cell = next(cell for cell in book["申报"][4] if cell.value == evil)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("character", ["\ufffe", "\uffff"])
def test_what_no_workbook_can_hold_is_left_out_of_it(http: Http, character: str) -> None:
    body = application(facts=make.facts(industry_code=f"34{character}53"))
    assert http.officer.post("/v1/applications", body).status_code == 201
    book = load_workbook(io.BytesIO(http.officer.get(EXPORT, Accept=XLSX_TYPE).data))
    assert "3453" in [cell.value for cell in book["申报"][4]]


def test_an_export_holds_what_may_be_seen_and_what_is_asked_for(http: Http) -> None:
    sent(http.officer, rows(tabled.SOUND, OTHER))
    assert read(http.colleague.get(EXPORT))["items"] == []
    assert [item["applicant_name"] for item in read(http.reviewer.get(f"{EXPORT}?outcome=defer"))["items"]] == [
        OTHER[1]
    ]
    require_problem(http.officer.get(f"{EXPORT}?limit=5"), 422, "invalid")
    require_problem(http.officer.get(EXPORT, Accept="image/png"), 406, "not_acceptable")


def test_facts_of_other_editions_keep_their_columns(http: Http) -> None:
    sent(http.officer, rows(tabled.SOUND))
    with http.house.work(SYSTEM) as work:
        renamed = make.edition("2", "2026-02-01").replace(b"  output:\n    type", b"  yield_10k:\n    type")
        rulebooks.release(work, renamed.replace(b"value: output", b"value: yield_10k"))
    (row,) = csv.DictReader(io.StringIO(http.officer.get(EXPORT, Accept=CSV_TYPE).data.decode("utf-8-sig")))
    assert (row["output"], row["yield_10k"]) == ("80.5", "")


def test_limits_are_told(http: Http) -> None:
    limits = read(http.officer.get("/v1/meta"))["limits"]
    assert (limits["import_bytes"], limits["import_rows"], limits["export_rows"]) == (4_194_304, 200, 1_000)


def test_the_twelve_examples_come_in_as_a_table(http: Http) -> None:
    source = (tabled.ROOT / "rules.yaml").read_bytes()
    with http.house.work(SYSTEM) as work:
        rulebooks.release(work, source)
    rules = tabled.rulebook(source)
    examples = [tabled.example(path) for path in tabled.EXAMPLES]
    content = tabled.as_xlsx(rules, layout(rules), examples)
    told = read(sent(http.officer, content))
    for row, example in zip(told["rows"], examples, strict=True):
        expected = read(http.officer.post("/v1/assessments", example["facts"]))
        assert (row["outcome"], row["total"]) == (expected["outcome"], expected["score"]["total"])
