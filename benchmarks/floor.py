"""The default rules written by hand in Python, with floats: the least that deciding costs.

It says what the engine says on the twelve examples (``assess.py`` compares them before it measures). It is fast because
it gives up what the engine is for: exact decimals, words, reasons, ranges, most unknown answers, and a rulebook that
can be changed. Derived figures are rounded where the rules round them; without that a published score is off by 0.01.
"""
# ruff: noqa: PLR2004 - written by hand, with its thresholds where they are used

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any, TypeAlias

Points: TypeAlias = Sequence[tuple[float, float]]

SERVICES = ("01", "02", "03", "04", "05", "47", "48", "49", "5", "6", "7", "8", "9")
CHEMICAL = ("25", "26")
NOT_CHEMICAL = ("2524", "254", "2625")
TWO_HIGH = (
    *("2511", "2521", "2523", "2612", "2613", "2614", "2621", "3011", "3012", "3033", "3041", "3071", "311", "312"),
    *("313", "314", "3216", "4411", "4412"),
)
UNFAIR = frozenset(
    {"tax_refund", "registration_move", "pay_tax_locally", "local_statistics", "land_price_refund", "fee_waiver"}
)
CLEAN = {"level_1": 100.0, "level_2": 70.0, "level_3": 30.0, "none": 0.0}
FIT = {"chain_core": 100.0, "lead": 80.0, "support": 60.0, "encouraged": 40.0, "other": 20.0}
TECH = {
    "national_hnte": 100.0,
    "little_giant": 100.0,
    "prov_srdi": 70.0,
    "tech_sme": 70.0,
    "commit_2y": 40.0,
    "none": 0.0,
}
DISTANCE: Points = ((0.5, 0), (1, 30), (3, 70), (5, 100))
WATER: Points = ((8, 100), (13.9, 75), (24.1, 30), (30, 0))
RECLAIMED: Points = ((0, 0), (30, 70), (50, 100))
REUSE: Points = ((60, 0), (85, 50), (94, 90), (97, 100))
ENERGY: Points = ((0.15, 100), (0.37, 80), (0.8, 40), (1.5, 0))
CARBON: Points = ((0.5, 100), (1.5, 70), (3, 30), (5, 0))
GREEN: Points = ((0, 0), (30, 60), (60, 100))
POLLUTANTS: Points = ((0.1, 100), (0.2, 80), (0.8, 40), (2, 0))
WASTE: Points = ((60, 0), (80, 50), (98, 100))
RESEARCH: Points = ((0, 0), (1, 70), (1.5, 100))
INVESTMENT: Points = ((150, 0), (250, 50), (300, 70), (450, 100))
TAX: Points = ((5, 0), (10, 30), (20, 70), (30, 100))
OUTPUT: Points = ((40, 0), (135, 80), (200, 100))
COVER: Points = ((1, 0), (2, 60), (3, 85), (4, 100))
LABOUR: Points = ((10, 0), (18, 70), (30, 100))
FUNDS: Points = ((20, 0), (40, 70), (60, 100))
MONTHS: Points = ((12, 100), (24, 60), (36, 0))

NEW = frozenset({"new", "expand", "relocate"})
REACHES = frozenset({"main_stem", "important_tributary"})
CHEMICAL_PARKS = frozenset({"chem_park", "chem_monitor_site"})
SEVERITY = {"approve": 0, "conditional": 1, "defer": 2, "reject": 3}
# A score of None is unknown and counts 0; a criterion that does not apply is not there.
Weighted: TypeAlias = list[tuple[float, float | None]]


def between(points: Points, value: float | None) -> float | None:
    """Interpolate, flat outside."""
    if value is None:
        return None
    left, low = points[0]
    if value <= left:
        return low
    for right, high in points:
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
        left, low = right, high
    return low


def over(above: float | None, below: float | None, decimals: int) -> float | None:
    """Divide and round; unknown over nothing."""
    return None if above is None or not below else round(above / below, decimals)


def average(weighted: Weighted) -> float:
    """Average by weight; what is unknown counts 0."""
    total = weights = 0.0
    for weight, score in weighted:
        weights += weight
        if score is not None:
            total += weight * score
    return total / weights


def rounded(figure: float) -> float:
    """Round half up to two decimals, as far as floats can."""
    return floor(figure * 100 + 0.5 + 1e-9) / 100


