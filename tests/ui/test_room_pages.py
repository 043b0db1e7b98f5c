"""The pages in the room of a meeting: the sheet, the projector, voting, stepping aside, deciding, the minutes."""

import re
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from service.actions import rulebooks
from service.core.people import SYSTEM, Actor
from service.db.meetings import MeetingItemRow
from service.web.printing.documents import DOCX_TYPE
from service.web.printing.workbooks import XLSX_TYPE
from service.words import together
from tests import make
from tests.meeting import (
    ABSTAIN,
    DEFER,
    OPPOSE,
    SUPPORT,
    WEAK,
    WITH_CONDITIONS,
    Meeting,
    called,
    in_review,
    opened,
    person,
    tabled,
)
from tests.ui.visiting import Visitor, hidden

ZH, EN = (together("domain", "sheets", "pages", "case", "meeting_room")[language] for language in ("zh", "en"))
VOTE = {"vote_choice": "support", "vote_reason": ""}


@dataclass(frozen=True)
class Room:
    """An open meeting with two cases, and browsers of those who are there."""

    meeting: Meeting
    visitor: Visitor

    @property
    def path(self) -> str:
        return f"/meetings/{self.meeting.id}"

    def item(self, n: int = 1) -> str:
        return f"{self.path}/items/{n}"

    def visit(self, actor: Actor, login: str) -> Visitor:
        return self.visitor.another().as_(actor, login)

    def member(self) -> Visitor:
        return self.visit(self.meeting.house.member, "member")

    def secretary(self) -> Visitor:
        return self.visit(self.meeting.house.secretary, "secretary")


def send(visitor: Visitor, page: str, part: str, **fields: str) -> TestResponse:
    """Send a form of the page of an item."""
    return visitor.send(page, f"{page}/{part}", **fields)


def said(code: str, **figures: object) -> str:
    return ZH[code].format(**figures)


def content(visitor: Visitor, path: str) -> str:
    """What a page says, without what is around it."""
    return visitor.get(path).text.partition("<main")[2]


@pytest.fixture
def room(visitor: Visitor) -> Room:
    house = visitor.house
    meeting = called(house)
    for case_id in (in_review(house), in_review(house, output=WEAK)):
        meeting.table(case_id)
    return Room(meeting.open(), visitor)


def test_a_member_votes_on_item_after_item_and_is_led_to_the_next(room: Room) -> None:
    member = room.member()
    assert said("room.unvoted", count=2) in member.get(f"{room.path}/sheet").text
    first = send(member, room.item(1), "votes", **VOTE)
    assert (first.status_code, first.headers["Location"]) == (303, room.item(2))
    told = member.get(room.item(2)).text
    assert said("said.voted", n=1, choice="支持", next=2, count=1) in told
    last = send(member, room.item(2), "votes", vote_choice="oppose", vote_reason="用水过高")
    assert last.headers["Location"] == room.item(2)
    told = member.get(room.item(2)).text
    assert said("said.voted_all", n=2, choice="反对") in told
    assert said("room.voted", choice="反对") in told
    assert re.search(r'value="oppose"[^>]* checked', told)
    assert "用水过高" in told
    assert send(member, room.item(2), "votes", **VOTE).status_code == 303
    assert said("room.voted", choice="支持") in member.get(room.item(2)).text


def test_nobody_sees_how_others_voted_before_the_decision(room: Room) -> None:
    house = room.meeting.house
    member, secretary = room.member(), room.secretary()
    paths = (room.item(), f"{room.path}/sheet", f"{room.path}/projector/1", f"{room.path}/minutes")
    before = [content(member, path) for path in paths[1:3]]
    room.meeting.cast(house.chair, OPPOSE, reason="理由甲")
    room.meeting.cast(house.members[1], ABSTAIN, reason="理由乙")
    for visitor in (member, secretary):
        for path in paths:
            text = visitor.get(path).text
            assert ("理由甲" in text, "理由乙" in text) == (False, False), path
        seats = re.findall(r"</span> (\w+)</span> (\w+)", visitor.get(room.item()).text)
        assert seats[:3] == [("已投票", "主任"), ("未投票", "委员"), ("已投票", "委员乙")]
        assert "checked" not in visitor.get(room.item()).text
    assert [content(member, path) for path in paths[1:3]] == before


