"""The form of a decision: conditions from the action plan and free ones, with what was typed for them.

A condition of the plan is typed into fields ``plan-<id>-owner`` and so on and taken by ``plan-<id>``; a free one into
``free-0-text``. A free row in which nothing stands is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from service.actions.meetings import Ruling
from service.core.cases.conditions import MOST_CONDITIONS, NewCondition
from service.core.errors import Flaw
from service.web.ui.case_sheet import planned
from service.web.ui.scorecard import Scorecard

FORM: Final = "decide"
TAKEN: Final = "true"
MOMENTS: Final = ("before_signing", "before_construction", "before_production", "24_months_after_production")

_PLAN, _FREE = "plan", "free"
_DUE_ON: Final = "due_on"
_LINES: Final = ("text", "metric", "due", "owner", "evidence")
_LONGEST_INDEX: Final = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the action plan that may become a condition: its field, what it is about, by when."""

    name: str
    text: str
    target: str
    due: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: the ruling, what cannot be read, and the rows its conditions came from, in order."""

    ruling: Ruling
    flaws: tuple[Flaw, ...]
    rows: tuple[str, ...]

    def place(self, pointer: str) -> str:
        """Name the field that a pointer into a ruling leads to."""
        first, *way = pointer[1:].split("/")
        if first != "conditions" or not way or not way[0].isdecimal():
            return f"{FORM}-{first}"
        row = self.rows[int(way[0])]
        return row if way[1:] in ([], ["plan"]) else f"{row}-{way[1]}"


def plan(card: Scorecard) -> list[Entry]:
    """Give the entries of the verified action plan."""
    return [_entry(card, told) for told in card.sides[-1].report["action_plan"]]


def _entry(card: Scorecard, told: Mapping[str, Any]) -> Entry:
    said = planned(card, told)
    return Entry(f"{_PLAN}-{told['id']}", said.text, said.target, said.due)


def free_rows(texts: Mapping[str, str], *, another: bool) -> list[str]:
    """Name the rows of free conditions: those that stand in the form, one at least, and another if that is wanted."""
    found = sorted(set(_indexes(texts))) or [0]
    if another and len(found) < MOST_CONDITIONS:
        found.append(found[-1] + 1)
    return [f"{_FREE}-{index}" for index in found]


def read(texts: Mapping[str, str]) -> Typed:
    """Read what was typed. Nothing is raised; a day that cannot be read is a flaw."""
    taken = [name for name, text in texts.items() if text == TAKEN and name.startswith(f"{_PLAN}-")]
    free = [row for row in free_rows(texts, another=False) if _is_filled(row, texts)]
    rows = (*taken, *free)
    read_ = [_condition(row, texts, f"/conditions/{at}") for at, row in enumerate(rows)]
    ruling = Ruling(
        reason=texts.get(f"{FORM}-reason", ""),
        conditions=tuple(one for one, _ in read_),
        override=texts.get(f"{FORM}-override") == TAKEN,
    )
    return Typed(ruling, tuple(flaw for _, flaws in read_ for flaw in flaws), rows)


def labels(entries: Sequence[Entry], rows: Sequence[str], words: Mapping[str, str]) -> dict[str, str]:
    """Say what every field is called, for faults that are told away from it."""
    named = {f"{FORM}-{name}": words[f"room.decide_{name}"] for name in ("reason", "override", "conditions")}
    titles = {entry.name: entry.text for entry in entries}
    titles |= {row: words["room.free_row"].format(n=at) for at, row in enumerate(rows, start=1)}
    fields = {
        f"{row}-{name}": words["room.row_field"].format(row=title, field=words[f"room.condition_{name}"])
        for row, title in titles.items()
        for name in (*_LINES, _DUE_ON)
    }
    return named | titles | fields


def _indexes(texts: Mapping[str, str]) -> Iterator[int]:
    for name in texts:
        kind, _, rest = name.partition("-")
        index = rest.partition("-")[0]
        if kind == _FREE and index.isascii() and index.isdecimal() and len(index) <= _LONGEST_INDEX:
            yield int(index)


def _is_filled(row: str, texts: Mapping[str, str]) -> bool:
    return any(texts.get(f"{row}-{name}", "").strip() for name in (*_LINES, _DUE_ON))


def _condition(row: str, texts: Mapping[str, str], at: str) -> tuple[NewCondition, list[Flaw]]:
    typed = {name: texts.get(f"{row}-{name}", "").strip() or None for name in _LINES}
    day, flaws = _day(texts.get(f"{row}-{_DUE_ON}", "").strip(), f"{at}/{_DUE_ON}")
    of_plan = row.removeprefix(f"{_PLAN}-") if row.startswith(f"{_PLAN}-") else None
    return NewCondition(**typed, due_on=day, plan=of_plan), flaws


def _day(text: str, at: str) -> tuple[date | None, list[Flaw]]:
    if not text:
        return None, []
    try:
        return date.fromisoformat(text), []
    except ValueError:
        return None, [Flaw(at, "member_day")]
