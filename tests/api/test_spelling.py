"""What has one spelling only: numbers in addresses, queries in UTF-8, and texts without control characters."""

import csv
import io
import re
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from service.actions.applications.orders import KEYS, order
from service.core import webhooks
from service.core.cases import credit_codes
from service.core.people import Role, role_flaws
from service.core.sign_in import login_flaws, plain_login
from service.tables.csv_writing import CSV_TYPE
from tests import make
from tests.actions.tables import counts
from tests.api.calling import Http, application, described, flaws, read, require_problem
from tests.api.importing import sent
from tests.api.test_applications import start

CONTROLS = ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x0e", "\x1b", "\x1f", "\x7f", "\x80", "\x85", "\x9f"]
EXPORT = "/v1/applications/export"


def form(name: str) -> dict[str, Any]:
    """The members of a form, as they are described."""
    found: dict[str, Any] = described()["components"]["schemas"][name]["properties"]
    return found


# Numbers in addresses


@pytest.mark.parametrize("spelled", ["01", "001", "+1", "1.0", "%EF%BC%91", "%D9%A1"])
def test_a_number_in_an_address_has_one_spelling(http: Http, spelled: str) -> None:
    path, _ = start(http.officer)
    assert http.officer.get(f"{path}/versions/1").status_code == 200
    require_problem(http.officer.get(f"{path}/versions/{spelled}"), 404, "not_found")


@pytest.mark.parametrize("place", ["/ledger/entries/00/proof", "/ledger/entries/00/zip", "/ledger/consistency/00-1"])
def test_so_it_has_on_the_pages(http: Http, place: str) -> None:
    assert http.nobody.get(place.replace("00", "0")).status_code != 404
    assert http.nobody.get(place).status_code == 404


# Queries


@pytest.mark.parametrize("query", ["text=%FF", "text=%C3", "state=%80", "text=a%ED%A0%80", "%FF=1"])
def test_a_query_that_is_no_utf_8_is_malformed(http: Http, query: str) -> None:
    told = require_problem(http.officer.get(f"/v1/applications?{query}"), 400, "malformed")
    assert (told["because"], told["detail"]) == ("query_encoding", "查询参数不是有效的 UTF-8 文本。")
    spoken = http.officer.get(f"/v1/applications?{query}", Accept_Language="en")
    assert read(spoken)["detail"] == "The query is not valid UTF-8 text."


def test_a_query_in_utf_8_is_read_and_one_that_nobody_asks_for_is_not(http: Http) -> None:
    start(http.officer)
    assert len(read(http.officer.get("/v1/applications?text=%E7%B2%BE%E5%AF%86"))["items"]) == 1
    assert http.officer.get("/v1/meta?text=%FF").status_code == 200


# Texts


@pytest.mark.parametrize("sign", CONTROLS)
def test_a_control_character_in_a_fact_is_a_flaw_and_nothing_is_kept(http: Http, sign: str) -> None:
    officer = http.officer
    before = counts(http.house.runtime)
    facts = make.facts(industry_code=f"34{sign}53")
    for draft in (False, True):
        response = officer.post("/v1/applications", application(facts=facts, draft=draft))
        require_problem(response, 422, "invalid")
        assert flaws(response) == [("/facts/industry_code", "text_character")]
        assert "第 3 个字符" in read(response)["flaws"][0]["because"]
    assert counts(http.house.runtime) == before
    assert flaws(officer.post("/v1/assessments", facts)) == [("/industry_code", "text_character")]


@pytest.mark.parametrize("sign", ["\x01", "\x1b", "\x85"])
def test_a_draft_takes_none_either_and_a_file_says_in_which_cell(http: Http, sign: str) -> None:
    path, tag = start(http.officer, draft=True)
    response = http.officer.put(f"{path}/facts", {"facts": make.facts(industry_code=f"{sign}3453")}, If_Match=tag)
    assert flaws(response) == [("/facts/industry_code", "text_character")]
    exported = http.officer.get(EXPORT, Accept=CSV_TYPE).data
    told = read(sent(http.officer, exported.replace(b"3453", f"34{sign}53".encode())))["flaws"]
    assert [(flaw["code"], flaw["cell"][:4]) for flaw in told] == [("text_character", "csv!")]