def test_a_vote_without_a_choice_is_refused_beside_its_field(room: Room) -> None:
    member = room.member()
    refused = send(member, room.item(), "votes", vote_reason="待定")
    assert refused.status_code == 422
    assert 'href="#field-vote_choice"' in refused.text
    assert 'id="fault-vote_choice"' in refused.text
    assert ">待定</textarea>" in refused.text
    assert send(member, room.item(), "votes", vote_choice="perhaps").status_code == 422
    long = send(member, room.item(), "votes", vote_choice="support", vote_reason="长" * 5000)
    assert (long.status_code, 'id="fault-vote_reason"' in long.text) == (422, True)
    assert re.search(r'value="support"[^>]* checked', long.text)
    assert said("room.not_voted") in member.get(room.item()).text


def test_who_may_not_vote_is_offered_no_vote(room: Room) -> None:
    secretary = room.secretary()
    page = secretary.get(room.item())
    assert "/votes" not in page.text
    forged = {**hidden(page, f"{room.item()}/decide"), **VOTE}
    assert secretary.post(f"{room.item()}/votes", forged).status_code == 403
    stranger = room.visit(make.person(room.meeting.house, "新委员", *room.meeting.house.member.roles), "stranger")
    assert stranger.get(room.item()).status_code == 404
    officer = room.visit(room.meeting.house.officer, "officer")
    assert [officer.get(path).status_code for path in (room.item(), f"{room.path}/sheet")] == [403, 403]


def test_a_vote_after_the_decision_is_told_in_place_and_does_nothing(room: Room) -> None:
    member = room.member()
    sent = {**hidden(member.get(room.item()), f"{room.item()}/votes"), **VOTE}
    room.meeting.vote([DEFER] * 6)
    room.meeting.decide()
    late = member.post(f"{room.item()}/votes", sent)
    assert late.status_code == 409
    assert ZH["room.advice_item_settled"] in late.text
    assert "暂缓 6 票" in late.text
    assert "支持 1 票" not in late.text


def test_the_secretary_decides_and_the_votes_are_told(room: Room) -> None:
    house = room.meeting.house
    room.meeting.vote([SUPPORT, SUPPORT, SUPPORT, SUPPORT, SUPPORT, OPPOSE])
    secretary = room.secretary()
    done = send(secretary, room.item(), "decide")
    assert (done.status_code, done.headers["Location"]) == (303, room.item())
    text = secretary.get(room.item()).text
    assert said("said.decided", n=1, outcome="建议支持") in text
    for shown in ("支持 5 票", "反对 1 票", ZH["dissent"], "决定：建议支持。", "“建议支持”达到规定比例"):
        assert shown in text, shown
    assert f"{room.item()}/decide" not in text
    assert house.row(room.meeting.item().application_id).state == "approved"
    sheet = secretary.get(f"{room.path}/sheet").text
    assert ZH["room.decided"] in sheet
    projected = secretary.get(f"{room.path}/projector/1").text
    assert "支持 5 票" in projected
    assert ZH["room.decided"] in projected


def test_a_second_clerk_who_decides_is_told_that_it_is_decided(room: Room) -> None:
    room.meeting.vote([SUPPORT] * 6)
    secretary, chair = room.secretary(), room.visit(room.meeting.house.chair, "chair")
    sent = hidden(chair.get(room.item()), f"{room.item()}/decide")
    assert send(secretary, room.item(), "decide").status_code == 303
    late = chair.post(f"{room.item()}/decide", sent)
    assert late.status_code == 409
    assert ZH["room.advice_item_settled"] in late.text
    assert "决定：建议支持。" in late.text


def test_a_decision_by_a_stale_page_is_refused_in_place(room: Room) -> None:
    room.meeting.vote([SUPPORT] * 6)
    secretary = room.secretary()
    sent = {**hidden(secretary.get(room.item()), f"{room.item()}/decide"), "decide-reason": "同意"}
    stale = secretary.post(f"{room.item()}/decide", {**sent, "version": "7"})
    assert (stale.status_code, room.meeting.item().state) == (412, "tabled")
    assert ">同意</textarea>" in stale.text
    assert secretary.post(f"{room.item()}/decide", sent).status_code == 303


def test_without_a_quorum_nothing_is_decided_and_the_page_says_so(visitor: Visitor) -> None:
    house = visitor.house
    meeting = tabled(house).open([house.chair, *house.members[:3]])
    for actor in house.members[:2]:
        meeting.recuse(actor)
    room = Room(meeting, visitor)
    refused = send(room.secretary(), room.item(), "decide")
    assert refused.status_code == 409
    assert ZH["room.advice_no_quorum"] in refused.text
    assert (meeting.item().state, ZH["room.seat_absent"] in refused.text) == ("tabled", True)


