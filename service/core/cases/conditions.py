"""The conditions of a decision: what is to be done, how it is measured and shown, by whom and by when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.core.cases.headers import prose_flaws, text_flaws
from service.core.errors import Flaw
from service.core.rules.model import Rulebook

MOST_CONDITIONS = 50
LONGEST_LINE = 200

_LINES = ("metric", "due", "owner", "evidence")


@dataclass(frozen=True, slots=True)
class NewCondition:
    """A condition as asked for: one of the action plan by its id (``plan``), or a free one.

    ``due`` names a moment (before signing, say), ``due_on`` is a day; ``owner`` is whoever has to see to it,
    ``evidence`` what will show that it is met.
    """

    text: str | None = None
    metric: str | None = None
    due: str | None = None
    due_on: date | None = None
    owner: str | None = None
    evidence: str | None = None
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry of an action plan: what is to be done, and where it must get to."""

    text: str
    metric: str | None
    target: str | None
    due: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as it is decided."""

    text: str
    metric: str | None
    target: str | None
    due: str | None
    due_on: date | None
    owner: str
    evidence: str
    plan: str | None


def conditions(
    new: Sequence[NewCondition], plan: Mapping[str, Planned]
) -> tuple[tuple[Condition, ...], tuple[Flaw, ...]]:
    """Make the conditions of a decision, or list every flaw.

    What one of the plan does not say is taken from its entry; a free one says everything itself.
    """
    if len(new) > MOST_CONDITIONS:
        return (), (Flaw("/conditions", "items_count", {"length": len(new), "most": MOST_CONDITIONS}),)
    flaws = tuple(flaw for index, one in enumerate(new) for flaw in _flaws(f"/conditions/{index}", one, plan))
    return (() if flaws else tuple(_condition(one, plan) for one in new)), flaws


def said_in(language: str, one: Condition, rulebook: Rulebook) -> str:
    """Say what is to be done; one that was taken from the action plan unchanged in the words of the plan."""
    labels = ((criterion.id, criterion.label) for criterion in rulebook.criteria)
    texts = ((condition.id, condition.text) for condition in rulebook.action_plan.always)
    taken = next((words for plan, words in (*labels, *texts) if (plan, words.zh) == (one.plan, one.text)), None)
    if taken is None:
        return one.text
    return taken.zh if language == "zh" else taken.en


def _flaws(at: str, one: NewCondition, plan: Mapping[str, Planned]) -> Iterator[Flaw]:
    if one.plan is not None and one.plan not in plan:
        yield Flaw(f"{at}/plan", "condition_plan", {"known": tuple(plan)})
        return
    planned = plan.get(one.plan or "")
    text = _line(one.text) or ("" if planned is None else planned.text)
    yield from prose_flaws(f"{at}/text", text)
    if planned is None and one.due_on is None and _line(one.due) is None:
        yield Flaw(f"{at}/due_on", "condition_due")
    for name in _LINES:
        yield from _line_flaws(at, name, one, is_due=name in ("owner", "evidence") or _is_due(name, planned))


def _is_due(name: str, planned: Planned | None) -> bool:
    return name == "metric" and planned is None


def _line_flaws(at: str, name: str, one: NewCondition, *, is_due: bool) -> tuple[Flaw, ...]:
    line = _line(getattr(one, name))
    return text_flaws(f"{at}/{name}", line or "", 1, LONGEST_LINE) if line is not None or is_due else ()


def _condition(one: NewCondition, plan: Mapping[str, Planned]) -> Condition:
    planned = plan.get(one.plan or "")
    free = Planned("", None, None, "") if planned is None else planned
    due = _line(one.due) or (free.due if one.due_on is None else None)
    return Condition(
        text=_line(one.text) or free.text,
        metric=_line(one.metric) or free.metric,
        target=free.target,
        due=due or None,
        due_on=one.due_on,
        owner=_line(one.owner) or "",
        evidence=_line(one.evidence) or "",
        plan=one.plan,
    )


def _line(text: str | None) -> str | None:
    return None if text is None else text.strip() or None
