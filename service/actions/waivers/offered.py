"""What a waiver of a case could be of, and who could answer for it: what is offered to whoever may grant one."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from service.actions import rulebooks, waiving
from service.actions.applications.cases import standing
from service.core.cases.sight import sight
from service.core.cases.states import UNDECIDED, State
from service.core.people import PERMISSIONS, Permission
from service.core.rules.model import Gate, Level
from service.db.applications import ApplicationRow
from service.db.people import Person, PersonRole
from service.work import Work


@dataclass(frozen=True, slots=True)
class Offered:
    """The gates that may be waived and are not, and the people who take part in cases, by name."""

    gates: tuple[Gate, ...]
    owners: tuple[Person, ...]


def offered(work: Work, row: ApplicationRow) -> Offered | None:
    """Say what a waiver could be granted of; None for whoever may not grant one on this case as it stands."""
    may = work.actor.may(Permission.GRANT_WAIVERS) and sight(work.actor).judges(standing(work, row))
    if not may or State(row.state) not in UNDECIDED:
        return None
    return Offered(tuple(_gates(work, row)), tuple(_owners(work, row)))


def _gates(work: Work, row: ApplicationRow) -> Iterator[Gate]:
    waived = waiving.waived(work, row.id, work.today)
    for gate in rulebooks.edition(work, row.rulebook_sha256).rulebook.gates:
        if gate.level is not Level.LAW and gate.id not in waived:
            yield gate


def _owners(work: Work, row: ApplicationRow) -> Iterator[Person]:
    """Go through everybody whose work is with cases, but for whoever submitted this one."""
    roles = [role.value for role in PERMISSIONS[Permission.READ_CASES]]
    taking_part = select(PersonRole.person_id).where(PersonRole.role.in_(roles))
    wanted = select(Person).where(Person.id.in_(taking_part), Person.id != row.submitted_by)
    yield from work.session.scalars(wanted.where(Person.name_salt.is_not(None)).order_by(Person.name, Person.id))
