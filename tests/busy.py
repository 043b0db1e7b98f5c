"""A house in which everything has happened that the service knows: one of every kind of row and of every deed."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from service.actions import (
    applications,
    deputies,
    imports,
    interests,
    meetings,
    opinions,
    people,
    proposals,
    sign_in,
    waivers,
    webhooks,
)
from service.actions.deputies import NewDeputy
from service.actions.opinions import NewOpinion
from service.core.cases.opinions import Stance
from service.core.people import NOBODY, SYSTEM, Scope
from service.db.webhooks import OutboxRow
from tests import make, meeting, tabled
from tests.actions import papers, proposing, waiving

OTHER_CODE = "91379999DEM000022T"


def make_busy(house: make.House) -> None:
    """Let it all happen."""
    _people(house)
    _webhooks(house)
    _waived(house)
    papers.release(house)
    decided = _reviewed(house)
    held = meeting.called(house)
    held.table(decided)
    held.table(meeting.in_review(house))
    with house.work(house.secretary, expects=held.item(1).version) as work:
        meetings.refresh(work, held.id, 1)
    held.open()
    held.recuse(house.members[4])
    held.vote([meeting.SUPPORT] * 5)
    held.cast(house.chair, meeting.WITH_CONDITIONS, reason="先落实用水")
    held.decide()
    held.close("时间不足")
    _leaves(house)
    _left(house)
    _rules(house)


def _people(house: make.House) -> None:
    with house.work(SYSTEM) as work:
        key = people.issue_key(work, house.officer.person_id or UUID(int=0))
        people.revoke_key(work, key.split("_")[1])
    _credentials(house)
    with house.work(house.member) as work:
        interests.declare(work, OTHER_CODE)
    day = house.runtime.clock().date()
    new = NewDeputy(None, house.others[0].person_id, day, day + timedelta(days=9), None, "出差")
    with house.work(house.member) as work:
        kept = deputies.appoint(work, replace(new, deputy=house.others[1].person_id)).id
        ended = deputies.appoint(
            work, replace(new, from_on=day + timedelta(days=20), to_on=day + timedelta(days=21))
        ).id
    assert kept != ended
    with house.work(house.member, expects=1) as work:
        deputies.revoke(work, ended)


def _credentials(house: make.House) -> None:
    """A key that follows another, an identity that is linked and one that was, and somebody with new roles."""
    with house.work(house.admin, expects=1) as work:
        moved = people.add(work, "换岗者", house.officer.roles)
        people.set_roles(work, moved.id, house.secretary.roles)
        old = people.issue(work, moved.id, people.NewKey("ERP", (Scope.KEYS, Scope.CASES_READ)))
        people.rotate(work, moved.id, old.row.id, people.Rotation(48))
        people.note_use(work, old.row.id)
        for subject in ("s-1", "s-2"):
            linked = people.link(work, moved.id, people.NewIdentity(subject, "https://id.zone.example"))
        people.unlink(work, moved.id, linked.id)


def _leaves(house: make.House) -> None:
    """Somebody signs in to the pages, and somebody who could is erased."""
    with house.work(house.admin) as work:
        gone = people.add(work, "离任者", house.member.roles).id
        for person, login in ((gone, "gone"), (house.officer.person_id or gone, "officer")):
            sign_in.set_login(work, person, login)
            sign_in.set_password(work, person, f"昨夜西风凋碧树独上高楼 {login}")
        people.end_sessions(work, gone)
        people.erase(work, gone)
    with house.work(NOBODY) as work:
        sign_in.attempt(work, "officer", "192.0.2.1")
        known = sign_in.verify(work, "officer", "昨夜西风凋碧树独上高楼 officer")
        assert known is not None
        sign_in.enter(work, known, "192.0.2.1", None)
        sign_in.attempt(work, "officer", "192.0.2.1")


def _webhooks(house: make.House) -> None:
    """A webhook that is told, one with a new secret, and one that is told no more, whose test is sent again in vain."""
    with house.work(house.admin) as work:
        for _ in range(3):
            webhooks.add(work, webhooks.NewWebhook("https://zone.example/hook", ["application.submitted", "vote.cast"]))
        ended, rotated, _ = webhooks.find(work, webhooks.Query()).items
        sent = webhooks.test(work, rotated.id)
    with house.work(house.admin, expects=1) as work:
        webhooks.rotate(work, rotated.id)
        webhooks.deactivate(work, ended.id)
        work.session.get_one(OutboxRow, sent.n).state = "dead"
        work.session.flush()
        webhooks.replay(work, rotated.id, sent.n)


def _imported(house: make.House) -> None:
    with house.work(house.officer) as work:
        imports.run(work, imports.NewImport(tabled.csv_of(tabled.HEADINGS, tabled.SOUND), draft=False))


def _reviewed(house: make.House) -> UUID:
    """A case with papers, opinions and waivers, returned once; and one that came in a file."""
    _imported(house)
    case_id = house.create(make.draft())
    house.do(house.officer, applications.rename, case_id, make.header(project_name="精密减速器二期项目"))
    house.do(house.officer, applications.replace_facts, case_id, make.facts())
    house.do(house.officer, applications.submit, case_id)
    house.do(house.reviewer, applications.return_, case_id, "补充")
    for accept in (True, False):
        papers.ruled(house, case_id, papers.attached(house, case_id), accept=accept)
    papers.attached(house, case_id, facts=("water",))
    house.do(house.officer, applications.submit, case_id)
    house.do(house.reviewer, applications.accept, case_id)
    with house.work(house.secretary) as work:
        opinions.ask(work, case_id, make.DEPARTMENT, None)
        opinions.ask(work, case_id, make.OTHER_DEPARTMENT, None)
    with house.work(house.reviewer) as work:
        opinions.give(work, case_id, NewOpinion(Stance.SUPPORT_WITH_CONDITIONS, "可行", ("再生水接入",)))
    return case_id


def _waived(house: make.House) -> None:
    """A waiver that stands, and one that was taken back."""
    waivers_given = [waiving.waived(house, waiving.thirsty(house)) for _ in range(2)]
    with house.work(house.chair, expects=1) as work:
        waivers.revoke(work, waivers_given[0], "批复未获")


def _left(house: make.House) -> None:
    """A case taken off an agenda, one withdrawn from it, and a meeting called off."""
    meeting.tabled(house).cancel()
    held = meeting.called(house)
    with house.work(house.secretary, expects=held.row().version) as work:
        meetings.set_seats(work, held.id, meeting.seats(house))
    held.table(meeting.in_review(house))
    with house.work(house.secretary, expects=held.item(1).version) as work:
        meetings.untable(work, held.id, 1)
    refused = meeting.in_review(house)
    meeting.decided(house, refused, meeting.OPPOSE)
    house.do(house.officer, applications.reconsider, refused, "已调整方案")
    withdrawn = meeting.in_review(house)
    held.table(withdrawn)
    house.do(house.officer, applications.withdraw, withdrawn, "另行申报")


def _rules(house: make.House) -> None:
    """Editions that somebody proposed: one stands open, and one of each that was decided on."""
    sources = [make.edition(name, "2027-01-01") for name in ("a", "b", "c", "d")]
    _, declined, withdrawn, released = (proposing.proposed(house, source) for source in sources)
    with house.work(house.releaser, expects=1) as work:
        proposals.release(work, released)
        proposals.decline(work, declined, "条款依据不足")
    with house.work(house.author, expects=1) as work:
        proposals.withdraw(work, withdrawn)
