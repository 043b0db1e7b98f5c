"""How far from 1 a value can come: the powers of ten that an expression may reach.

Translated expressions do not look for an overflow to infinity, and no decimal holds more than a million digits; what
might come near is left to the interpreter.
"""

from collections.abc import Mapping

from service.core.rules.dependencies import in_dependency_order
from service.core.rules.expressions.nodes import Chain, Macro, Name, Node, parts
from service.core.rules.model import Rulebook

FAR = 900_000

# Facts, parameters and literals: up to 1e20 or down to 1e-20, with up to 34 digits.
_GIVEN = 60
# What rounding to 34 digits, and adding up as many values as there can be, may add.
_MORE = 40


def spans(rulebook: Rulebook) -> dict[str, int]:
    """Give the span of every derived figure."""
    found: dict[str, int] = {}
    for name in in_dependency_order(rulebook):
        if name in rulebook.derived:
            found[name] = span(rulebook.derived[name].value.root, found)
    return found


def span(node: Node, known: Mapping[str, int]) -> int:
    """Give the most powers of ten between a node's value and 1; names that are not ``known`` are given values."""
    if isinstance(node, Name):
        return known.get(node.name, _GIVEN)
    if isinstance(node, Macro):
        of = span(node.of, known)
        return max(of, span(node.body, {**known, node.variable: of}))
    below = [span(part, known) for part in parts(node)]
    if isinstance(node, Chain) and any(operator in "*/%" for _, operator, _ in node.steps):
        return sum(below) + _MORE
    return max(below, default=_GIVEN) + _MORE
