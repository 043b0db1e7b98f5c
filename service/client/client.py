"""The client: one service, one key, one pool of connections."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from service.client.answers import Assessment, Me
from service.client.applications import Applications
from service.client.calls import Call, query
from service.client.errors import InvalidError
from service.client.evidence import Evidence
from service.client.imports import Imports
from service.client.keys import Keys
from service.client.ledger import Ledger
from service.client.meetings import Meetings
from service.client.opinions import Opinions
from service.client.people import People
from service.client.reading import shaped, unreadable
from service.client.retries import Retries
from service.client.rulebooks import Rulebooks
from service.client.sending import Line, Manner, told_of
from service.client.waivers import Waivers
from service.client.writing import Facts, written
from service.core.values import Json

CHUNK: Final = 1_000
_PATH: Final = "/v1/assessments"
_USUAL: Final = Retries()


class SluiceClient:
    """Sluice for programs: what its API offers, with types, retries and errors that say what is wrong.

    Every method raises ``ClientError`` of the status that was answered. Not for several threads at once: each takes a
    client of its own.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        language: str = "zh-CN",
        timeout: float = 30,
        retries: Retries = _USUAL,
    ) -> None:
        """Take the address of the service without ``/v1``, and the key of whoever asks. Nothing is sent yet.

        ``timeout`` is how many seconds to wait for a connection, and for each sign of life of an answer.
        Raises ``ValueError`` for an address or a key that cannot be one.
        """
        self._line = Line(base_url, key, Manner(language, timeout, retries))
        self.applications = Applications(self._line)
        self.evidence = Evidence(self._line)
        self.opinions = Opinions(self._line)
        self.waivers = Waivers(self._line)
        self.meetings = Meetings(self._line)
        self.imports = Imports(self._line)
        self.ledger = Ledger(self._line)
        self.people = People(self._line)
        self.keys = Keys(self._line)
        self.rulebooks = Rulebooks(self._line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._line.close()

    def me(self) -> Me:
        """Say who asks, and what they may do."""
        return self._line.ask(Me, Call("GET", "/v1/me"))

    def assess(self, facts: Facts, application: UUID | None = None) -> Assessment:
        """Assess facts, storing nothing; with the waivers of an application if one is named."""
        return self._line.ask(Assessment, _asking(facts, application))

    def assess_many(
        self, many: Iterable[Facts], application: UUID | None = None
    ) -> Iterator[Assessment | InvalidError]:
        """Assess the facts of many projects in order, a thousand at a time.

        Those that cannot be assessed come as the error that says why, in their place, and do not disturb the others.
        """
        rest = iter(many)
        while chunk := list(islice(rest, CHUNK)):
            yield from self._assess(chunk, application)

    def _assess(self, chunk: list[Facts], application: UUID | None) -> list[Assessment | InvalidError]:
        answer = self._line.parsed(_asking({"items": chunk}, application))
        items = answer.get("items") if isinstance(answer, dict) else None
        if not isinstance(items, list) or len(items) != len(chunk):
            raise unreadable("items")
        return [_found(item) for item in items]


def _asking(body: object, application: UUID | None) -> Call:
    return Call("POST", _PATH, query(application=application), written(body))


def _found(item: Json) -> Assessment | InvalidError:
    if isinstance(item, Mapping) and "error" in item:
        return InvalidError(told_of(item["error"]))
    return shaped(Assessment, item)
