"""Giving a draft that was never submitted another applicant or project."""

from uuid import UUID

from service.actions.applications.cases import changed, taken
from service.actions.applications.new import NewHeader
from service.actions.ledger import record
from service.core.cases.headers import Header, header, header_flaws, require_unsettled
from service.core.cases.states import State, Whose
from service.core.errors import InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.work import Work


def rename(work: Work, case_id: UUID, new: NewHeader) -> ApplicationRow:
    """Say anew who applies for what, as long as the case is a draft that was never submitted.

    Raises ``HeaderSettledError``, and ``InvalidError`` with every flaw.
    """
    row = taken(work, case_id, Permission.EDIT_CASES, Whose.OWN)
    require_unsettled(State(row.state), row.versions)
    top = header_of(new)
    flaws = header_flaws(top)
    if flaws:
        raise InvalidError(flaws)
    row.applicant_name, row.credit_code = top.applicant_name, top.credit_code
    row.project_name, row.project_code = top.project_name, top.project_code
    data: dict[str, Plain] = {"version": row.version + 1, "header_sha256": top.sha256}
    return changed(work, row, record(work, "application.renamed", "application", str(case_id), data))


def header_of(named: NewHeader | ApplicationRow) -> Header:
    """Give who applies for what, as it is kept."""
    return header(named.applicant_name, named.credit_code, named.project_name, named.project_code)
