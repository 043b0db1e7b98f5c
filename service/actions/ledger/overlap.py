"""How long two keys sign side by side before one of them signs alone: so long that every inspector hears of it."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.core.ledger.keys import VerifierKey, read_vkey, write_vkey
from service.core.ledger.notes import read_note
from service.db.ledger import LedgerCheckpoint, LedgerEvent
from service.signing import Signer, SignerRefusesError
from service.work import Work

# The subject of entries about the log itself.
KIND: Final = "log"
LOG: Final = "log"

KEY_ADDED: Final = "log.key_added"
KEY_RETIRED: Final = "log.key_retired"

SHORTEST: Final = timedelta(days=30)


def require_overlap(work: Work, signer: Signer, last: LedgerCheckpoint | None) -> None:
    """Raise ``SignerRefusesError(too_soon)`` where a key would sign alone that was added not long enough ago.

    The log is asked only where a key that signed the last checkpoint is gone.
    """
    if last is None:
        return
    gone = _lines(last) - {_line_of(key) for key in _keys(signer)}
    if not gone:
        return
    told = last_told(work.session)
    if told is None or not _goes_on_alone(told, signer) or _line_of(read_vkey(told["data"]["beside"])) not in gone:
        return
    if not may_go_alone(work, told, signer.key, last):
        raise SignerRefusesError(because="too_soon")


def last_told(session: Session) -> dict[str, Any] | None:
    """Give the last entry that tells of a key, if there is one."""
    canon = session.scalars(
        select(LedgerEvent.canon)
        .where(
            LedgerEvent.subject_kind == KIND,
            LedgerEvent.subject_id == LOG,
            LedgerEvent.type.in_((KEY_ADDED, KEY_RETIRED)),
        )
        .order_by(LedgerEvent.rev.desc())
        .limit(1)
    ).first()
    found: dict[str, Any] | None = None if canon is None else json.loads(canon)
    return found


def may_go_alone(work: Work, told: Mapping[str, Any], key: VerifierKey, last: LedgerCheckpoint | None) -> bool:
    """Whether a key that was added may sign alone: it signed the last checkpoint, and was added long enough ago."""
    is_over = work.now - datetime.fromisoformat(told["at"]) >= SHORTEST
    return is_over and last is not None and _line_of(key) in _lines(last)


def _lines(last: LedgerCheckpoint) -> set[tuple[str, bytes]]:
    return {(line.name, line.key_id) for line in read_note(bytes(last.note)).signatures}


def _goes_on_alone(told: Mapping[str, Any], signer: Signer) -> bool:
    """Whether it is the key that was added which signs now, in the place of the other."""
    return bool(told["type"] == KEY_ADDED and told["data"]["vkey"] == write_vkey(signer.key))


def _keys(signer: Signer) -> list[VerifierKey]:
    return [signer.key, *([] if signer.following is None else [signer.following.key])]


def _line_of(key: VerifierKey) -> tuple[str, bytes]:
    return key.name, key.id
