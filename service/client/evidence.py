"""Papers that back facts."""

import hashlib
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from service.client.answers import Paper, Papers
from service.client.calls import Call, FileBody, post
from service.client.given import NewPaper
from service.client.reading import unreadable
from service.client.sending import Line
from service.client.writing import text

_DAYS = ("issued_on", "covers_from", "covers_to", "expires_on")


class Target(Protocol):
    """What takes bytes: an open file."""

    def write(self, content: bytes, /) -> object:
        """Take a piece."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """``client.evidence``."""

    line: Line

    def attach(self, application: UUID, new: NewPaper) -> Paper:
        """Hand in a file. It is read as it is sent and never in memory whole. Raises ``OSError`` without the file."""
        days = [(name, text(day)) for name in _DAYS if (day := getattr(new, name)) is not None]
        fields = (("grade", new.grade), *(("facts", fact) for fact in new.facts), *days)
        body = FileBody(new.path, new.name or new.path.name, new.media_type, fields)
        return self.line.ask(Paper, Call("POST", _at(application), body=body))

    def find(self, application: UUID) -> Papers:
        """List the papers of an application, and how each fact stands today."""
        return self.line.ask(Papers, Call("GET", _at(application)))

    def get(self, application: UUID, n: int) -> Paper:
        """Read about a paper."""
        return self.line.ask(Paper, Call("GET", f"{_at(application)}/{n:d}"))

    def download(self, application: UUID, paper: Paper, target: Target) -> None:
        """Write the content of a paper into an open file; the ledger records that you read it.

        Raises ``UnansweredError`` if it breaks off and ``UnreadableError`` if it is not the content that was handed in:
        what is in the file is of no use then.
        """
        found = hashlib.sha256()
        with self.line.pieces(Call("GET", f"{_at(application)}/{paper.n}/content", accept="*/*")) as pieces:
            for piece in pieces:
                found.update(piece)
                target.write(piece)
        if found.hexdigest() != paper.sha256:
            raise unreadable("sha256")

    def accept(self, application: UUID, paper: Paper, reason: str = "") -> Paper:
        """Accept a paper as it was read."""
        return self._rule(application, paper, "accept", reason)

    def refuse(self, application: UUID, paper: Paper, reason: str) -> Paper:
        """Refuse a paper as it was read."""
        return self._rule(application, paper, "refuse", reason)

    def _rule(self, application: UUID, paper: Paper, ruling: str, reason: str) -> Paper:
        path = f"{_at(application)}/{paper.n}/{ruling}"
        return self.line.ask(Paper, post(path, {"reason": reason}, paper.version))


def _at(application: UUID) -> str:
    return f"/v1/applications/{application}/evidence"
