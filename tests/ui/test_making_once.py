"""Forms with which something is made: sent twice they make one, and another language keeps what was typed."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from service.actions.replies import StillRunningError
from service.web.ui import doubled
from service.words import sections
from tests import apps, hooks, make
from tests.actions.proposing import NOTE, TOMORROW
from tests.actions.tables import counts, dump, nothing_changes
from tests.meeting import in_review, person
from tests.ui.filling import Pairs, changed, filled, send
from tests.ui.forms import FORMS, Made
from tests.ui.visiting import HOST, Visitor, hidden

ZH = sections("pages")["zh"]
PROPOSE = "/rules/proposals/new"
TEMPLATES = Path(doubled.__file__).with_name("templates")


def opened(house: make.House, name: str) -> tuple[Visitor, Made]:
    """Whoever makes something, signed in, and the form with which they do."""
    made = FORMS[name](house)
    served = hooks.local(house)
    return Visitor(served, apps.lent(served.runtime)).as_(made.actor, "somebody"), made


def typed(visitor: Visitor, made: Made, **more: str) -> Pairs:
    """The form as it is sent, with everything filled in."""
    return changed(filled(visitor.get(made.page), made.action), **made.fields, **more)


def standing(page: TestResponse, action: str, name: str) -> str | Sequence[str]:
    """What stands in a field of a form."""
    found = [text for field, text in filled(page, action) if field == name]
    return found[0] if len(found) == 1 else found


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_sent_twice_makes_one_and_is_answered_alike(house: make.House, name: str) -> None:
    visitor, made = opened(house, name)
    pairs, before = typed(visitor, made), counts(house.runtime)
    first = send(visitor, made.action, pairs)
    between = dump(house.runtime)
    assert counts(house.runtime)[made.table] == before[made.table] + 1
    second = send(visitor, made.action, pairs)
    sessions = {"web_session": between["web_session"]}
    assert dump(house.runtime) | sessions == between
    if first.status_code == 303:
        assert (second.status_code, second.headers["Location"]) == (303, first.headers["Location"])
        return
    secret = re.findall(r'id="shown-\w+" type="text" readonly value="([^"]{12,})"', first.text)
    assert (first.status_code, second.status_code, bool(secret)) == (200, 303, True)
    assert not [one for one in secret if one in repr(between["reply"])]
    told = visitor.get(second.headers["Location"])
    assert (told.status_code, ZH["said.done_already"] in told.text) == (200, True)
    assert not [one for one in secret if one in told.text]


@pytest.mark.parametrize("name", [name for name in FORMS if name != "request"])
def test_another_language_keeps_what_was_typed_and_makes_nothing(house: make.House, name: str) -> None:
    visitor, made = opened(house, name)
    page = visitor.get(made.page).text
    (keeps,) = set(
        re.findall(r'<button class="quiet" type="submit" form="(\w+)" formnovalidate name="in_language"', page)
    )
    assert f'<form id="{keeps}"' in page.partition(f'action="{made.action}"')[0].splitlines()[-1]
    pairs, before = typed(visitor, made), counts(house.runtime)
    shown = send(visitor, made.action, changed(pairs, in_language="en"))
    assert (shown.status_code, shown.headers["Content-Language"]) == (200, "en")
    assert {field: standing(shown, made.action, field) for field in made.fields} == made.fields
    assert 'role="alert"' not in shown.text
    assert counts(house.runtime) == before
    assert visitor.get("/home").headers["Content-Language"] == "en"
    assert send(visitor, made.action, filled(shown, made.action)).status_code in {200, 303}
    assert counts(house.runtime)[made.table] == before[made.table] + 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_that_come_at_once_make_one_and_the_second_waits_for_the_first(house: make.House) -> None:
    visitor, made = opened(house, "meeting")
    pairs, other = typed(visitor, made), visitor.another()
    other.client.set_cookie("__Host-sluice", visitor.cookie() or "", domain="sluice.example", secure=True)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: send(who, made.action, pairs), (visitor, other)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(dump(house.runtime)["meeting"]) == 1


def test_whoever_waits_too_long_for_the_first_is_told() -> None:
    tried: list[int] = []

    def under_way(until: int) -> int:
        tried.append(until)
        if len(tried) < until:
            raise StillRunningError
        return len(tried)

    assert doubled.waited_for(lambda: under_way(3), (0, 0)) == 3
    with pytest.raises(StillRunningError):
        doubled.waited_for(lambda: under_way(9), (0, 0))


def test_a_form_that_is_changed_before_it_is_sent_again_makes_another(house: make.House) -> None:
    visitor, made = opened(house, "meeting")
    pairs = typed(visitor, made)
    places = {send(visitor, made.action, changed(pairs, title=title)).headers["Location"] for title in ("甲会", "乙会")}
    assert len(places) == 2


def test_a_form_that_was_refused_is_done_once_it_is_right(house: make.House) -> None:
    visitor, made = opened(house, "interest")
    pairs = typed(visitor, made)
    assert send(visitor, made.action, changed(pairs, credit_code="x")).status_code == 422
    assert [send(visitor, made.action, pairs).status_code for _ in range(2)] == [303, 303]


def test_a_draft_that_is_sent_twice_is_one_application(visitor: Visitor) -> None:
    officer = visitor.as_(visitor.house.officer, "officer")
    fields = {"applicant_name": "大河精传动（虚构）有限公司", "credit_code": make.CREDIT_CODE, "project_name": "减速器"}
    form = hidden(officer.get("/cases/new"), "/cases/new") | fields | {"action": "draft"}
    first, second = (officer.post("/cases/new", form) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert ZH["said.draft_saved"].partition("，")[0] in officer.get(first.headers["Location"]).text
    assert len(dump(visitor.house.runtime)["application"]) == 1


def test_a_one_time_password_is_made_once_and_not_shown_again(visitor: Visitor) -> None:
    admin, page = visitor.as_(visitor.house.admin, "admin"), f"/people/{person(visitor.house.officer)}"
    visitor.another().as_(visitor.house.officer, "officer")
    form = hidden(admin.get(f"{page}/password"), f"{page}/password")
    assert admin.post(f"{page}/password", form).status_code == 200
    before = dump(visitor.house.runtime)["password"]
    again = admin.post(f"{page}/password", form)
    assert (again.status_code, again.headers["Location"]) == (303, page)
    assert ZH["said.done_already"] in admin.get(page).text
    assert dump(visitor.house.runtime)["password"] == before


def proposing(author: Visitor, fields: dict[str, str], content: bytes = TOMORROW) -> TestResponse:
    data = {**fields, "file": (BytesIO(content), "rules.yaml", "application/yaml")}
    return author.client.post(PROPOSE, base_url=HOST, data=data, headers={"Accept": "text/html"})


def test_a_proposal_keeps_its_reason_in_another_language_and_is_made_once(visitor: Visitor) -> None:
    author = visitor.as_(visitor.house.author, "author")
    form = hidden(author.get(PROPOSE), PROPOSE) | {"note": NOTE}
    shown = proposing(author, form | {"in_language": "en"})
    assert (shown.status_code, shown.headers["Content-Language"]) == (200, "en")
    assert f">{NOTE}</textarea>" in shown.text
    assert dump(visitor.house.runtime)["rulebook_proposal"] == []
    first, second = (proposing(author, form) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(dump(visitor.house.runtime)["rulebook_proposal"]) == 1


def test_what_is_no_form_of_the_page_changes_no_language(visitor: Visitor) -> None:
    member = visitor.as_(visitor.house.member, "member")
    form = hidden(member.get("/interests"), "/interests")
    for wrong, status in (({"in_language": "fr"}, 422), ({"in_language": "en", "csrf_token": "x"}, 403)):
        with nothing_changes(visitor.house.runtime):
            assert member.post("/interests", form | wrong).status_code == status
        assert member.get("/interests").headers["Content-Language"] == "zh"


@pytest.mark.parametrize("part", ["waivers", "opinions", "evidence"])
def test_where_no_form_is_shown_the_language_is_switched_by_its_own(visitor: Visitor, part: str) -> None:
    house = visitor.house
    path = f"/cases/{in_review(house)}/{part}"
    auditor = visitor.as_(house.auditor, "auditor")
    page = auditor.get(path)
    assert 'name="in_language"' not in page.text
    assert auditor.post("/language", hidden(page, "/language") | {"language": "en"}).headers["Location"] == path
    assert auditor.get(path).headers["Content-Language"] == "en"


def test_every_form_that_a_template_keeps_stands_in_it() -> None:
    kept = 0
    for template in sorted(TEMPLATES.glob("*.html")):
        text = template.read_text("utf-8")
        for name in re.findall(r'{% set keeps = "(\w+)" %}', text):
            kept += 1
            assert f'<form id="{name}"' in text, template.name
    assert kept > 15
