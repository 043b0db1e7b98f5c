import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from service.actions import people
from service.actions.people import TooManyKeysError
from service.core.errors import ForbiddenError, InvalidError, NotFoundError, UnauthenticatedError
from service.core.ledger.commitments import commitment
from service.core.people import SYSTEM, Actor, Role
from service.db.people import ApiKey
from service.work import Runtime, Work
from tests import make
from tests.actions import tables
from tests.conftest import Clock


def key_of(house: make.House, actor: Actor | None = None, lifetime: timedelta = people.KEY_LIFETIME) -> str:
    person_id = (actor or house.officer).person_id
    assert person_id is not None
    with house.work(house.admin) as work:
        return people.issue_key(work, person_id, lifetime=lifetime)


def who(runtime: Runtime, key: str) -> Actor:
    with runtime.work(lambda session, now: people.who(session, key, now)) as work:
        return work.actor


def id_of(key: str) -> str:
    return key.split("_")[1]


def test_a_person_is_added_with_roles_and_an_entry_that_does_not_name_them(house: make.House) -> None:
    before = tables.counts(house.runtime)
    with house.work(house.admin) as work:
        person = people.add(work, "  王某某 ", [Role.REVIEWER, Role.OFFICER, Role.REVIEWER])
    added = tables.added(before, tables.counts(house.runtime))
    assert added == {"person": 1, "person_role": 2, "ledger_event": 1, "ledger_pending": 1}
    assert person.name == "王某某"
    entry = tables.events(house.runtime)[-1]
    assert (entry["type"], entry["subject"]["id"]) == ("person.added", str(person.id))
    committed = commitment(person.name_salt or b"", "王某某")
    assert entry["data"] == {"roles": ["officer", "reviewer"], "name_commitment": committed}
    assert entry["actor"]["ref"] == house.admin.ref
    assert "王" not in repr(entry)


def test_a_person_of_a_department_is_entered_with_it(house: make.House) -> None:
    with house.work(house.admin) as work:
        person = people.add(work, "王某某", [Role.REVIEWER], "  水利 ")
    assert person.department == "水利"
    data = tables.events(house.runtime)[-1]["data"]
    assert (data["roles"], data["department"]) == (["reviewer"], "水利")


@pytest.mark.parametrize(
    ("department", "code"),
    [("", "text_missing"), (" ", "text_missing"), ("部" * 61, "text_length"), ("水\n利", "text_character")],
)
def test_a_department_is_refused_without_a_sound_name(house: make.House, department: str, code: str) -> None:
    with (
        tables.nothing_changes(house.runtime),
        pytest.raises(InvalidError) as refused,
        house.work(house.admin) as work,
    ):
        people.add(work, " ", [Role.REVIEWER], department)
    found = [(flaw.pointer, flaw.code) for flaw in refused.value.flaws]
    assert found == [("/name", "text_missing"), ("/department", code)]


def test_every_flaw_of_a_person_is_told_at_once(house: make.House) -> None:
    with (
        tables.nothing_changes(house.runtime),
        pytest.raises(InvalidError) as refused,
        house.work(house.admin) as work,
    ):
        people.add(work, "甲\u2028" + "乙" * 120, [])
    found = [(flaw.pointer, flaw.code) for flaw in refused.value.flaws]
    assert found == [("/name", "text_length"), ("/name", "text_character"), ("/roles", "roles_missing")]


def test_people_are_found_in_the_order_they_were_added_and_by_exact_name(house: make.House, clock: Clock) -> None:
    clock.move(seconds=1)
    with house.work(house.admin) as work:
        last = people.add(work, "招商甲", [Role.MEMBER])
        everybody = people.find(work)
        namesakes = people.find(work, "招商甲")
        nobody = people.find(work, "招商")
    assert len(everybody) == 14
    assert everybody[-1] == (last, frozenset({Role.MEMBER}))
    assert [roles for _, roles in namesakes] == [{Role.OFFICER}, {Role.MEMBER}]
    assert nobody == []


def test_a_key_is_shown_once_and_only_its_hash_is_kept(house: make.House) -> None:
    key = key_of(house)
    assert re.fullmatch(r"slc_[a-z2-9]{8}_[A-Za-z0-9_-]{43}", key)
    secret = key.split("_", 2)[2]
    with house.work(house.admin) as work:
        row = work.session.get_one(ApiKey, id_of(key))
    assert row.secret_sha256 == hashlib.sha256(secret.encode()).digest()
    assert secret not in repr(tables.dump(house.runtime))
    assert secret not in repr(tables.events(house.runtime))


