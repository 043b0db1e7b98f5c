"""What can go wrong, as kinds with a stable code and figures.

An error never holds a sentence and knows nothing of HTTP: each edge translates it once, with the words of
``service/words``. The table of kinds, status codes and exit codes is in ``docs/problems.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with an input: where (JSON pointer), what (stable code), and the figures for its sentence.

    ``cell`` is where it stands in a table (``sheet!C5``), if the input came in one.
    """

    pointer: str
    code: str
    figures: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    cell: str | None = None


class SluiceError(Exception):
    """The root of everything the service says no with. ``code`` is stable; ``figures`` fill its sentence."""

    code: ClassVar[str] = "internal"

    def __init__(self, **figures: object) -> None:
        """Keep the figures; the edge that answers turns them into a sentence."""
        super().__init__(self.code, figures)
        self.figures = figures


class InvalidError(SluiceError):
    """Input that cannot be accepted, with every flaw at once."""

    code = "invalid"

    def __init__(self, flaws: tuple[Flaw, ...], **figures: object) -> None:
        """Take at least one flaw; they are reported in the order given."""
        super().__init__(**figures)
        self.flaws = flaws


class MalformedError(SluiceError):
    """Bytes that are not even the promised format (broken JSON, duplicate keys, NaN)."""

    code = "malformed"


class UnauthenticatedError(SluiceError):
    """Nobody we know is asking."""

    code = "unauthenticated"


class ForbiddenError(SluiceError):
    """We know who asks, and this is not theirs to do."""

    code = "forbidden"


class NotFoundError(SluiceError):
    """There is none, or not for these eyes: the two are not told apart."""

    code = "not_found"


class ConflictError(SluiceError):
    """The thing is in a state in which this cannot be done."""

    code = "conflict"


class StaleError(SluiceError):
    """The caller last read another version than the one that stands now."""

    code = "stale"


class TooLargeError(SluiceError):
    """More content than is taken. Figures: ``most`` (bytes)."""

    code = "too_large"
