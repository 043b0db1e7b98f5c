import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from service.core.ledger.canonical import (
    LARGEST_EVENT,
    Event,
    NotCanonicalError,
    Plain,
    Subject,
    canonical_bytes,
    event_bytes,
    leaf_hash,
    read_canonical,
)

LIMIT = 2**53 - 1

keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(str.isascii)
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-LIMIT, LIMIT) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
)

EVENT = Event(
    id=UUID("019a0000-0000-7000-8000-000000000001"),
    type="application.submitted",
    at=datetime(2026, 11, 23, 18, 15, 30, 123456, tzinfo=timezone(timedelta(hours=8))),
    actor="u:1042",
    roles=("reviewer", "officer"),
    subject=Subject("application", "019a0000-0000-7000-8000-000000000002", 3, "ab" * 32),
    request="r-1",
    data={"to": "submitted", "from": "draft", "reason": "补正\n完毕"},
)


@given(values)
def test_the_bytes_are_those_of_an_independent_rfc_8785_writer(value: Plain) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(values)
def test_nothing_is_lost_in_the_bytes(value: Plain) -> None:
    assert json.loads(canonical_bytes(value)) == value


class Number(IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("value", "path", "because"),
    [
        (1.5, "", "type_float"),
        (float("nan"), "", "type_float"),
        (Decimal("1.5"), "", "type_Decimal"),
        (Number.ONE, "", "type_Number"),
        (b"x", "", "type_bytes"),
        ({"a": [0, LIMIT + 1]}, "/a/1", "integer_range"),
        (-LIMIT - 1, "", "integer_range"),
        ("\ud800", "", "surrogate"),
        ({"a": "\udfff"}, "", "surrogate"),
        ("a\x00b", "", "nul"),
        ({"A": 1}, "", "key"),
        ({"1a": 1}, "", "key"),
        ({"": 1}, "", "key"),
        ({"é": 1}, "", "key"),
        ({"a\n": 1}, "", "key"),
        ({1: 1}, "", "key"),
        ("x" * (LARGEST_EVENT - 1), "", "too_long"),
        ("水" * (LARGEST_EVENT // 3), "", "too_long"),
    ],
)
def test_what_has_no_single_spelling_is_refused(value: Plain, path: str, because: str) -> None:
    with pytest.raises(NotCanonicalError) as refused:
        canonical_bytes(value)
    assert (refused.value.path, refused.value.because) == (path, because)


def test_an_event_may_fill_its_limit_to_the_last_byte() -> None:
    assert len(canonical_bytes("x" * (LARGEST_EVENT - 2))) == LARGEST_EVENT


def test_nesting_without_end_is_refused() -> None:
    value: Plain = None
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonicalError, match="too_deep"):
        canonical_bytes(value)


def test_an_event_is_written_in_utc_with_sorted_roles_and_every_member() -> None:
    assert event_bytes(EVENT).decode() == (
        '{"actor":{"ref":"u:1042","roles":["officer","reviewer"]},"at":"2026-11-23T10:15:30.123456Z",'
        '"data":{"from":"draft","reason":"补正\\n完毕","to":"submitted"},'
        '"id":"019a0000-0000-7000-8000-000000000001","request":"r-1",'
        f'"subject":{{"id":"019a0000-0000-7000-8000-000000000002","kind":"application","prev":"{"ab" * 32}","rev":3}},'
        '"type":"application.submitted","v":1}'
    )


def test_a_moment_on_the_full_second_keeps_its_six_decimals() -> None:
    written = event_bytes(replace(EVENT, at=datetime(2026, 1, 1, tzinfo=UTC)))
    assert json.loads(written)["at"] == "2026-01-01T00:00:00.000000Z"


@pytest.mark.parametrize("kind", ["submitted", "application.", "Application.submitted", "a.b.c", "a.b\n"])
def test_an_event_is_named_noun_past(kind: str) -> None:
    with pytest.raises(NotCanonicalError, match="not_noun_past"):
        event_bytes(replace(EVENT, type=kind))


def test_an_event_without_a_time_zone_is_refused() -> None:
    with pytest.raises(NotCanonicalError, match="naive"):
        event_bytes(replace(EVENT, at=EVENT.at.replace(tzinfo=None)))


def test_a_leaf_is_hashed_apart_from_a_node() -> None:
    assert leaf_hash(b"{}") == hashlib.sha256(b"\x00{}").digest()


@given(values)
def test_a_value_is_read_back_from_its_bytes(value: Plain) -> None:
    assert canonical_bytes(read_canonical(canonical_bytes(value))) == canonical_bytes(value)


@given(st.binary(max_size=40) | values.map(json.dumps).map(str.encode))
def test_any_bytes_are_read_to_the_same_bytes_or_refused(data: bytes) -> None:
    try:
        value = read_canonical(data)
    except NotCanonicalError:
        return
    assert rfc8785.dumps(value) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"{",
        b"{}{}",
        b"{} ",
        b"\n{}",
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        b'{"a": 1}',
        b'{"a":1,}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"b":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b"{'a':1}",
        b'{"A":1}',
        b"1.0",
        b"1.5",
        b"1e2",
        b"1e400",
        b"-0",
        b"-0.0",
        b"01",
        b"+1",
        b"9007199254740992",
        b"-9007199254740992",
        b"1" * 5000,
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"True",
        b'"\\u0061"',
        b'"\\/"',
        b'"\\u00e9"',
        b'"\\u001F"',
        b'"\\ud83d\\ude00"',
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b'"\xc0\xaf"',
        b'"\x00"',
        b'"\\u0000"',
        b'"\t"',
        b"[" * 60_000,
        b"[" * 34 + b"]" * 34,
        b'"' + b"x" * LARGEST_EVENT + b'"',
    ],
)
def test_bytes_that_are_not_the_one_spelling_are_refused(data: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        read_canonical(data)


def test_escapes_that_must_be_are_the_short_ones() -> None:
    assert read_canonical(b'"\\b\\t\\n\\f\\r\\"\\\\\\u001f\x7f"') == '\b\t\n\f\r"\\\x1f\x7f'
