"""The form of an application, made from the rulebook in force: groups of fields, with what stands in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from service.core.imports import fields as typed
from service.core.rules.model import Fact, FactType, Rulebook
from service.tables.hints import Hints
from service.web.ui.voice import Voice

# A limit that only keeps numbers finite says nothing to whoever fills in a form.
_HUGE: Final = Decimal("1e6")
_NO_UNIT: Final = frozenset({"", "1"})
# What is called so is a code on one line; any other text may be a sentence.
_CODE: Final = "_code"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it is called and asks for, what may be chosen, and what stands in it."""

    name: str
    kind: str
    label: str
    unit: str
    hints: tuple[str, ...]
    required: bool
    options: tuple[tuple[str, str], ...]
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a list."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact on the form; one that is not ``asked`` is left out, with what stands in it kept."""

    fact: str
    field: Field
    asked: bool
    none: bool
    rows: tuple[Row, ...]
    kept: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """The facts that stand together on the form."""

    id: str
    label: str
    entries: tuple[Entry, ...]

    @property
    def asked(self) -> bool:
        """Whether anything of it is asked."""
        return any(entry.asked for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Form:
    """Makes the fields of an edition, in one language, with texts in them."""

    rulebook: Rulebook
    voice: Voice
    texts: Mapping[str, str]
    asked: frozenset[str]

    def groups(self) -> list[Group]:
        """Give the groups in the order of the rulebook."""
        facts = self.rulebook.facts.values()
        ids = dict.fromkeys(fact.group for fact in facts)
        return [self._group(one, [fact for fact in facts if fact.group == one]) for one in ids]

    def labels(self) -> dict[str, str]:
        """Say what every field is called, for faults that are told away from it."""
        found: dict[str, str] = {}
        for group in self.groups():
            for entry in group.entries:
                found[entry.field.name] = entry.field.label
                for at, row in enumerate(entry.rows, start=1):
                    found |= {
                        one.name: self.voice.say("apply.of_row", list=entry.field.label, row=at, field=one.label)
                        for one in row.fields
                    }
        return found

    def _group(self, id_: str, facts: list[Fact]) -> Group:
        return Group(id_, self.voice.known(f"group.{id_}", id_), tuple(map(self._entry, facts)))

    def _entry(self, fact: Fact) -> Entry:
        name = typed.name(fact)
        rows = tuple(self._rows(fact)) if fact.kind is FactType.LIST else ()
        none = self.texts.get(f"{name}-{typed.NONE}") is not None
        own = {key: text for key, text in self.texts.items() if text and (key == name or key.startswith(f"{name}-"))}
        return Entry(fact.id, self._field(fact, name), fact.id in self.asked, none, rows, own)

    def _rows(self, fact: Fact) -> Iterator[Row]:
        for index in typed.rows(fact, self.texts):
            name = f"{typed.name(fact)}-{index}"
            yield Row(name, tuple(self._field(one, f"{name}-{one.id}") for one in fact.of))

    def _field(self, fact: Fact, name: str) -> Field:
        return Field(
            name=name,
            kind=_kind(fact),
            label=self.voice.label(fact.label),
            unit="" if fact.unit in _NO_UNIT else self.voice.known(f"unit.{fact.unit}", fact.unit),
            hints=tuple(self._hints(fact)),
            required=fact.required,
            options=tuple((key, self.voice.label(label)) for key, label in fact.choices.items()),
            text=self.texts.get(name, ""),
        )

    def _hints(self, fact: Fact) -> Iterator[str]:
        """Give what the rulebook says in its own words, then limits and papers on one line."""
        if fact.help is not None:
            yield self.voice.label(fact.help)
        asked = list(self._limits(fact))
        if asked:
            yield Hints(self.rulebook, self.voice.language).say("between").join(asked)

    def _limits(self, fact: Fact) -> Iterator[str]:
        say, limits = Hints(self.rulebook, self.voice.language).say, fact.limits
        for code, limit in (
            ("hint_min", limits.min or None),
            ("hint_min_exclusive", limits.min_exclusive or None),
            ("hint_max", limits.max),
            ("hint_max_exclusive", limits.max_exclusive),
        ):
            if limit is not None and abs(limit) < _HUGE:
                yield say(code, limit=limit)
        if fact.evidence.value != "declared":
            yield say("hint_evidence", grade=say(f"grade_{fact.evidence.value}"))


def _kind(fact: Fact) -> str:
    if fact.kind is FactType.TEXT:
        return "code" if fact.id.endswith(_CODE) else "text"
    return fact.kind.value
