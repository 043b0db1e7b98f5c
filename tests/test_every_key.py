"""The small rulebook of the guide: sound, right, and with every key of the format in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from service.core.rules.reading import keys
from tests.cli.commands import call

PLACE = Path(__file__).parent.parent / "docs" / "every-key" / "rules.yaml"
RULES: dict[str, Any] = YAML(typ="safe", pure=True).load(PLACE.read_text(encoding="utf-8"))


def listed(section: str) -> list[dict[str, Any]]:
    entries = RULES[section]
    return list(entries.values()) if isinstance(entries, dict) else list(entries)


def fields() -> Iterator[dict[str, Any]]:
    for fact in listed("facts"):
        yield from fact.get("of", {}).values()


def bands() -> Iterator[dict[str, Any]]:
    for criterion in listed("criteria"):
        yield from criterion.get("bands", [])


def citations() -> Iterator[dict[str, Any]]:
    for entry in listed("parameters") + listed("gates") + listed("criteria"):
        yield from entry["cite"]


BYLAWS = RULES["bylaws"]
USED: dict[str, tuple[keys.Keys, list[dict[str, Any]]]] = {
    "file": (keys.FILE, [RULES]),
    "rulebook": (keys.RULEBOOK, [RULES["rulebook"]]),
    "source": (keys.SOURCE, listed("sources")),
    "citation": (keys.CITATION, list(citations())),
    "parameter": (keys.PARAMETER, listed("parameters")),
    "fact": (keys.FACT, listed("facts")),
    "derived": (keys.DERIVED, listed("derived")),
    "gate": (keys.GATE, listed("gates")),
    "category": (keys.CATEGORY, listed("categories")),
    "dimension": (keys.DIMENSION, listed("dimensions")),
    "criterion": (keys.CRITERION, listed("criteria")),
    "band": (keys.BAND, list(bands())),
    "decision": (keys.DECISION, [RULES["decision"]]),
    "mark": (keys.MARK, [RULES["decision"]["approve"]]),
    "completeness": (keys.COMPLETENESS, [RULES["decision"]["completeness"]]),
    "action_plan": (keys.ACTION_PLAN, [RULES["action_plan"]]),
    "condition": (keys.CONDITION, RULES["action_plan"]["always"]),
    "bylaws": (keys.BYLAWS, [BYLAWS]),
    "seats": (keys.SEATS, [BYLAWS["seats"]]),
    "override": (keys.OVERRIDE, [BYLAWS["override"]]),
    "share": (keys.SHARE, [BYLAWS["quorum"], BYLAWS["pass"]]),
    "case": (keys.CASE, listed("cases")),
    "expect": (keys.EXPECT, [case["expect"] for case in listed("cases")]),
}


@pytest.mark.parametrize("table", USED)
def test_every_key_of_a_table_stands_there(table: str) -> None:
    known, entries = USED[table]
    used = {key for entry in entries for key in entry}
    assert used == {key for part in known for key in part.split()}


def test_every_key_of_a_record_but_the_limits_of_a_number_stands_there() -> None:
    used = {key for field in fields() for key in field}
    known = {key for part in keys.FIELD for key in part.split()}
    assert known - used == set(keys.NUMBERS.split()) - {"unit", "min"}


def test_the_rulebook_has_no_fault_and_no_warning() -> None:
    checked = call("rules", "check", PLACE, "--strict")
    assert checked.exit_code == 0, checked.stdout


def test_its_cases_come_out_as_computed_by_hand() -> None:
    tested = call("rules", "test", PLACE, "--language", "en")
    assert tested.exit_code == 0, tested.stdout
    assert tested.stdout == f"{len(RULES['cases'])} case(s), 0 not as expected\n"
