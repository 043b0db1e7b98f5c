"""What a call can fail with: one class for each family of statuses, each with what the service told of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with what was sent: where (JSON pointer), what (stable code), and a sentence.

    ``cell`` is where it stands in a table that was sent, such as ``sheet!C5``.
    """

    pointer: str
    code: str
    because: str
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a failure.

    ``status`` is None where no answer came. ``figures`` are the members of the problem that only its code has, such as
    ``state`` or ``fact``. ``described`` is whether the service itself answered, rather than something in between.
    """

    code: str
    status: int | None = None
    title: str = ""
    detail: str = ""
    flaws: tuple[Flaw, ...] = ()
    request_id: str | None = None
    retry_after: float | None = None
    figures: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    described: bool = False


class ClientError(Exception):
    """A call that did not succeed. Its text is a sentence in the language the client was asked to speak."""

    def __init__(self, told: Told) -> None:
        """Keep what is known of it."""
        super().__init__(told)
        self.told = told

    def __str__(self) -> str:
        """Say it in one line, with every flaw."""
        said = [self.told.detail or self.told.title or self.told.code]
        said += [f"{flaw.cell or flaw.pointer or '/'}: {flaw.because}" for flaw in self.told.flaws]
        return f"{self.told.code}: " + "; ".join(said)

    @property
    def code(self) -> str:
        """The stable code of ``docs/problems.md``, or ``unanswered``, ``unreadable``, ``http_502`` if it has none."""
        return self.told.code

    @property
    def status(self) -> int | None:
        """The status of the answer, None if none came."""
        return self.told.status

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Everything wrong with what was sent, in order; empty for other failures."""
        return self.told.flaws

    @property
    def request_id(self) -> str | None:
        """The id under which the service's log, and the ledger, have the call."""
        return self.told.request_id

    @property
    def retry_after(self) -> float | None:
        """In how many seconds the service asks to be tried again, None if it does not say."""
        return self.told.retry_after


class UnansweredError(ClientError):
    """No answer came, or not all of it. Whether the deed was done is not known."""


class UnreadableError(ClientError):
    """An answer came that is not what ``openapi.yaml`` promises."""


class RedirectedError(ClientError):
    """The answer points elsewhere (3xx). It is never followed: the key is for one service only."""


class RequestError(ClientError):
    """The call is at fault (4xx)."""


class MalformedError(RequestError):
    """400: the request cannot be read, or its cursor is of another list."""


class UnauthenticatedError(RequestError):
    """401: the key is unknown, revoked or expired."""


class ForbiddenError(RequestError):
    """403: the key's person may not do this."""


class NotFoundError(RequestError):
    """404: there is none, or not for these eyes."""


class ConflictError(RequestError):
    """409: the thing is in a state in which this cannot be done."""


class StaleError(RequestError):
    """412: somebody else changed the thing since it was read. Read it again and decide anew."""


class TooLargeError(RequestError):
    """413: more content than is taken."""


class InvalidError(RequestError):
    """422: what was sent is readable and wrong; ``flaws`` says where."""


class TooManyRequestsError(RequestError):
    """429: asked too often."""


class ServerError(ClientError):
    """The service is at fault (5xx)."""


class UnavailableError(ServerError):
    """502, 503, 504: the service, or something it needs, cannot be reached just now."""


_OF_STATUS: Final[Mapping[int, type[ClientError]]] = MappingProxyType(
    {
        400: MalformedError,
        401: UnauthenticatedError,
        403: ForbiddenError,
        404: NotFoundError,
        409: ConflictError,
        412: StaleError,
        413: TooLargeError,
        422: InvalidError,
        429: TooManyRequestsError,
        502: UnavailableError,
        503: UnavailableError,
        504: UnavailableError,
    }
)
_OF_FAMILY: Final[Mapping[int, type[ClientError]]] = MappingProxyType(
    {3: RedirectedError, 4: RequestError, 5: ServerError}
)


def of_status(status: int) -> type[ClientError]:
    """Give the class of a status that is no success."""
    return _OF_STATUS.get(status) or _OF_FAMILY.get(status // 100, UnreadableError)
