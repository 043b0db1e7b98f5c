"""The pages with which meetings are called, prepared, opened and ended."""

import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from service.actions import applications, meetings, people
from service.actions.meetings import NewMeeting
from service.core.people import Actor, Role
from service.words import sections
from tests import make
from tests.actions import waiving
from tests.actions.tables import nothing_changes
from tests.meeting import Meeting, called, everybody, in_review, opened, person, seats, tabled
from tests.ui.filling import changed, filled, press, send
from tests.ui.visiting import Visitor, heading

SECTIONS = ("domain", "sheets", "pages", "meeting_pages", "flaws", "errors")
ZH, EN = (
    {code: text for section in SECTIONS for code, text in sections(section)[language].items()}
    for language in ("zh", "en")
)
NEW = "/meetings/new"


@pytest.fixture
def secretary(visitor: Visitor) -> Visitor:
    return visitor.as_(visitor.house.secretary, "secretary")


def visit(visitor: Visitor, actor: Actor, login: str) -> Visitor:
    return visitor.another().as_(actor, login)


def faults(page: TestResponse) -> list[str]:
    """The fields that have something wrong with them, as the page marks them."""
    return re.findall(r'id="fault-([\w-]+)"', page.text)


def listed(page: TestResponse) -> list[str]:
    """The meetings of the list, in its order."""
    return re.findall(r'<th scope="row" class="named"><a href="/meetings/([0-9a-f-]{36})">', page.text)


def ways(page: TestResponse) -> list[str]:
    """What a page of a meeting offers to do."""
    return re.findall(r'<a role="button"[^>]* href="/meetings/[0-9a-f-]{36}/([a-z]+)">', page.text)


def at(meeting: Meeting, part: str = "") -> str:
    return f"/meetings/{meeting.id}{part}"


def called_for(house: make.House, days: int, people_: Iterable[Actor] | None = None) -> str:
    """A meeting of the chair and the members, or of others, so many days from now."""
    held_at = house.runtime.clock() + timedelta(days=days)
    with house.work(house.secretary) as work:
        return str(meetings.call(work, NewMeeting(f"会议{days}", held_at, None, seats(house, people_))).id)


def ids(actors: Iterable[Actor]) -> list[str]:
    return [str(person(actor)) for actor in actors]


def test_meetings_to_come_are_listed_first_then_those_that_are_over(secretary: Visitor) -> None:
    house = secretary.house
    assert ZH["meetings.nothing"] in secretary.get("/meetings").text
    late, soon = called_for(house, 9), called_for(house, 2)
    gone = [Meeting(house, UUID(called_for(house, days))) for days in (3, 5)]
    for meeting in gone:
        meeting.cancel()
    expected = [soon, late, str(gone[1].id), str(gone[0].id)]
    assert listed(secretary.get("/meetings")) == expected
    assert listed(secretary.get("/meetings?state=called")) == expected[:2]
    assert ZH["meetings.nothing_found"] in secretary.get("/meetings?state=open").text
    found, address = [], "/meetings?limit=1"
    while address:
        page = secretary.get(address)
        found += listed(page)
        following = re.findall(r'rel="next" href="([^"]+)"', page.text)
        address = following[0].replace("&amp;", "&") if following else ""
        assert not address or parse_qs(urlsplit(address).query).keys() == {"limit", "cursor"}
    assert found == expected
    for query, status in (("limit=0", 422), ("state=asleep", 422), ("cursor=x", 400)):
        assert secretary.get(f"/meetings?{query}").status_code == status


def test_members_find_the_meetings_they_sit_at_and_only_secretaries_call_one(secretary: Visitor) -> None:
    house = secretary.house
    with_all, without = called_for(house, 1), called_for(house, 2, everybody(house)[:3])
    member = visit(secretary, house.others[3], "member")
    assert listed(secretary.get("/meetings")) == [with_all, without]
    assert listed(member.get("/meetings")) == [with_all]
    assert (NEW in secretary.get("/meetings").text, NEW in member.get("/meetings").text) == (True, False)
    assert member.get(f"/meetings/{without}").status_code == 404
    assert visit(secretary, house.officer, "officer").get("/meetings").status_code == 403
    for who in (member, visit(secretary, house.chair, "chair"), visit(secretary, house.auditor, "auditor")):
        assert who.get(NEW).status_code == 403
        with nothing_changes(house.runtime):
            assert send(who, NEW, filled(secretary.get(NEW), NEW)).status_code == 403


