"""Who is told what of a case, over a whole life with a meeting."""

from uuid import UUID

import pytest

from service.actions import applications, opinions
from service.actions.applications import Entry
from service.core.cases.opinions import Stance
from service.core.people import Actor
from tests import make, meeting, seating

HIDDEN_FROM_OFFICERS = {"opinion", "vote", "recusal"}
OF_THE_MEETING = ("secretary", "chair", "auditor")


def judged(house: make.House) -> tuple[UUID, meeting.Meeting]:
    """A case on the table of an open meeting, with an opinion, somebody who stepped aside, and votes."""
    case_id = house.create(make.application())
    house.do(house.reviewer, opinions.accept, case_id, [make.DEPARTMENT])
    with house.work(house.reviewer) as work:
        opinions.give(work, case_id, opinions.NewOpinion(Stance.SUPPORT, "可平衡"))
    held = meeting.opened(house, case_id)
    held.recuse(house.members[-1])
    held.vote([meeting.SUPPORT] * 5)
    return case_id, held


def timeline(house: make.House, case_id: UUID, actor: Actor) -> list[Entry]:
    with house.work(actor) as work:
        return applications.timeline(work, case_id)


def nouns(house: make.House, case_id: UUID, actor: Actor) -> set[str]:
    return {entry.type.partition(".")[0] for entry in timeline(house, case_id, actor)}


def test_votes_are_told_to_those_of_the_meeting_once_they_have_decided(house: make.House) -> None:
    case_id, held = judged(house)
    people = [*(getattr(house, name) for name in OF_THE_MEETING), house.members[0]]
    for actor in people:
        assert nouns(house, case_id, actor) == {"application", "opinion", "recusal"}
    held.decide()
    for actor in people:
        found = timeline(house, case_id, actor)
        assert [entry.type for entry in found].count("vote.cast") == 5
        assert "tally" in found[-1].data


def test_a_department_is_never_told_how_a_meeting_voted(house: make.House) -> None:
    case_id, held = judged(house)
    held.decide()
    assert nouns(house, case_id, house.reviewer) == {"application", "opinion", "recusal", "decision"}


@pytest.mark.parametrize("decided", [False, True])
def test_the_officer_is_told_where_it_led_and_not_how(house: make.House, decided: bool) -> None:  # noqa: FBT001 - a parameter
    case_id, held = judged(house)
    if decided:
        held.decide()
    found = timeline(house, case_id, house.officer)
    assert not HIDDEN_FROM_OFFICERS & nouns(house, case_id, house.officer)
    assert [entry.type for entry in found][:4] == [
        "application.created",
        "application.submitted",
        "application.accepted",
        "application.tabled",
    ]
    assert set(found[3].data) == {"from", "to", "version", "n"}
    assert {entry.type for entry in found[4:]} == ({"decision.recorded"} if decided else set())
    if decided:
        assert set(found[-1].data) == {"from", "to", "version", "n", "outcome", "reason"}
        assert found[-1].data["outcome"] == "approve"


def test_entries_keep_their_numbers_in_the_chain_whoever_reads_them(house: make.House) -> None:
    case_id, _ = judged(house)
    whole = {entry.rev: entry.type for entry in timeline(house, case_id, house.auditor)}
    for actor in (house.officer, house.reviewer):
        assert {entry.rev: entry.type for entry in timeline(house, case_id, actor)}.items() <= whole.items()


def test_a_recused_submitter_is_told_what_an_officer_is(house: make.House) -> None:
    case_id = house.create(make.application(), house.both)
    house.do(house.reviewer, opinions.accept, case_id, [make.DEPARTMENT])
    seating.recuse(house, case_id, house.both)
    assert nouns(house, case_id, house.both) == {"application"}
