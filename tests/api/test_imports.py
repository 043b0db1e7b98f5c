"""Imports over HTTP: all or nothing, a dry run like the real one, every fault with its cell."""

import hashlib
from decimal import Decimal
from typing import Any

from werkzeug.test import TestResponse

from tests import tabled
from tests.actions.tables import counts, events, nothing_changes
from tests.api.calling import Http, read, require_problem
from tests.api.importing import DRY, OTHER, rows, sent


def faults(response: TestResponse) -> list[tuple[str, str, str]]:
    return [
        (flaw["pointer"], flaw["code"], flaw["cell"]) for flaw in require_problem(response, 422, "invalid")["flaws"]
    ]


def anonymous(told: dict[str, Any]) -> dict[str, Any]:
    """What a real run and a dry one have in common."""
    return {
        **told,
        "dry_run": None,
        "rows": [{**row, "id": None, "number": None} for row in told["rows"]],
    }


def test_a_dry_run_answers_what_the_real_run_answers_and_keeps_nothing(http: Http) -> None:
    content, officer = rows(tabled.SOUND, OTHER), http.officer
    with nothing_changes(http.house.runtime):
        dry = read(sent(officer, content, DRY))
    real = read(sent(officer, content))
    assert anonymous(dry) == anonymous(real)
    assert [(row["id"], row["number"]) for row in dry["rows"]] == [(None, None)] * 2
    assert [row["number"] for row in real["rows"]] == ["2026-0001", "2026-0002"]
    assert [(row["cell"], row["outcome"], row["total"]) for row in real["rows"]] == [
        ("csv!A2", "approve", Decimal("80.5")),
        ("csv!A3", "defer", Decimal(55)),
    ]
    found = read(http.officer.get("/v1/applications?sort=number"))["items"]
    assert [row["id"] for row in found] == [row["id"] for row in real["rows"]]


def test_faults_are_the_same_dry_and_real_and_all_of_them_have_their_cells(http: Http) -> None:
    broken = ("3", "", "91379999DEM0000141", "x", "3453", "nwe", "100.5", "-1")
    content = rows(tabled.SOUND, broken, ("4", *OTHER[1:6], "五十", ""))
    expected = [
        ("/rows/1/applicant_name", "text_missing", "csv!B3"),
        ("/rows/1/credit_code", "credit_code_check", "csv!C3"),
        ("/rows/1/project_name", "text_length", "csv!D3"),
        ("/rows/1/facts/nature", "fact_choice_meant", "csv!F3"),
        ("/rows/1/facts/output", "fact_max", "csv!G3"),
        ("/rows/1/facts/water", "fact_min", "csv!H3"),
        ("/rows/2/facts/output", "cell_number", "csv!G4"),
    ]
    officer = http.officer
    with nothing_changes(http.house.runtime):
        assert faults(sent(officer, content, DRY)) == expected
        assert faults(sent(officer, content)) == expected


def test_the_ledger_says_which_file_it_was_and_each_case_has_entries_of_its_own(http: Http) -> None:
    content, officer = rows(tabled.SOUND, OTHER), http.officer
    before = len(events(http.house.runtime))
    read(sent(officer, content, X_Request_Id="file-7"))
    found = events(http.house.runtime)[before:]
    assert [event["type"] for event in found] == [
        *["application.created", "application.submitted"] * 2,
        "applications.imported",
    ]
    assert {event["request"] for event in found} == {"file-7"}
    told = found[-1]["data"]
    assert (told["file_sha256"], told["count"], told["format"]) == (hashlib.sha256(content).hexdigest(), 2, "csv")


def test_a_file_that_is_sent_again_with_its_key_is_entered_once(http: Http) -> None:
    first = sent(http.officer, rows(tabled.SOUND), Idempotency_Key="k-1")
    before = counts(http.house.runtime)
    again = sent(http.officer, rows(tabled.SOUND), Idempotency_Key="k-1")
    assert (again.data, again.headers["Idempotency-Replayed"]) == (first.data, "true")
    assert counts(http.house.runtime) == before
    require_problem(sent(http.officer, rows(OTHER), Idempotency_Key="k-1"), 422, "idempotency_key_reused")


def test_the_key_of_a_dry_run_is_free_for_the_real_one(http: Http) -> None:
    sent(http.officer, rows(tabled.SOUND), DRY, Idempotency_Key="k-1")
    real = sent(http.officer, rows(tabled.SOUND), Idempotency_Key="k-1")
    assert read(real)["rows"][0]["number"] == "2026-0001"
    assert read(sent(http.officer, rows(tabled.SOUND), DRY, Idempotency_Key="k-1"))["dry_run"] is True
