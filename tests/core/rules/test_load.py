import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from service.core.rules.expressions.types import Kind, Type
from service.core.rules.expressions.units import parse_unit
from service.core.rules.load import load
from service.core.rules.model import (
    Bands,
    Choices,
    Citation,
    FactType,
    Formula,
    Grade,
    Level,
    Limits,
    Mark,
    Outcome,
    Points,
    Rulebook,
    Words,
)
from tests.core.rules.edits import sound

RULES = Path(__file__).parents[3] / "rules.yaml"


def loaded(text: str) -> Rulebook:
    result = load(text.encode())
    assert result.rulebook is not None, result.faults
    return result.rulebook


@pytest.fixture(scope="module")
def small() -> Rulebook:
    return loaded(sound())


def test_the_head_of_a_rulebook_and_the_hash_of_its_bytes(small: Rulebook) -> None:
    content = sound().encode()
    assert (small.id, small.edition, small.title) == ("small", "1", Words("小规则", "Small rules"))
    assert (small.in_force_from, small.profile) == (date(2026, 9, 1), "coast")
    assert small.source == content
    assert small.sha256 == hashlib.sha256(content).hexdigest()


def test_a_source_knows_its_level_and_its_days(small: Rulebook) -> None:
    law, zone = small.sources.values()
    assert (law.level, law.in_force_from, law.in_force_until) == (Level.LAW, date(2023, 4, 1), None)
    assert (zone.level, zone.in_force_until, zone.confirmed) == (Level.ZONE_POLICY, date(2026, 9, 1), True)


def test_parameters_hold_what_the_chosen_profile_sets(small: Rulebook) -> None:
    buffer, listed, strict = small.parameters.values()
    assert (buffer.value, buffer.unit) == (Decimal("1.5"), "km")
    assert buffer.type == Type(Kind.NUMBER, unit=parse_unit("km"))
    assert buffer.cite == (Citation("water_law", "26(2)"),)
    assert (listed.value, listed.type) == (("25", "26"), Type(Kind.LIST, of=Type(Kind.TEXT)))
    assert strict.value is False


def test_another_profile_or_none_gives_other_values() -> None:
    inland = loaded(sound().replace("profile: coast", "profile: inland"))
    none = loaded(sound().replace("profile: coast", "profile: null"))
    assert [inland.parameters[name].value for name in ("buffer_km", "listed_codes")] == [Decimal(0), ()]
    assert none.profile is None
    assert none.parameters["listed_codes"].type == Type(Kind.LIST, of=Type(Kind.TEXT))


def test_facts_keep_their_limits_exactly(small: Rulebook) -> None:
    limits = {name: small.facts[name].limits for name in ("distance_km", "water_m3", "jobs", "code")}
    assert limits == {
        "distance_km": Limits(min=Decimal(0), max=Decimal(500), decimals=3),
        "water_m3": Limits(min_exclusive=Decimal(0), max_exclusive=Decimal(1_000_000_000)),
        "jobs": Limits(min=Decimal(0), max=Decimal(100_000)),
        "code": Limits(),
    }


def test_facts_have_the_type_their_declaration_gives(small: Rulebook) -> None:
    assert {name: fact.type for name, fact in small.facts.items() if name != "grants"} == {
        "code": Type(Kind.TEXT),
        "nature": Type(Kind.TEXT, choices=("new", "expand")),
        "distance_km": Type(Kind.NUMBER, unit=parse_unit("km")),
        "water_m3": Type(Kind.NUMBER, unit=parse_unit("m3/a")),
        "added_value": Type(Kind.NUMBER, unit=parse_unit("万元/a")),
        "jobs": Type(Kind.NUMBER, unit=parse_unit("人")),
        "listed": Type(Kind.BOOLEAN),
        "begins": Type(Kind.DATE),
    }
    amount = Type(Kind.NUMBER, unit=parse_unit("万元"))
    basis = Type(Kind.TEXT, choices=("law", "none"))
    record = Type(Kind.RECORD, fields=(("amount", amount), ("basis", basis)))
    assert small.facts["grants"].type == Type(Kind.LIST, of=record)
    assert [(field.id, field.kind, field.group) for field in small.facts["grants"].of] == [
        ("amount", FactType.NUMBER, ""),
        ("basis", FactType.CHOICE, ""),
    ]


