"""What must hold after a walk, read from the ledger's entries in their order, by counting on one's fingers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from service.core.rules.model import Grade, Outcome
from tests.actions import tables
from tests.api.walked_rules import NEEDS, ZONE_GATE, Standing, standing
from tests.api.walked_story import Case, Entry, Known, Told, by, day, known, take
from tests.api.walking import Walk

LEVELS: Final = ("support", "support_with_conditions", "defer", "oppose")
OUTCOMES: Final = tuple(Outcome)

# What is done to a case by those who judge it, and what its owner alone does.
JUDGING: Final = frozenset(
    {
        *("application.accepted", "application.returned", "application.tabled", "application.retabled"),
        *("application.untabled", "application.carried_over", "decision.recorded", "vote.cast"),
        *("waiver.granted", "waiver.revoked", "evidence.accepted", "evidence.refused"),
        *("opinion.asked", "opinion.given"),
    }
)
OWNING: Final = frozenset(
    {
        *("application.created", "application.facts_replaced", "application.renamed", "application.submitted"),
        *("application.withdrawn", "application.reconsidered", "evidence.attached"),
    }
)
# What happens to a case without anybody having done it to this case.
FOUND: Final = frozenset({"recusal.found"})


@dataclass(frozen=True)
class Decision:
    """A decision, beside what it should have been."""

    entry: Entry
    declared: Standing
    verified: Standing
    carried: Outcome | None
    for_it: int
    seats: int

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.entry["data"]["outcome"])

    @property
    def measure(self) -> Outcome:
        """What is verified; and no better than deferred where a gate keeps out what is declared."""
        limit = Outcome.DEFER if self.declared.is_kept_out else Outcome.APPROVE
        return max(self.verified.outcome, limit, key=OUTCOMES.index)

    @property
    def is_better(self) -> bool:
        return OUTCOMES.index(self.outcome) < OUTCOMES.index(self.measure)


def require_sound(walk: Walk) -> list[Decision]:
    """Go through everything that was recorded, and demand that nobody found a way around; give the decisions."""
    told, stands, found = Told(), known(walk), []
    for entry in tables.events(walk.runtime):
        kind, data = entry["type"], entry["data"]
        if entry["subject"]["kind"] == "application":
            _require_right_actor(told, entry)
        assert kind != "waiver.granted" or data["gate"] == ZONE_GATE, entry
        if kind == "decision.recorded":
            found.append(_decision(told, stands, entry))
            _require_lawful(found[-1])
        take(told, entry, stands)
        if kind == "vote.cast":
            assert data["person"] not in told.items[data["meeting"], data["item"]].out, entry
    return found


def _require_right_actor(told: Told, entry: Entry) -> None:
    """Nobody judges their own case, nobody owns another's, and who is recused does nothing more."""
    case = told.cases.get(entry["subject"]["id"])
    if case is None:
        assert entry["type"] == "application.created", entry
        return
    actor, kind = by(entry), entry["type"]
    assert kind not in JUDGING or actor != case.owner, entry
    assert kind not in OWNING or actor == case.owner, entry
    assert kind in OWNING | FOUND or actor not in case.recused, entry


def _decision(told: Told, stands: Known, entry: Entry) -> Decision:
    data, case_id = entry["data"], entry["subject"]["id"]
    case, item = told.cases[case_id], told.items[data["meeting"], data["item"]]
    assert data["n"] not in case.decided, entry
    on = max(stands.held_on[data["meeting"]], day(entry))
    facts = stands.facts[case_id, data["n"]]
    waived = {one["gate"] for one in case.waivers.values() if one["from"] <= on <= one["until"]} & {ZONE_GATE}
    shown = {name: value for name, value in facts.items() if name not in NEEDS or _backed(case, name, on)}
    seats = [seat for seat in told.seats[data["meeting"]] if seat["voting"] and seat["person"] not in item.out]
    votes = {seat["person"]: item.votes.get(seat["person"]) for seat in seats if seat["present"]}
    bound = told.bound[stands.firms[case_id]] | case.recused
    for seat in seats:
        assert not {seat["person"], seat["held_by"]} & bound, (seat, entry)
    carried = _carried(told, data["meeting"], len(seats), votes)
    return Decision(
        entry,
        standing(facts, waived),
        standing(shown, waived),
        carried,
        sum(vote in LEVELS[: OUTCOMES.index(Outcome(data["outcome"])) + 1] for vote in votes.values()),
        len(seats),
    )


def _backed(case: Case, fact: str, on: date) -> bool:
    grades = tuple(Grade)
    return any(
        paper["state"] == "accepted"
        and fact in paper["facts"]
        and grades.index(Grade(paper["grade"])) >= grades.index(NEEDS[fact])
        and date.fromisoformat(paper["expires_on"]) >= on
        for paper in case.papers.values()
    )


def _carried(told: Told, meeting: str, seats: int, votes: Mapping[str, str | None]) -> Outcome | None:
    """What votes carry: more than half of those cast, two thirds of the seats there, ties as the chair voted."""
    if len(votes) < Fraction(2, 3) * seats or not votes:
        return None
    cast = [LEVELS.index(vote) for vote in votes.values() if vote in LEVELS]
    chairs = votes.get(next(seat["person"] for seat in told.seats[meeting] if seat["chair"]))
    for level, outcome in enumerate(OUTCOMES):
        yes = sum(vote <= level for vote in cast)
        is_tie = 0 < 2 * yes == len(cast) and chairs in LEVELS[: level + 1]
        if 2 * yes > len(cast) or is_tie:
            return outcome
    return Outcome.DEFER


def _require_lawful(made: Decision) -> None:
    """Law is never outvoted, and nothing is better than what was verified but by an override in order."""
    data = made.entry["data"]
    for gates in (made.declared.failed, made.verified.failed, made.verified.unknown):
        assert not gates or made.outcome in {Outcome.DEFER, Outcome.REJECT}, (sorted(gates), made)
    assert made.outcome is made.carried, made
    assert data["assessed"] == made.measure.value, made
    assert data["override"] is made.is_better, made
    if made.is_better:
        assert data["reason"], made
        assert made.for_it >= Fraction(2, 3) * made.seats, made


def recusals(walk: Walk) -> Iterator[tuple[str, str]]:
    """Give every case with each person who is recused from it, as the entries say."""
    told, stands = Told(), known(walk)
    for entry in tables.events(walk.runtime):
        take(told, entry, stands)
    for case_id, case in told.cases.items():
        yield from ((case_id, ref) for ref in sorted(case.recused))
