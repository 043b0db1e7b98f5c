"""The short cuts of our loader against ruamel's own: the same events, or the same refusal, at the same characters."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark

from service.core.rules.reading.loader import Loader
from service.core.rules.reading.text import decode
from tests.core.rules.edits import edits, sound

RULES = (Path(__file__).parents[3] / "rules.yaml").read_text("utf-8")
PIECES = st.text(st.sampled_from("'\"[]{}:-#|>?!&*,a1 水，：~\n\t\\\r"), min_size=1, max_size=4)


def ours(text: str) -> Iterator[Any]:
    source, _ = decode(text.encode())
    assert source is not None
    loader = Loader(source)
    while loader.check_event():
        yield loader.get_event()


def compared(events: Iterator[Any]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    try:
        for event in events:
            value, style = getattr(event, "value", None), getattr(event, "style", None)
            found.append((type(event), value, style, place(event.start_mark), place(event.end_mark)))
    except MarkedYAMLError as error:
        found.append((type(error), error.problem, place(error.problem_mark), place(error.context_mark)))
    return found


def place(mark: StreamMark | None) -> tuple[int, int, int] | None:
    return None if mark is None else (mark.line, mark.column, mark.index)


def same(text: str) -> bool:
    return compared(ours(text)) == compared(YAML(typ="safe", pure=True).parse(text))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_default_rules_give_the_same_events(end: str) -> None:
    assert same(RULES.replace("\n", end))


def test_files_that_break_give_the_same_events_and_the_same_refusal() -> None:
    texts = [edit.text for edit in edits() if edit.title.startswith("yaml") and "%YAML" not in edit.text]
    assert [text for text in texts if not same(text)] == []


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(sound())), st.integers(0, 5), PIECES), min_size=1, max_size=4))
def test_whatever_is_typed_into_a_file_gives_the_same_events(changes: list[tuple[int, int, str]]) -> None:
    text = sound()
    for at, gone, piece in changes:
        text = text[:at] + piece + text[at + gone :]
    assert same(text)
