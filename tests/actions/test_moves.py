from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from service.actions import applications
from service.core.cases.sight import NotYoursError, OwnCaseError
from service.core.cases.states import MOVES, IllegalMoveError, State, legal
from service.core.errors import ForbiddenError, InvalidError, NotFoundError, StaleError
from service.core.people import Actor, Role
from service.work import Work
from tests import make
from tests.actions import tables
from tests.conftest import Clock

REASON = "材料不齐：\n\t缺少取水许可"


@dataclass(frozen=True)
class Deed:
    """A move as it is done: who does it here, from a state of theirs, and what its entry says."""

    actor: str
    do: Callable[[Work, UUID], object]
    from_state: State
    entry: str


DEEDS = {
    "submit": Deed("officer", applications.submit, State.DRAFT, "application.submitted"),
    "accept": Deed("reviewer", applications.accept, State.SUBMITTED, "application.accepted"),
    "return": Deed(
        "reviewer", lambda work, at: applications.return_(work, at, REASON), State.IN_REVIEW, "application.returned"
    ),
    "withdraw": Deed(
        "officer", lambda work, at: applications.withdraw(work, at, REASON), State.SUBMITTED, "application.withdrawn"
    ),
    "reconsider": Deed(
        "officer",
        lambda work, at: applications.reconsider(work, at, REASON),
        State.DEFERRED,
        "application.reconsidered",
    ),
}
EDIT = Deed(
    "officer",
    lambda work, at: applications.replace_facts(work, at, make.facts()),
    State.DRAFT,
    "application.facts_replaced",
)
PLAIN = sorted(set(DEEDS) - {"submit"})
WITH_REASON = sorted(name for name in DEEDS if MOVES[name].reason_due)

# What a meeting does to a case is done, and tried, with its items.
OF_MEETINGS = {"table", "untable", "approve", "conditional", "defer", "reject", "carry_over"}


def test_every_move_that_no_meeting_makes_is_tried_here() -> None:
    assert set(DEEDS) == set(MOVES) - OF_MEETINGS


def do(house: make.House, deed: Deed, case_id: UUID, actor: Actor | None = None) -> None:
    with house.work(actor or getattr(house, deed.actor), expects=house.row(case_id).version) as work:
        deed.do(work, case_id)


def case_in(house: make.House, state: State) -> UUID:
    """A case of the officer's that was submitted once and is in a state now."""
    case_id = house.create(make.application())
    house.put(case_id, state)
    return case_id


@pytest.mark.parametrize("name", PLAIN)
def test_a_move_changes_the_state_and_leaves_one_entry(house: make.House, clock: Clock, name: str) -> None:
    deed = DEEDS[name]
    case_id = case_in(house, deed.from_state)
    before, row = tables.counts(house.runtime), house.row(case_id)
    clock.move(hours=1)
    do(house, deed, case_id)
    assert tables.added(before, tables.counts(house.runtime)) == {"ledger_event": 1, "ledger_pending": 1}
    after = house.row(case_id)
    assert (after.state, after.version) == (MOVES[name].to_state, row.version + 1)
    assert (after.updated_at, after.submitted_at, after.versions) == (clock.now, row.submitted_at, row.versions)
    entry = tables.last_of_case(house.runtime, case_id)
    assert entry["type"] == deed.entry
    reason = {"reason": REASON} if name in WITH_REASON else {}
    assert entry["data"] == {"from": row.state, "to": after.state, "version": after.version} | reason
    assert entry["actor"]["ref"] == getattr(house, deed.actor).ref


SEEN_BY_REVIEWERS = [state for state in State if state is not State.DRAFT]
TRIED = [
    (name, state)
    for name in (*DEEDS, "replace_facts")
    for state in (SEEN_BY_REVIEWERS if DEEDS.get(name, EDIT).actor == "reviewer" else State)
]


@pytest.mark.parametrize(("name", "state"), [pair for pair in TRIED if pair[0] not in legal(pair[1])])
def test_a_move_from_where_it_does_not_start_is_refused_and_names_those_that_do(
    house: make.House, name: str, state: State
) -> None:
    case_id = case_in(house, state)
    with tables.nothing_changes(house.runtime), pytest.raises(IllegalMoveError) as refused:
        do(house, DEEDS.get(name, EDIT), case_id)
    assert refused.value.figures == {"state": state.value, "move": name, "legal": legal(state)}


@pytest.mark.parametrize(("name", "state"), [pair for pair in TRIED if pair[0] in legal(pair[1])])
def test_a_move_from_where_it_starts_is_done(house: make.House, name: str, state: State) -> None:
    case_id = case_in(house, state)
    do(house, DEEDS.get(name, EDIT), case_id)
    assert tables.last_of_case(house.runtime, case_id)["type"] == DEEDS.get(name, EDIT).entry


