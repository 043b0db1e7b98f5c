"""Log-ins, passwords, counted attempts and sessions."""

import json
import threading
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from service.actions import doctor, people, sign_in
from service.actions.doctor import Outside
from service.actions.sign_in.logins import NoLoginError
from service.core.errors import ForbiddenError, InvalidError, NotFoundError
from service.core.people import NOBODY, Actor, Role
from service.core.sign_in import FREE_FROM_ADDRESS, FREE_WITH_LOGIN, ThrottledError
from tests import make
from tests.actions import tables
from tests.conftest import Clock
from tests.meeting import person

PASSWORD = "correct horse battery"  # noqa: S105 - of tests
ADDRESS = "192.0.2.1"


@pytest.fixture
def known(house: make.House) -> make.House:
    """The officer has a log-in and a password."""
    let_in(house, house.officer, "wang.fang")
    return house


def let_in(house: make.House, actor: Actor, login: str, password: str = PASSWORD) -> None:
    with house.work(house.admin) as work:
        sign_in.set_login(work, person(actor), login)
        sign_in.set_password(work, person(actor), password)


def attempt(house: make.House, login: str = "wang.fang", address: str = ADDRESS) -> None:
    with house.work(NOBODY) as work:
        sign_in.attempt(work, login, address)


def enter(house: make.House, login: str = "wang.fang", password: str = PASSWORD) -> str:
    with house.runtime.work(NOBODY, read_only=True) as work:
        found = sign_in.verify(work, login, password)
    assert found is not None
    with house.work(NOBODY) as work:
        return sign_in.enter(work, found, ADDRESS, "zh")


def session(house: make.House, token: str) -> sign_in.Session | None:
    with house.runtime.work(NOBODY, read_only=True) as work:
        return sign_in.find(work.session, work.settings, token, work.now)


def flaws(error: InvalidError) -> list[tuple[str, str]]:
    return [(flaw.pointer, flaw.code) for flaw in error.flaws]


def test_whoever_knows_log_in_and_password_is_let_in_as_themselves(known: make.House) -> None:
    found = session(known, enter(known, " Wang.Fang "))
    assert found is not None
    assert (found.actor, found.language) == (known.officer, "zh")


@pytest.mark.parametrize(
    ("login", "password"),
    [("wang.fang", PASSWORD.upper()), ("nobody", PASSWORD), ("", ""), ("wang.fang\ud800", "x" * 5_000)],
)
def test_nobody_else_is(known: make.House, login: str, password: str) -> None:
    with known.runtime.work(NOBODY, read_only=True) as work:
        assert sign_in.verify(work, login, password) is None


def test_neither_password_nor_token_is_anywhere_in_the_database(known: make.House) -> None:
    token = enter(known)
    written = repr(tables.dump(known.runtime))
    assert token not in written
    assert PASSWORD not in written
    assert "$argon2id$" in written


def test_the_ledger_says_that_a_password_was_set_and_commits_to_the_log_in(known: make.House) -> None:
    told = [event for event in tables.of_case(known.runtime, person(known.officer)) if event["type"] != "person.added"]
    assert [event["type"] for event in told] == ["person.login_set", "person.password_set"]
    assert told[1]["data"]["why"] == "given"
    assert "wang.fang" not in json.dumps(tables.events(known.runtime), ensure_ascii=False)


def test_signing_in_and_out_is_no_entry(known: make.House) -> None:
    before = len(tables.events(known.runtime))
    token = enter(known)
    with known.work(known.officer) as work:
        sign_in.end(work, token)
    assert session(known, token) is None
    assert len(tables.events(known.runtime)) == before


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE person SET login = 'other' WHERE login IS NOT NULL", ("person", "login_commitment")),
        ("UPDATE password SET hash = hash || 'x'", ("password", "hash_sha256")),
    ],
)
def test_the_doctor_finds_another_log_in_or_password_behind_the_service(
    known: make.House, change: str, place: tuple[str, str]
) -> None:
    with known.runtime.engine.begin() as connection:
        connection.execute(text(change))
    with known.runtime.work(known.auditor, read_only=True) as work:
        (finding,) = doctor.examine(work, Outside(None, {})).findings
    assert (finding.table, finding.column) == place


def test_a_log_in_is_one_persons_and_well_formed(known: make.House) -> None:
    with pytest.raises(InvalidError) as taken, known.work(known.admin) as work:
        sign_in.set_login(work, person(known.colleague), "WANG.FANG")
    with pytest.raises(InvalidError) as odd, known.work(known.admin) as work:
        sign_in.set_login(work, person(known.colleague), "王芳")
    assert flaws(taken.value) + flaws(odd.value) == [("/login", "login_taken"), ("/login", "login_form")]


def test_a_password_needs_a_log_in_and_is_refused_when_it_is_worn(known: make.House) -> None:
    with pytest.raises(NoLoginError), known.work(known.admin) as work:
        sign_in.set_password(work, person(known.colleague), PASSWORD)
    with pytest.raises(InvalidError) as worn, known.work(known.admin) as work:
        sign_in.set_password(work, person(known.officer), "wang.fang2026")
    assert flaws(worn.value) == [("/password", "password_worn")]


def test_only_who_manages_people_gives_log_ins_and_passwords(known: make.House) -> None:
    with known.work(known.officer) as work:
        for deed in (sign_in.set_login, sign_in.set_password):
            with pytest.raises(ForbiddenError):
                deed(work, person(known.officer), "another.login")
    with pytest.raises(NotFoundError), known.work(known.admin) as work:
        sign_in.set_login(work, UUID(int=0), "another.login")


