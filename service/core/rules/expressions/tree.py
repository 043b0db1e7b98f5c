"""From lark's tree to the nodes of the language, within the limits of depth and size."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from lark import Token, Tree

from service.core.rules.expressions.functions import FUNCTIONS, MACROS, METHODS
from service.core.rules.expressions.literals import number_literal, text_literal
from service.core.rules.expressions.mistakes import Mistake, in_order, unknown_word
from service.core.rules.expressions.nodes import (
    Call,
    Chain,
    Compare,
    Conditional,
    Field,
    Items,
    Literal,
    Logic,
    Macro,
    Name,
    Node,
    Unary,
)

MOST_DEPTH = 32
MOST_NODES = 500

_Branch: TypeAlias = "Tree[Token]"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class _TooMuchError(Exception):
    """The tree is beyond a limit; ends the building."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.code)
        self.mistake = mistake


def build(tree: _Branch) -> tuple[Node | None, tuple[Mistake, ...]]:
    """Turn lark's tree into nodes; ``None`` where a limit is passed. See ``parse.parse`` for what is broken."""
    builder = _Builder()
    try:
        node = builder.node(tree, 1)
    except _TooMuchError as error:
        return None, in_order([*builder.mistakes, error.mistake])
    return node, in_order(builder.mistakes)


