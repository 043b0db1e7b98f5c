"""Scores sheet, minutes, letter and accountability over HTTP: their forms, and what those hold."""

import hashlib
import io
import re
from base64 import b64encode
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from html.parser import HTMLParser
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from service.actions import people, rulebooks
from service.core.cases.accountability import Figure
from service.core.cases.conditions import NewCondition
from service.core.cases.meetings import RecusalKind
from service.core.cases.opinions import Stance
from service.core.cases.seats import Because, Choice
from service.core.people import SYSTEM, Role
from service.core.rules.model import Level, Outcome
from service.core.rules.voting import ShareOf, Tie
from service.db.applications import ApplicationRow
from service.db.meetings import MeetingRow
from service.web.api.sheets.saying import Saying
from service.words import together
from tests import make, meeting
from tests.actions import waiving
from tests.api.calling import Caller, Http, flaws, read, require_problem
from tests.meeting import CONDITION, DEFER, OPPOSE, SUPPORT, WEAK, WITH_CONDITIONS, Meeting, in_review

JSON = "application/json"
HTML = "text/html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
UTC = ZoneInfo("UTC")
FORMULA = '=HYPERLINK("http://example.com","点我")'


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, its text, and its style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.style = ""
        self._is_style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._is_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._is_style = self._is_style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._is_style:
            self.style += data
        else:
            self.text += data


@pytest.fixture
def held(http: Http) -> Meeting:
    """A closed meeting of three cases: decided with conditions and a dissent, supported, carried over."""
    found = meeting.called(http.house)
    for output in (WEAK, make.facts()["output"], make.facts()["output"]):
        found.table(in_review(http.house, output=output))
    found.open(meeting.everybody(http.house)[:-1])
    found.vote([WITH_CONDITIONS] * 4, 1)
    found.cast(http.house.members[3], OPPOSE, 1, "水量不足")
    found.decide(1, conditions=[CONDITION])
    found.vote([SUPPORT] * 5, 2)
    found.decide(2)
    found.close("材料待补")
    return found


def addresses(held: Meeting) -> dict[str, str]:
    """Every paper by its name."""
    case_id = held.item().application_id
    return {
        "scores": f"/v1/meetings/{held.id}/scores",
        "minutes": f"/v1/meetings/{held.id}/minutes",
        "letter": f"/v1/applications/{case_id}/letter",
        "accountability": "/v1/accountability?from=2026-01-01&to=2026-12-31",
    }


def got(caller: Caller, path: str, accept: str, language: str = "zh-CN") -> TestResponse:
    response = caller.get(path, Accept=accept, Accept_Language=language)
    assert response.status_code == 200, response.text
    return response


def rename(http: Http, case_id: UUID, name: str, project: str = "精密减速器项目") -> None:
    with http.house.work(SYSTEM) as work:
        row = work.session.get_one(ApplicationRow, case_id)
        row.applicant_name, row.project_name = name, project


def test_each_paper_comes_in_the_form_asked_for(http: Http, held: Meeting) -> None:
    asked = {
        JSON: JSON,
        "*/*": JSON,
        "": JSON,
        BROWSER: HTML,
        HTML: HTML,
        "text/html;q=0.1,application/json": JSON,
    }
    for path in addresses(held).values():
        for accept, wanted in asked.items():
            response = got(http.auditor, path, accept)
            assert (response.mimetype, response.headers["Vary"]) == (wanted, "Accept, Accept-Language"), accept


def test_without_accept_it_is_json(http: Http) -> None:
    assert http.auditor.get("/v1/accountability").mimetype == JSON


def test_a_form_that_is_not_offered_is_406_and_names_those_that_are(http: Http, held: Meeting) -> None:
    wrong = {"scores": DOCX, "minutes": XLSX, "letter": "application/pdf", "accountability": "image/png"}
    for name, accept in wrong.items():
        told = require_problem(http.auditor.get(addresses(held)[name], Accept=accept), 406, "not_acceptable")
        assert told["offered"][:2] == [JSON, HTML]
        assert accept not in told["offered"]


