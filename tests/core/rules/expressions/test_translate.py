"""The compiled form of an expression says what the interpreter says."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service.core.rules.expressions.evaluate import evaluate
from service.core.rules.expressions.translate import RUNTIME, Translator, Variable
from service.core.rules.expressions.types import Kind, Value
from service.core.values import CONTEXT
from tests.core.rules.expressions.scope import SCOPE, read
from tests.core.rules.expressions.written import values, written

VARIABLES = {name: Variable(f"x_{name}", found, known=name == "k") for name, found in SCOPE.items()}


def run(source: str, translator: Translator, known: dict[str, Value]) -> Value:
    surroundings = {**RUNTIME, **translator.constants, **{f"x_{name}": value for name, value in known.items()}}
    with localcontext(CONTEXT):
        result: Value = eval(source, surroundings)  # noqa: S307 - our own source is what is tested
        return result


@pytest.mark.parametrize("kind", ["number", "boolean", "text", "date", "numbers"])
def test_compiled_expressions_agree_with_the_interpreter(kind: str) -> None:
    @settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(written(kind), st.lists(values(), min_size=3, max_size=3))
    def agree(text: str, cases: list[dict[str, Value]]) -> None:
        expression = read(text)
        translator = Translator(VARIABLES)
        source, tests = translator.value(expression), translator.tests(expression) if kind == "boolean" else None
        assume(source is not None)  # else it may take too many steps
        assert source is not None
        for known in cases:
            said = evaluate(expression, known).value
            compiled = run(source, translator, known)
            assert (compiled, type(compiled)) == (said, type(said)), (text, source, known)
            if tests is not None:
                both = (bool(run(tests.true, translator, known)), bool(run(tests.false, translator, known)))
                assert both == (said is True, said is False), (text, tests, known)

    agree()


def test_arithmetic_of_known_operands_is_plain_operators() -> None:
    translator = Translator(VARIABLES)
    assert translator.value(read("k * k + k")) == "x_k * x_k + x_k"
    assert translator.value(read("n * m - k")) == "x_n * x_m - x_k if x_n is not None and x_m is not None else None"
    assert translator.value(read("k / 2")) == "x_k / _k1"
    assert translator.constants == {"_k1": Decimal(2)}


def test_what_may_take_too_many_steps_is_left_to_the_interpreter() -> None:
    body = " + ".join(["i.count"] * 16)  # 33 visits a record, and the comparison
    inside = read(f"incentives.exists(i, {body} > 1 && i.paid)")
    beyond = read("incentives.exists(i, incentives.exists(j, i.count > j.count))")
    translator = Translator(VARIABLES)
    assert translator.tests(inside) is not None
    assert translator.tests(beyond) is None
    assert translator.value(beyond) is None


@pytest.mark.parametrize(
    "text",
    [
        "p?1:" * 166 + "2",
        "n in [" + ",".join(["n"] * 450) + "]",
        " + ".join(["n"] * 250),
        "&&".join(["p==q"] * 150),
        "n" + "/n%n" * 200,
        "!(p&&" * 15 + "q" + ")" * 15,
        "(p == (q && " * 14 + "p" + "))" * 14,
        "((p ? p : q) || q) ? 1 : 2",
        "(" * 12 + "p" + " ? p : q)" * 12,
        "abs(" * 31 + "n" + ")" * 31,
        "size(incentives" + ".filter(i, i.paid)" * 14 + ") > 1",
    ],
)
def test_the_largest_expressions_compile_to_source_of_modest_size(text: str) -> None:
    expression = read(text, *Kind)
    translator = Translator(VARIABLES)
    source = translator.value(expression)
    assert source is not None
    assert len(source) < 40 * 2048
    known: dict[str, Value] = {"n": Decimal(3), "p": True, "q": False, "incentives": ({"paid": True, "count": None},)}
    assert run(source, translator, known) == evaluate(expression, known).value
