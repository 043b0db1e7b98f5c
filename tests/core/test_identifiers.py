from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.identifiers import NOISE, uuid7

moments = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are given naive, as hypothesis asks
noises = st.binary(min_size=NOISE, max_size=NOISE)


@given(moments, noises)
def test_an_identifier_is_a_uuid_of_version_7(at: datetime, noise: bytes) -> None:
    made = uuid7(at, noise)
    assert (made.version, made.variant) == (7, RFC_4122)


@given(moments, noises, noises)
def test_identifiers_sort_by_the_millisecond(at: datetime, one: bytes, other: bytes) -> None:
    assert uuid7(at, one) < uuid7(at + timedelta(milliseconds=1), other)


def test_the_example_of_the_standard_comes_out() -> None:
    noise = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10)
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    assert str(uuid7(at, noise)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="9"):
        uuid7(datetime(2026, 1, 1, tzinfo=UTC), b"x" * 9)
