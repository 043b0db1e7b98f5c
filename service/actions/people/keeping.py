"""Who may do what to whose keys, and how many there may be."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from service.actions.people.reading import roles_of
from service.core.errors import ConflictError, ForbiddenError, NotFoundError
from service.core.people import Permission, Scope
from service.db.people import ApiKey
from service.work import Work

LIVE_KEYS: Final = 2


class TooManyKeysError(ConflictError):
    """A person has as many live keys as a rotation needs. Figures: ``most``."""

    code = "too_many_keys"


class KeyWiderError(ForbiddenError):
    """The new key of one's own could be used for more than what was shown to get it."""

    code = "key_wider"


def require_keeper(work: Work, person_id: UUID, kind: str = "person") -> None:
    """Let by who manages people, and whoever it is themselves; to others there is no such ``kind`` of thing."""
    if work.actor.may(Permission.MANAGE_PEOPLE):
        return
    work.actor.require(Permission.KEEP_OWN_KEYS)
    if person_id != work.actor.person_id:
        raise NotFoundError(kind=kind)


def require_no_wider(work: Work, person_id: UUID, scopes: Collection[Scope] | None) -> None:
    """Raise ``KeyWiderError`` if one's own new key would open more than what was shown opens."""
    actor = work.actor
    if person_id != actor.person_id or actor.credential is None:
        return
    wanted = None if scopes is None else frozenset(scopes)
    if not actor.credential.covers_all(wanted) or actor.roles != roles_of(work.session, person_id):
        raise KeyWiderError


def require_room(work: Work, person_id: UUID, *, leaving: int = 0) -> None:
    """Raise ``TooManyKeysError`` unless a person may have one more key when ``leaving`` of them are gone."""
    if len(live(work, person_id)) - leaving >= LIVE_KEYS:
        raise TooManyKeysError(most=LIVE_KEYS)


def live(work: Work, person_id: UUID) -> list[ApiKey]:
    """List a person's live keys in the order they were issued."""
    query = (
        select(ApiKey)
        .where(ApiKey.person_id == person_id, ApiKey.expires_at > work.now)
        .where(or_(ApiKey.revoked_at.is_(None), ApiKey.revoked_at > work.now))
        .order_by(ApiKey.created_at, ApiKey.id)
    )
    return list(work.session.scalars(query))


def scopes_of(key: ApiKey) -> tuple[Scope, ...] | None:
    """Give what a key may be used for; None for all that its person may."""
    return None if key.scopes is None else tuple(Scope(scope) for scope in json.loads(key.scopes))


def end_of(key: ApiKey) -> datetime:
    """Say until when a key counts."""
    return key.expires_at if key.revoked_at is None else min(key.expires_at, key.revoked_at)
