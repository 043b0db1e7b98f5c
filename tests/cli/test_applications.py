import os
import pty
import subprocess
from pathlib import Path

import pytest
from click.testing import Result

from service import tables
from service.actions import applications
from service.actions.layouts import guides
from service.core.imports.tables import Workbook
from tests import make, tabled
from tests.actions.tables import events, nothing_changes
from tests.cli.commands import SLUICE, call

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def sluice(house: make.House, *arguments: object, language: str = "en") -> Result:
    settings = {"SLUICE_DATABASE_URL": house.runtime.settings.database_url}
    return call("applications", *arguments, "--language", language, settings=settings)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "申报.csv"
    path.write_bytes(tabled.csv_of(tabled.HEADINGS, tabled.SOUND))
    return path


def test_a_file_is_entered_for_an_officer_and_the_ledger_says_it_was_at_the_console(
    house: make.House, file: Path
) -> None:
    done = sluice(house, "import", file, "--as", house.officer.name)
    assert done.exit_code == 0, done.stderr
    assert "csv!A2" in done.stdout
    assert "80.5" in done.stdout
    assert done.stderr.startswith("Entered 1 application(s)")
    *_, submitted, imported = events(house.runtime)
    assert submitted["actor"]["ref"] == imported["actor"]["ref"] == house.officer.ref
    assert (imported["type"], imported["data"]["through"]) == ("applications.imported", "console")


def test_a_terminal_shows_how_far_it_is_and_nothing_else_does(house: make.House, file: Path) -> None:
    file.write_bytes(tabled.csv_of(tabled.HEADINGS, *((str(at), *tabled.SOUND[1:]) for at in range(3))))
    command = [str(SLUICE), "applications", "import", str(file), "--as", house.officer.name, "--dry-run"]
    environment = {"PATH": "/usr/bin:/bin", "SLUICE_DATABASE_URL": house.runtime.settings.database_url}
    terminal, end = pty.openpty()
    done = subprocess.run(
        [*command, "--language", "en"], env=environment, stdout=subprocess.PIPE, stderr=end, check=True
    )
    os.close(end)
    shown = os.read(terminal, 65_536).decode()
    os.close(terminal)
    assert "Entering" in shown
    assert "100%" in shown
    assert len(done.stdout.decode().splitlines()) == 3
    assert "Entering" not in sluice(house, *command[2:]).stderr


def test_a_dry_run_keeps_nothing(house: make.House, file: Path) -> None:
    with nothing_changes(house.runtime):
        done = sluice(house, "import", file, "--as", str(house.officer.person_id), "--dry-run", "--draft")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.startswith("Dry run: 1 application(s)")


def test_what_is_wrong_is_named_with_its_cell(house: make.House, file: Path) -> None:
    file.write_bytes(tabled.csv_of(tabled.HEADINGS, (*tabled.SOUND[:6], "五十", "1")))
    done = sluice(house, "import", file, "--as", house.officer.name)
    assert done.exit_code == 2
    assert "  csv!G2 “五十” is not a plain number" in done.stderr


def test_nobody_is_entered_for_who_may_not_enter_any(house: make.House, file: Path) -> None:
    assert sluice(house, "import", file, "--as", house.auditor.name).exit_code == 3
    assert sluice(house, "import", file, "--as", "无此人").exit_code == 4


def test_a_file_that_is_too_large_is_not_read_to_its_end(house: make.House, file: Path) -> None:
    file.write_bytes(b"x" * 5_000_000)
    done = sluice(house, "import", file, "--as", house.officer.name)
    assert (done.exit_code, "larger than 4194304 bytes" in done.stderr) == (2, True)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_is_written_to_a_file(house: make.House, tmp_path: Path, form: str) -> None:
    house.create(make.application())
    target = tmp_path / "导出"
    assert sluice(house, "export", target, "--format", form, language="zh").stderr == f"已写入 {target}。\n"
    found = tables.read(target.read_bytes(), guides())
    assert isinstance(found, Workbook)
    assert "大河精传动（虚构）有限公司" in {cell.value for cell in found.sheets[0].rows[-1].cells.values()}


def test_the_template_is_written_to_a_file(house: make.House, tmp_path: Path) -> None:
    target = tmp_path / "t.xlsx"
    assert sluice(house, "template", target).exit_code == 0
    found = tables.read(target.read_bytes(), guides())
    assert isinstance(found, Workbook)
    assert found.stamp is not None
    with house.work(house.officer) as work:
        assert applications.everything(work, applications.Query()).rulebook.sha256 == found.stamp.sha256
