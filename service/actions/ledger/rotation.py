"""Changing the log's key: for a while two keys sign, and the log tells from which size on, and up to which."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from service.actions.ledger.checkpoints import newest
from service.actions.ledger.overlap import KEY_ADDED, KEY_RETIRED, KIND, LOG, last_told, may_go_alone
from service.actions.ledger.recording import record
from service.actions.ledger.sequencing import hold_turn, sequence_all
from service.core.ledger.canonical import Plain
from service.core.ledger.keys import write_vkey
from service.core.people import SYSTEM
from service.signing import Signer
from service.work import Runtime, Work

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
    told = last_told(work.session)
    if told is not None and told["type"] == KEY_ADDED:
        return _ended(work, told, signer, following)
    if following is None:
        return None
    return KEY_ADDED, {"vkey": following, "beside": own, "size": _signed(work.session)}


def _ended(work: Work, told: Mapping[str, Any], signer: Signer, following: str | None) -> _Told | None:
    """Give which key no longer signs, once two did; of one that goes too soon nothing, as nothing is signed either."""
    began, last = told["data"], newest(work.session)
    if began["vkey"] == following:
        return None
    if began["vkey"] != write_vkey(signer.key):
        return KEY_RETIRED, {"vkey": began["vkey"], "size": _signed(work.session)}
    if not may_go_alone(work, told, signer.key, last):
        return None
    return KEY_RETIRED, {"vkey": began["beside"], "size": _signed(work.session)}


def _signed(session: Session) -> int:
    last = newest(session)
    return 0 if last is None else last.size
