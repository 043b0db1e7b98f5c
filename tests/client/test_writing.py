"""What is sent."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from service.client.calls import FileBody, query
from service.client.given import Condition, Form, NewApplication
from service.client.writing import text, written

ONE = UUID(int=1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("80.50"), "80.5"),
        (Decimal("1E+3"), "1000"),
        (0.1, "0.1"),
        (12_000, "12000"),
        (True, "true"),
        (None, "null"),
        ("一\n", '"一\\n"'),
        (ONE, f'"{ONE}"'),
        (date(2026, 12, 3), '"2026-12-03"'),
        (datetime(2026, 12, 3, 9, tzinfo=UTC), '"2026-12-03T09:00:00+00:00"'),
        (Form.PAGE, '"text/html"'),
        ([{"a": None}, (1, 2)], '[{"a":null},[1,2]]'),
        (Condition("o", "e", due_on=date(2026, 12, 3)), '{"owner":"o","evidence":"e","due_on":"2026-12-03"}'),
        (
            NewApplication("a", "c", "p", {"water": None}),
            '{"applicant_name":"a","credit_code":"c","project_name":"p","facts":{"water":null},"draft":false}',
        ),
    ],
)
def test_values_are_written_by_value(value: object, expected: str) -> None:
    assert written(value).decode() == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("-Infinity"), datetime(2026, 12, 3)])  # noqa: DTZ001 - meant
def test_what_is_no_figure_and_no_moment_is_not_sent(value: object) -> None:
    with pytest.raises(ValueError, match=r"nan|inf|Infinity|has no time zone"):
        written({"a": value})


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", object(), Condition])
def test_what_has_no_place_in_json_is_not_sent(value: object) -> None:
    with pytest.raises(TypeError):
        written([value])


def test_a_query_leaves_out_what_is_not_asked() -> None:
    assert query(from_=1, state=None, verified_only=True) == {"from": "1", "verified_only": "true"}
    assert text(ONE) == str(ONE)


def test_a_file_is_as_long_as_it_says_each_time_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 200_000)
    body = FileBody(path, 'a "b"\r\n.bin', "text/plain", (("grade", "文件"),))
    first, second = b"".join(body), b"".join(body)
    assert (len(first), first) == (len(body), second)
    assert b'filename="a %22b%22%0D%0A.bin"' in first
    assert max(map(len, body)) < 100_000


def test_a_file_that_is_not_there_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileBody(tmp_path / "none", "none", "text/plain", ())
