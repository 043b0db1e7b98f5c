"""Expressions in words: a policy officer reads what a rule asks for without reading the expression."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.core.rules.clauses import clauses
from service.core.rules.conditions import Clause, Teller
from service.core.rules.load import load
from service.core.rules.model import Rulebook
from service.core.rules.wording import Wording
from service.words import LANGUAGES, together
from tests.core.rules.books import BOOLEAN, DATE, NUMBER, TEXT, book, choice

ROOT = Path(__file__).parent.parent.parent.parent

PARAMETERS = {"most": {"value": 5, "unit": "km"}, "codes": {"value": ["25", "26"]}}
FACTS = {
    "wet": BOOLEAN,
    "dry": BOOLEAN,
    "far": {**NUMBER, "unit": "km"},
    "near": {**NUMBER, "unit": "km"},
    "nature": choice("new", "old"),
    "code": TEXT,
    "begins": DATE,
    "ends": DATE,
    "gifts": {
        "type": "list",
        "of": {"year": {"type": "integer"}, "amount": {"type": "number", "unit": "km"}, "kind": choice("cash", "land")},
    },
}


def teller(rulebook: Rulebook, language: str = "en") -> Teller:
    words = together("assessment", "explanations", "conditions")[language]
    return Teller(Wording(rulebook, words, language))


def written(clause: Clause) -> str:
    """A clause on one line, its parts in brackets."""
    return f"{clause.text} [{'; '.join(map(written, clause.parts))}]" if clause.parts else clause.text


def told(expression: str, language: str = "en") -> str:
    rulebook = book(parameters=PARAMETERS, facts=FACTS, gates=[{"id": "g", "fails_when": expression}])
    return written(teller(rulebook, language).condition(rulebook.gates[0].fails_when.root))


CONDITIONS = {
    "wet": "“wet” is yes",
    "!wet": "“wet” is no",
    "!(wet && !dry)": "one of these holds [“wet” is no; “dry” is yes]",
    "!(wet || dry)": "“wet” is no, and “dry” is no",
    "wet && dry": "“wet” is yes, and “dry” is yes",
    "wet || dry && far > 1": "one of these holds [“wet” is yes; “dry” is yes, and “far” is above 1 km]",
    "wet && (dry || far > 1)": (
        "all of these hold [“wet” is yes; one of these holds [“dry” is yes; “far” is above 1 km]]"
    ),
    "far > most": "“far” is above most (5 km)",
    "!(far > most)": "“far” is at most most (5 km)",
    "far <= 3": "“far” is at most 3 km",
    "far < near - 1": "“far” is below “near” − 1 km",
    "far >= 2 * (near + 1)": "“far” is at least 2 × (“near” + 1)",
    "far == -near": "“far” is −“near”",
    'nature == "new"': "“nature” is “New”",
    'nature in ["new", "old"]': "“nature” is one of “New”, “Old”",
    '!(nature in ["new"])': "“nature” is none of “New”",
    'code.startsWith("27")': "“code” begins with “27”",
    '!code.endsWith("27")': "“code” does not end with “27”",
    'code.contains("27")': "“code” contains “27”",
    "code in codes": "“code” is one of “codes”",
    "size(code) != 4": "the length of “code” is not 4",
    "size(gifts) > 2": "the number of entries of “gifts” is above 2",
    "present(far)": "“far” is stated",
    "!present(far)": "“far” is not stated",
    "begins < ends": "“begins” is before “ends”",
    '!(begins < date("2026-01-01"))': "“begins” is not before 2026-01-01",
    "years_between(begins, ends) >= 3": "whole years from “begins” to “ends” is at least 3",
    "codes.exists(c, code.startsWith(c))": "for one of “codes”: “code” begins with the entry",
    "!codes.exists(c, code.startsWith(c))": "for none of “codes”: “code” begins with the entry",
    'gifts.all(i, i.kind == "cash" || i.year < 3)': "for each of “gifts”: “kind” is “Cash”, or “year” is below 3",
    "gifts.exists_one(i, i.year == 1)": "for exactly one of “gifts”: “year” is 1",
    "sum(gifts.filter(i, i.year <= 5).map(i, i.amount)) > far": (
        "the sum of “amount” of the entries of “gifts” for which “year” is at most 5 is above “far”"
    ),
    "max(far, near) > 1": "the greatest of “far”, “near” is above 1",
    "abs(far - near) < round(far, 2)": "the absolute value of “far” − “near” is below “far” (to 2 decimals)",
    "(wet ? far : near) > 1": "“far” if “wet” is yes, otherwise “near” is above 1",
    "wet == dry": "“wet” is “dry”",
    "wet || true": "one of these holds [“wet” is yes; always]",
}


@pytest.mark.parametrize("expression", CONDITIONS)
def test_a_condition_is_told_in_words(expression: str) -> None:
    assert told(expression).lower() == CONDITIONS[expression].lower()


def test_in_chinese_a_condition_reads_as_in_an_official_paper() -> None:
    assert told("wet && far < most || !present(near)", "zh") == (
        "有下列情形之一 [“wet甲”为“是”，且“far甲”低于most甲（5 km）; 未填报“near甲”]"
    )


def test_what_a_figure_chooses_between_is_told_one_after_the_other() -> None:
    value = 'nature == "new" ? far : wet ? near + 1 : 0'
    rulebook = book(facts=FACTS, derived={"reach": {"value": value, "unit": "km"}})
    found = teller(rulebook).derived(rulebook.derived["reach"].value.root, is_condition=False)
    assert written(found).lower() == (
        "the first of these that fits [if “nature” is “new”: “far”; if “wet” is yes: “near” + 1; otherwise: 0]"
    )


def every_expression() -> Iterator[tuple[Rulebook, str]]:
    for path in (ROOT / "rules.yaml", ROOT / "docs" / "every-key" / "rules.yaml"):
        rulebook = load(path.read_bytes()).rulebook
        assert rulebook is not None
        yield from ((rulebook, language) for language in LANGUAGES)


def test_everything_the_rules_say_can_be_told_without_a_name_of_the_file() -> None:
    for rulebook, language in every_expression():
        names = {*rulebook.facts, *rulebook.derived, *rulebook.parameters}
        for clause in clauses(rulebook):
            found = written(
                teller(rulebook, language).derived(clause.expression.root, is_condition=clause.is_condition)
            )
            assert found
            assert not [name for name in names if "_" in name and name in found], (clause.way, found)
