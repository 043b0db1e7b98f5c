"""How far from 1 a value can come: the powers of ten that an expression may reach.

A derived figure or the value of a criterion stands in reports with all its digits, so a file in which one may have
tens of thousands of them is refused. Translated expressions do not look for an overflow to infinity, and no decimal
holds more than a million digits; what might come near is left to the interpreter.
"""

from collections.abc import Mapping
from decimal import Decimal

from service.core.rules.dependencies import in_dependency_order
from service.core.rules.expressions.nodes import Call, Chain, Literal, Macro, Name, Node, parts
from service.core.rules.model import Rulebook

# How far a derived figure or the value of a criterion may come; one expression of facts and parameters comes less far.
MOST = 50_000
# How far translated expressions may.
FAR = 900_000

# Facts and parameters: up to 1e20 or down to 1e-20, with up to 34 digits.
_GIVEN = 60
# What the 34 digits of a quotient may add below, and the sum of a list above.
_QUOTIENT, _SUM = 40, 5


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
    if isinstance(node, Literal):
        return _written(node.value) if isinstance(node.value, Decimal) else _GIVEN
    if isinstance(node, Macro):
        of = span(node.of, known)
        return max(of, span(node.body, {**known, node.variable: of}))
    below = [span(part, known) for part in parts(node)]
    operators = {operator for _, operator, _ in node.steps} if isinstance(node, Chain) else set()
    if operators & {"*", "/", "%"}:
        return sum(below) + _QUOTIENT
    return max(below, default=0) + (len(str(len(below))) if operators else _SUM if isinstance(node, Call) else 0)


def _written(number: Decimal) -> int:
    """Give the places of a number before or after the point, whichever are more."""
    exponent = number.as_tuple().exponent
    return max(abs(number.adjusted()) + 1, abs(exponent) if isinstance(exponent, int) else 0)
