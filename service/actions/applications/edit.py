"""Replacing the facts of a case that is being written."""

from uuid import UUID

from service.actions import rulebooks
from service.actions.applications.cases import changed, taken
from service.actions.applications.facts import given_facts
from service.actions.ledger import record
from service.core.cases.states import State, Whose, require_editable
from service.core.errors import InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.core.values import Json
from service.db.applications import ApplicationRow
from service.work import Work


def replace_facts(work: Work, case_id: UUID, facts: dict[str, Json]) -> ApplicationRow:
    """Put new facts in the place of all the old ones, read by the edition in force today.

    Only in a draft or a returned case (``IllegalMoveError``). They may be incomplete, not wrong (``InvalidError``).
    """
    row = taken(work, case_id, Permission.EDIT_CASES, Whose.OWN)
    require_editable(State(row.state))
    given = given_facts(rulebooks.in_force(work, work.today), facts)
    if given.flaws:
        raise InvalidError(given.flaws)
    row.facts = given.text
    row.industry = given.industry
    row.rulebook_sha256 = given.rulebook_sha256
    data: dict[str, Plain] = {
        "state": row.state,
        "version": row.version + 1,
        "facts_sha256": given.sha256,
        "rulebook_sha256": row.rulebook_sha256,
    }
    return changed(work, row, record(work, "application.facts_replaced", "application", str(case_id), data))
