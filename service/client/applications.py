"""Applications: from the draft to the decision, with everything that is read about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from service.client.answers import (
    Application,
    ApplicationSummary,
    Assessment,
    Clock,
    Differences,
    TimelineEntry,
    Version,
    VersionAssessment,
    VersionWithFacts,
)
from service.client.calls import Call, post, put, query
from service.client.given import Filter, Form, Header, NewApplication
from service.client.pages import MOST, paged, whole
from service.client.sending import Line
from service.client.writing import Facts

_PATH = "/v1/applications"


class Read(Protocol):
    """An application as it was read, whole or in a list: deeds rest on its version."""

    @property
    def id(self) -> UUID:
        """Which application."""

    @property
    def version(self) -> int:
        """The version that was read; the service refuses a deed on any other (``StaleError``)."""


@dataclass(frozen=True, slots=True)
class Applications:
    """``client.applications``. Deeds take the application as it was read last, and give it as it stands after."""

    line: Line

    def create(self, new: NewApplication) -> Application:
        """Enter an application, and submit it unless it is a draft. Raises ``InvalidError`` with every flaw."""
        return self.line.ask(Application, post(_PATH, new))

    def get(self, application: UUID) -> Application:
        """Read an application."""
        return self.line.ask(Application, Call("GET", _at(application)))

    def find(self, wanted: Filter | None = None, page: int = MOST) -> Iterator[ApplicationSummary]:
        """Go through the applications you may see, so many at a time. What is entered meanwhile disturbs nothing."""
        wanted = wanted or Filter()
        members = {name: getattr(wanted, name) for name in Filter.__dataclass_fields__}
        return paged(self.line, ApplicationSummary, _PATH, query(**members, limit=page))

    def replace_facts(self, read: Read, facts: Facts) -> Application:
        """Replace the facts of a draft or of a returned application."""
        return self.line.ask(Application, put(f"{_at(read.id)}/facts", {"facts": facts}, read.version))

    def rename(self, read: Read, header: Header) -> Application:
        """Say anew who applies for what, in a draft that was never submitted."""
        return self.line.ask(Application, put(f"{_at(read.id)}/header", header, read.version))

    def submit(self, read: Read) -> Application:
        """Submit it."""
        return self._move(read, "submit")

    def accept(self, read: Read, departments: Sequence[str] = (), due_on: date | None = None) -> Application:
        """Take it into review, and ask departments for their opinions."""
        asked = {} if due_on is None else {"due_on": due_on}
        return self._move(read, "accept", departments=departments, **asked)

    def return_(self, read: Read, reason: str) -> Application:
        """Send it back for supplement."""
        return self._move(read, "return", reason=reason)

    def withdraw(self, read: Read, reason: str) -> Application:
        """Withdraw it."""
        return self._move(read, "withdraw", reason=reason)

    def reconsider(self, read: Read, reason: str) -> Application:
        """Ask for another decision after it was deferred or rejected."""
        return self._move(read, "reconsider", reason=reason)

    def assessment(self, application: UUID, *, verified_only: bool = False) -> Assessment:
        """Read how its latest version was assessed, or work out what counts of it today as verified."""
        asked = query(verified_only=True) if verified_only else {}
        return self.line.ask(Assessment, Call("GET", f"{_at(application)}/assessment", asked))

    def assessments(self, application: UUID) -> tuple[VersionAssessment, ...]:
        """Read how every version was assessed when it was submitted."""
        return whole(self.line, VersionAssessment, f"{_at(application)}/assessments")

    def clock(self, application: UUID) -> Clock:
        """Read how much of the term for review is used."""
        return self.line.ask(Clock, Call("GET", f"{_at(application)}/clock"))

    def timeline(self, application: UUID) -> tuple[TimelineEntry, ...]:
        """Read what happened to it."""
        return whole(self.line, TimelineEntry, f"{_at(application)}/timeline")

    def versions(self, application: UUID) -> tuple[Version, ...]:
        """List its submissions."""
        return whole(self.line, Version, f"{_at(application)}/versions")

    def version(self, application: UUID, n: int) -> VersionWithFacts:
        """Read a submission with its facts."""
        return self.line.ask(VersionWithFacts, Call("GET", f"{_at(application)}/versions/{n:d}"))

    def differences(self, application: UUID, n: int, from_: int | None = None) -> Differences:
        """Compare a submission with the one it follows, or with another."""
        return self.line.ask(
            Differences, Call("GET", f"{_at(application)}/versions/{n:d}/differences", query(from_=from_))
        )

    def letter(self, application: UUID, form: Form = Form.PAGE) -> bytes:
        """Fetch the decision letter, as data or as a page to print."""
        return self.line.content(Call("GET", f"{_at(application)}/letter", accept=form))

    def _move(self, read: Read, move: str, **body: object) -> Application:
        return self.line.ask(Application, post(f"{_at(read.id)}/{move}", body, read.version))


def _at(application: UUID) -> str:
    return f"{_PATH}/{application}"
