"""One entry, and as much of it as whoever asks may know: its proof is everybody's, its bytes are not."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from service.actions.entries.reading import in_sight, withheld
from service.actions.entries.seeking import Selected, first_signed
from service.core.errors import MalformedError, NotFoundError
from service.core.ledger.spelling import read_number
from service.core.people import Permission
from service.db.canon import holds_id
from service.db.ledger import LedgerEvent, LedgerLeaf
from service.work import Work


@dataclass(frozen=True, slots=True)
class LookedUp:
    """An entry: its number in the tree, None while it waits, and the size of the first checkpoint signed over it.

    ``canon`` are its bytes, None where they are not for whoever asks; ``leaf_hash`` is told once it is signed over, or
    with the bytes.
    """

    index: int | None
    size: int | None
    leaf_hash: bytes | None
    canon: bytes | None


def look_up(work: Work, name: str) -> LookedUp:
    """Give an entry by its number in the tree or by its own identifier, by which only its readers find it.

    Raises ``NotFoundError``.
    """
    work.actor.require(Permission.READ_PROOFS)
    with suppress(MalformedError):
        index = read_number(name)
        return _shown(work, work.session.execute(_entries(work).where(LedgerLeaf.seq == index)).first())
    try:
        wanted = str(UUID(name))
    except ValueError as error:
        raise NotFoundError(kind="entry") from error
    work.actor.require(Permission.READ_LEDGER)
    rows = work.session.execute(_entries(work).where(holds_id(wanted)))
    found = _shown(work, next((row for row in rows if json.loads(row.canon)["id"] == wanted), None))
    if found.canon is None:
        raise NotFoundError(kind="entry")
    return found


def _entries(work: Work) -> Selected:
    told = (LedgerEvent.id, LedgerEvent.canon, LedgerEvent.type, LedgerEvent.leaf_hash)
    placed = select(*told, LedgerLeaf.seq, first_signed().label("size"), in_sight(work).label("in_sight"))
    return placed.join(LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id, isouter=True)


def _shown(work: Work, row: Any) -> LookedUp:  # noqa: ANN401 - a row of several tables, or None
    if row is None:
        raise NotFoundError(kind="entry")
    is_read = work.actor.may(Permission.READ_LEDGER) and row.in_sight
    if is_read and not withheld(work, [(row.id, row.type, row.canon)]):
        return LookedUp(row.seq, row.size, bytes(row.leaf_hash), bytes(row.canon))
    return LookedUp(row.seq, row.size, None if row.size is None else bytes(row.leaf_hash), None)