@pytest.mark.parametrize("name", ["accept", "return"])
def test_nobody_judges_a_case_of_their_own(house: make.House, name: str) -> None:
    case_id = house.create(make.application(), house.both)
    with tables.nothing_changes(house.runtime), pytest.raises(OwnCaseError):
        do(house, DEEDS[name], case_id, house.both)
    do(house, DEEDS[name], case_id)


@pytest.mark.parametrize("name", ["submit", "withdraw", "reconsider"])
def test_nobody_moves_for_another_what_only_its_owner_moves(house: make.House, name: str) -> None:
    case_id = case_in(house, State.RETURNED if name == "submit" else DEEDS[name].from_state)
    with tables.nothing_changes(house.runtime), pytest.raises(NotYoursError):
        do(house, DEEDS[name], case_id, house.both)


@pytest.mark.parametrize("name", DEEDS)
def test_what_a_role_is_not_granted_is_refused(house: make.House, name: str) -> None:
    case_id = case_in(house, State.RETURNED)
    with tables.nothing_changes(house.runtime), pytest.raises(ForbiddenError) as refused:
        do(house, DEEDS[name], case_id, house.auditor)
    assert refused.value.figures == {"permission": MOVES[name].permission.value}


@pytest.mark.parametrize("name", DEEDS)
def test_what_is_not_for_these_eyes_is_not_there(house: make.House, name: str) -> None:
    case_id = case_in(house, State.RETURNED)
    for actor in (house.colleague, house.admin):
        with tables.nothing_changes(house.runtime), pytest.raises(NotFoundError):
            do(house, DEEDS[name], case_id, actor)


@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize("behind", [None, 1])
def test_a_move_of_another_version_than_the_one_read_is_refused(
    house: make.House, name: str, behind: int | None
) -> None:
    deed = DEEDS[name]
    case_id = case_in(house, State.RETURNED if name == "submit" else deed.from_state)
    current = house.row(case_id).version
    with tables.nothing_changes(house.runtime), pytest.raises(StaleError) as refused:
        late(house, deed, case_id, None if behind is None else current - behind)
    assert refused.value.figures["current"] == current
    assert refused.value.figures["because"] == ("missing" if behind is None else "differs")


def late(house: make.House, deed: Deed, case_id: UUID, expects: int | None) -> None:
    with house.work(getattr(house, deed.actor), expects=expects) as work:
        deed.do(work, case_id)


SAY_WHY = {"return": applications.return_, "withdraw": applications.withdraw, "reconsider": applications.reconsider}


@pytest.mark.parametrize("name", WITH_REASON)
@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "text_missing"),
        (" \n ", "text_missing"),
        ("因" * 2_001, "text_length"),
        ("因\x00", "text_character"),
        ("因\uffff", "text_character"),
    ],
)
def test_a_move_that_is_due_a_reason_is_refused_without_a_sound_one(
    house: make.House, name: str, reason: str, code: str
) -> None:
    deed = DEEDS[name]
    case_id = case_in(house, deed.from_state)
    with tables.nothing_changes(house.runtime), pytest.raises(InvalidError) as refused:
        house.do(getattr(house, deed.actor), SAY_WHY[name], case_id, reason)
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [("/reason", code)]


@pytest.mark.parametrize("name", WITH_REASON)
def test_the_longest_reason_is_kept_whole(house: make.House, name: str) -> None:
    deed = DEEDS[name]
    case_id = case_in(house, deed.from_state)
    house.do(getattr(house, deed.actor), SAY_WHY[name], case_id, f" {'𠮷' * 2_000}\n")
    assert tables.last_of_case(house.runtime, case_id)["data"]["reason"] == "𠮷" * 2_000


@pytest.mark.parametrize("name", PLAIN)
def test_a_dry_run_of_a_move_leaves_nothing(house: make.House, name: str) -> None:
    deed = DEEDS[name]
    case_id = case_in(house, deed.from_state)
    version = house.row(case_id).version
    with (
        tables.nothing_changes(house.runtime),
        house.runtime.work(getattr(house, deed.actor), expects=version, dry=True) as work,
    ):
        deed.do(work, case_id)


def test_an_entry_names_every_role_its_actor_holds(house: make.House) -> None:
    case_id = house.create(make.application())
    do(house, DEEDS["accept"], case_id, house.both)
    held = [Role.OFFICER.value, Role.REVIEWER.value]
    assert tables.last_of_case(house.runtime, case_id)["actor"] == {"ref": house.both.ref, "roles": held}
