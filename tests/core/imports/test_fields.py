"""Fields of a form as facts: the same reading as of cells, and for every pointer the field it leads to."""

from decimal import Decimal

import pytest

from service.core.imports import fields
from service.core.rules.load import load
from service.core.rules.model import Rulebook
from service.core.values import read_json
from tests import make, tabled


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    found = load(make.listed_edition()).rulebook
    assert found is not None
    return found


def test_what_is_typed_is_taken_exactly(rulebook: Rulebook) -> None:
    read = fields.read(
        rulebook,
        {
            "facts-industry_code": " 0345 ",
            "facts-nature": "new",
            "facts-output": "12.50",
            "facts-water": "0.1000000000000000055511151231257827",
            "facts-listed": "false",
            "facts-built_on": "2026-02-28",
        },
    )
    assert read.flaws == []
    assert read.facts == {
        "industry_code": "0345",
        "nature": "new",
        "output": Decimal("12.50"),
        "water": Decimal("0.1000000000000000055511151231257827"),
        "listed": False,
        "built_on": "2026-02-28",
    }


def test_an_empty_field_is_unknown_and_never_zero_or_no(rulebook: Rulebook) -> None:
    read = fields.read(rulebook, {"facts-output": "", "facts-water": "  ", "facts-listed": "", "facts-nature": ""})
    assert (read.facts, read.flaws) == ({}, [])
    assert fields.read(rulebook, {"facts-output": "0"}).facts == {"output": Decimal(0)}


@pytest.mark.parametrize("text", ["1,250", "１２", "1e3", "12%", "12 万元", "NaN", "abc"])
def test_what_is_no_plain_number_is_refused_at_its_field(rulebook: Rulebook, text: str) -> None:
    read = fields.read(rulebook, {"facts-output": text})
    assert read.facts == {}
    assert [(flaw.code, read.place(flaw.pointer)) for flaw in read.flaws] == [("cell_number", "facts-output")]


def test_rows_are_records_in_order_and_empty_ones_are_none(rulebook: Rulebook) -> None:
    typed = {
        "facts-aids-10-kind": "b",
        "facts-aids-10-amount": "x",
        "facts-aids-2-kind": "a",
        "facts-aids-2-amount": "12.50",
        "facts-aids-0-kind": "",
        "facts-aids-0-amount": " ",
        "facts-aids-01-kind": "a",
        "facts-aids-99999-kind": "a",
    }
    read = fields.read(rulebook, typed)
    assert read.facts == {"aids": [{"kind": "a", "amount": Decimal("12.50")}, {"kind": "b"}]}
    assert [read.place(flaw.pointer) for flaw in read.flaws] == ["facts-aids-10-amount"]
    assert read.place("/facts/aids/0") == "facts-aids-2-kind"
    assert read.place("/facts/aids/1/kind") == "facts-aids-10-kind"
    assert read.place("/facts/aids/7/kind") == "facts-aids"


def test_a_list_is_unknown_until_it_has_rows_or_is_said_to_have_none(rulebook: Rulebook) -> None:
    none = {"facts-aids-none": "true"}
    assert "aids" not in fields.read(rulebook, {"facts-aids-0-amount": ""}).facts
    assert fields.read(rulebook, none).facts == {"aids": []}
    both = fields.read(rulebook, none | {"facts-aids-0-amount": "1"})
    assert [(flaw.code, both.place(flaw.pointer)) for flaw in both.flaws] == [("list_none", "facts-aids")]
    assert "aids" not in both.facts


def test_rows_are_added_at_the_end_and_taken_away(rulebook: Rulebook) -> None:
    aids = rulebook.facts["aids"]
    one = fields.with_row(aids, {"facts-aids-none": "true", "facts-output": "1"})
    two = fields.with_row(aids, one | {"facts-aids-0-amount": "5"})
    assert fields.rows(aids, two) == [0, 1]
    assert "facts-aids-none" not in two
    three = fields.with_copy(aids, "facts-aids-0", two)
    assert {name: text for name, text in three.items() if name.startswith("facts-aids-2-") and text} == {
        "facts-aids-2-amount": "5"
    }
    left = fields.without_row("facts-aids-0", two)
    assert fields.rows(aids, left) == [1]
    assert left["facts-output"] == "1"
    assert fields.rows(aids, fields.with_row(aids, left)) == [1, 2]
    assert fields.without_row("facts", two) == two


def test_facts_are_typed_as_they_would_be_read_again(rulebook: Rulebook) -> None:
    facts = make.facts(listed=True, built_on="2026-01-31", aids=[{"kind": "a"}, {"amount": Decimal("1e3")}])
    typed = fields.typed_as(rulebook, facts)
    assert fields.read(rulebook, typed).facts == facts
    assert typed["facts-aids-1-amount"] == "1000"
    assert fields.read(rulebook, fields.typed_as(rulebook, {"aids": []})).facts == {"aids": []}
    assert fields.typed_as(rulebook, {"gone": Decimal(1), "output": None}) == {}


def test_what_is_no_fact_is_placed_by_its_member(rulebook: Rulebook) -> None:
    read = fields.read(rulebook, {"facts-unheard_of": "1", "other": "2"})
    assert (read.facts, read.flaws) == ({}, [])
    assert read.place("/credit_code") == "credit_code"
    assert read.place("/facts/gone") == "facts"


def test_every_example_is_the_same_when_it_is_typed() -> None:
    rulebook = tabled.rulebook((tabled.ROOT / "rules.yaml").read_bytes())
    assert len(tabled.EXAMPLES) == 12
    for path in tabled.EXAMPLES:
        example = read_json(path.read_bytes())
        assert isinstance(example, dict)
        facts = example["facts"]
        assert isinstance(facts, dict)
        read = fields.read(rulebook, fields.typed_as(rulebook, facts))
        assert (read.facts, read.flaws) == (facts, []), path.name
