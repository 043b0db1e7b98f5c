"""Changing the log's key: for a while two keys sign, and the log tells from which size on, and up to which."""

import json
from typing import Any, Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.actions.ledger.checkpoints import newest
from service.actions.ledger.recording import record
from service.actions.ledger.sequencing import hold_turn, sequence_all
from service.core.ledger.canonical import Plain
from service.core.ledger.keys import write_vkey
from service.core.people import SYSTEM
from service.db.ledger import LedgerEvent
from service.signing import Signer
from service.work import Runtime, Work

# The subject of entries about the log itself.
KIND: Final = "log"
LOG: Final = "log"

KEY_ADDED: Final = "log.key_added"
KEY_RETIRED: Final = "log.key_retired"

_Told: TypeAlias = tuple[str, dict[str, Plain]]


def tell_keys(runtime: Runtime) -> None:
    """Tell of a key that has begun to sign beside the other, and of one that no longer does; in the tree at once."""
    if runtime.signer is None:
        return
    with runtime.work(SYSTEM, read_only=True) as work:
        is_told = _untold(work, runtime.signer) is None
    if is_told:
        return
    with runtime.work(SYSTEM) as work:
        hold_turn(work.session)
        untold = _untold(work, runtime.signer)
        if untold is not None:
            record(work, untold[0], KIND, LOG, untold[1])
            work.last_steps[sequence_all] = None


def _untold(work: Work, signer: Signer) -> _Told | None:
    """Give what the log does not say yet of the keys that sign; of several things the first."""
    own = write_vkey(signer.key)
    following = None if signer.following is None else write_vkey(signer.following.key)
    last = _last(work.session)
    began = None if last is None or last["type"] == KEY_RETIRED else last["data"]
    if began is not None and began["vkey"] != following:
        gone = began["beside"] if began["vkey"] == own else began["vkey"]
        return KEY_RETIRED, {"vkey": gone, "size": _signed(work.session)}
    if began is None and following is not None:
        return KEY_ADDED, {"vkey": following, "beside": own, "size": _signed(work.session)}
    return None


def _last(session: Session) -> dict[str, Any] | None:
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


def _signed(session: Session) -> int:
    last = newest(session)
    return 0 if last is None else last.size
