"""Whatever people of any roles try in whatever order: law is never outvoted, and nobody judges what they are bound to.

A walk is a list of deeds, each one or several calls over HTTP. What it led to is read from the entries of the ledger.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from service.actions import doctor, ledger
from service.actions.doctor import Outside
from tests.api import walked, walked_deeds, walked_doors, walked_meetings
from tests.api.walking import MOST, Step, Walk, begun

NUMBERS: Final = st.tuples(*[st.integers(0, MOST)] * 6)
DEEDS: Final = [name for name, weight in walked_deeds.WEIGHTS.items() for _ in range(weight)]
BEGINNING: Final = st.lists(st.builds(Step, st.just(walked_meetings.bring.__name__), NUMBERS), min_size=2, max_size=3)
STEPS: Final = st.lists(st.builds(Step, st.sampled_from(DEEDS), NUMBERS), min_size=20, max_size=36)

# All six seats support what the verified figures would put off, and the reason is given: once without conditions, and
# once with some.
BROUGHT: Final = [Step("bring", (228, 264, 360, 456, 264, 948))]
APPROVED: Final = [Step("settle", (852, 72, 360, 288, 792, 324))]
CONDITIONAL: Final = [Step("settle", (852, 12, 360, 288, 792, 324))]

WALKS: Final[Mapping[str, int]] = {"sqlite": 8, "postgresql": 2}
LOOKED_AT: Final = 2

# What the walks must have met at least once, for what they prove: outcomes, and refusals on the way there.
MET: Final = frozenset(
    {
        *("approve", "conditional", "override", "recused", "meetings/items/votes ok", "meetings/items/decide ok"),
        *("meetings/items/decide override_forbidden", "meetings/items/votes not_found", "waivers ok"),
    }
)


def require_no_way_around(walk: Walk) -> Counter[str]:
    """Demand everything of a walk that was made; give what it met."""
    made = walked.require_sound(walk)
    ledger.tend(walk.runtime)
    with walk.runtime.work(walk.house.auditor, read_only=True) as work:
        assert doctor.examine(work, Outside(None, {})).findings == ()
    met = Counter(decision.outcome.value for decision in made)
    met["override"] += sum(decision.is_better for decision in made)
    met["recused"] += walked_doors.require_closed(walk, LOOKED_AT)
    met.update({" ".join(answered): count for answered, count in walk.answers.items()})
    return met


def walks(kind: str, most: int) -> Counter[str]:
    """Make walks over a kind of database, and give what they met."""
    met: Counter[str] = Counter()

    @settings(
        max_examples=most,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @example(beginning=BROUGHT, steps=APPROVED)
    @example(beginning=BROUGHT, steps=CONDITIONAL)
    @given(beginning=BEGINNING, steps=STEPS)
    def walked_through(beginning: list[Step], steps: list[Step]) -> None:
        with begun(kind) as walk:
            for step in (*beginning, *steps):
                walked_deeds.DEEDS[step.deed](walk, step)
            met.update(require_no_way_around(walk))

    walked_through()
    return met


def test_no_walk_finds_a_way_around() -> None:
    met = walks("sqlite", WALKS["sqlite"])
    assert MET - set(+met) == set()


def test_no_walk_finds_a_way_around_on_postgresql() -> None:
    met = walks("postgresql", WALKS["postgresql"])
    assert met["meetings/items/decide ok"], met
