"""Well-typed expressions, written at random (hypothesis), and values for their names."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from service.core.rules.expressions.types import Value

# Numbers that meet each other: equal ones spelt differently, zeros, halves, the largest, 34 digits.
NUMBERS = [
    *("0", "0.0", "1", "1.00", "2", "2.5", "-2.5", "7", "0.1", "0.7", "1e20", "1e-20"),
    "1234567890.123456789012345678901234",
    "-9999999999999999999999999999999999",
]
LITERALS = ["0", "1", "2", "2.50", "3", "0.1", "100000000000000000000", "0.00000000000000000001"]
TEXTS = ["", "a", "ab", "b", "东营"]
DAYS = [date(2023, 2, 28), date(2024, 2, 29), date(2025, 3, 1), date(2028, 2, 29)]


@st.composite
def written(draw: DrawFn, kind: str, depth: int = 4, variables: tuple[str, ...] = ()) -> str:
    """Write an expression of a kind: number, boolean, text, date, numbers (a list) or records."""
    plain = _LEAVES[kind](variables)
    shapes = _SHAPES[kind]
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(plain)
    shape = draw(st.sampled_from(shapes))

    def part(kind: str) -> str:
        return draw(written(kind, depth - 1, variables))

    def loop(kind: str) -> tuple[str, str]:
        name = f"v{len(variables)}"
        return name, draw(written(kind, min(depth - 1, 2), (*variables, name)))

    return shape(draw, part, loop)


Part = Callable[[str], str]
Loop = Callable[[str], tuple[str, str]]
Shape = Callable[[DrawFn, Part, Loop], str]


def _pick(*options: str) -> SearchStrategy[str]:
    return st.sampled_from(options)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _fields(name: str) -> Callable[[tuple[str, ...]], list[str]]:
    return lambda variables: [f"{variable}.{name}" for variable in variables]


_LEAVES: dict[str, Callable[[tuple[str, ...]], SearchStrategy[str]]] = {
    "number": lambda variables: _pick("n", "m", "k", *LITERALS, *_fields("count")(variables)),
    "boolean": lambda variables: _pick("p", "q", "true", "false", *_fields("paid")(variables)),
    "text": lambda _: _pick("place", *map(_quoted, TEXTS)),
    "date": lambda variables: _pick("start", "end", 'date("2024-02-29")', *_fields("since")(variables)),
    "numbers": lambda _: _pick("[]", "[n]", "[1, m, 2]", "[n, 0, m, k]"),
    "records": lambda _: _pick("incentives"),
}


def _chain(operators: tuple[str, ...], kind: str) -> Shape:
    def shape(draw: DrawFn, part: Part, _: Loop) -> str:
        text = f"({part(kind)})"
        for _again in range(draw(st.integers(1, 3))):
            text += f" {draw(_pick(*operators))} ({part(kind)})"
        return text

    return shape


def _text(template: str, *kinds: str) -> Shape:
    return lambda _draw, part, _loop: template.format(*map(part, kinds))


def _compare(kind: str, *operators: str) -> Shape:
    return lambda draw, part, _loop: f"({part(kind)}) {draw(_pick(*operators))} ({part(kind)})"


def _macro(macro: str, of: str, body: str) -> Shape:
    def shape(draw: DrawFn, part: Part, loop: Loop) -> str:
        name, inside = loop(body)
        return f"({part(of)}).{draw(_pick(*macro.split()))}({name}, {inside})"

    return shape


def _presence(draw: DrawFn, _part: Part, _loop: Loop) -> str:
    return f"present({draw(_pick('n', 'p', 'place', 'incentives'))})"


_SHAPES: dict[str, list[Shape]] = {
    "number": [
        _chain(("+", "-"), "number"),
        _chain(("*", "/", "%"), "number"),
        _chain(("*", "/"), "number"),
        _text("-({})", "number"),
        _text("abs({})", "number"),
        _text("round({}, 2)", "number"),
        _text("min({}, {})", "number", "number"),
        _text("max({}, {}, {})", "number", "number", "number"),
        _text("min({})", "numbers"),
        _text("max({})", "numbers"),
        _text("sum({})", "numbers"),
        _text("size({})", "records"),
        _text("size({})", "text"),
        _text("years_between({}, {})", "date", "date"),
        _text("({}) ? ({}) : ({})", "boolean", "number", "number"),
    ],
    "boolean": [
        _chain(("&&",), "boolean"),
        _chain(("||",), "boolean"),
        _text("!({})", "boolean"),
        _compare("number", "==", "!=", "<", "<=", ">", ">="),
        _compare("date", "==", "<", ">="),
        _compare("text", "==", "!="),
        _compare("boolean", "==", "!="),
        _compare("numbers", "==", "!="),
        _text("({}) in ({})", "number", "numbers"),
        _text("({}) in [0, 1, 2.5]", "number"),
        _text('({}) in ["a", "ab"]', "text"),
        _text("({}) in [{}, true]", "boolean", "boolean"),
        _text("({}).startsWith({})", "text", "text"),
        _text("({}).endsWith({})", "text", "text"),
        _text("({}).contains({})", "text", "text"),
        _text("({}) ? ({}) : ({})", "boolean", "boolean", "boolean"),
        _macro("exists all exists_one", "records", "boolean"),
        _macro("exists all exists_one", "records", "boolean"),
        _presence,
    ],
    "text": [_text("({}) ? ({}) : ({})", "boolean", "text", "text")],
    "date": [_text("({}) ? ({}) : ({})", "boolean", "date", "date")],
    "numbers": [
        _macro("map", "records", "number"),
        _text("[{}, {}]", "number", "number"),
        _text("({}) ? ({}) : ({})", "boolean", "numbers", "numbers"),
    ],
    "records": [_macro("filter", "records", "boolean"), _text("({}) ? ({}) : ({})", "boolean", "records", "records")],
}


def _maybe(values: SearchStrategy[Value]) -> SearchStrategy[Value]:
    return st.none() | values


def _numbers() -> SearchStrategy[Value]:
    return _maybe(st.sampled_from([Decimal(number) for number in NUMBERS]))


def values() -> SearchStrategy[dict[str, Value]]:
    """Draw values for the names of the scope, any of them unknown; ``k`` is always known."""
    day, yes = _maybe(st.sampled_from(DAYS)), _maybe(st.booleans())
    record: SearchStrategy[Value] = st.fixed_dictionaries({"count": _numbers(), "paid": yes, "since": day})
    return st.fixed_dictionaries(
        {
            "n": _numbers(),
            "m": _numbers(),
            "k": st.sampled_from([Decimal("0.8"), Decimal(3)]),
            "p": yes,
            "q": yes,
            "place": _maybe(st.sampled_from(TEXTS)),
            "start": day,
            "end": day,
            "incentives": _maybe(st.lists(record, max_size=4).map(tuple)),
        }
    )
