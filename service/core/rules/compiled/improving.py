"""What a criterion that scores too low must get to, in one language: every target there can be, prepared."""

from decimal import Decimal
from typing import NamedTuple

from service.core.rules.compiled.texts import escaped
from service.core.rules.expressions.types import Value
from service.core.rules.model import Criterion, Points
from service.core.rules.plan import DUE, metric
from service.core.rules.scales import target
from service.core.rules.wording import Wording
from service.core.values import write_json


class Target(NamedTuple):
    """The clause of a target, after its joint (empty where there is no target), and the end of the item of the plan."""

    clause: str
    end: str


class Improving:
    """The improvements of one criterion. ``begin`` is how its item of the plan begins, up to where it stands now."""

    def __init__(self, wording: Wording, rule: Criterion) -> None:
        """Prepare every target."""
        below = wording.rulebook.action_plan.below
        points = rule.scale.points if isinstance(rule.scale, Points) else ()
        self._marks = [at for at, score in points if score >= below]
        self._targets = {mark: _target(wording, rule, mark) for mark in self._marks}
        self.begin = f'{{"id":{write_json(rule.id)},"metric":{write_json(metric(rule))},"now":'
        self.otherwise = _target(wording, rule, target(rule.scale, below, None))

    def has_choice(self) -> bool:
        """Say whether the target depends on where a criterion stands now."""
        return len(self._marks) > 1

    def nearest(self, now: Decimal) -> Target:
        """Give the nearest of several targets, among equals the first. Runs under ``EXACT``."""
        return self._targets[min(self._marks, key=lambda mark: abs(mark - now))]


def _target(wording: Wording, rule: Criterion, mark: Value) -> Target:
    clause = ""
    if mark is not None:
        clause = escaped(wording.words["between"] + wording.say("target", target=wording.criterion_value(rule, mark)))
    assert mark is None or isinstance(mark, Decimal | str)  # noqa: S101 - what a scale holds
    return Target(clause, f',"target":{write_json(mark)},"due":{write_json(DUE)}}}')
