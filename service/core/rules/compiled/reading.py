"""The source of ``read``: from raw facts to values and their canonical JSON, for facts without a flaw.

It is stricter than ``facts.read`` where that is quicker: whatever it does not take at once, ``facts.read`` looks at
again, and names the flaws or finds none.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from service.core.rules import facts
from service.core.rules.compiled.names import checked
from service.core.rules.compiled.source import Module, Source
from service.core.rules.compiled.texts import LONGEST, quoted, usual
from service.core.rules.expressions.shape import MOST_RECORDS
from service.core.rules.expressions.types import Value
from service.core.rules.facts import Facts
from service.core.rules.model import Fact, FactType, Limits, Rulebook
from service.core.values import CONTROL, Json

# Values by name, and the members of their canonical JSON; None for facts that need a second look.
Read: TypeAlias = Callable[[Mapping[str, Json]], tuple[dict[str, Value], list[str]] | None]

_DAY = 10


def reader(rulebook: Rulebook, module: Module) -> Callable[[Mapping[str, Json]], Facts]:
    """Make the function that reads facts; it raises what ``facts.read`` raises."""
    take: Read = module.function("read")

    def read(raw: Mapping[str, Json]) -> Facts:
        try:
            taken = take(raw)
        except TypeError:  # a list or an object where a choice is asked for
            taken = None
        if taken is None:
            return facts.read(rulebook, raw)
        values, members = taken
        return Facts(values, hashlib.sha256(f"{{{','.join(members)}}}".encode()).hexdigest())

    return read


def reading_module(rulebook: Rulebook) -> Module:
    """Compile ``read``."""
    source = Source({"Decimal": Decimal, "control": CONTROL.search, "day": _day, "quoted": quoted, "usual": usual})
    lists = [fact for fact in rulebook.facts.values() if fact.kind is FactType.LIST]
    for fact in lists:
        with source.block(f"def record_{checked(fact.id)}(raw)"):
            with source.block("if type(raw) is not dict"):
                source.line("return None")
            blank: dict[str, Value] = dict.fromkeys(checked(field.id) for field in fact.of)
            source.line(f"values = {source.constant(blank.copy)}()")
            _members(fact.of, source)
            source.line("return values, '{' + ','.join(members) + '}'")
    with source.block("def read(raw)"):
        source.line("values = {}")
        _members(rulebook.facts.values(), source)
        source.line("return values, members")
    return source.module(f"{rulebook.id} {rulebook.edition}: reading")


def _members(members: Iterable[Fact], source: Source) -> None:
    """Write what fills ``values`` and ``members``, and gives None for anything unusual."""
    known = {checked(member.id): member for member in members}
    source.line("members = []")
    source.line("add = members.append")
    for name, member in known.items():
        source.line(f"given = raw.get({name!r})")
        with source.block("if given is not None"):
            refused, value, text = _WRITERS[member.kind](member, source)
            with source.block(f"if {refused}"):
                source.line("return None")
            source.line(f"values[{name!r}] = {value}")
            source.line(f"add({text})")
    with source.block(f"if len(members) != len(raw) and not {source.constant(frozenset(known))}.issuperset(raw)"):
        source.line("return None")


# What refuses the given value, what it becomes, and its member of the canonical JSON.
_Written: TypeAlias = tuple[str, str, str]


def _number(fact: Fact, source: Source) -> _Written:
    limits = fact.limits
    decimals = 0 if fact.kind is FactType.INTEGER else limits.decimals
    ends = (("<", limits.min), (">", limits.max), ("<=", limits.min_exclusive), (">=", limits.max_exclusive))
    beyond = [f"given {sign} {source.constant(limit)}" for sign, limit in ends if limit is not None]
    refused = " or ".join(["not text", *beyond])
    source.line("text = str(given)")
    with source.block(f"if not text.isdecimal() or len(text) > {_digits_within(limits)}"):
        source.line(f"text = usual(text, {LONGEST if decimals is None else decimals})")
        with source.block(f"if {refused}"):
            source.line("return None")
    return "type(given) is not Decimal", "given", f"{_key(fact)} + text"


def _digits_within(limits: Limits) -> int:
    """Give the most digits of a whole number that is within the limits whatever they are; 0 for none."""
    lengths = range(LONGEST, 0, -1)
    return next((digits for digits in lengths if _holds(limits, 0) and _holds(limits, 10**digits - 1)), 0)


def _holds(limits: Limits, number: int) -> bool:
    return (
        (limits.min is None or number >= limits.min)
        and (limits.max is None or number <= limits.max)
        and (limits.min_exclusive is None or number > limits.min_exclusive)
        and (limits.max_exclusive is None or number < limits.max_exclusive)
    )


def _boolean(fact: Fact, _source: Source) -> _Written:
    true, false = (repr(f'"{fact.id}":{text}') for text in ("true", "false"))
    return "given is not True and given is not False", "given", f"{true} if given else {false}"


def _text(fact: Fact, _source: Source) -> _Written:
    return (
        f"type(given) is not str or len(given) > {facts.LONGEST_TEXT} or control(given)",
        "given",
        f"{_key(fact)} + quoted(given)",
    )


def _choice(fact: Fact, source: Source) -> _Written:
    members = source.constant({choice: f'"{fact.id}":{quoted(choice)}' for choice in fact.choices})
    source.line(f"text = {members}.get(given)")
    return "text is None", "given", "text"


def _date(fact: Fact, source: Source) -> _Written:
    source.line("found = day(given)")
    return "found is None", "found", f"{_key(fact)} + quoted(given)"


def _list(fact: Fact, source: Source) -> _Written:
    with source.block(f"if type(given) is not list or len(given) > {MOST_RECORDS}"):
        source.line("return None")
    source.line(f"found = [record_{checked(fact.id)}(record) for record in given]")
    texts = "'[' + ','.join([text for _, text in found]) + ']'"
    return "None in found", "tuple([record for record, _ in found])", f"{_key(fact)} + {texts}"


def _key(fact: Fact) -> str:
    return repr(f'"{fact.id}":')


def _day(given: object) -> date | None:
    """Read YYYY-MM-DD; None for anything else."""
    if type(given) is not str or len(given) != _DAY or given[4] != "-" or given[7] != "-":
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


_WRITERS: Mapping[FactType, Callable[[Fact, Source], _Written]] = {
    FactType.NUMBER: _number,
    FactType.INTEGER: _number,
    FactType.BOOLEAN: _boolean,
    FactType.CHOICE: _choice,
    FactType.TEXT: _text,
    FactType.DATE: _date,
    FactType.LIST: _list,
}