def test_a_print_page_runs_nothing_and_asks_nothing_of_anybody(http: Http, held: Meeting) -> None:
    for name, path in addresses(held).items():
        for language in ("zh-CN", "en"):
            response = got(http.auditor, path, HTML, language)
            page = Page(response.text)
            require_quiet(page)
            require_policy(page, response)
            assert page.tags[0] == ("html", {"lang": language})
            assert response.headers["Content-Language"] == language[:2]
            size = "A4 landscape" if name in ("scores", "accountability") else "A4"
            assert f"@page {{ size: {size};" in page.style


def require_quiet(page: Page) -> None:
    """Demand that a page is made of nothing that could run or ask."""
    assert {tag for tag, _ in page.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "small", "p", "ol", "li"),
        *("dl", "div", "dt", "dd", "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td"),
    }
    names = {attribute for _, attributes in page.tags for attribute in attributes}
    aids = {"aria-hidden", "aria-label", "role", "tabindex"}
    assert names <= {"lang", "charset", "name", "content", "class", "scope", "colspan"} | aids
    assert "url(" not in page.style
    assert "@import" not in page.style


def require_policy(page: Page, response: TestResponse) -> None:
    """Demand that exactly the page's own style is allowed."""
    digest = b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "unsafe" not in policy


def test_names_that_look_like_markup_are_text(http: Http, held: Meeting) -> None:
    rename(http, held.item().application_id, "<script>alert(1)</script>甲&乙", '"><b>丙')
    for path in addresses(held).values():
        page = Page(got(http.auditor, path, HTML).text)
        assert all(tag not in ("script", "b") for tag, _ in page.tags)
    for name in ("scores", "minutes", "letter"):
        assert "<script>alert(1)</script>甲&乙" in Page(got(http.auditor, addresses(held)[name], HTML).text).text


def test_every_form_of_a_paper_is_the_same_bytes_each_time(http: Http, held: Meeting) -> None:
    forms = {"scores": (JSON, HTML, XLSX), "minutes": (JSON, HTML, DOCX), "letter": (JSON, HTML)}
    for name, offered in {**forms, "accountability": (JSON, HTML, XLSX)}.items():
        for accept in offered:
            first, again = (got(http.auditor, addresses(held)[name], accept).get_data() for _ in range(2))
            assert first == again, (name, accept)


def test_the_scores_sheet_as_json_has_exact_figures(http: Http, held: Meeting) -> None:
    told = read(got(http.auditor, addresses(held)["scores"], JSON))
    first, *_, last = told["items"]
    assert [item["rank"] for item in told["items"]] == [1, 1, 3]
    assert (first["verified"]["total"], first["verified"]["outcome"]) == (make.facts()["output"], "approve")
    assert last["to_better"] == {"outcome": "approve", "by": "total", "label": "总分", "points": 10}
    assert last["to_worse"] == {"outcome": "defer", "by": "total", "label": "总分", "points": 5}
    assert first["category"] == {"id": "B", "label": "一般", "provisional": False}
    assert told["summary"]["outcomes"] == {"approve": 2, "conditional": 1, "defer": 0, "reject": 0}
    assert told["portfolio"] is None
    english = read(got(http.auditor, addresses(held)["scores"], JSON, "en"))
    assert english["items"][0]["category"]["label"] == "Ordinary"


