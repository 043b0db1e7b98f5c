"""The ledger: recording a change, putting entries into the tree, signing it, proving what is in it."""

from service.actions.ledger.recording import LedgerBehindError, record
from service.actions.ledger.sequencing import catch_up, sequence

__all__ = ["LedgerBehindError", "catch_up", "record", "sequence"]
