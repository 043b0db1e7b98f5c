"""One address, several forms: JSON, a print page, an office file, whichever ``Accept`` prefers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from flask import request

from service.web.errors import NotAcceptableError
from service.web.problems import JSON_TYPE
from service.web.views import Renderer, Shape, Shown

# Writes a value in one form, in ``zh`` or ``en``.
Writer: TypeAlias = Callable[[Any, str], Shown]

_NONE: Final[Mapping[str, Writer]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Chosen:
    """Renders a value as JSON, or in another form by its media type."""

    json: Renderer
    others: Mapping[str, Writer] = field(default_factory=lambda: _NONE)
    headers: tuple[str, ...] = ("Content-Type", "Content-Language", "Content-Security-Policy", "Vary")

    @property
    def shape(self) -> Shape:
        """The schema of the JSON."""
        return self.json.shape

    def __call__(self, value: Any, spoken: str) -> Shown:  # noqa: ANN401 - whatever its forms take
        """Render the value in the form asked for; JSON if none is. Raises ``NotAcceptableError``."""
        offered = (JSON_TYPE, *self.others)
        wanted = request.accept_mimetypes.best_match(offered) if request.accept_mimetypes else JSON_TYPE
        if wanted is None:
            raise NotAcceptableError(offered=offered)
        shown = self.others.get(wanted, self.json)(value, spoken)
        own = {"Content-Type": JSON_TYPE, "Content-Language": spoken, "Vary": "Accept, Accept-Language"}
        return Shown(shown.body, {**own, **shown.headers})
