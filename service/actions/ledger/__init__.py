"""The ledger: recording a change, putting entries into the tree, signing it, proving what is in it."""

from service.actions.ledger.anchored import Anchored, anchor
from service.actions.ledger.checkpoints import checkpoint, note, require_signer
from service.actions.ledger.health import Health, health
from service.actions.ledger.heartbeat import tend
from service.actions.ledger.including import Included, include
from service.actions.ledger.proofs import consistency_proof, inclusion_proof
from service.actions.ledger.recording import LedgerBehindError, begin, record
from service.actions.ledger.sequencing import catch_up, sequence
from service.actions.ledger.tiles import published, tile
from service.actions.ledger.witnessed import Asked, cosign, cosign_by

__all__ = [
    "Anchored",
    "Asked",
    "Health",
    "Included",
    "LedgerBehindError",
    "anchor",
    "begin",
    "catch_up",
    "checkpoint",
    "consistency_proof",
    "cosign",
    "cosign_by",
    "health",
    "include",
    "inclusion_proof",
    "note",
    "published",
    "record",
    "require_signer",
    "sequence",
    "tend",
    "tile",
]
