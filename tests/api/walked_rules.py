"""Rules for walks, and a reading of them that shares nothing with the service: what a case comes to, gate by gate.

Of the gates of law one is failed by what is declared, one is open where a fact is left out, and one is silent where a
fact is not known, so that it holds for whoever shows no paper. A fourth gate is the zone's, and may be waived.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from service.core.rules.model import Grade, Outcome
from tests import make

_FACTS: Final = """
  emission:
    type: number
    unit: t/a
    min: 0
    group: figures
    label: {zh: 排放, en: Emission}
    required: true
    evidence: document
  outfall:
    type: number
    unit: m
    min: 0
    group: figures
    label: {zh: 排口距离, en: Distance of the outfall}
    evidence: third_party
  hazard:
    type: choice
    choices: {none: {zh: 无, en: None}, listed: {zh: 列管, en: Listed}}
    group: figures
    label: {zh: 危害, en: Hazard}
derived: {}
gates:
  - id: too_dirty
    label: {zh: 排放超标, en: Too dirty}
    fails_when: emission > 100
    on_fail: reject
    curable: false
    cite: [{source: law, article: "1"}]
  - id: too_near
    label: {zh: 排口过近, en: Too near}
    fails_when: present(outfall) && outfall < 100
    on_fail: reject
    curable: false
    cite: [{source: law, article: "2"}]
  - id: hazardous
    label: {zh: 列管物质, en: Hazardous}
    fails_when: hazard == "listed"
    on_fail: defer
    curable: false
    cite: [{source: law, article: "3"}]
"""
ZONE_GATE: Final = "too_thirsty"
GATES: Final = ("too_thirsty", "too_dirty", "hazardous", "too_near", "no_such_gate")

NEEDS: Final[Mapping[str, Grade]] = {
    "emission": Grade.DOCUMENT,
    "water": Grade.DOCUMENT,
    "outfall": Grade.THIRD_PARTY,
}

# Facts of each kind of case: changes of those that nothing is wrong with.
KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "weak": {"output": 65},
    "sound": {},
    "weaker": {"output": 62},
    "poor": {"output": 50},
    "thirsty": {"water": 200_000},
    "dirty": {"emission": 500},
    "silent": {"hazard": None},
    "near": {"outfall": 50},
    "listed": {"hazard": "listed"},
}


def rules() -> bytes:
    """The small rulebook with these facts and gates."""
    small = make.zone_edition("9", "2026-09-01").decode()
    more = small.replace("derived: {}\ngates:\n", _FACTS.lstrip("\n"))
    papered = more.replace("en: Water}\n    required", "en: Water}\n    evidence: document\n    required")
    assert papered.count("evidence:") == len(NEEDS)
    return papered.encode()


def facts(kind: str) -> dict[str, Any]:
    """The facts of a kind of case."""
    found: dict[str, Any] = {**make.facts(), "emission": 5, "hazard": "none", **KINDS[kind]}
    return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class Standing:
    """What a case comes to, whether a gate keeps it out, and the gates of law that are failed or not shown to hold."""

    outcome: Outcome
    is_kept_out: bool
    failed: frozenset[str]
    unknown: frozenset[str]


def standing(given: Mapping[str, Any], waived: Collection[str]) -> Standing:
    """Judge facts by these rules the way one would on paper. A missing fact is not known."""
    emission, water, outfall, hazard = (_figure(given.get(name)) for name in ("emission", "water", "outfall", "hazard"))
    failed = {
        "too_dirty": emission is not None and emission > 100,
        "too_near": outfall is not None and outfall < 100,
        "hazardous": hazard == "listed",
        ZONE_GATE: water is not None and water > 100_000,
    }
    unknown = {"too_dirty": emission is None, "hazardous": hazard is None, ZONE_GATE: water is None}
    on_fail = {"hazardous": Outcome.DEFER}
    counting = {gate for gate in failed if gate != ZONE_GATE or gate not in waived}
    limits = [
        _by_score(Decimal(given["output"])),
        Outcome.APPROVE if water is not None and water < 1000 else Outcome.CONDITIONAL,
        *(on_fail.get(gate, Outcome.REJECT) for gate in counting if failed[gate]),
        *(Outcome.DEFER for gate in counting if unknown.get(gate)),
    ]
    law = set(failed) - {ZONE_GATE}
    return Standing(
        max(limits, key=list(Outcome).index),
        any(failed[gate] for gate in counting),
        frozenset(gate for gate in law if failed[gate]),
        frozenset(gate for gate in law if unknown.get(gate)),
    )


def _by_score(total: Decimal) -> Outcome:
    marks = ((75, Outcome.APPROVE), (60, Outcome.CONDITIONAL), (45, Outcome.DEFER))
    return next((outcome for mark, outcome in marks if total >= mark), Outcome.REJECT)


def _figure(value: Any) -> Any:  # noqa: ANN401 - a figure or a choice
    return value if value is None or isinstance(value, str) else Decimal(value)
