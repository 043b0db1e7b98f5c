"""People and their roles, and who they are to an identity server."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from service.client.answers import Identity, Person
from service.client.calls import Call, post, query
from service.client.given import NewPerson
from service.client.pages import MOST, paged, whole
from service.client.sending import Line

_PATH = "/v1/people"


@dataclass(frozen=True, slots=True)
class People:
    """``client.people``."""

    line: Line

    def add(self, new: NewPerson) -> Person:
        """Add somebody with their roles."""
        return self.line.ask(Person, post(_PATH, new))

    def find(
        self, role: str | None = None, text: str | None = None, *, erased: bool | None = None, page: int = MOST
    ) -> Iterator[Person]:
        """Go through everybody, or those with a role, with a text in name, department or log-in, erased or not."""
        return paged(self.line, Person, _PATH, query(role=role, text=text, erased=erased, limit=page))

    def get(self, person: UUID) -> Person:
        """Read about somebody."""
        return self.line.ask(Person, Call("GET", f"{_PATH}/{person}"))

    def set_roles(self, read: Person, roles: Sequence[str]) -> Person:
        """Give somebody as they were read these roles in the place of all they hold."""
        return self.line.ask(Person, post(f"{_PATH}/{read.id}/roles", {"roles": roles}, read.version))

    def erase(self, read: Person) -> Person:
        """Erase the name of somebody as they were read, for good; what they did stays."""
        return self.line.ask(Person, post(f"{_PATH}/{read.id}/erase", version=read.version))

    def link(self, person: UUID, subject: str, issuer: str | None = None) -> Identity:
        """Say what an identity server calls somebody; without ``issuer`` it is the server of the settings."""
        body = {"subject": subject} | ({} if issuer is None else {"issuer": issuer})
        return self.line.ask(Identity, post(f"{_PATH}/{person}/identities", body))

    def identities(self, person: UUID) -> tuple[Identity, ...]:
        """List who somebody is to identity servers."""
        return whole(self.line, Identity, f"{_PATH}/{person}/identities")

    def unlink(self, person: UUID, identity: UUID) -> Identity:
        """Take back that somebody is known under an identity."""
        return self.line.ask(Identity, post(f"{_PATH}/{person}/identities/{identity}/unlink"))
