"""An assessment worked out a second time, the slow and plain way, from the text of the design alone.

Given a ``Book`` and raw facts (as JSON gave them), ``assess`` answers with the object of section 8 as plain data
without its sentences. Numbers are fractions. Gates of the ids ``waived`` are shown as they are and count for nothing,
unless they are of law.
"""

from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from tests.second_reading import plan, scoring, spelling, units
from tests.second_reading.language import Plain
from tests.second_reading.meaning import to_decimals
from tests.second_reading.reading import Book
from tests.second_reading.scoring import OUTCOMES, Scored
from tests.second_reading.state import State, shown

Row = dict[str, Plain]


def assess(book: Book, raw: Mapping[str, Plain], waived: Container[str] = ()) -> Row:
    """Assess facts under a rulebook."""
    state = State(book, raw)
    gates = [_marked(_gate(state, gate), waived) for gate in book.data.get("gates") or []]
    scored = [scoring.scored(state, criterion) for criterion in book.data["criteria"]]
    decided = _decided(state, [gate for gate in gates if "waived" not in gate], scored)
    return {
        "rulebook": {
            "id": book.data["rulebook"]["id"],
            "edition": book.data["rulebook"]["edition"],
            "sha256": sha256(book.source).hexdigest(),
        },
        "facts_sha256": sha256(spelling.canonical(state.given).encode()).hexdigest(),
        **decided,
        "gates": gates,
        "criteria": _criteria(state, scored),
        "unknown": _unknown(state, gates, scored),
        "derived": {name: state.figure(name) for name in book.section("derived")},
        "action_plan": plan.conditions(state, scored, decided["category"]["id"]),
    }


def _decided(state: State, gates: list[Row], scored: list[Scored]) -> Row:
    category, possible = _categories(state)
    score = scoring.score(state.book, scored)
    reasons = _reasons(state.book, gates, category, score)
    best, worst = _range(state.book, gates, possible, scored)
    return {
        "outcome": _worst([reason["outcome"] for reason in reasons]),
        "best_possible": best,
        "worst_possible": worst,
        "category": {"id": category["id"], "provisional": category is not possible[-1]},
        "reasons": reasons,
        "score": score,
    }


def _worst(outcomes: Iterable[str]) -> str:
    return max(outcomes, key=OUTCOMES.index, default="approve")


def _gate(state: State, gate: Mapping[str, Plain]) -> Row:
    applies = state.condition(gate.get("applies_when"))
    fails = state.evaluated(gate["fails_when"])
    if applies.value is False:
        told = "not_applicable"
    elif fails.value is False:
        told = "pass"
    elif applies.value is True and fails.value is True:
        told = "fail"
    else:
        told = "not_applicable" if state.does_not_apply(gate, [applies, fails]) else "unknown"
    return {
        "id": gate["id"],
        "state": told,
        "on_fail": gate["on_fail"],
        "curable": gate["curable"],
        "level": state.book.level(gate),
        "reads": state.reads(gate),
        "cite": gate["cite"],
    }


def _marked(gate: Row, waived: Container[str]) -> Row:
    """Say after its state that a gate is waived."""
    if gate["id"] not in waived or gate["level"] == "law":
        return gate
    return {"id": gate["id"], "state": gate["state"], "waived": True, **gate}


def _categories(state: State) -> tuple[Mapping[str, Plain], list[Mapping[str, Plain]]]:
    """The category that holds, and those still possible: the last of them is the first that is certain."""
    possible = []
    for category in state.book.data["categories"]:
        when = state.condition(category.get("when")).value
        if when is not False:
            possible.append(category)
        if when is True:
            break
    return possible[0], possible


def _cap(category: Mapping[str, Plain]) -> str:
    return str(category.get("best_outcome", "approve"))


def _reasons(book: Book, gates: list[Row], category: Mapping[str, Plain], score: Row) -> list[Row]:
    found = [_reason("gate_failed", gate["on_fail"], gate["id"]) for gate in gates if gate["state"] == "fail"]
    found += [_reason("gate_unknown", "defer", gate["id"]) for gate in gates if gate["state"] == "unknown"]
    rule = book.data["decision"]["completeness"]
    incomplete = score["completeness"] < rule["at_least"]
    by_score = score["outcome"]
    if incomplete:
        found.append(_reason("incomplete", rule["otherwise"]))
        by_score = "defer" if by_score == "reject" else by_score
    found += [_reason("category_cap", _cap(category)), _reason("score", by_score)]
    worse = [reason for reason in found if reason["outcome"] != "approve"]
    return sorted(worse, key=lambda reason: -OUTCOMES.index(reason["outcome"]))


def _reason(code: str, outcome: str, gate: str | None = None) -> Row:
    return {"code": code, **({"gate": gate} if gate else {}), "outcome": outcome}


def _range(book: Book, gates: list[Row], possible: list[Mapping[str, Plain]], scored: list[Scored]) -> tuple[str, str]:
    """The best and the worst of every combination of gates, categories and scores that may still come."""
    endings = {"approve"}
    for gate in gates:
        ways = {"fail": [gate["on_fail"]], "unknown": ["approve", gate["on_fail"]]}.get(gate["state"], ["approve"])
        endings = {_worst([before, way]) for before in endings for way in ways}
    by_score = {scoring.outcome(book, scores) for scores in scoring.possible(scored)}
    every = [_worst([gate, _cap(category), score]) for gate in endings for category in possible for score in by_score]
    return min(every, key=OUTCOMES.index), _worst(every)


def _criteria(state: State, scored: list[Scored]) -> list[Row]:
    shares = scoring.contributions(state.book, scored)
    decimals = int(state.book.data["decision"]["decimals"])
    return [
        {
            "id": one.rule["id"],
            "dimension": one.rule["dimension"],
            "state": one.state,
            "value": shown(one.value),
            "unit": units.of_value(state.book, one.rule),
            "score": None if one.counted is None else to_decimals(one.counted, decimals),
            "weight": Fraction(one.rule["weight"]),
            "contribution": None if share is None else to_decimals(share, decimals),
            "reads": state.reads(one.rule),
            "cite": one.rule["cite"],
        }
        for one, share in zip(scored, shares, strict=True)
    ]


def _unknown(state: State, gates: list[Row], scored: list[Scored]) -> list[Row]:
    open_criteria = [
        (one.rule, state.book.facts_under(one.rule, asked=True)) for one in scored if one.state == "unknown"
    ]
    open_gates = [
        (gate["id"], state.book.facts_under(rule, asked=True))
        for gate, rule in zip(gates, state.book.data.get("gates") or [], strict=True)
        if gate["state"] == "unknown" and "waived" not in gate
    ]
    found = [
        {
            "fact": name,
            "weight_at_stake": Fraction(sum(Decimal(rule["weight"]) for rule, under in open_criteria if name in under)),
            "gates": [gate for gate, under in open_gates if name in under],
        }
        for name in state.book.section("facts")
        if state.standing(name) == "unknown"
    ]
    return sorted(found, key=lambda row: -row["weight_at_stake"])
