"""Opinions of departments: what may be said, when one may be asked for or given, and which are late."""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from service.core.cases.headers import prose_flaws, text_flaws
from service.core.cases.states import State
from service.core.errors import ConflictError, Flaw, ForbiddenError
from service.core.ledger.canonical import written_bytes

LONGEST_DEPARTMENT: Final = 60
MOST_CONDITIONS: Final = 20
# With the longest reason and all else that its entry says, an opinion stays below ``LARGEST_EVENT``.
MOST_CONDITION_BYTES: Final = 50_000
MOST_DEPARTMENTS: Final = 20

ASKED_IN: Final = frozenset({State.SUBMITTED, State.IN_REVIEW})
GIVEN_IN: Final = frozenset({State.IN_REVIEW})


class Stance(StrEnum):
    """What a department says to a case."""

    SUPPORT = "support"
    SUPPORT_WITH_CONDITIONS = "support_with_conditions"
    OPPOSE = "oppose"


class OpinionsClosedError(ConflictError):
    """The case is in a state in which no opinion is asked for, or given. Figures: ``state``."""

    code = "opinions_closed"


class AlreadyAskedError(ConflictError):
    """The department was asked already and has not answered. Figures: ``department``, ``due_on``."""

    code = "already_asked"


class NoDepartmentError(ForbiddenError):
    """Whoever gives an opinion gives that of their department, and this person has none."""

    code = "no_department"


def require_open(state: State, within: Collection[State]) -> None:
    """Raise ``OpinionsClosedError`` unless a case in this state takes part: ``ASKED_IN`` or ``GIVEN_IN``."""
    if state not in within:
        raise OpinionsClosedError(state=state.value)


def department_flaws(pointer: str, department: str) -> tuple[Flaw, ...]:
    """List what is wrong with the name of a department (without space around it)."""
    return text_flaws(pointer, department, 1, LONGEST_DEPARTMENT)


def request_flaws(
    departments: Sequence[tuple[str, str]], known: Collection[str], due_on: date | None, today: date
) -> tuple[Flaw, ...]:
    """List every flaw of a request; each department comes after its pointer, ``known`` are those with reviewers."""
    found: list[Flaw] = []
    seen: set[str] = set()
    for pointer, department in departments:
        found += department_flaws(pointer, department) or _addressed(pointer, department, known, seen)
        seen.add(department)
    if due_on is not None and due_on < today:
        found.append(Flaw("/due_on", "opinion_due", {"first": today}))
    return tuple(found)


def opinion_flaws(stance: Stance | None, reason: str, conditions: Sequence[str]) -> tuple[Flaw, ...]:
    """List every flaw of an opinion (texts without space around them); ``stance`` is None where it cannot be read."""
    found = [*(() if stance else (Flaw("/stance", "member_missing"),)), *prose_flaws("/reason", reason)]
    is_conditional = stance is Stance.SUPPORT_WITH_CONDITIONS
    if is_conditional and not conditions:
        found.append(Flaw("/conditions", "conditions_missing"))
    if stance and conditions and not is_conditional:
        found.append(Flaw("/conditions", "conditions_unmeant"))
    if len(conditions) > MOST_CONDITIONS:
        found.append(Flaw("/conditions", "items_count", {"length": len(conditions), "most": MOST_CONDITIONS}))
    for at, condition in enumerate(conditions[:MOST_CONDITIONS]):
        found += prose_flaws(f"/conditions/{at}", condition)
    length = sum(map(written_bytes, conditions[:MOST_CONDITIONS]))
    if length > MOST_CONDITION_BYTES:
        found.append(Flaw("/conditions", "conditions_bytes", {"length": length, "most": MOST_CONDITION_BYTES}))
    return tuple(found)


def is_late(due_on: date | None, given_on: date | None, today: date) -> bool:
    """Whether an opinion came after its day, or did not come and the day is over."""
    return due_on is not None and (today if given_on is None else given_on) > due_on


def _addressed(pointer: str, department: str, known: Collection[str], seen: Collection[str]) -> tuple[Flaw, ...]:
    if department in seen:
        return (Flaw(pointer, "department_twice", {"found": department}),)
    if department not in known:
        return (Flaw(pointer, "department_unknown", {"found": department, "known": tuple(sorted(known))}),)
    return ()