def test_a_meeting_is_called_with_everybody_and_the_chair_by_giving_a_day(secretary: Visitor) -> None:
    house = secretary.house
    answer = press(secretary, NEW, day="2026-12-03", hour="09:30", place="管委会")
    assert answer.status_code == 303
    with house.work(house.secretary) as work:
        (row,) = meetings.find(work, meetings.Query()).items
        found = meetings.get(work, row.id)
    assert answer.headers["Location"] == f"/meetings/{row.id}/agenda"
    assert (row.title, row.held_at.isoformat()) == ("2026 年第 1 次项目评审会", "2026-12-03T01:30:00+00:00")
    told = {seat.person_id: (seat.chair, seat.voting) for seat in found.seats}
    assert told == {person(one): (one == house.chair, True) for one in everybody(house)}
    again = secretary.get(NEW).text
    assert 'value="2026 年第 2 次项目评审会"' in again
    assert 'value="管委会"' in again


def test_an_agenda_without_items_is_told_so_that_it_is_true_for_its_secretary_too(secretary: Visitor) -> None:
    meeting = called(secretary.house)
    for page, leads in ((at(meeting), at(meeting, "/agenda")), (at(meeting, "/agenda"), "#offered")):
        text = secretary.get(page).text
        assert f'议程上尚无您可以查看的项目。 <a href="{leads}">列入联审中的申报</a>' in text
        assert (ZH["meetings.next_empty"] in text, ZH["meetings.no_items"] in text) == (False, False)
    assert 'id="offered"' in text
    assert EN["meetings.empty"] == "The agenda holds no item yet that you may see."
    member = visit(secretary, secretary.house.member, "member").get(at(meeting)).text
    assert "议程上没有项目，或者没有您可以查看的项目。" in member
    assert (ZH["meetings.next_empty"] in member, ZH["meetings.fill"] in member) == (True, False)
    assert EN["meetings.no_items"] == "The agenda holds no item, or none that you may see."


def test_every_fault_of_a_call_is_told_at_once_and_nothing_is_called(secretary: Visitor) -> None:
    house = secretary.house
    member, officer = person(house.member), person(house.officer)
    wrong = [f"{member}:votes", f"{member}:listens", f"{officer}:votes"]
    with nothing_changes(house.runtime):
        page = press(secretary, NEW, title=" ", day="31.12.2026", hour="9", place="", seats=wrong, chair=str(member))
        empty = press(secretary, NEW, day="", seats=["", ""])
    assert (page.status_code, heading(page)) == (422, ZH["page.meeting_new"])
    assert faults(page)[:3] == ["title", "day", "hour"]
    for said in ("member_day", "member_hour", "seat_twice", "seat_chair_role"):
        assert ZH[said] in page.text
    assert f'href="#field-seat-{member}"' in page.text
    assert f'value="{member}:listens" selected' in page.text
    assert faults(empty) == ["day"]
    assert ZH["seat_chairs"].format(found=0) in empty.text


def test_a_meeting_says_what_comes_next_until_it_is_over(secretary: Visitor) -> None:
    house = secretary.house
    meeting = called(house)
    assert ZH["meetings.next_fill"] in secretary.get(at(meeting)).text
    meeting.table(in_review(house))
    assert "将于2026年11月24日召开" in secretary.get(at(meeting)).text
    due = Meeting(house, UUID(called_for(house, 0)))
    due.table(in_review(house))
    assert ZH["meetings.next_open"] in secretary.get(at(due)).text
    meeting.open()
    assert ZH["meetings.next_decide"].format(count=1) in secretary.get(at(meeting)).text
    meeting.close("另议")
    closed = secretary.get(at(meeting)).text
    for said in (ZH["meetings.next_closed"], ZH["item_carried_over"], "小规则 1 版", f'href="{at(meeting)}/minutes"'):
        assert said in closed, said


def test_a_meeting_offers_each_role_what_it_may_do(secretary: Visitor) -> None:
    house = secretary.house
    chair, member = visit(secretary, house.chair, "chair"), visit(secretary, house.member, "member")

    def offered(meeting: Meeting) -> list[list[str]]:
        return [ways(visitor.get(at(meeting))) for visitor in (secretary, chair, member)]

    meeting = tabled(house)
    assert offered(meeting) == [["agenda", "open", "seats", "cancel"], ["open"], []]
    meeting.open()
    assert offered(meeting) == [[], ["close"], []]
    unvoted = f'{ZH["meetings.unvoted"]}：</strong><a href="{at(meeting)}/items/1"'
    assert [unvoted in visitor.get(at(meeting)).text for visitor in (secretary, member)] == [False, True]
    meeting.close("另议")
    assert offered(meeting) == [[], [], []]


