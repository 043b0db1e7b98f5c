"""Handing in an application."""

from uuid import UUID

from service.actions import rulebooks
from service.actions.applications import numbers
from service.actions.applications.facts import GivenFacts, given_facts, required_flaws
from service.actions.applications.new import NewApplication
from service.actions.applications.submit import assessed, file
from service.actions.identifiers import new_id
from service.actions.ledger import begin, record
from service.core.cases.headers import Header, header, header_flaws
from service.core.cases.states import State
from service.core.errors import ForbiddenError, InvalidError
from service.core.ledger.canonical import Plain
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.work import Work


def create(work: Work, new: NewApplication) -> ApplicationRow:
    """Store an application, and submit it unless it is a draft.

    All the thinking comes before the number of the case is taken, as nobody else has a number until this work ends.
    Raises ``InvalidError`` with every flaw of header and facts at once; a draft may lack facts, not hold wrong ones.
    """
    work.actor.require(Permission.CREATE_CASES)
    if not new.draft:
        work.actor.require(Permission.SUBMIT_CASES)
    top = header(new.applicant_name, new.credit_code, new.project_name, new.project_code)
    given = given_facts(rulebooks.in_force(work, work.today), new.facts)
    flaws = header_flaws(top) + given.flaws + (() if new.draft else required_flaws(given))
    if flaws:
        raise InvalidError(flaws)
    filing, owner = None if new.draft else assessed(given), _owner(work)
    row = _new(work, owner, top, given)
    if filing is not None:
        return file(work, row, filing)
    work.session.flush()
    return row


def _owner(work: Work) -> UUID:
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.CREATE_CASES.value)
    return work.actor.person_id


def _new(work: Work, owner: UUID, top: Header, given: GivenFacts) -> ApplicationRow:
    case_id = new_id(work)
    begin(work, "application", str(case_id))
    serial = numbers.next_serial(work)
    data: dict[str, Plain] = {
        "number": numbers.number(serial),
        "to": State.DRAFT.value,
        "version": 1,
        "header_sha256": top.sha256,
        "facts_sha256": given.sha256,
        "rulebook_sha256": given.rulebook_sha256,
    }
    row = ApplicationRow(
        id=case_id,
        serial=serial,
        number=numbers.number(serial),
        state=State.DRAFT.value,
        applicant_name=top.applicant_name,
        credit_code=top.credit_code,
        project_name=top.project_name,
        project_code=top.project_code,
        industry=given.industry,
        submitted_by=owner,
        rulebook_sha256=given.rulebook_sha256,
        facts=given.text,
        version=1,
        versions=0,
        created_at=work.now,
        updated_at=work.now,
        event_id=record(work, "application.created", "application", str(case_id), data),
    )
    work.session.add(row)
    return row
