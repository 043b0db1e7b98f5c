"""The facts of a case: read by an edition, every flaw found at once, and kept as the text they came as."""

from dataclasses import dataclass

from service.core.errors import Flaw, InvalidError
from service.core.rules.engine import Engine
from service.core.rules.facts import Facts
from service.core.values import Json, read_json, write_json

_INDUSTRY = "industry_code"
_LONGEST_INDUSTRY = 100


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """Raw facts and what an edition makes of them.

    ``facts`` are those without a flaw; ``flaws`` point below ``/facts``; ``text`` is the JSON as given, to be stored.
    """

    engine: Engine
    raw: dict[str, Json]
    facts: Facts
    flaws: tuple[Flaw, ...]

    @property
    def text(self) -> str:
        """The facts as JSON text, every figure as given."""
        return write_json(self.raw)

    @property
    def sha256(self) -> str:
        """The hash (hex) of the facts as the edition reads them."""
        return self.facts.sha256

    @property
    def rulebook_sha256(self) -> str:
        """The edition that read them."""
        return self.engine.rulebook.sha256

    @property
    def industry(self) -> str | None:
        """The industry code, if the edition asks for one and it is given as a text one can search for."""
        code = self.facts.values.get(_INDUSTRY)
        return code if isinstance(code, str) and code.isprintable() and len(code) <= _LONGEST_INDUSTRY else None


def given_facts(engine: Engine, raw: dict[str, Json]) -> GivenFacts:
    """Read raw facts; flaws are kept, not raised, so that they can be told together with others."""
    try:
        return GivenFacts(engine, raw, engine.read(raw), ())
    except InvalidError as error:
        flaws = tuple(Flaw(f"/facts{flaw.pointer}", flaw.code, flaw.figures) for flaw in error.flaws)
        refused = {_name(flaw.pointer) for flaw in error.flaws}
        sound = {name: value for name, value in raw.items() if name not in refused}
        return GivenFacts(engine, raw, engine.read(sound), flaws)


def required_flaws(given: GivenFacts) -> tuple[Flaw, ...]:
    """Name the required facts that are asked and not known; one that is given with a flaw is not missing."""
    absent = given.engine.unanswered(given.facts)
    return tuple(Flaw(f"/facts/{name}", "required_missing") for name in absent if given.raw.get(name) is None)


def stored_facts(text: str) -> dict[str, Json]:
    """Read facts back from their stored text."""
    raw = read_json(text)
    if not isinstance(raw, dict):
        raise TypeError(type(raw))
    return raw


def _name(pointer: str) -> str:
    """Give the fact a pointer leads to or into."""
    return pointer.split("/", 2)[1].replace("~1", "/").replace("~0", "~")
