"""Keys that programs show for people."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from service.client.answers import IssuedKey, Key
from service.client.calls import post
from service.client.given import NewKey
from service.client.pages import whole
from service.client.sending import Line

_USUAL: Final = NewKey()


@dataclass(frozen=True, slots=True)
class Keys:
    """``client.keys``."""

    line: Line

    def issue(self, person: UUID, new: NewKey = _USUAL) -> IssuedKey:
        """Issue a key. It is told once; where the answer was lost, revoke it and issue another."""
        return self.line.ask(IssuedKey, post(_of(person), new))

    def find(self, person: UUID) -> tuple[Key, ...]:
        """List the keys of somebody, without what opens anything."""
        return whole(self.line, Key, _of(person))

    def rotate(self, person: UUID, key: str, overlap_hours: int | None = None) -> IssuedKey:
        """Issue another key in the place of one, which goes on counting for some hours."""
        body = {} if overlap_hours is None else {"overlap_hours": overlap_hours}
        return self.line.ask(IssuedKey, post(f"{_of(person)}/{key}/rotate", body))

    def revoke(self, person: UUID, key: str) -> Key:
        """Revoke a key: it counts no more."""
        return self.line.ask(Key, post(f"{_of(person)}/{key}/revoke"))


def _of(person: UUID) -> str:
    return f"/v1/people/{person}/keys"