def test_the_agenda_tells_each_item_but_not_to_whoever_has_no_part_in_it(secretary: Visitor) -> None:
    house = secretary.house
    case_id = waiving.thirsty(house)
    waiving.waived(house, case_id)
    house.do(house.reviewer, applications.accept, case_id)
    meeting = tabled(house, case_id)
    meeting.table(in_review(house))
    row = house.row(case_id)
    for said in (row.number, row.applicant_name, row.project_name, "80.50", "用水过量", ZH["outcome_approve"]):
        assert said in secretary.get(at(meeting)).text, said
    member = visit(secretary, house.member, "member")
    assert (str(case_id) in member.get(at(meeting)).text, ">2</td>" in member.get("/meetings").text) == (True, True)
    meeting.recuse(house.member)
    text = member.get(at(meeting)).text
    assert (str(case_id) in text, row.number in text, "/items/1" in text, "/items/2" in text) == (
        False,
        False,
        False,
        True,
    )
    assert ">1</td>" in member.get("/meetings").text
    assert str(case_id) in secretary.get(at(meeting)).text


def test_cases_are_put_on_the_agenda_several_at_once_and_taken_off_again(secretary: Visitor) -> None:
    house = secretary.house
    meeting, cases = called(house), [in_review(house) for _ in range(3)]
    page = at(meeting, "/agenda")
    chosen = [str(case_id) for case_id in (cases[2], cases[0])]
    assert press(secretary, page, applications=chosen).headers["Location"] == page
    assert [meeting.item(n).application_id for n in (1, 2)] == [cases[2], cases[0]]
    shown = secretary.get(page)
    assert re.findall(r'name="applications" value="([^"]+)"', shown.text) == [str(cases[1])]
    assert ZH["said.items_tabled"].format(count=2) in shown.text
    one = f"{page}/1/untable"
    stale = filled(shown, one)
    assert send(secretary, one, stale).status_code == 303
    assert house.row(cases[2]).state == "in_review"
    assert ZH["meetings.off"] in secretary.get(at(meeting)).text
    with nothing_changes(house.runtime):
        assert send(secretary, one, stale).status_code == 409
        assert send(secretary, f"{page}/1/untable", changed(stale, version="7")).status_code == 409
        assert send(secretary, f"{page}/2/untable", changed(stale, version="7")).status_code == 412


def test_of_several_cases_all_come_on_the_agenda_or_none(secretary: Visitor) -> None:
    house = secretary.house
    meeting, free = tabled(house), str(in_review(house))
    page, there = at(meeting, "/agenda"), str(meeting.item().application_id)
    with nothing_changes(house.runtime):
        nothing = press(secretary, page)
        unknown = press(secretary, page, applications=[free, str(UUID(int=0))])
        taken = press(secretary, page, applications=[free, there])
    assert (nothing.status_code, ZH["member_missing"] in nothing.text) == (422, True)
    assert (unknown.status_code, ZH["application_unknown"] in unknown.text) == (422, True)
    assert (taken.status_code, [pair for pair in filled(taken, page) if free in pair]) == (
        409,
        [("applications", free)],
    )


def test_only_cases_in_review_that_somebody_else_submitted_are_offered(secretary: Visitor) -> None:
    house = secretary.house
    both = make.person(house, "兼任秘书", Role.SECRETARY, Role.OFFICER)
    own, other, draft = in_review(house, both), in_review(house), house.create(make.application())
    page = at(called(house), "/agenda")
    offered = visit(secretary, both, "both").get(page).text
    assert [str(case_id) in offered for case_id in (own, other, draft)] == [False, True, False]
    number = house.row(other).number
    found, none = (secretary.get(f"{page}?text={text}").text for text in (number, "none"))
    assert (str(other) in found, str(own) in found) == (True, False)
    assert ZH["meetings.nothing_offered_found"] in none
    member = visit(secretary, house.member, "member")
    assert [member.get(page).status_code, visit(secretary, house.chair, "chair").get(page).status_code] == [403, 403]