def test_what_a_fact_leaves_out_has_its_default(small: Rulebook) -> None:
    code, distance, water, listed = (small.facts[name] for name in ("code", "distance_km", "water_m3", "listed"))
    assert (code.required, code.unit, code.evidence, code.help) == (True, "1", Grade.DECLARED, None)
    assert (distance.required, distance.evidence) == (False, Grade.DOCUMENT)
    assert water.help == Words("含地下水", "With groundwater")
    assert listed.asked_when is not None
    assert listed.asked_when.names == ("nature",)


def test_derived_figures_are_in_the_order_of_the_file_whatever_they_rest_on() -> None:
    rulebook = loaded(
        sound().replace("value: water_m3 / added_value", "value: granted / granted * water_m3 / added_value")
    )
    assert list(rulebook.derived) == ["intensity", "kind", "granted"]
    assert rulebook.derived["intensity"].type == Type(Kind.NUMBER, unit=parse_unit("m3/万元"))
    assert (rulebook.derived["intensity"].decimals, rulebook.derived["granted"].decimals) == (4, None)
    assert rulebook.derived["kind"].type == Type(Kind.TEXT)


def test_a_gate_stands_as_high_as_the_highest_source_it_cites(small: Rulebook) -> None:
    near, on_list = small.gates
    assert (near.level, on_list.level) == (Level.LAW, Level.ZONE_POLICY)
    assert (near.on_fail, near.curable, on_list.cure) == (Outcome.REJECT, False, None)
    assert near.fails_when.text == "buffer_km > 0 && distance_km < buffer_km"
    turned = sound().replace(
        '[{source: water_law, article: "26"}, {source: zone}]', "[{source: zone}, {source: water_law}]"
    )
    assert loaded(turned).gates[0].level is Level.LAW


def test_the_last_category_takes_what_is_left(small: Rulebook) -> None:
    major, ordinary = small.categories
    assert (major.best_outcome, ordinary.best_outcome) == (Outcome.CONDITIONAL, Outcome.APPROVE)
    assert major.when is not None
    assert ordinary.when is None


def test_each_scale_of_a_criterion(small: Rulebook) -> None:
    water, distance, novelty, employment = small.criteria
    assert water.scale == Points(
        ((Decimal(8), Decimal(100)), (Decimal("13.9"), Decimal(75)), (Decimal(30), Decimal(0)))
    )
    assert distance.scale == Bands(((Decimal(5), Decimal(100)), (Decimal(1), Decimal(60))), Decimal(0))
    assert novelty.scale == Choices({"new": Decimal(100), "expand": Decimal(40)})
    assert isinstance(employment.scale, Formula)
    assert employment.value is None
    assert [one.unit for one in small.criteria] == ["m3/万元", "km", "1", "1"]
    assert [one.weight for one in small.criteria] == [Decimal(40), Decimal(20), Decimal(10), Decimal(30)]


def test_marks_the_plan_and_the_bylaws(small: Rulebook) -> None:
    assert small.decision.conditional == Mark(Decimal(60), Decimal(50))
    assert (small.decision.complete_at_least, small.decision.incomplete) == (Decimal(90), Outcome.DEFER)
    (permit,) = small.action_plan.always
    assert (permit.id, permit.due, small.action_plan.below) == ("water_permit", "before_construction", Decimal(60))
    assert small.bylaws["quorum"] == {"of": "seats", "at_least": "2/3"}
    assert small.bylaws["override"] == {
        "needs": {"of": "seats", "at_least": Decimal("0.75")},
        "reason_required": True,
        "forbidden_for_levels": ["law"],
    }


