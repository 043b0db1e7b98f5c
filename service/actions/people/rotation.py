"""Rotating keys: a new one takes the place of an old one, and both count for a while."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from service.actions.ledger import record
from service.actions.people.keeping import end_of, require_no_wider, require_room, scopes_of
from service.actions.people.keys import held_key, make
from service.actions.people.secret import Issued, NewKey, new_secret
from service.core.errors import Flaw, InvalidError, NotFoundError
from service.core.people import person_ref
from service.work import Work

LONGEST_OVERLAP: Final = timedelta(days=7)

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rotation:
    """For how long the old key goes on counting."""

    overlap_hours: int = 24


def rotate(work: Work, person_id: UUID | None, key_id: str, how: Rotation) -> Issued:
    """Give a key for the same as an old one, for as long as that was for; the old one ends after the overlap.

    ``person_id`` None: whoever has the key.

    Raises ``NotFoundError``, ``InvalidError``, ``KeyWiderError``, ``TooManyKeysError``.
    """
    old = held_key(work, key_id, person_id)
    if end_of(old) <= work.now:
        raise NotFoundError(kind="key")
    most = LONGEST_OVERLAP // _HOUR
    if not 0 <= how.overlap_hours <= most:
        raise InvalidError((Flaw("/overlap_hours", "overlap_range", {"most": most}),))
    overlap = how.overlap_hours * _HOUR
    owner, scopes = old.person_id, scopes_of(old)
    require_no_wider(work, owner, scopes)
    require_room(work, owner, leaving=int(not overlap))
    lifetime = old.expires_at - old.created_at
    new = make(work, owner, NewKey(old.label, scopes, work.now + lifetime), new_secret())
    old.revoked_at = min(end_of(old), work.now + overlap)
    data = {
        "person": person_ref(owner),
        "successor": new.row.id,
        "until": old.revoked_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    old.event_id = record(work, "key.rotated", "key", key_id, data)
    work.session.flush()
    return new
