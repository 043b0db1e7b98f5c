"""The ledger: recording a change, putting entries into the tree, signing it, proving what is in it."""

from service.actions.ledger.checkpoints import checkpoint, note, require_signer
from service.actions.ledger.heartbeat import tend
from service.actions.ledger.including import Included, include
from service.actions.ledger.recording import LedgerBehindError, record
from service.actions.ledger.sequencing import catch_up, sequence

__all__ = [
    "Included",
    "LedgerBehindError",
    "catch_up",
    "checkpoint",
    "include",
    "note",
    "record",
    "require_signer",
    "sequence",
    "tend",
]
