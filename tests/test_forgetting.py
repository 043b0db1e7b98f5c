"""Forgetting facts of the examples under the default rules: what is not known is never an advantage."""

from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from service.core.rules.engine import Engine
from service.core.rules.load import load
from service.core.rules.model import Outcome
from service.core.values import Json, read_json
from service.words import sections

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
TRIES = 40


@pytest.fixture(scope="module")
def engine() -> Engine:
    rulebook = load((ROOT / "rules.yaml").read_bytes()).rulebook
    assert rulebook is not None
    return Engine(rulebook, sections("assessment"))


def facts(path: Path) -> dict[str, Json]:
    read = read_json(path.read_bytes())
    assert isinstance(read, dict)
    found = read["facts"]
    assert isinstance(found, dict)
    return found


def total(engine: Engine, known: dict[str, Json]) -> tuple[Decimal, Decimal, Outcome]:
    found = engine.assess(engine.read(known))
    assert found.score.total is not None
    return found.score.total, found.score.completeness, found.outcome


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_forgetting_never_improves_the_published_score(engine: Engine, path: Path) -> None:
    chance = Random(path.stem)  # noqa: S311 - a series that is the same every time
    for _ in range(TRIES):
        known = facts(path)
        before = total(engine, known)
        for name in chance.sample(sorted(known), k=4):
            del known[name]
            after = total(engine, known)
            assert after[0] <= before[0], name
            assert after[1] <= before[1], name
            assert after[2] is not Outcome.APPROVE or before[2] is Outcome.APPROVE, name
            before = after


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_fact_that_is_forgotten_on_its_own_is_told_or_was_not_needed(engine: Engine, path: Path) -> None:
    whole = facts(path)
    settled = total(engine, whole)
    for name in whole:
        known = {other: value for other, value in whole.items() if other != name}
        found = engine.assess(engine.read(known))
        told = name in {item.fact for item in found.unknown}
        assert told or total(engine, known) == settled, name