def test_an_item_that_is_out_of_date_is_marked_and_assessed_anew(secretary: Visitor) -> None:
    house = secretary.house
    case_id = waiving.thirsty(house)
    house.do(house.reviewer, applications.accept, case_id)
    meeting = tabled(house, case_id).open()
    assert ZH["meetings.outdated"] not in secretary.get(at(meeting)).text
    waiving.waived(house, case_id)
    shown = secretary.get(at(meeting))
    assert (ZH["meetings.outdated"] in shown.text, ways(shown)) == (True, ["agenda"])
    page, to = at(meeting, "/agenda"), at(meeting, "/agenda/1/refresh")
    assert ZH["meetings.refresh_hint"] in secretary.get(page).text
    stale = filled(secretary.get(page), to)
    assert send(secretary, to, stale).status_code == 303
    assert send(secretary, to, stale).status_code == 412
    assert (meeting.item().waived, ways(secretary.get(at(meeting)))) == ('["too_thirsty"]', [])
    frozen = secretary.get(page).text
    assert ZH["meetings.agenda_frozen"] in frozen
    assert 'name="applications"' not in frozen
    chosen = [("applications", str(in_review(house))), *(pair for pair in stale if pair[0] == "csrf_token")]
    with nothing_changes(house.runtime):
        assert send(secretary, page, chosen).status_code == 409


def test_seats_are_replaced_until_the_meeting_is_opened(secretary: Visitor) -> None:
    house = secretary.house
    meeting = tabled(house)
    page = at(meeting, "/seats")
    stale = filled(secretary.get(page), page)
    chair, *members = ids(everybody(house))
    kept = [f"{chair}:listens", *(f"{one}:votes" for one in members[:3])]
    assert press(secretary, page, seats=kept).headers["Location"] == at(meeting)
    with house.work(house.secretary) as work:
        told = [(str(seat.person_id), seat.voting) for seat in meetings.get(work, meeting.id).seats]
    assert told == [(chair, False), *((one, True) for one in members[:3])]
    with nothing_changes(house.runtime):
        assert send(secretary, page, stale).status_code == 412
        refused = press(secretary, page, seats=kept[1:])
        assert (refused.status_code, ZH["seat_chairs"].format(found=0) in refused.text) == (422, True)
    meeting.open(everybody(house)[:4])
    with nothing_changes(house.runtime):
        assert [secretary.get(page).status_code, send(secretary, page, stale).status_code] == [409, 409]


def test_somebody_who_may_not_sit_any_more_is_there_to_be_taken_off(secretary: Visitor) -> None:
    house = secretary.house
    page = at(called(house), "/seats")
    with house.work(house.admin, expects=1) as work:
        people.set_roles(work, person(house.member), [Role.AUDITOR])
    gone = str(person(house.member))
    shown = secretary.get(page)
    assert (ZH["meetings.no_role"] in shown.text, ("seats", f"{gone}:votes") in filled(shown, page)) == (True, True)
    refused = press(secretary, page)
    assert (refused.status_code, faults(refused)) == (422, [f"seat-{gone}"])
    others = [text for name, text in filled(shown, page) if name == "seats" and gone not in text]
    assert press(secretary, page, seats=others).status_code == 303
    assert gone not in secretary.get(page).text


def test_a_meeting_is_opened_with_a_quorum_and_not_below_it(secretary: Visitor) -> None:
    house = secretary.house
    meeting = tabled(house)
    page, there = at(meeting, "/open"), ids(everybody(house))
    assert ZH["meetings.quorum"].format(of=6, needed=4) in secretary.get(page).text
    assert visit(secretary, house.member, "member").get(page).status_code == 403
    stale = filled(secretary.get(page), page)
    with nothing_changes(house.runtime):
        few = press(secretary, page, present=there[:3])
        none = press(secretary, page)
        assert send(secretary, page, changed(stale, version="9", present=there)).status_code == 412
    assert (few.status_code, none.status_code, few.text.count(" checked")) == (409, 409, 3)
    assert ZH["no_quorum.detail"].format(of=6, present=3, needed=4) in few.text
    chair = visit(secretary, house.chair, "chair")
    assert press(chair, page, present=there[:4]).headers["Location"] == at(meeting)
    shown = secretary.get(at(meeting)).text
    assert ZH["meetings.quorum_met"].format(of=6, present=4, needed=4) in shown
    assert shown.count(ZH["absent"]) == 2
    assert secretary.get(page).status_code == 409


