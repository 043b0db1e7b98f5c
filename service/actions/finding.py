"""Finding an entry by its number in the tree or by its own identifier."""

import json
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.core.errors import NotFoundError
from service.core.ledger.spelling import read_number
from service.core.people import Permission
from service.db.ledger import LedgerEvent, LedgerLeaf
from service.work import Work

_PAGE: Final = 1_000


def index_of(work: Work, name: str) -> int:
    """Give the number of an entry in the tree. Raises ``NotFoundError``, ``MalformedError`` for bad digits."""
    work.actor.require(Permission.READ_LEDGER)
    if name.isdecimal():
        return read_number(name)
    try:
        wanted = str(UUID(name))
    except ValueError as error:
        raise NotFoundError(kind="entry") from error
    return _searched(work, wanted)


def _searched(work: Work, wanted: str) -> int:
    """Look through every entry: identifiers stand in their bytes only."""
    entries = select(LedgerLeaf.seq, LedgerEvent.canon).join(LedgerEvent, LedgerEvent.id == LedgerLeaf.event_id)
    with work.session.execute(entries.execution_options(yield_per=_PAGE)) as found:
        for seq, canon in found:
            if wanted.encode() in bytes(canon) and json.loads(canon)["id"] == wanted:
                return int(seq)
    raise NotFoundError(kind="entry")
