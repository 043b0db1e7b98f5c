"""The engine and the second reading side by side on the same rulebook."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.core.errors import InvalidError
from service.core.rules.engine import Engine
from service.core.rules.load import load
from service.words import sections
from tests.second_reading import naive
from tests.second_reading.comparing import differences, shrink
from tests.second_reading.language import Plain
from tests.second_reading.reading import Book
from tests.second_reading.state import State
from tests.second_reading.writing import written


class FaultsError(Exception):
    """The engine finds faults in a rulebook."""


@dataclass(frozen=True)
class Both:
    """One rulebook in both readings."""

    engine: Engine
    book: Book

    @classmethod
    def of(cls, source: str, data: Mapping[str, Plain]) -> "Both":
        """Read the text with the engine; the second reading takes the plain data. Raises ``FaultsError``."""
        loaded = load(source.encode())
        if loaded.rulebook is None:
            raise FaultsError(loaded.faults)
        return cls(Engine(loaded.rulebook, sections("assessment")), Book(data, source.encode()))

    def differences(self, facts: Mapping[str, Plain], language: str = "en") -> list[str]:
        """Say wherever the two assess the same facts differently."""
        given = self.engine.read(facts)
        published = json.loads(self.engine.report(self.engine.assess(given), language), parse_float=Decimal)
        return [*differences(published, naive.assess(self.book, facts)), *self._unanswered(facts)]

    def _unanswered(self, facts: Mapping[str, Plain]) -> Iterator[str]:
        state = State(self.book, facts)
        declared = self.book.section("facts")
        wanted = [name for name, fact in declared.items() if fact.get("required") and state.standing(name) == "unknown"]
        found = list(self.engine.unanswered(self.engine.read(facts)))
        if found != wanted:
            yield f"unanswered: engine {found}, naive {wanted}"


def told(data: dict[str, Plain], facts: dict[str, Plain]) -> list[str]:
    """Say where the two differ, or that the engine breaks; nothing for rules or facts with faults."""
    try:
        return Both.of(written(data), data).differences(facts)
    except (FaultsError, InvalidError):
        return []
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return [repr(error)]


def described(data: dict[str, Plain], facts: dict[str, Plain]) -> str:
    """Tell a difference with as little of the rules and facts as it takes."""
    rules, fewer = shrink(data, facts, told)
    return "\n".join([written(rules), f"facts: {fewer}", *told(rules, fewer)])
