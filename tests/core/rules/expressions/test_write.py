"""A tree written as text is the same tree."""

from dataclasses import fields, is_dataclass

import pytest
from hypothesis import HealthCheck, given, settings

from service.core.rules.expressions.nodes import Literal, Node
from service.core.rules.expressions.parse import parse
from service.core.rules.expressions.write import write
from tests.core.rules.expressions.written import written


def tree(text: str) -> Node:
    root, mistakes = parse(text)
    assert root is not None, (text, mistakes)
    return root


def shape(thing: object) -> object:
    """A tree without its places, which are the only whole numbers in it."""
    if isinstance(thing, Literal):
        return type(thing.value), thing.value
    if is_dataclass(thing):
        return type(thing), [shape(getattr(thing, field.name)) for field in fields(thing) if field.name != "at"]
    if isinstance(thing, tuple):
        return [shape(item) for item in thing if not isinstance(item, int)]
    return thing


@pytest.mark.parametrize("kind", ["number", "boolean", "text", "date", "numbers"])
def test_a_written_tree_parses_to_itself(kind: str) -> None:
    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(written(kind))
    def same(text: str) -> None:
        root = tree(text)
        assert shape(tree(write(root))) == shape(root)

    same()


@pytest.mark.parametrize(
    "text",
    [
        "a || b && !c",
        "(a || b) && c",
        "(a && b) && c",
        "a - (b - c) * -d / (e / f) % 2",
        "(a + b).f > -1",
        "a == b == c",
        "a == (b == c)",
        "a ? b : c ? d : e",
        "(a ? b : c) ? d : (e || f ? g : h)",
        "!(a in [1, 2.50])",
        '"a\\"b\\\\c\\n\\u0001东".contains("\\t")',
        'x.filter(i, i.y > 5).map(i, i.z).exists(j, j == "k")',
        'years_between(a, date("2024-02-29")) > round(b, 2)',
        "[a, b, []].all(i, true)",
        "-(-a) < --b",
    ],
)
def test_brackets_stand_only_where_they_are_needed(text: str) -> None:
    assert shape(tree(write(tree(text)))) == shape(tree(text))
    if "--" not in text and "(e ||" not in text:
        assert write(tree(text)) == text
