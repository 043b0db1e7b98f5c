"""Whom the house says an inspector should believe: public keys, their last sizes, witnesses. A hint, never a reason."""

import json
from types import MappingProxyType
from typing import Final

from sqlalchemy import select

from service.actions.doctor.keys import exchanged
from service.actions.ledger.overlap import KEY_ADDED, KEY_RETIRED, KIND, LOG
from service.core.ledger.folding import Entry
from service.core.ledger.keys import VerifierKey
from service.core.ledger.policy import NOBODY, Group, Policy, Trusted
from service.core.ledger.spelling import LARGEST_SIZE
from service.core.people import Permission
from service.db.ledger import LedgerCheckpoint, LedgerEvent
from service.signing import Signer
from service.work import Work

_ALL: Final = "every-witness"
# So many checkpoints after a key was added are looked at for one that both keys signed.
_LOOKED_AT: Final = 3


def policy(work: Work, signer: Signer | None) -> Policy:
    """Give the log's keys and the witnesses of the settings, all of whom must have signed; no log without a key."""
    work.actor.require(Permission.READ_PROOFS)
    told = _told(work)
    keys = exchanged(None if signer is None else signer.key, told, _signed_after(work, told))
    logs = tuple(_trusted(key, last) for key, last in keys.last.items())
    witnesses = {one.key.name: Trusted(one.key) for one in work.settings.ledger_witnesses}
    groups = {_ALL: Group(len(witnesses), tuple(witnesses))} if witnesses else {}
    quorum = _ALL if witnesses else NOBODY
    return Policy(logs, MappingProxyType(witnesses), MappingProxyType(groups), quorum)


def _trusted(key: VerifierKey, last: int) -> Trusted:
    """Trust a key up to its last size, written where a policy has it."""
    return Trusted(key) if last == LARGEST_SIZE else Trusted(key, 0, last, f"https://{key.name}#sizes=0-{last}")


def _told(work: Work) -> list[Entry]:
    """Give the entries that tell of other keys, oldest first."""
    about = (LedgerEvent.subject_kind == KIND, LedgerEvent.subject_id == LOG)
    changes = select(LedgerEvent.id, LedgerEvent.canon).where(*about, LedgerEvent.type.in_((KEY_ADDED, KEY_RETIRED)))
    found = [(row.id, json.loads(row.canon)) for row in work.session.execute(changes.order_by(LedgerEvent.rev))]
    return [Entry(number, event["type"], LOG, event["data"]) for number, event in found]


def _signed_after(work: Work, told: list[Entry]) -> list[LedgerCheckpoint]:
    """Give the checkpoints after each key was added, among which both keys must have signed one."""
    found: list[LedgerCheckpoint] = []
    for entry in told:
        if entry.type == KEY_ADDED:
            later = select(LedgerCheckpoint).where(LedgerCheckpoint.size > entry.data["size"])
            found += work.session.scalars(later.order_by(LedgerCheckpoint.size).limit(_LOOKED_AT))
    return found
