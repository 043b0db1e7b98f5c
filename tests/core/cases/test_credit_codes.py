import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from service.core.cases.credit_codes import ALPHABET, check, flaws, organisation_check, trimmed

DIGITS = "0123456789"


def codes(code: str) -> list[str]:
    return [flaw.code.removeprefix("credit_code_") for flaw in flaws(code)]


def sound(head: str, organisation: str) -> str:
    body = head + organisation
    body += organisation_check(organisation)
    return body + check(body)


heads = st.text(alphabet=DIGITS, min_size=8, max_size=8)
organisations = st.text(alphabet=ALPHABET, min_size=8, max_size=8)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L"])
def test_a_published_code_is_sound(code: str) -> None:
    assert flaws(code) == ()


@given(heads, organisations)
def test_the_last_character_agrees_with_an_independent_implementation(head: str, organisation: str) -> None:
    code = sound(head, organisation)
    assert flaws(code) == ()
    assert uscc.is_valid(code)


@given(heads, organisations, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(head: str, organisation: str, position: int, symbol: str) -> None:
    code = sound(head, organisation)
    spoilt = code[:position] + symbol + code[position + 1 :]
    assert (flaws(spoilt) == ()) == (spoilt == code)


@given(st.text(alphabet=ALPHABET + "IOSVZ", min_size=16, max_size=19))
def test_what_the_oracle_refuses_is_refused_but_for_letters_of_the_authority(code: str) -> None:
    if flaws(code) == ():
        assert uscc.is_valid(code) or not code[:2].isdigit()


def test_the_check_of_the_organisation_code_is_looked_at_although_the_last_character_fits() -> None:
    body = "91350100M000100Y5"
    assert codes(body + check(body)) == ["organisation_check"]


def test_remainders_ten_and_eleven_of_the_organisation_code_are_x_and_nought() -> None:
    assert organisation_check("00000000") == "0"
    assert organisation_check("40000000") == "X"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", ["length"]),
        ("91350100M000100Y4", ["length"]),
        ("91350100M000100Y433", ["length"]),
        ("91350100m000100y43", ["lower_case"]),
        ("91350100M000I00Y43", ["characters"]),
        ("9135 100M000100Y43", ["characters"]),
        ("9135010０M000100Y43", ["characters"]),
        ("91350100m000O00Y4", ["length", "lower_case", "characters"]),
        ("91A50100M000100Y43", ["region"]),
        ("91350100M000100Y53", ["organisation_check", "check"]),
        ("91350100M000100Y44", ["check"]),
    ],
)
def test_every_flaw_of_a_code_is_named_at_once(code: str, expected: list[str]) -> None:
    assert codes(code) == expected


def test_a_flaw_says_where_and_what_was_wanted() -> None:
    (flaw,) = flaws("91350100M000100Y44")
    assert (flaw.pointer, dict(flaw.figures)) == ("/credit_code", {"position": 18, "found": "4", "wanted": "3"})


def test_only_the_space_around_a_code_is_dropped() -> None:
    assert trimmed(" 91350100m000100Y43\n") == "91350100m000100Y43"
