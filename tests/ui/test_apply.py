"""Applying by the pages, without scripts: a form made from the rulebook, its pre-check, drafts, and files."""

import re
from decimal import Decimal
from html import unescape
from io import BytesIO
from urllib.parse import urlencode
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from service.actions import applications, rulebooks
from service.core.people import SYSTEM
from service.core.values import read_json
from service.words import sections
from tests import make, tabled
from tests.actions.tables import counts, nothing_changes
from tests.ui.visiting import HOST, Visitor, heading, hidden

ZH, EN = (
    {
        code: said
        for name in ("domain", "sheets", "pages", "apply", "flaws")
        for code, said in sections(name)[one].items()
    }
    for one in ("zh", "en")
)
HEADER = {
    "applicant_name": "大河精传动（虚构）有限公司",
    "credit_code": make.CREDIT_CODE,
    "project_name": "精密减速器项目",
}
FACTS = {
    "facts-industry_code": "3453",
    "facts-nature": "new",
    "facts-output": "80.50",
    "facts-water": "12.50",
}
NEW, TRY = "/cases/new", "/cases/precheck"


@pytest.fixture
def officer(visitor: Visitor) -> Visitor:
    with visitor.house.work(SYSTEM) as work:
        rulebooks.release(work, make.listed_edition(in_force_from="2026-01-02"))
    return visitor.as_(visitor.house.officer, "officer")


