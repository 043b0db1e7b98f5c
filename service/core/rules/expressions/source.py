"""Pieces of translated Python source, and what each needs to be known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from service.core.rules.expressions import operations
from service.core.rules.expressions.types import Type, Value
from service.core.values import round_half_up

# How tightly a piece of source holds together; a looser one gets brackets inside a tighter one.
LOOSE, SUM, PRODUCT, ATOM = range(4)


@dataclass(frozen=True, slots=True)
class Known:
    """Source of a value that is right, and not None, wherever every one of ``tests`` holds.

    ``tests`` are run in order, before ``value``: a later test and the value may read what an earlier one has bound.
    """

    value: str
    tests: tuple[str, ...] = ()
    rank: int = LOOSE

    def inside(self, rank: int) -> str:
        """Give the value as an operand of something that binds with ``rank``."""
        return self.value if self.rank >= rank else f"({self.value})"

    @property
    def condition(self) -> str:
        """Give all tests as one."""
        return " and ".join(self.tests)


# What a name of ``Translator.constants`` is bound to.
Constant: TypeAlias = "Value | frozenset[str]"


@dataclass(frozen=True, slots=True)
class Variable:
    """Where a name lives in the compiled code.

    ``code`` is a Python name; ``known`` says that it is never None; ``type`` is that of the scope (``None``: any).
    """

    code: str
    type: Type | None
    known: bool = False


@dataclass(frozen=True, slots=True)
class Certain:
    """Source of two tests of a boolean expression. Only their truth counts, not the object they give.

    Where neither holds the expression is unknown; never do both.
    """

    true: str
    false: str


# Source of a value that is None where unknown.
Maybe: TypeAlias = str
Code: TypeAlias = Known | Maybe


def both(*pieces: Known) -> tuple[str, ...]:
    """Give the tests of all pieces, each once."""
    return tuple(dict.fromkeys(test for piece in pieces for test in piece.tests))


def maybe(code: Code) -> Maybe:
    """Give the source of a value that is None where unknown."""
    if isinstance(code, str):
        return code
    return f"{code.value} if {code.condition} else None" if code.tests else code.value


def arithmetic(left: Known, operator: str, right: Known) -> Known:
    """Give the source of ``+ - * / %``. The tests of a divisor make sure that it is not zero."""
    tests = both(left, right)
    if operator in "+-":
        return Known(f"{left.inside(SUM)} {operator} {right.inside(PRODUCT)}", tests, SUM)
    if operator == "%":
        return Known(f"_remainder({left.value}, {right.value})", tests, ATOM)
    return Known(f"{left.inside(PRODUCT)} {operator} {right.inside(ATOM)}", tests, PRODUCT)


# What translated source calls; a compiled module needs these names in its globals.
RUNTIME: Mapping[str, object] = MappingProxyType(
    {
        "_contained": operations.contained,
        "_count": lambda whole: Decimal(len(whole)),
        "_equal": operations.equal,
        "_every": operations.every,
        "_exactly_one": operations.exactly_one,
        "_greatest": operations.greatest,
        "_least": operations.least,
        "_remainder": operations.remainder,
        "_round": round_half_up,
        "_sifted": operations.sifted,
        "_some": operations.some,
        "_total": operations.total,
        "_years_between": operations.years_between,
    }
)


def _function(name: str) -> Callable[[Sequence[Known]], Code]:
    """Give a function that is unknown just where an argument is."""
    return lambda given: Known(f"{name}({_listed(given)})", both(*given), ATOM)


def _method(name: str) -> Callable[[Sequence[Known]], Code]:
    return lambda given: Known(f"{given[0].inside(ATOM)}.{name}({given[1].value})", both(*given), ATOM)


def _of_list(name: str) -> Callable[[Sequence[Known]], Code]:
    """Give a function of a list, unknown also where an element is."""
    return lambda given: maybe(Known(f"{name}({given[0].value})", given[0].tests))


def _extreme(of_numbers: str, of_list: str) -> Callable[[Sequence[Known]], Code]:
    return lambda given: (_of_list(of_list) if len(given) == 1 else _function(of_numbers))(given)


def _contains(given: Sequence[Known]) -> Code:
    return Known(f"{given[1].inside(SUM)} in {given[0].inside(SUM)}", both(*given))


def _listed(given: Sequence[Known]) -> str:
    return ", ".join(piece.value for piece in given)


# The source of a call from the sources of its arguments (``present`` and ``round`` are the translator's own).
CALLS: Mapping[str, Callable[[Sequence[Known]], Code]] = MappingProxyType(
    {
        "abs": _function("abs"),
        "contains": _contains,
        "endsWith": _method("endswith"),
        "max": _extreme("max", "_greatest"),
        "min": _extreme("min", "_least"),
        "size": _function("_count"),
        "startsWith": _method("startswith"),
        "sum": _of_list("_total"),
        "years_between": _function("_years_between"),
    }
)
