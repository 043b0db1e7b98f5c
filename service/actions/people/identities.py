"""Who a person is to an identity server, so that a token of theirs is theirs."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from service.actions.identifiers import new_id
from service.actions.ledger import record
from service.actions.people.reading import present
from service.core.cases.headers import text_flaws
from service.core.errors import ConflictError, InvalidError, NotFoundError
from service.core.ledger.canonical import Plain
from service.core.ledger.commitments import SALT_BYTES, commitment
from service.core.people import Permission
from service.db.people import Person, PersonIdentity
from service.work import Work

LONGEST_ISSUER = 300
LONGEST_SUBJECT = 255


class IdentityTakenError(ConflictError):
    """What the identity server calls this subject is linked to a person already."""

    code = "identity_taken"


class NoIssuerError(ConflictError):
    """No identity server is set, and none was named."""

    code = "no_issuer"


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """What an identity server calls somebody. ``issuer`` None: the one that is set."""

    subject: str
    issuer: str | None = None


def link(work: Work, person_id: UUID, new: NewIdentity) -> PersonIdentity:
    """Say that tokens about this subject are a person's. The ledger has no more of the subject than a commitment.

    Raises ``NotFoundError``, ``AlreadyErasedError``, ``NoIssuerError``, ``InvalidError``, ``IdentityTakenError``.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    present(work, person_id)
    issuer = new.issuer or work.settings.oidc_issuer
    if not issuer:
        raise NoIssuerError
    flaws = text_flaws("/subject", new.subject, 1, LONGEST_SUBJECT) + text_flaws("/issuer", issuer, 1, LONGEST_ISSUER)
    if flaws:
        raise InvalidError(flaws)
    if work.session.scalars(select(PersonIdentity).filter_by(issuer=issuer, subject=new.subject)).first() is not None:
        raise IdentityTakenError
    identity_id, salt = new_id(work), secrets.token_bytes(SALT_BYTES)
    data: dict[str, Plain] = {
        "identity": str(identity_id),
        "issuer": issuer,
        "subject_commitment": commitment(salt, new.subject),
    }
    row = PersonIdentity(id=identity_id, person_id=person_id, issuer=issuer, subject=new.subject, salt=salt)
    row.linked_at, row.event_id = work.now, record(work, "identity.linked", "person", str(person_id), data)
    work.session.add(row)
    try:
        work.session.flush()
    except IntegrityError as error:  # somebody else was quicker
        raise IdentityTakenError from error
    return row


def find_identities(work: Work, person_id: UUID) -> Sequence[PersonIdentity]:
    """List who a person is to identity servers, in the order they were linked. Raises ``NotFoundError``."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    if work.session.get(Person, person_id) is None:
        raise NotFoundError(kind="person")
    own = select(PersonIdentity).where(PersonIdentity.person_id == person_id)
    return work.session.scalars(own.order_by(PersonIdentity.event_id)).all()


def unlink(work: Work, person_id: UUID, identity_id: UUID) -> PersonIdentity:
    """Say that tokens about a subject are this person's no more, and give what was said. Raises ``NotFoundError``."""
    work.actor.require(Permission.MANAGE_PEOPLE)
    row = work.session.get(PersonIdentity, identity_id, with_for_update=True)
    if row is None or row.person_id != person_id:
        raise NotFoundError(kind="identity")
    record(work, "identity.unlinked", "person", str(person_id), {"identity": str(identity_id)})
    work.session.delete(row)
    work.session.flush()
    return row