def typed(page: TestResponse) -> dict[str, str]:
    """What stands in the fields of a form as it is shown."""
    (form,) = re.findall(r'<form id="application".*?</form>', page.text, re.DOTALL)
    inputs = re.findall(r'<input [^>]*?name="([^"]+)" type="(?:text|hidden)" value="([^"]*)"', form)
    hidden_ = re.findall(r'<input type="hidden" (?:id="asked" )?name="([^"]+)" value="([^"]*)"', form)
    chosen = re.findall(r'<input type="(?:radio|checkbox)" name="([^"]+)" value="([^"]*)"[^>]* checked', form)
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    lists = [
        (name, (re.findall(r'value="([^"]*)" selected', options) or [""])[-1])
        for name, options in re.findall(r'<select [^>]*?name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL)
    ]
    return {name: unescape(text) for name, text in (*inputs, *hidden_, *chosen, *areas, *lists)}


def sent(officer: Visitor, page: str, to: str, fields: dict[str, str]) -> TestResponse:
    return officer.post(to, typed(officer.get(page)) | fields)


def faults(page: TestResponse) -> dict[str, str]:
    """The first fault beside each field."""
    found = re.findall(r'id="fault-([^"]+)">.*?</span> (.*?)</p>', page.text)
    return {name: unescape(because) for name, because in reversed(found)}


def saved(answer: TestResponse) -> UUID:
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/cases/([0-9a-f-]{36})(?:/edit)?", answer.headers["Location"])
    assert found is not None
    return UUID(found[1])


def test_a_form_is_tried_until_nothing_is_wrong_with_it(officer: Visitor) -> None:
    page = officer.get(NEW)
    assert heading(page) == ZH["page.apply"]
    tried = officer.post(TRY, typed(page) | HEADER | FACTS | {"facts-output": "a lot"})
    assert tried.status_code == 200
    assert faults(tried) == {"facts-output": ZH["cell_number"].format(found="a lot")}
    assert typed(tried) == typed(page) | HEADER | FACTS | {"facts-output": "a lot", "asked": typed(tried)["asked"]}
    tried = officer.post(TRY, typed(tried) | {"facts-output": "80.50"})
    assert faults(tried) == {}
    assert ZH["outcome_approve"] in tried.text


def test_a_draft_is_saved_incomplete_and_submitted_when_nothing_is_missing(officer: Visitor) -> None:
    draft = sent(officer, NEW, NEW, HEADER | FACTS | {"action": "draft", "facts-water": ""})
    case_id = saved(draft)
    edit = officer.get(draft.headers["Location"])
    assert officer.house.row(case_id).number in heading(edit)
    assert ZH["said.draft_saved"].format(number=officer.house.row(case_id).number) in edit.text
    refused = officer.post(f"/cases/{case_id}/edit", typed(edit) | {"action": "submit", "facts-listed": "false"})
    assert (refused.status_code, faults(refused)) == (422, {"facts-water": ZH["required_missing"]})
    assert "autofocus" in refused.text
    assert f'<a href="#field-facts-water">用水：{ZH["required_missing"]}' in refused.text
    assert officer.house.row(case_id).version == 1
    done = officer.post(f"/cases/{case_id}/edit", typed(refused) | {"action": "submit", "facts-water": "12.50"})
    assert (done.status_code, done.headers["Location"]) == (303, f"/cases/{case_id}")
    row = officer.house.row(case_id)
    assert (row.state, row.outcome, row.total, row.versions) == ("submitted", "approve", Decimal("80.5"), 1)
    assert read_json(row.facts) == make.facts(listed=False)


def test_figures_are_kept_exactly_as_they_were_typed(officer: Visitor) -> None:
    figure = "0.10"
    page = sent(officer, NEW, TRY, {"facts-output": "12.50", "facts-water": "90071992547409.93", "facts-share": figure})
    assert typed(page)["facts-output"] == "12.50"
    case_id = saved(officer.post(NEW, typed(page) | HEADER | {"facts-nature": "new", "action": "draft"}))
    assert read_json(officer.house.row(case_id).facts) == {
        "nature": "new",
        "output": Decimal("12.50"),
        "water": Decimal("90071992547409.93"),
        "share": Decimal(figure),
    }
    assert typed(officer.get(f"/cases/{case_id}/edit"))["facts-water"] == "90071992547409.93"


def test_what_is_not_asked_leaves_the_form_and_keeps_what_was_typed(officer: Visitor) -> None:
    page = sent(officer, NEW, TRY, FACTS | {"facts-nature": "expand"})
    assert 'id="field-facts-water"' not in page.text
    assert '<input type="hidden" name="facts-water" value="12.50">' in page.text
    again = officer.post(TRY, typed(page) | {"facts-nature": "new"})
    assert 'id="field-facts-water"' in again.text
    assert typed(again)["facts-water"] == "12.50"


def test_what_is_wrong_is_to_be_seen_though_it_is_not_asked(officer: Visitor) -> None:
    page = sent(
        officer, NEW, NEW, HEADER | FACTS | {"facts-nature": "expand", "facts-water": "a lot", "action": "draft"}
    )
    assert (page.status_code, list(faults(page))) == (422, ["facts-water"])
    assert 'id="field-facts-water"' in page.text
    mended = officer.post(TRY, typed(page) | {"facts-water": "12.50"})
    assert 'id="field-facts-water"' not in mended.text


def test_a_script_gets_the_panel_and_only_the_fields_that_turned(officer: Visitor) -> None:
    fields = typed(officer.get(NEW)) | FACTS
    headers = {"Accept": "text/html", "HX-Request": "true"}
    content = {"content_type": "application/x-www-form-urlencoded", "base_url": HOST, "headers": headers}
    live = officer.client.post(TRY, data=urlencode(fields | {"facts-nature": "expand"}), **content)
    assert live.status_code == 200
    assert ("<html" in live.text, "<h1>" in live.text) == (False, False)
    assert ZH["outcome_approve"] in live.text
    assert re.findall(r'id="entry-(\w+)"', live.text) == ["water"]
    assert live.text.count('hx-swap-oob="true"') == 4
    officer.send("/home", "/sign-out")
    gone = officer.client.post(TRY, data=urlencode(fields), **content)
    assert (gone.status_code, ZH["precheck.over"] in gone.text, "csrf_token" in gone.text) == (200, True, False)
    assert officer.sign_in("officer").status_code == 303
    again = officer.client.post(TRY, data=urlencode(fields), **content)
    proof = re.findall(r'name="csrf_token" value="([^"]+)" hx-swap-oob="outerHTML:\[name=csrf_token\]"', again.text)
    assert (len(proof), ZH["precheck.in_again"] in again.text) == (1, True)
    assert officer.post(NEW, fields).status_code == 403
    saved(officer.post(NEW, fields | HEADER | {"csrf_token": proof[0], "action": "draft"}))


def test_the_panel_says_what_is_open_and_every_sentence_with_its_clause(officer: Visitor) -> None:
    page = sent(officer, NEW, TRY, FACTS | {"facts-output": "", "facts-water": "200000"})
    panel = page.text[page.text.index('id="precheck"') :]
    for said in (ZH["outcome_reject"], ZH["gate.fail"], "用水过量", "《示例法》第 1 条", "高质量"):
        assert said in panel, said
    assert re.findall(r'<ul class="open">\s*<li><a href="#field-([\w-]+)">产出</a> <small>.*?100', panel)
    assert 'aria-live="polite"' in panel
    assert "<svg" in panel


def test_rows_of_a_list_are_added_and_taken_away_by_buttons(officer: Visitor) -> None:
    one = sent(officer, NEW, TRY, {"with_row": "aids"})
    two = officer.post(TRY, typed(one) | {"facts-aids-0-amount": "3.10", "with_row": "aids"})
    wrong = officer.post(TRY, typed(two) | {"facts-aids-1-kind": "a", "facts-aids-1-amount": "-1"})
    assert faults(wrong) == {"facts-aids-1-amount": ZH["fact_min"].format(limit=0)}
    left = officer.post(TRY, typed(wrong) | {"without_row": "facts-aids-0", "facts-aids-1-amount": "2"})
    assert re.findall(r'name="without_row" value="([^"]+)"', left.text) == ["facts-aids-1"]
    case_id = saved(officer.post(NEW, typed(left) | HEADER | {"action": "draft"}))
    assert read_json(officer.house.row(case_id).facts) == {"aids": [{"kind": "a", "amount": Decimal(2)}]}


def test_every_fault_of_header_and_facts_is_told_at_once_beside_its_field(officer: Visitor) -> None:
    wrong = {"credit_code": "1", "facts-output": "101", "facts-water": "1,000", "facts-built_on": "31.1.2026"}
    refused = sent(officer, NEW, NEW, HEADER | FACTS | wrong | {"action": "submit", "facts-nature": "newer"})
    assert refused.status_code == 422
    named = ["credit_code", "facts-nature", "facts-output", "facts-water", "facts-built_on"]
    assert re.findall(r'<li><a href="#field-([^"]+)">', refused.text)[: len(named)] == named
    assert set(faults(refused)) == set(named)
    for name in faults(refused):
        assert f'href="#field-{name}"' in refused.text
        assert f'id="field-{name}"' in refused.text
    assert typed(refused)["facts-water"] == "1,000"
    assert typed(refused)["facts-nature"] == "newer"


def test_a_stale_version_is_told_with_what_to_do_and_loses_nothing(officer: Visitor) -> None:
    house = officer.house
    case_id = house.create(make.draft())
    address = f"/cases/{case_id}/edit"
    page = officer.get(address)
    house.do(house.officer, applications.replace_facts, case_id, make.facts(output=Decimal(70)))
    stale = officer.post(address, typed(page) | {"facts-output": "60", "action": "draft"})
    assert stale.status_code == 412
    assert ZH["apply.stale"] in stale.text
    assert f'href="{address}"' in stale.text
    assert typed(stale)["facts-output"] == "60"
    assert read_json(house.row(case_id).facts) == make.facts(output=Decimal(70))
    tried = officer.post(f"/cases/{case_id}/precheck", typed(page))
    assert typed(tried)["version"] == "1"


def test_a_returned_case_is_edited_and_submitted_again(officer: Visitor) -> None:
    house = officer.house
    case_id = house.create(make.application())
    assert officer.get(f"/cases/{case_id}/edit").headers["Location"] == f"/cases/{case_id}"
    house.do(house.reviewer, applications.return_, case_id, "补充")
    address = f"/cases/{case_id}/edit"
    assert f'href="{address}"' in officer.get("/home").text
    page = officer.get(address)
    assert HEADER["applicant_name"] in page.text
    assert sent(officer, address, address, {"action": "submit"}).status_code == 303
    assert house.row(case_id).versions == 2


def test_only_officers_apply_and_only_on_their_own_cases(officer: Visitor) -> None:
    house = officer.house
    case_id = house.create(make.draft())
    reviewer = officer.another().as_(house.reviewer, "reviewer")
    for path in (NEW, "/cases/import", "/cases/template", f"/cases/{case_id}/edit"):
        assert reviewer.get(path).status_code == 403, path
    assert "/cases/new" not in reviewer.get("/home").text
    colleague = officer.another().as_(house.colleague, "colleague")
    assert colleague.get(f"/cases/{case_id}/edit").status_code == 404
    with nothing_changes(house.runtime):
        taken = colleague.post(f"/cases/{case_id}/edit", typed(colleague.get(NEW)) | {"version": "1"})
    assert taken.status_code == 404


def test_a_form_that_is_not_ours_tries_and_stores_nothing(officer: Visitor) -> None:
    case_id = officer.house.create(make.draft())
    with nothing_changes(officer.house.runtime):
        for path in (NEW, TRY, f"/cases/{case_id}/edit", f"/cases/{case_id}/precheck"):
            assert officer.post(path, HEADER | FACTS | {"csrf_token": "x"}).status_code == 403, path
    assert officer.get(TRY).headers["Location"] == NEW
    assert officer.get(f"/cases/{case_id}/precheck").headers["Location"] == f"/cases/{case_id}/edit"


def test_what_was_typed_is_text_and_never_markup(officer: Visitor) -> None:
    nasty = '"><script>alert(1)</script>'
    page = sent(officer, NEW, TRY, {"applicant_name": nasty, "facts-nature": nasty, "facts-industry_code": nasty})
    assert nasty not in page.text
    assert typed(page)["applicant_name"] == nasty
    assert typed(page)["facts-industry_code"] == nasty


def test_a_file_is_tried_and_then_entered(officer: Visitor) -> None:
    content = tabled.csv_of(tabled.HEADINGS, tabled.SOUND, ("2", *tabled.SOUND[1:]))
    with nothing_changes(officer.house.runtime):
        tried = _filed(officer, "/cases/import/check", content, drafts="true")
    assert tried.status_code == 200, tried.text
    assert ZH["import.found"].format(count=2) in tried.text
    for _ in range(2):
        entered = _filed(officer, "/cases/import", None, **hidden(tried, "/cases/import"))
        assert (entered.status_code, entered.headers["Location"]) == (303, "/cases")
        assert ZH["said.imported"].format(count=2) in officer.get("/cases").text
        assert counts(officer.house.runtime)["application"] == 2
    assert officer.get("/cases/import/check").headers["Location"] == "/cases/import"


def test_faults_of_a_file_are_told_by_their_cells(officer: Visitor) -> None:
    rows = [list(tabled.SOUND), list(tabled.SOUND)]
    rows[1][0], rows[1][2] = "2", "1"
    content = tabled.csv_of(tabled.HEADINGS, *map(tuple, rows))
    for path in ("/cases/import/check", "/cases/import"):
        with nothing_changes(officer.house.runtime):
            refused = _filed(officer, path, content)
        assert "csv!C3" in refused.text, refused.text
    assert refused.status_code == 422
    empty = _filed(officer, "/cases/import", None, kept="not base64!")
    assert empty.status_code == 422


def test_the_workbook_to_fill_in_is_given_out(officer: Visitor) -> None:
    given = officer.get("/cases/template")
    assert given.data.startswith(b"PK")
    assert given.headers["Content-Disposition"] == 'attachment; filename="applications.xlsx"'


def test_english_is_complete(officer: Visitor) -> None:
    officer.send("/home", "/language", language="en")
    page = sent(officer, NEW, TRY, FACTS | {"facts-output": "", "facts-listed": "true"})
    (inside,) = re.findall(r"<main.*</main>", page.text, re.DOTALL)
    assert set(re.findall(r"[\u4e00-\u9fff]+", re.sub(r'value="[^"]*"', "", inside))) <= {"万元"}
    assert EN["apply.submit"] in inside


def _filed(officer: Visitor, path: str, content: bytes | None, **fields: str) -> TestResponse:
    proof = hidden(officer.get("/cases/import"), "/cases/import/check")
    file = {} if content is None else {"file": (BytesIO(content), "applications.csv", "text/csv")}
    return officer.client.post(
        path,
        base_url=HOST,
        data=proof | fields | file,
        content_type="multipart/form-data",
        headers={"Accept": "text/html"},
    )


def test_applicant_and_project_of_a_draft_can_be_put_right_until_it_is_submitted(officer: Visitor) -> None:
    draft = sent(officer, NEW, NEW, HEADER | FACTS | {"action": "draft"})
    case_id, path = saved(draft), draft.headers["Location"]
    refused = sent(officer, path, path, {"action": "draft", "credit_code": "91379999DEM0000141", "facts-water": "x"})
    assert (refused.status_code, set(faults(refused))) == (422, {"credit_code", "facts-water"})
    assert sent(officer, path, path, {"action": "draft", "project_name": "二期项目"}).status_code == 303
    assert (officer.house.row(case_id).project_name, officer.house.row(case_id).version) == ("二期项目", 2)
    stale = typed(officer.get(path)) | {"version": "1", "action": "draft", "project_name": "三期项目"}
    assert officer.post(path, stale).status_code == 412
    sent(officer, path, path, {"action": "submit", "project_name": "四期项目", "facts-listed": "false"})
    assert (officer.house.row(case_id).project_name, officer.house.row(case_id).state) == ("四期项目", "submitted")
    officer.house.do(officer.house.reviewer, applications.return_, case_id, "补充")
    assert 'name="project_name"' not in officer.get(path).text
    kept = sent(officer, path, path, {"action": "draft", "facts-output": "81"})
    assert (kept.status_code, ZH["said.facts_saved"].split("}")[1] in officer.get(path).text) == (303, True)
    with nothing_changes(officer.house.runtime):
        forged = typed(officer.get(path)) | {"action": "draft", **HEADER, "project_code": ""}
        assert officer.post(path, forged).status_code == 409


def test_another_language_is_taken_with_all_that_was_typed(officer: Visitor) -> None:
    fields = typed(officer.get(NEW)) | HEADER | FACTS | {"in_language": "en"}
    shown = officer.post(NEW, fields)
    assert (shown.status_code, heading(shown)) == (200, EN["page.apply"])
    assert {name: typed(shown)[name] for name in (*HEADER, *FACTS)} == HEADER | FACTS
    assert heading(officer.get("/home")) == EN["page.home"]
    with nothing_changes(officer.house.runtime):
        assert officer.post(NEW, fields | {"in_language": "fr"}).status_code == 422
        assert officer.post(NEW, fields | {"csrf_token": "made up"}).status_code == 403


def test_another_language_keeps_the_version_that_was_read(officer: Visitor) -> None:
    path = f"/cases/{saved(sent(officer, NEW, NEW, HEADER | FACTS | {'action': 'draft'}))}/edit"
    read = typed(officer.get(path))
    assert sent(officer, path, path, {"action": "draft", "facts-water": "13"}).status_code == 303
    shown = typed(officer.post(path, read | {"in_language": "en", "facts-water": "14"}))
    assert (shown["version"], shown["facts-water"]) == (read["version"], "14")
    assert officer.post(path, shown | {"action": "draft"}).status_code == 412


def test_what_is_required_and_missing_is_told_with_the_way_there(officer: Visitor) -> None:
    tried = sent(officer, NEW, TRY, HEADER | FACTS | {"facts-water": ""})
    assert '<a href="#field-facts-water">用水</a>' in tried.text.split(ZH["precheck.due"].split("{")[0])[1]
    full = officer.post(TRY, typed(tried) | {"facts-water": "12.5", "facts-listed": "false"})
    assert ZH["precheck.due_none"] in full.text
