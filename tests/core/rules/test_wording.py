"""What a report says of a figure: its unit, and what it is held against."""

import json
import re
from pathlib import Path

import pytest

from service.core.rules.assess import assess
from service.core.rules.facts import read
from service.core.rules.load import load
from service.core.rules.model import Rulebook
from service.core.rules.report import report
from service.core.rules.wording import Wording
from tests.core.rules.books import BOOLEAN, HUNDRED, NUMBER, Plain, book, given
from tests.core.rules.compiled.agreement import WORDS, agree, compiled

ROOT = Path(__file__).parents[3]


def told(rulebook: Rulebook, language: str, **facts: Plain) -> Plain:
    """The report, which the compiled form writes too."""
    agree(compiled(rulebook), rulebook, given(**facts))
    return json.loads(report(rulebook, assess(rulebook, read(rulebook, given(**facts))), WORDS, language))


@pytest.mark.parametrize("unit", ["万元/亩/a", "万元/a/亩", "万元·亩^-1·a^-1"])
def test_a_unit_is_said_in_the_language_however_it_is_spelt_and_published_as_it_is_written(unit: str) -> None:
    rulebook = book(
        facts={"tax": {"type": "number", "unit": unit}},
        parameters={"least": {"value": 20, "unit": unit}},
        gates=[{"id": "g", "fails_when": "tax < least"}],
        criteria=[{"id": "c", "value": "tax", **HUNDRED}],
    )
    zh, en = (told(rulebook, language, tax=15) for language in ("zh", "en"))
    assert "tax甲：15 万元/亩/年（least甲 20 万元/亩/年，相差 5）" in zh["gates"][0]["because"]
    assert "Tax: 15 × 10k yuan/mu/year (Least: 20 × 10k yuan/mu/year, 5 apart)" in en["gates"][0]["because"]
    assert en["criteria"][0]["because"].startswith("C: 15 × 10k yuan/mu/year scores 15 points")
    assert [said["criteria"][0]["unit"] for said in (zh, en)] == ["万元/a/亩"] * 2


@pytest.mark.parametrize("file", [ROOT / "rules.yaml", *sorted((ROOT / "examples" / "rulebooks").glob("*.yaml"))])
def test_no_unit_of_the_rules_that_come_along_is_chinese_in_english(file: Path) -> None:
    rulebook = load(file.read_bytes()).rulebook
    assert rulebook is not None
    facts = [field for fact in rulebook.facts.values() for field in (fact, *fact.of)]
    units = {fact.unit for fact in facts} | {figure.unit for figure in rulebook.derived.values()}
    units |= {parameter.unit for parameter in rulebook.parameters.values()} | {one.unit for one in rulebook.criteria}
    wording = Wording(rulebook, WORDS["en"], "en")
    assert not [unit for unit in units if re.search("[\u4e00-\u9fff]", wording.unit(unit))]


def test_a_unit_that_has_no_words_is_said_as_it_is_written() -> None:
    rulebook = book(facts={"x": {"type": "number", "unit": "斤/头"}}, gates=[{"id": "g", "fails_when": "x > 5"}])
    said = told(rulebook, "en", x=4)["gates"][0]["because"]
    assert said == "G: passed; X: 4 斤/头 (limit: 5 斤/头, 1 apart)."


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("x + (x > 2 ? 1 : 0) > 3", "X: 3"),
        ("(x > 2 ? x : 0) > 2", "X: 3"),
        ("-(x > 2 ? 1 : 0) < 0", "X: 3"),
        ("max(x > 2 ? x : 0, x) > 2", "X: 3"),
        ("size([1, 4].filter(i, x > i)) > 0", "X: 3"),
        ("(x > 2 ? 1 : 0) == 1", "X: 3"),
        ('(x > 2 ? "high" : "low") in ["high"]', "X: 3"),
        ("[x > 2 ? x : 0].exists(i, i > 2)", "X: 3"),
        ("x + (x > 2 ? 1 : 0) > 3 && x < 10", "X: 3 (limit: 10, 7 apart)"),
        ("x > 2 ? x < 5 : false", "X: 3 (limit: 2, 1 apart)"),
        ("listed ? false : x > 2", "Listed: no, X: 3 (limit: 2, 1 apart)"),
        ("(x > 2) == true", "X: 3 (limit: 2, 1 apart)"),
        ("(listed ? listed : x > 2) != false", "Listed: no, X: 3 (limit: 2, 1 apart)"),
        ("!(x <= 2)", "X: 3 (limit: 2, 1 apart)"),
        ("[1, 4].exists(i, i > 0 && x > 2)", "X: 3 (limit: 2, 1 apart)"),
        ("[1, 4].all(i, x > 2) == true", "X: 3 (limit: 2, 1 apart)"),
    ],
)
def test_only_what_a_condition_holds_a_figure_against_is_its_limit(condition: str, said: str) -> None:
    rulebook = book(facts={"x": NUMBER, "listed": BOOLEAN}, gates=[{"id": "g", "fails_when": condition}])
    found = told(rulebook, "en", x=3, listed=False)
    assert found["gates"][0]["because"] == f"G: failed, which means “Do not support”; {said}."
