"""What a pre-check says, laid out for the panel beside the form: where it stands, why, and what is still open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from markupsafe import Markup

from service.actions.assessments import PreCheck
from service.core.rules.model import Citation, Rulebook
from service.core.values import read_json
from service.tables.hints import Hints
from service.web.api.sheets.saying import category_label
from service.web.ui import charts
from service.web.ui.voice import Voice

# The order gates and criteria are read in: what decides first.
_GATES: Final = ("fail", "unknown", "pass", "not_applicable")
_CRITERIA: Final = ("known", "unknown", "not_applicable")
_REACHED: Final = ("approve", "conditional", "defer")
# So many unknown facts are told at once.
_MOST_OPEN: Final = 8


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with its clauses, and the state or score it is about."""

    state: str
    because: str
    cites: str
    waived: bool = False
    score: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """A fact that is not known: its field, what it is called, the weight and the gates that hang on it."""

    name: str
    label: str
    weight: str
    gates: int


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension with its score."""

    label: str
    score: str
    weight: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A pre-check in words."""

    outcome: str
    best: str
    worst: str
    total: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    completeness: str
    range: Markup
    category: str | None
    edition: str
    reasons: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    gates: tuple[Told, ...]
    criteria: tuple[Told, ...]
    open: tuple[Open, ...]
    more: int
    due: tuple[Open, ...]


def panel(found: PreCheck, voice: Voice) -> Panel:
    """Lay a pre-check out."""
    rulebook, report = found.engine.rulebook, _read(found.report)
    score, unknown = report["score"], report["unknown"]
    return Panel(
        outcome=report["outcome"],
        best=report["best_possible"],
        worst=report["worst_possible"],
        total=score["total"],
        lowest=score["lowest"],
        highest=score["highest"],
        completeness=voice.plain(score["completeness"]),
        range=_range(rulebook, score, voice) if score["total"] is not None else Markup(),
        category=category_label(rulebook, report["category"]["id"], voice),
        edition=voice.say("edition", title=voice.label(rulebook.title), edition=rulebook.edition),
        reasons=tuple(one["because"] for one in report["reasons"] if "gate" not in one),
        dimensions=tuple(_dimensions(rulebook, score["dimensions"], voice)),
        gates=tuple(_told(rulebook, report["gates"], _GATES, voice)),
        criteria=tuple(_told(rulebook, report["criteria"], _CRITERIA, voice)),
        open=tuple(_open(rulebook, one, voice) for one in unknown[:_MOST_OPEN]),
        more=max(0, len(unknown) - _MOST_OPEN),
        due=tuple(_open(rulebook, one, voice) for one in _in_order(rulebook, unknown)),
    )


def _range(rulebook: Rulebook, score: Mapping[str, Any], voice: Voice) -> Markup:
    """Draw where the total stands, between what it may come to, and what is to be reached."""
    decision, names = rulebook.decision, ("total", "lowest", "highest")
    limits = [
        charts.Limit(voice.words[f"outcome_{name}"], mark.total)
        for name, mark in (
            ("approve", decision.approve),
            ("conditional", decision.conditional),
            ("defer", decision.defer),
        )
    ]
    said = {name: voice.figure(score[name]) for name in names}
    rows = [
        (voice.words["precheck.total_label"], said["total"]),
        *((voice.words[f"precheck.{name}"], said[name]) for name in names[1:]),
        *((voice.say("precheck.limit", outcome=limit.label), voice.figure(limit.score)) for limit in limits),
    ]
    told = charts.Told(
        id="range",
        title=voice.words["precheck.range"],
        description=voice.say("precheck.range_said", **said),
        table=voice.words["precheck.range_table"],
        columns=(voice.words["precheck.figure"], voice.words["case.score"]),
        rows=tuple(rows),
    )
    drawn = (score["total"], score["lowest"], score["highest"], score["known_only"])
    label, text = voice.words["precheck.total_label"], voice.say("precheck.span", **said)
    return charts.interval(told, [charts.Total(charts.Kind.DECLARED, label, text, *drawn)], limits)


def _read(report: str) -> Any:  # noqa: ANN401 - a report is as its section of the design says
    return read_json(report)


def _told(
    rulebook: Rulebook, rules: Sequence[Mapping[str, Any]], states: Sequence[str], voice: Voice
) -> Iterator[Told]:
    hints = Hints(rulebook, voice.language)
    for one in sorted(rules, key=lambda rule: states.index(rule["state"])):
        cites = tuple(Citation(each["source"], each.get("article")) for each in one["cite"])
        score = voice.figure(one["score"]) if one.get("score") is not None else voice.words["none"]
        yield Told(one["state"], one["because"], hints.cites(cites), one.get("waived", False), score)


def _dimensions(rulebook: Rulebook, told: Mapping[str, Any], voice: Voice) -> Iterator[Dimension]:
    for name, dimension in rulebook.dimensions.items():
        found = told[name]
        yield Dimension(voice.label(dimension.label), voice.figure(found["score"]), voice.plain(found["weight"]))


def _in_order(rulebook: Rulebook, unknown: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Go through the unknown facts that are required, in the order of the form."""
    found = {one["fact"]: one for one in unknown}
    return (found[fact.id] for fact in rulebook.facts.values() if fact.required and fact.id in found)


def _open(rulebook: Rulebook, one: Mapping[str, Any], voice: Voice) -> Open:
    fact = rulebook.facts[one["fact"]]
    return Open(f"facts-{fact.id}", voice.label(fact.label), voice.plain(one["weight_at_stake"]), len(one["gates"]))
