"""Replacing the facts of a case that is being written, and submitting it, in one."""

from dataclasses import replace
from uuid import UUID

from service.actions import rulebooks
from service.actions.applications.cases import moved, taken
from service.actions.applications.edit import replace_facts
from service.actions.applications.facts import given_facts, required_flaws
from service.actions.applications.submit import submit
from service.core.cases.states import Whose
from service.core.errors import InvalidError
from service.core.people import Permission
from service.core.values import Json, write_json
from service.db.applications import ApplicationRow
from service.work import Work


def hand_in(work: Work, case_id: UUID, facts: dict[str, Json]) -> ApplicationRow:
    """Put new facts in the place of the old ones, unless they are the same, and submit the case.

    Raises ``InvalidError`` with every flaw at once, and whatever either deed refuses.
    """
    row = taken(work, case_id, Permission.EDIT_CASES, Whose.OWN)
    moved(work, case_id, "submit")
    given = given_facts(rulebooks.in_force(work, work.today), facts)
    flaws = given.flaws + required_flaws(given)
    if flaws:
        raise InvalidError(flaws)
    if row.facts != write_json(facts):
        row = replace_facts(work, case_id, facts)
    return submit(replace(work, expects=row.version), case_id)
