"""A decision in writing: the JSON that is kept of it, and what its entry in the ledger says."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from service.actions.meetings.ballots import votes_of
from service.actions.meetings.loading import OnTable
from service.core.cases.conditions import Condition
from service.core.cases.deciding import dissenting
from service.core.cases.overrides import OverrideCount
from service.core.cases.seats import Seat, Tally
from service.core.ledger.canonical import Plain
from service.core.rules.model import Outcome
from service.db.meetings import DecisionRow
from service.work import Work


def tally(counted: Tally, overridden: OverrideCount | None) -> str:
    """Write every figure of a count."""
    quorum = counted.quorum
    return _json(
        {
            "because": counted.because.value,
            "quorum": {"present": quorum.present, "of": quorum.of, "needed": quorum.needed},
            "counts": {choice.value: count for choice, count in counted.counts.items()},
            "silent": counted.silent,
            "absent": counted.absent,
            "recused": counted.recused,
            "bases": {base.value: count for base, count in counted.bases.items()},
            "levels": [
                {"level": one.level.value, "yes": one.yes, "no": one.no, "of": one.of, "needed": one.needed}
                for one in counted.levels
            ],
            "override": None
            if overridden is None
            else {"yes": overridden.yes, "of": overridden.of, "needed": overridden.needed},
        }
    )


def conditions(made: Iterable[Condition]) -> str:
    """Write the conditions in their order."""
    return _json(
        [
            {
                "text": one.text,
                "metric": one.metric,
                "target": one.target,
                "due": one.due,
                "due_on": None if one.due_on is None else one.due_on.isoformat(),
                "owner": one.owner,
                "evidence": one.evidence,
                "plan": one.plan,
            }
            for one in made
        ]
    )


def dissent(work: Work, on: OnTable, seats: Iterable[Seat], outcome: Outcome) -> str:
    """Write who voted for another outcome, and why; people by their identifiers."""
    votes = votes_of(work, on)
    return _json(
        [
            {
                "person": str(seat.person),
                "cast_by": str(votes[seat.person].cast_by),
                "choice": votes[seat.person].choice,
                "reason": votes[seat.person].reason,
            }
            for seat in dissenting(seats, outcome)
        ]
    )


def decision(row: DecisionRow) -> dict[str, Plain]:
    """Say in the entry of a decision what was decided by which figures; long texts by their SHA-256."""
    return {
        "meeting": str(row.meeting_id),
        "item": row.item,
        "n": row.n,
        "outcome": row.outcome,
        "assessed": row.assessed,
        "override": row.override,
        "reason": row.reason,
        "tally": json.loads(row.tally),
        "conditions_sha256": _sha256(row.conditions),
        "dissent_sha256": _sha256(row.dissent),
    }


def _json(value: Any) -> str:  # noqa: ANN401 - whatever JSON there is
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
