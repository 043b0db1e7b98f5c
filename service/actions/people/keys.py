"""Keys: issuing, listing and revoking them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.actions.ledger import record
from service.actions.people.keeping import end_of, live, require_keeper, require_no_wider, require_room
from service.actions.people.reading import held, present
from service.actions.people.secret import Issued, NewKey, digest, key_text, new_key_id, new_secret, written
from service.core.cases.headers import text_flaws
from service.core.errors import Flaw, ForbiddenError, InvalidError, NotFoundError
from service.core.ledger.canonical import Plain
from service.core.people import Permission, person_ref
from service.db.people import ApiKey
from service.work import Work

KEY_LIFETIME: Final = timedelta(days=365)

LONGEST_LABEL = 60


def issue(work: Work, person_id: UUID, new: NewKey) -> Issued:
    """Issue a key and give it in full, for the only time. At most ``LIVE_KEYS`` live keys a person.

    Raises ``NotFoundError``, ``AlreadyErasedError``, ``InvalidError``, ``KeyWiderError``, ``TooManyKeysError``.
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    return _issue(work, person_id, new)


def _issue(work: Work, person_id: UUID, new: NewKey) -> Issued:
    present(work, person_id)
    flaws = tuple(_flaws(work, new))
    if flaws:
        raise InvalidError(flaws)
    require_no_wider(work, person_id, new.scopes)
    require_room(work, person_id)
    return make(work, person_id, new, new_secret())


def issue_own(work: Work, new: NewKey) -> Issued:
    """Issue a key to whoever acts, for what they may do themselves, and give it in full, for the only time.

    Raises ``ForbiddenError`` for one who is no person, and what ``issue`` raises.
    """
    work.actor.require(Permission.KEEP_OWN_KEYS)
    if work.actor.person_id is None:
        raise ForbiddenError(permission=Permission.KEEP_OWN_KEYS.value)
    return _issue(work, work.actor.person_id, new)


def issue_key(work: Work, person_id: UUID, *, secret: str | None = None, lifetime: timedelta = KEY_LIFETIME) -> str:
    """Issue a key for all that a person may do, and give it in full.

    ``secret`` is for demonstration people, whose keys are printed again; otherwise it is random (256 bits).
    """
    work.actor.require(Permission.MANAGE_PEOPLE)
    present(work, person_id)
    require_no_wider(work, person_id, None)
    require_room(work, person_id)
    return make(work, person_id, NewKey(expires_at=work.now + lifetime), secret or new_secret()).text


def make(work: Work, person_id: UUID, new: NewKey, secret: str) -> Issued:
    """Put a key there, with its entry. Whether it may be is the caller's to ask. What it is called stays outside."""
    key_id, expires_at = new_key_id(), new.expires_at or work.now + KEY_LIFETIME
    scopes = None if new.scopes is None else tuple(sorted({scope.value for scope in new.scopes}))
    data: dict[str, Plain] = {"person": person_ref(person_id), "expires_at": expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    data |= {} if scopes is None else {"scopes": scopes}
    row = ApiKey(
        id=key_id,
        person_id=person_id,
        label=(new.label or "").strip() or None,
        scopes=written(new.scopes),
        secret_sha256=digest(secret),
        created_at=work.now,
        expires_at=expires_at,
        event_id=record(work, "key.issued", "key", key_id, data),
    )
    work.session.add(row)
    work.session.flush()
    return Issued(row, key_text(key_id, secret))


def find_keys(work: Work, person_id: UUID, *, ended: bool = False) -> list[ApiKey]:
    """List a person's live keys in the order they were issued, with ``ended`` also those that were."""
    require_keeper(work, person_id)
    if not ended:
        return live(work, person_id)
    query = select(ApiKey).where(ApiKey.person_id == person_id).order_by(ApiKey.created_at, ApiKey.id)
    return list(work.session.scalars(query))


def revoke_key(work: Work, key_id: str, person_id: UUID | None = None) -> ApiKey:
    """End a key's life now. Raises ``NotFoundError``, also for a key that has ended, or is not this person's."""
    key = held_key(work, key_id, person_id)
    key.revoked_at = work.now
    key.event_id = record(work, "key.revoked", "key", key_id, {"person": person_ref(key.person_id)})
    work.session.flush()
    return key


def held_key(work: Work, key_id: str, person_id: UUID | None) -> ApiKey:
    """Hold the row of a live key, and that of its person. Raises ``NotFoundError``."""
    found = work.session.scalar(select(ApiKey.person_id).where(ApiKey.id == key_id))
    require_keeper(work, found or UUID(int=0), "key")
    if found is None or person_id not in (None, found):
        raise NotFoundError(kind="key")
    held(work, found)
    key = work.session.get_one(ApiKey, key_id, with_for_update=True, populate_existing=True)
    if key.revoked_at is not None and end_of(key) <= work.now:
        raise NotFoundError(kind="key")
    return key


def _flaws(work: Work, new: NewKey) -> Iterator[Flaw]:
    if new.label is not None:
        yield from text_flaws("/label", new.label.strip(), 1, LONGEST_LABEL)
    if new.scopes is not None and not new.scopes:
        yield Flaw("/scopes", "scopes_missing")
    if new.expires_at is not None and not work.now < new.expires_at <= work.now + KEY_LIFETIME:
        yield Flaw("/expires_at", "key_expiry", {"days": KEY_LIFETIME.days})
