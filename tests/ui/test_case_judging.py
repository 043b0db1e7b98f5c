"""What stands on a case beside its assessment: waivers, its meetings and what they decided, and why it came back."""

import re

import pytest

from service.actions import applications
from service.core.people import Actor
from service.words import sections
from tests import make
from tests.actions import waiving
from tests.meeting import DEFER, WITH_CONDITIONS, called, decided, in_review, opened, person, tabled
from tests.ui.visiting import Visitor, heading, hidden

ZH = {code: said for name in ("case", "apply", "pages", "domain") for code, said in sections(name)["zh"].items()}
REASON = "园区扩区方案已报批，批复前先行评审"


def visit(visitor: Visitor, actor: Actor, login: str) -> Visitor:
    return visitor.another().as_(actor, login)


@pytest.fixture
def chair(visitor: Visitor) -> Visitor:
    return visitor.as_(visitor.house.chair, "chair")


def test_the_chair_grants_a_waiver_and_everybody_who_sees_the_case_sees_it(chair: Visitor) -> None:
    house = chair.house
    case_id = waiving.thirsty(house)
    path = f"/cases/{case_id}/waivers"
    page = chair.get(path)
    assert ZH["waivers.nothing"] in page.text
    assert re.findall(r'<option value="(\w+)">用水过量', page.text) == [waiving.GATE]
    fields = {"gate": waiving.GATE, "owner": str(person(house.secretary)), "expires_on": "2026-12-31", "reason": REASON}
    sent = chair.send(path, path, **fields)
    assert (sent.status_code, sent.headers["Location"]) == (303, path)
    assert "2026-12-31" in chair.get(path).text
    for who in (chair, visit(chair, house.officer, "officer"), visit(chair, house.auditor, "auditor")):
        overview, listed = (who.get(f"/cases/{case_id}{part}").text for part in ("", "/waivers"))
        assert REASON in overview
        assert ZH["waiver_state.in_force"] in listed
        assert ("<form method" in listed.split("<main")[1]) is False
    assert ZH["waivers.none_left"] in chair.get(path).text


def test_a_waiver_with_flaws_is_refused_in_place_with_all_of_them(chair: Visitor) -> None:
    case_id = waiving.thirsty(chair.house)
    path = f"/cases/{case_id}/waivers"
    wrong = {"gate": "nothing", "owner": str(person(chair.house.officer)), "reason": "", "expires_on": "2030-01-01"}
    refused = chair.send(path, path, **wrong)
    assert refused.status_code == 422
    assert set(re.findall(r'id="fault-(\w+)"', refused.text)) == {"gate", "owner", "reason", "expires_on"}
    empty = chair.send(path, path, gate="", owner="", reason=REASON, expires_on="")
    assert set(re.findall(r'id="fault-(\w+)"', empty.text)) == {"gate", "owner", "expires_on"}
    assert REASON in empty.text
    for name in ("gate", "owner", "expires_on"):
        assert re.search(rf'id="fault-{name}">.*?</span> 必须填写</p>', empty.text), name
    assert ZH["waivers.nothing"] in chair.get(path).text


def test_a_waiver_that_another_granted_meanwhile_is_told_in_place(chair: Visitor) -> None:
    house = chair.house
    case_id = waiving.thirsty(house)
    path = f"/cases/{case_id}/waivers"
    sent = {**hidden(chair.get(path), path), "gate": waiving.GATE, "owner": str(person(house.secretary))}
    sent |= {"reason": REASON, "expires_on": "2026-12-31"}
    waiving.waived(house, case_id)
    refused = chair.post(path, sent)
    assert (refused.status_code, 'class="faults"' in refused.text) == (409, True)


def test_a_waiver_is_revoked_with_a_reason_by_the_version_that_was_read(chair: Visitor) -> None:
    house = chair.house
    case_id = waiving.thirsty(house)
    path = f"/cases/{case_id}/waivers/{waiving.waived(house, case_id)}"
    assert chair.send(path, path, reason="").status_code == 422
    stale = {**hidden(chair.get(path), path), "version": "9", "reason": "批复未获"}
    assert chair.post(path, stale).status_code == 412
    assert ZH["waiver_state.in_force"] in chair.get(path).text
    sent = {**hidden(chair.get(path), path), "reason": "批复未获"}
    assert chair.post(path, sent).status_code == 303
    assert chair.post(path, sent).status_code == 412
    shown = chair.get(path)
    assert ("批复未获" in shown.text, "<textarea" in shown.text) == (True, False)
    assert ZH["case.waived"] not in chair.get(f"/cases/{case_id}").text


def test_waivers_are_granted_by_the_chair_alone_and_never_on_their_own_case(chair: Visitor) -> None:
    house = chair.house
    case_id = waiving.thirsty(house)
    path = f"/cases/{case_id}/waivers"
    sent = {**hidden(chair.get(path), path), "gate": waiving.GATE}
    officer, colleague = visit(chair, house.officer, "officer"), visit(chair, house.colleague, "colleague")
    mine = hidden(officer.get(f"/cases/{case_id}/moves/withdraw"), f"/cases/{case_id}/moves/withdraw")
    assert officer.post(path, {**sent, **mine}).status_code == 403
    assert colleague.get(path).status_code == 404
    other = house.create(make.application())
    waiver = waiving.waived(house, case_id)
    assert chair.get(f"/cases/{other}/waivers/{waiver}").status_code == 404
    house.do(house.officer, applications.withdraw, other, "另行选址")
    assert "<textarea" not in chair.get(f"/cases/{other}/waivers").text


