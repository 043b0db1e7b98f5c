"""The action plan of a verified assessment, as conditions can be taken from it."""

from service.actions import rulebooks
from service.actions.meetings.standing import Pinned
from service.core.cases.conditions import Planned
from service.core.rules.assessment import Improvement, PlanItem
from service.core.rules.model import Rulebook
from service.core.values import number_text
from service.work import Work


def planned(work: Work, found: Pinned) -> dict[str, Planned]:
    """Give the entries of the action plan by their ids; one for a criterion is called what the criterion is."""
    rulebook = rulebooks.edition(work, found.rulebook_sha256).rulebook
    return {item.id: _entry(rulebook, item) for item in found.verified.assessment.action_plan}


def _entry(rulebook: Rulebook, item: PlanItem) -> Planned:
    if not isinstance(item, Improvement):
        return Planned(item.text.zh, None, None, item.due)
    label = next(criterion.label.zh for criterion in rulebook.criteria if criterion.id == item.id)
    target = item.target if item.target is None or isinstance(item.target, str) else number_text(item.target)
    return Planned(label, item.metric, target, item.due)
