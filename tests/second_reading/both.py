"""The engine and the second reading side by side on the same rulebook."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.core.errors import InvalidError
from service.core.rules.assess import assess
from service.core.rules.compiled.rulebook import CompiledRulebook
from service.core.rules.engine import Engine
from service.core.rules.facts import read
from service.core.rules.load import load
from service.core.rules.report import report
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
    """One rulebook in both readings, the engine's plain and compiled."""

    engine: Engine
    compiled: CompiledRulebook
    book: Book

    @classmethod
    def of(cls, source: str, data: Mapping[str, Plain]) -> "Both":
        """Read the text with the engine; the second reading takes the plain data. Raises ``FaultsError``."""
        loaded = load(source.encode())
        if loaded.rulebook is None:
            raise FaultsError(loaded.faults)
        words = sections("assessment")
        engine, compiled = Engine(loaded.rulebook, words), CompiledRulebook(loaded.rulebook, words)
        return cls(engine, compiled, Book(data, source.encode()))

    def differences(
        self, facts: Mapping[str, Plain], language: str = "en", waived: frozenset[str] = frozenset()
    ) -> list[str]:
        """Say wherever the two assess the same facts differently."""
        wanted = naive.assess(self.book, facts, waived)
        return [
            *(
                f"{name}{difference}"
                for name, text in self._published(facts, language, waived)
                for difference in differences(json.loads(text, parse_float=Decimal), wanted)
            ),
            *self._unanswered(facts),
        ]

    def _published(
        self, facts: Mapping[str, Plain], language: str, waived: frozenset[str]
    ) -> Iterator[tuple[str, str]]:
        """The reports that are not the same bytes as one before; nothing waived is compiled."""
        rulebook, words = self.engine.rulebook, self.engine.words
        plain = report(rulebook, assess(rulebook, read(rulebook, facts), waived), words, language)
        yield "plain", plain
        engine = self.engine.report(self.engine.assess(self.engine.read(facts), waived), language)
        if engine != plain:
            yield "engine", engine
        compiled = plain if waived else self.compiled.explain(self.compiled.read(facts), language)
        if compiled not in {plain, engine}:
            yield "compiled", compiled

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
