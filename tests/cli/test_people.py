from dataclasses import replace
from uuid import UUID

import pytest
from click.testing import Result
from sqlalchemy import Engine

from service.actions import people, sign_in
from service.core.errors import UnauthenticatedError
from service.core.people import SYSTEM, Actor, Role
from service.words import sections
from service.work import Runtime, system_clock
from tests import databases
from tests.cli.commands import call


def sluice(runtime: Runtime, *arguments: str) -> Result:
    settings = {"SLUICE_DATABASE_URL": runtime.settings.database_url}
    return call(*arguments, "--language", "en", settings=settings)


def add(runtime: Runtime, name: str, *roles: str) -> UUID:
    options = [word for role in roles for word in ("--role", role)]
    added = sluice(runtime, "people", "add", name, *options)
    assert added.exit_code == 0, added.stderr
    assert added.stdout.startswith(f"Added {name}: ")
    return UUID(added.stdout.split()[-1])


def who(runtime: Runtime, key: str) -> Actor:
    """Who shows a key, by the clock that the command goes by."""
    with replace(runtime, clock=system_clock).work(SYSTEM, read_only=True) as work:
        return people.who(work.session, key, work.now)


def test_a_person_is_added_with_every_role_given(runtime: Runtime) -> None:
    person_id = add(runtime, "王芳", "officer", "secretary")
    with runtime.work(SYSTEM, read_only=True) as work:
        found = [(person.id, person.name, roles) for person, roles in people.find(work)]
    assert found == [(person_id, "王芳", frozenset({Role.OFFICER, Role.SECRETARY}))]


def test_people_are_listed_with_their_roles_in_columns(runtime: Runtime) -> None:
    ids = [add(runtime, "王芳", "officer", "secretary"), add(runtime, "Zhao", "auditor")]
    listed = sluice(runtime, "people", "list")
    assert listed.exit_code == 0
    first, second = listed.stdout.splitlines()
    assert first.startswith(f"{ids[0]}  王芳  ")
    assert second.startswith(f"{ids[1]}  Zhao  ")
    assert first.endswith(", ".join(sections("domain")["en"][f"role_{role}"] for role in ("officer", "secretary")))


def test_a_reviewer_is_added_and_listed_with_their_department(runtime: Runtime) -> None:
    added = sluice(runtime, "people", "add", "李明", "--role", "reviewer", "--department", "生态环境")
    assert added.exit_code == 0, added.stderr
    add(runtime, "Zhao", "auditor")
    listed = [line.split()[1:3] for line in sluice(runtime, "people", "list").stdout.splitlines()]
    assert listed == [["李明", "生态环境"], ["Zhao", "-"]]
    assert sluice(runtime, "people", "add", "李明", "--role", "reviewer", "--department", " ").exit_code == 2


@pytest.mark.parametrize("arguments", [("王芳",), ("王芳", "--role", "king"), (" ", "--role", "officer")])
def test_a_person_without_a_name_or_a_known_role_is_refused(runtime: Runtime, arguments: tuple[str, ...]) -> None:
    refused = sluice(runtime, "people", "add", *arguments)
    assert refused.exit_code == 2
    assert refused.stderr
    assert sluice(runtime, "people", "list").stdout == ""


def test_a_key_is_issued_by_name_or_identifier_and_printed_alone(runtime: Runtime) -> None:
    person_id = add(runtime, "王芳", "officer")
    for named in ("王芳", str(person_id)):
        issued = sluice(runtime, "keys", "issue", named)
        assert issued.exit_code == 0
        assert who(runtime, issued.stdout.strip()).person_id == person_id
        assert issued.stderr == "This is shown only now. Keep it like a password.\n"


@pytest.mark.parametrize("whole", [True, False])
def test_a_key_is_revoked_by_itself_or_by_its_identifier(runtime: Runtime, *, whole: bool) -> None:
    add(runtime, "王芳", "officer")
    key = sluice(runtime, "keys", "issue", "王芳").stdout.strip()
    revoked = sluice(runtime, "keys", "revoke", key if whole else key.split("_")[1])
    assert revoked.exit_code == 0
    with pytest.raises(UnauthenticatedError):
        who(runtime, key)
    assert sluice(runtime, "keys", "revoke", key).exit_code == 4


def test_live_keys_are_listed_without_their_secrets(runtime: Runtime) -> None:
    add(runtime, "王芳", "officer")
    key, revoked = (sluice(runtime, "keys", "issue", "王芳").stdout.strip() for _ in range(2))
    sluice(runtime, "keys", "revoke", revoked)
    listed = sluice(runtime, "keys", "list", "王芳")
    _, key_id, secret = key.split("_", 2)
    assert listed.stdout.startswith(f"{key_id}  expires on ")
    assert listed.stdout.count("\n") == 1
    assert secret not in listed.stdout


