"""Facts and figures of one assessment: what is known, unknown and not applicable, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.second_reading import reading
from tests.second_reading.language import Plain
from tests.second_reading.meaning import Evaluation, to_decimals
from tests.second_reading.reading import Book


@dataclass
class Evaluated:
    """What came out of one expression; None is unknown."""

    value: Plain
    divided_by_zero: bool = False


class State:
    """Every name of a rulebook under given facts. Names are looked up when needed, and remembered."""

    def __init__(self, book: Book, raw: Mapping[str, Plain], **further: Plain) -> None:
        self.book = book
        self.given = reading.given(book, raw)
        self.known: dict[str, tuple[str, Plain]] = {
            name: ("known", value) for name, value in (book.parameters | further).items()
        }

    def standing(self, name: str) -> str:
        """Say known, unknown or not_applicable."""
        return self.of(name)[0]

    def figure(self, name: str) -> Plain:
        """The value of a name, None where unknown or not applicable."""
        return self.of(name)[1]

    def of(self, name: str) -> tuple[str, Plain]:
        if name not in self.known:
            facts = self.book.section("facts")
            self.known[name] = self._fact(name, facts[name]) if name in facts else self._derived(name)
        return self.known[name]

    def condition(self, text: str | None) -> Evaluated:
        """Evaluate a condition; where there is none it holds."""
        return Evaluated(value=True) if text is None else self.evaluated(text)

    def evaluated(self, text: str | None) -> Evaluated:
        """Evaluate an expression; where there is none the value is unknown."""
        if text is None:
            return Evaluated(None)
        evaluation = Evaluation(self.figure)
        return Evaluated(evaluation.whole(reading.tree(text)), evaluation.divided_by_zero)

    def does_not_apply(self, entry: Mapping[str, Plain], evaluated: Iterable[Evaluated]) -> bool:
        """Say of an entry that came out unknown whether it is not applicable itself."""
        return self._none_open(self.book.names(entry), evaluated)

    def reads(self, entry: Mapping[str, Plain]) -> dict[str, Plain]:
        """The facts an entry rests on and their values, a list as the count of its records."""
        found = {name: self.figure(name) for name in self.book.facts_under(entry, asked=False)}
        return {name: shown(value) for name, value in found.items()}

    def _fact(self, name: str, fact: Mapping[str, Plain]) -> tuple[str, Plain]:
        condition = fact.get("asked_when")
        asked = self.condition(condition)
        if asked.value is False:
            return "not_applicable", None
        value = self.given.get(name)
        return ("unknown" if value is None else "known"), value

    def _derived(self, name: str) -> tuple[str, Plain]:
        entry = self.book.section("derived")[name]
        found = self.evaluated(entry["value"])
        if found.value is None:
            return ("not_applicable" if self.does_not_apply(entry, [found]) else "unknown"), None
        if isinstance(found.value, Fraction) and entry.get("decimals") is not None:
            return "known", to_decimals(found.value, int(entry["decimals"]))
        return "known", found.value

    def _none_open(self, among: Iterable[str], evaluated: Iterable[Evaluated]) -> bool:
        """One of the names does not apply, none is unknown, no list has a gap and nothing was divided by zero."""
        found = [self.of(name) for name in among]
        standings = {standing for standing, _ in found}
        return (
            "not_applicable" in standings
            and "unknown" not in standings
            and not any(_has_gap(value) for _, value in found)
            and not any(one.divided_by_zero for one in evaluated)
        )


def _has_gap(value: Plain) -> bool:
    """Say of a list of records whether one of them has an unknown field."""
    return isinstance(value, list) and any(isinstance(item, dict) and None in item.values() for item in value)


def shown(value: Plain) -> Plain:
    """A value as it is published."""
    if isinstance(value, list):
        return Fraction(len(value))
    return value.isoformat() if isinstance(value, date) else value
