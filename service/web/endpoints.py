"""How an endpoint is declared: once. What is declared is what runs, and what ``openapi.yaml`` is written from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar

from service.core.errors import SluiceError
from service.core.people import Permission
from service.core.values import Json
from service.web.ahead import Ahead
from service.web.forms import Form, Given
from service.web.views import Renderer, Shape
from service.work import Work

Received_co = TypeVar("Received_co", covariant=True)

Method: TypeAlias = Literal["GET", "POST", "PUT"]

# What an endpoint does with a call and the parts of its path; its answer goes to the renderer.
Deed: TypeAlias = Callable[..., Any]

_NONE: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Call(Generic[Received_co]):
    """What a deed works with: the unit of work, what was given, and the language of the answer.

    ``asked`` is what the query beside a body gave, ``file`` what came in with a ``FileBody``, ``ready`` what came of
    what was done ahead; None where nothing did.
    """

    work: Work
    given: Received_co
    spoken: str
    asked: Any = None
    file: Any = None
    ready: Any = None


class Body(Protocol):
    """How the content of a request is read."""

    @property
    def shape(self) -> Shape:
        """The schema of the content."""

    @property
    def optional(self) -> bool:
        """Whether there may be no content at all."""

    @property
    def examples(self) -> Mapping[str, object]:
        """Contents for the documentation."""

    def read(self, raw: dict[str, Json]) -> Given[Any]:
        """Read the content, with every flaw."""


@dataclass(frozen=True, slots=True)
class FormBody:
    """Content read by a form."""

    form: Form
    examples: Mapping[str, object] = field(default_factory=lambda: _NONE)
    optional: bool = False

    @property
    def shape(self) -> Shape:
        """The form's own schema."""
        return type(self.form)

    def read(self, raw: dict[str, Json]) -> Given[Any]:
        """Read an object."""
        return self.form.read(raw)


@dataclass(frozen=True, slots=True)
class FileBody:
    """A file, and fields read by a form beside it, as parts of a form; received before the unit of work that uses it.

    ``admits`` refuses whom nothing is received from, in a unit of work of its own that only reads; it takes the work
    and the parts of the path. ``required`` names the parts that must be there, ``most_bytes`` how large the file may be
    where that is not the largest paper.
    """

    form: Form
    admits: Callable[..., object]
    required: tuple[str, ...] = ()
    most_bytes: int | None = None
    examples: Mapping[str, object] = field(default_factory=lambda: _NONE)
    optional: bool = False

    @property
    def shape(self) -> Shape:
        """The form's own schema, with what must be there."""
        return {"allOf": [type(self.form), {"required": list(self.required)}]}

    def read(self, raw: dict[str, Json]) -> Given[Any]:
        """Read the fields."""
        return self.form.read(raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method of one path.

    ``title`` says what it does, in ``zh`` and ``en``. ``stores`` is false for what changes nothing, ``records`` true
    for a reading that leaves an entry. ``needs_version`` asks for ``If-Match``; with ``repeatable`` an
    ``Idempotency-Key`` counts, and what it ``withholds`` is null in the answer to a repetition; what is ``proven`` is
    answered when its entries are in the ledger's tree and signed over; what ``rehearses`` is undone when the query has
    ``dry_run=true``; what takes long and needs no database is done ``ahead``. ``refuses`` names the kinds of errors
    beyond those that follow from the rest. ``examples`` are answers for the documentation.
    """

    method: Method
    path: str
    permission: Permission
    title: tuple[str, str]
    renders: Renderer
    body: Body | None = None
    query: Form | None = None
    status: int = 200
    stores: bool = True
    records: bool = False
    needs_version: bool = False
    repeatable: bool = False
    withholds: tuple[str, ...] = ()
    proven: bool = False
    rehearses: bool = False
    ahead: Ahead | None = None
    refuses: tuple[type[SluiceError], ...] = ()
    examples: Mapping[str, object] = field(default_factory=lambda: _NONE)

    @property
    def read_only(self) -> bool:
        """Whether it only reads."""
        return not self.records and (self.method == "GET" or not self.stores)

    @property
    def answers_with(self) -> tuple[str, ...]:
        """The headers of its renderer that it sends: an address only for what is new."""
        is_new = self.status == HTTPStatus.CREATED
        return tuple(name for name in self.renders.headers if is_new or name != "Location")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEndpoint:
    """A path anybody may read. It makes its own response. ``unlimited``: as often as they like."""

    path: str
    title: tuple[str, str]
    media_type: str
    shape: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    refuses: tuple[type[SluiceError], ...] = ()
    unlimited: bool = False