def test_breaks_and_tabs_are_kept_and_come_back_from_an_export(http: Http) -> None:
    code = "34\t5\r\n3\n."
    body = application(facts=make.facts(industry_code=code))
    assert http.officer.post("/v1/applications", body).status_code == 201
    exported = http.officer.get(EXPORT, Accept=CSV_TYPE).data
    (row,) = csv.DictReader(io.StringIO(exported.decode("utf-8-sig"), newline=""))
    assert row["industry_code"] == code
    assert sent(http.officer, exported).status_code == 200
    items = read(http.officer.get(EXPORT))["items"]
    assert [item["facts"]["industry_code"] for item in items] == [code, code]


@pytest.mark.parametrize("sign", CONTROLS)
def test_a_control_character_in_a_text_of_a_form_is_a_flaw_even_at_its_end(http: Http, sign: str) -> None:
    body = application(applicant_name=f"大河{sign}", project_code=f"{sign}2026", project_name="河\n口")
    response = http.officer.post("/v1/applications", body)
    require_problem(response, 422, "invalid")
    assert sorted(flaws(response)) == [
        ("/applicant_name", "text_character"),
        ("/project_code", "text_character"),
        ("/project_name", "text_character"),
    ]


# What the description says of them


@pytest.mark.parametrize("text", ["大河", " 大 河\n", "大", " 大 ", "  ", "大\n河", "大\x85河", "\x1f大河"])
def test_a_line_is_described_as_it_is_taken(http: Http, text: str) -> None:
    is_described = re.search(form("NewApplication")["applicant_name"]["pattern"], text) is not None
    response = http.officer.post("/v1/applications", application(applicant_name=text))
    assert (response.status_code == 201) is is_described


@pytest.mark.parametrize("text", ["因", "\n因\t由 ", " \n", "因\x0b", "\x9f"])
def test_a_reason_is_described_as_it_is_taken(http: Http, text: str) -> None:
    is_described = re.search(form("Reason")["reason"]["pattern"], text) is not None
    path, tag = start(http.officer)
    response = http.officer.post(f"{path}/withdraw", {"reason": text}, If_Match=tag)
    assert (response.status_code == 200) is is_described


@pytest.mark.parametrize("code", [make.CREDIT_CODE, "9137", "o" * 18, "91379999dem0000140"])
def test_a_credit_code_is_described_by_its_shape(code: str) -> None:
    pattern = form("NewApplication")["credit_code"]["pattern"]
    assert (re.search(pattern, code) is not None) is (credit_codes.flaws(code.strip()) == ())


@pytest.mark.parametrize("login", ["li.ming", "Li_Ming-1", "l", ".li", "李明", "l" * 60, "l" * 61, "li ming"])
def test_a_log_in_is_described_as_it_is_taken(login: str) -> None:
    is_taken = login_flaws("/login", plain_login(login)) == ()
    assert (re.search(form("Login")["login"]["pattern"], login) is not None) is is_taken


@pytest.mark.parametrize(
    "url",
    [
        "https://erp.zone.example/hooks/sluice?a=1&b[]=~",
        "http://[2001:db8::1]:8080",
        "https://erp.zone.example?x",
        "ftp://erp.zone.example",
        "https://",
        "https://a b",
        "https://erp@zone.example",
        "https://erp.zone.example/#x",
        "https://erp.zone.example/\\\\x",
        "https://企业.example",
    ],
)
def test_an_address_is_described_as_it_is_taken(url: str) -> None:
    found = re.search(form("NewWebhook")["url"]["pattern"], url) is not None
    assert found is (webhooks.flaws(url, [webhooks.EVERYTHING]) == ())


def test_every_kind_of_event_that_is_described_can_be_asked_for() -> None:
    events = form("NewWebhook")["events"]["items"]["enum"]
    assert webhooks.flaws("https://erp.zone.example", events) == ()
    assert set(events) == {webhooks.EVERYTHING, *webhooks.ANNOUNCED}


@pytest.mark.parametrize("roles", [["admin"], ["admin", "admin"], ["member", "chair"], ["admin", "member"], []])
def test_roles_are_described_as_they_are_taken(roles: list[str]) -> None:
    schema = {**described(), **form("NewRoles")["roles"]}
    assert OAS31Validator(schema).is_valid(roles) is (role_flaws([Role(role) for role in roles]) == ())


def test_every_order_that_is_described_is_one() -> None:
    parameters = described()["paths"]["/v1/applications"]["get"]["parameters"]
    orders = next(one["schema"]["enum"] for one in parameters if one["name"] == "sort")
    assert len(orders) == len(set(orders)) == 2 * len(KEYS)
    assert None not in {order(name) for name in orders}
