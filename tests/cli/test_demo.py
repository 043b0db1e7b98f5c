import json
import re
from pathlib import Path
from typing import Any

from service.actions import applications, people, sign_in
from service.cli.demo import PASSWORD, PEOPLE
from service.core.people import SYSTEM, Actor, Role
from service.work import Runtime
from tests.actions import tables
from tests.cli.commands import ROOT, call, run

KEY = re.compile(r"\bslc_[a-z0-9]{8}_[A-Za-z0-9_-]+")


def demo(runtime: Runtime, *arguments: object, mode: str = "true") -> str:
    settings = {"SLUICE_DATABASE_URL": runtime.settings.database_url, "SLUICE_DEMO": mode}
    file = Path(runtime.settings.evidence_folder).with_name("demo-keys.json")
    shown = call("demo", "--language", "en", "--keys", file, *arguments, settings=settings)
    assert shown.exit_code == 0, shown.stderr
    return shown.stdout


def kept(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["people"]
    return found


def who(runtime: Runtime, key: str) -> Actor:
    with runtime.work(SYSTEM, read_only=True) as work:
        return people.who(work.session, key, work.now)


def test_the_examples_are_submitted_by_two_officers_in_turn(runtime: Runtime) -> None:
    keys = KEY.findall(demo(runtime))
    seen = []
    for key in keys[:2]:
        with runtime.work(who(runtime, key), read_only=True) as work:
            rows = applications.find(work, applications.Query(sort="number")).items
            assert {row.state for row in rows} == {"submitted"}
            seen.append([row.project_name for row in rows])
    assert [len(names) for names in seen] == [6, 6]
    assert len({*seen[0], *seen[1]}) == len(list((ROOT / "examples").glob("*.json"))) == 12


def test_there_is_a_person_with_a_key_for_every_role(runtime: Runtime) -> None:
    keys = KEY.findall(demo(runtime))[: len(PEOPLE)]
    assert [who(runtime, key).roles for key in keys] == [frozenset({person.role}) for person in PEOPLE]
    assert {person.role for person in PEOPLE} == set(Role)


def test_everybody_signs_in_with_the_log_in_and_the_password_that_are_printed(runtime: Runtime) -> None:
    said = demo(runtime)
    assert PASSWORD in said
    with runtime.work(SYSTEM, read_only=True) as work:
        for person in PEOPLE:
            assert f"{person.name} " in said
            assert f" {person.login} " in said
            assert sign_in.verify(work, person.login, PASSWORD) is not None


def test_outside_demo_mode_nobody_signs_in(runtime: Runtime) -> None:
    assert PASSWORD not in demo(runtime, mode="false")
    with runtime.work(SYSTEM, read_only=True) as work:
        assert [sign_in.find_by_login(work, person.login) for person in PEOPLE] == [None] * len(PEOPLE)


def test_three_departments_have_somebody_who_speaks_for_them(runtime: Runtime) -> None:
    demo(runtime)
    with runtime.work(SYSTEM, read_only=True) as work:
        departments = {person.department for person, _ in people.find(work)}
    assert departments == {"生态环境", "自然资源", "发展改革", None}


def test_doing_it_again_changes_nothing_and_prints_the_same(runtime: Runtime) -> None:
    first = demo(runtime)
    counts = tables.counts(runtime)
    assert demo(runtime) == first
    assert tables.counts(runtime) == counts


def test_a_demonstration_that_was_broken_off_is_completed(runtime: Runtime) -> None:
    whole = demo(runtime)
    revoked = KEY.findall(whole)[0]
    settings = {"SLUICE_DATABASE_URL": runtime.settings.database_url}
    assert call("keys", "revoke", revoked, settings=settings).exit_code == 0
    again = demo(runtime)
    assert revoked not in again
    assert again.replace(KEY.findall(again)[0], revoked) == whole


def test_outside_demo_mode_the_keys_are_random_and_told_once(runtime: Runtime) -> None:
    first, second = demo(runtime, mode="false"), demo(runtime, mode="false")
    keys = KEY.findall(first)
    assert len(set(keys)) == len(PEOPLE)
    assert not any(person.secret in first for person in PEOPLE)
    assert KEY.findall(second) == []


def test_outside_demo_mode_no_key_is_written_anywhere(runtime: Runtime, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    assert str(file) not in demo(runtime, "--keys", file, mode="false")
    assert [path for path in tmp_path.rglob("*.json") if path.is_file()] == []


def test_people_and_keys_are_kept_in_a_file_that_its_owner_alone_may_read(runtime: Runtime, tmp_path: Path) -> None:
    file = tmp_path / "kept" / "keys.json"
    said = demo(runtime, "--keys", file)
    people = kept(file)
    assert [one["key"] for one in people] == KEY.findall(said)[: len(PEOPLE)]
    assert [(one["name"], one["role"], one["department"]) for one in people] == [
        (person.name, person.role.value, person.department) for person in PEOPLE
    ]
    assert [str(who(runtime, one["key"]).person_id) for one in people] == [one["id"] for one in people]
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_file_of_keys_is_the_same_again_and_closed_again_where_it_stood_open(
    runtime: Runtime, tmp_path: Path
) -> None:
    file = tmp_path / "keys.json"
    demo(runtime, "--keys", file)
    before = file.read_bytes()
    file.chmod(0o644)
    demo(runtime, "--keys", file)
    assert file.read_bytes() == before
    assert file.stat().st_mode & 0o777 == 0o600


def test_keys_that_cannot_be_kept_are_told_all_the_same(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    settings = {"SLUICE_DATABASE_URL": runtime.settings.database_url, "SLUICE_DEMO": "true"}
    shown = call("demo", "--language", "en", "--keys", tmp_path / "file" / "keys.json", settings=settings)
    assert shown.exit_code == 0
    assert len(KEY.findall(shown.stdout)) == len(PEOPLE) + 1
    assert "could not be kept" in shown.stderr


def test_there_are_enough_people_for_a_meeting_that_can_be_of_two_minds(runtime: Runtime) -> None:
    demo(runtime)
    with runtime.work(SYSTEM, read_only=True) as work:
        voting = [roles for _, roles in people.find(work) if roles & {Role.MEMBER, Role.CHAIR}]
    assert len(voting) == 6


def test_what_to_try_names_the_address_and_a_key_that_works(runtime: Runtime) -> None:
    said = demo(runtime, "--address", "http://127.0.0.1:9000")
    assert "http://127.0.0.1:9000/docs" in said
    assert f"KEY={KEY.findall(said)[0]}" in said
    assert said.count("curl -s http://127.0.0.1:9000/v1/") == 2
    assert ":8000" not in said


def test_it_starts_from_nothing_in_a_folder_of_its_own(tmp_path: Path) -> None:
    shown = run("demo", cwd=tmp_path, settings={"SLUICE_DEMO": "true"})
    assert shown.returncode == 0, shown.stderr
    assert (tmp_path / "var" / "sluice.db").is_file()
    assert len(kept(tmp_path / "var" / "demo-keys.json")) == len(PEOPLE)