def test_cases_keep_their_facts_as_written_and_know_their_line(small: Rulebook) -> None:
    fine, near = small.cases
    assert fine.facts["distance_km"] == Decimal(6)
    assert (fine.like, fine.overrides) == (None, {})
    assert (near.like, near.facts) == ("near-the-shore", {})
    assert near.overrides == {"distance_km": Decimal(1), "nature": "expand", "listed": None}
    assert near.expect == {
        "outcome": Outcome.REJECT,
        "failed_gates": ["too_near"],
        "dimensions": {"ecology": Decimal(76), "quality": None},
    }
    assert sound().splitlines()[near.line - 1] == "  - name: 距岸线过近"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1e2", "100"),
        ("+7", "7"),
        ("-0", "0"),
        ("0x1F", "31"),
        ("0o17", "15"),
        ("010", "10"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0.1000000000000000000000000000000001", "0.1000000000000000000000000000000001"),
        ("1E-20", "1E-20"),
        ("1e+20", "1E+20"),
    ],
)
def test_numbers_are_those_of_the_core_schema_and_exact(written: str, number: str) -> None:
    rulebook = loaded(
        sound().replace("{value: 0, unit: km", f"{{value: {written}, unit: km").replace("coast\n", "null\n")
    )
    assert rulebook.parameters["buffer_km"].value == Decimal(number)


@pytest.mark.parametrize(
    "written", ["yes", "no", "on", "off", "1_000", "0b1", "1:30", "2026-09-01", "'5'", '"true"', "NaN"]
)
def test_what_the_core_schema_takes_for_text_is_text(written: str) -> None:
    rulebook = loaded(sound().replace("    value: false", f"    value: {written}"))
    assert rulebook.parameters["strict"].value == written.strip("'\"")


@pytest.mark.parametrize("written", ["True", "TRUE"])
def test_true_has_three_spellings(written: str) -> None:
    assert loaded(sound().replace("    value: false", f"    value: {written}")).parameters["strict"].value is True


def test_days_may_be_quoted() -> None:
    assert loaded(sound().replace("2023-04-01", '"2023-04-01"')).sources["water_law"].in_force_from == date(2023, 4, 1)


def test_sections_may_stand_in_another_order_and_some_may_be_left_out() -> None:
    text = sound()
    sources, parameters, facts = (text.index(f"\n{name}:\n") for name in ("sources", "parameters", "facts"))
    moved = text[:sources] + text[parameters:facts] + text[sources:parameters] + text[facts:]
    assert loaded(moved).parameters == loaded(text).parameters
    cases, bylaws = text.index("\ncases:\n"), text.index("\nbylaws:\n")
    assert (loaded(text[:bylaws]).cases, loaded(text[:cases]).bylaws["tie"]) == ((), "chair")
    assert loaded(text[:bylaws]).bylaws == {}


def test_the_default_rules_have_no_fault() -> None:
    assert load(RULES.read_bytes()).faults == ()


def test_a_number_in_an_expression_may_be_larger_than_any_fact() -> None:
    condition = 'listed && kind == "listed"'
    assert sound().count(condition) == 1
    loaded(sound().replace(condition, f"{condition} && 1{'0' * 21} > distance_km"))


@pytest.mark.parametrize(("factors", "codes"), [(2, []), (3, ["figure_too_long"])])
@pytest.mark.parametrize("where", ["derived", "criteria"])
def test_a_figure_of_a_report_has_a_most_of_digits(where: str, factors: int, codes: list[str]) -> None:
    power = " * ".join(["much"] * factors)
    figures = {"share": "jobs / jobs", "much": " * ".join(["share"] * 124)}
    if where == "derived":
        figures["power"] = power
    lines = [f"  {name}: {{value: {value}, label: {{zh: 比, en: Share}}}}\n" for name, value in figures.items()]
    text = sound().replace("\nderived:\n", "\nderived:\n" + "".join(lines))
    if where == "criteria":
        text = text.replace("    value: intensity\n", f"    value: {power}\n")
    assert [fault.code for fault in load(text.encode()).faults] == codes


def test_figures_may_be_added_up_one_after_the_other_as_often_as_a_file_holds_them() -> None:
    entry = "  d{}: {{value: d{} + jobs, unit: 人, label: {{zh: 甲, en: A}}}}\n"
    chain = "".join(entry.format(at, at + 1) for at in range(900))
    last = "  d900: {value: jobs, unit: 人, label: {zh: 甲, en: A}}\n"
    assert not load(sound().replace("\nderived:\n", f"\nderived:\n{chain}{last}").encode()).faults
