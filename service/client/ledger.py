"""The ledger: signed states, proofs, entries. ``docs/ledger.md`` says how to check them with other tools."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.client.answers import Entry, Event, LedgerHealth
from service.client.calls import Call, query
from service.client.pages import MOST, paged
from service.client.sending import Line

_PATH = "/v1/ledger"
_TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Ledger:
    """``client.ledger``. Nothing is checked here: the notes and proofs come as the service signed them."""

    line: Line

    def checkpoint(self) -> str:
        """Fetch the newest checkpoint, a signed note. Keep it: it shows any later rollback."""
        return self._text(f"{_PATH}/checkpoint")

    def prove_inclusion(self, index: int, size: int | None = None) -> str:
        """Fetch a proof that an entry is in a signed checkpoint, the newest or that of a size."""
        return self._text(f"{_PATH}/proofs/inclusion", index=index, size=size)

    def prove_consistency(self, from_: int, to: int) -> str:
        """Fetch a proof that the newer of two signed checkpoints begins with the older."""
        return self._text(f"{_PATH}/proofs/consistency", from_=from_, to=to)

    def entries(self, after: int | None = None, page: int = MOST) -> Iterator[Entry]:
        """Go through the entries in the tree by number, after one or from the first on."""
        return paged(self.line, Entry, f"{_PATH}/entries", query(after=after, limit=page), cursor="after")

    def events(self, after: int | None = None, page: int = MOST) -> Iterator[Event]:
        """Go through what webhooks are sent, after an index or from the first on: to catch up after an outage."""
        return paged(self.line, Event, "/v1/events", query(after=after, limit=page), cursor="after")

    def health(self) -> LedgerHealth:
        """Ask how the ledger is."""
        return self.line.ask(LedgerHealth, Call("GET", f"{_PATH}/health"))

    def _text(self, path: str, **asked: object) -> str:
        return self.line.content(Call("GET", path, query(**asked), accept=_TEXT)).decode()