def mark(total: float, lowest: float) -> str:
    """Say what the published figures alone give."""
    if total >= 75 and lowest >= 60:
        return "approve"
    if total >= 60 and lowest >= 50:
        return "conditional"
    return "defer" if total >= 45 and lowest >= 30 else "reject"


def decide(facts: Mapping[str, Any]) -> tuple[str, tuple[str, ...], str, float, float, float, float]:  # noqa: C901, PLR0912, PLR0915 - one sheet, like the rules
    """Give outcome, states of the gates, category, total, ecology, quality and completeness."""
    code, nature, get = facts["industry_code"], facts["nature"], facts.get
    builds = nature in NEW
    services = code != "6450" and code.startswith(SERVICES)
    by_code = code.startswith(CHEMICAL) and not code.startswith(NOT_CHEMICAL)
    chemical = facts["chemical_process"] or (by_code and not facts["blending_only"])
    two_high = facts["is_two_high"]

    distance, source = get("shoreline_distance_km"), get("distance_source")
    error = 0.0
    if source not in ("official", "survey"):
        datum = facts["coord_datum"]
        error = 7.0 if source == "polyline" else 0.0
        error += 1.4 if datum == "bd09" else 0.7 if datum in ("gcj02", "unknown") else 0.0
    least = None if distance is None else max(round(distance - error, 3), 0.0)
    settled = None
    if distance is not None and (distance + error < 1.0 or distance - error >= 1.0):
        settled = distance

    power: float | None = get("electricity_mwh")
    gas, coal, heat = get("gas_10k_m3"), get("coal_t"), get("heat_gj")
    output, fresh, reclaimed = facts["value_added_10k"], facts["fresh_water_m3"], get("reclaimed_m3")
    energy = carbon = pollutants = None
    if power is not None and gas is not None and coal is not None and heat is not None:
        energy = round(power * 0.1229 + gas * 12.143 + coal * 0.7143 + heat * 0.03412, 4)
        green: float | None = get("green_power_share_pct")
        if not power or green is not None:
            electric = power * (1 - green / 100) * 0.5366 if power and green is not None else 0.0
            carbon = round(electric + gas * 21.62 + coal * 1.9003 + heat * 0.11, 4)
    emitted: Sequence[Any] = (get("cod_kg"), get("nh3n_kg"), get("so2_kg"), get("nox_kg"), get("vocs_kg"))
    if None not in emitted:
        pollutants = round(sum(emitted), 3)

    if facts["land_basis"] == "leased":
        land = round(facts["floor_area_m2"] / (facts["plot_ratio"] * 666.67), 2)
    else:
        land = facts["land_mu"]
    revenue = facts["revenue_10k"]
    asked = 5 if revenue <= 5000 else 4 if revenue <= 20000 else 3
    given, tax = facts["incentives"], get("tax_5y_10k")
    incentives = sum(item["amount_10k"] for item in given if item["year"] <= 5)
    unfair = any(item["basis"] == "none" or item["condition"] in UNFAIR for item in given)

    zone, park = facts["in_shoreline_control_zone"], facts["park_type"]
    water = get("water_overload_status")
    states = (
        "fail"
        if (facts["in_ecological_redline"] and not facts["redline_activity_allowed"])
        or (facts["on_permanent_farmland"] and not facts["farmland_approved"])
        else "pass",
        ("fail" if zone or (settled is not None and settled < 1.0) else "pass" if settled is not None else "unknown")
        if chemical and builds
        else "not_applicable",
        (
            "fail"
            if zone
            and facts["shoreline_reach"] in REACHES
            and not (nature == "rebuild" and facts["purpose_safety_eco"])
            else "pass"
        )
        if facts["is_tailings_pond"] and (builds or nature == "rebuild")
        else "not_applicable",
        "fail"
        if (facts["in_river_management_area"] and facts["obstructs_flood_passage"])
        or facts["in_floodplain"]
        or facts["on_reserve_course"]
        or (facts["drinking_water_zone"] == "level_1" and not facts["serves_water_supply"])
        or (facts["drinking_water_zone"] == "level_2" and facts["discharges_pollutants"])
        else "pass",
        "fail"
        if facts["catalogue_class"] == "eliminated"
        or (facts["catalogue_class"] == "restricted" and builds)
        or (facts["efficiency_listed"] and builds and not facts["efficiency_benchmark_met"])
        or (chemical and builds and park not in CHEMICAL_PARKS)
        else "pass",
        "fail"
        if facts["market_prohibited"] or (facts["is_foreign_invested"] and facts["foreign_prohibited"])
        else "pass",
        "fail" if facts["water_negative_listed"] else "pass",
        ("fail" if facts["new_abstraction_m3"] > 0 and not facts["water_right_transfer"] else "pass")
        if water == "overloaded"
        else "not_applicable",
        ("fail" if facts["water_quota_ratio"] > 1.0 else "pass") if facts["water_quota_applies"] else "not_applicable",
        ("fail" if park == "none" or facts["park_rectifying"] else "pass")
        if builds and not services and code != "6450"
        else "not_applicable",
        (
            "fail"
            if (two_high and not facts["substitution_confirmed"])
            or (chemical and builds and facts["is_hazardous_chemical"] and facts["fai_10k"] < 30000)
            else "pass"
        )
        if two_high or (chemical and facts["is_hazardous_chemical"])
        else "not_applicable",
        ("fail" if not tax or round(incentives / tax, 4) > 1.0 else "pass") if incentives > 0 else "not_applicable",
        "fail" if unfair else "pass",
    )

    if (
        chemical
        or two_high
        or code.startswith(TWO_HIGH)
        or energy is None
        or energy >= 10000
        or fresh >= 500000
        or least is None
        or least < 1.0
    ):
        category = "A"
    elif (
        energy >= 1000
        or coal is None
        or coal >= 1000
        or code.startswith(("27", "38"))
        or pollutants is None
        or pollutants >= 5000
        or least < 5
    ):
        category = "B"
    else:
        category = "C"

    ecology: Weighted = [
        (4, between(DISTANCE, least)),
        (9, between(WATER, over(fresh, output, 4))),
        (8, between(ENERGY, over(energy, output, 6))),
        (5, between(CARBON, over(carbon, output, 6))),
        (6, between(POLLUTANTS, over(pollutants, output, 6))),
    ]
    if reclaimed is None or fresh + reclaimed > 0:
        share = None if reclaimed is None else round(reclaimed / (fresh + reclaimed) * 100, 4)
        ecology.append((5, between(RECLAIMED, share)))
        if not services:
            ecology.append((4, between(REUSE, get("water_reuse_rate_pct"))))
    if power is None or power > 0:
        ecology.append((3, between(GREEN, get("green_power_share_pct"))))
    waste = get("solid_waste_t")
    if waste is None or waste > 0:
        ecology.append((3, between(WASTE, get("solid_waste_utilisation_pct"))))
    if not services:
        ecology.append((3, CLEAN.get(get("clean_production_level"))))  # type: ignore[arg-type] # None is not there
    quality: Weighted = [
        (7, FIT[facts["industry_fit"]]),
        (7, between(RESEARCH, round(facts["rd_intensity_pct"] / asked, 4))),
        (5, TECH[facts["tech_status"]]),
        (6, between(INVESTMENT, round(facts["fai_10k"] / land, 4))),
        (8, between(TAX, round(facts["tax_10k"] / land, 4))),
        (3, between(OUTPUT, round(output / land, 4))),
        (5, between(COVER, over(tax, incentives, 4) if incentives > 0 else 4.0)),
        (3, between(LABOUR, over(output, facts["employees"], 4))),
        (3, between(FUNDS, facts["own_funds_share_pct"])),
        (3, between(MONTHS, facts["months_to_production"])),
    ]
    green_score, rich_score = average(ecology), average(quality)
    weights = known = 0.0
    for weighted in (ecology, quality):
        for weight, score in weighted:
            weights += weight
            if score is not None:
                known += weight
    first, second = rounded(green_score), rounded(rich_score)
    total, completeness = rounded((green_score + rich_score) / 2), rounded(100 * known / weights)

    outcome = mark(total, min(first, second))
    if completeness < 90:
        outcome = "defer"
    elif category == "A" and outcome == "approve":
        outcome = "conditional"
    for state, on_fail in zip(states, ON_FAIL, strict=True):
        if state == "fail" and SEVERITY[on_fail] > SEVERITY[outcome]:
            outcome = on_fail
        elif state == "unknown" and SEVERITY[outcome] < SEVERITY["defer"]:
            outcome = "defer"
    return outcome, states, category, total, first, second, completeness


ON_FAIL = ("reject",) * 7 + ("defer",) * 4 + ("reject", "defer")
