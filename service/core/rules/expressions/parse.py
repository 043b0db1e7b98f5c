"""From the text of an expression to its syntax tree."""

from functools import cache
from pathlib import Path

from lark import Lark
from lark.exceptions import UnexpectedInput

from service.core.rules.expressions.diagnose import diagnose, spelling_mistakes
from service.core.rules.expressions.mistakes import Mistake, in_order
from service.core.rules.expressions.nodes import Node
from service.core.rules.expressions.tree import build

MOST_BYTES = 2048
MOST_BRACKETS = 100


def parse(text: str) -> tuple[Node | None, tuple[Mistake, ...]]:
    """Read the text of an expression.

    Gives the tree, or ``None`` where the text has no tree or is over a limit, and every mistake found. With a
    mistake there may still be a tree: what is broken in it is a ``Call`` of the function ``""``, of unknown type.
    Never raises, whatever the text.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        return None, (Mistake(0, "too_long", {"found": size, "limit": MOST_BYTES}),)
    mistakes = tuple(spelling_mistakes(text, MOST_BRACKETS))
    if mistakes:
        return None, in_order(mistakes)
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        return None, (diagnose(text, error),)
    return build(tree)


@cache
def _grammar() -> Lark:
    source = Path(__file__).with_name("grammar.lark").read_text("utf-8")
    return Lark(source, parser="lalr", lexer="contextual", maybe_placeholders=False)
