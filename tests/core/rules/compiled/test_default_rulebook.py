"""The default rulebook, compiled, says to the byte what it says plainly."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.core.rules.load import load
from service.core.rules.model import Rulebook
from service.core.values import Json, read_json
from tests.core.rules.compiled.agreement import agree, compiled
from tests.core.rules.compiled.raw import raw_facts

ROOT = Path(__file__).parents[4]
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))


def example(path: Path) -> Mapping[str, Json]:
    found = read_json(json.dumps(json.loads(path.read_bytes())["facts"], ensure_ascii=False))
    assert isinstance(found, dict)
    return found


def default_rulebook() -> Rulebook:
    rulebook = load((ROOT / "rules.yaml").read_bytes()).rulebook
    assert rulebook is not None
    return rulebook


RULEBOOK = default_rulebook()
FORM = compiled(RULEBOOK)
FACTS = [example(path) for path in EXAMPLES]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_told_the_same_way(path: Path) -> None:
    agree(FORM, RULEBOOK, example(path))


def test_every_case_of_the_rulebook_is_told_the_same_way() -> None:
    examples = {path.stem: example(path) for path in EXAMPLES}
    for case in RULEBOOK.cases:
        like = case.facts if case.like is None else examples[case.like]
        agree(FORM, RULEBOOK, {**like, **case.overrides})  # type: ignore[dict-item] # a case holds JSON


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(FACTS).flatmap(lambda like: raw_facts(RULEBOOK, like)))
def test_facts_that_are_partly_unknown_are_told_the_same_way(raw: Mapping[str, Json]) -> None:
    agree(FORM, RULEBOOK, raw)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(FACTS).flatmap(lambda like: raw_facts(RULEBOOK, like, wrong=True)))
def test_wrong_facts_have_the_same_flaws(raw: Mapping[str, Json]) -> None:
    agree(FORM, RULEBOOK, raw)
