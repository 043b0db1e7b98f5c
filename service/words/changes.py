"""What changed between two rulebooks, in words a committee reads."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

from service.core.rules.compare import Comparison
from service.core.rules.comparison.outcomes import Result, Turned
from service.core.rules.comparison.values import Basis, Change, Formula, Kind, Measure, Scaled, Told, Unit
from service.core.rules.model import Points, Words
from service.core.rules.wording import ATTACHED, NO_UNIT
from service.core.values import number_text
from service.words import problems, sections, sentence

# What is told of an entry that was added or taken out.
_TELLING: Final = {
    "sources": ("level", "in_force_from"),
    "parameters": ("value",),
    "profiles": (),
    "facts": ("type", "unit", "required", "asked_when"),
    "fields": ("type", "unit"),
    "derived": ("value", "unit"),
    "gates": ("applies_when", "fails_when", "on_fail"),
    "categories": ("when", "best_outcome"),
    "dimensions": ("weight",),
    "criteria": ("dimension", "weight", "value", "points", "bands", "score"),
    "conditions": ("when", "due"),
    "cases": (),
}
# Spaces that Chinese marks make needless.
_LOOSE: Final = re.compile(" (?=[“《])|(?<=[”》]) ")
# Sections whose keys are those of another.
_LIKE: Final = {"fields": "facts"}


@dataclass(frozen=True, slots=True)
class Telling:
    """Says what a comparison found, in one language."""

    comparison: Comparison
    language: str

    def phrase(self, code: str, **figures: object) -> str:
        """Say something of the section ``changes``."""
        said = sentence(self.language, "changes", code, figures)
        return _LOOSE.sub("", said) if self.language == "zh" else said

    def title(self) -> str:
        """Name both editions."""
        before, after = self.comparison.before, self.comparison.after
        said = {"title": self.words(after.title), "id": after.id, "before": before.edition, "after": after.edition}
        if before.id == after.id:
            return self.phrase("title", **said)
        return self.phrase("title_other", **said, before_title=self.words(before.title), before_id=before.id)

    def entry(self, change: Change) -> str:
        """Name what a change is about; ``""`` where that is a section as a whole."""
        if change.label is None or not change.name:
            return change.name
        return self.phrase("entry", label=self.words(change.label), name=change.name)

    def sentence(self, change: Change) -> str:
        """Say a change, without what it is about."""
        if change.kind in {Kind.ADDED, Kind.REMOVED}:
            return self._whole(change)
        if change.kind is Kind.CHANGED:
            return self._changed(change)
        return self.phrase(change.kind, before=self.value(change.before), after=self.value(change.after))

    def because(self, change: Change) -> str:
        """Say a change with what it is about."""
        entry, said = self.entry(change), self.sentence(change)
        return self.phrase("line", entry=entry, sentence=said) if entry else said

    def parts(self) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
        """Say every change, by section and by what it is about; ``""`` for a section as a whole."""
        for section, changes in groupby(self.comparison.changes, key=lambda change: change.section):
            about = groupby(changes, key=self.entry)
            yield (
                self.phrase(f"section.{section}"),
                [(entry, [self.sentence(change) for change in its]) for entry, its in about],
            )

    def tried(self) -> str:
        """Say how many cases were tried, and how many come out differently."""
        tried = self.comparison.tried
        if not tried.turned:
            return self.phrase("turned_none", count=tried.count)
        outcomes = sum(one.before.outcome != one.after.outcome for one in tried.turned)
        return self.phrase("turned", count=tried.count, turned=len(tried.turned), outcomes=outcomes)

    def words(self, words: Words) -> str:
        """Say something that is there in both languages."""
        return words.zh if self.language == "zh" else words.en

    def value(self, value: Told) -> str:
        """Say a value."""
        kinds = (kind for kind in _VALUES if isinstance(value, kind))
        found = next(kinds, None)
        return str(value) if found is None else _VALUES[found](self, value)

    def turn(self, turned: Turned) -> str:
        """Say how a case comes out differently."""
        said = self.phrase("turn", before=self.result(turned.before), after=self.result(turned.after))
        return self.phrase("between").join([said, *self.beside(turned)])

    def result(self, result: Result) -> str:
        """Say an outcome and its total."""
        if result.outcome is None:
            flaws = (f"{flaw.pointer} {problems.because(self.language, flaw)}" for flaw in result.flaws)
            return self.phrase("refused", flaws=self.phrase("between").join(flaws))
        code = "result_none" if result.total is None else "result"
        return self.phrase(code, outcome=self.word(result.outcome), total=result.total)

    def beside(self, turned: Turned) -> Iterator[str]:
        """Say what else is different of a case: its category, its failed gates."""
        before, after = turned.before, turned.after
        if before.outcome is None or after.outcome is None:
            return
        if before.category != after.category:
            yield self.phrase("turn_category", before=before.category, after=after.category)
        for code, one, other in (("turn_failed", after, before), ("turn_passed", before, after)):
            gates = [gate for gate in one.failed_gates if gate not in other.failed_gates]
            if gates:
                yield self.phrase(code, gates=self.listed(gates))

    def listed(self, items: Sequence[str]) -> str:
        """Join some."""
        return self.phrase("enumeration").join(items)

    def measured(self, number: Decimal, unit: str) -> str:
        """Say a number with its unit."""
        if unit in NO_UNIT:
            return number_text(number)
        code = "number_attached" if unit in ATTACHED else "number_unit"
        return self.phrase(code, number=number, unit=unit)

    def scaled(self, scaled: Scaled) -> list[str]:
        """Say each of some points or bands."""
        scale = scaled.scale
        rows = scale.points if isinstance(scale, Points) else scale.bands
        code = "point" if isinstance(scale, Points) else "band"
        said = [self.phrase(code, value=self.measured(value, scaled.unit), score=score) for value, score in rows]
        rest = [] if isinstance(scale, Points) else [self.phrase("band_rest", score=scale.otherwise)]
        return [*said, *rest]

    def basis(self, basis: Basis) -> str:
        """Say a source that is cited."""
        code = "basis" if basis.article is None else "basis_article"
        return self.phrase(code, title=self.words(basis.title), article=basis.article)

    def _whole(self, change: Change) -> str:
        kind = self.phrase(f"kind.{change.section}")
        telling = _TELLING[change.section]
        told = [(key, value) for key, value in change.said.items() if key[0] in telling and value not in (None, False)]
        details = [
            self.phrase("detail", key=self._key(change.section, *key), value=self.value(value)) for key, value in told
        ]
        code = f"{change.kind}_with" if details else change.kind.value
        return self.phrase(code, kind=kind, details=self.phrase("between").join(details))

    def _changed(self, change: Change) -> str:
        before, after = change.before, change.after
        part = "" if isinstance(before, Basis) or isinstance(after, Basis) else change.part
        key = self._key(change.section, change.key, part)
        if isinstance(before, tuple) and isinstance(after, tuple) and set(before) != set(after):
            return self.phrase("between").join(self._items(key, before, after))
        if isinstance(before, Scaled) and isinstance(after, Scaled):
            return self._rescaled(key, before, after)
        if before is None or after is None:
            code = "set" if before is None else "unset"
            return self.phrase(code, key=key, before=self.value(before), after=self.value(after))
        if isinstance(before, Words) and isinstance(after, Words):
            return self._reworded(key, before, after)
        return self.phrase("changed", key=key, before=self.value(before), after=self.value(after))

    def _items(self, key: str, before: tuple[Told, ...], after: tuple[Told, ...]) -> Iterator[str]:
        for code, some, others in (("items_added", after, before), ("items_removed", before, after)):
            items = [self.value(item) for item in some if item not in others]
            if items:
                yield self.phrase(code, key=key, items=self.listed(items))

    def _rescaled(self, key: str, before: Scaled, after: Scaled) -> str:
        """Show the points or bands that are not in both."""
        old, new = self.scaled(before), self.scaled(after)
        gone, come = [row for row in old if row not in new], [row for row in new if row not in old]
        if gone and come:
            return self.phrase("changed", key=key, before=self.listed(gone), after=self.listed(come))
        code = "items_added" if come else "items_removed"
        return self.phrase(code, key=key, items=self.listed(come or gone))

    def _reworded(self, key: str, before: Words, after: Words) -> str:
        """Show the words that changed: those of this language, or else of the other."""
        pair = (self.words(before), self.words(after))
        was, now = (
            pair if pair[0] != pair[1] else ((before.en, after.en) if self.language == "zh" else (before.zh, after.zh))
        )
        return self.phrase(
            "changed", key=key, before=self.phrase("quoted", text=was), after=self.phrase("quoted", text=now)
        )

    def _key(self, section: str, key: str, part: str) -> str:
        if section == "profiles":
            return self._parameter(part)
        of = _LIKE.get(section, section)
        whole = f"{of}.{key}.{part}"
        if whole in sections("changes")[self.language]:
            return self.phrase(whole)
        named = self.phrase(f"{of}.{key}")
        return self.phrase("part", key=named, part=part) if part else named

    def _parameter(self, name: str) -> str:
        both = {**self.comparison.before.parameters, **self.comparison.after.parameters}
        return self.phrase("entry", label=self.words(both[name].label), name=name) if name in both else name

    def word(self, word: StrEnum) -> str:
        """Say a word of an enumeration."""
        return sections("keys")[self.language][f"{type(word).__name__.lower()}.{word.value}"]


# The first kind that fits says the value.
_VALUES: Final[dict[type, Callable[[Telling, Any], str]]] = {
    type(None): lambda telling, _: telling.phrase("nothing"),
    bool: lambda telling, value: telling.phrase("yes" if value else "no"),
    Decimal: lambda _, value: number_text(value),
    Fraction: lambda _, value: str(value),
    date: lambda _, value: value.isoformat(),
    StrEnum: lambda telling, value: telling.phrase("quoted", text=telling.word(value)),
    Words: lambda telling, value: telling.phrase("quoted", text=telling.words(value)),
    Formula: lambda _, value: f"`{value.text}`",
    Measure: lambda telling, value: telling.measured(value.number, value.unit),
    Scaled: lambda telling, value: telling.listed(telling.scaled(value)),
    Unit: lambda _, value: value.text,
    Basis: lambda telling, value: telling.basis(value),
    tuple: lambda telling, value: telling.listed([telling.value(item) for item in value]) or telling.phrase("nothing"),
}
