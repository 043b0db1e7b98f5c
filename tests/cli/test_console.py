import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from click.testing import Result

from service import signing
from service.cli import main
from service.words import LANGUAGES, sections
from tests import make
from tests.actions import papers
from tests.cli.commands import ROOT, call, run


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, (*path, name))


EVERY = list(commands(main))


def spelled(part: object) -> str:
    return " ".join(part) if isinstance(part, tuple) else ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "command"), EVERY, ids=spelled)
def test_every_command_explains_itself_in_the_language_of_the_settings(
    path: tuple[str, ...], command: click.Command, language: str
) -> None:
    shown = call(*path, "--help", settings={"SLUICE_LANGUAGE": language})
    assert shown.exit_code == 0
    bare = re.sub(r"\s", "", shown.stdout)
    said = sections("cli")[language]
    codes = [f"{command.help}", *(option.help for option in command.params if isinstance(option, click.Option))]
    assert codes
    assert [code for code in codes if re.sub(r"\s", "", said[f"{code}"]) not in bare] == []


@pytest.mark.parametrize(("path", "command"), EVERY[1:], ids=spelled)
def test_a_command_is_listed_with_the_sentence_by_which_it_explains_itself(
    path: tuple[str, ...], command: click.Command
) -> None:
    assert command.help == ".".join(("help", *path))
    listed = call(*path[:-1], "--help", settings={"SLUICE_LANGUAGE": "zh"}).stdout
    assert re.sub(r"\s", "", path[-1] + sections("cli")["zh"][command.help]) in re.sub(r"\s", "", listed)


def test_commands_are_listed_without_any_being_loaded() -> None:
    asked = "import sys; from service.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert {"flask", "sqlalchemy", "service.cli.openapi"} & set(done.stdout.split()) == set()


def test_a_command_that_is_not_a_group_can_be_asked_for_a_language() -> None:
    leaves = {path: command for path, command in EVERY if not isinstance(command, click.Group)}
    without = {path for path, command in leaves.items() if "language" not in {one.name for one in command.params}}
    assert without == {("version",), ("ledger", "verify")}


def test_every_code_that_is_spoken_has_words_and_every_word_is_spoken() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "service" / "cli").rglob("*.py")))
    spoken = set(re.findall(r"(?:console|self)\.(?:words|say|note|fail)\(\s*\"([a-z_.]+)\"", sources))
    spoken |= set(re.findall(r"console\.(?:say|note)\(\"[a-z_.]+\" if [^\"]+ else \"([a-z_.]+)\"", sources))
    helped = set(re.findall(r"\bhelp=\"([a-z_.]+)\"", sources))
    known = set(sections("cli")["en"])
    assert (spoken | helped) - known == set()
    composed = ("evidence.", "ledger.because.", "ledger.lost.", "ledger.witness_key_")
    families = ("criterion.", "due.", "expect.", "gate.", "level.", "page.", *composed)
    assert {code for code in known - spoken - helped if not code.startswith(families)} == {"help.help", "unexpected"}


def test_it_says_its_version() -> None:
    assert call("version").stdout == f"sluice {version('sluice')}\n"


@pytest.mark.parametrize("arguments", [("fly",), ("rules", "fly"), ("assess",), ("people", "list", "--fast")])
def test_a_command_that_does_not_exist_is_a_mistake_of_the_caller(arguments: tuple[str, ...]) -> None:
    assert call(*arguments).exit_code == 2


def test_sound_settings_are_listed_without_the_password() -> None:
    settings = {"SLUICE_DATABASE_URL": "postgresql://sluice:wonderland@db/sluice", "SLUICE_LANGUAGE": "en"}
    checked = call("config", "check", settings=settings)
    assert checked.exit_code == 0
    assert "SLUICE_LANGUAGE=en" in checked.stdout.splitlines()
    assert "SLUICE_DATABASE_URL=postgresql://sluice:***@db/sluice" in checked.stdout.splitlines()


def test_every_fault_of_the_settings_is_told_at_once() -> None:
    settings = {"SLUICE_LANGUAGE": "fr", "SLUICE_DEMO": "perhaps", "SLUICE_TIME_ZONE": "Mars/Base"}
    checked = call("config", "check", settings=settings)
    assert checked.exit_code == 2
    assert all(name in checked.stderr for name in settings)


def deep(settings: dict[str, str]) -> Result:
    return call("config", "check", "--deep", settings={"SLUICE_LANGUAGE": "en", **settings})


