from datetime import UTC, datetime, timedelta

import pytest

from service.core.sign_in import (
    FREE_WITH_LOGIN,
    LEAST,
    LONGEST_WAIT,
    MOST,
    Limits,
    is_over,
    login_flaws,
    password_flaws,
    plain_login,
    plain_password,
    wait,
)

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
LIMITS = Limits(timedelta(minutes=30), timedelta(hours=12))


def codes(password: str, login: str | None = "wang.fang") -> list[str]:
    return [flaw.code for flaw in password_flaws("/password", plain_password(password), login)]


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "昨夜西风凋碧树独上高楼望尽",
        "8" * 6 + "x1y2z3",
        "837261940582",
        " " * 8 + "wxyzabcd",
        "aB1!z" * 51,
    ],
)
def test_what_is_long_enough_and_not_worn_is_a_password(password: str) -> None:
    assert codes(password) == []


def test_a_password_is_neither_too_short_nor_too_long() -> None:
    assert codes("x7k2p9q4m1z"[: LEAST - 1]) == ["password_short"]
    assert codes("x7k2p9q4" * 32) == []
    assert codes("x7k2p9q4" * 32 + "x") == ["password_long"]
    assert MOST == 256


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PASSWORD!!!!",
        "Passw0rd2026",
        "123456789012",
        "098765432109",
        "qwertyuiopas",
        "aaaaaaaaaaaa",
        "abababababab",
        "wang.fang2026",
        "wang.fangwang.fang",
        "Sluice2026!!",
        "iloveyou1314520",
    ],
)
def test_what_everybody_tries_first_is_no_password(password: str) -> None:
    assert codes(password) == ["password_worn"]


def test_a_password_is_not_made_of_a_login_that_ends_in_a_digit() -> None:
    assert codes("member-12026", "member-1") == ["password_worn"]
    assert codes("member-12026", None) == []


def test_a_password_is_the_same_however_its_characters_are_typed() -> None:
    assert plain_password("Ａｂｃ") == "Abc"
    assert plain_password("e\u0301") == "é"


@pytest.mark.parametrize("login", ["wang.fang", "a1", "9_x-y", "x" * 60])
def test_a_login_is_written_plainly(login: str) -> None:
    assert login_flaws("/login", plain_login(f" {login.upper()} ")) == ()


@pytest.mark.parametrize("login", ["", "a", ".a", "王芳", "a b", "x" * 61, "a@b"])
def test_anything_else_is_no_login(login: str) -> None:
    assert [flaw.code for flaw in login_flaws("/login", login)] == ["login_form"]


def test_the_first_attempts_are_free_and_every_further_one_waits_twice_as_long() -> None:
    waits = [wait(count, FREE_WITH_LOGIN).total_seconds() for count in range(FREE_WITH_LOGIN + 4)]
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8]
    assert wait(1_000_000, FREE_WITH_LOGIN) == LONGEST_WAIT


def test_a_session_is_over_when_it_lay_idle_or_lasted_too_long() -> None:
    half_an_hour, twelve_hours = timedelta(minutes=30), timedelta(hours=12)
    moment = timedelta(microseconds=1)
    assert not is_over(LIMITS, START, START, START + half_an_hour - moment)
    assert is_over(LIMITS, START, START, START + half_an_hour)
    seen = START + twelve_hours - timedelta(minutes=1)
    assert not is_over(LIMITS, START, seen, START + twelve_hours - moment)
    assert is_over(LIMITS, START, seen, START + twelve_hours)
