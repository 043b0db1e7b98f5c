"""What the first page of a case shows: what comes next, how it was assessed, its clock, and what happened to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from service.actions import applications
from service.actions.applications import Entry
from service.core.cases.calendar import NoCalendarError
from service.core.cases.clock import Clock
from service.core.people import Permission
from service.core.values import number_text
from service.db.applications import ApplicationRow
from service.web.api.sheets.saying import category_label
from service.web.ui.case_around import Way, address, returned, scorecard, takes_papers, ways
from service.web.ui.case_meeting import side
from service.web.ui.case_waived import told
from service.web.ui.scorecard import Said, Scorecard
from service.web.ui.voice import Voice
from service.work import Work

# The order gates are read in: what decides first.
_STATES: Final = ("fail", "unknown", "pass", "not_applicable")
_OPEN: Final = frozenset({"fail", "unknown"})


@dataclass(frozen=True, slots=True)
class Judged:
    """How a gate stands by one assessment."""

    label: str
    state: str
    waived: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate: how it stands, what is said of it, what it read, and what it rests on.

    ``place`` is ``open`` for what decides, ``unbacked`` for what only lacks evidence, ``closed`` for all else.
    """

    label: str
    level: str
    judged: tuple[Judged, ...]
    said: tuple[Said, ...]
    reads: str
    cites: str
    place: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not known, and what hangs on it."""

    label: str
    weight: str
    gates: str


@dataclass(frozen=True, slots=True)
class Planned:
    """Something to be done: what, where it stands and where it must get to, and by when."""

    text: str
    now: str
    target: str
    due: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one assessment came to."""

    label: str
    outcome: str
    total: str
    completeness: str
    category: str
    best: str
    worst: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessed:
    """The latest assessment, drawn and in words."""

    edition: str
    card: Scorecard
    results: tuple[Result, ...]
    gates: tuple[Gate, ...]
    missing: tuple[Missing, ...]
    planned: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline."""

    entry: Entry
    label: str
    reason: str | None


def sheet(work: Work, row: ApplicationRow, voice: Voice) -> Mapping[str, object]:
    """Give all that the page shows beside the case itself."""
    card = scorecard(work, row, voice)
    moves, story = applications.case(work, row).moves, applications.timeline(work, row.id)
    return {
        "next": voice.say(f"next.{row.state}"),
        "hint": voice.say("case.hint_papers") if takes_papers(work, row) and row.versions else "",
        "returned": returned(work, row),
        "ways": [*_letter(row, story, voice), *ways(work, row, moves, voice)],
        "side": side(work, row, voice),
        "waived": [one for one in told(work, row, voice) if one.waiver.in_force],
        "clock": _clock(work, row),
        "assessed": None if card is None else assessed(card),
        "has_bundle": work.actor.may(Permission.READ_BUNDLES),
        "happened": [_happened(entry, voice) for entry in reversed(story)],
    }


def _letter(row: ApplicationRow, story: Sequence[Entry], voice: Voice) -> Iterator[Way]:
    if any(entry.type == "decision.recorded" for entry in story):
        yield Way("letter", voice.say("case.letter"), address(row, "letter"))


def _clock(work: Work, row: ApplicationRow) -> Clock | None:
    try:
        return applications.clock(work, row.id)
    except NoCalendarError:
        return None


def assessed(card: Scorecard) -> Assessed:
    """Say what a scorecard comes to; what is unknown and planned, as it was declared."""
    report = card.sides[0].report
    rulebook, voice = card.rulebook, card.voice
    return Assessed(
        edition=voice.say("edition", title=voice.label(rulebook.title), edition=rulebook.edition),
        card=card,
        results=tuple(_result(card, card.side(side.kind), side.report) for side in card.sides),
        gates=tuple(_gates(card)),
        missing=tuple(_missing(card, fact) for fact in report["unknown"]),
        planned=tuple(planned(card, item) for item in report["action_plan"]),
    )


def _result(card: Scorecard, label: str, report: Any) -> Result:  # noqa: ANN401 - a report
    voice, category = card.voice, report["category"]
    named = voice.text(category_label(card.rulebook, category["id"], voice))
    return Result(
        label=label,
        outcome=report["outcome"],
        total=voice.figure(report["score"]["total"]),
        completeness=number_text(report["score"]["completeness"]) + "%",
        category=voice.say("provisional", label=named) if category["provisional"] else named,
        best=report["best_possible"],
        worst=report["worst_possible"],
        reasons=tuple(reason["because"] for reason in report["reasons"]),
    )


def _gates(card: Scorecard) -> list[Gate]:
    """Give the gates, what decides first."""
    reports = [(card.side(side.kind), side.report["gates"]) for side in card.sides]
    unknown = {one["fact"] for one in card.sides[0].report["unknown"]}
    found = []
    for at, rule in enumerate(card.rulebook.gates):
        told = [(label, gates[at]) for label, gates in reports]
        judged = tuple(Judged(label, gate["state"], gate.get("waived", False)) for label, gate in told)
        said = tuple(Said(label, gate["because"]) for label, gate in told)
        reads = _reads(card, told[0][1]["reads"], unknown)
        label = card.voice.label(rule.label)
        found.append(Gate(label, rule.level.value, judged, _once(said), reads, card.cited(rule.cite), _place(judged)))
    return sorted(found, key=lambda gate: min(_STATES.index(one.state) for one in gate.judged))


def _place(judged: tuple[Judged, ...]) -> str:
    declared, *verified = (one.state for one in judged)
    if declared in _OPEN or "fail" in verified:
        return "open"
    return "unbacked" if "unknown" in verified else "closed"


def _once(said: tuple[Said, ...]) -> tuple[Said, ...]:
    return said[:1] if len({one.because for one in said}) == 1 else said


def _reads(card: Scorecard, values: Mapping[str, Any], unknown: set[str]) -> str:
    """Say every fact that a gate read; nothing of one that read none."""
    wording = card.wording
    if not values:
        return ""
    said = []
    for name, value in values.items():
        label = wording.label(card.rulebook.facts[name].label)
        if value is None:
            said.append(wording.say("read_missing" if name in unknown else "read_not_asked", label=label, id=name))
        else:
            said.append(wording.say("read", label=label, id=name, value=wording.known(name, value)))
    told = wording.say("reads", facts=wording.words["enumeration"].join(said))
    return told[:1].upper() + told[1:]


def _missing(card: Scorecard, told: Mapping[str, Any]) -> Missing:
    labels = {gate.id: card.voice.label(gate.label) for gate in card.rulebook.gates}
    waiting = [labels[gate] for gate in told["gates"]]
    label = card.voice.label(card.rulebook.facts[told["fact"]].label)
    return Missing(label, number_text(told["weight_at_stake"]), card.voice.joined(waiting))


def planned(card: Scorecard, told: Mapping[str, Any]) -> Planned:
    """Say an entry of the action plan of a report."""
    words, none = card.wording.words, card.say("none")
    due = words.get(f"due_{told['due']}", told["due"])
    if "text" in told:
        return Planned(told["text"], none, none, due)
    rule = next(one for one in card.rulebook.criteria if one.id == told["id"])
    now, target = (_measured(card, rule.id, told[name]) for name in ("now", "target"))
    return Planned(card.say("plan.improve", label=card.voice.label(rule.label)), now, target, due)


def _measured(card: Scorecard, name: str, value: Decimal | str | None) -> str:
    if value is None:
        return card.say("none")
    rule = next(one for one in card.rulebook.criteria if one.id == name)
    return card.wording.criterion_value(rule, value)


def _happened(entry: Entry, voice: Voice) -> Happened:
    reason = entry.data.get("reason")
    return Happened(entry, voice.known(entry.type, entry.type), reason if isinstance(reason, str) else None)
