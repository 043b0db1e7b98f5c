"""What expressions made at random may speak of: names by kind, units, and a stock of literals."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.second_reading.language import Plain

UNITS = ("1", "m3/a", "万元/a", "m3/万元", "%", "亩", "万元/亩/a")
QUOTIENTS = (("m3/a", "万元/a", "m3/万元"), ("万元/a", "亩", "万元/亩/a"), ("万元/a", "万元/亩/a", "亩"))
PRODUCTS = (("m3/万元", "万元/a", "m3/a"), ("万元/亩/a", "亩", "万元/a"))
DAYS = ("2023-02-28", "2024-02-29", "2025-03-01", "2026-02-28", "2028-02-29")
TEXTS = ("25", "2710", "27", "ab", "东营", 'say "\\n"')
# Also what parameters and marks are made of, so that comparisons are often exactly met.
LITERALS = (
    "0",
    "1",
    "2",
    "5",
    "10",
    "0.1",
    "0.70",
    "12.5",
    "33.33",
    "60",
    "100",
    "99.995",
    "0.00001",
    "123456789.123456789",
)
COMPARED = ("==", "!=", "<", "<=", ">", ">=")


@dataclass
class Names:
    """What an expression may speak of: names by kind."""

    numbers: dict[str, str] = field(default_factory=dict)
    booleans: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    lists: dict[str, Mapping[str, Plain]] = field(default_factory=dict)
    number_lists: dict[str, str] = field(default_factory=dict)
    text_lists: list[str] = field(default_factory=list)
    presentable: list[str] = field(default_factory=list)

    def add(self, name: str, entry: Mapping[str, Plain]) -> None:
        """Add a fact, a derived figure or a field by its type."""
        kind = entry["type"]
        if kind in {"number", "integer"}:
            self.numbers[name] = entry.get("unit", "1")
        elif kind == "choice":
            self.choices[name] = list(entry["choices"])
        elif kind == "list":
            self.lists[name] = entry["of"]
        else:
            {"boolean": self.booleans, "text": self.texts, "date": self.dates}[kind].append(name)

    def with_record(self, variable: str, fields: Mapping[str, Plain]) -> "Names":
        """The same names and the fields of a record."""
        inner = Names(presentable=self.presentable)
        inner.numbers = dict(self.numbers)
        inner.booleans = list(self.booleans)
        for name, entry in fields.items():
            inner.add(f"{variable}.{name}", entry)
        return inner