def test_a_key_leaves_an_entry_of_its_own(house: make.House, clock: Clock) -> None:
    key = key_of(house)
    entry = tables.events(house.runtime)[-1]
    assert (entry["type"], entry["subject"]["kind"], entry["subject"]["id"]) == ("key.issued", "key", id_of(key))
    expires = (clock.now + timedelta(days=365)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert entry["data"] == {"person": house.officer.ref, "expires_at": expires}


def test_whoever_shows_a_key_is_its_person_with_the_roles_they_hold(house: make.House) -> None:
    assert who(house.runtime, key_of(house, house.both)) == house.both


def test_a_chosen_secret_is_the_keys_secret(house: make.House) -> None:
    with house.work(house.admin) as work:
        assert house.officer.person_id is not None
        key = people.issue_key(work, house.officer.person_id, secret="demo_secret_1")  # noqa: S106 - a test's own
    assert key == people.key_text(id_of(key), "demo_secret_1")
    assert who(house.runtime, key) == house.officer


def test_a_key_counts_until_the_moment_it_expires(house: make.House, clock: Clock) -> None:
    key = key_of(house, lifetime=timedelta(hours=1))
    clock.move(hours=1, microseconds=-1)
    assert who(house.runtime, key) == house.officer
    clock.move(microseconds=1)
    with pytest.raises(UnauthenticatedError):
        who(house.runtime, key)


WRONG: dict[str, Callable[[str], str]] = {
    "nothing": lambda _: "",
    "another prefix": lambda key: "xlc" + key[3:],
    "no secret": lambda key: key[:13],
    "half a secret": lambda key: key[:-1],
    "more than a secret": lambda key: key + "x",
    "another's secret": lambda key: key[:13] + "A" * 43,
    "another id": lambda key: "slc_aaaaaaaa" + key[12:],
    "an id that is none": lambda key: "slc_" + "a" * 4_000 + key[12:],
    "no underscore": lambda key: key.replace("_", "-"),
    "space around it": lambda key: f" {key} ",
    "what is no text": lambda key: key + "\udcff",
    "a NUL": lambda key: key[:6] + "\x00" + key[7:],
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_key_that_is_not_one_of_ours_is_refused_without_a_reason(house: make.House, wrong: str) -> None:
    key = WRONG[wrong](key_of(house))
    with tables.nothing_changes(house.runtime), pytest.raises(UnauthenticatedError) as refused:
        who(house.runtime, key)
    assert refused.value.figures == {}


def test_a_person_has_two_live_keys_so_that_one_can_follow_the_other(house: make.House) -> None:
    keys = [key_of(house), key_of(house)]
    with tables.nothing_changes(house.runtime), pytest.raises(TooManyKeysError) as refused:
        key_of(house)
    assert refused.value.figures == {"most": 2}
    assert [who(house.runtime, key) for key in keys] == [house.officer, house.officer]
    assert who(house.runtime, key_of(house, house.colleague)) == house.colleague


@pytest.mark.parametrize("end", ["expired", "revoked"])
def test_a_key_that_ended_leaves_room_for_another(house: make.House, clock: Clock, end: str) -> None:
    first = key_of(house, lifetime=timedelta(days=1))
    key_of(house)
    if end == "expired":
        clock.move(days=1)
    else:
        revoke(house, id_of(first))
    key_of(house)
    with pytest.raises(TooManyKeysError):
        key_of(house)


def revoke(house: make.House, key_id: str) -> None:
    with house.work(house.admin) as work:
        people.revoke_key(work, key_id)


def test_a_revoked_key_counts_no_more(house: make.House, clock: Clock) -> None:
    key = key_of(house)
    clock.move(hours=1)
    before = tables.counts(house.runtime)
    revoke(house, id_of(key))
    assert tables.added(before, tables.counts(house.runtime)) == {"ledger_event": 1, "ledger_pending": 1}
    with pytest.raises(UnauthenticatedError):
        who(house.runtime, key)
    entry = tables.events(house.runtime)[-1]
    assert (entry["type"], entry["subject"]["rev"]) == ("key.revoked", 2)
    assert entry["data"] == {"person": house.officer.ref}


def test_a_key_is_revoked_once(house: make.House) -> None:
    key_id = id_of(key_of(house))
    revoke(house, key_id)
    for unknown in (key_id, "aaaaaaaa", ""):
        with tables.nothing_changes(house.runtime), pytest.raises(NotFoundError) as refused:
            revoke(house, unknown)
        assert refused.value.figures == {"kind": "key"}


def test_live_keys_are_listed_in_the_order_they_were_issued(house: make.House, clock: Clock) -> None:
    first = key_of(house)
    clock.move(hours=1)
    second = key_of(house)
    assert house.officer.person_id is not None
    with house.work(house.admin) as work:
        assert [key.id for key in people.find_keys(work, house.officer.person_id)] == [id_of(first), id_of(second)]
    revoke(house, id_of(first))
    with house.work(house.admin) as work:
        assert [key.id for key in people.find_keys(work, house.officer.person_id)] == [id_of(second)]


DEEDS: dict[str, Callable[[Work], object]] = {
    "add": lambda work: people.add(work, "甲", [Role.ADMIN]),
    "get": lambda work: people.get(work, uuid4()),
    "find": people.find,
    "issue_key": lambda work: people.issue_key(work, uuid4()),
    "issue": lambda work: people.issue(work, uuid4(), people.NewKey()),
    "page": lambda work: people.page(work, people.Query()),
    "set_roles": lambda work: people.set_roles(work, uuid4(), [Role.OFFICER]),
    "erase": lambda work: people.erase(work, uuid4()),
    "link": lambda work: people.link(work, uuid4(), people.NewIdentity("s", "https://id.example")),
    "find_identities": lambda work: people.find_identities(work, uuid4()),
    "unlink": lambda work: people.unlink(work, uuid4(), uuid4()),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_only_who_manages_people_does(house: make.House, deed: str) -> None:
    for actor in (house.officer, house.auditor):
        with (
            tables.nothing_changes(house.runtime),
            pytest.raises(ForbiddenError) as refused,
            house.work(actor) as work,
        ):
            DEEDS[deed](work)
        assert refused.value.figures == {"permission": "manage_people"}


@pytest.mark.parametrize("deed", sorted(set(DEEDS) - {"add", "find", "page", "unlink"}))
def test_a_person_who_is_not_there_is_not_found(house: make.House, deed: str) -> None:
    with pytest.raises(NotFoundError) as refused, house.work(SYSTEM) as work:
        DEEDS[deed](work)
    assert refused.value.figures == {"kind": "person"}