def test_a_deputy_takes_the_seat_of_somebody_absent_and_nobody_sits_twice(secretary: Visitor) -> None:
    house = secretary.house
    meeting = called(house, everybody(house)[:5])
    deputy, absent = str(person(house.others[3])), str(person(house.member))
    member = visit(secretary, house.member, "member")
    days = {"from_on": "2026-11-01", "to_on": "2026-12-31"}
    assert press(member, "/deputies", deputy=deputy, reason="出差", **days).status_code == 303
    assert house.others[3].name in secretary.get(at(meeting)).text
    assert house.others[3].name not in member.get(at(meeting)).text
    page, there = at(meeting, "/open"), ids(everybody(house)[:5])
    assert press(member, "/deputies", deputy=there[2], reason="出差", **days).status_code == 303
    shown = secretary.get(page).text
    assert re.findall(r'name="present" value="([^"]+)"', shown) == [*there, deputy]
    assert (f'value="{deputy}"' in shown, ZH["meetings.open_empty"] in shown) == (True, True)
    with nothing_changes(house.runtime):
        both = press(secretary, page, present=[*there, deputy])
    assert (both.status_code, faults(both)) == (422, [f"present-{deputy}"])
    assert press(secretary, page, present=[*(one for one in there if one != absent), deputy]).status_code == 303
    assert ZH["present_deputy"].format(name=house.others[3].name) in secretary.get(at(meeting)).text


def test_a_meeting_is_closed_by_the_chair_with_a_reason_for_what_is_not_decided(secretary: Visitor) -> None:
    house = secretary.house
    meeting = opened(house)
    page, chair = at(meeting, "/close"), visit(secretary, house.chair, "chair")
    assert secretary.get(page).status_code == 403
    stale = filled(chair.get(page), page)
    with nothing_changes(house.runtime):
        empty = press(chair, page, reason=" ")
        assert send(chair, page, changed(stale, version="9", reason="另议")).status_code == 412
    assert (empty.status_code, faults(empty)) == (422, ["reason"])
    assert press(chair, page, reason="第 1 项另议").headers["Location"] == at(meeting)
    assert (meeting.row().state, meeting.item().state) == ("closed", "carried_over")
    assert chair.get(page).status_code == 409
    settled = called(house).open()
    assert press(chair, at(settled, "/close")).status_code == 303


def test_whoever_has_no_part_in_an_item_does_not_end_the_meeting_over_it(secretary: Visitor) -> None:
    house = secretary.house
    meeting, chair = opened(house), visit(secretary, house.chair, "chair")
    meeting.recuse(house.chair)
    shown = chair.get(at(meeting, "/close")).text
    assert (ZH["meetings.left_none"] in shown, house.row(meeting.item().application_id).number in shown) == (
        True,
        False,
    )
    with nothing_changes(house.runtime):
        refused = press(chair, at(meeting, "/close"))
    assert (refused.status_code, ZH["no_part.title"] in refused.text) == (409, True)


def test_a_meeting_is_cancelled_with_a_reason_and_its_cases_are_in_review_again(secretary: Visitor) -> None:
    house = secretary.house
    meeting = tabled(house)
    page, case_id = at(meeting, "/cancel"), meeting.item().application_id
    assert visit(secretary, house.chair, "chair").get(page).status_code == 403
    with nothing_changes(house.runtime):
        assert faults(press(secretary, page)) == ["reason"]
        assert send(secretary, page, [("reason", "另行召集"), ("version", "1")]).status_code == 403
    assert press(secretary, page, reason="另行召集").headers["Location"] == at(meeting)
    assert (meeting.row().state, house.row(case_id).state) == ("cancelled", "in_review")
    shown = secretary.get(at(meeting))
    assert (ZH["meetings.next_cancelled"] in shown.text, ways(shown)) == (True, [])


DAYS = {"from_on": "2026-12-01", "to_on": "2026-12-31", "reason": "外出培训"}


def test_deputies_are_appointed_by_those_they_sit_for_or_by_a_chair(secretary: Visitor) -> None:
    house = secretary.house
    member, chair = visit(secretary, house.member, "member"), visit(secretary, house.chair, "chair")
    deputy = str(person(house.others[3]))
    wrong = {"deputy": "", "from_on": "2026-12-31", "to_on": "31.12.2026", "reason": ""}
    with nothing_changes(house.runtime):
        refused = press(member, "/deputies", **wrong)
        past = press(member, "/deputies", **DAYS | {"deputy": deputy, "from_on": "2026-10-01", "to_on": "2026-10-02"})
        forged = [*filled(member.get("/deputies"), "/deputies"), ("person", str(person(house.chair)))]
        assert send(member, "/deputies", changed(forged, deputy=deputy, **DAYS)).status_code == 403
        token = filled(secretary.get(NEW), NEW)[:1]
        assert send(secretary, "/deputies", [*token, ("deputy", deputy)]).status_code == 403
    assert (refused.status_code, faults(refused)) == (422, ["deputy", "to_on", "reason"])
    assert faults(past) == ["to_on"]
    assert press(member, "/deputies", deputy=deputy, **DAYS).status_code == 303
    assert press(chair, "/deputies", deputy=deputy, person=str(person(house.others[0])), **DAYS).status_code == 303
    seen = [visitor.get("/deputies").text for visitor in (member, chair, secretary)]
    assert [text.count("<td>外出培训</td>") for text in seen] == [1, 2, 2]
    assert [text.count("/revoke") for text in seen] == [1, 2, 0]
    assert all(ZH["deputies.state_coming"] in text for text in seen)