def test_changing_the_password_ends_every_session_and_begins_another(known: make.House) -> None:
    tokens = [enter(known), enter(known)]
    with pytest.raises(InvalidError) as wrong, known.work(known.officer) as work:
        sign_in.change_password(work, "wrong horse battery", "another horse battery")
    assert flaws(wrong.value) == [("/current", "password_wrong")]
    assert all(session(known, token) for token in tokens)
    with known.work(known.officer) as work:
        sign_in.change_password(work, PASSWORD, "another horse battery")
        renewed = sign_in.renew(work, "en")
    assert [session(known, token) for token in tokens] == [None, None]
    assert session(known, renewed) is not None
    assert tables.events(known.runtime)[-1]["data"]["why"] == "chosen"


def test_a_session_ends_when_it_lies_idle_and_lives_while_it_is_used(known: make.House, clock: Clock) -> None:
    token = enter(known)
    clock.move(minutes=29)
    found = session(known, token)
    assert found is not None
    assert sign_in.is_stale(found, clock.now)
    with known.work(known.officer) as work:
        sign_in.touch(work, token)
    clock.move(minutes=29)
    assert session(known, token) is not None
    clock.move(minutes=1)
    assert session(known, token) is None


def test_a_session_ends_after_twelve_hours_whatever_happens(known: make.House, clock: Clock) -> None:
    token = enter(known)
    for _ in range(24):
        assert session(known, token) is not None
        clock.move(minutes=29, seconds=59)
        with known.work(known.officer) as work:
            sign_in.touch(work, token)
    clock.move(seconds=24)
    assert session(known, token) is None


def test_a_session_does_not_outlive_a_change_of_roles(known: make.House) -> None:
    token = enter(known)
    with known.runtime.engine.begin() as connection:
        connection.execute(text("INSERT INTO person_role SELECT person_id, :role FROM password"), {"role": Role.CHAIR})
    assert session(known, token) is None


def test_what_is_over_is_swept_away_by_the_next_who_signs_in(known: make.House, clock: Clock) -> None:
    enter(known)
    clock.move(hours=12)
    enter(known)
    assert tables.counts(known.runtime)["web_session"] == 1


def test_attempts_slow_down_and_one_that_succeeds_starts_anew(known: make.House, clock: Clock) -> None:
    for _ in range(FREE_WITH_LOGIN):
        attempt(known)
    waits = []
    for _ in range(4):
        with pytest.raises(ThrottledError) as slow:
            attempt(known)
        waits.append(int(str(slow.value.figures["retry_after"])))
        clock.move(seconds=waits[-1])
        attempt(known)
    assert waits == [1, 2, 4, 8]
    enter(known)
    attempt(known)


def test_whoever_has_no_log_in_waits_just_as_long(known: make.House) -> None:
    for _ in range(FREE_WITH_LOGIN):
        attempt(known, "nobody")
    with pytest.raises(ThrottledError):
        attempt(known, "Nobody ")
    attempt(known)


def test_an_address_that_tries_many_log_ins_waits_and_others_do_not(known: make.House) -> None:
    for number in range(FREE_FROM_ADDRESS):
        attempt(known, f"login-{number}")
    with pytest.raises(ThrottledError):
        attempt(known)
    attempt(known, address="192.0.2.2")


def test_attempts_are_forgotten_after_a_day(known: make.House, clock: Clock) -> None:
    for _ in range(FREE_WITH_LOGIN):
        attempt(known)
    clock.move(days=1)
    attempt(known)
    assert tables.counts(known.runtime)["sign_in_attempts"] == 2


def test_attempts_side_by_side_are_counted_one_by_one(known: make.House) -> None:
    outcomes: list[bool] = []

    def guess() -> None:
        try:
            attempt(known)
        except ThrottledError:
            outcomes.append(False)
        else:
            outcomes.append(True)

    threads = [threading.Thread(target=guess) for _ in range(FREE_WITH_LOGIN + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 3 + [True] * FREE_WITH_LOGIN


def test_a_password_that_was_hashed_more_weakly_is_hashed_anew_when_it_is_used(known: make.House) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    with known.runtime.engine.begin() as connection:
        connection.execute(text("UPDATE password SET hash = :hash"), {"hash": weak})
    enter(known)
    assert tables.events(known.runtime)[-1]["data"]["why"] == "strengthened"
    assert weak not in repr(tables.dump(known.runtime))
    enter(known)
    assert [event["type"] for event in tables.events(known.runtime)].count("person.password_set") == 2


def test_whoever_is_erased_cannot_come_in_and_leaves_no_log_in(known: make.House) -> None:
    token = enter(known)
    with known.work(known.admin) as work:
        people.erase(work, person(known.officer))
    assert session(known, token) is None
    with known.runtime.work(NOBODY, read_only=True) as work:
        assert sign_in.verify(work, "wang.fang", PASSWORD) is None
    counts = tables.counts(known.runtime)
    assert (counts["password"], counts["web_session"]) == (0, 0)
    assert "wang.fang" not in repr(tables.dump(known.runtime))
    with known.runtime.work(known.auditor, read_only=True) as work:
        assert doctor.examine(work, Outside(None, {})).findings == ()


def test_a_token_is_256_random_bits() -> None:
    assert len({sign_in.new_token() for _ in range(100)}) == 100
    assert len(sign_in.new_token()) == 43
