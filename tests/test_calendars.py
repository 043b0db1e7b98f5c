"""The calendar an office names, and what starts with it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.calendars import SHIPPED, open_calendar, shipped
from service.config import Settings, SettingsError
from service.core.cases.calendar_table import FaultyCalendarError
from service.work import open_runtime
from tests.cli.commands import call

OWN = """\
years:
  2030:
    notice: 通知
    issued_on: 2029-11-01
    holidays:
      - {name: 元旦, from: 2030-01-01, to: 2030-01-01}
    working_days: []
"""


def own(folder: Path, text: str = OWN) -> Settings:
    """Settings that name a calendar of the office's own."""
    path = folder / "calendar.yaml"
    path.write_text(text, encoding="utf-8")
    return replace(Settings(database_url=f"sqlite:///{folder / 'sluice.db'}"), calendar_file=str(path))


def test_the_calendar_that_comes_with_the_service_holds_unless_another_is_named(tmp_path: Path) -> None:
    assert open_calendar(Settings()) is shipped()
    assert open_calendar(own(tmp_path)).years == {2030}


def test_the_shipped_file_can_be_copied_and_added_to(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8") + OWN.removeprefix("years:\n")
    calendar = open_calendar(own(tmp_path, text))
    assert calendar.years == shipped().years | {2030}
    assert not calendar.is_working(date(2030, 1, 1))


def test_a_process_counts_by_the_calendar_of_its_settings(tmp_path: Path) -> None:
    runtime = open_runtime(own(tmp_path))
    assert runtime.calendar.years == {2030}
    runtime.engine.dispose()


def test_a_calendar_that_is_not_there_is_a_fault_of_its_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        open_calendar(replace(Settings(), calendar_file=str(tmp_path / "none.yaml")))
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [("SLUICE_CALENDAR_FILE", "setting_file")]


def test_a_faulty_calendar_stops_whatever_starts_with_every_fault(tmp_path: Path) -> None:
    settings = own(tmp_path, OWN.replace("2030-01-01, to", "2030-01-32, to").replace("[]", "soon"))
    with pytest.raises(FaultyCalendarError) as refused:
        open_runtime(settings)
    assert [flaw.figures["line"] for flaw in refused.value.flaws] == [6, 7]


def test_checking_the_settings_tells_every_line_that_is_wrong(tmp_path: Path) -> None:
    settings = own(tmp_path, OWN.replace("2030-01-01, to", "2030-01-32, to").replace("[]", "soon"))
    given = {"SLUICE_CALENDAR_FILE": settings.calendar_file}
    refused = call("config", "check", "--language", "en", settings=given)
    assert refused.exit_code == 2
    assert "line 6: “2030-01-32” is not a day; write it like 2026-01-31" in refused.stderr
    assert "line 7: must be a list" in refused.stderr
    assert call("config", "check", settings={"SLUICE_CALENDAR_FILE": str(SHIPPED)}).exit_code == 0
