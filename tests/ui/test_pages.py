"""The shell that all pages share, and the first pages on it."""

import re
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from service.actions import applications
from service.app import create_app
from service.web.ui import files, pages
from service.web.ui.answers import receive, show
from service.words import sections
from tests import make
from tests.conftest import Clock
from tests.ui.visiting import Visitor, heading

ZH, EN = ({**sections("domain")[language], **sections("pages")[language]} for language in ("zh", "en"))
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


@pytest.fixture
def officer(visitor: Visitor) -> Visitor:
    return visitor.as_(visitor.house.officer, "officer")


def test_a_page_allows_its_own_files_only_and_has_no_script_or_style_in_it(officer: Visitor) -> None:
    for path in ("/sign-in", "/home", "/cases", "/cases/new", "/cases/import", "/account", "/nowhere"):
        page = (officer.another() if path == "/sign-in" else officer).get(path)
        assert set(page.headers["Content-Security-Policy"].split("; ")) == POLICY
        assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert re.findall(r"(?:https?:)?//[a-z]", page.text) == []
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)", page.text) == []


def test_the_files_of_a_page_may_be_kept_for_ever_and_are_at_no_other_address(visitor: Visitor) -> None:
    named = re.findall(r'(?:src|href)="(/files/[^"]+)"', visitor.get("/sign-in").text)
    assert sorted(path.rpartition("/")[2] for path in named) == ["htmx.min.js", "once.js", "pico.min.css", "sluice.css"]
    for path in named:
        given = visitor.get(path)
        assert given.status_code == 200
        assert given.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert re.search(r"url\((?!\"?data:|'?data:)", given.text) is None or path.endswith(".js")
        assert "Set-Cookie" not in given.headers
    for path in (f"{files.FOLDER}/0000000000000000/sluice.css", named[0].replace("pico.min.css", "LICENSE")):
        assert visitor.get(path).status_code == 404


def test_every_page_has_its_landmarks_and_one_heading(officer: Visitor) -> None:
    case_id = officer.house.create(make.application())
    for path in ("/home", "/cases", f"/cases/{case_id}", "/account"):
        text = officer.get(path).text
        for landmark in ("<header", '<main id="content"', "<footer", '<a class="skip" href="#content">', "<nav"):
            assert text.count(landmark) >= 1, (path, landmark)
        assert text.count("<h1>") == 1
    assert 'aria-label="' + ZH["site.trail"] in officer.get(f"/cases/{case_id}").text


@pytest.mark.parametrize(
    ("role", "named"),
    [("officer", ["/home", "/cases/new", "/cases", "/rules"]), ("admin", ["/home", "/rules", "/admin"])],
)
def test_the_navigation_has_what_somebody_may_read(visitor: Visitor, role: str, named: list[str]) -> None:
    home = visitor.as_(getattr(visitor.house, role), "somebody").get("/home").text
    (navigation,) = re.findall(r'<nav class="pages".*?</nav>', home, re.DOTALL)
    assert re.findall(r'href="([^"]+)"', navigation) == named
    assert re.findall(r'href="([^"]+)" aria-current="page"', navigation) == ["/home"]


def test_what_is_not_granted_is_a_page_that_says_so(visitor: Visitor) -> None:
    refused = visitor.as_(visitor.house.admin, "admin").get("/cases", X_Request_Id="asked-42")
    assert (refused.status_code, refused.mimetype) == (403, "text/html")
    assert "forbidden" in refused.text
    assert "asked-42" in refused.text


def test_what_went_wrong_is_a_page_in_either_language(officer: Visitor) -> None:
    for language in ("zh", "en"):
        for path, status, code in (
            ("/nowhere", 404, "not_found"),
            (f"/cases/{UUID(int=0)}", 404, "not_found"),
            ("/cases?limit=0", 422, "invalid"),
            ("/cases?cursor=x", 400, "malformed"),
        ):
            shown = officer.get(path)
            assert (shown.status_code, shown.mimetype) == (status, "text/html"), path
            assert (heading(shown), code in shown.text) == (sections("errors")[language][f"{code}.title"], True)
        officer.send("/home", "/language", language="en")


def test_an_error_page_speaks_of_pages_and_not_of_the_api(officer: Visitor) -> None:
    for language, roles, count, place in (
        ("zh", "可以办理的角色：系统管理员。", "1 处不符合要求，逐处列在下面", "<li>每页条数：应为 1 至 "),
        (
            "en",
            "These may: Administrator.",
            "1 thing(s) cannot be accepted, each listed below",
            "<li>Rows a page: must be",
        ),
    ):
        said = sections("errors")[language]
        refused, invalid = unescape(officer.get("/people").text), unescape(officer.get("/cases?limit=0").text)
        assert roles in refused
        assert "manage_people" not in refused
        for shown in (count, place, said["invalid.advice_page"]):
            assert shown in invalid, shown
        malformed = unescape(officer.get("/cases?cursor=x").text)
        assert said["malformed.detail_page.cursor"] in malformed
        assert said["malformed.advice_page"] in malformed
        officer.send("/home", "/language", language="en")


def test_words_for_pages_say_nothing_of_headers_and_members() -> None:
    marks = ("ETag", "If-Match", "Retry-After", "flaws", "pointer", "legal", "decision）", "refresh", "/v1/", "sluice ")
    for language in ("zh", "en"):
        said = {code: text for code, text in sections("errors")[language].items() if "_page" in code}
        assert {code for code, text in said.items() if any(mark in text for mark in marks)} == set()
        assert {"illegal_move.advice_page", "stale.advice_page", "item_settled.advice_page"} < set(said)