def test_a_workbook_is_read_back_with_the_same_figures(http: Http, held: Meeting) -> None:
    told = read(got(http.auditor, addresses(held)["scores"], JSON))
    response = got(http.auditor, addresses(held)["scores"], XLSX)
    book = load_workbook(io.BytesIO(response.get_data()))
    sheet = book["评分表"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head[:4] == ["名次", "编号", "申报单位", "项目名称"]
    at = head.index("总分（核实）")
    assert [Decimal(str(row[at])) for row in rows] == [item["verified"]["total"] for item in told["items"]]
    assert [row[1] for row in rows] == [item["number"] for item in told["items"]]
    assert (sheet.freeze_panes, sheet.cell(2, at + 1).number_format) == ("D2", "0.00")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert all((sheet.column_dimensions[letter].width or 0) > 4 for letter in "ABCD")
    assert [cell.value for cell in book["汇总"]["A"]][:2] == ["事项", "审议件数"]
    english = load_workbook(io.BytesIO(got(http.auditor, addresses(held)["scores"], XLSX, "en").get_data()))
    assert english.sheetnames == ["Scores", "Summary"]


def test_a_name_that_looks_like_a_formula_is_a_text(http: Http, held: Meeting) -> None:
    for name in (FORMULA, "+1+1", "-1+1", "@SUM(A1:A9)", "\t=1+1"):
        rename(http, held.item().application_id, name, name)
        content = got(http.auditor, addresses(held)["scores"], XLSX).get_data()
        cells = [cell for row in load_workbook(io.BytesIO(content))["评分表"].iter_rows() for cell in row]
        found = [cell for cell in cells if cell.value == name]
        assert [(cell.data_type, cell.quotePrefix) for cell in found] == [("s", True)] * 2, name
        assert all(cell.data_type != "f" for cell in cells)


def test_minutes_are_read_back_from_the_document(http: Http, held: Meeting) -> None:
    document = Document(io.BytesIO(got(http.auditor, addresses(held)["minutes"], DOCX).get_data()))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for said in (
        "会议纪要",
        "决定：有条件支持。",
        "与污水处理厂签订再生水供水协议",
        "水量不足",
        "材料待补",
        "作出决定须有超过有效票的 1/2",
    ):
        assert said in text, said
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    seats = next(table for table in tables if table[0] == ["席位", "职务", "表决权", "出席"])
    assert sorted(row[3] for row in seats[1:]) == ["出席"] * 5 + ["缺席"]
    votes = next(table for table in tables if table[0] == ["席位", "表决", "理由"])
    assert [http.house.members[3].name, "反对", "水量不足"] in votes
    assert [row[0] for row in votes[1:]] == [row[0] for row in seats[1:] if row[3] == "出席"]
    fonts = {name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) for name in ("Normal", "Title")}
    assert fonts == {"Normal": "仿宋", "Title": "宋体"}
    assert document.core_properties.author == ""


def test_minutes_as_json_name_the_rule_that_decided(http: Http, held: Meeting) -> None:
    told = read(got(http.auditor, addresses(held)["minutes"], JSON))
    first, second, third = told["items"]
    assert first["rules"] == [{"name": "pass", "text": "作出决定须有超过有效票的 1/2"}]
    assert first["decision"]["tally"]["counts"]["support_with_conditions"] == 4
    assert first["decision"]["conditions"][0]["owner"] == "申报企业"
    assert [one["person"]["name"] for one in first["decision"]["dissent"]] == [http.house.members[3].name]
    assert (second["decision"]["outcome"], third["decision"], third["carried_because"]) == ("approve", None, "材料待补")
    assert (told["draft"], told["checkpoint"]) == (False, None)
    assert len(told["seats"]["present"]) == 5


@pytest.mark.parametrize(
    ("choices", "chinese", "english"),
    [
        ([SUPPORT] * 6, "结果：“建议支持”达到规定比例。", "Result: “Support” reached the share that is needed."),
        ([SUPPORT, *[DEFER] * 5], "结果：“暂缓”达到规定比例。", "Result: “Defer” reached the share that is needed."),
        ([SUPPORT, SUPPORT, *[OPPOSE] * 4], "更优的结论均未达到，不予支持。", "nothing better did: not supported."),
    ],
)
def test_minutes_name_the_outcome_that_reached_the_share(
    http: Http, choices: list[Choice], chinese: str, english: str
) -> None:
    held = meeting.opened(http.house)
    held.vote(choices)
    held.decide()
    path = f"/v1/meetings/{held.id}/minutes"
    for language, said, rule in (
        ("zh-CN", chinese, "作出决定须有超过有效票的 1/2"),
        ("en", english, "a decision takes more than 1/2 of the votes cast"),
    ):
        text = Page(got(http.auditor, path, HTML, language).text).text
        assert said in text
        assert rule in text
        assert "通过" not in text


