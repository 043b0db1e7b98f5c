"""The pages of a case: what each role sees of it and may do with it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from html import unescape
from io import BytesIO
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from service.actions import applications, opinions, rulebooks
from service.core.cases.opinions import Stance
from service.core.people import SYSTEM, Actor
from service.web.ui import visits
from service.words import sections
from tests import make
from tests.meeting import DEFER, SUPPORT, decided, in_review, opened
from tests.ui.visiting import HOST, Visitor, hidden

ZH, EN = ({**sections("domain")[it], **sections("pages")[it], **sections("case")[it]} for it in ("zh", "en"))
PDF = b"%PDF-1.4 paper"
PARTS = ("", "/criteria", "/evidence", "/versions")


@pytest.fixture
def officer(visitor: Visitor) -> Visitor:
    return visitor.as_(visitor.house.officer, "officer")


def visit(visitor: Visitor, actor: Actor, login: str) -> Visitor:
    return visitor.another().as_(actor, login)


def moves(page: TestResponse) -> list[str]:
    """The moves a page leads to."""
    return re.findall(r'href="/cases/[^"/]+/(?:moves/)?(submit|accept|return|withdraw|reconsider|edit)"', page.text)


def attach(visitor: Visitor, case_id: UUID, content: bytes = PDF, **changes: object) -> TestResponse:
    """Send a paper by the form of the page."""
    path = f"/cases/{case_id}/evidence"
    fields: dict[str, object] = {
        **hidden(visitor.get(path), path),
        "grade": "third_party",
        "facts": ["output", "water"],
        "issued_on": "",
        "covers_from": "",
        "covers_to": "",
        "expires_on": "",
        "file": (BytesIO(content), "检测报告.pdf", "application/pdf"),
        **changes,
    }
    return visitor.client.post(path, base_url=HOST, data=fields, headers={"Accept": "text/html"})


@pytest.fixture
def papered(officer: Visitor) -> UUID:
    """A case in review with a paper that waits for a ruling, by an edition that asks for papers."""
    with officer.house.work(SYSTEM) as work:
        rulebooks.release(work, make.papered_edition())
    case_id = officer.house.create(make.application())
    assert attach(officer, case_id).status_code == 303
    return case_id


def test_every_role_is_offered_what_it_may_do_and_nothing_else(officer: Visitor) -> None:
    house = officer.house
    case_id = house.create(make.application())
    seen = {
        name: moves(visit(officer, actor, name).get(f"/cases/{case_id}"))
        for name, actor in (("reviewer", house.reviewer), ("auditor", house.auditor), ("secretary", house.secretary))
    }
    assert moves(officer.get(f"/cases/{case_id}")) == ["withdraw"]
    assert seen == {"reviewer": ["accept", "return"], "auditor": [], "secretary": []}
    assert moves(officer.get(f"/cases/{house.create(make.draft())}")) == ["edit", "submit", "withdraw"]


def test_both_results_are_told_with_what_they_rest_on(officer: Visitor, papered: UUID) -> None:
    for sides, completeness in (
        ("（核实一栏只采信有佐证的填报项，按今日情况计算。）</p>", "资料完整度"),
        ("(The verified column counts only facts that are backed by evidence, as of today.)</p>", "Completeness"),
    ):
        shown = officer.get(f"/cases/{papered}").text
        assert sides in shown
        assert f'<th scope="row">{completeness}</th>' in shown
        assert "信息完整度" not in shown
        officer.send("/home", "/language", language="en")


def test_a_case_goes_through_its_moves_by_forms(officer: Visitor) -> None:
    house = officer.house
    reviewer = visit(officer, house.reviewer, "reviewer")
    case_id = house.create(make.draft())
    path = f"/cases/{case_id}"

    def move(who: Visitor, name: str, **fields: str) -> None:
        sent = who.send(f"{path}/moves/{name}", f"{path}/moves/{name}", **fields)
        assert (sent.status_code, sent.headers["Location"]) == (303, path), sent.text
        assert ZH[f"said.moved_{name}"].split("}")[1] in who.get(path).text

    move(officer, "submit")
    move(reviewer, "return", reason="补充能评意见")
    assert ZH["next.returned"] in officer.get(path).text
    move(officer, "submit")
    move(reviewer, "accept", departments=make.DEPARTMENT, due_on="")
    assert ZH["opinions.state_asked"] in reviewer.get(f"{path}/opinions").text
    move(officer, "withdraw", reason="另行选址")
    assert (house.row(case_id).state, moves(officer.get(path))) == ("withdrawn", [])


def test_a_move_by_a_stale_page_is_refused_in_place_and_nothing_is_done(officer: Visitor) -> None:
    house = officer.house
    case_id = house.create(make.application())
    path = f"/cases/{case_id}/moves/withdraw"
    sent = {**hidden(officer.get(path), path), "reason": "另行选址"}
    house.do(house.reviewer, applications.accept, case_id)
    refused = officer.post(path, sent)
    assert (refused.status_code, house.row(case_id).state) == (412, "in_review")
    assert "另行选址" in refused.text
    assert officer.post(path, {**sent, **hidden(refused, path)}).status_code == 303


def test_a_move_needs_the_role_the_state_and_what_it_asks_for(officer: Visitor) -> None:
    house = officer.house
    case_id = house.create(make.application())
    path = f"/cases/{case_id}/moves"
    assert officer.get(f"{path}/accept").status_code == 403
    assert officer.get(f"{path}/submit").status_code == 409
    assert [officer.get(f"{path}/{name}").status_code for name in ("table", "approve", "nothing")] == [404] * 3
    sent = hidden(officer.get(f"{path}/withdraw"), f"{path}/withdraw")
    assert officer.post(f"{path}/accept", sent).status_code == 403
    assert officer.post(f"{path}/table", sent).status_code == 404
    assert officer.post(f"{path}/withdraw", {"version": sent["version"], "reason": "x"}).status_code == 403
    empty = officer.post(f"{path}/withdraw", {**sent, "reason": ""})
    assert (empty.status_code, 'id="fault-reason"' in empty.text) == (422, True)
    colleague = visit(officer, house.colleague, "colleague")
    assert colleague.get(f"{path}/withdraw").status_code == 404
    assert house.row(case_id).state == "submitted"


def test_a_draft_that_lacks_something_says_what_by_its_label(officer: Visitor) -> None:
    case_id = officer.house.create(make.draft(output=None))
    path = f"/cases/{case_id}/moves/submit"
    assert "产出：" in officer.get(path).text
    assert officer.send(path, path).status_code == 422
    assert officer.house.row(case_id).state == "draft"


def test_criteria_are_drawn_with_their_sentence_and_clause(officer: Visitor) -> None:
    case_id = officer.house.create(make.application())
    text = officer.get(f"/cases/{case_id}/criteria").text
    assert (text.count("<svg"), text.count('role="img"')) == (1, 1)
    for said in ("产出：80.5 万元，得 80.5 分", "《示例法》", "高质量（权重 100）", ZH["chart.table"], "改进线 60"):
        assert said in text, said
    assert ZH["criteria.none"] in officer.get(f"/cases/{officer.house.create(make.draft())}/criteria").text


def test_what_is_declared_stands_beside_what_is_verified_once_there_are_papers(officer: Visitor, papered: UUID) -> None:
    plain = officer.get(f"/cases/{officer.house.create(make.application())}").text
    assert (ZH["side.verified"] in plain, ZH["side.declared"] in plain) == (False, True)
    overview, criteria = (officer.get(f"/cases/{papered}{part}").text for part in ("", "/criteria"))
    assert f'<th scope="col">{ZH["side.verified"]}</th>' in overview
    assert "未知，可能得 0 至 100 分" in criteria
    reviewer = visit(officer, officer.house.reviewer, "reviewer")
    one = f"/cases/{papered}/evidence/1"
    assert reviewer.send(one, one, verdict="accept", reason="").status_code == 303
    assert "未知，可能得" not in officer.get(f"/cases/{papered}/criteria").text


def test_a_paper_is_sent_read_and_ruled_on(officer: Visitor, papered: UUID) -> None:
    path = f"/cases/{papered}/evidence"
    listed = officer.get(path)
    assert all(said in listed.text for said in ("检测报告.pdf", ZH["paper_state.pending"], ZH["backing_pending"]))
    given = officer.send(path, f"{path}/1/content")
    assert (given.status_code, given.data, given.mimetype) == (200, PDF, "application/pdf")
    assert given.headers["Content-Disposition"].startswith("attachment; ")
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert ZH["evidence.read"] in officer.get(f"/cases/{papered}").text
    assert officer.get(f"{path}/1/content").status_code == 405
    assert 'name="verdict"' not in officer.get(f"{path}/1").text
    reviewer = visit(officer, officer.house.reviewer, "reviewer")
    refused = reviewer.send(f"{path}/1", f"{path}/1", verdict="refuse", reason="")
    assert (refused.status_code, 'id="fault-reason"' in refused.text) == (422, True)
    stale = {**hidden(refused, f"{path}/1"), "verdict": "refuse", "reason": "印章不清"}
    assert reviewer.post(f"{path}/1", stale).status_code == 303
    assert reviewer.post(f"{path}/1", stale).status_code == 412
    assert "印章不清" in officer.get(path).text


def test_a_paper_with_a_flaw_is_refused_where_it_is_and_not_kept(officer: Visitor) -> None:
    case_id = officer.house.create(make.application())
    flawed: tuple[tuple[bytes, Mapping[str, object], str], ...] = (
        (b"MZ executable", {}, "file"),
        (b"", {}, "file"),
        (PDF, {"file": (BytesIO(PDF), "x.exe", "application/x-msdownload")}, "file"),
        (PDF, {"facts": ["nothing"]}, "facts"),
        (PDF, {"facts": []}, "facts"),
        (PDF, {"grade": ""}, "grade"),
        (PDF, {"issued_on": "2026-13-01"}, "issued_on"),
    )
    for content, changes, name in flawed:
        refused = attach(officer, case_id, content, **changes)
        assert refused.status_code == 422
        assert re.findall(r'id="fault-(\w+)"', refused.text) == [name]
        assert ZH["papers.nothing"] in refused.text


def test_a_paper_is_taken_only_from_its_own_page_and_its_own_officer(officer: Visitor) -> None:
    house = officer.house
    case_id = house.create(make.application())
    assert attach(officer, case_id, PDF, **{visits.FIELD: "forged"}).status_code == 403
    colleague = visit(officer, house.colleague, "colleague")
    other = f"/cases/{house.create(make.application(), house.colleague)}/evidence"
    sent = hidden(colleague.get(other), other) | {"file": (BytesIO(PDF), "x.pdf", "application/pdf")}
    at = f"/cases/{case_id}/evidence"
    assert colleague.client.post(at, base_url=HOST, data=sent, headers={"Accept": "text/html"}).status_code == 404
    assert ZH["papers.nothing"] in officer.get(at).text
    assert "multipart" not in visit(officer, house.reviewer, "reviewer").get(at).text


def test_a_paper_that_is_sent_twice_is_one_and_another_file_is_another(officer: Visitor) -> None:
    case_id = officer.house.create(make.application())
    form = hidden(officer.get(f"/cases/{case_id}/evidence"), f"/cases/{case_id}/evidence")
    sent = [attach(officer, case_id, content, once=form["once"]) for content in (PDF, PDF, PDF + b"%")]
    assert [answer.status_code for answer in sent] == [303, 303, 303]
    assert sent[0].headers["Location"] == sent[1].headers["Location"]
    assert set(re.findall(r'href="[^"]+/evidence/(\d+)"', officer.get(f"/cases/{case_id}/evidence").text)) == {"1", "2"}


def test_opinions_are_given_and_asked_for_by_forms(officer: Visitor) -> None:
    path = f"/cases/{in_review(officer.house)}/opinions"
    reviewer = visit(officer, officer.house.reviewer, "reviewer")
    missing = reviewer.send(path, path, stance="support_with_conditions", reason="可平衡", conditions="")
    assert (missing.status_code, 'id="fault-conditions"' in missing.text) == (422, True)
    assert "可平衡" in missing.text
    sent = reviewer.send(path, path, stance="support_with_conditions", reason="可平衡", conditions="甲\r\n\r\n 乙 ")
    assert sent.status_code == 303
    assert re.findall(r"<li>([甲乙])</li>", reviewer.get(path).text) == ["甲", "乙"]
    asked = reviewer.send(path, f"{path}/requests", department=make.OTHER_DEPARTMENT, due_on="2030-01-01")
    assert (asked.status_code, "2030" in reviewer.get(path).text) == (303, True)


def test_opinions_are_hidden_from_the_submitter_and_read_only_for_an_auditor(officer: Visitor) -> None:
    house = officer.house
    cases = {owner: in_review(house, owner) for owner in (house.officer, house.both)}
    for case_id in cases.values():
        with house.work(house.reviewer) as work:
            opinions.give(work, case_id, opinions.NewOpinion(Stance.SUPPORT, "可平衡"))
    for who, owner, status in ((officer, house.officer, 403), (visit(officer, house.both, "both"), house.both, 404)):
        path = f"/cases/{cases[owner]}"
        assert who.get(f"{path}/opinions").status_code == status
        for part in PARTS:
            shown = who.get(path + part).text
            assert ("可平衡" in shown, f'href="{path}/opinions"' in shown) == (False, False)
    auditor = visit(officer, house.auditor, "auditor").get(f"/cases/{cases[house.officer]}/opinions").text
    assert ("可平衡" in auditor, "<textarea" in auditor) == (True, False)


def test_versions_say_what_changed_in_words(officer: Visitor) -> None:
    house = officer.house
    case_id = house.create(make.application())
    house.do(house.reviewer, applications.return_, case_id, "补充")
    changed = make.facts(output=Decimal(50), nature="expand", water=None)
    house.do(house.officer, applications.replace_facts, case_id, changed)
    house.do(house.officer, applications.submit, case_id)
    text = officer.get(f"/cases/{case_id}/versions").text
    rows = [
        tuple(map(unescape, row)) for row in re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", text)
    ]
    for row in (
        ("产出", "80.5 万元", "50 万元"),
        ("建设性质", "新建", "改扩建"),
        ("用水", "12.5 m3/a", "—"),
        ("结论", "建议支持", "暂缓"),
        ("总分", "80.5", "50"),
        ("用水过量", ZH["gate.pass"], ZH["gate.not_applicable"]),
        ("产出", "80.5 分", "50 分"),
    ):
        assert row in rows, (row, rows)
    assert text.index("第 2 次提交") < text.index("第 1 次提交</h2>")


def test_the_letter_is_at_hand_once_there_is_a_decision(officer: Visitor) -> None:
    house = officer.house
    case_id = in_review(house)
    path = f"/cases/{case_id}/letter"
    assert (officer.get(path).status_code, path in officer.get(f"/cases/{case_id}").text) == (404, False)
    decided(house, case_id, DEFER)
    assert path in officer.get(f"/cases/{case_id}").text
    letter = officer.get(path)
    assert (letter.status_code, letter.mimetype) == (200, "text/html")
    assert "sha256-" in letter.headers["Content-Security-Policy"]
    assert "大河精传动" in letter.text
    assert moves(officer.get(f"/cases/{case_id}")) == ["reconsider"]


def test_the_bundle_is_for_auditors_and_told_why_where_it_is_not_given(officer: Visitor) -> None:
    house = officer.house
    meeting = opened(house)
    case_id = meeting.item().application_id
    path = f"/cases/{case_id}/bundle"
    auditor = visit(officer, house.auditor, "auditor")
    assert path not in officer.get(f"/cases/{case_id}").text
    sent = hidden(officer.get(f"/cases/{case_id}/moves/withdraw"), f"/cases/{case_id}/moves/withdraw")
    assert officer.post(path, sent).status_code == 403
    given = auditor.send(f"/cases/{case_id}", path)
    assert (given.status_code, given.mimetype, given.data[:2]) == (200, "application/zip", b"PK")
    meeting.vote([SUPPORT])
    refused = auditor.send(f"/cases/{case_id}", path)
    assert (refused.status_code, 'class="faults"' in refused.text) == (409, True)


def test_what_somebody_wrote_is_text_on_every_page_of_a_case(officer: Visitor, papered: UUID) -> None:
    house, nasty = officer.house, "<script>alert(1)</script>"
    reviewer = visit(officer, house.reviewer, "reviewer")
    assert attach(officer, papered, file=(BytesIO(PDF), f"{nasty}.pdf", "application/pdf")).status_code == 303
    one = f"/cases/{papered}/evidence/2"
    reviewer.send(one, one, verdict="refuse", reason=nasty)
    house.do(house.reviewer, applications.accept, papered)
    path = f"/cases/{papered}/opinions"
    reviewer.send(path, path, stance="support_with_conditions", reason=nasty, conditions=nasty)
    again = reviewer.send(path, path, stance="", reason=nasty, conditions=nasty)
    pages = [
        again.text,
        *(reviewer.get(f"/cases/{papered}{part}").text for part in (*PARTS, "/opinions", "/evidence/2")),
    ]
    assert all("<script>alert" not in text for text in pages)
    assert sum(text.count("&lt;script&gt;alert(1)") for text in pages) >= 8


def test_every_page_of_a_case_speaks_either_language_and_has_no_style_or_script_in_it(
    officer: Visitor, papered: UUID
) -> None:
    for words in (ZH, EN):
        for part in PARTS:
            page = officer.get(f"/cases/{papered}{part}")
            assert page.status_code == 200
            assert words[f"part.{part[1:]}"] in page.text
            assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)", page.text) == []
        officer.send("/home", "/language", language="en")
