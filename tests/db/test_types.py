from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import StatementError

from service.db.types import ExactDecimal, UtcDateTime

THINGS = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("figure", ExactDecimal),
    Column("moment", UtcDateTime),
)


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    THINGS.metadata.create_all(empty_engine)
    return empty_engine


def kept(engine: Engine, column: str, value: object) -> Any:  # noqa: ANN401 - whatever the column gives
    """What comes back when a value is stored."""
    with engine.begin() as connection:
        given = connection.execute(insert(THINGS).values({column: value}).returning(THINGS.c.id)).scalar_one()
        return connection.execute(select(THINGS.c[column]).where(THINGS.c.id == given)).scalar_one()


@pytest.mark.parametrize(
    ("given", "spelled"),
    [
        ("0.1", "0.1"),
        ("71.290", "71.29"),
        ("1E+3", "1000"),
        ("-0", "0"),
        ("0E-10", "0"),
        ("12345678901234567890.12345678901234567890", "12345678901234567890.1234567890123456789"),
        ("1E-20", "0.00000000000000000001"),
        ("-99999999999999999999999999999999.99", "-99999999999999999999999999999999.99"),
    ],
)
def test_a_decimal_comes_back_with_every_digit_in_one_spelling(engine: Engine, given: str, spelled: str) -> None:
    found = kept(engine, "figure", Decimal(given))
    assert type(found) is Decimal
    assert found.as_tuple() == Decimal(spelled).as_tuple()


@pytest.mark.parametrize("given", [0.1, 1, "1.5", True])
def test_only_a_decimal_is_taken_for_one(engine: Engine, given: object) -> None:
    with pytest.raises(StatementError) as refused:
        kept(engine, "figure", given)
    assert isinstance(refused.value.orig, TypeError)


@pytest.mark.parametrize("given", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_is_no_number_is_refused(engine: Engine, given: str) -> None:
    with pytest.raises(StatementError) as refused:
        kept(engine, "figure", Decimal(given))
    assert isinstance(refused.value.orig, ValueError)


def test_nothing_stays_nothing(engine: Engine) -> None:
    assert kept(engine, "figure", None) is None
    assert kept(engine, "moment", None) is None


def test_a_decimal_is_found_by_its_value_however_it_is_spelled(engine: Engine) -> None:
    kept(engine, "figure", Decimal("80.50"))
    with engine.connect() as connection:
        found = connection.execute(select(THINGS.c.id).where(THINGS.c.figure == Decimal("8.05E+1"))).all()
    assert len(found) == 1


SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    "given",
    [
        datetime(2026, 11, 23, 10, 15, 30, 123456, tzinfo=SHANGHAI),
        datetime(2026, 11, 23, 2, 15, 30, 123456, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_in_utc_to_the_microsecond(engine: Engine, given: datetime) -> None:
    found = kept(engine, "moment", given)
    assert found == given
    assert found.tzinfo is UTC
    assert found.isoformat() == "2026-11-23T02:15:30.123456+00:00"


@pytest.mark.parametrize("server", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_the_time_zone_of_the_session_changes_no_moment(engine: Engine, server: str) -> None:
    given = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL TIME ZONE '{server}'"))
        connection.execute(insert(THINGS).values(moment=given))
        found = connection.execute(select(THINGS.c.moment)).scalar_one()
        assert found == given
        assert found.tzinfo is UTC


def test_moments_sort_by_time_not_by_the_clock_on_the_wall(engine: Engine) -> None:
    late = datetime(2026, 1, 1, 1, tzinfo=UTC)
    early = datetime(2026, 1, 1, 8, 30, tzinfo=SHANGHAI)
    for moment in (late, early):
        kept(engine, "moment", moment)
    with engine.connect() as connection:
        found = list(connection.execute(select(THINGS.c.moment).order_by(THINGS.c.moment)).scalars())
        before = connection.execute(select(THINGS.c.moment).where(THINGS.c.moment < late)).scalars().all()
    assert found == [early, late]
    assert before == [early]


@pytest.mark.parametrize("given", [datetime(2026, 11, 23, 10, 15), date(2026, 11, 23)])  # noqa: DTZ001 - that is the point
def test_a_moment_without_a_zone_is_refused(engine: Engine, given: object) -> None:
    with pytest.raises(StatementError) as refused:
        kept(engine, "moment", given)
    assert isinstance(refused.value.orig, ValueError | AttributeError)


def test_the_database_itself_may_say_the_moment(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO thing (moment) VALUES (CURRENT_TIMESTAMP)"))
        found = connection.execute(select(THINGS.c.moment)).scalar_one()
    assert found.utcoffset() == timedelta(0)


def test_an_exact_decimal_is_not_what_plain_sqlite_would_make_of_it(engine: Engine) -> None:
    exact = Decimal("0.1234567890123456789")
    assert kept(engine, "figure", exact) == exact
    with engine.connect() as connection:
        plain = connection.exec_driver_sql(f"SELECT CAST('{exact}' AS NUMERIC)").scalar_one()
    assert (Decimal(plain) == exact) is (engine.dialect.name == "postgresql")
