"""Small rulebooks for tests: only what a test is about is written, the rest is filled in."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from service.core.rules.assess import assess
from service.core.rules.assessment import Assessment, CriterionResult, GateResult
from service.core.rules.facts import read
from service.core.rules.load import load
from service.core.rules.model import Rulebook
from service.core.values import Json, read_json, write_json

# What JSON and YAML hold, with numbers as whole numbers or decimals.
Plain: TypeAlias = Any
Entry: TypeAlias = Mapping[str, Plain]

NUMBER: Entry = {"type": "number"}
INTEGER: Entry = {"type": "integer"}
BOOLEAN: Entry = {"type": "boolean"}
TEXT: Entry = {"type": "text"}
DATE: Entry = {"type": "date"}
HUNDRED: Entry = {"points": [[0, 0], [100, 100]]}

_HEAD = """
rulebook:
  id: small
  edition: "1"
  format: 1
  title: {zh: 小规则, en: Small rules}
  in_force_from: 2026-01-01
  profile: null
sources:
  law: {title: {zh: 法, en: Law}, level: law, in_force_from: null, in_force_until: null, confirmed: true}
  zone: {title: {zh: 办法, en: Rule}, level: zone_policy, in_force_from: null, in_force_until: null, confirmed: true}
profiles: {}
bylaws: {}
cases: []
"""
_DECISION: Entry = {
    "decimals": 2,
    "approve": {"total": 75, "each_dimension": 60},
    "conditional": {"total": 60, "each_dimension": 50},
    "defer": {"total": 45, "each_dimension": 30},
    "completeness": {"at_least": 90, "otherwise": "defer"},
}


def choice(*choices: str) -> Entry:
    """A choice fact; the Chinese label of ``new`` is ``new一``, the English one ``New``."""
    return {"type": "choice", "choices": {name: {"zh": f"{name}一", "en": name.capitalize()} for name in choices}}


def book(**sections: Plain) -> Rulebook:
    """Write and load a rulebook: any of the sections parameters, facts, … in the shape of the file, less the labels."""
    written = {
        "parameters": _named(sections.pop("parameters", {}), cite=[{"source": "zone"}]),
        "facts": {name: _fact(name, fact) for name, fact in sections.pop("facts", {}).items()},
        "derived": _named(sections.pop("derived", {})),
        "gates": _listed(sections.pop("gates", ()), on_fail="reject", curable=False, cite=[{"source": "law"}]),
        "categories": _listed(sections.pop("categories", [{"id": "all", "otherwise": True}])),
        "dimensions": _named(sections.pop("dimensions", {"only": {"weight": 100}})),
        "criteria": _listed(sections.pop("criteria", ()), dimension="only", weight=1, cite=[{"source": "zone"}]),
        "decision": {**_DECISION, **sections.pop("decision", {})},
        "action_plan": _plan(**sections.pop("action_plan", {})),
    }
    assert not sections
    loaded = load((_HEAD + "\n".join(f"{key}: {write_json(_json(given))}" for key, given in written.items())).encode())
    assert loaded.rulebook is not None, loaded.faults
    return loaded.rulebook


def given(**facts: Plain) -> dict[str, Json]:
    """Raw facts, as JSON gives them; ``given(water=5)`` is ``{"water": Decimal(5)}``."""
    found = read_json(write_json(_json(facts)))
    assert isinstance(found, dict)
    return found


def assessed(rulebook: Rulebook, **facts: Plain) -> Assessment:
    """Read and assess facts."""
    return assess(rulebook, read(rulebook, given(**facts)))


def told(thing: object, *names: str) -> list[Plain]:
    """Give some of what a result tells, to be compared with plain values."""
    return [getattr(thing, name) for name in names]


def gate(assessment: Assessment, name: str) -> GateResult:
    """The gate of that name."""
    return next(gate for gate in assessment.gates if gate.rule.id == name)


def criterion(assessment: Assessment, name: str) -> CriterionResult:
    """The criterion of that name."""
    return next(criterion for criterion in assessment.criteria if criterion.rule.id == name)


def _label(name: str) -> Entry:
    return {"label": {"zh": f"{name}甲", "en": name.replace("_", " ").capitalize()}}


def _named(entries: Mapping[str, Entry], **default: Plain) -> Entry:
    return {name: {**_label(name), **default, **entry} for name, entry in entries.items()}


def _listed(entries: Sequence[Entry], **default: Plain) -> Sequence[Entry]:
    return [{**_label(entry["id"]), **default, **entry} for entry in entries]


def _fact(name: str, fact: Entry) -> Entry:
    of = {"of": _named(fact["of"])} if "of" in fact else {}
    return {**_label(name), "group": "all", **fact, **of}


def _plan(below: int = 60, always: Sequence[Entry] = ()) -> Entry:
    texts = [{"text": {"zh": f"{one['id']}事", "en": one["id"]}, "due": "before_signing", **one} for one in always]
    return {"below": below, "always": texts}


def _json(value: Plain) -> Plain:
    if isinstance(value, Mapping):
        return {name: _json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value
