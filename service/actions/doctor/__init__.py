"""The doctor: holds the tables against the ledger, the ledger against itself, and assessments against their rules.

It trusts nothing that is stored beside the bytes of the entries: every hash, number, chain and node is worked out
again. It only reads, and gives everything it finds at once.
"""

from service.actions.doctor.examine import Examined, Outside, examine
from service.actions.doctor.replay import Replayed, Verdict, replay

__all__ = ["Examined", "Outside", "Replayed", "Verdict", "examine", "replay"]