def test_an_outcome_better_than_assessed_is_asked_about_and_needs_its_reason(visitor: Visitor) -> None:
    meeting = opened(visitor.house, in_review(visitor.house, output=WEAK))
    room = Room(meeting, visitor)
    meeting.vote([SUPPORT] * 6)
    secretary = room.secretary()
    asked = send(secretary, room.item(), "decide")
    assert asked.status_code == 409
    assert ZH["room.advice_override_needed"] in asked.text
    unreasoned = send(secretary, room.item(), "decide", **{"decide-override": "true"})
    assert (unreasoned.status_code, 'id="fault-decide-reason"' in unreasoned.text) == (422, True)
    assert re.search(r'name="decide-override" value="true" checked', unreasoned.text)
    meant = {"decide-override": "true", "decide-reason": "属补链项目"}
    assert send(secretary, room.item(), "decide", **meant).status_code == 303
    assert "属补链项目" in secretary.get(room.item()).text


def test_a_gate_of_law_forbids_an_override_and_is_named(visitor: Visitor) -> None:
    meeting = opened(visitor.house, in_review(visitor.house, water=Decimal(200_000)))
    room = Room(meeting, visitor)
    meeting.vote([SUPPORT] * 6)
    refused = send(room.secretary(), room.item(), "decide", **{"decide-override": "true", "decide-reason": "效益好"})
    assert refused.status_code == 409
    assert ZH["room.advice_override_forbidden"] in refused.text
    assert meeting.item().state == "tabled"


def test_conditions_are_typed_row_by_row_and_every_fault_stands_at_its_field(visitor: Visitor) -> None:
    meeting = opened(visitor.house, in_review(visitor.house, output=WEAK))
    room = Room(meeting, visitor)
    meeting.vote([WITH_CONDITIONS] * 6)
    secretary = room.secretary()
    none = send(secretary, room.item(), "decide")
    assert (none.status_code, 'href="#field-decide-conditions"' in none.text) == (422, True)
    half = {"free-0-text": "签订供水协议", "free-0-due_on": "2026-02-30", "decide-reason": "须落实水源"}
    form = hidden(secretary.get(room.item()), f"{room.item()}/decide")
    more = secretary.post(f"{room.item()}/conditions", form | half)
    assert more.status_code == 200
    assert 'name="free-1-text"' in more.text
    assert 'value="签订供水协议"' in more.text
    assert ">须落实水源</textarea>" in more.text
    faulty = send(secretary, room.item(), "decide", **half)
    assert faulty.status_code == 422
    for name in ("metric", "due_on", "owner", "evidence"):
        assert f'id="fault-free-0-{name}"' in faulty.text, name
    sound = half | {
        "free-0-due_on": "2027-03-31",
        "free-0-metric": "协议水量",
        "free-0-owner": "申报企业",
        "free-0-evidence": "供水协议",
    }
    assert send(secretary, room.item(), "decide", **sound).status_code == 303
    text = secretary.get(room.item()).text
    assert "签订供水协议（责任方：申报企业；期限：2027年3月31日；落实证明：供水协议）" in text


def test_a_ruling_that_is_being_typed_stays_in_another_language(room: Room) -> None:
    secretary, to = room.secretary(), f"{room.item()}/decide"
    typed = {"free-0-text": "签订供水协议", "free-1-owner": "申报企业", "decide-reason": "须落实水源"}
    shown = secretary.post(to, hidden(secretary.get(room.item()), to) | typed | {"in_language": "en"})
    assert (shown.status_code, shown.headers["Content-Language"]) == (200, "en")
    assert 'role="alert"' not in shown.text
    for name in ("free-0-text", "free-1-owner"):
        assert f'name="{name}" type="text" value="{typed[name]}"' in shown.text, name
    assert ">须落实水源</textarea>" in shown.text
    (enters,) = re.findall(r'<button class="unseen" type="submit" form="ruling" formaction="([^"#]+)', shown.text)
    assert 'name="free-2-text"' in secretary.post(enters, hidden(shown, to) | typed).text
    assert 'name="in_language"' not in room.member().get(room.item()).text


