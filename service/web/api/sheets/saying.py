"""How papers say things in one language: words, dates and moments of the zone, figures, labels of a rulebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from service.core.rules.model import Rulebook, Words
from service.core.values import number_text
from service.words import together

_DECIMALS = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Saying:
    """Says things in ``zh`` or ``en``; moments are those of the zone."""

    language: str
    zone: ZoneInfo

    @property
    def words(self) -> Mapping[str, str]:
        """The words of papers, and of the domain."""
        return together("domain", "sheets")[self.language]

    def say(self, code: str, **figures: object) -> str:
        """Fill figures into the words of a code."""
        return self.words[code].format_map(figures)

    def known(self, code: str, otherwise: str) -> str:
        """Say a code that may have no words."""
        return self.words.get(code, otherwise)

    def label(self, words: Words) -> str:
        """Say what a rulebook has in both languages."""
        return words.zh if self.language == "zh" else words.en

    def day(self, day: date | None) -> str:
        """Write a date; a dash for none."""
        if day is None:
            return self.words["none"]
        return self.say("day", year=day.year, month=day.month, day=day.day)

    def moment(self, moment: datetime | None) -> str:
        """Write a moment to the minute; a dash for none."""
        if moment is None:
            return self.words["none"]
        local = moment.astimezone(self.zone)
        return self.say("moment", day=self.day(local.date()), time=f"{local:%H:%M}")

    def figure(self, number: Decimal | None) -> str:
        """Write a score with two decimals; a dash for none."""
        if number is None:
            return self.words["none"]
        return format(number, "f") if number != number.quantize(_DECIMALS) else f"{number:.2f}"

    def plain(self, number: Decimal) -> str:
        """Write a number by value."""
        return number_text(number)

    def text(self, text: str | None) -> str:
        """Give a text; a dash for none."""
        return text or self.words["none"]

    def joined(self, parts: list[str]) -> str:
        """Enumerate, by a wider mark where a part holds the usual one; a dash for nothing."""
        mark = self.words["joint"]
        if any(mark.strip() in part for part in parts):
            mark = self.words["joint_wide"]
        return mark.join(parts) or self.words["none"]


def category_label(rulebook: Rulebook, category: str | None, saying: Saying) -> str | None:
    """Say a category of review."""
    return next((saying.label(one.label) for one in rulebook.categories if one.id == category), category)
