"""People, keys and editions of the rules, by clients alone, over real HTTP."""

import pytest

from service.actions.people.reading import ERASED
from service.client import (
    ForbiddenError,
    InvalidError,
    NewKey,
    NewPerson,
    SluiceClient,
    StaleError,
    UnauthenticatedError,
)
from service.core.rules.load import load
from tests import make
from tests.actions.proposing import TOMORROW
from tests.client.conftest import Served

SOURCE = TOMORROW.decode()


def test_somebody_is_added_gets_a_key_and_works_with_it_until_it_is_revoked(served: Served) -> None:
    admin = served.client(served.house.admin)
    added = admin.people.add(NewPerson("周敏", ["officer"], department="规划"))
    assert admin.people.get(added.id) == added
    assert [one.id for one in admin.people.find(text="周敏")] == [added.id]
    assert [one.id for one in admin.people.find(role="chair", page=1) if one.id == added.id] == []
    issued = admin.keys.issue(added.id, NewKey("进件", ["cases:read"]))
    assert issued.key is not None
    with SluiceClient(served.server.address, issued.key) as program:
        me = program.me()
        assert (me.id, me.roles, me.credential and me.credential.scopes) == (added.id, ("officer",), ("cases:read",))
        assert list(program.applications.find()) == []
        with pytest.raises(ForbiddenError):
            program.assess(make.facts())
    rotated = admin.keys.rotate(added.id, issued.id, overlap_hours=1)
    assert {key.id for key in admin.keys.find(added.id)} == {issued.id, rotated.id}
    assert admin.keys.revoke(added.id, rotated.id).revoked_at is not None
    assert rotated.key is not None
    with SluiceClient(served.server.address, rotated.key) as program, pytest.raises(UnauthenticatedError):
        program.me()


def test_roles_are_changed_as_they_were_read_and_a_name_is_erased(served: Served) -> None:
    admin = served.client(served.house.admin)
    added = admin.people.add(NewPerson("周敏", ["officer"]))
    changed = admin.people.set_roles(added, ["officer", "reviewer"])
    assert set(changed.roles) == {"officer", "reviewer"}
    with pytest.raises(StaleError):
        admin.people.set_roles(added, ["officer"])
    with pytest.raises(InvalidError):
        admin.people.set_roles(changed, ["admin", "officer"])
    linked = admin.people.link(added.id, "subject-1", "https://id.zone.example")
    assert admin.people.identities(added.id) == (linked,)
    admin.people.unlink(added.id, linked.id)
    assert admin.people.identities(added.id) == ()
    erased = admin.people.erase(admin.people.get(added.id))
    assert (erased.erased, erased.name) == (True, ERASED)


def test_an_edition_is_proposed_by_one_and_released_by_another(served: Served) -> None:
    author, releaser = served.client(served.house.author), served.client(served.house.releaser)
    with pytest.raises(InvalidError) as faulty:
        author.rulebooks.propose("rulebook:", "没有内容")
    assert faulty.value.flaws
    first = author.rulebooks.propose(SOURCE, "试提")
    assert author.rulebooks.withdraw(first).state == "withdrawn"
    second = author.rulebooks.propose(SOURCE, "再提")
    assert releaser.rulebooks.decline(second, "再议").reason == "再议"
    third = author.rulebooks.propose(SOURCE, "三提")
    assert releaser.rulebooks.proposal(third.id).source == SOURCE
    released = releaser.rulebooks.release(third)
    assert (released.state, released.decided_by) == ("released", served.house.releaser.person_id)
    assert [one.state for one in author.rulebooks.proposals(page=1)] == ["released", "declined", "withdrawn"]
    rulebook = load(TOMORROW).rulebook
    assert rulebook is not None
    assert rulebook.sha256 in {one.sha256 for one in author.rulebooks.find()}
    assert author.rulebooks.get(rulebook.sha256).source == SOURCE
