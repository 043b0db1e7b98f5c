"""Comparing a published report with the naive one: every key but the sentences, figures by value."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from tests.second_reading.language import Plain
from tests.second_reading.units import unit

SENTENCES = ("because", "label", "text")
Differ = Callable[[dict[str, Plain], dict[str, Plain]], list[str]]


def differences(published: Plain, naive: Plain, place: str = "") -> Iterator[str]:
    """Name every place where the two differ, with what stands there in each."""
    if isinstance(published, dict) and isinstance(naive, dict):
        yield from _members(_plain(published), naive, place)
    elif isinstance(published, list) and isinstance(naive, list) and len(published) == len(naive):
        for index, pair in enumerate(zip(published, naive, strict=True)):
            yield from differences(*pair, f"{place}/{index}")
    elif _by_value(published) != _by_value(naive):
        yield f"{place}: published {_shown(published)}, naive {_shown(naive)}"


def _plain(published: Mapping[str, Plain]) -> dict[str, Plain]:
    """Without sentences, and the unit by its meaning."""
    found = {name: value for name, value in published.items() if name not in SENTENCES}
    return found | ({"unit": unit(found["unit"])} if "unit" in found and not isinstance(found["unit"], dict) else {})


def _members(published: dict[str, Plain], naive: dict[str, Plain], place: str) -> Iterator[str]:
    if set(published) != set(naive):
        yield f"{place}: published has {sorted(published)}, naive {sorted(naive)}"
    elif list(published) != list(naive) and not place.endswith("/unit"):
        yield f"{place}: order is {list(published)}, naive {list(naive)}"
    for name, value in published.items():
        if name in naive:
            yield from differences(value, naive[name], f"{place}/{name}")


def _by_value(value: Plain) -> tuple[str, Plain]:
    if isinstance(value, Decimal | int | Fraction) and not isinstance(value, bool):
        return "number", Fraction(value)
    return type(value).__name__, value


def _shown(value: Plain) -> str:
    return str(float(value)) if isinstance(value, Fraction) and value.denominator > 10**9 else str(value)


def shrink(
    rules: dict[str, Plain], facts: dict[str, Plain], differ: Differ
) -> tuple[dict[str, Plain], dict[str, Plain]]:
    """Leave away whatever is not needed for the two to differ; ``differ`` answers nothing for rules with faults."""
    smaller = True
    while smaller:
        smaller = False
        for fewer_rules, fewer_facts in _fewer(rules, facts):
            if differ(fewer_rules, fewer_facts):
                rules, facts, smaller = fewer_rules, fewer_facts, True
                break
    return rules, facts


def _fewer(rules: dict[str, Plain], facts: dict[str, Plain]) -> Iterator[tuple[dict[str, Plain], dict[str, Plain]]]:
    for name in facts:
        yield rules, {other: value for other, value in facts.items() if other != name}
    for section in ("criteria", "gates", "categories", "derived", "facts", "parameters", "dimensions"):
        for index in range(len(rules[section])):
            yield {**rules, section: _without(rules[section], index)}, facts
    plan = rules["action_plan"]
    for index in range(len(plan["always"])):
        yield {**rules, "action_plan": {**plan, "always": _without(plan["always"], index)}}, facts


def _without(entries: Plain, index: int) -> Plain:
    if isinstance(entries, list):
        return entries[:index] + entries[index + 1 :]
    return {name: entry for place, (name, entry) in enumerate(entries.items()) if place != index}
