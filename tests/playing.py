"""One case played from a draft to its decision, with something of everything that a case can have."""

from decimal import Decimal
from uuid import UUID

from service.actions import applications, meetings, opinions, rulebooks
from service.core.cases.opinions import Stance
from service.core.people import SYSTEM
from tests import make, meeting
from tests.actions import papers, waiving
from tests.meeting import CONDITION, WITH_CONDITIONS, Meeting

PICTURE = papers.FILES["image/png"]


def edition() -> bytes:
    """Rules under which facts need papers and the gate may be waived."""
    rules = make.zone_edition("4", "2026-04-01").decode()
    for fact, grade in (("Output", "third_party"), ("Water", "document")):
        rules = rules.replace(f"en: {fact}}}\n    required", f"en: {fact}}}\n    evidence: {grade}\n    required")
    return rules.encode()


def filed(house: make.House) -> UUID:
    """A case whose draft was changed before it was submitted, with two papers that were accepted, in review."""
    with house.work(SYSTEM) as work:
        rulebooks.release(work, edition())
    case_id = house.create(make.draft(water=Decimal(1)))
    house.do(house.officer, applications.replace_facts, case_id, make.facts(water=Decimal(200_000)))
    house.do(house.officer, applications.submit, case_id)
    for n in (papers.attached(house, case_id), _picture(house, case_id)):
        papers.ruled(house, case_id, n)
    house.do(house.reviewer, applications.accept, case_id)
    return case_id


def tabled(house: make.House) -> tuple[UUID, Meeting]:
    """The same on the agenda of a meeting: tabled, waived, tabled anew, one member recused."""
    case_id = filed(house)
    _heard(house, case_id)
    held = meeting.called(house)
    held.table(case_id)
    waiving.waived(house, case_id)
    with house.work(house.secretary, expects=held.item().version) as work:
        meetings.refresh(work, held.id, 1)
    held.recuse(house.others[0])
    return case_id, held


def played(house: make.House) -> UUID:
    """The same decided, and the meeting closed."""
    case_id, held = tabled(house)
    held.open()
    decide(held)
    held.close()
    return case_id


def decide(held: Meeting) -> None:
    """Let everybody who may vote for support with conditions, and decide."""
    held.vote([WITH_CONDITIONS, WITH_CONDITIONS, None, *[WITH_CONDITIONS] * 3])
    held.decide(conditions=[CONDITION])


def _picture(house: make.House, case_id: UUID) -> int:
    return papers.attached(house, case_id, content=PICTURE, media_type="image/png", name="现场.png")


def _heard(house: make.House, case_id: UUID) -> None:
    with house.work(house.secretary) as work:
        opinions.ask(work, case_id, make.DEPARTMENT)
    with house.work(house.reviewer) as work:
        opinions.give(work, case_id, opinions.NewOpinion(Stance.SUPPORT, "用水指标可平衡"))