def test_dissent_without_a_reason_says_that_none_was_given(http: Http) -> None:
    held = meeting.opened(http.house)
    held.vote([SUPPORT] * 5)
    held.cast(http.house.members[-1], OPPOSE)
    held.decide()
    path, name = f"/v1/meetings/{held.id}/minutes", http.house.members[-1].name
    assert f"{name}：反对（未说明理由）" in Page(got(http.auditor, path, HTML).text).text
    assert f"{name}: oppose (no reason given)" in Page(got(http.auditor, path, HTML, "en").text).text


def test_names_that_hold_the_mark_between_names_are_told_apart() -> None:
    chinese, english = Saying("zh", UTC), Saying("en", UTC)
    assert chinese.joined(["甲、乙", "丙"]) == "甲、乙；丙"
    assert chinese.joined(["甲", "乙"]) == "甲、乙"
    assert english.joined(["A, Ltd", "B"]) == "A, Ltd; B"
    assert english.joined(["A", "B"]) == "A, B"


def test_a_condition_of_the_action_plan_is_said_in_the_language_of_the_minutes(http: Http) -> None:
    planned = "  always:\n    - {id: meter, text: {zh: 安装在线计量, en: Install a meter}, due: before_signing}"
    source = make.edition("9", "2026-04-01").decode().replace("  always: []", planned)
    with http.house.work(SYSTEM) as work:
        rulebooks.release(work, source.encode())
    held = meeting.opened(http.house, in_review(http.house, output=WEAK))
    held.vote([WITH_CONDITIONS] * 6)
    taken = NewCondition(plan="meter", owner="申报企业", evidence="验收单")
    held.decide(conditions=[taken, replace(taken, text="装表")])
    path = addresses(held)["minutes"]
    for language, said in (("zh-CN", "安装在线计量"), ("en", "Install a meter")):
        (item,) = read(got(http.auditor, path, JSON, language))["items"]
        assert [one["text"] for one in item["decision"]["conditions"]] == [said, "装表"]
        assert said in Page(got(http.auditor, path, HTML, language).text).text
    document = Document(io.BytesIO(got(http.auditor, path, DOCX, "en").get_data()))
    assert any("Install a meter" in paragraph.text for paragraph in document.paragraphs)


def test_minutes_of_an_open_meeting_are_marked_as_a_draft(http: Http) -> None:
    held = meeting.opened(http.house)
    path = f"/v1/meetings/{held.id}/minutes"
    assert "草稿" in Page(got(http.auditor, path, HTML).text).text
    assert "Draft" in Page(got(http.auditor, path, HTML, "en").text).text
    document = Document(io.BytesIO(got(http.auditor, path, DOCX).get_data()))
    assert "草稿" in document.paragraphs[0].text
    held.close("材料待补")
    assert "草稿" not in Page(got(http.auditor, path, HTML).text).text


def test_a_meeting_without_items_and_seats_that_came_has_papers(http: Http) -> None:
    held = meeting.called(http.house).open()
    for name, accept in (("scores", HTML), ("scores", XLSX), ("minutes", HTML), ("minutes", DOCX)):
        assert got(http.auditor, f"/v1/meetings/{held.id}/{name}", accept).get_data()
    assert "没有可供查看的审议事项。" in Page(got(http.auditor, f"/v1/meetings/{held.id}/scores", HTML).text).text