def test_those_who_judge_see_the_meeting_and_what_it_decided(chair: Visitor) -> None:
    house = chair.house
    meeting = opened(house)
    case_id = meeting.item().application_id
    item = f"/meetings/{meeting.id}/items/1"
    members = {"chair": chair, "auditor": visit(chair, house.auditor, "auditor")}
    for who in members.values():
        text = who.get(f"/cases/{case_id}").text
        assert (f'href="/meetings/{meeting.id}"' in text, f'href="{item}"' in text) == (True, True)
        assert ZH["case.decided"] not in text
    meeting.vote([DEFER] * 6)
    meeting.decide()
    for who in members.values():
        text = who.get(f"/cases/{case_id}").text
        assert ZH["case.decided"] in text
        assert ZH["case.votes"] in text
    officer = visit(chair, house.officer, "officer").get(f"/cases/{case_id}").text
    assert (item in officer, ZH["case.votes"] in officer, f"/cases/{case_id}/letter" in officer) == (False, False, True)
    reviewer = visit(chair, house.reviewer, "reviewer").get(f"/cases/{case_id}").text
    assert item not in reviewer


def test_the_conditions_of_a_decision_stand_with_their_days(chair: Visitor) -> None:
    case_id = in_review(chair.house)
    decided(chair.house, case_id, WITH_CONDITIONS)
    text = chair.get(f"/cases/{case_id}").text
    assert ZH["case.conditions"] in text
    assert "再生水供水协议" in text


def test_a_secretary_is_led_to_the_agendas_a_case_can_be_put_on(chair: Visitor) -> None:
    house = chair.house
    secretary = visit(chair, house.secretary, "secretary")
    case_id = in_review(house)
    assert 'href="/meetings/new"' in secretary.get(f"/cases/{case_id}").text
    meeting = called(house)
    agenda = f"/meetings/{meeting.id}/agenda?text={house.row(case_id).number}"
    assert agenda in secretary.get(f"/cases/{case_id}").text
    assert agenda not in chair.get(f"/cases/{case_id}").text
    meeting.table(case_id)
    assert agenda not in secretary.get(f"/cases/{case_id}").text


def test_whoever_is_recused_finds_no_case_with_its_meeting_on_it(chair: Visitor) -> None:
    meeting = opened(chair.house)
    member = visit(chair, chair.house.members[0], "member")
    path = f"/cases/{meeting.item().application_id}"
    assert member.get(path).status_code == 200
    meeting.recuse(chair.house.members[0])
    assert (member.get(path).status_code, member.get(f"{path}/waivers").status_code) == (404, 404)


def test_a_returned_case_says_why_where_it_is_put_right(visitor: Visitor) -> None:
    officer = visitor.as_(visitor.house.officer, "officer")
    case_id = officer.house.create(make.application())
    officer.house.do(officer.house.reviewer, applications.return_, case_id, "补充取水许可")
    edit = officer.get(f"/cases/{case_id}/edit").text
    assert ("补充取水许可" in edit, f"/cases/{case_id}/evidence#attach" in edit) == (True, True)
    overview = officer.get(f"/cases/{case_id}").text.split(ZH["case.about"])[0]
    assert "补充取水许可" in overview
    officer.house.do(officer.house.officer, applications.submit, case_id)
    overview = officer.get(f"/cases/{case_id}").text.split(ZH["case.about"])[0]
    assert "补充取水许可" not in overview


def test_what_ends_a_case_is_never_the_first_thing_offered(visitor: Visitor) -> None:
    officer = visitor.as_(visitor.house.officer, "officer")
    case_id = officer.house.create(make.application())
    ways = re.findall(
        r'<a role="button"( class="[^"]+")? href="/cases/[^/]+/([^"]+)"', officer.get(f"/cases/{case_id}").text
    )
    assert ways == [("", "evidence#attach"), (' class="secondary outline"', "moves/withdraw")]


def test_what_waits_leads_to_where_it_is_done_with_the_days_that_are_left(chair: Visitor) -> None:
    house = chair.house
    meeting = opened(house)
    text = chair.get("/home").text
    assert f'href="/meetings/{meeting.id}/items/1"' in text
    assert re.search(r'<span class="badge plain">还有 \d+ 天</span>', text)
    ahead = tabled(house, in_review(house))
    assert f'href="/meetings/{ahead.id}"' in chair.get("/home").text


@pytest.mark.parametrize(
    ("role", "begins"),
    [("officer", "/cases/new"), ("secretary", "/meetings/new"), ("auditor", "/ledger"), ("admin", "/people")],
)
def test_whoever_has_nothing_waiting_is_told_where_to_begin(visitor: Visitor, role: str, begins: str) -> None:
    page = visitor.as_(getattr(visitor.house, role), "somebody").get("/home")
    assert ZH["home.nothing"] in page.text
    assert f'<li><a href="{begins}">' in page.text
    for address in re.findall(r'<li><a href="([^"]+)">[^<]+</a><p>', page.text):
        assert visitor.get(address).status_code == 200
    assert heading(page) == ZH["page.home"]
