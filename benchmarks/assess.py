"""What one assessment by the default rulebook costs, beside a hand-written function with floats (``floor.py``).

Run as ``python -m benchmarks.assess`` in the folder of the project. Everything takes its turn in every round, over all
examples; printed are the medians of CPU time for one assessment, and of the ratios to the floor within a round. Before
anything is measured, the floor must say of every example what the engine says.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from benchmarks import floor
from service import words
from service.core.rules import assess, report
from service.core.rules.engine import Engine
from service.core.rules.facts import Facts, read
from service.core.rules.load import load
from service.core.values import Json, read_json

ROUNDS = 15
# Every third fact of a half-filled form is not there.
LEFT_OUT = 3
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Measured:
    """Something that is run over all examples, ``repeats`` times a round; ``aim`` is what it may take of the floor."""

    name: str
    run: Callable[[], object]
    repeats: int
    aim: float | None = None


def main() -> None:
    """Measure, and print a table."""
    engine = _engine()
    examples = [json.loads(path.read_bytes())["facts"] for path in sorted((ROOT / "examples").glob("*.json"))]
    texts = [_text(facts) for facts in examples]
    _agree(engine, examples, texts)
    measured = _measured(engine, examples, texts)
    times: list[list[float]] = [[] for _ in measured]
    for _ in range(ROUNDS):
        for one, found in zip(measured, times, strict=True):
            found.append(_time(one) / len(examples))
    _print(measured, times)


def _measured(engine: Engine, examples: Sequence[dict[str, Any]], texts: Sequence[str]) -> list[Measured]:
    halves = [_text({name: facts[name] for at, name in enumerate(facts) if at % LEFT_OUT}) for facts in examples]
    read_facts = [engine.read(_object(text)) for text in texts]
    return [
        Measured("floor: floats, by hand", lambda: [floor.decide(facts) for facts in examples], 24),
        Measured("decide: read facts to outcome", lambda: [engine.decide(facts) for facts in read_facts], 8, 3),
        Measured("explain: JSON to explained JSON", lambda: [_explain(engine, text) for text in texts], 3, 10),
        Measured("explain a half-filled form", lambda: [_explain(engine, text) for text in halves], 1),
        Measured("reading JSON alone", lambda: [read_json(text) for text in texts], 6),
        Measured("the plain modules, explained", lambda: [_plainly(engine, text) for text in texts], 1),
    ]


def _explain(engine: Engine, text: str) -> str:
    return engine.explain(engine.read(_object(text)), "zh")


def _plainly(engine: Engine, text: str) -> str:
    facts: Facts = read(engine.rulebook, _object(text))
    return report.report(engine.rulebook, assess.assess(engine.rulebook, facts), engine.words, "zh")


def _agree(engine: Engine, examples: Sequence[dict[str, Any]], texts: Sequence[str]) -> None:
    """Stop unless the floor, the compiled form and the plain modules say the same."""
    for facts, text in zip(examples, texts, strict=True):
        said = engine.decide(engine.read(_object(text)))
        figures = (said.total, *said.dimensions, said.completeness)
        wanted = (said.outcome, said.gates, said.category.id, *(None if one is None else float(one) for one in figures))
        if floor.decide(facts) != wanted or _explain(engine, text) != _plainly(engine, text):
            sys.exit(f"They do not agree: {floor.decide(facts)} {wanted}")


def _time(one: Measured) -> float:
    start = process_time()
    for _ in range(one.repeats):
        one.run()
    return (process_time() - start) / one.repeats * 1e6


def _print(measured: Sequence[Measured], times: Sequence[Sequence[float]]) -> None:
    print(f"{'CPU of one assessment':34}{'µs':>9}{'of the floor':>14}{'aim':>6}")
    for one, found in zip(measured, times, strict=True):
        ratio = median(mine / least for mine, least in zip(found, times[0], strict=True))
        print(f"{one.name:34}{median(found):9.1f}{ratio:14.2f}{'' if one.aim is None else f'{one.aim:g}':>6}")


def _engine() -> Engine:
    rulebook = load((ROOT / "rules.yaml").read_bytes()).rulebook
    if rulebook is None:
        sys.exit("rules.yaml has faults")
    return Engine(rulebook, words.sections("assessment"))


def _text(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False)


def _object(text: str) -> dict[str, Json]:
    found = read_json(text)
    assert isinstance(found, dict)  # noqa: S101 - facts are an object
    return found


if __name__ == "__main__":
    main()
