"""What a criterion that scores too low must get to, in one language: every target there can be, prepared."""

from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from service.core.rules.compiled.texts import escaped
from service.core.rules.expressions.types import Value
from service.core.rules.model import Criterion, Points
from service.core.rules.plan import DUE, metric
from service.core.rules.scales import target
from service.core.rules.wording import Wording
from service.core.values import EXACT, write_json


class Target(NamedTuple):
    """The clause of a target, after its joint (empty where there is no target), and the end of the item of the plan."""

    clause: str
    end: str


class Improving:
    """The improvements of one criterion. ``begin`` is how its item of the plan begins, up to where it stands now.

    Which of several ``targets`` is nearest turns halfway between two marks; at these ``turns`` the first still holds.
    """

    def __init__(self, wording: Wording, rule: Criterion) -> None:
        """Prepare every target."""
        below = wording.rulebook.action_plan.below
        points = rule.scale.points if isinstance(rule.scale, Points) else ()
        marks = [at for at, score in points if score >= below]
        self.begin = f'{{"id":{write_json(rule.id)},"metric":{write_json(metric(rule))},"now":'
        self.otherwise = _target(wording, rule, target(rule.scale, below, None))
        self.targets = tuple(_target(wording, rule, mark) for mark in marks) or (self.otherwise,)
        self.turns = tuple(EXACT.multiply(EXACT.add(low, high), Decimal("0.5")) for low, high in pairwise(marks))


def _target(wording: Wording, rule: Criterion, mark: Value) -> Target:
    clause = ""
    if mark is not None:
        clause = escaped(wording.words["between"] + wording.say("target", target=wording.criterion_value(rule, mark)))
    assert mark is None or isinstance(mark, Decimal | str)  # noqa: S101 - what a scale holds
    return Target(clause, f',"target":{write_json(mark)},"due":{write_json(DUE)}}}')
