"""Keys and identities on both kinds of database: rotation, use, what the doctor finds, what happens at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from service.actions import doctor, people
from service.actions.doctor import Outside
from service.core.errors import NotFoundError, StaleError
from service.core.people import Actor, Role, Scope
from service.db.people import ApiKey, PersonIdentity
from tests import make
from tests.actions import tables
from tests.conftest import Clock
from tests.meeting import person


def issued(house: make.House, *scopes: Scope) -> str:
    with house.work(house.admin) as work:
        return people.issue(work, person(house.officer), people.NewKey("ERP", scopes or None)).row.id


def row(house: make.House, key_id: str) -> ApiKey:
    with house.work(house.admin) as work:
        return work.session.get_one(ApiKey, key_id)


def test_a_rotation_writes_an_entry_for_both_keys(house: make.House, clock: Clock) -> None:
    old = issued(house, Scope.EVENTS, Scope.ASSESS)
    before = tables.counts(house.runtime)
    with house.work(house.officer) as work:
        new = people.rotate(work, person(house.officer), old, people.Rotation(168))
    assert tables.added(before, tables.counts(house.runtime)) == {"api_key": 1, "ledger_event": 2, "ledger_pending": 2}
    assert (new.row.label, new.row.scopes) == ("ERP", '["assess","events"]')
    assert row(house, old).revoked_at == clock.now + timedelta(days=7)
    with house.work(house.admin) as work:
        people.revoke_key(work, old)
    assert row(house, old).revoked_at == clock.now


def test_an_old_key_never_outlives_its_own_end(house: make.House, clock: Clock) -> None:
    with house.work(house.admin) as work:
        new = people.NewKey(expires_at=clock.now + timedelta(hours=1))
        old = people.issue(work, person(house.officer), new).row.id
    with house.work(house.officer) as work:
        successor = people.rotate(work, person(house.officer), old, people.Rotation(24)).row
    assert row(house, old).revoked_at == clock.now + timedelta(hours=1)
    assert successor.expires_at == clock.now + timedelta(hours=1)


def test_a_use_is_written_once_an_hour_however_many_write_it(house: make.House, clock: Clock) -> None:
    key_id = issued(house)

    def note() -> None:
        with house.work(house.admin) as work:
            people.note_use(work, key_id)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: note(), range(8)))
    first = clock.now
    assert row(house, key_id).last_used_at == first
    clock.move(minutes=59)
    note()
    assert row(house, key_id).last_used_at == first
    clock.move(minutes=1)
    note()
    assert row(house, key_id).last_used_at == clock.now


def test_roles_are_changed_by_one_of_two_who_read_the_same(house: make.House) -> None:
    def change(role: Role) -> str:
        try:
            with house.work(house.admin, expects=1) as work:
                people.set_roles(work, person(house.officer), [role])
        except StaleError:
            return "stale"
        return role.value

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(change, (Role.MEMBER, Role.SECRETARY)))
    with house.work(house.admin) as work:
        (left,) = people.get(work, person(house.officer)).roles
    assert sorted(("stale", left.value)) == done


def test_an_identity_is_one_persons_also_when_two_are_linked_at_once(house: make.House) -> None:
    def link(actor: Actor) -> str:
        try:
            with house.work(house.admin) as work:
                new = people.NewIdentity("s", "https://id.example")
                return str(people.link(work, person(actor), new).person_id)
        except people.IdentityTakenError:
            return "taken"

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(link, (house.officer, house.colleague)))
    assert done.count("taken") == 1
    with house.work(house.admin) as work:
        (linked,) = work.session.query(PersonIdentity).all()
    assert str(linked.person_id) in done


CHANGES = {
    "scopes": ("UPDATE api_key SET scopes = NULL WHERE scopes IS NOT NULL", "api_key", "scopes"),
    "end": ("UPDATE api_key SET revoked_at = NULL WHERE revoked_at IS NOT NULL", "api_key", "revoked_at"),
    "roles": ("UPDATE person_role SET role = 'auditor' WHERE role = 'secretary'", "person", "roles"),
    "version": ("UPDATE person SET version = 9 WHERE version = 2", "person", "version"),
    "subject": ("UPDATE person_identity SET subject = 'x'", "person_identity", "subject_commitment"),
    "linked": ("DELETE FROM person_identity", "person_identity", None),
}


def test_the_doctor_finds_whatever_is_changed_behind_the_service(house: make.House) -> None:
    old = issued(house, Scope.EVENTS)
    with house.work(house.officer) as work:
        people.rotate(work, person(house.officer), old, people.Rotation(1))
    with house.work(house.admin, expects=1) as work:
        people.set_roles(work, person(house.officer), [Role.SECRETARY])
        people.link(work, person(house.officer), people.NewIdentity("s", "https://id.example"))
        gone = people.link(work, person(house.officer), people.NewIdentity("t", "https://id.example"))
        people.unlink(work, person(house.officer), gone.id)
        people.note_use(work, old)
    assert found(house) == set()
    for change, table, column in CHANGES.values():
        with house.runtime.engine.begin() as connection:
            assert connection.execute(text(change)).rowcount >= 1
        assert (table, column) in found(house)


def found(house: make.House) -> set[tuple[str, str | None]]:
    with house.runtime.work(house.auditor, read_only=True) as work:
        return {(finding.table, finding.column) for finding in doctor.examine(work, Outside(None, {})).findings}


@pytest.mark.parametrize("ended", ["revoked", "expired"])
def test_a_key_that_ended_is_rotated_no_more(house: make.House, clock: Clock, ended: str) -> None:
    key_id = issued(house)
    if ended == "revoked":
        with house.work(house.admin) as work:
            people.revoke_key(work, key_id)
    else:
        clock.move(days=365)
    with (
        tables.nothing_changes(house.runtime),
        pytest.raises(NotFoundError),
        house.work(house.officer) as work,
    ):
        people.rotate(work, person(house.officer), key_id, people.Rotation())
