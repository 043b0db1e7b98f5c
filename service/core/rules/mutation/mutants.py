"""Every mutant of a rulebook, one change each. What is only said and never decided (labels, citations) stays."""

from collections.abc import Iterator

from service.core.rules.clauses import Clause, clauses, with_expression
from service.core.rules.expressions.nodes import Compare, Expression, Literal, Name, Node, parts
from service.core.rules.expressions.write import write
from service.core.rules.model import Rulebook
from service.core.rules.mutation.decisions import decisions
from service.core.rules.mutation.figures import figures
from service.core.rules.mutation.kinds import Kind, Mutant
from service.core.rules.mutation.scales import scales
from service.core.rules.mutation.trees import Variant, variants
from service.core.rules.signs import is_never_negative

# A rule without such a condition holds for everybody; with one that is false it holds for nobody.
_LIMITING = frozenset({"applies_when", "asked_when"})
_MAKING = frozenset({"fails_when", "when"})
# Operators that say the same of a number and 0, but below zero.
_SAME_FROM_ZERO_UP = ({">", "!="}, {"==", "<="})


def mutants(rulebook: Rulebook) -> Iterator[Mutant]:
    """Give every mutant of a rulebook that was loaded without a fault."""
    for clause in clauses(rulebook):
        yield from _changed(rulebook, clause)
        yield from _dropped(rulebook, clause)
    yield from figures(rulebook)
    yield from scales(rulebook)
    yield from decisions(rulebook)


def _changed(rulebook: Rulebook, clause: Clause) -> Iterator[Mutant]:
    for variant in variants(clause.expression.root):
        if _is_the_same(rulebook, variant):
            continue
        changed = with_expression(rulebook, clause.way, _with_root(clause.expression, variant.root))
        before, after = write(variant.before), write(variant.after)
        yield Mutant(variant.kind, clause.way, variant.at, before, after, changed)


def _dropped(rulebook: Rulebook, clause: Clause) -> Iterator[Mutant]:
    key = str(clause.way[-1])
    before = f"{key}: {write(clause.expression.root)}"
    if key in _LIMITING:
        without = with_expression(rulebook, clause.way, None)
        yield Mutant(Kind.CONDITION, clause.way, 0, before, f"{key}: true", without)
    if key in _MAKING:
        never = with_expression(rulebook, clause.way, _with_root(clause.expression, Literal(0, value=False)))
        yield Mutant(Kind.CONDITION, clause.way, 0, before, f"{key}: false", never)


def _is_the_same(rulebook: Rulebook, variant: Variant) -> bool:
    """Say whether a comparison with 0 only differs below zero, where the number cannot be."""
    before, after = variant.before, variant.after
    if not isinstance(before, Compare) or not isinstance(after, Compare) or before.right != after.right:
        return False
    is_with_zero = isinstance(before.right, Literal) and before.right.value == 0
    swapped = {before.operator, after.operator}
    return is_with_zero and swapped in _SAME_FROM_ZERO_UP and is_never_negative(rulebook, before.left)


def _with_root(expression: Expression, root: Node) -> Expression:
    """Put another tree into an expression; the names standing there are those still in it."""
    found = dict.fromkeys(_names(root))
    return Expression(expression.text, root, tuple(name for name in found if name in expression.names))


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    for part in parts(node):
        yield from _names(part)
