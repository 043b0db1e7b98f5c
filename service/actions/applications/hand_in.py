"""Saving what stands in a form, and submitting it, each in one transaction: all of it is done, or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from service.actions import rulebooks
from service.actions.applications.cases import moved, taken
from service.actions.applications.edit import replace_facts
from service.actions.applications.facts import given_facts, required_flaws
from service.actions.applications.new import NewHeader
from service.actions.applications.rename import header_of, rename
from service.actions.applications.submit import submit
from service.core.cases.headers import header_flaws, require_unsettled
from service.core.cases.states import State, Whose, require_editable
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.core.values import Json, write_json
from service.db.applications import ApplicationRow
from service.work import Work


def save(work: Work, case_id: UUID, facts: dict[str, Json], top: NewHeader | None = None) -> ApplicationRow:
    """Put facts, and who applies for what if that is given, in the place of the old ones unless they are the same.

    Raises ``InvalidError`` with every flaw at once, and whatever either deed refuses.
    """
    row = taken(work, case_id, Permission.EDIT_CASES, Whose.OWN)
    require_editable(State(row.state))
    given = given_facts(rulebooks.in_force(work, work.today), facts)
    _require_sound(row, top, given.flaws)
    return _saved(work, row, facts, top)


def hand_in(work: Work, case_id: UUID, facts: dict[str, Json], top: NewHeader | None = None) -> ApplicationRow:
    """Save the same, and submit the case.

    Raises ``InvalidError`` with every flaw at once, and whatever any of the deeds refuses.
    """
    row = taken(work, case_id, Permission.EDIT_CASES, Whose.OWN)
    moved(work, case_id, "submit")
    given = given_facts(rulebooks.in_force(work, work.today), facts)
    _require_sound(row, top, given.flaws + required_flaws(given))
    row = _saved(work, row, facts, top)
    return submit(replace(work, expects=row.version), case_id)


def _require_sound(row: ApplicationRow, top: NewHeader | None, flaws: Sequence[Flaw]) -> None:
    if _differs(row, top):
        require_unsettled(State(row.state), row.versions)
    found = (*(() if top is None else header_flaws(header_of(top))), *flaws)
    if found:
        raise InvalidError(found)


def _saved(work: Work, row: ApplicationRow, facts: dict[str, Json], top: NewHeader | None) -> ApplicationRow:
    if top is not None and _differs(row, top):
        row = rename(work, row.id, top)
    if row.facts != write_json(facts):
        row = replace_facts(replace(work, expects=row.version), row.id, facts)
    return row


def _differs(row: ApplicationRow, top: NewHeader | None) -> bool:
    return top is not None and header_of(row) != header_of(top)
