"""How the facts and derived figures of a rulebook stand in a report: as JSON members, and as what is said of them.

In source ``t_water`` is the JSON text of the value, ``r_water`` its member of an object after a comma, and ``p_water``
what is said of it after the words that join two of these, empty where it is unknown.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from service.core.rules.compiled.names import checked, figures, held
from service.core.rules.compiled.phrases import Phrase, in_json, measured, say
from service.core.rules.compiled.source import Slot, Source, as_tuple
from service.core.rules.compiled.texts import escaped
from service.core.rules.expressions.types import Kind
from service.core.rules.model import Derived, Fact
from service.core.rules.wording import Limit, Wording
from service.core.values import write_json

_BOOLEANS = (True, False)


class FigureTexts:
    """Writes the texts of facts and derived figures, each once."""

    def __init__(self, wording: Wording, source: Source) -> None:
        """Take the words of one language."""
        self._wording = wording
        self.source = source
        self._types = figures(wording.rulebook)
        self._comma = escaped(wording.words["comma"])

    def write(self, read: AbstractSet[str], said: AbstractSet[str]) -> None:
        """Take the names apart; write the members of the ``read`` and all derived figures, and what is ``said``."""
        self.source.line(f"{as_tuple([held(name) for name in self._types])} = names")
        derived = self._wording.rulebook.derived
        self._members(name for name in self._types if name in read or name in derived)
        self._phrases(name for name in self._types if name in said)

    def _members(self, names: Iterable[str]) -> None:
        """Write ``t_…`` (for all but booleans and choices) and ``r_…``."""
        for name in names:
            choices = self._choices(name)
            if choices:
                table: dict[object, str] = {}
                for value in (*choices, None):
                    table[value] = f',"{checked(name)}":{write_json(value)}'
                self.source.line(f"r_{name} = {self.source.constant(table)}[{held(name)}]")
            else:
                key = f',"{checked(name)}":'
                self.source.line(f"t_{name} = 'null' if {held(name)} is None else {self._text(name)}")
                if self.is_number(name):
                    unlike = f"not t_{name}.isdecimal() and (t_{name}[-1] == '0' or 'E' in t_{name})"
                    with self.source.block(f"if {unlike}"):
                        self.source.line(f"t_{name} = by_value(t_{name})")
                self.source.line(f"r_{name} = {key!r} + t_{name}")

    def _phrases(self, names: Iterable[str]) -> None:
        for name in names:
            choices = self._choices(name)
            if choices:
                table: dict[object, str] = {None: ""}
                for value in choices:
                    table[value] = self._comma + escaped(self._wording.named(name, value, None))
                self.source.line(f"p_{name} = {self.source.constant(table)}[{held(name)}]")
            else:
                said = self.source.text([self._comma, *in_json(say(self._wording, "basis", self._named(name)))])
                self.source.line(f"p_{name} = '' if {held(name)} is None else {said}")

    def held_against(self, name: str, limit: Limit) -> str:
        """Give the source of what is said of a number and its limit, after the comma; empty where it is unknown."""
        margin = f"number(CONTEXT.abs(CONTEXT.subtract({held(name)}, {self.source.constant(limit.value)})))"
        said: dict[str, Phrase] = {
            "limit": [self._wording.limit(limit, self.holder(name).unit)],
            "margin": [Slot(margin)],
        }
        phrase = say(self._wording, "basis_limit", {**self._named(name), **said})
        return f"'' if {held(name)} is None else {self.source.text([self._comma, *in_json(phrase)])}"

    def said(self, name: str) -> Phrase:
        """Say the known value of a name that is neither a boolean nor a choice."""
        holder, kind = self.holder(name), self._types[name].kind
        if kind is Kind.LIST:
            return say(self._wording, "value_records", {"count": [Slot(f"t_{name}")]})
        if kind is Kind.NUMBER:
            return measured(self._wording, holder.unit, [Slot(f"t_{name}")])
        return [Slot(f"t_{name}[1:-1]")]

    def is_number(self, name: str) -> bool:
        """Say whether the values of a name are numbers."""
        return self._types[name].kind is Kind.NUMBER

    def _named(self, name: str) -> dict[str, Phrase]:
        return {"name": [self._wording.label(self.holder(name).label)], "value": self.said(name)}

    def holder(self, name: str) -> Fact | Derived:
        """Give what holds a name's label and unit."""
        rulebook = self._wording.rulebook
        return rulebook.facts.get(name) or rulebook.derived[name]

    def _choices(self, name: str) -> Sequence[bool | str]:
        """Give all known values of a boolean or a choice."""
        if self._types[name].kind is Kind.BOOLEAN:
            return _BOOLEANS
        holder = self.holder(name)
        return tuple(holder.choices) if isinstance(holder, Fact) else ()

    def _text(self, name: str) -> str:
        return _TEXTS[self._types[name].kind].format(held(name))


_TEXTS = {
    Kind.NUMBER: "str({})",
    Kind.TEXT: "quoted({})",
    Kind.DATE: "quoted({}.isoformat())",
    Kind.LIST: "str(len({}))",
}
