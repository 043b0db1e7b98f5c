"""Interests: firms that somebody is bound to, and whose cases they therefore have no part in judging."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from service.actions.ledger import record
from service.core.cases import credit_codes
from service.core.errors import ConflictError, ForbiddenError, InvalidError
from service.core.ledger.commitments import SALT_BYTES, commitment
from service.core.people import Permission
from service.db.people import InterestRow, Person
from service.work import Work


class AlreadyDeclaredError(ConflictError):
    """The interest is declared already."""

    code = "already_declared"


def declare(work: Work, credit_code: str) -> InterestRow:
    """Declare that one is bound to a firm. It counts at every meeting from now on. Raises ``InvalidError``.

    The ledger has no more of the credit code than a commitment: who is bound to whom is nobody else's business.
    """
    work.actor.require(Permission.DECLARE_INTERESTS)
    me, code = _me(work), credit_codes.trimmed(credit_code)
    flaws = credit_codes.flaws(code)
    if flaws:
        raise InvalidError(flaws)
    work.session.get_one(Person, me, with_for_update=True)
    if work.session.get(InterestRow, (me, code)) is not None:
        raise AlreadyDeclaredError
    salt = secrets.token_bytes(SALT_BYTES)
    data = {"credit_code_commitment": commitment(salt, code)}
    row = InterestRow(
        person_id=me,
        credit_code=code,
        salt=salt,
        declared_at=work.now,
        event_id=record(work, "interest.declared", "person", str(me), data),
    )
    work.session.add(row)
    work.session.flush()
    return row


def find(work: Work) -> Sequence[InterestRow]:
    """List one's own interests in the order they were declared."""
    work.actor.require(Permission.DECLARE_INTERESTS)
    own = select(InterestRow).where(InterestRow.person_id == _me(work))
    return work.session.scalars(own.order_by(InterestRow.event_id)).all()


def _me(work: Work) -> UUID:
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.DECLARE_INTERESTS.value)
    return work.actor.person_id
