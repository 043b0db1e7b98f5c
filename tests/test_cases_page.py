"""``docs/cases.md`` says what the tables of the core say."""

import re
from pathlib import Path

from service.calendars import open_calendar
from service.config import Settings
from service.core.cases.states import MOVES
from service.core.cases.timelines import AUDIENCES
from service.words import section

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")


def rows(head: str) -> list[list[str]]:
    """The cells of the table under a head, without the head."""
    _, _, below = PAGE.partition(head)
    table = below.lstrip("\n").split("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_table_of_moves_is_that_of_the_core() -> None:
    told = rows("| move | 操作 | from | to | permission | whose case | reason |")
    expected = [
        [
            f"`{move.name}`",
            section("zh", "domain")[f"move_{move.name}"],
            move.from_states,
            f"`{move.to_state}`",
            f"`{move.permission}`",
            move.whose.value,
            "due" if move.reason_due else "",
        ]
        for move in MOVES.values()
    ]
    assert [[*row[:2], set(re.findall(r"\w+", row[2])), *row[3:]] for row in told] == expected


def test_the_table_of_the_timeline_is_that_of_the_core() -> None:
    told = {row[0]: row[2] for row in rows("| entries | 事项 | shown to |")}
    assert told == {f"`{noun}.*`": audience.value for noun, audience in AUDIENCES.items()}


def test_the_calendar_shown_is_one(tmp_path: Path) -> None:
    _, _, after = PAGE.partition("```yaml\n")
    path = tmp_path / "calendar.yaml"
    path.write_text(after.partition("```")[0], encoding="utf-8")
    assert open_calendar(Settings(calendar_file=str(path))).years == {2030}


def test_the_terms_shown_are_those_that_hold() -> None:
    held = Settings()
    assert f"`SLUICE_REVIEW_DAYS` working days ({held.review_days} if nothing is set)" in PAGE
    assert f"`SLUICE_OPINION_DAYS` working days ({held.opinion_days} if nothing is set)" in PAGE