def test_a_program_that_asks_for_what_is_not_there_gets_a_problem(visitor: Visitor) -> None:
    for path, accepted in (("/nowhere", "application/json"), ("/nowhere", "*/*"), ("/v1/nowhere", "text/html")):
        assert visitor.get(path, Accept=accepted).mimetype == "application/problem+json"


def test_our_own_mistakes_tell_nothing_but_a_number(house: make.House) -> None:
    app, faulty = create_app(house.runtime), pages.Pages()
    faulty.page(pages.Page(name="faulty", path="/faulty", permission=None, template="home.html"))(lambda _: 1 // 0)
    faulty.register(app, show, receive)
    shown = Visitor(house, app).get("/faulty", X_Request_Id="asked-43")
    assert (shown.status_code, shown.mimetype) == (500, "text/html")
    assert "asked-43" in shown.text
    assert "ZeroDivision" not in shown.text


def test_cases_are_listed_filtered_and_in_order(officer: Visitor) -> None:
    house = officer.house
    good, poor = house.create(make.application()), house.create(make.application(output=Decimal(50)))
    draft = house.create(make.draft())

    def listed(query: str) -> list[str]:
        return re.findall(r'<a href="/cases/([0-9a-f-]{36})">', officer.get(f"/cases?{query}").text)

    everything = [str(draft), str(poor), str(good)]
    assert listed("") == everything
    assert listed("text=&state=&outcome=&sort=-number") == everything
    assert listed("sort=number") == everything[::-1]
    assert listed("state=draft") == [str(draft)]
    assert listed("outcome=approve") == [str(good)]
    assert ZH["cases.nothing"] in officer.get("/cases?text=none").text


def test_a_list_goes_on_by_its_cursor_and_keeps_the_filters(officer: Visitor) -> None:
    made = [str(officer.house.create(make.application())) for _ in range(3)]
    first = officer.get("/cases?state=submitted&sort=number&limit=2")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first.text)
    address = following.replace("&amp;", "&")
    assert parse_qs(urlsplit(address).query).keys() == {"state", "sort", "limit", "cursor"}
    second = officer.get(address)
    found = re.findall(r'<a href="/cases/([0-9a-f-]{36})">', first.text + second.text)
    assert found == made
    assert 'rel="next"' not in second.text
    assert ZH["paging.first"] in second.text


def test_a_case_is_shown_with_its_assessment_and_what_happened(officer: Visitor) -> None:
    case_id = officer.house.create(make.application(water=Decimal(200_000)))
    page = officer.get(f"/cases/{case_id}")
    row = officer.house.row(case_id)
    assert heading(page) == f"{row.number} {row.project_name}"
    for said in (
        ZH["state_submitted"],
        ZH["outcome_reject"],
        ZH["gate.fail"],
        ZH["clock_running"],
        ZH["application.submitted"],
        "高质量",
        "80.50",
        row.credit_code,
        officer.house.officer.name,
    ):
        assert said in page.text, said


def test_a_draft_has_no_assessment_yet(officer: Visitor) -> None:
    shown = officer.get(f"/cases/{officer.house.create(make.draft())}")
    assert ZH["case.not_assessed"] in shown.text


def test_nobody_sees_a_case_here_that_is_not_for_their_eyes(officer: Visitor) -> None:
    house = officer.house
    case_id = house.create(make.draft())
    reviewer = officer.another().as_(house.reviewer, "reviewer")
    colleague = officer.another().as_(house.colleague, "colleague")
    for other in (reviewer, colleague):
        assert other.get(f"/cases/{case_id}").status_code == 404
        assert str(case_id) not in other.get("/cases").text


def test_what_somebody_wrote_is_text_and_never_markup(officer: Visitor) -> None:
    house, nasty = officer.house, "<script>alert(1)</script>"
    case_id = house.create(make.application())
    house.do(house.reviewer, applications.return_, case_id, nasty)
    text = officer.get(f"/cases/{case_id}").text + officer.get(f"/cases?text={nasty}").text
    assert nasty not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4


def test_the_home_page_says_what_waits_and_what_is_late(officer: Visitor, clock: Clock) -> None:
    house = officer.house
    case_id = house.create(make.application())
    assert ZH["home.nothing"] in officer.get("/home").text
    house.do(house.reviewer, applications.return_, case_id, "补充")
    home = officer.get("/home").text
    assert ZH["waits.supplement"] in home
    assert f'href="/cases/{case_id}/edit"' in home
    assert ZH["home.late_caption"] not in home
    other = house.create(make.application())
    clock.move(days=30)
    reviewer = officer.another().as_(house.reviewer, "reviewer").get("/home").text
    assert f'href="/cases/{other}"' in reviewer
    assert ZH["home.late_caption"] in reviewer


def test_every_role_has_a_home_page(visitor: Visitor) -> None:
    for number, actor in enumerate(
        (visitor.house.chair, visitor.house.member, visitor.house.auditor, visitor.house.secretary)
    ):
        shown = visitor.another().as_(actor, f"somebody-{number}").get("/home")
        assert shown.status_code == 200
        assert ZH[f"role_{min(actor.roles)}"] in shown.text


def test_every_page_is_declared_once_with_words_for_its_title(visitor: Visitor) -> None:
    found = list(pages.declared(visitor.app).values())
    assert len({(type(one), one.path) for one in found}) == len(found)
