"""The engine against a second, slow implementation that was written from the design alone.

Whole rulebooks and facts are made up from fixed seeds; the default rules are looked at with the twelve examples, with
the facts of every case of their own, and with facts changed at random; the other rulebooks with their cases and with
made-up facts. Every published key but the sentences must be the same to the last digit.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from tests.second_reading.both import Both, described
from tests.second_reading.language import Plain
from tests.second_reading.random_facts import Vocabulary, facts, thresholds, value
from tests.second_reading.random_rules import rulebook
from tests.second_reading.reading import plain
from tests.second_reading.writing import written

# How many rulebooks are made up, and with how many sets of facts each is tried (some
# with waived gates too); and how often each example is changed.
RULEBOOKS = 60
WAIVING = 25
TRIES = 12
CHANGES = 20

ROOT = Path(__file__).parent.parent.parent
OTHERS = sorted((ROOT / "examples" / "rulebooks").glob("*.yaml"))
EXAMPLES = sorted(file.stem for file in (ROOT / "examples").glob("*.json"))


@pytest.mark.parametrize("seed", range(RULEBOOKS))
def test_both_readings_of_made_up_rules_agree_to_the_last_digit(seed: int) -> None:
    data = rulebook(seed)
    both = Both.of(written(data), data)
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    words = Vocabulary(thresholds(data))
    for _ in range(TRIES):
        tried = facts(random, data["facts"], words)
        if both.differences(tried):
            pytest.fail(described(data, tried))


@pytest.mark.parametrize("seed", range(WAIVING))
def test_both_readings_of_made_up_rules_with_waived_gates_agree_to_the_last_digit(seed: int) -> None:
    data = rulebook(seed)
    both = Both.of(written(data), data)
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    words = Vocabulary(thresholds(data))
    for _ in range(TRIES):
        tried = facts(random, data["facts"], words)
        waived = frozenset(gate["id"] for gate in data["gates"] if random.random() < 0.5)
        assert both.differences(tried, waived=waived) == [], (tried, waived)


def test_scores_stay_exact_where_the_slopes_have_no_short_common_denominator() -> None:
    data = rulebook(1)
    criterion = {key: data["criteria"][0][key] for key in ("dimension", "weight", "label", "cite")}
    criteria = [
        {
            **criterion,
            "id": f"k{width}",
            "value": "x",
            "points": [[Decimal(0), Decimal("80.5")], [Decimal(width), Decimal(0)]],
        }
        for width in (1000003, 1000033, 1000037, 1000039, 1000081)
    ]
    alone = {"x": {"type": "number", "label": {"zh": "数", "en": "Number"}, "group": "one"}}
    made = {**data, "facts": alone, "derived": {}, "gates": [], "criteria": criteria}
    made["categories"], made["action_plan"] = data["categories"][-1:], {"below": Decimal(60), "always": []}
    made["decision"] = {**data["decision"], "decimals": 0}
    both = Both.of(written(made), made)
    for number in ("-1", "0", "1", "500001.5", "2000000"):
        assert both.differences({"x": Decimal(number)}) == [], number


@pytest.fixture(scope="module")
def default() -> Both:
    source = (ROOT / "rules.yaml").read_text(encoding="utf-8")
    return Both.of(source, plain(source))


def example(name: str) -> dict[str, Plain]:
    text = (ROOT / "examples" / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Plain] = json.loads(text, parse_float=Decimal, parse_int=Decimal)["facts"]
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_both_readings_of_the_default_rules_agree_on_an_example_and_on_changes_of_it(name: str, default: Both) -> None:
    given = example(name)
    assert default.differences(given, "zh") == []
    random = Random(name)  # noqa: S311 - repeatable on purpose
    words = Vocabulary(thresholds(default.book.data), list(codes(default.book.data["parameters"])))
    for _ in range(CHANGES):
        tried = changed(random, given, default.book.data["facts"], words)
        assert default.differences(tried) == [], tried


def test_both_readings_of_the_default_rules_agree_on_the_facts_of_every_case(default: Both) -> None:
    cases = default.engine.rulebook.cases
    assert cases
    for case in cases:
        given = {**(example(case.like) if case.like else case.facts), **case.overrides}
        assert default.differences(given) == [], case.name


@pytest.mark.parametrize("file", OTHERS, ids=[file.stem for file in OTHERS])
def test_both_readings_of_other_published_rules_agree(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    both = Both.of(source, plain(source))
    random = Random(file.stem)  # noqa: S311 - repeatable on purpose
    words = Vocabulary(thresholds(both.book.data), list(codes(both.book.data.get("parameters") or {})))
    for case in both.engine.rulebook.cases:
        assert case.like is None, "these stand on their own"
        assert both.differences({**case.facts, **case.overrides}) == [], case.name
    for _ in range(CHANGES):
        tried = facts(random, both.book.section("facts"), words)
        assert both.differences(tried) == [], tried


def changed(
    random: Random, given: Mapping[str, Plain], declared: Mapping[str, Plain], words: Vocabulary
) -> dict[str, Plain]:
    """Take some facts away, and put others on a threshold, beside one, or to another choice."""
    found = dict(given)
    for name in random.sample(list(declared), random.choice((1, 1, 2, 4, 12))):
        if random.random() < 0.3:
            found[name] = None
        else:
            found[name] = value(random, declared[name], words)
    return found


def codes(parameters: Mapping[str, Plain]) -> Iterator[str]:
    """Texts that begin with an entry of a list of the rules."""
    for parameter in parameters.values():
        if isinstance(parameter["value"], list):
            yield from (f"{code}11"[:4] for code in parameter["value"])
    yield from ("6450", "3453", "C345")
