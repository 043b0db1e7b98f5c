"""Units of values: names with whole powers, read and worked out a second time."""

import re
from collections import Counter
from collections.abc import Mapping

from tests.second_reading.language import Plain, Tree
from tests.second_reading.reading import Book, tree

Unit = Mapping[str, int]


def unit(text: str | None) -> Unit:
    """Read a unit: ``a/b/c`` is a ÷ (b·c), ``m3`` is m·m·m, ``1`` and nothing are none."""
    found: Counter[str] = Counter()
    for sign, name, power in re.findall(r"([/*·]?)([^/*·]+?)(\d*)(?=[/*·]|$)", text or "1"):
        found[name] += (-1 if sign == "/" else 1) * int(power or 1)
    return _clean(found)


def of_value(book: Book, rule: Mapping[str, Plain]) -> Unit:
    """The unit of a criterion's value; none for what is not a number."""
    return _unit(book, tree(rule["value"]), {}) or {} if "value" in rule else {}


def _clean(found: Mapping[str, int]) -> Unit:
    return {name: power for name, power in found.items() if power and name != "1"}


def _declared(book: Book, name: str) -> Unit:
    for section in ("facts", "derived", "parameters"):
        if name in book.section(section):
            return unit(book.section(section)[name].get("unit"))
    return {}


def _unit(book: Book, found: Tree, bound: Mapping[str, Plain]) -> Plain:
    """The unit of a number, a list of numbers or a record's fields; None for a literal that takes any."""
    form, *parts = found
    if form == "name":
        return bound[parts[0]] if parts[0] in bound else _named(book, parts[0])
    if form == "field":
        return _unit(book, parts[0], bound)[parts[1]]
    if form == "both":
        return _both(parts[0], _unit(book, parts[1], bound), _unit(book, parts[2], bound))
    if form == "each":
        items = _unit(book, parts[0], bound)
        return _unit(book, parts[3], {**bound, parts[2]: items}) if parts[1] == "map" else items
    return _first(book, _operands(form, parts), bound)


def _named(book: Book, name: str) -> Plain:
    fact = book.section("facts").get(name, {})
    if fact.get("type") == "list":
        return {field: unit(of.get("unit")) for field, of in fact["of"].items()}
    return _declared(book, name)


def _operands(form: str, parts: list[Plain]) -> list[Tree]:
    """The parts whose unit the whole has."""
    if form == "if":
        return parts[1:]
    if form == "minus":
        return parts
    if form == "list":
        return list(parts[0])
    if form == "call" and parts[0] in {"min", "max", "sum", "abs"}:
        return list(parts[1])
    return [parts[1][0]] if form == "call" and parts[0] == "round" else []


def _first(book: Book, operands: list[Tree], bound: Mapping[str, Plain]) -> Plain:
    found = (_unit(book, operand, bound) for operand in operands)
    return next((one for one in found if one is not None), None)


def _both(operator: str, left: Plain, right: Plain) -> Plain:
    if operator in {"*", "/"}:
        sign = 1 if operator == "*" else -1
        powers = Counter(left or {})
        for name, power in (right or {}).items():
            powers[name] += sign * power
        return _clean(powers)
    return left if left is not None else right
