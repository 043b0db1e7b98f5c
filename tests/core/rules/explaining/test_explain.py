"""Explanations say nothing that is not in the assessment, and leave out nothing that failed, is open or too low."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from service.core.rules.assessment import Assessment, CriterionState, GateState
from service.core.rules.engine import Engine
from service.core.rules.explain import explain
from service.core.rules.explaining.shapes import About, Explanation, Reader, Saying
from service.core.rules.load import load
from service.core.values import Json, read_json, write_json
from service.words import LANGUAGES, sections, together
from tests.core.rules.explaining.checking import complaints
from tests.core.rules.explaining.grounds import Grounds
from tests.second_reading.random_facts import Vocabulary, facts, thresholds
from tests.second_reading.reading import plain

ROOT = Path(__file__).parents[4]
RULES = ROOT / "rules.yaml"
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
SCHEMES = sorted((ROOT / "examples" / "rulebooks").glob("*.yaml"))
WORDS = together("assessment", "explanations")


@dataclass(frozen=True)
class Rules:
    """A rules file, read by the engine and as plain YAML."""

    engine: Engine
    plain: Mapping[str, Any]

    def every_complaint(self, given: Mapping[str, Json], waived: frozenset[str] = frozenset()) -> list[str]:
        """What is wrong with the explanations of some facts, in both languages, for every reader."""
        assessment = self.engine.assess(self.engine.read(given), waived)
        found: list[str] = []
        for language in LANGUAGES:
            grounds = self.grounds(assessment, language)
            for reader in Reader:
                explanation = explain(self.engine.rulebook, assessment, reader, WORDS, language)
                found += complaints(explanation, grounds, WORDS[language])
        return found

    def grounds(self, assessment: Assessment, language: str) -> Grounds:
        """What the sentences about an assessment may say."""
        report = read_json(self.engine.report(assessment, language))
        assert isinstance(report, dict)
        return Grounds(report, self.plain, language)


@cache
def rules(path: Path = RULES) -> Rules:
    rulebook = load(path.read_bytes()).rulebook
    assert rulebook is not None
    return Rules(Engine(rulebook, sections("assessment")), plain(path.read_text(encoding="utf-8")))


@cache
def example(name: str) -> Mapping[str, Json]:
    (path,) = (path for path in EXAMPLES if path.stem.startswith(name))
    read = read_json(path.read_bytes())
    assert isinstance(read, dict)
    given = read["facts"]
    assert isinstance(given, dict)
    return given


def assessed(given: Mapping[str, Json], *waived: str) -> Assessment:
    return rules().engine.assess(rules().engine.read(given), frozenset(waived))


def told(assessment: Assessment, reader: Reader, language: str) -> Explanation:
    return explain(rules().engine.rulebook, assessment, reader, WORDS, language)


def sayings(explanation: Explanation, about: About) -> list[Saying]:
    return [saying for part in explanation.sections for saying in part.sayings if saying.about is about]


def one(explanation: Explanation, about: About, name: str) -> str:
    (found,) = (
        saying.text
        for part in explanation.sections
        for saying in part.sayings
        if (saying.about, saying.id) == (about, name)
    )
    return found


def half_filled(seed: int) -> dict[str, Json]:
    """Made-up facts for odd numbers, an example with some of its facts taken away for even ones."""
    random = Random(seed)  # noqa: S311 - the same facts every time, no secret
    if seed % 2:
        made = facts(random, rules().plain["facts"], Vocabulary(thresholds(rules().plain)))
        read = read_json(write_json(made))
        assert isinstance(read, dict)
        return read
    given = example(random.choice(EXAMPLES).stem)
    share = random.choice((0.2, 0.6, 0.9))
    return {name: value for name, value in given.items() if random.random() < share}


@pytest.mark.parametrize("name", [path.stem[:3] for path in EXAMPLES])
def test_an_explanation_of_an_example_says_what_is_in_the_assessment_and_all_that_matters(name: str) -> None:
    assert rules().every_complaint(example(name)) == []


@pytest.mark.parametrize("seeds", [range(start, start + 10) for start in range(0, 50, 10)], ids=str)
def test_an_explanation_of_half_filled_facts_says_nothing_else_either(seeds: range) -> None:
    for seed in seeds:
        assert rules().every_complaint(half_filled(seed)) == [], seed


@pytest.mark.parametrize("seeds", [range(start, start + 10) for start in range(0, 50, 10)], ids=str)
def test_an_explanation_of_facts_with_waived_gates_says_nothing_else_either(seeds: range) -> None:
    gates = [gate.id for gate in rules().engine.rulebook.gates]
    for seed in seeds:
        waived = frozenset(Random(seed).sample(gates, k=6))  # noqa: S311 - the same gates every time, no secret
        assert rules().every_complaint(half_filled(seed), waived) == [], seed


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_an_explanation_by_another_scheme_says_nothing_else_either(path: Path) -> None:
    given: list[Any] = [case.facts for case in rules(path).engine.rulebook.cases if not case.like]
    assert given
    for one_case in given:
        read = read_json(write_json(dict(one_case)))
        assert isinstance(read, dict)
        assert rules(path).every_complaint(read) == []


def changed(explanation: Explanation, about: About, name: str, **texts: str) -> Explanation:
    """The explanation with some text of one sentence changed."""
    parts = []
    for part in explanation.sections:
        said = [
            replace(saying, text=saying.text.replace(texts["old"], texts["new"]))
            if (saying.about, saying.id) == (about, name)
            else saying
            for saying in part.sayings
        ]
        parts.append(replace(part, sayings=tuple(said)))
    return replace(explanation, sections=tuple(parts))


@pytest.mark.parametrize(
    ("about", "name", "old", "new"),
    [
        (About.GATE, "shoreline_chemical", "0.6", "0.7"),
        (About.GATE, "shoreline_chemical", "0.4", "0.5"),
        (About.GATE, "shoreline_chemical", "不予支持", "暂缓"),
        (About.GATE, "shoreline_chemical", "第26条第2款", "第27条第2款"),
        (About.GATE, "shoreline_chemical", "黄河保护法", "外商投资法"),
        (About.GATE, "shoreline_chemical", "（省级规定，尚未核实）", "（省级规定）"),
        (About.GATE, "shoreline_chemical", "岸线管控·化工", "岸线管控·尾矿库"),
        (About.GATE, "shoreline_chemical", "另行选址", "停止建设"),
        (About.CRITERION, "water_intensity", "58.17", "61.83"),
        (About.CRITERION, "water_intensity", "3.8143", "3.8144"),
        (About.CRITERION, "clean_production", "I级（国际先进）", "一级"),
        (About.OUTCOME, "reject", "不予支持", "建议支持"),
        (About.CAUSE, "gate_failed", "1 项", "2 项"),
        (About.DIMENSION, "ecology", "1.88", "1.87"),
        (About.CONDITION, "energy_review", "节能审查意见", "安全审查意见"),
    ],
)
def test_what_is_not_in_the_assessment_is_found(about: About, name: str, old: str, new: str) -> None:
    assessment = assessed(example("a04"))
    explanation = told(assessment, Reader.APPLICANT, "zh")
    false = changed(explanation, about, name, old=old, new=new)
    assert false != explanation
    assert list(complaints(false, rules().grounds(assessment, "zh"), WORDS["zh"]))


def test_what_is_left_out_is_found() -> None:
    assessment = assessed(example("a09"))
    explanation = told(assessment, Reader.COMMITTEE, "en")
    for number in range(len(explanation.sections)):
        if explanation.sections[number].id not in {"outcome", "causes", "scores"}:
            fewer = (*explanation.sections[:number], *explanation.sections[number + 1 :])
            shorter = replace(explanation, sections=fewer)
            assert list(complaints(shorter, rules().grounds(assessment, "en"), WORDS["en"])), explanation.sections[
                number
            ].id


def seeds_with(state: GateState) -> Iterator[Assessment]:
    for seed in range(0, 60, 2):
        assessment = assessed(half_filled(seed))
        if any(gate.state is state for gate in assessment.gates):
            yield assessment


@pytest.mark.parametrize("reader", list(Reader))
def test_of_an_unknown_gate_only_what_is_missing_is_said_and_no_cure(reader: Reader) -> None:
    found = list(seeds_with(GateState.UNKNOWN))
    assert len(found) > 5
    for assessment in found:
        explanation = told(assessment, reader, "zh")
        for gate in assessment.gates:
            text = one(explanation, About.GATE, gate.rule.id)
            assert ("补正" in text) is (gate.state is GateState.FAIL)


def test_a_failed_gate_names_only_the_figures_that_made_it_fail() -> None:
    text = one(told(assessed(example("a04")), Reader.COMMITTEE, "zh"), About.GATE, "shoreline_chemical")
    assert "可据以判定的岸线距离：0.6 km，低于限值 1 km（岸线禁建距离），相差 0.4 km" in text
    assert "可据以判定的岸线距离应不低于 1 km" in text
    assert "是否位于岸线管控范围内" not in text


def test_an_applicant_reads_what_would_pass_and_by_how_much() -> None:
    explanation = told(assessed(example("a08")), Reader.APPLICANT, "en")
    quota = one(explanation, About.GATE, "water_quota")
    assert "1.06, 0.06 above the limit of 1" in quota
    assert "must be at most 1" in quota
    assert "can be cured: Redesign until water per unit is within the quota" in quota
    water = one(explanation, About.CRITERION, "water_intensity")
    assert "has to come down to 13.9 m3 per 10k yuan, 7.6385 m3 per 10k yuan less than now" in water
    share = one(explanation, About.CRITERION, "green_power")
    assert "has to come to 30%, 10 percentage points more than now" in share
    assert [part.id for part in explanation.sections][-1] == "next"
    assert "reconsideration" in explanation.sections[-1].sayings[0].text


def test_a_distance_is_not_raised_but_has_to_be_more() -> None:
    assessment = assessed(example("a04"))
    for language, told_of_it in (
        ("zh", "应达到 3 km，比目前增加 2.4 km"),
        ("en", "has to come to 3 km, 2.4 km more than now"),
    ):
        text = one(told(assessment, Reader.APPLICANT, language), About.CRITERION, "shoreline_distance")
        assert told_of_it in text


def test_what_another_part_of_a_condition_can_make_up_for_need_not_change() -> None:
    text = one(told(assessed(example("a08")), Reader.APPLICANT, "en"), About.GATE, "overloaded_area_abstraction")
    assert "560000 m3/a above the limit of 0 m3/a" in text
    assert "must be" not in text


def test_nobody_is_told_to_ask_again_about_an_outcome_that_stands() -> None:
    explanation = told(assessed(example("a01")), Reader.APPLICANT, "zh")
    assert "next" not in [part.id for part in explanation.sections]


def test_a_committee_reads_each_of_the_five_causes_once_and_the_weakest_criteria_first() -> None:
    assessment = assessed(example("a10"))
    explanation = told(assessment, Reader.COMMITTEE, "zh")
    causes = [saying.id for saying in sayings(explanation, About.CAUSE)]
    assert sorted(causes) == ["category_cap", "gate_failed", "gate_unknown", "incomplete", "score"]
    (weak,) = (part.sayings for part in explanation.sections if part.id == "weak")
    scores = {criterion.rule.id: criterion.score for criterion in assessment.criteria}
    found = [scores[saying.id] for saying in weak]
    assert found == sorted(found, key=lambda score: score or 0)
    assert len(found) > 3


def test_a_committee_reads_what_the_missing_facts_could_still_change() -> None:
    explanation = told(assessed(example("a09")), Reader.COMMITTEE, "en")
    assert one(explanation, About.OUTCOME, "defer") == (
        "The assessment comes to “Defer”; facts missing: 7; once they are known, at best “Support” and at worst "
        "“Defer”."
    )
    assert one(explanation, About.SCORE, "total") == (
        "Total 68.34: 8.34 above the mark of 60 for “Support with conditions”; between 68.34 and 90.34 once every "
        "missing fact is known; 85.19 by the known criteria alone."
    )


def test_an_inspector_reads_the_hashes_the_facts_the_conditions_and_what_is_not_confirmed() -> None:
    assessment = assessed(example("a04"))
    explanation = told(assessment, Reader.INSPECTOR, "zh")
    record = one(explanation, About.RECORD, "rulebook") + one(explanation, About.RECORD, "facts")
    assert all(text in record for text in (assessment.rulebook_sha256, assessment.facts_sha256, assessment.edition))
    gates = {saying.id: saying.text for saying in sayings(explanation, About.GATE)}
    assert list(gates) == [gate.rule.id for gate in assessment.gates]
    for gate in assessment.gates:
        assert all(f"（{name}）" in gates[gate.rule.id] for name in gate.reads)
        assert " ".join(gate.rule.fails_when.text.split()) in gates[gate.rule.id]
    cited = {each.source for gate in assessment.gates for each in gate.rule.cite}
    cited |= {each.source for criterion in assessment.criteria for each in criterion.rule.cite}
    unconfirmed = [name for name, source in rules().engine.rulebook.sources.items() if not source.confirmed]
    assert [saying.id for saying in sayings(explanation, About.SOURCE)] == [
        name for name in unconfirmed if name in cited
    ]


def test_conditions_and_hashes_are_for_inspectors_alone() -> None:
    assessment = assessed(example("a04"))
    for reader in (Reader.APPLICANT, Reader.COMMITTEE):
        text = "".join(told(assessment, reader, "zh").texts)
        assert assessment.rulebook_sha256 not in text
        assert "&&" not in text


def test_a_criterion_that_is_unknown_names_what_is_missing_and_where_it_must_get_to() -> None:
    assessment = assessed(example("a09"))
    text = one(told(assessment, Reader.APPLICANT, "zh"), About.CRITERION, "energy_intensity")
    (found,) = (criterion for criterion in assessment.criteria if criterion.rule.id == "energy_intensity")
    assert found.state is CriterionState.UNKNOWN
    assert "尚缺：年用电量；应不大于 0.37 tce/万元；期限：投产后24个月内" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_of_an_explanation_are_those_of_a_licence(language: str) -> None:
    licence = ("批准", "禁止", "准予", "approve", "prohibit", "forbid", "permit")
    assert not [said for said in sections("explanations")[language].values() if any(word in said for word in licence)]


def test_the_two_sections_of_words_share_no_code() -> None:
    assert not set(sections("assessment")["zh"]) & set(sections("explanations")["zh"])
