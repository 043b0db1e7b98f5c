"""Any rulebook, compiled, says to the byte what it says plainly."""

from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.core.rules.model import Rulebook
from service.core.values import Json
from tests.core.rules.compiled.agreement import agree, compiled
from tests.core.rules.compiled.random_books import rulebooks
from tests.core.rules.compiled.raw import raw_facts


def with_facts(rulebook: Rulebook) -> st.SearchStrategy[tuple[Rulebook, list[Mapping[str, Json]]]]:
    return st.tuples(st.just(rulebook), st.lists(raw_facts(rulebook, {}), min_size=8, max_size=8))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(rulebooks().flatmap(with_facts))
def test_random_rulebooks_are_told_the_same_way(drawn: tuple[Rulebook, list[Mapping[str, Json]]]) -> None:
    rulebook, cases = drawn
    form = compiled(rulebook)
    for raw in cases:
        agree(form, rulebook, raw)
