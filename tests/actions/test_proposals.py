"""Proposing an edition of the rules and releasing it are deeds of two people, with no way around."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import product
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from service.actions import applications, proposals, rulebooks
from service.actions.proposals import NewProposal, Query
from service.actions.proposals.sound import examined
from service.actions.rulebooks import FaultyRulebookError, NoRulebookInForceError
from service.core.errors import ForbiddenError, InvalidError, NotFoundError, SluiceError, StaleError
from service.core.people import PERMISSIONS, SYSTEM, Actor, Permission, Role
from service.core.rules.proposals import (
    AlreadyProposedError,
    AlreadyReleasedError,
    NotYourProposalError,
    OwnProposalError,
    ProposalDecidedError,
    ReleasedByPeopleError,
)
from service.db.proposals import RulebookProposalRow
from service.work import BusyError, Work
from tests import make
from tests.actions import tables
from tests.actions.proposing import NOTE, TOMORROW, proposed, released, row
from tests.conftest import Clock

ON = date(2026, 11, 24)


def decline(work: Work, proposal_id: UUID) -> RulebookProposalRow:
    return proposals.decline(work, proposal_id, "条款依据不足")


DECISIONS = {"release": proposals.release, "decline": decline, "withdraw": proposals.withdraw}
BY_RELEASERS = {name: DECISIONS[name] for name in ("release", "decline")}


@pytest.fixture
def house(house: make.House) -> make.House:
    """The house with everybody in it who has a part in rules."""
    assert house.author != house.releaser
    return house


def both(house: make.House) -> Actor:
    return make.person(house, "起草兼发布", Role.RULE_AUTHOR, Role.RULE_RELEASER)


def decide(house: make.House, actor: Actor, name: str, proposal_id: UUID, expects: int | None = 1) -> None:
    with house.work(actor, expects=expects) as work:
        DECISIONS[name](work, proposal_id)


@contextmanager
def refused(house: make.House, kind: type[SluiceError]) -> Iterator[pytest.ExceptionInfo[SluiceError]]:
    with tables.nothing_changes(house.runtime), pytest.raises(kind) as told:
        yield told
    assert type(told.value) is kind


def edition_of(house: make.House, on: date) -> str:
    with house.runtime.work(SYSTEM, read_only=True) as work:
        return rulebooks.in_force(work, on).rulebook.edition


def last_entry(house: make.House) -> dict[str, object]:
    found = tables.events(house.runtime)[-1]
    return {name: found[name] for name in ("type", "data")} | {"by": found["actor"]["ref"], "of": found["subject"]}


def test_what_is_proposed_is_kept_byte_for_byte_and_counts_for_nothing(house: make.House) -> None:
    source = TOMORROW + "# 尾\r\n".encode()
    made = row(house, proposed(house, source))
    assert (made.source, made.note, made.state, made.version) == (source, NOTE, "proposed", 1)
    assert (made.rulebook_id, made.edition, made.in_force_from) == ("small", "2", ON)
    assert (made.proposed_by, made.proposed_at) == (house.author.person_id, house.runtime.clock())
    assert edition_of(house, ON) == "1"
    with house.work(house.officer) as work, pytest.raises(NotFoundError):
        rulebooks.get(work, made.sha256)


def test_a_proposal_leaves_one_entry_that_pins_the_bytes(house: make.House) -> None:
    made = row(house, proposed(house))
    entry = last_entry(house)
    assert (entry["type"], entry["by"]) == ("rulebook.proposed", house.author.ref)
    assert entry["data"] == {
        "proposal": str(made.id),
        "id": "small",
        "edition": "2",
        "in_force_from": "2026-11-24",
        "rulebook_sha256": made.sha256,
        "note": NOTE,
        "version": 1,
    }


def test_a_release_names_the_proposal_its_author_and_whoever_released_it(house: make.House) -> None:
    made = row(house, released(house))
    assert (made.state, made.version) == ("released", 2)
    assert (made.decided_by, made.decided_at) == (house.releaser.person_id, house.runtime.clock())
    entry = last_entry(house)
    assert (entry["type"], entry["by"]) == ("rulebook.released", house.releaser.ref)
    assert entry["data"] == {
        "id": "small",
        "edition": "2",
        "in_force_from": "2026-11-24",
        "rulebook_sha256": made.sha256,
        "proposal": str(made.id),
        "author": house.author.ref,
        "version": 2,
    }
    with house.work(house.officer) as work:
        edition = rulebooks.get(work, made.sha256)
        assert (edition.proposal, edition.proposed_by) == (made.id, house.author.person_id)
        assert (edition.released_by, edition.source) == (house.releaser.person_id, TOMORROW.decode())
        first = rulebooks.find(work)[-1]
        assert (first.row.edition, first.released_by, first.proposal) == ("1", None, None)


def test_a_released_edition_decides_what_is_submitted_from_its_first_day_on_and_not_before(
    house: make.House, clock: Clock
) -> None:
    before = house.create(make.application())
    made = row(house, released(house))
    today = house.create(make.application())
    clock.move(days=1)
    tomorrow = house.create(make.application())
    assert house.row(tomorrow).rulebook_sha256 == made.sha256
    assert made.sha256 not in {house.row(before).rulebook_sha256, house.row(today).rulebook_sha256}
    house.do(house.reviewer, applications.return_, today, "补充")
    assert house.row(today).rulebook_sha256 != made.sha256
    with house.work(house.officer) as work:
        assert [one.in_force for one in rulebooks.find(work, date(2026, 11, 23))] == [False, True]
        assert [one.in_force for one in rulebooks.find(work)] == [True, False]
        assert [one.in_force for one in rulebooks.find(work, date(2025, 1, 1))] == [False, False]


def test_what_was_remembered_of_the_edition_in_force_is_forgotten_with_a_release(house: make.House) -> None:
    assert [edition_of(house, ON) for _ in range(2)] == ["1", "1"]
    released(house)
    assert edition_of(house, ON) == "2"


@pytest.mark.parametrize("name", BY_RELEASERS)
def test_nobody_decides_on_what_they_proposed_whatever_else_they_are(house: make.House, name: str) -> None:
    actor = both(house)
    proposal_id = proposed(house, actor=actor)
    with refused(house, OwnProposalError):
        decide(house, actor, name, proposal_id)
    decide(house, house.releaser, name, proposal_id)


def test_nobody_releases_what_they_wrote_although_somebody_else_proposed_it_again(house: make.House) -> None:
    actor = both(house)
    decide(house, actor, "withdraw", proposed(house, actor=actor))
    again = proposed(house)
    with refused(house, OwnProposalError):
        decide(house, actor, "release", again)


def test_the_database_itself_refuses_that_an_author_releases(house: make.House) -> None:
    made = row(house, proposed(house))
    with house.runtime.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(
            text("UPDATE rulebook_proposal SET state = 'released', decided_by = proposed_by WHERE version = :version"),
            {"version": made.version},
        )


@pytest.mark.parametrize("actor", [SYSTEM, replace(SYSTEM, roles=frozenset(Role))])
def test_the_machine_has_no_part_in_proposals(house: make.House, actor: Actor) -> None:
    proposal_id = proposed(house)
    with refused(house, ForbiddenError):
        proposed(house, make.edition("3"), actor)
    for name in DECISIONS:
        with refused(house, ForbiddenError):
            decide(house, actor, name, proposal_id)


def test_nobody_releases_a_file_of_their_own_as_the_machine_does(house: make.House) -> None:
    with refused(house, ForbiddenError), house.work(house.releaser) as work:
        rulebooks.release(work, TOMORROW)


def test_the_machine_releases_until_people_do(house: make.House) -> None:
    with house.work(SYSTEM) as work:
        first = rulebooks.release(work, make.edition("0", "2025-01-01"))
        assert not rulebooks.are_of_people(work)
    released(house)
    with refused(house, ReleasedByPeopleError), house.work(SYSTEM) as work:
        assert rulebooks.are_of_people(work)
        assert rulebooks.release(work, first.source).event_id == first.event_id
        rulebooks.release(work, make.edition("3", "2026-12-01"))


def test_what_the_machine_released_meanwhile_is_not_released_again(house: make.House) -> None:
    proposal_id = proposed(house)
    with house.work(SYSTEM) as work:
        rulebooks.release(work, TOMORROW)
    with refused(house, AlreadyReleasedError) as told:
        decide(house, house.releaser, "release", proposal_id)
    assert told.value.figures["edition"] == "2"
    decide(house, house.author, "withdraw", proposal_id)


def test_only_authors_propose_and_withdraw_only_releasers_decide_and_everybody_reads(house: make.House) -> None:
    proposal_id = proposed(house)
    deeds: dict[Permission, list[Callable[[Work], object]]] = {
        Permission.PROPOSE_RULES: [
            lambda work: proposals.propose(work, NewProposal("", "")),
            lambda work: proposals.withdraw(work, proposal_id),
        ],
        Permission.RELEASE_RULES: [
            lambda work: proposals.release(work, proposal_id),
            lambda work: decline(work, proposal_id),
        ],
        Permission.READ_RULES: [
            lambda work: proposals.find(work, Query()),
            lambda work: proposals.get(work, proposal_id),
            lambda work: proposals.compare(work, proposal_id),
            rulebooks.find,
        ],
    }
    for role, (permission, some) in product(Role, deeds.items()):
        actor = Actor("u:x", "x", frozenset({role}), uuid4())
        for deed in some:
            with house.work(actor) as work:
                assert lacks(work, deed) == (None if role in PERMISSIONS[permission] else permission.value)


def lacks(work: Work, deed: Callable[[Work], object]) -> object:
    """The permission a deed is refused for, minding nothing else."""
    try:
        deed(work)
    except ForbiddenError as error:
        return error.figures.get("permission")
    except (InvalidError, StaleError):
        pass
    return None


def test_only_its_author_withdraws_a_proposal(house: make.House) -> None:
    proposal_id = proposed(house)
    other = make.person(house, "他人", Role.RULE_AUTHOR)
    with refused(house, NotYourProposalError):
        decide(house, other, "withdraw", proposal_id)


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_leaves_one_entry_and_stands(house: make.House, name: str) -> None:
    proposal_id = proposed(house)
    actor = house.author if name == "withdraw" else house.releaser
    decide(house, actor, name, proposal_id)
    made, entry = row(house, proposal_id), last_entry(house)
    past = {"release": "released", "decline": "declined", "withdraw": "withdrawn"}[name]
    assert (made.state, entry["type"], entry["by"]) == (past, f"rulebook.{past}", actor.ref)
    assert made.reason == ("条款依据不足" if name == "decline" else None)
    for other in DECISIONS:
        doer = house.author if other == "withdraw" else house.releaser
        with refused(house, StaleError):
            decide(house, doer, other, proposal_id)
        with refused(house, ProposalDecidedError) as told:
            decide(house, doer, other, proposal_id, expects=2)
        assert told.value.figures == {"proposal": past}


def test_a_decision_names_the_version_it_rests_on(house: make.House) -> None:
    proposal_id = proposed(house)
    for name, expects in product(DECISIONS, (None, 2, -1)):
        with refused(house, StaleError):
            decide(house, house.author if name == "withdraw" else house.releaser, name, proposal_id, expects)


def test_a_proposal_is_declined_with_a_reason(house: make.House) -> None:
    proposal_id = proposed(house)
    for reason in ("", " ", "长" * 2001, "甲\x07"):
        with refused(house, InvalidError) as told, house.work(house.releaser, expects=1) as work:
            proposals.decline(work, proposal_id, reason)
        assert isinstance(told.value, InvalidError)
        assert {flaw.pointer for flaw in told.value.flaws} == {"/reason"}


def test_a_proposal_that_there_is_not_is_not_found(house: make.House) -> None:
    actor = both(house)
    for name in DECISIONS:
        with refused(house, NotFoundError):
            decide(house, actor, name, uuid4())


def test_everything_that_is_wrong_with_a_proposal_is_told_at_once(house: make.House) -> None:
    wrong = (
        TOMORROW.decode()
        .replace("{weight: 100, label", "{weight: 90, label")
        .replace('cite: [{source: law, article: "1"}]', "cite: []")
        .replace(
            "cases: []",
            "cases: [{name: 甲, facts: {industry_code: x, nature: new, output: 9, water: 1}, expect: {total: 8}}]",
        )
    )
    with refused(house, FaultyRulebookError) as told, house.work(house.author) as work:
        proposals.propose(work, NewProposal(wrong, " "))
    assert isinstance(told.value, FaultyRulebookError)
    found = [(flaw.pointer, flaw.code) for flaw in told.value.flaws]
    assert sorted(found) == [
        ("/note", "text_missing"),
        ("/source", "case_differs"),
        ("/source", "citation_missing"),
        ("/source", "weights_sum"),
    ]
    lines = wrong.splitlines()
    places = {flaw.code: flaw.figures.get("line") for flaw in told.value.flaws}
    assert lines[int(str(places["citation_missing"])) - 1].strip().startswith("cite: []")
    assert lines[int(str(places["case_differs"])) - 1].startswith("cases: [{name: 甲")


def test_what_is_no_rules_file_is_refused(house: make.House) -> None:
    for source in ("", "\ufeff", "- 1", "rulebook: [", "甲" * 200_000):
        with refused(house, FaultyRulebookError), house.work(house.author) as work:
            proposals.propose(work, NewProposal(source, NOTE))


def test_the_same_bytes_stand_proposed_once_and_are_released_once(house: make.House) -> None:
    first, other = proposed(house), both(house)
    with refused(house, AlreadyProposedError) as told:
        proposed(house, actor=other)
    assert told.value.figures == {"id": str(first)}
    decide(house, house.releaser, "decline", first)
    decide(house, house.releaser, "release", proposed(house))
    with refused(house, AlreadyReleasedError):
        proposed(house)


def test_editions_that_differ_in_one_byte_may_stand_proposed_together(house: make.House, clock: Clock) -> None:
    found = [proposed(house)]
    clock.move(seconds=1)
    found.append(proposed(house, TOMORROW + b"\n"))
    with house.work(house.officer) as work:
        assert [one.id for one in proposals.find(work, Query()).items] == found[::-1]
        page = proposals.find(work, Query(limit=1))
        assert [one.id for one in proposals.find(work, Query(page.next_cursor, 1)).items] == found[:1]


def test_a_proposal_is_compared_with_the_edition_it_would_follow(house: make.House) -> None:
    def compared(proposal_id: UUID, against: str | None = None) -> list[tuple[str, str]]:
        with house.work(house.officer) as work:
            found = proposals.compare(work, proposal_id, against)
            return [(found.before.edition, change.name) for change in found.changes if change.section == "gates"]

    stricter = TOMORROW.replace(b"water > 100000", b"water > 90000")
    strictest = make.edition("3", "2026-12-01").replace(b"water > 100000", b"water > 80000")
    earlier, later = proposed(house, stricter), proposed(house, strictest)
    assert compared(later) == [("1", "too_thirsty")]
    decide(house, house.releaser, "release", earlier)
    assert compared(later) == [("2", "too_thirsty")]
    assert compared(later, row(house, earlier).sha256) == [("2", "too_thirsty")]
    with house.work(house.officer) as work, pytest.raises(NotFoundError):
        proposals.compare(work, later, "0" * 64)


def test_there_is_nothing_to_compare_the_first_edition_with(house: make.House, clock: Clock) -> None:
    clock.move(days=-400)
    proposal_id = proposed(house, make.edition("0", "2025-01-01"))
    with house.work(house.author) as work, pytest.raises(NoRulebookInForceError):
        proposals.compare(work, proposal_id)


def test_two_who_decide_at_once_decide_once(house: make.House) -> None:
    proposal_id = proposed(house)
    actors = [house.releaser, make.person(house, "另一发布人", Role.RULE_RELEASER)]
    at_once = threading.Barrier(len(actors))
    told: list[str] = []

    def one(actor: Actor) -> None:
        at_once.wait()
        try:
            decide(house, actor, "release", proposal_id)
            told.append("released")
        except (StaleError, BusyError) as error:
            told.append(error.code)

    threads = [threading.Thread(target=one, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) in [["released", "stale"], ["busy", "released"]]
    assert tables.counts(house.runtime)["rulebook"] == 2


def test_what_was_found_ahead_counts_for_the_very_bytes_it_was_found_of_and_for_no_others(house: make.House) -> None:
    with house.work(house.author) as work:
        look = proposals.look_at(work, NewProposal(make.edition("8", "2026-11-24").decode(), NOTE))
        assert look is not None
    ready = look()
    wrong = replace(ready, sha256=examined(TOMORROW).sha256, rulebook=None)
    with refused(house, FaultyRulebookError), house.work(house.author) as work:
        proposals.propose(work, NewProposal(TOMORROW.decode(), NOTE), wrong)
    with house.work(house.author) as work:
        assert proposals.propose(work, NewProposal(TOMORROW.decode(), NOTE), ready).edition == "2"


def test_nothing_is_examined_ahead_for_whoever_may_not_propose_or_release_it(house: make.House) -> None:
    proposal_id = proposed(house)
    for actor, may_propose, may_release in (
        (house.officer, False, False),
        (house.author, True, False),
        (house.releaser, False, True),
    ):
        with house.work(actor) as work:
            assert (proposals.look_at(work, NewProposal("x", NOTE)) is not None) is may_propose
            assert (proposals.look_again(work, proposal_id) is not None) is may_release
            assert proposals.look_again(work, uuid4()) is None
    decide(house, house.releaser, "decline", proposal_id)
    with house.work(house.releaser) as work:
        assert proposals.look_again(work, proposal_id) is None
        assert proposals.open_ones(work) == ()


def test_a_releaser_is_shown_what_stands_open_and_is_not_their_own(house: make.House) -> None:
    actor = both(house)
    own, other = proposed(house, actor=actor), proposed(house, make.edition("3", "2026-11-24"))
    for whose, found in ((actor, [other]), (house.releaser, [own, other]), (house.author, [])):
        with house.work(whose) as work:
            assert [one.id for one in proposals.open_ones(work)] == found


def test_two_editions_are_compared_and_each_has_a_last_day_once_another_follows(house: make.House) -> None:
    made = row(house, released(house, TOMORROW.replace(b"water > 100000", b"water > 90000")))
    with house.work(house.officer) as work:
        newer, older = rulebooks.find(work)
        assert (newer.until, older.until) == (None, date(2026, 11, 23))
        found = rulebooks.compare(work, older.row.sha256, newer.row.sha256)
        assert {change.section for change in found.changes} >= {"rulebook", "gates"}
        assert found.after.sha256 == made.sha256
        with pytest.raises(NotFoundError):
            rulebooks.compare(work, older.row.sha256, "0" * 64)
