"""Sections ``parameters`` and ``profiles``: named constants, and what a province sets otherwise."""

from collections.abc import Mapping
from dataclasses import replace

from service.core.rules.expressions.agree import agree, shown
from service.core.rules.expressions.types import Kind, Type, Value
from service.core.rules.expressions.units import Unit
from service.core.rules.faults import Fault, Severity
from service.core.rules.model import Parameter
from service.core.rules.reading import keys
from service.core.rules.reading.collect import Faults
from service.core.rules.reading.context import Context
from service.core.rules.reading.entries import NOTHING, Entry, rows, words
from service.core.rules.reading.nodes import Listing, Node, Scalar
from service.core.rules.reading.scalars import boolean, kind, label, name, number, refuse, refuse_wide, text, unit
from service.core.rules.reading.sources import read_citations


def read_parameters(node: Node | None, context: Context) -> dict[str, Parameter]:
    """Read every parameter with the value that holds without a profile."""
    return {word: _parameter(word, value, context) for word, _, value in context.entries(node, "parameters", name)}


def read_profiles(
    node: Node | None, parameters: Mapping[str, Parameter], context: Context
) -> dict[str, dict[str, Value]]:
    """Read the values each profile sets. An empty list takes the type of the lists that replace it."""
    return {
        profile: _overrides(value, parameters, context)
        for profile, _, value in context.entries(node, "profiles", label)
    }


def under(profile: Mapping[str, Value], parameters: Mapping[str, Parameter], context: Context) -> dict[str, Parameter]:
    """Give the parameters with the values of a profile, and with the types that fit every profile."""
    return {
        word: replace(one, value=profile.get(word, one.value), type=context.types.get(word) or one.type)
        for word, one in parameters.items()
    }


def constant(node: Node, of: Unit, faults: Faults) -> tuple[Value, Type] | None:
    """Read a number (in a unit), a text, true or false, or a list of these, and its type."""
    if isinstance(node, Listing):
        return _list(node, of, faults)
    found = kind(node)
    value: Value
    if found == "number":
        value, its = number(node, faults), Type(Kind.NUMBER, unit=of)
    elif found == "boolean":
        value, its = boolean(node, faults), Type(Kind.BOOLEAN)
    elif found == "text":
        value, its = text(node, faults), Type(Kind.TEXT)
    else:
        refuse(node, "constant", faults)
        return None
    return None if value is None else (value, its)


def _parameter(word: str, node: Node, context: Context) -> Parameter:
    entry = Entry(node, context.faults, *keys.PARAMETER)
    read_unit = entry.get("unit", unit)
    written, of = read_unit or ("1", ())
    value_node = entry.node("value")
    read = None if value_node is None else constant(value_node, of, context.faults)
    value, found = read or (None, None)
    if "unit" in entry and found is not None and not _counts(found):
        context.faults.form(entry.key_at("unit"), "unit_useless", type=shown(found))
    context.define("parameters", word, found if entry.lacks("unit") or read_unit else None)
    label_of = entry.get("label", words, NOTHING)
    cite = read_citations(entry, context)
    return Parameter(word, value, written, label_of, cite, found or Type(Kind.NUMBER))


def _counts(found: Type) -> bool:
    return found.kind is Kind.NUMBER or (found.kind is Kind.LIST and (found.of is None or _counts(found.of)))


def _list(node: Listing, of: Unit, faults: Faults) -> tuple[Value, Type] | None:
    values: list[Value] = []
    common: Type | None = None
    for item in node.items:
        if not isinstance(item, Scalar):
            refuse(item, "constant", faults)
            continue
        read = constant(item, of, faults)
        if read is None:
            continue
        both = read[1] if common is None else agree(common, read[1])
        if isinstance(both, tuple):
            faults.form(item.place, "list_mixed", wanted=both[1], found=both[2])
            continue
        common = both
        values.append(read[0])
    return (tuple(values), Type(Kind.LIST, of=common)) if len(values) == len(node.items) else None


def _overrides(node: Node, parameters: Mapping[str, Parameter], context: Context) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for word, key, value in rows(node, context.faults):
        known = context.names("parameters")
        if word in parameters:
            found[word] = _override(value, parameters[word], context)
        elif known.lacks(word):
            fault = Fault(key.place, Severity.MEANING, "parameter_unknown", {"found": word})
            context.faults.unknown(fault, known.names)
    return found


def _override(node: Node, parameter: Parameter, context: Context) -> Value:
    wanted = context.types.get(parameter.id)
    read = constant(node, () if wanted is None else _unit(wanted), context.faults)
    if read is None or wanted is None:
        return None
    both = agree(wanted, read[1])
    if isinstance(both, tuple) and not (wanted.kind is Kind.NUMBER and refuse_wide(node, "constant", context.faults)):
        figures = {"name": parameter.id, "wanted": shown(wanted), "found": shown(read[1])}
        context.faults.meaning(node.place, "profile_type", **figures)
    if isinstance(both, tuple):
        return None
    context.types[parameter.id] = both
    return read[0]


def _unit(found: Type) -> Unit:
    return (found.of.unit if found.of is not None else found.unit) or ()
