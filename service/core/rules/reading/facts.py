"""Section ``facts``: what an application states, each with its type and limits."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from service.core.rules.expressions.types import Kind, Type
from service.core.rules.expressions.units import Unit
from service.core.rules.model import Fact, FactType, Grade, Limits, Words
from service.core.rules.reading import keys
from service.core.rules.reading.collect import Faults
from service.core.rules.reading.context import Context
from service.core.rules.reading.entries import NOTHING, Entry, rows, words
from service.core.rules.reading.nodes import Node
from service.core.rules.reading.scalars import boolean, decimals, name, number, one_of, text, unit

_KINDS = {
    FactType.BOOLEAN: Kind.BOOLEAN,
    FactType.TEXT: Kind.TEXT,
    FactType.DATE: Kind.DATE,
}


def read_facts(node: Node | None, context: Context) -> tuple[dict[str, Fact], dict[str, Node]]:
    """Read every fact, and give apart the nodes of ``asked_when``, which need all names first."""
    found: dict[str, Fact] = {}
    asked: dict[str, Node] = {}
    for word, _, value in context.entries(node, "facts", name):
        entry = Entry(value, context.faults, *keys.FACT)
        found[word], its = _fact(word, entry, context.faults)
        context.define("facts", word, its)
        when = entry.node("asked_when")
        if when is not None:
            asked[word] = when
    return found, asked


def asked_when(facts: Mapping[str, Fact], asked: Mapping[str, Node], context: Context) -> dict[str, Fact]:
    """Read the conditions on which facts are asked."""
    read = {word: context.expression(node)[0] for word, node in asked.items()}
    return {word: replace(fact, asked_when=read.get(word)) for word, fact in facts.items()}


def _fact(word: str, entry: Entry, faults: Faults, *, field: bool = False) -> tuple[Fact, Type | None]:
    """Read a fact or a field; its type is None where the declaration leaves it open."""
    kind = entry.get("type", one_of(FactType, *_allowed(field=field)))
    _refuse_misplaced(entry, kind, faults)
    limits, read_unit = _limits(entry, kind, faults), entry.get("unit", unit)
    choices, of = _choices(entry, faults), _fields(entry, faults)
    its = _type(entry, kind, read_unit, choices, of)
    fact = Fact(
        id=word,
        kind=kind or FactType.TEXT,
        unit=read_unit[0] if read_unit else "1",
        limits=limits,
        group=entry.get("group", text, ""),
        label=entry.get("label", words, NOTHING),
        help=entry.get("help", words),
        required=entry.get("required", boolean, otherwise=False),
        asked_when=None,
        evidence=entry.get("evidence", one_of(Grade), Grade.DECLARED),
        choices=choices or {},
        of=tuple(field for field, _ in of or ()),
        type=its or Type(Kind.TEXT),
    )
    return fact, its


def _allowed(*, field: bool) -> tuple[FactType, ...]:
    return tuple(kind for kind in FactType if not field or kind is not FactType.LIST)


def _refuse_misplaced(entry: Entry, kind: FactType | None, faults: Faults) -> None:
    """Note keys that another type has, and the one that this type must have."""
    if kind is None:
        return
    own = keys.OF_TYPE.get(kind, "").split()
    for key in keys.OF_A_TYPE.split():
        if key in entry and key not in own:
            faults.form(entry.key_at(key), "key_misplaced", key=key, type=kind.value)
    for key in keys.NEEDED:
        if key in own:
            entry.require(key)


def _limits(entry: Entry, kind: FactType | None, faults: Faults) -> Limits:
    limits = Limits(
        min=entry.get("min", number),
        max=entry.get("max", number),
        min_exclusive=entry.get("min_exclusive", number),
        max_exclusive=entry.get("max_exclusive", number),
        decimals=entry.get("decimals", decimals),
    )
    if kind is FactType.INTEGER and limits.decimals:
        faults.form(entry.at("decimals"), "integer_decimals", found=limits.decimals)
    for least, most, key in (
        (limits.min, limits.max, "max"),
        (limits.min_exclusive, limits.max, "max"),
        (limits.min, limits.max_exclusive, "max_exclusive"),
        (limits.min_exclusive, limits.max_exclusive, "max_exclusive"),
    ):
        if _closed(least, most, touching=key == "max" and least is limits.min):
            faults.meaning(entry.at(key), "limits_reversed", least=least, most=most)
    return limits


def _closed(least: Decimal | None, most: Decimal | None, *, touching: bool) -> bool:
    """Say whether no number lies between; ``touching`` ends leave one."""
    return least is not None and most is not None and (least > most or (least == most and not touching))


def _choices(entry: Entry, faults: Faults) -> dict[str, Words] | None:
    node = entry.node("choices")
    if node is None:
        return None
    before = len(faults)
    read = [(text(key, faults), words(value, faults)) for _, key, value in rows(node, faults)]
    if not read and len(faults) == before:
        faults.form(node.place, "choices_empty")
    if any(key is None for key, _ in read) or not read:
        return None
    return {key: said or NOTHING for key, said in read if key is not None}


def _fields(entry: Entry, faults: Faults) -> list[tuple[Fact, Type | None]] | None:
    node = entry.node("of")
    if node is None:
        return None
    before = len(faults)
    found, sure = [], True
    for _, key, value in rows(node, faults):
        word = name(key, faults)
        field = Entry(value, faults, *keys.FIELD)
        found.append(_fact(word or "", field, faults, field=True))
        sure = sure and word is not None
    if not found and len(faults) == before:
        faults.form(node.place, "fields_empty")
    return found if sure and found else None


def _type(
    entry: Entry,
    kind: FactType | None,
    read_unit: tuple[str, Unit] | None,
    choices: Mapping[str, Words] | None,
    of: list[tuple[Fact, Type | None]] | None,
) -> Type | None:
    if kind in {FactType.NUMBER, FactType.INTEGER}:
        return Type(Kind.NUMBER, unit=read_unit[1] if read_unit else ()) if _sound_unit(entry, read_unit) else None
    if kind is FactType.CHOICE:
        return None if choices is None else Type(Kind.TEXT, choices=tuple(choices))
    if kind is FactType.LIST:
        return _list_type(of)
    return None if kind is None else Type(_KINDS[kind])


def _sound_unit(entry: Entry, read_unit: tuple[str, Unit] | None) -> bool:
    return entry.lacks("unit") or read_unit is not None


def _list_type(of: list[tuple[Fact, Type | None]] | None) -> Type | None:
    fields = [(field.id, its) for field, its in of or () if its is not None]
    if not fields or len(fields) != len(of or ()):
        return None
    return Type(Kind.LIST, of=Type(Kind.RECORD, fields=tuple(fields)))