def test_a_case_without_a_total_has_dashes_for_figures(http: Http) -> None:
    source = make.edition("9", "2026-04-01").decode()
    source = re.sub(r"    value: output\n", '    value: output\n    applies_when: nature == "expand"\n', source)
    with http.house.work(SYSTEM) as work:
        rulebooks.release(work, source.encode())
    held = meeting.tabled(http.house)
    path = f"/v1/meetings/{held.id}/scores"
    (item,) = read(got(http.auditor, path, JSON))["items"]
    assert (item["verified"]["total"], item["to_better"], item["to_worse"]) == (None, None, None)
    assert "总分 — → —" in Page(got(http.auditor, path, HTML).text).text
    sheet = load_workbook(io.BytesIO(got(http.auditor, path, XLSX).get_data()))["评分表"]
    assert [cell.value for cell in sheet[2]].count(None) >= 4
    assert got(http.auditor, path, HTML, "en")


def test_a_recused_seat_finds_no_trace_of_the_case_in_any_form(http: Http) -> None:
    house = http.house
    held = meeting.called(house)
    for _ in range(2):
        held.table(in_review(house))
    rename(http, held.item(1).application_id, "须回避的企业（虚构）")
    held.open()
    held.recuse(house.member, 1)
    recused = http.caller(house.member)
    for name, forms in (("scores", (JSON, HTML)), ("minutes", (JSON, HTML))):
        for accept in forms:
            path = f"/v1/meetings/{held.id}/{name}"
            assert "须回避的企业" not in got(recused, path, accept).text
            assert "须回避的企业" in got(http.auditor, path, accept).text
    sheet = load_workbook(io.BytesIO(got(recused, f"/v1/meetings/{held.id}/scores", XLSX).get_data()))["评分表"]
    assert sheet.max_row == 2
    assert [cell.value for cell in sheet["A"]] == ["名次", 1]
    document = Document(io.BytesIO(got(recused, f"/v1/meetings/{held.id}/minutes", DOCX).get_data()))
    assert all("须回避的企业" not in paragraph.text for paragraph in document.paragraphs)


def test_the_letter_says_what_it_is_in_both_languages(http: Http, held: Meeting) -> None:
    path = addresses(held)["letter"]
    chinese, english = (Page(got(http.officer, path, HTML, language).text).text for language in ("zh-CN", "en"))
    assert "不是行政许可" in chinese
    assert "结论为“有条件支持”" in chinese
    assert "期限：签约前" in chinese
    assert "no administrative licence" in english
    assert "Outcome: Support with conditions" in english
    for hidden in ("水量不足", http.house.secretary.name, "反对"):
        assert hidden not in chinese
    told = read(got(http.officer, path, JSON))
    assert (told["outcome"], told["assessed"], told["reconsider_until"]) == ("conditional", "conditional", None)


def test_the_letter_of_an_undecided_case_is_not_found(http: Http) -> None:
    case_id = in_review(http.house)
    told = require_problem(http.officer.get(f"/v1/applications/{case_id}/letter"), 404, "not_found")
    assert told["kind"] == "letter"


def test_minutes_of_a_meeting_that_is_only_called_are_not_found(http: Http) -> None:
    held = meeting.tabled(http.house)
    told = require_problem(http.auditor.get(f"/v1/meetings/{held.id}/minutes"), 404, "not_found")
    assert told["kind"] == "minutes"


def test_every_figure_of_the_account_links_to_where_its_entry_is_read(http: Http) -> None:
    case_id = http.house.create(make.application())
    told = read(got(http.auditor, "/v1/accountability", JSON))
    (reviewers,) = [one for one in told["roles"] if one["role"] == "reviewer"]
    (count,) = [one for one in reviewers["counts"] if one["figure"] == "cases_to_accept"]
    (entry,) = count["entries"]
    assert (count["count"], entry["type"], entry["subject"]) == (
        1,
        "application.submitted",
        {"kind": "application", "id": str(case_id)},
    )
    timeline = read(http.auditor.get(entry["timeline"]))["items"]
    assert [one["type"] for one in timeline if one["rev"] == entry["rev"]] == [entry["type"]]
    assert (told["from"], told["to"], told["on"]) == ("2026-01-01", "2026-11-23", "2026-11-23")


