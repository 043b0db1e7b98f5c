import re
from pathlib import Path

import pytest

from service.actions import rulebooks
from service.core.people import SYSTEM
from service.work import Runtime
from tests import make
from tests.cli.commands import ROOT, call, run

RULES = ROOT / "rules.yaml"
LINE = re.compile(r"^(?P<file>.+?):(?P<line>\d+):(?P<column>\d+) (?P<code>[a-z0-9_]+) (?P<message>.+)$")
SOUND = """cases:
  - name: 够用
    facts: {industry_code: "3453", nature: new, output: 80.5, water: 12.5}
    expect: {outcome: approve, category: B, total: 80.50}
  - name: 过量
    facts: {industry_code: "3453", nature: new, output: 80.5, water: 100001}
    expect: {outcome: reject, failed_gates: [too_thirsty]}
"""


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """The small rulebook with two sound cases, and some text replaced."""
    text = make.edition().decode().replace("cases: []\n", SOUND)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def place(path: Path, text: str) -> str:
    """``file:line:column`` of a text."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text in line:
            return f"{path}:{number}:{line.index(text) + 1}"
    raise AssertionError(text)


def test_the_default_rules_have_only_warnings_and_strictness_counts_them() -> None:
    lenient, strict = call("rules", "check", RULES), call("rules", "check", RULES, "--strict")
    assert (lenient.exit_code, strict.exit_code) == (0, 2)
    lines = lenient.stdout.splitlines()
    assert lines
    assert all(LINE.match(line) for line in lines)
    assert strict.stdout == lenient.stdout


def test_a_file_without_faults_is_sound_however_strict(tmp_path: Path) -> None:
    checked = call("rules", "check", written(tmp_path), "--strict")
    assert (checked.exit_code, checked.stdout) == (0, "")


def test_every_fault_is_told_at_its_place_in_the_language_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, ("water > 100000", "watr > 100000"), ("value: output\n", "value: nature\n"))
    english, chinese = (call("rules", "check", path, "--language", language) for language in ("en", "zh"))
    assert (english.exit_code, chinese.exit_code) == (2, 2)
    lines = english.stdout.splitlines()
    assert lines[0].startswith(f"{place(path, 'watr')} unknown_name_meant ")
    assert "water" in lines[0]
    assert len(lines) == len(chinese.stdout.splitlines()) == 2
    assert [line.split(" ")[:2] for line in lines] == [line.split(" ")[:2] for line in chinese.stdout.splitlines()]
    assert english.stdout != chinese.stdout


def test_several_files_are_checked_at_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    sound, faulty = written(tmp_path), written(tmp_path / "a", ("water > 100000", "watr > 100000"))
    checked = call("rules", "check", sound, faulty)
    assert checked.exit_code == 2
    assert checked.stdout.startswith(f"{faulty}:")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a: [", b"- 1", b"\x00" * 9])
def test_a_file_that_is_no_rulebook_at_all_is_a_fault_and_nothing_worse(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    checked = call("rules", "check", path)
    assert checked.exit_code == 2
    assert all(LINE.match(line) for line in checked.stdout.splitlines())
    assert checked.stdout


def test_every_case_of_the_default_rules_comes_out_as_expected() -> None:
    tested = call("rules", "test", RULES, "--language", "en")
    assert (tested.exit_code, tested.stdout.count("\n")) == (0, 1)
    assert tested.stdout.endswith(" case(s), 0 not as expected\n")


def test_cases_that_come_out_otherwise_are_told_readably(tmp_path: Path) -> None:
    path = written(tmp_path, ("total: 80.50", "total: 80.51"), ("failed_gates: [too_thirsty]", "failed_gates: []"))
    tested = call("rules", "test", path, "--language", "en")
    assert tested.exit_code == 1
    first, second = (place(path, f"- name: {name}").rpartition(":")[0] for name in ("够用", "过量"))
    assert tested.stdout.splitlines() == [
        f"{first} 够用",
        "    total: expected 80.51, came out 80.5",
        f"{second} 过量",
        "    failed gates: expected none, came out too_thirsty",
        "2 case(s), 2 not as expected",
    ]


def test_a_case_whose_facts_are_refused_says_why(tmp_path: Path) -> None:
    path = written(tmp_path, ("water: 100001}", "water: -1}"))
    tested = call("rules", "test", path, "--language", "en")
    assert tested.exit_code == 1
    assert "    /water must be at least 0" in tested.stdout.splitlines()


def test_a_case_like_an_example_that_does_not_exist_says_so(tmp_path: Path) -> None:
    own = 'facts: {industry_code: "3453", nature: new, output: 80.5, water: 12.5}'
    tested = call("rules", "test", written(tmp_path, (own, "like: ../a04-pharma-intermediates")), "--language", "en")
    assert tested.exit_code == 1
    assert "    /like there is no example “../a04-pharma-intermediates”" in tested.stdout.splitlines()


def test_a_changed_threshold_shows_in_the_cases_as_the_readme_says(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    text = RULES.read_text(encoding="utf-8")
    assert "shoreline_buffer_km: 1.0" in text
    path.write_text(text.replace("shoreline_buffer_km: 1.0", "shoreline_buffer_km: 0.5"), encoding="utf-8")
    tested = call("rules", "test", path, "--language", "en")
    assert tested.exit_code == 1
    assert "A04" in tested.stdout


def test_the_cases_of_a_faulty_file_are_not_run(tmp_path: Path) -> None:
    path = written(tmp_path, ("water > 100000", "watr > 100000"))
    tested = call("rules", "test", path)
    assert (tested.exit_code, tested.stdout) == (2, "")
    assert tested.stderr.startswith(f"{place(path, 'watr')} unknown_name_meant ")


def test_examples_beside_the_rules_come_before_those_of_the_house(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    facts = '{"industry_code": "3453", "nature": "new", "output": 50, "water": 0}'
    (tmp_path / "examples" / "mine.json").write_text(facts, encoding="utf-8")
    path = written(
        tmp_path,
        ('facts: {industry_code: "3453", nature: new, output: 80.5, water: 12.5}', "like: mine"),
        ("outcome: approve, category: B, total: 80.50", "total: 50"),
    )
    assert call("rules", "test", path).exit_code == 0


def test_an_edition_is_released_once_in_the_name_of_the_machine(runtime: Runtime, tmp_path: Path) -> None:
    path = written(tmp_path)
    settings = {"SLUICE_DATABASE_URL": runtime.settings.database_url}
    for _ in range(2):
        released = call("rules", "release", path, "--language", "en", settings=settings)
        assert released.exit_code == 0, released.stderr
        assert released.stdout.startswith("Released: small 1, in force from 2026-01-01, SHA-256 ")
    with runtime.work(SYSTEM) as work:
        assert rulebooks.in_force(work, work.today).rulebook.source == path.read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        ("water > 100000", "watr > 100000"),
        ("quality: {weight: 100", "quality: {weight: 90"),
        ("expect: {outcome: reject, failed", "expect: {outcome: defer, failed"),
    ],
)
def test_an_edition_with_faults_of_any_kind_is_not_released(
    runtime: Runtime, tmp_path: Path, change: tuple[str, str]
) -> None:
    settings = {"SLUICE_DATABASE_URL": runtime.settings.database_url}
    released = call("rules", "release", written(tmp_path, change), settings=settings)
    assert released.exit_code == 2
    assert LINE.match(released.stdout.splitlines()[0])
    with runtime.work(SYSTEM) as work, pytest.raises(rulebooks.NoRulebookInForceError):
        rulebooks.in_force(work, work.today)


def test_the_installed_command_checks_a_file() -> None:
    checked = run("rules", "check", "rules.yaml")
    assert checked.returncode == 0
    assert all(line.startswith(b"rules.yaml:") for line in checked.stdout.splitlines())
    assert checked.stdout
