"""The client's types are those of ``openapi.yaml``, and it offers what they are for."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from service.client import UnreadableError, answers
from service.client.answers import Application, Differences, Meeting, VersionAssessment
from service.client.reading import parsed, read, shaped
from tests.api.calling import described

WRITTEN = {
    ("string", None): str,
    ("string", "uuid"): UUID,
    ("string", "date-time"): datetime,
    ("string", "date"): date,
    ("integer", None): int,
    ("number", None): Decimal,
    ("boolean", None): bool,
}
# Objects that are described where they stand, and what reads them; a report is an assessment.
IN_PLACE = {"Assessment.rulebook", "Assessment.category", "Assessment.gates", "Assessment.verified"}
REPORTS = {"VersionAssessment.report", "PinnedAssessment.report"}
# The service does not promise these to everybody who reads an assessment.
PARTS = {"RulesUsed", "Category", "Gate", "Masked", "Verified"}


def named() -> list[str]:
    return [name for name in answers.__all__ if name not in PARTS]


def test_every_answer_is_described_under_its_name() -> None:
    assert [name for name in named() if name not in described()["components"]["schemas"]] == []


@pytest.mark.parametrize("name", named())
def test_every_member_is_there_with_the_type_the_description_has(name: str) -> None:
    compare(name, getattr(answers, name), described()["components"]["schemas"][name])


def compare(place: str, kind: type[Any], schema: Mapping[str, Any]) -> None:
    """Demand that a class has the members of a schema, each of its type."""
    assert is_dataclass(kind), place
    hints = {field.name.rstrip("_"): get_type_hints(kind)[field.name] for field in fields(kind)}
    assert set(hints) == set(schema["properties"]), place
    for name, told in schema["properties"].items():
        compare_member(f"{place}.{name}", hints[name], told)


def compare_member(place: str, hint: Any, told: Mapping[str, Any]) -> None:  # noqa: ANN401 - any annotation
    schema = told
    if "anyOf" in told:
        schema, hint = arms(place, hint, told)
    if "$ref" in schema:
        assert hint is getattr(answers, schema["$ref"].rpartition("/")[2]), place
    elif place in REPORTS:
        assert (hint, schema["type"]) == (answers.Assessment, "object")
    elif schema.get("type") == "array":
        assert get_origin(hint) is tuple, place
        compare_member(f"{place}", get_args(hint)[0], schema["items"])
    elif schema.get("type") == "object":
        compare_object(place, hint, schema)
    else:
        compare_scalar(place, hint, schema)


def arms(place: str, hint: Any, told: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:  # noqa: ANN401 - as above
    """What something is, where it is not null, as described and as read."""
    assert type(None) in get_args(hint), place
    schema = next(arm for arm in told["anyOf"] if arm.get("type") != "null")
    return schema, next(arm for arm in get_args(hint) if arm is not type(None))


def compare_object(place: str, hint: Any, schema: Mapping[str, Any]) -> None:  # noqa: ANN401 - any annotation
    optional: list[type[Any]] = [arm for arm in get_args(hint) if arm is not type(None)]
    if place in IN_PLACE:
        compare(place, optional[0] if optional else hint, schema)
    elif "properties" in schema:
        compare(place, hint, schema)
    else:
        assert get_origin(hint) is Mapping, place


def compare_scalar(place: str, hint: Any, schema: Mapping[str, Any]) -> None:  # noqa: ANN401 - any annotation
    if not schema.keys() - {"description"}:
        assert hint is Any, place
        return
    words = schema.get("enum", [])
    types = schema.get("type", "string")
    many = [types] if isinstance(types, str) else types
    if "array" in many:
        assert (hint, schema["items"]["type"]) == (tuple[str, ...] | None, "string"), place
        return
    expected: Any = WRITTEN[next(one for one in many if one != "null"), schema.get("format")]
    nullable = "null" in many or None in words
    assert hint == (expected | None if nullable else expected), place


def test_every_post_that_does_something_takes_an_idempotency_key() -> None:
    """The client sends every POST again after a lost answer: those without a key do nothing."""
    without = [
        operation["operationId"]
        for methods in described()["paths"].values()
        for method, operation in methods.items()
        if method == "post" and "Idempotency-Key" not in {one["name"] for one in operation.get("parameters", [])}
    ]
    assert without == ["assess"]


def meeting(**changes: object) -> bytes:
    told: dict[str, object] = {
        "id": "0199b2a0-0000-7000-8000-000000000001",
        "title": "会",
        "held_at": "2026-12-03T01:00:00.123456Z",
        "place": None,
        "state": "called",
        "called_by": "0199b2a0-0000-7000-8000-000000000002",
        "called_at": "2026-12-03T01:00:00Z",
        "opened_at": None,
        "closed_at": None,
        "rulebook_sha256": None,
        "version": 1,
        "seats": [],
    }
    return json.dumps(told | changes).encode()


def test_members_that_came_later_are_left_out() -> None:
    found = read(Meeting, meeting(colour="green", seats=[]))
    assert found.held_at == datetime(2026, 12, 3, 1, 0, 0, 123456, tzinfo=UTC)
    assert found == read(Meeting, meeting())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<h1>",
        b"[]",
        b"{}",
        b"null",
        meeting(version="1"),
        meeting(version=1.5),
        meeting(version=True),
        meeting(version=None),
        meeting(title=None),
        meeting(title=1),
        meeting(id="1"),
        meeting(held_at="tomorrow"),
        meeting(held_at=20261203),
        meeting(seats={}),
        meeting(seats=[{"person": "x"}]),
        meeting(seats=None),
        meeting()[:-1] + b',"version":2}',
    ],
)
def test_an_answer_that_is_not_what_was_promised_is_told(content: bytes) -> None:
    with pytest.raises(UnreadableError) as unreadable:
        read(Meeting, content)
    assert unreadable.value.code == "unreadable"


def test_figures_keep_every_digit() -> None:
    told = parsed(b'{"a":0.10000000000000000001,"b":[1e2,3]}')
    assert told == {"a": Decimal("0.10000000000000000001"), "b": [Decimal(100), Decimal(3)]}


def test_a_member_whose_name_is_a_word_of_python_is_read() -> None:
    nothing: dict[str, Any] = {"facts": [], "results": [], "gates": [], "criteria": []}
    assert shaped(Differences, {"from": Decimal(1), "to": Decimal(2), **nothing}).from_ == 1


def kinds() -> Iterator[type[Any]]:
    yield from (getattr(answers, name) for name in answers.__all__)


def test_no_answer_can_be_changed() -> None:
    assert [kind.__name__ for kind in kinds() if not kind.__dataclass_params__.frozen] == []
    assert {Application, VersionAssessment} <= set(kinds())


def test_every_name_the_client_shows_is_documented() -> None:
    assert [kind.__name__ for kind in kinds() if not re.fullmatch(r"[A-Z].*\.", str(kind.__doc__))] == []
