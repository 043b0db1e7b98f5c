"""Waived gates are judged and told like any other, and count for nothing."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from service.core.errors import Flaw, InvalidError
from service.core.rules import facts
from service.core.rules.assess import assess
from service.core.rules.assessment import Assessment, GateState
from service.core.rules.compiled.rulebook import Explained
from service.core.rules.engine import Engine
from service.core.rules.model import Level, Outcome, Rulebook
from service.core.rules.waiving import NOTHING, GateOfLawError, waivable
from service.core.values import Json
from service.words import LANGUAGES, sections
from tests.core.rules.books import BOOLEAN, HUNDRED, NUMBER, Plain, book, gate
from tests.core.rules.books import given as raw
from tests.core.rules.compiled.random_books import rulebooks
from tests.core.rules.compiled.raw import raw_facts

ZONE = [{"source": "zone"}]
BOOK = book(
    facts={"quality": NUMBER, "a": BOOLEAN, "b": BOOLEAN, "c": BOOLEAN},
    gates=[
        {"id": "of_law", "fails_when": "a"},
        {"id": "of_zone", "fails_when": "b", "cite": ZONE, "cure": {"zh": "另选址", "en": "Move"}},
        {"id": "mild", "fails_when": "c", "cite": ZONE, "on_fail": "conditional"},
    ],
    criteria=[{"id": "quality", "value": "quality", **HUNDRED}],
)
ENGINE = Engine(BOOK, sections("assessment"))
SOUND: dict[str, Plain] = {"quality": 90, "a": False, "b": False, "c": False}


def assessed(*waived: str, **changes: Plain) -> Assessment:
    return assess(BOOK, facts.read(BOOK, raw(**{**SOUND, **changes})), frozenset(waived))


def told(language: str, *waived: str, **changes: Plain) -> Plain:
    given = ENGINE.read(raw(**{**SOUND, **changes}))
    return json.loads(ENGINE.explain(given, language, frozenset(waived)))


def test_a_gate_of_law_and_one_that_is_not_there_cannot_be_waived() -> None:
    with pytest.raises(GateOfLawError) as of_law:
        waivable(BOOK, "of_law")
    with pytest.raises(InvalidError) as unknown:
        waivable(BOOK, "of_zone ")
    assert of_law.value.figures == {"gate": "of_law", "label": BOOK.gates[0].label}
    assert unknown.value.flaws == (Flaw("/gate", "waiver_gate", {"found": "of_zone ", "edition": "1"}),)
    assert waivable(BOOK, "of_zone").id == "of_zone"


def test_a_waived_gate_that_failed_stays_failed_and_counts_for_nothing() -> None:
    before, after = assessed(b=True), assessed("of_zone", b=True)
    assert (before.outcome, before.best_possible, before.worst_possible) == ("reject", "reject", "reject")
    assert (after.outcome, after.best_possible, after.worst_possible) == ("approve", "approve", "approve")
    assert (gate(after, "of_zone").state, gate(after, "of_zone").waived) == (GateState.FAIL, True)
    assert after.reasons == ()


def test_a_waived_gate_that_is_unknown_waits_for_nothing() -> None:
    before, after = assessed(b=None), assessed("of_zone", b=None)
    assert (before.outcome, before.worst_possible) == ("defer", "reject")
    assert (after.outcome, after.worst_possible) == ("approve", "approve")
    assert [(item.fact, item.gates) for item in before.unknown] == [("b", ("of_zone",))]
    assert [(item.fact, item.gates) for item in after.unknown] == [("b", ())]


def test_the_other_gates_count_as_before() -> None:
    found = assessed("of_zone", b=True, c=True)
    assert found.outcome is Outcome.CONDITIONAL
    assert [reason.gate for reason in found.reasons] == ["mild"]


def test_waiving_a_gate_of_law_or_none_at_all_changes_nothing() -> None:
    assert assessed("of_law", "gone", a=True) == assessed(a=True)
    given = ENGINE.read(raw(**{**SOUND, "a": True}))
    for language in LANGUAGES:
        assert ENGINE.explain(given, language, frozenset({"of_law"})) == ENGINE.explain(given, language)


def test_only_a_waived_gate_has_the_member_that_says_so() -> None:
    gates = told("en", "of_zone", b=True)["gates"]
    assert list(gates[1])[:4] == ["id", "state", "waived", "on_fail"]
    assert gates[1]["waived"] is True
    assert ["waived" in one for one in gates] == [False, True, False]


@pytest.mark.parametrize(
    ("b", "language", "because"),
    [
        (True, "zh", "of_zone甲：触发否决，已予豁免，不计入结论；b甲：是。"),
        (True, "en", "Of zone: failed, but waived, so it does not count; B: yes."),
        (None, "zh", "of_zone甲：尚不能判定，已予豁免，不计入结论；尚缺：b甲。"),
        (None, "en", "Of zone: not settled yet, but waived, so it does not count; still missing: B."),
        (False, "zh", "of_zone甲：未触发，已予豁免；b甲：否。"),
        (False, "en", "Of zone: passed, and waived; B: no."),
    ],
)
def test_a_waived_gate_says_that_it_is_waived_and_of_no_cure(*, b: bool | None, language: str, because: str) -> None:
    assert told(language, "of_zone", b=b)["gates"][1]["because"] == because


@st.composite
def waivings(draw: DrawFn) -> tuple[Rulebook, frozenset[str], list[Mapping[str, Json]]]:
    """A rulebook with gates of any level, some gates to be waived, and facts."""
    plain = draw(rulebooks())
    gates = tuple(replace(one, level=draw(st.sampled_from((Level.LAW, Level.ZONE_POLICY)))) for one in plain.gates)
    waived = draw(st.frozensets(st.sampled_from([one.id for one in gates]))) if gates else NOTHING
    rulebook = replace(plain, gates=gates)
    return rulebook, waived, draw(st.lists(raw_facts(rulebook, {}), min_size=4, max_size=4))


def sound(rulebook: Rulebook, cases: list[Mapping[str, Json]]) -> list[facts.Facts]:
    return [found for found in (_read(rulebook, case) for case in cases) if found is not None]


def _read(rulebook: Rulebook, case: Mapping[str, Json]) -> facts.Facts | None:
    try:
        return facts.read(rulebook, case)
    except InvalidError:
        return None


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(waivings())
def test_waiving_a_gate_is_to_the_outcome_as_if_it_were_not_in_the_rulebook(
    drawn: tuple[Rulebook, frozenset[str], list[Mapping[str, Json]]],
) -> None:
    rulebook, asked, cases = drawn
    waived = {one.id for one in rulebook.gates if one.id in asked and one.level is not Level.LAW}
    without = replace(rulebook, gates=tuple(one for one in rulebook.gates if one.id not in waived))
    for case in sound(rulebook, cases):
        found, plain = assess(rulebook, case, asked), assess(rulebook, case)
        assert {one.rule.id for one in found.gates if one.waived} == waived
        assert [(one.state, one.reads) for one in found.gates] == [(one.state, one.reads) for one in plain.gates]
        assert replace(found, gates=()) == replace(assess(without, case), gates=())


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(waivings())
def test_an_engine_says_with_waivers_what_the_plain_modules_say_and_without_what_is_compiled(
    drawn: tuple[Rulebook, frozenset[str], list[Mapping[str, Json]]],
) -> None:
    rulebook, asked, cases = drawn
    engine = Engine(rulebook, sections("assessment"))
    for case in sound(rulebook, cases):
        plain, compiled, waiving = assess(rulebook, case, NOTHING), engine.assess(case), assess(rulebook, case, asked)
        decided = engine.decide(case, asked)
        assert compiled == plain
        assert engine.assess(case, asked) == waiving
        assert (decided.outcome, decided.total) == (waiving.outcome, waiving.score.total)
        assert decided.gates == engine.decide(case).gates
        assert decided.waived == tuple(one.rule.id for one in waiving.gates if one.waived)
        for language in LANGUAGES:
            assert engine.explain(case, language) == engine.report(plain, language)
            assert engine.explain(case, language, asked) == engine.report(waiving, language)
        reports = {language: engine.report(waiving, language) for language in LANGUAGES}
        assert engine.explain_in_each(case, asked) == Explained(decided, reports)
