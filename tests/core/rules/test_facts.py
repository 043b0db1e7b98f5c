import hashlib
from datetime import date
from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from typing import Any

import pytest

from service.core.errors import Flaw, InvalidError
from service.core.rules.facts import LONGEST_TEXT, Facts, canonical, read
from service.core.values import Json, read_json
from service.words import LANGUAGES, sentence
from tests.core.rules.books import BOOLEAN, DATE, INTEGER, TEXT, book, choice

BOOK = book(
    facts={
        "water": {"type": "number", "unit": "m3/a", "min": 0, "max": 1000, "decimals": 2},
        "share": {"type": "number", "min_exclusive": 0, "max_exclusive": 1},
        "free": {"type": "number"},
        "people": INTEGER,
        "listed": BOOLEAN,
        "nature": choice("new", "expand"),
        "code": TEXT,
        "start": DATE,
        "incentives": {
            "type": "list",
            "of": {
                "kind": choice("rd", "rent"),
                "amount_10k": {"type": "number", "min": 0},
                "year": {**INTEGER, "min": 1},
                "from": DATE,
            },
        },
    }
)


def reading(text: str) -> Facts:
    raw = read_json(text)
    assert isinstance(raw, dict)
    return read(BOOK, raw)


def flaws(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as caught:
        reading(text)
    return [(flaw.pointer, flaw.code) for flaw in caught.value.flaws]


def test_facts_come_in_the_order_of_the_rulebook_with_their_own_types() -> None:
    facts = reading('{"start": "2029-04-01", "code": "3453", "nature": "new", "listed": false, "water": 1.50}')
    assert list(facts.values.items()) == [
        ("water", Decimal("1.5")),
        ("listed", False),
        ("nature", "new"),
        ("code", "3453"),
        ("start", date(2029, 4, 1)),
    ]


def test_null_is_the_same_as_absent() -> None:
    assert reading('{"water": null, "incentives": null, "people": 5}') == reading('{"people": 5}')


def test_records_hold_every_field_and_none_where_it_is_unknown() -> None:
    facts = reading('{"incentives": [{"year": 2, "kind": "rd"}, {"from": "2026-02-28", "amount_10k": null}]}')
    assert facts.values["incentives"] == (
        {"kind": "rd", "amount_10k": None, "year": Decimal(2), "from": None},
        {"kind": None, "amount_10k": None, "year": None, "from": date(2026, 2, 28)},
    )


@pytest.mark.parametrize(
    ("text", "pointer", "code"),
    [
        ('{"water": -0.01}', "/water", "fact_min"),
        ('{"water": 1000.01}', "/water", "fact_max"),
        ('{"water": 1.501}', "/water", "fact_decimals"),
        ('{"share": 0}', "/share", "fact_min_exclusive"),
        ('{"share": 1.0}', "/share", "fact_max_exclusive"),
        ('{"people": 2.5}', "/people", "fact_integer"),
        ('{"free": 1.0000000000000000000000000000000001e2}', "/free", "fact_digits"),
        ('{"free": 100000000000000000001}', "/free", "fact_number_range"),
        ('{"free": -1.1e20}', "/free", "fact_number_range"),
        ('{"free": 9e-21}', "/free", "fact_number_range"),
        ('{"free": 1e999999999}', "/free", "fact_number_range"),
        ('{"free": "1"}', "/free", "fact_type"),
        ('{"free": true}', "/free", "fact_type"),
        ('{"people": []}', "/people", "fact_type"),
        ('{"listed": 1}', "/listed", "fact_type"),
        ('{"listed": "true"}', "/listed", "fact_type"),
        ('{"code": 3453}', "/code", "fact_type"),
        *((f'{{"code": "3\\u{code:04x}"}}', "/code", "text_character") for code in (0, 8, 11, 31, 127, 133, 159)),
        ('{"nature": false}', "/nature", "fact_type"),
        ('{"nature": "old"}', "/nature", "fact_choice"),
        ('{"nature": "New"}', "/nature", "fact_choice_meant"),
        ('{"start": 20290401}', "/start", "fact_type"),
        ('{"start": "2029-4-1"}', "/start", "fact_date"),
        ('{"start": "2029-02-29"}', "/start", "fact_date"),
        ('{"start": "20290401"}', "/start", "fact_date"),
        ('{"start": "2029-04-01T00:00:00"}', "/start", "fact_date"),
        ('{"start": "２０２９-04-01"}', "/start", "fact_date"),
        ('{"start": "0000-01-01"}', "/start", "fact_date"),
        ('{"wather": 1}', "/wather", "fact_unknown_meant"),
        ('{"altitude": null}', "/altitude", "fact_unknown"),
        ('{"a/b~c": 1}', "/a~1b~0c", "fact_unknown"),
        ('{"incentives": {}}', "/incentives", "fact_type"),
        ('{"incentives": [[]]}', "/incentives/0", "record_type"),
        ('{"incentives": [null]}', "/incentives/0", "record_type"),
        ('{"incentives": [{}, {"amount_10k": -1}]}', "/incentives/1/amount_10k", "fact_min"),
        ('{"incentives": [{"kind": "rents"}]}', "/incentives/0/kind", "fact_choice_meant"),
        ('{"incentives": [{"year": 0}]}', "/incentives/0/year", "fact_min"),
        ('{"incentives": [{"years": 1}]}', "/incentives/0/years", "field_unknown_meant"),
        ('{"incentives": [{"x/y": 1}]}', "/incentives/0/x~1y", "field_unknown"),
    ],
)
def test_a_flaw_has_a_place_and_a_code_and_words_in_both_languages(text: str, pointer: str, code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        reading(text)
    (flaw,) = caught.value.flaws
    assert (flaw.pointer, flaw.code) == (pointer, code)
    said = [sentence(language, "flaws", flaw.code, flaw.figures) for language in LANGUAGES]
    assert all(said)
    assert said[0] != said[1]


def test_a_text_may_hold_breaks_tabs_and_whatever_else_is_no_control() -> None:
    text = "3\t4\r\n5\xa0\u2028\ufffe"
    assert read(BOOK, {"code": text}).values["code"] == text


def test_a_text_is_no_longer_than_a_cell_of_a_sheet() -> None:
    assert read(BOOK, {"code": "文" * LONGEST_TEXT}).values["code"] == "文" * LONGEST_TEXT
    with pytest.raises(InvalidError) as told:
        read(BOOK, {"code": "文" * (LONGEST_TEXT + 1)})
    (flaw,) = told.value.flaws
    assert (flaw.pointer, flaw.code, flaw.figures["most"]) == ("/code", "text_length", LONGEST_TEXT)


def test_every_flaw_is_told_at_once_in_the_order_of_the_rulebook_and_the_unasked_last() -> None:
    text = """{"zz": 1, "aa": 1, "start": "soon", "water": -1.001, "people": 1.5, "nature": 7,
               "incentives": [{"year": 0.5, "zz": 1, "kind": 1}, 5, {"amount_10k": -1}]}"""
    assert flaws(text) == [
        ("/water", "fact_decimals"),
        ("/water", "fact_min"),
        ("/people", "fact_integer"),
        ("/nature", "fact_type"),
        ("/start", "fact_date"),
        ("/incentives/0/kind", "fact_type"),
        ("/incentives/0/year", "fact_integer"),
        ("/incentives/0/year", "fact_min"),
        ("/incentives/0/zz", "field_unknown"),
        ("/incentives/1", "record_type"),
        ("/incentives/2/amount_10k", "fact_min"),
        ("/aa", "fact_unknown"),
        ("/zz", "fact_unknown"),
    ]


def test_figures_of_a_flaw_say_what_was_wanted() -> None:
    raw: dict[str, Json] = {"water": Decimal(1001), "nature": "expandd", "listed": "no"}
    with pytest.raises(InvalidError) as caught:
        read(BOOK, raw)
    assert caught.value.flaws == (
        Flaw("/water", "fact_max", {"limit": Decimal(1000)}),
        Flaw("/listed", "fact_type", {"type": "boolean", "given_type": "text"}),
        Flaw("/nature", "fact_choice_meant", {"found": "expandd", "meant": "expand"}),
    )


def test_two_hundred_records_are_taken_and_one_more_is_not() -> None:
    assert len(str(reading(f'{{"incentives": [{",".join(["{}"] * 200)}]}}').sha256)) == 64
    assert flaws(f'{{"incentives": [{",".join(["{}"] * 201)}]}}') == [("/incentives", "list_length")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"water": 1.5}', '{"water": 1.50}'),
        ('{"free": 100}', '{"free": 1E+2}'),
        ('{"free": 0}', '{"free": -0.000}'),
        ('{"free": 0}', '{"free": 0e-999999999}'),
        ('{"free": 0}', '{"free": 0e999999999}'),
        ('{"people": 5}', '{"people": 5.0}'),
        ('{"water": 2.50}', '{"water": 2.50000000000000000000000000000000000000000}'),
        ('{"free": 1, "people": 2}', '{"people": 2, "free": 1}'),
        ('{"incentives": [{"year": 1, "kind": "rd"}]}', '{"incentives": [{"kind": "rd", "year": 1.0, "from": null}]}'),
    ],
)
def test_the_same_facts_in_other_spellings_have_the_same_hash(one: str, other: str) -> None:
    assert reading(one) == reading(other)


