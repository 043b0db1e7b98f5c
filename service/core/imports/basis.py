"""What each fact is asked for: the clauses that the gates and criteria cite which rest on it."""

from collections.abc import Iterator

from service.core.rules.dependencies import reach
from service.core.rules.expressions.nodes import Expression
from service.core.rules.model import Citation, Criterion, Formula, Gate, Rulebook


def basis(rulebook: Rulebook) -> dict[str, tuple[Citation, ...]]:
    """Give for every fact the citations of the rules that read it, in the order of the file, each once."""
    reaches, found = reach(rulebook), {name: dict[Citation, None]() for name in rulebook.facts}
    rules: tuple[Gate | Criterion, ...] = (*rulebook.gates, *rulebook.criteria)
    for rule in rules:
        names = {name for expression in _expressions(rule) for name in expression.names}
        for fact in reaches.reads(names):
            found[fact].update(dict.fromkeys(rule.cite))
    return {name: tuple(citations) for name, citations in found.items()}


def _expressions(rule: Gate | Criterion) -> Iterator[Expression]:
    if isinstance(rule, Gate):
        scores: tuple[Expression | None, ...] = (rule.fails_when,)
    else:
        scores = (rule.value, rule.scale.score if isinstance(rule.scale, Formula) else None)
    yield from (each for each in (rule.applies_when, *scores) if each is not None)