def test_an_appointment_is_revoked_once_by_whoever_it_is_for(secretary: Visitor) -> None:
    house = secretary.house
    member, deputy = visit(secretary, house.member, "member"), visit(secretary, house.others[3], "deputy")
    assert press(member, "/deputies", deputy=str(person(house.others[3])), **DAYS).status_code == 303
    (to,) = re.findall(r'action="(/deputies/[^"]+/revoke)"', member.get("/deputies").text)
    sent = filled(member.get("/deputies"), to)
    token = filled(deputy.get("/deputies"), "/deputies")[:1]
    assert to not in deputy.get("/deputies").text
    with nothing_changes(house.runtime):
        assert send(member, to, changed(sent, version="9")).status_code == 412
        assert send(deputy, to, [*token, ("version", "1")]).status_code == 403
    assert send(member, to, sent).status_code == 303
    again = send(member, to, sent)
    assert (again.status_code, ZH["deputy_revoked.title"] in again.text) == (409, True)
    assert ZH["deputies.state_revoked"] in member.get("/deputies").text


def test_what_a_meeting_is_called_is_not_told_to_a_deputy_who_does_not_see_it(secretary: Visitor) -> None:
    house = secretary.house
    meeting = called(house, everybody(house)[:4])
    member, deputy = (visit(secretary, house.members[n], f"member-{n}") for n in (0, 4))
    fields = {"from_on": "2026-11-23", "to_on": "2026-12-31", "reason": "出差", "meeting": str(meeting.id)}
    assert press(member, "/deputies", deputy=str(person(house.members[4])), **fields).status_code == 303
    title = meeting.row().title
    assert [title in one.get("/deputies").text for one in (member, deputy)] == [True, False]
    assert ZH["deputies.one_meeting"] in deputy.get("/deputies").text


def test_interests_are_declared_once_and_seen_by_nobody_else(secretary: Visitor) -> None:
    house = secretary.house
    reviewer = visit(secretary, house.reviewer, "reviewer")
    assert 'href="/interests"' in reviewer.get("/account").text
    assert ZH["interests.nothing"] in reviewer.get("/interests").text
    with nothing_changes(house.runtime):
        wrong = press(reviewer, "/interests", credit_code="1")
    assert (wrong.status_code, faults(wrong)[:1]) == (422, ["credit_code"])
    assert press(reviewer, "/interests", credit_code=make.CREDIT_CODE).status_code == 303
    assert make.CREDIT_CODE in reviewer.get("/interests").text
    with nothing_changes(house.runtime):
        again = press(reviewer, "/interests", credit_code=make.CREDIT_CODE)
    assert (again.status_code, ZH["already_declared.title"] in again.text) == (409, True)
    assert make.CREDIT_CODE not in secretary.get("/interests").text
    assert visit(secretary, house.officer, "officer").get("/interests").status_code == 403


def test_every_page_of_a_meeting_speaks_either_language_and_what_was_written_is_text(secretary: Visitor) -> None:
    house, nasty = secretary.house, "<script>alert(1)</script>"
    assert press(secretary, NEW, title=nasty, place=nasty, day="2026-12-03").status_code == 303
    (found,) = listed(secretary.get("/meetings"))
    meeting = Meeting(house, UUID(found))
    meeting.table(in_review(house))
    parts = ("", "/agenda", "/seats", "/open", "/cancel")
    for words in (ZH, EN):
        for path in ("/meetings", NEW, *(at(meeting, part) for part in parts), "/deputies", "/interests"):
            page = secretary.get(path)
            assert page.status_code == 200, path
            assert page.text.count("<h1>") == 1
            assert words["page.meetings"] in page.text
            assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)", page.text) == [], path
        assert "&lt;script&gt;alert(1)" in page.text or path == "/interests"
        secretary.send("/home", "/language", language="en")
