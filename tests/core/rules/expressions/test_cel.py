"""Where the language overlaps with CEL, a real implementation of CEL says the same.

The overlap is integers, booleans, strings and lists, without ``/`` (CEL divides integers to integers). An error of CEL
is our unknown: both are absorbed by ``&&`` and ``||`` in the same way.
"""

from decimal import Decimal
from typing import Any

import pytest
from cel_expr_python import cel  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from service.core.rules.expressions.check import Wanted, read_expression
from service.core.rules.expressions.evaluate import evaluate
from service.core.rules.expressions.types import Kind, Type, Value

NUMBER, BOOLEAN, TEXT = Type(Kind.NUMBER), Type(Kind.BOOLEAN), Type(Kind.TEXT)
SCOPE = {"a": NUMBER, "b": NUMBER, "p": BOOLEAN, "q": BOOLEAN, "s": TEXT, "l": Type(Kind.LIST, of=NUMBER)}
CEL = cel.NewEnv(
    variables={
        "a": cel.Type.INT,
        "b": cel.Type.INT,
        "p": cel.Type.BOOL,
        "q": cel.Type.BOOL,
        "s": cel.Type.STRING,
        "l": cel.Type.List(cel.Type.INT),
    }
)

# Every operator with the kinds of its operands, written without brackets, so that precedence is compared as well.
SHAPES = {
    "number": [
        ("{} + {}", "number number"),
        ("{} - {}", "number number"),
        ("{} * {}", "number number"),
        ("{} % 3", "number"),
        ("-{}", "number"),
        ("size({})", "list"),
        ("size({})", "text"),
        ("({} ? {} : {})", "boolean number number"),
        ("({})", "number"),
    ],
    "boolean": [
        ("{} && {}", "boolean boolean"),
        ("{} || {}", "boolean boolean"),
        ("{} && {} || {}", "boolean boolean boolean"),
        ("!({})", "boolean"),
        ("({})", "boolean"),
        ("{} ? {} : {}", "boolean boolean boolean"),
        ("{} == {}", "number number"),
        ("{} != {}", "text text"),
        ("{} < {}", "number number"),
        ("{} <= {}", "number number"),
        ("{} > {} == {}", "number number boolean"),
        ("{} == {}", "list list"),
        ("{} in {}", "number list"),
        ("{}.startsWith({})", "text text"),
        ("{}.endsWith({})", "text text"),
        ("{}.contains({})", "text text"),
        ("{}.exists(i, i > {})", "list number"),
        ("{}.all(i, {} || i < {})", "list boolean number"),
        ("{}.exists(i, i % a == {})", "list number"),
        ("{}.exists_one(i, i == {})", "list number"),
        ("1 % 0 == {}", "number"),
    ],
    "text": [("({} ? {} : {})", "boolean text text")],
    "list": [
        ("[{}, {},]", "number number"),
        ("{}.map(i, i * {})", "list number"),
        ("{}.filter(i, i > {})", "list number"),
        ("({} ? {} : {})", "boolean list list"),
    ],
}
LEAVES = {
    "number": ["a", "b", "0", "1", "2", "-7"],
    "boolean": ["p", "!q", "!!p", "true", "false"],
    "text": ["s", '"a"', "'黄河'", r'"\u0061\n\t\"\\"', "''"],
    "list": ["l", "[]", "[1, a]", "[0, 1, 2, 3]"],
}


@st.composite
def overlapping(draw: DrawFn, kind: str = "boolean", depth: int = 4) -> str:
    if depth == 0:
        return draw(st.sampled_from(LEAVES[kind]))
    template, kinds = draw(st.sampled_from(SHAPES[kind] + [(leaf, "") for leaf in LEAVES[kind]]))
    return template.format(*(draw(overlapping(part, depth - 1)) for part in kinds.split()))


def plain(value: Value) -> object:
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return int(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("kind", ["boolean", "number", "list"])
def test_cel_gives_the_same_answer(kind: str) -> None:
    known = st.fixed_dictionaries(
        {
            "a": st.integers(-3, 3),
            "b": st.integers(-100, 100),
            "p": st.booleans(),
            "q": st.booleans(),
            "s": st.sampled_from(["", "a", "ab", "黄河"]),
            "l": st.lists(st.integers(-3, 3), max_size=4),
        }
    )

    @settings(max_examples=700, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(overlapping(kind), known)
    def same(text: str, data: dict[str, object]) -> None:
        expression, _, mistakes = read_expression(text, SCOPE, Wanted.of(*Kind))
        compiled, refusal = compiled_by_cel(text)
        if refusal:
            # What else CEL refuses is no matter here, but we may not take what is no syntax of CEL.
            assert expression is None or "Syntax error" not in refusal, (text, refusal)
            return
        if {mistake.code for mistake in mistakes} == {"variable_hides"}:
            return  # ours alone: a variable may not hide another
        assert expression is not None, (text, mistakes)
        answer = compiled.eval(data=data)
        ours: dict[str, Value] = {name: _ours(value) for name, value in data.items()}
        said = evaluate(expression, ours).value
        if answer.type() == cel.Type.ERROR:
            assert said is None or unsure_elements(said), (text, data)
        else:
            assert plain(said) == answer.plain_value(), (text, data)

    same()


def compiled_by_cel(text: str) -> tuple[Any, str]:
    try:
        return CEL.compile(text), ""
    except RuntimeError as error:
        return None, str(error)


def unsure_elements(value: Value) -> bool:
    return isinstance(value, tuple) and None in value


def _ours(value: object) -> Value:
    if isinstance(value, list):
        return tuple(Decimal(item) for item in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    assert isinstance(value, bool | str)
    return value