def test_whoever_steps_aside_finds_no_such_item_any_more(room: Room) -> None:
    member = room.member()
    done = send(member, room.item(), "recusals", recuse_reason="")
    assert (done.status_code, done.headers["Location"]) == (303, f"{room.path}/sheet")
    sheet = member.get(f"{room.path}/sheet").text
    assert said("said.recused", n=1) in sheet
    assert f'href="{room.item(1)}"' not in sheet
    assert f'href="{room.item(2)}"' in sheet
    for path in (room.item(), f"{room.path}/projector/1", f"{room.path}/projector?with=1&with=2"):
        assert member.get(path).status_code == 404, path
    assert f"{room.path}/projector/1" not in member.get(f"{room.path}/projector").text
    assert (
        room.meeting.house.row(room.meeting.item().application_id).number not in member.get(f"{room.path}/minutes").text
    )


def test_the_chair_orders_a_recusal_with_a_reason_and_nobody_else_does(room: Room) -> None:
    house = room.meeting.house
    chair = room.visit(house.chair, "chair")
    page = f"{room.item()}/recusals/ordered"
    empty = send(chair, room.item(), "recusals/ordered", order_person="", order_reason="")
    assert empty.status_code == 422
    assert all(f'id="fault-{name}"' in empty.text for name in ("order_person", "order_reason"))
    assert chair.get(room.item()).status_code == 200
    fields = {"order_person": str(person(house.member)), "order_reason": "曾任职于申报企业"}
    assert send(chair, room.item(), "recusals/ordered", **fields).status_code == 303
    told = chair.get(room.item()).text
    assert said("said.recusal_ordered", n=1) in told
    assert "曾任职于申报企业" in told
    again = chair.post(page, {**hidden(chair.get(room.item()), page), **fields})
    assert again.status_code == 409
    other = room.visit(house.members[1], "other")
    text = other.get(room.item()).text
    assert page not in text
    assert other.post(page, {**hidden(other.get(room.item()), f"{room.item()}/votes"), **fields}).status_code == 403


def test_an_outdated_item_is_pinned_anew_from_the_page_that_says_so(room: Room) -> None:
    room.meeting.vote([SUPPORT] * 6)
    secretary = room.secretary()
    sent = hidden(secretary.get(room.item()), f"{room.item()}/decide")
    with room.meeting.house.work(SYSTEM) as work:
        item = work.session.get_one(MeetingItemRow, (room.meeting.id, 1))
        item.declared_zh = item.declared_zh.replace("80.5", "80.4")
    outdated = secretary.post(f"{room.item()}/decide", sent)
    assert outdated.status_code == 409
    assert ZH["room.advice_item_outdated"] in outdated.text
    again = secretary.post(f"{room.item()}/refresh", hidden(outdated, f"{room.item()}/refresh"))
    assert again.status_code == 303
    assert said("said.item_refreshed", n=1) in secretary.get(room.item()).text
    assert "</span> 已投票" not in secretary.get(room.item()).text


def test_the_sheet_ranks_the_cases_and_says_why(room: Room) -> None:
    text = room.member().get(f"{room.path}/sheet").text
    ranked = re.findall(r'href="/meetings/[^"]+/items/(\d)"><strong>', text)
    assert ranked == ["1", "2"]
    for shown in ("80.50", "65.00", "有条件支持", ZH["portfolio_untold"], ZH["room.compare"]):
        assert shown in text, shown


def test_the_sheet_tells_the_high_tech_share_with_each_case(visitor: Visitor) -> None:
    house = visitor.house
    more = (
        make.edition("5", "2026-05-01")
        .decode()
        .replace(
            "derived: {}",
            "derived:\n"
            "  high_tech: {value: output > 70, label: {zh: 高新, en: High-tech}}\n"
            "  cluster: {value: 'nature', label: {zh: 集群, en: Cluster}}",
        )
    )
    with house.work(SYSTEM) as work:
        rulebooks.release(work, more.encode())
    meeting = called(house)
    for case_id in (in_review(house), in_review(house, output=WEAK), in_review(house)):
        meeting.table(case_id)
    meeting.open()
    meeting.vote([SUPPORT] * 6)
    meeting.decide()
    room = Room(meeting, visitor)
    text = room.member().get(f"{room.path}/sheet").text
    applicant = make.application().applicant_name
    shares = dict(re.findall(r'<th scope="row">([^<]+)</th><td>([\d.]+%)', text))
    assert shares == {
        said("room.share_now", count=1): "100%",
        said("room.share_with", n=2, applicant=applicant): "50%",
        said("room.share_with", n=3, applicant=applicant): "100%",
        said("room.share_all", count=3): "66.67%",
    }
    assert ZH["room.target_none"] in text


