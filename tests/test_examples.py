"""The twelve examples under the default rules: what is published about each, against a table written by hand."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from service.core.rules.check import check
from service.core.rules.engine import Engine
from service.core.rules.faults import Severity
from service.core.rules.load import load
from service.core.values import Json, read_json
from service.words import sections

ROOT = Path(__file__).parent.parent
RULES = ROOT / "rules.yaml"

# outcome, category, total, ecology, quality, completeness, failed gates
EXPECTED = {
    "a01-robot-reducers": ("approve", "B", "83.78", "82.39", "85.18", "100", ()),
    "a02-diagnostic-imaging": ("approve", "B", "84.01", "81.64", "86.38", "100", ()),
    "a03-lithium-cells": ("conditional", "A", "68", "67.11", "68.9", "100", ()),
    "a04-pharma-intermediates": ("reject", "A", "71.29", "58.12", "84.47", "100", ("shoreline_chemical",)),
    "a05-polyolefin-elastomers": ("conditional", "A", "80.99", "70.06", "91.92", "100", ()),
    "a06-trading-headquarters": (
        "reject", "B", "56.17", "78.5", "33.85", "100", ("fiscal_payback", "fair_competition")
    ),
    "a07-data-centre": ("conditional", "A", "78.36", "86.95", "69.77", "100", ()),
    "a08-paper-filters": (
        "defer", "A", "66.93", "62.46", "71.41", "100", ("overloaded_area_abstraction", "water_quota")
    ),
    "a09-recombinant-proteins": ("defer", "A", "68.34", "42.88", "93.81", "78", ()),
    "a10-cement-clinker": (
        "reject", "A", "38.07", "31.82", "44.33", "100", ("industrial_policy", "two_high_substitution")
    ),
    "a11-cold-chain-hub": ("defer", "B", "58.38", "81.26", "35.49", "100", ()),
    "a12-industrial-software": ("approve", "C", "87.55", "87.46", "87.64", "100", ()),
}  # fmt: skip

# Published with the rules as not confirmed; docs/rules.md says what the deploying zone must do about each.
UNCONFIRMED = {
    "art54_lists",
    "carbon_factors",
    "data_centre_standard",
    "eco_code",
    "energy_conversion",
    "foreign_investment_list",
    "overloaded_areas",
    "quota_standards",
    "sd_chemical",
    "sd_shoreline",
    "sd_two_high",
    "zone",
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    rulebook = load(RULES.read_bytes()).rulebook
    assert rulebook is not None
    return Engine(rulebook, sections("assessment"))


def example(name: str) -> dict[str, Any]:
    found = read_json((ROOT / "examples" / f"{name}.json").read_bytes())
    assert isinstance(found, dict)
    return found


def report(engine: Engine, facts: Mapping[str, Json]) -> dict[str, Any]:
    text = engine.report(engine.assess(engine.read(facts)), "en")
    found: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return found


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_is_assessed_as_the_table_says(engine: Engine, name: str) -> None:
    outcome, category, total, ecology, quality, completeness, failed = EXPECTED[name]
    said = report(engine, example(name)["facts"])
    score = said["score"]
    assert said["outcome"] == outcome
    assert said["category"]["id"] == category
    assert {
        "total": score["total"],
        "ecology": score["dimensions"]["ecology"]["score"],
        "quality": score["dimensions"]["quality"]["score"],
        "completeness": score["completeness"],
    } == {
        "total": Decimal(total),
        "ecology": Decimal(ecology),
        "quality": Decimal(quality),
        "completeness": Decimal(completeness),
    }
    assert tuple(gate["id"] for gate in said["gates"] if gate["state"] == "fail") == failed


def test_only_the_example_without_energy_data_leaves_anything_open(engine: Engine) -> None:
    open_cases = {name: report(engine, example(name)["facts"]) for name in EXPECTED}
    assert {
        name: (said["category"]["provisional"], sorted(item["fact"] for item in said["unknown"]))
        for name, said in open_cases.items()
        if said["unknown"] or said["category"]["provisional"]
    } == {
        "a09-recombinant-proteins": (
            True,
            ["cod_kg", "electricity_mwh", "green_power_share_pct", "nh3n_kg", "nox_kg", "so2_kg", "vocs_kg"],
        )
    }


def test_every_example_is_one_of_the_twelve_and_has_the_same_shape(engine: Engine) -> None:
    files = sorted((ROOT / "examples").glob("*.json"))
    assert [file.stem for file in files] == sorted(EXPECTED)
    keys = ["name", "story", "shows", "applicant_name", "credit_code", "project_name", "project_code", "facts"]
    for file in files:
        found = example(file.stem)
        assert list(found) == keys, file.name
        assert all(list(found[key]) == ["zh", "en"] and all(found[key].values()) for key in keys[:3]), file.name
        assert set(found["facts"]) <= set(engine.rulebook.facts), file.name


def test_the_credit_codes_are_sound_and_cannot_be_a_real_firm() -> None:
    codes = [example(name)["credit_code"] for name in EXPECTED]
    assert len(set(codes)) == len(EXPECTED)
    for code in codes:
        assert code[2:8] == "379999"
        assert code[16] == "0123456789X"[-sum(map(_product, code[8:16], (3, 7, 9, 10, 5, 8, 4, 2))) % 11]
        symbols = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        assert code[17] == symbols[-sum(symbols.index(one) * 3**place for place, one in enumerate(code[:17])) % 31]


def test_an_application_can_be_submitted_with_the_facts_of_every_example(engine: Engine) -> None:
    required = {fact.id for fact in engine.rulebook.facts.values() if fact.required and fact.asked_when is None}
    assert required
    missing = {name: sorted(required - set(example(name)["facts"])) for name in EXPECTED}
    assert missing == {name: [] for name in EXPECTED}


def test_the_rules_have_no_fault_and_warn_of_the_unconfirmed_sources_and_the_list_that_is_not_loaded_alone() -> None:
    faults = check(RULES.read_bytes())
    assert [fault for fault in faults if fault.severity is not Severity.WARNING] == []
    assert {(fault.code, fault.figures.get("source", fault.figures.get("found"))) for fault in faults} == {
        ("list_empty", "water_negative_codes"),
        *(("unconfirmed_source", source) for source in UNCONFIRMED),
    }


def test_the_rules_hold_thirteen_gates_and_twenty_criteria(engine: Engine) -> None:
    rulebook = engine.rulebook
    assert len(rulebook.gates) == 13
    assert len(rulebook.criteria) == 20


def test_where_an_investor_comes_from_changes_no_score(engine: Engine) -> None:
    for name in EXPECTED:
        facts = example(name)["facts"]
        foreign = report(engine, {**facts, "is_foreign_invested": True, "foreign_prohibited": False})
        domestic = report(engine, {**facts, "is_foreign_invested": False})
        assert (foreign["outcome"], foreign["score"]) == (domestic["outcome"], domestic["score"]), name


def test_every_sample_of_the_guide_stands_in_the_rules() -> None:
    rules = RULES.read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    samples = re.findall(r"^```yaml\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    assert samples
    assert [sample for sample in samples if sample not in rules] == []


def _product(symbol: str, weight: int) -> int:
    return int(symbol, 36) * weight
