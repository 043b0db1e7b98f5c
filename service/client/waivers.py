"""Waivers of a gate."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from service.client.answers import Waiver
from service.client.calls import Call, post, query
from service.client.given import NewWaiver
from service.client.pages import MOST, paged
from service.client.sending import Line

_PATH = "/v1/waivers"


@dataclass(frozen=True, slots=True)
class Waivers:
    """``client.waivers``."""

    line: Line

    def grant(self, new: NewWaiver) -> Waiver:
        """Set a gate aside for one application and a time."""
        return self.line.ask(Waiver, post(_PATH, new))

    def find(self, application: UUID | None = None, page: int = MOST) -> Iterator[Waiver]:
        """Go through the waivers of the applications you may see, or of one of them, the latest first."""
        return paged(self.line, Waiver, _PATH, query(application_id=application, limit=page))

    def get(self, waiver: UUID) -> Waiver:
        """Read a waiver."""
        return self.line.ask(Waiver, Call("GET", f"{_PATH}/{waiver}"))

    def revoke(self, read: Waiver, reason: str) -> Waiver:
        """Revoke a waiver as it was read."""
        return self.line.ask(Waiver, post(f"{_PATH}/{read.id}/revoke", {"reason": reason}, read.version))
