"""Python source that grows line by line, and the functions that come of it.

Nothing of a rules file is ever written into source but names that are identifiers; everything else is bound to a name
of the module's globals.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a text that is filled while the code runs: the source of a str."""

    code: str


# Constant text, or what is filled in.
Piece: TypeAlias = str | Slot


class Source:
    """The source of one module: its lines, and the constants that they name.

    Constants are called ``c1``, ``c2``, …; every other name is free.
    """

    def __init__(self, surroundings: Mapping[str, object]) -> None:
        """Take the names that the lines use besides constants."""
        self.globals: dict[str, object] = dict(surroundings)
        self._lines: list[str] = []
        self._depth = 0
        self._shared: dict[str | Decimal, str] = {}
        self._bound = count(1)

    def line(self, text: str) -> None:
        """Add a line at the present depth."""
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Add a head such as ``if …``; what is added inside belongs to it."""
        self.line(f"{head}:")
        self._depth += 1
        yield
        self._depth -= 1

    def constant(self, value: object) -> str:
        """Bind a value to a name. Equal texts share one, and so do equal numbers."""
        if not isinstance(value, str | Decimal):
            return self._bind(value)
        if value not in self._shared:
            self._shared[value] = self._bind(value)
        return self._shared[value]

    def text(self, pieces: Sequence[Piece]) -> str:
        """Give the source of the text that the pieces make, one after the other."""
        return 'f"' + "".join(f"{{{self._piece(piece)}}}" for piece in merged(pieces)) + '"'

    def parts(self, pieces: Sequence[Piece]) -> str:
        """Give the source of the parts of a text, as a tuple to be joined later."""
        return as_tuple([self._piece(piece) for piece in merged(pieces)])

    def module(self, name: str) -> "Module":
        """Compile the lines."""
        return Module(name, "\n".join(self._lines) + "\n", self.globals)

    def _piece(self, piece: Piece) -> str:
        return piece.code if isinstance(piece, Slot) else self.constant(piece)

    def _bind(self, value: object) -> str:
        name = f"c{next(self._bound)}"
        self.globals[name] = value
        return name


class Module:
    """Compiled source. The text stays at hand, and tracebacks show its lines."""

    def __init__(self, name: str, text: str, surroundings: Mapping[str, object]) -> None:
        """Compile and run the text, which defines functions."""
        self.text = text
        self._globals = {**surroundings, "__name__": name, "__loader__": self}
        exec(compile(text, name, "exec", dont_inherit=True), self._globals)  # noqa: S102 - source of our own, see above

    def function(self, name: str) -> Callable[..., Any]:
        """Give a function by its name."""
        found: Callable[..., Any] = self._globals[name]  # type: ignore[assignment]
        return found

    def get_source(self, _name: str) -> str:
        """Give the text to whoever shows a traceback."""
        return self.text


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Join constant texts that stand side by side; leave out empty ones."""
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return found


def as_tuple(parts: Iterable[str]) -> str:
    """Give the source of a tuple, to make one or to take one apart."""
    return f"({''.join(f'{part}, ' for part in parts)})"


def listed(names: Iterable[str]) -> Slot:
    """Put texts that begin with a comma, given as names, one after the other; leave out the first comma."""
    return Slot('f"' + "".join(f"{{{name}}}" for name in names) + '"[1:]')
