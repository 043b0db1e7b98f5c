import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from service.cli import main
from service.words import LANGUAGES, sections
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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "command"), EVERY, ids=lambda part: " ".join(part) if isinstance(part, tuple) else "")
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


def test_a_command_that_is_not_a_group_can_be_asked_for_a_language() -> None:
    leaves = {path: command for path, command in EVERY if not isinstance(command, click.Group)}
    without = {path for path, command in leaves.items() if "language" not in {one.name for one in command.params}}
    assert without == {("version",), ("ledger", "verify")}


def test_every_code_that_is_spoken_has_words_and_every_word_is_spoken() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "service" / "cli").rglob("*.py")))
    spoken = set(re.findall(r"(?:console|self)\.(?:words|say|note|fail)\(\s*\"([a-z_.]+)\"", sources))
    spoken |= set(re.findall(r"console\.say\(\"[a-z_.]+\" if [^\"]+ else \"([a-z_.]+)\"", sources))
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
    assert "m3/??" in shown.stdout.decode("cp1252")


def test_the_description_of_the_interface_is_printed() -> None:
    printed = call("openapi")
    assert printed.exit_code == 0, printed.stderr
    assert printed.stdout == (ROOT / "openapi.yaml").read_text(encoding="utf-8")
