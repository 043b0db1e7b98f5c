"""The witness itself: a request in, an answer out, and in between one transaction on what it remembers."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from service.core.ledger.keys import VerifierKey
from service.core.ledger.notes import write_note
from service.core.ledger.witnessing import SIZE_TYPE, Accepted, Admitted, Refused, admit, decide, write_size
from service.witness.keys import Cosigner
from service.witness.memory import Memory

OK: Final = 200
TEXT: Final = "text/plain"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: status, media type, body."""

    status: int
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Witness:
    """A key, the keys of the logs it knows, its memory, and its own clock (seconds since 1970)."""

    cosigner: Cosigner
    logs: tuple[VerifierKey, ...]
    memory: Memory
    clock: Callable[[], int]

    def answer(self, data: bytes) -> Answer:
        """Answer ``add-checkpoint``: a cosignature that is remembered by then, or why there is none."""
        admitted = admit(data, self.logs)
        if isinstance(admitted, Refused):
            return _refusal(admitted)
        outcome = self._remember(admitted)
        if isinstance(outcome, Refused):
            _tell(admitted, outcome)
            return _refusal(outcome)
        return Answer(OK, TEXT, outcome.encode())

    def _remember(self, admitted: Admitted) -> str | Refused:
        origin = admitted.checkpoint.origin
        with self.memory.alone() as recollection:
            decided = decide(recollection.seen(origin), admitted)
            if not isinstance(decided, Accepted):
                return decided
            line = self.cosigner.line(decided.note.text, self.clock())
            recollection.keep(origin, decided.seen, write_note(decided.note) + line.encode())
        return line


def _refusal(refused: Refused) -> Answer:
    if refused.size is not None:
        return Answer(refused.status, SIZE_TYPE, write_size(refused.size))
    return Answer(refused.status, TEXT, f"{refused.because}\n".encode())


def _tell(admitted: Admitted, refused: Refused) -> None:
    """Keep what a log signed and what does not follow in the log lines: it may be evidence."""
    if refused.because != "old_differs":
        note = write_note(admitted.note).decode()
        _LOG.critical("a log shows another history", extra={"because": refused.because, "note": note})