def test_there_are_no_more_live_keys_than_a_rotation_needs(runtime: Runtime) -> None:
    add(runtime, "王芳", "officer")
    codes = [sluice(runtime, "keys", "issue", "王芳").exit_code for _ in range(3)]
    assert codes == [0, 0, 5]


def test_nobody_gets_a_key_under_an_unknown_or_ambiguous_name(runtime: Runtime) -> None:
    ids = [add(runtime, "王芳", "officer"), add(runtime, "王芳", "auditor")]
    unknown, ambiguous = sluice(runtime, "keys", "issue", "李强"), sluice(runtime, "keys", "issue", "王芳")
    assert (unknown.exit_code, unknown.stdout) == (4, "")
    assert (ambiguous.exit_code, ambiguous.stdout) == (5, "")
    assert all(str(person_id) in ambiguous.stderr for person_id in ids)


def test_without_the_present_tables_it_says_what_to_run(empty_engine: Engine) -> None:
    settings = {"SLUICE_DATABASE_URL": databases.text_of(empty_engine)}
    behind = call("people", "list", "--language", "en", settings=settings)
    assert behind.exit_code == 5
    assert "sluice db upgrade" in behind.stderr
    for _ in range(2):
        assert call("db", "upgrade", settings=settings).exit_code == 0
    assert call("people", "list", settings=settings).exit_code == 0


def test_somebody_is_given_a_log_in_and_a_password_that_lets_them_in(runtime: Runtime) -> None:
    person_id = add(runtime, "王芳", "officer")
    named = sluice(runtime, "people", "login", "王芳", "Wang.Fang")
    assert (named.exit_code, named.stdout) == (0, "王芳 signs in as wang.fang\n")
    settings = {"SLUICE_DATABASE_URL": runtime.settings.database_url}
    asked = ("people", "password", str(person_id), "--language", "en")
    given = call(*asked, stdin="correct horse battery\n", settings=settings)
    assert (given.exit_code, given.stdout) == (0, "")
    assert "all sessions they had are over" in given.stderr
    with runtime.work(SYSTEM, read_only=True) as work:
        known = sign_in.verify(work, "wang.fang", "correct horse battery")
        assert known is not None
        assert known.person_id == person_id
    refused = call(*asked, stdin="short\n", settings=settings)
    assert (refused.exit_code, "/password" in refused.stderr) == (2, True)


def test_a_password_wants_a_log_in_and_a_person(runtime: Runtime) -> None:
    add(runtime, "王芳", "officer")
    settings = {"SLUICE_DATABASE_URL": runtime.settings.database_url}
    assert call("people", "password", "王芳", stdin="correct horse battery\n", settings=settings).exit_code == 5
    assert call("people", "password", "李明", stdin="correct horse battery\n", settings=settings).exit_code == 4
    assert sluice(runtime, "people", "login", "王芳", "王芳").exit_code == 2


def test_a_key_is_issued_for_scopes_and_rotated_under_its_label(runtime: Runtime) -> None:
    add(runtime, "王芳", "officer")
    narrowing = ("--scope", "cases:read", "--scope", "events", "--label", "ERP", "--days", "30")
    key = sluice(runtime, "keys", "issue", "王芳", *narrowing).stdout.strip()
    rotated = sluice(runtime, "keys", "rotate", key, "--overlap-hours", "1")
    assert (rotated.exit_code, rotated.stderr) == (0, "This is shown only now. Keep it like a password.\n")
    lines = sluice(runtime, "keys", "list", "王芳").stdout.splitlines()
    assert [line.split("  ")[2:] for line in lines] == [["cases:read, events", "ERP"]] * 2
    for wrong in ("-1", "169"):
        assert sluice(runtime, "keys", "rotate", key, "--overlap-hours", wrong).exit_code == 2
    assert sluice(runtime, "keys", "issue", "王芳", "--scope", "everything").exit_code == 2


def test_roles_are_changed_as_a_whole(runtime: Runtime) -> None:
    add(runtime, "王芳", "officer", "secretary")
    changed = sluice(runtime, "people", "roles", "王芳", "--role", "member", "--role", "reviewer")
    said = sections("domain")["en"]
    assert changed.stdout == f"王芳 is now: {said['role_reviewer']}, {said['role_member']}\n"
    assert sluice(runtime, "people", "roles", "王芳", "--role", "admin", "--role", "member").exit_code == 2