def test_a_wrong_time_is_refused_with_its_place(http: Http) -> None:
    wrong = http.auditor.get("/v1/accountability?from=2026-02-01&to=2026-01-31")
    assert flaws(wrong) == [("/to", "period_ends")]
    assert flaws(http.auditor.get("/v1/accountability?from=yesterday")) == [("/from", "member_day")]


def test_the_account_as_a_workbook_has_a_line_an_entry(http: Http, held: Meeting) -> None:
    with http.house.work(SYSTEM) as work:
        person = people.add(work, FORMULA, [Role.CHAIR])
        work.session.get_one(MeetingRow, held.id).called_by = person.id
    other = meeting.tabled(http.house)
    with http.house.work(SYSTEM) as work:
        work.session.get_one(MeetingRow, other.id).called_by = person.id
    content = got(http.auditor, "/v1/accountability", XLSX).get_data()
    cells = [cell for row in load_workbook(io.BytesIO(content))["履责情况"].iter_rows() for cell in row]
    (named,) = [cell for cell in cells if cell.value == FORMULA]
    assert (named.data_type, named.quotePrefix) == ("s", True)
    assert "待决定事项" in {cell.value for cell in cells}


def test_an_override_names_its_rule_the_assessment_and_the_reason(http: Http) -> None:
    held = meeting.opened(http.house, in_review(http.house, output=WEAK))
    held.vote([SUPPORT] * 6)
    held.decide(override=True, reason="补链关键项目")
    path = f"/v1/meetings/{held.id}/minutes"
    (item,) = read(got(http.auditor, path, JSON))["items"]
    assert [rule["name"] for rule in item["rules"]] == ["pass", "override"]
    assert (item["decision"]["assessed"], item["decision"]["reason"]) == ("conditional", "补链关键项目")
    text = Page(got(http.auditor, path, HTML).text).text
    assert "本决定优于按核实资料评价的结果（有条件支持）" in text
    assert "优于评价结果的决定须有未回避表决席位的 2/3 以上（含本数）" in text
    assert "理由：补链关键项目" in text


def test_a_waived_gate_is_named_in_every_paper(http: Http) -> None:
    house = http.house
    waiving.release(house)
    case_id = in_review(house, water=Decimal(200_000))
    waiving.waived(house, case_id)
    held = meeting.tabled(house, case_id)
    assert "用水过量（园区政策，已豁免）" in Page(got(http.auditor, f"/v1/meetings/{held.id}/scores", HTML).text).text
    (line,) = read(got(http.auditor, f"/v1/meetings/{held.id}/scores", JSON))["items"]
    assert [(gate["id"], gate["state"], gate["waived"]) for gate in line["gates"]] == [("too_thirsty", "fail", True)]
    held.open()
    (item,) = read(got(http.auditor, f"/v1/meetings/{held.id}/minutes", JSON))["items"]
    assert item["waived"] == [{"id": "too_thirsty", "label": "用水过量"}]
    held.vote([WITH_CONDITIONS] * 6)
    held.decide(conditions=[CONDITION])
    letter = read(got(http.officer, f"/v1/applications/{case_id}/letter", JSON))
    (waived,) = [passage for passage in letter["passages"] if passage["id"] == "waived"]
    assert "已予豁免" in waived["sentences"][0]


@pytest.mark.parametrize(
    ("stem", "codes"),
    [
        ("because", Because),
        ("vote", Choice),
        ("stance", Stance),
        ("recusal", RecusalKind),
        ("figure", Figure),
        ("level", Level),
        ("share_of", ShareOf),
        ("bylaw_tie", Tie),
        ("outcome", Outcome),
        ("role", Role),
    ],
)
def test_whatever_a_paper_may_tell_has_words(stem: str, codes: type[StrEnum]) -> None:
    for words in together("domain", "sheets").values():
        assert {f"{stem}_{code.value}" for code in codes} <= set(words)
