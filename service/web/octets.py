"""Answers that are not JSON: bytes and texts as an action gives them."""

from dataclasses import dataclass
from typing import Any, Final

from service.web.views import Shape, Shown

TEXT: Final = "text/plain"
OCTETS: Final = "application/octet-stream"
PASSING: Final = "no-store"
IMMUTABLE: Final = "private, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Octets:
    """Renders bytes as they are. ``kept`` says whether and how long they may be kept."""

    media_type: str
    kept: str = PASSING
    headers: tuple[str, ...] = ("Content-Type", "Cache-Control")

    @property
    def shape(self) -> Shape:
        """A text, or bytes that OpenAPI says nothing of."""
        return {"type": "string"} if self.media_type == TEXT else {}

    def __call__(self, value: bytes, spoken: str) -> Shown:
        """Give the bytes; the language changes nothing."""
        del spoken
        charset = "; charset=utf-8" if self.media_type == TEXT else ""
        return Shown(value, {"Content-Type": f"{self.media_type}{charset}", "Cache-Control": self.kept})


def media_type(renderer: Any, otherwise: str) -> str:  # noqa: ANN401 - any renderer
    """Give the media type of what a renderer makes, if it has one of its own."""
    found: str = getattr(renderer, "media_type", otherwise)
    return found