def calendar(path: Path, *years: int) -> str:
    """A calendar of years with a single holiday each."""
    lines = [
        f"  {year}:\n    notice: 通知\n    issued_on: {year - 1}-11-01\n    holidays:\n"
        f"      - {{name: 元旦, from: {year}-01-01, to: {year}-01-01}}\n    working_days: []\n"
        for year in years
    ]
    path.write_text("years:\n" + "".join(lines), encoding="utf-8")
    return str(path)


@pytest.fixture
def sound(tmp_path: Path) -> dict[str, str]:
    """Settings under which everything is where it should be."""
    settings = {
        "SLUICE_DATABASE_URL": f"sqlite:///{tmp_path / 'sluice.db'}",
        "SLUICE_EVIDENCE_FOLDER": str(tmp_path / "evidence"),
        "SLUICE_LEDGER_KEY_FILE": str(tmp_path / "key"),
        "SLUICE_LEDGER_ORIGIN": "zone.example/ledger/1",
        "SLUICE_CALENDAR_FILE": calendar(tmp_path / "ours.yaml", *range(2024, 2100)),
    }
    assert call("db", "upgrade", settings={**settings, "SLUICE_LEDGER_KEY_FILE": ""}).exit_code == 0
    signing.make_key(tmp_path / "key")
    return settings


def test_a_deep_look_finds_everything_where_it_should_be(sound: dict[str, str]) -> None:
    assert deep(sound).exit_code == 0


def test_a_deep_look_finds_everything_that_is_wrong_in_the_world_at_once(sound: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "key").chmod(0o644)
    (tmp_path / "file").touch()
    calendar(tmp_path / "calendar.yaml", 2001)
    wrong = {
        "SLUICE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "SLUICE_EVIDENCE_FOLDER": str(tmp_path / "file" / "evidence"),
        "SLUICE_CALENDAR_FILE": str(tmp_path / "calendar.yaml"),
    }
    found = deep(sound | wrong)
    assert found.exit_code == 2
    names = re.findall(r"^  (SLUICE_\w+) ", found.stderr, re.MULTILINE)
    assert names == [*list(wrong)[:2], "SLUICE_LEDGER_KEY_FILE", "SLUICE_CALENDAR_FILE"], found.stderr
    assert call("config", "check", settings=sound).exit_code == 0


def test_a_deep_look_finds_tables_that_are_not_the_present_ones(sound: dict[str, str], tmp_path: Path) -> None:
    found = deep(sound | {"SLUICE_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"})
    assert found.exit_code == 2
    assert "first run sluice db upgrade" in found.stderr


def test_a_deep_look_finds_a_folder_that_is_not_the_one_all_share(house: make.House, tmp_path: Path) -> None:
    case_id = house.create(make.application())
    papers.attached(house, case_id)
    held = house.runtime.settings
    settings = {
        "SLUICE_DATABASE_URL": held.database_url,
        "SLUICE_EVIDENCE_FOLDER": held.evidence_folder,
        "SLUICE_CALENDAR_FILE": calendar(tmp_path / "ours.yaml", *range(2024, 2100)),
    }
    assert deep(settings).exit_code == 0
    found = deep(settings | {"SLUICE_EVIDENCE_FOLDER": str(tmp_path / "another")})
    assert found.exit_code == 2
    assert "lacks a paper of the database" in found.stderr


def test_an_unforeseen_error_is_told_in_a_line_and_traced_only_when_asked(tmp_path: Path) -> None:
    settings = {"SLUICE_DATABASE_URL": f"sqlite:///{tmp_path}", "SLUICE_LANGUAGE": "en"}
    short, traced = (run(*debug, "db", "upgrade", settings=settings) for debug in ((), ("--debug",)))
    assert short.returncode == traced.returncode == 70
    assert short.stderr.startswith(b"Unforeseen error: OperationalError: ")
    assert short.stderr.count(b"\n") == 1
    assert traced.stderr.startswith(b"Traceback")


def test_a_terminal_that_lacks_a_character_shows_a_question_mark() -> None:
    settings = {"PYTHONIOENCODING": "cp1252", "SLUICE_LANGUAGE": "en"}
    shown = run("assess", "examples/a04-pharma-intermediates.json", settings=settings)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert "DO NOT SUPPORT" in shown.stdout.decode("cp1252")
    assert shown.stdout.decode("cp1252").splitlines()[0] == "?" * 100


def test_the_description_of_the_interface_is_printed() -> None:
    printed = call("openapi")
    assert printed.exit_code == 0, printed.stderr
    assert printed.stdout == (ROOT / "openapi.yaml").read_text(encoding="utf-8")
