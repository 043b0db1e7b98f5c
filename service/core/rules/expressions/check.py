"""Read an expression: its tree, its type, and every mistake in it at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

from service.core.rules.expressions.agree import shown
from service.core.rules.expressions.infer import infer
from service.core.rules.expressions.mistakes import Mistake, in_order
from service.core.rules.expressions.nodes import Expression, Name, Node, parts, start
from service.core.rules.expressions.parse import parse
from service.core.rules.expressions.types import Kind, Type
from service.core.rules.expressions.units import Unit, unit_text

__all__ = ["Mistake", "Wanted", "read_expression"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The result an expression must have. ``unit`` is looked at for numbers; ``None`` means that any unit will do."""

    kinds: frozenset[Kind]
    unit: Unit | None = None

    @classmethod
    def of(cls, *kinds: Kind, unit: Unit | None = None) -> Self:
        """Want one of these kinds."""
        return cls(frozenset(kinds), unit)


def read_expression(
    text: str, scope: Mapping[str, Type | None], wanted: Wanted
) -> tuple[Expression | None, Type | None, tuple[Mistake, ...]]:
    """Read and check the text of an expression against the names in sight.

    A name whose own type is not known (its definition is at fault) may stand in ``scope`` with ``None``; it agrees with
    everything. Gives the expression, its type (a lone number literal has taken the wanted unit; without a wanted
    unit its ``unit`` stays ``None``) and no mistakes; or ``None``, the type as far as it is known, and the mistakes in
    order.
    Never raises, whatever the text.
    """
    root, mistakes = parse(text)
    if root is None:
        return None, None, mistakes
    found, meant = infer(root, scope)
    result, unwanted = _result(root, found, wanted)
    every = in_order([*mistakes, *meant, *unwanted])
    expression = None if every else Expression(text, root, tuple(dict.fromkeys(_names(root, scope))))
    return expression, result, every


def _result(root: Node, found: Type | None, wanted: Wanted) -> tuple[Type | None, list[Mistake]]:
    if found is None:
        return None, []
    if found.kind not in wanted.kinds:
        kinds = ", ".join(sorted(wanted.kinds))
        return found, [Mistake(start(root), "result_type", {"wanted": kinds, "found": shown(found)})]
    if found.kind is not Kind.NUMBER or wanted.unit is None:
        return found, []
    if found.unit is None:
        return replace(found, unit=wanted.unit), []
    if found.unit == wanted.unit:
        return found, []
    units = {"wanted": unit_text(wanted.unit), "found": unit_text(found.unit)}
    return found, [Mistake(start(root), "result_unit", units)]


def _names(node: Node, scope: Mapping[str, Type | None]) -> Iterator[str]:
    """Find the names of the scope in the order of the text; what is not in the scope is a macro variable."""
    if isinstance(node, Name) and node.name in scope:
        yield node.name
    for part in parts(node):
        yield from _names(part, scope)