@pytest.mark.parametrize("zero", ["-0.000", "0e-999999999", "0e999999999"])
def test_a_zero_carries_neither_sign_nor_exponent(zero: str) -> None:
    assert str(reading(f'{{"free": {zero}}}').values["free"]) == "0"


def test_the_hash_is_that_of_the_canonical_json() -> None:
    facts = reading(
        '{"incentives": [{"year": 1.0, "kind": "rd"}], "code": "东营", "water": 12.50, "start": "2029-04-01"}'
    )
    text = '{"water":12.5,"code":"东营","start":"2029-04-01","incentives":[{"kind":"rd","year":1}]}'
    assert canonical(facts.values) == text
    assert facts.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_numbers_at_the_very_edges_are_taken() -> None:
    for number in ("100000000000000000000", "-1e20", "1e-20", "1.234567890123456789012345678901234", "0.30"):
        assert reading(f'{{"free": {number}}}').values["free"] == Decimal(number)


def test_the_context_of_the_thread_changes_nothing() -> None:
    text = '{"free": 12345.6789, "water": 999.99}'
    plain = reading(text)
    with localcontext(Context(prec=3, rounding=ROUND_FLOOR)):
        assert reading(text) == plain
        assert flaws('{"free": 100000000000000000001, "water": 1000.01}') == [
            ("/water", "fact_max"),
            ("/free", "fact_number_range"),
        ]


def test_thousands_of_unasked_facts_and_long_words_are_refused_without_guessing() -> None:
    raw: dict[str, Any] = {f"wate{index:04}": None for index in range(5000)} | {"nature": "new" * 100_000}
    with pytest.raises(InvalidError) as caught:
        read(BOOK, raw)
    first, *unasked = caught.value.flaws
    assert first.code == "fact_choice"
    assert len(str(first.figures["found"])) == 65
    assert [flaw.code for flaw in unasked] == ["fact_unknown_meant"] * 20 + ["fact_unknown"] * 4980
