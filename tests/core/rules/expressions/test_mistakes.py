from pathlib import Path
from string import Formatter

import pytest
from ruamel.yaml import YAML

from service.core.rules.expressions.check import Wanted, read_expression
from service.core.rules.expressions.types import Kind
from service.core.rules.expressions.units import parse_unit
from tests.core.rules.expressions.mistaken import MEANING, RESULT, SYNTAX
from tests.core.rules.expressions.scope import SCOPE

BOOLEAN = Wanted.of(Kind.BOOLEAN)
CUBIC_METRES = Wanted.of(Kind.NUMBER, unit=parse_unit("m3/a"))
ROWS = [(text, BOOLEAN, said) for text, said in SYNTAX + MEANING] + [
    (text, CUBIC_METRES, said) for text, said in RESULT
]
WORDS = Path(__file__).parents[4] / "service" / "words"


def templates(language: str) -> dict[str, str]:
    found = YAML(typ="safe").load((WORDS / language / "expressions.yaml").read_text("utf-8"))
    return {str(code): str(template) for code, template in found.items()}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize(("text", "wanted", "said"), ROWS)
def test_every_mistake_is_told_once_at_its_character(text: str, wanted: Wanted, said: list[tuple[int, str]]) -> None:
    expression, _, mistakes = read_expression(text, SCOPE, wanted)
    assert [(mistake.offset, mistake.code) for mistake in mistakes] == said
    assert expression is None


def test_figures_say_what_was_meant() -> None:
    def figures(text: str) -> list[dict[str, object]]:
        return [dict(mistake.figures) for mistake in read_expression(text, SCOPE, BOOLEAN)[2]]

    assert figures("n ＞＝ 5") == [{"found": "＞", "meant": ">"}, {"found": "＝", "meant": "="}]
    assert figures("n <> 5") == [{"found": "<>", "meant": "!="}]
    assert figures("p or q") == [{"found": "or", "meant": "||"}]
    assert figures("addedvalue > 5") == [{"found": "addedvalue", "meant": "added_value"}]
    assert figures("nature == 'expanded'") == [{"found": "expanded", "meant": "expand"}]
    assert figures("water / added_value > n") == [{"left": "m3/a/万元", "right": "1"}]
    assert figures("incentives.map(i, i.count) == [p]") == [{"left": "number", "right": "boolean"}]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_mistake_has_a_sentence_that_its_figures_fill(language: str) -> None:
    sentences = templates(language)
    said = set()
    for text, wanted, _ in ROWS:
        for mistake in read_expression(text, SCOPE, wanted)[2]:
            assert placeholders(sentences[mistake.code]) <= set(mistake.figures), mistake
            said.add(mistake.code)
    assert said == set(sentences)


def test_both_languages_name_the_same_figures() -> None:
    zh, en = templates("zh"), templates("en")
    assert {code: placeholders(zh[code]) for code in zh} == {code: placeholders(en[code]) for code in en}
