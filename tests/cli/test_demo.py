import re
from pathlib import Path

from service.actions import applications, people
from service.cli.demo import PEOPLE
from service.core.people import SYSTEM, Actor, Role
from service.work import Runtime
from tests.actions import tables
from tests.cli.commands import ROOT, call, run

KEY = re.compile(r"\bslc_[a-z0-9]{8}_[A-Za-z0-9_-]+")


def demo(runtime: Runtime, *arguments: str, mode: str = "true") -> str:
    settings = {"SLUICE_DATABASE_URL": runtime.settings.database_url, "SLUICE_DEMO": mode}
    shown = call("demo", "--language", "en", *arguments, settings=settings)
    assert shown.exit_code == 0, shown.stderr
    return shown.stdout


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