class _Builder:
    """One building: goes from the root downwards, so that the limit of depth also limits its own recursion."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self._nodes = 0

    def node(self, branch: _Branch, depth: int) -> Node:
        if depth > MOST_DEPTH:
            raise _TooMuchError(Mistake(_start(branch), "too_deep", {"limit": MOST_DEPTH}))
        self._count(branch)
        return _BUILD[branch.data](self, branch, depth)

    def true(self, branch: _Branch, _depth: int) -> Node:
        return Literal(_start(branch), value=True)

    def false(self, branch: _Branch, _depth: int) -> Node:
        return Literal(_start(branch), value=False)

    def number(self, branch: _Branch, _depth: int) -> Node:
        value, mistakes = number_literal(_token(branch, 0), _start(branch))
        return self._literal(branch, value, mistakes)

    def text(self, branch: _Branch, _depth: int) -> Node:
        value, mistakes = text_literal(_token(branch, 0), _start(branch))
        return self._literal(branch, value, mistakes)

    def name(self, branch: _Branch, _depth: int) -> Node:
        token = _token(branch, 0)
        return Name(_at(token), str(token))

    def items(self, branch: _Branch, depth: int) -> Node:
        return Items(_at(_token(branch, 0)), self._each(_branch(branch, 1), depth))

    def field(self, branch: _Branch, depth: int) -> Node:
        token = _token(branch, 1)
        return Field(_at(token), self.node(_branch(branch, 0), depth + 1), str(token))

    def unary(self, branch: _Branch, depth: int) -> Node:
        signs = len(branch.children) - 1
        self._count(branch, signs - 1)
        node = self.node(_branch(branch, signs), depth + 1)
        # A third sign in a row changes nothing that one did not: "!!!a" is "!a". This keeps the chain one deep.
        for index in reversed(range(2 - signs % 2)):
            operator = _token(branch, index)
            node = Unary(_at(operator), str(operator), node)
        return node

    def logic(self, branch: _Branch, depth: int) -> Node:
        operator = _token(branch, 1)
        parts = tuple(self.node(_branch(branch, index), depth + 1) for index in range(0, len(branch.children), 2))
        return Logic(_at(operator), str(operator), parts)

    def chain(self, branch: _Branch, depth: int) -> Node:
        first = self.node(_branch(branch, 0), depth + 1)
        steps = []
        for index in range(1, len(branch.children), 2):
            operator = _token(branch, index)
            steps.append((_at(operator), str(operator), self.node(_branch(branch, index + 1), depth + 1)))
        return Chain(steps[0][0], first, tuple(steps))

    def compare(self, branch: _Branch, depth: int) -> Node:
        operator = _token(branch, 1)
        left = self.node(_branch(branch, 0), depth + 1)
        right = self.node(_branch(branch, 2), depth + 1)
        return Compare(_at(operator), str(operator), left, right)

    def conditional(self, branch: _Branch, depth: int) -> Node:
        arms = []
        while True:
            condition = self.node(_branch(branch, 0), depth + 1)
            arms.append((_at(_token(branch, 1)), condition, self.node(_branch(branch, 2), depth + 1)))
            last = _branch(branch, 3)
            if last.data != "conditional":
                break
            self._count(last)
            branch = last
        node = self.node(last, depth + 1)
        for at, condition, then in reversed(arms):
            node = Conditional(at, condition, then, node)
        return node

    def call(self, branch: _Branch, depth: int) -> Node:
        token = _token(branch, 0)
        name, at = str(token), _at(token)
        arguments = self._each(_branch(branch, 1), depth)
        if name not in FUNCTIONS:
            return self._no_function(token, arguments)
        least, most = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            return self._broken(Mistake(at, "argument_count", _counts(name, least, len(arguments))), arguments)
        return self._date(at, arguments[0]) if name == "date" else Call(at, name, arguments)

    def method(self, branch: _Branch, depth: int) -> Node:
        token = _token(branch, 1)
        name, at = str(token), _at(token)
        receiver = self.node(_branch(branch, 0), depth + 1)
        if name in MACROS:
            return self._macro(token, receiver, _branch(branch, 2), depth)
        arguments = self._each(_branch(branch, 2), depth)
        if name not in METHODS:
            return self._no_method(token, (receiver, *arguments))
        if len(arguments) != 1:
            mistake = Mistake(at, "argument_count", _counts(name, 1, len(arguments)))
            return self._broken(mistake, (receiver, *arguments))
        return Call(at, name, (receiver, *arguments))

    def _macro(self, token: Token, receiver: Node, given: _Branch, depth: int) -> Node:
        parts = given.children
        if len(parts) != 2 or _branch(given, 0).data != "name":  # noqa: PLR2004 - a variable and a body
            return self._broken(Mistake(_at(token), "macro_form", {"macro": str(token)}), (receiver,))
        variable = str(_token(_branch(given, 0), 0))
        return Macro(_at(token), str(token), receiver, variable, self.node(_branch(given, 1), depth + 1))

    def _date(self, at: int, argument: Node) -> Node:
        value = argument.value if isinstance(argument, Literal) else None
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return Literal(at, date.fromisoformat(value))
            except ValueError:
                return self._broken(Mistake(argument.at, "no_such_day", {"found": value}), ())
        return self._broken(Mistake(argument.at, "date_form", {}), (argument,))

    def _no_function(self, token: Token, arguments: tuple[Node, ...]) -> Node:
        name, at = str(token), _at(token)
        if name in METHODS | MACROS:
            return self._broken(Mistake(at, "method_wanted", {"name": name}), arguments)
        if name in {"and", "or", "not"}:
            meant = {"and": "&&", "or": "||", "not": "!"}[name]
            return self._broken(Mistake(at, "word_operator", {"found": name, "meant": meant}), arguments)
        return self._broken(unknown_word(at, "unknown_function", name, FUNCTIONS), arguments)

    def _no_method(self, token: Token, arguments: tuple[Node, ...]) -> Node:
        name, at = str(token), _at(token)
        if name in FUNCTIONS:
            return self._broken(Mistake(at, "function_wanted", {"name": name}), arguments)
        return self._broken(unknown_word(at, "unknown_method", name, METHODS | MACROS), arguments[:1])

    def _broken(self, mistake: Mistake, parts: tuple[Node, ...]) -> Node:
        self.mistakes.append(mistake)
        return Call(mistake.offset, "", parts)

    def _literal(self, branch: _Branch, value: Decimal | str, mistakes: tuple[Mistake, ...]) -> Node:
        self.mistakes.extend(mistakes)
        return Literal(_start(branch), value)

    def _each(self, branches: _Branch, depth: int) -> tuple[Node, ...]:
        return tuple(self.node(_branch(branches, index), depth + 1) for index in range(len(branches.children)))

    def _count(self, branch: _Branch, more: int = 1) -> None:
        self._nodes += more
        if self._nodes > MOST_NODES:
            raise _TooMuchError(Mistake(_start(branch), "too_many_nodes", {"limit": MOST_NODES}))


_BUILD: dict[str, Callable[[_Builder, _Branch, int], Node]] = {
    "call": _Builder.call,
    "chain": _Builder.chain,
    "compare": _Builder.compare,
    "conditional": _Builder.conditional,
    "false": _Builder.false,
    "field": _Builder.field,
    "items": _Builder.items,
    "logic": _Builder.logic,
    "method": _Builder.method,
    "name": _Builder.name,
    "number": _Builder.number,
    "text": _Builder.text,
    "true": _Builder.true,
    "unary": _Builder.unary,
}


def _branch(parent: _Branch, index: int) -> _Branch:
    child = parent.children[index]
    assert isinstance(child, Tree)  # noqa: S101 - the grammar puts a rule there
    return child


def _token(parent: _Branch, index: int) -> Token:
    child = parent.children[index]
    assert isinstance(child, Token)  # noqa: S101 - the grammar puts a terminal there
    return child


def _at(token: Token) -> int:
    return token.start_pos or 0


def _start(branch: _Branch) -> int:
    child: Token | _Branch = branch
    while isinstance(child, Tree):
        child = child.children[0]
    return _at(child)


def _counts(function: str, wanted: int, found: int) -> dict[str, object]:
    return {"function": function, "wanted": wanted, "found": found}
