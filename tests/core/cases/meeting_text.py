"""How a meeting votes, read a second time, straight from docs/meetings.md: plain loops over plain words.

Seats are ``(state, chair, voting)``; the states are those of the document's first table. The bylaws are as they stand
in a rulebook. Nothing of the service is used but the names of votes and outcomes.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from service.core.cases.seats import Choice
from service.core.rules.model import Outcome

Plain: TypeAlias = tuple[str, bool, bool]

GOOD_TO_BAD = [Choice.SUPPORT.value, Choice.SUPPORT_WITH_CONDITIONS.value, Choice.DEFER.value, Choice.OPPOSE.value]
OUTCOMES = [Outcome.APPROVE.value, Outcome.CONDITIONAL.value, Outcome.DEFER.value, Outcome.REJECT.value]
STATES = [*GOOD_TO_BAD, Choice.ABSTAIN.value, "silent", "absent", "recused"]
NOT_THERE = ["absent", "recused"]


def base(rules: Mapping[str, Any], seats: list[Plain], of: str) -> int:
    found = 0
    for state, _, voting in seats:
        if not voting or state == "recused":
            continue
        if of == "seats":
            found += 1
        if of == "votes_cast" and state in GOOD_TO_BAD:
            found += 1
        if of == "present" and state != "absent":
            left_out = state == "abstain" and not rules["abstentions_count_as_present"]
            found += 0 if left_out else 1
    return found


def is_share(rules: Mapping[str, Any], seats: list[Plain], share: Mapping[str, Any], count: int) -> bool:
    if count == 0:
        return False
    whole = base(rules, seats, share["of"])
    if "more_than" in share:
        return count > whole * Fraction(share["more_than"])
    return count >= whole * Fraction(share["at_least"])


def votes(seats: list[Plain], best: int, worst: int) -> int:
    """Count the votes from one level down to another."""
    found = 0
    for level in range(best, worst + 1):
        for state, _, voting in seats:
            if voting and state == GOOD_TO_BAD[level]:
                found += 1
    return found


def chair_is_for(seats: list[Plain], level: int) -> bool:
    return any(chair and voting and state in GOOD_TO_BAD[: level + 1] for state, chair, voting in seats)


def there(seats: list[Plain]) -> int:
    found = 0
    for state, _, voting in seats:
        if voting and state not in NOT_THERE:
            found += 1
    return found


def outcome(rules: Mapping[str, Any], seats: list[Plain]) -> tuple[str | None, str]:
    if not is_share(rules, seats, rules["quorum"], there(seats)):
        return None, "no_quorum"
    if rules["oppose_is_veto"] and votes(seats, 3, 3) > 0:
        return "reject", "veto"
    for level in (0, 1, 2):
        settled = at_level(rules, seats, level)
        if settled is not None:
            return settled
    if is_share(rules, seats, rules["pass"], votes(seats, 0, 3)):
        return "reject", "majority"
    return "defer", "nothing_carried"


def at_level(rules: Mapping[str, Any], seats: list[Plain], level: int) -> tuple[str, str] | None:
    yes, no = votes(seats, 0, level), votes(seats, level + 1, 3)
    if is_share(rules, seats, rules["pass"], yes):
        return OUTCOMES[level], "majority"
    if yes != no or yes == 0:
        return None
    if rules["tie"] == "chair":
        return (OUTCOMES[level], "tie_chair") if chair_is_for(seats, level) else None
    return {"defer": ("defer", "tie_defer"), "reject": ("reject", "tie_reject")}[rules["tie"]]


def overrides(rules: Mapping[str, Any], seats: list[Plain], level: int) -> bool:
    return is_share(rules, seats, rules["override"]["needs"], votes(seats, 0, level))
