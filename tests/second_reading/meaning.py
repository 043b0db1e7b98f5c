"""What an expression means: walking a tree of ``language`` with fractions, dates, texts and ``None`` for unknown."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from tests.second_reading.language import Plain, Tree

STEPS = 10_000
_DIGITS = Context(prec=34, rounding=ROUND_HALF_UP, Emin=-999_999_999, Emax=999_999_999)


class OutOfStepsError(Exception):
    """More than the allowed number of visits."""


def to_digits(number: Fraction) -> Fraction:
    """Round to 34 significant digits, halves away from zero."""
    return Fraction(_DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator)))


def to_decimals(number: Fraction, decimals: int) -> Fraction:
    """Round to so many decimals, halves away from zero."""
    scale = 10**decimals
    whole, rest = divmod(abs(number) * scale, 1)
    rounded = Fraction(whole + (rest >= Fraction(1, 2)), scale)
    return -rounded if number < 0 else rounded


def years_between(start: date, end: date) -> Fraction:
    """Count whole completed years; negative when the end comes first."""
    if end < start:
        return -years_between(end, start)
    early = (end.month, end.day) < (start.month, start.day)
    return Fraction(end.year - start.year - early)


class Evaluation:
    """One evaluation of one expression; ``divided_by_zero`` tells afterwards whether that happened anywhere."""

    def __init__(self, value_of: Callable[[str], Plain]) -> None:
        self.value_of = value_of
        self.divided_by_zero = False
        self.steps = 0
        self.bound: dict[str, Plain] = {}

    def whole(self, tree: Tree) -> Plain:
        """The value of the tree, or None when it is unknown."""
        try:
            return self.value(tree)
        except OutOfStepsError:
            return None

    def value(self, tree: Tree) -> Plain:
        self.steps += 1
        if self.steps > STEPS:
            raise OutOfStepsError
        return getattr(self, f"on_{tree[0]}")(*tree[1:])

    def on_number(self, number: Fraction) -> Fraction:
        return number

    def on_text(self, text: str) -> str:
        return text

    def on_boolean(self, boolean: bool) -> bool:  # noqa: FBT001 - it is the value
        return boolean

    def on_name(self, name: str) -> Plain:
        return self.bound[name] if name in self.bound else self.value_of(name)

    def on_list(self, trees: list[Tree]) -> list[Plain]:
        return [self.value(tree) for tree in trees]

    def on_not(self, tree: Tree) -> Plain:
        value = self.value(tree)
        return None if value is None else not value

    def on_minus(self, tree: Tree) -> Plain:
        value = self.value(tree)
        return None if value is None else -value

    def on_if(self, condition: Tree, then: Tree, otherwise: Tree) -> Plain:
        chosen = self.value(condition)
        if chosen is None:
            return None
        return self.value(then if chosen else otherwise)

    def on_field(self, tree: Tree, name: str) -> Plain:
        record = self.value(tree)
        return None if record is None else record[name]

    def on_both(self, operator: str, left: Tree, right: Tree) -> Plain:
        first = self.value(left)
        if operator in {"&&", "||"} and first is (operator == "||"):
            return first
        second = self.value(right)
        if operator in {"&&", "||"}:
            return _kleene([first, second], settles=operator == "||")
        if operator == "in":
            return None if second is None else _kleene([equal(item, first) for item in second], settles=True)
        if first is None or second is None:
            return None
        return self.compared_or_computed(operator, first, second)

    def compared_or_computed(self, operator: str, first: Plain, second: Plain) -> Plain:
        if operator in {"==", "!="}:
            same = equal(first, second)
            return None if same is None else same == (operator == "==")
        if operator in _ORDER:
            return _ORDER[operator](first, second)
        if operator in {"/", "%"} and second == 0:
            self.divided_by_zero = True
            return None
        return to_digits(_ARITHMETIC[operator](first, second))

    def on_call(self, function: str, trees: list[Tree]) -> Plain:
        if function == "date":
            return date.fromisoformat(trees[0][1])
        if function == "present":
            return self.value(trees[0]) is not None
        given = [self.value(tree) for tree in trees]
        if function in {"min", "max", "sum"} and len(given) == 1:
            given = [None] if given[0] is None else given[0]
        return None if None in given else to_digits_if_number(_FUNCTIONS[function](given))

    def on_method(self, tree: Tree, name: str, trees: list[Tree]) -> Plain:
        given = [self.value(tree), *(self.value(item) for item in trees)]
        return None if None in given else _METHODS[name](*given)

    def on_each(self, tree: Tree, macro: str, variable: str, body: Tree) -> Plain:
        items = self.value(tree)
        if items is None:
            return None
        outer = self.bound
        found = []
        for item in items:
            self.bound = {**outer, variable: item}
            found.append(self.value(body))
            if _is_settled(macro, found):
                break
        self.bound = outer
        return _MACROS[macro](items, found)


def equal(first: Plain, second: Plain) -> bool | None:
    """Compare; lists element by element, false on a certain difference."""
    if first is None or second is None:
        return None
    if not isinstance(first, list):
        return bool(first == second)
    if len(first) != len(second):
        return False
    return _kleene([equal(*pair) for pair in zip(first, second, strict=True)], settles=False)


def to_digits_if_number(value: Plain) -> Plain:
    return to_digits(value) if isinstance(value, Fraction) else value


def _kleene(values: list[bool | None], *, settles: bool) -> bool | None:
    if settles in values:
        return settles
    return None if None in values else not settles


def _is_settled(macro: str, found: list[Plain]) -> bool:
    """Say whether the rest cannot matter: ``exists`` is a chain of ``||``, ``all`` one of ``&&``, which stop early."""
    if macro == "exists_one":
        return found.count(True) > 1
    return macro in {"exists", "all"} and found[-1] is (macro == "exists")


def _exists_one(_: list[Plain], found: list[Plain]) -> bool | None:
    if found.count(True) > 1:
        return False
    return None if None in found else found.count(True) == 1


def _filter(items: list[Plain], found: list[Plain]) -> list[Plain] | None:
    return None if None in found else [item for item, kept in zip(items, found, strict=True) if kept]


def _remainder(first: Fraction, second: Fraction) -> Fraction:
    rest = abs(first) % abs(second)
    return -rest if first < 0 else rest


def _sum(given: list[Fraction]) -> Fraction:
    total = Fraction(0)
    for number in given:
        total = to_digits(total + number)
    return total


_ORDER: Mapping[str, Callable[[Plain, Plain], bool]] = {
    "<": lambda first, second: first < second,
    "<=": lambda first, second: first <= second,
    ">": lambda first, second: first > second,
    ">=": lambda first, second: first >= second,
}
_ARITHMETIC: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda first, second: first + second,
    "-": lambda first, second: first - second,
    "*": lambda first, second: first * second,
    "/": lambda first, second: first / second,
    "%": _remainder,
}
_FUNCTIONS: Mapping[str, Callable[[list[Plain]], Plain]] = {
    "min": lambda given: min(given, default=None),
    "max": lambda given: max(given, default=None),
    "sum": _sum,
    "abs": lambda given: abs(given[0]),
    "round": lambda given: to_decimals(given[0], int(given[1])),
    "size": lambda given: Fraction(len(given[0])),
    "years_between": lambda given: years_between(given[0], given[1]),
}
_METHODS: Mapping[str, Callable[[str, str], bool]] = {
    "startsWith": lambda text, part: text.startswith(part),
    "endsWith": lambda text, part: text.endswith(part),
    "contains": lambda text, part: part in text,
}
_MACROS: Mapping[str, Callable[[list[Plain], list[Plain]], Plain]] = {
    "exists": lambda _, found: _kleene(found, settles=True),
    "all": lambda _, found: _kleene(found, settles=False),
    "exists_one": _exists_one,
    "filter": _filter,
    "map": lambda _, found: found,
}
