"""The expression language read a second time: characters to a tree of plain tuples, by recursive descent.

Nothing here comes from the engine. A tree is a tuple whose first item names its form:
``("number", Fraction)``, ``("text", str)``, ``("boolean", bool)``, ``("name", str)``, ``("list", trees)``,
``("not", tree)``, ``("minus", tree)``, ``("both", operator, left, right)``, ``("if", condition, then, otherwise)``,
``("field", tree, name)``, ``("call", function, trees)``, ``("method", tree, name, trees)`` and
``("each", tree, macro, variable, body)``.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

# What YAML and JSON hold, and what an expression may be worth: not looked at more closely here.
Plain: TypeAlias = Any
Tree = tuple[Plain, ...]

MACROS = ("exists", "all", "exists_one", "filter", "map")
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<sign>\|\||&&|[=!<>]=|[-+*/%<>!?:.,()\[\]])
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_LEVELS = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "%"))


def read(text: str) -> Tree:
    """Read one expression."""
    reader = _Reader(text)
    tree = reader.choice()
    reader.end()
    return tree


def names(tree: Plain, bound: tuple[str, ...] = ()) -> Iterator[str]:
    """Name everything that stands in a tree and is not a variable of a macro, needed or not."""
    if isinstance(tree, list):
        for item in tree:
            yield from names(item, bound)
    elif isinstance(tree, tuple) and tree[0] == "name":
        yield from () if tree[1] in bound else (tree[1],)
    elif isinstance(tree, tuple):
        inner = (*bound, tree[3]) if tree[0] == "each" else bound
        for place, item in enumerate(tree[1:], 1):
            yield from names(item, inner if place == 4 else bound)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.place = 0

    def end(self) -> None:
        if self.place != len(self.tokens):
            raise ValueError(self.tokens[self.place])

    def take(self, *texts: str) -> str | None:
        """Take the next sign or word if it is one of these."""
        if self.place < len(self.tokens):
            kind, text = self.tokens[self.place]
            if kind in {"sign", "word"} and text in texts:
                self.place += 1
                return str(text)
        return None

    def must(self, text: str) -> None:
        if self.take(text) is None:
            raise ValueError(text)

    def word(self) -> str:
        kind, text = self.tokens[self.place]
        if kind != "word":
            raise ValueError(text)
        self.place += 1
        return str(text)

    def choice(self) -> Tree:
        """``a ? b : c``, where c alone may be another choice without brackets."""
        condition = self.level(0)
        if self.take("?") is None:
            return condition
        then = self.level(0)
        self.must(":")
        return ("if", condition, then, self.choice())

    def level(self, level: int) -> Tree:
        """Chains of one level of operators, from the left."""
        if level == len(_LEVELS):
            return self.prefix()
        tree = self.level(level + 1)
        while operator := self.take(*_LEVELS[level]):
            tree = ("both", operator, tree, self.level(level + 1))
        return tree

    def prefix(self) -> Tree:
        if self.take("!"):
            return ("not", self.prefix())
        if self.take("-"):
            return ("minus", self.prefix())
        return self.member()

    def member(self) -> Tree:
        tree = self.primary()
        while self.take("."):
            name = self.word()
            tree = self.method(tree, name) if self.take("(") else ("field", tree, name)
        return tree

    def method(self, tree: Tree, name: str) -> Tree:
        if name not in MACROS:
            return ("method", tree, name, self.items(")"))
        variable = self.word()
        self.must(",")
        body = self.choice()
        self.must(")")
        return ("each", tree, name, variable, body)

    def primary(self) -> Tree:
        if self.take("("):
            tree = self.choice()
            self.must(")")
            return tree
        if self.take("["):
            return ("list", self.items("]"))
        kind, value = self.tokens[self.place]
        self.place += 1
        if kind == "word":
            return self.named(value)
        if kind in {"number", "text"}:
            return (kind, value)
        raise ValueError(value)

    def named(self, word: str) -> Tree:
        if word in {"true", "false"}:
            return ("boolean", word == "true")
        if self.take("("):
            return ("call", word, self.items(")"))
        return ("name", word)

    def items(self, closing: str) -> list[Tree]:
        """Expressions between commas, up to the closing bracket."""
        found: list[Tree] = []
        while self.take(closing) is None:
            if found:
                self.must(",")
            found.append(self.choice())
        return found


def _tokens(text: str) -> Iterator[tuple[str, Plain]]:
    place = 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise ValueError(text[place:])
        place = match.end()
        yield match.lastgroup, _meant(match.lastgroup, match[match.lastgroup])


def _meant(kind: str, text: str) -> Plain:
    if kind == "number":
        return Fraction(Decimal(text))
    if kind == "text":
        return _ESCAPE.sub(_character, text[1:-1])
    return text


def _character(match: re.Match[str]) -> str:
    escape = match[1]
    if escape[0] == "u":
        return chr(int(escape[1:], 16))
    return {"n": "\n", "t": "\t"}.get(escape, escape)