def test_the_projector_shows_a_case_at_a_time_and_keys_lead_on(room: Room) -> None:
    member = room.member()
    cover = member.get(f"{room.path}/projector").text
    assert f'href="{room.path}/projector/1" data-keys="ArrowRight PageDown Home"' in cover
    first = member.get(f"{room.path}/projector/1").text
    assert f'href="{room.path}/projector/2" data-keys="ArrowRight PageDown"' in first
    assert f'href="{room.path}/projector" data-keys="ArrowLeft PageUp"' in first
    assert ("80.50" in first, "/sign-out" in first) == (True, False)
    second = member.get(f"{room.path}/projector/2").text
    assert f'href="{room.path}/projector/1" data-keys="ArrowLeft PageUp"' in second
    assert "ArrowRight" not in second
    assert member.get(f"{room.path}/projector/3").status_code == 404


def test_cases_stand_side_by_side_with_their_differences_by_word_and_sign(room: Room) -> None:
    member = room.member()
    assert member.get(f"{room.path}/projector?with=2").headers["Location"] == f"{room.path}/projector/2"
    text = unescape(member.get(f"{room.path}/projector?with=1&with=2").text)
    rows = dict(re.findall(r'<th scope="row">([^<]+)<br><small><span aria-hidden="true">(.)</span>', text))
    assert (rows[ZH["total"]], rows[ZH["case.completeness"]]) == ("≠", "＝")
    assert re.search(r'80\.50 <span class="place highest"><span aria-hidden="true">▲</span> 最高', text)
    assert re.search(r'65\.00 <span class="place lowest"><span aria-hidden="true">▼</span> 最低', text)
    for path in ("items", "projector"):
        assert member.get(f"{room.path}/{path}/{2**31}").status_code == 404, path
    for query in ("with=x&with=1", "with=1&with=9", "with=1&with=99999999"):
        assert member.get(f"{room.path}/projector?{query}").status_code == 404, query


def test_the_minutes_are_a_draft_until_the_meeting_is_closed(room: Room) -> None:
    secretary = room.secretary()
    assert ZH["room.draft"] in secretary.get(f"{room.path}/minutes").text
    for n in (1, 2):
        room.meeting.vote([DEFER] * 6, n)
        room.meeting.decide(n)
    room.meeting.close()
    text = secretary.get(f"{room.path}/minutes").text
    assert ZH["room.draft"] not in text
    assert text.count("决定：暂缓。") == 2
    assert secretary.get(f"{room.path}/minutes/print").mimetype == "text/html"
    for path, kind in (("minutes.docx", DOCX_TYPE), ("scores.xlsx", XLSX_TYPE)):
        given = secretary.get(f"{room.path}/{path}")
        assert (given.mimetype, given.headers["Content-Disposition"]) == (kind, f'attachment; filename="{path}"')
    assert secretary.get(f"{room.path}/scores/print").status_code == 200


def test_before_the_opening_there_are_neither_votes_nor_minutes(visitor: Visitor) -> None:
    meeting = called(visitor.house)
    case_id: UUID = in_review(visitor.house)
    meeting.table(case_id)
    room = Room(meeting, visitor)
    secretary, member = room.secretary(), room.member()
    assert secretary.get(f"{room.path}/minutes").status_code == 404
    assert f"{room.path}/minutes" not in secretary.get(f"{room.path}/sheet").text
    page = member.get(room.item())
    assert ("/votes" in page.text, f"{room.item()}/recusals" in page.text) == (False, True)
    early = member.post(f"{room.item()}/votes", {**hidden(page, f"{room.item()}/recusals"), **VOTE})
    assert early.status_code == 409
    assert "/decide" not in secretary.get(room.item()).text


def test_the_pages_are_in_english_too(room: Room) -> None:
    member = room.member()
    member.send("/home", "/language", language="en")
    for path, shown in (
        ("sheet", EN["room.effects"]),
        ("items/1", EN["room.not_voted"]),
        ("projector/1", EN["room.leave"]),
        ("projector?with=1&with=2", EN["room.compared"]),
        ("minutes", EN["room.draft"]),
    ):
        assert shown in unescape(member.get(f"{room.path}/{path}").text), path
