"""What each reader is told of gates that are waived."""

import pytest

from service.core.rules.explaining.shapes import About, Explanation, Reader
from tests.core.rules.explaining.test_explain import assessed, example, one, told


def parts(explanation: Explanation) -> dict[str, list[str]]:
    return {part.id: [saying.id for saying in part.sayings] for part in explanation.sections}


def test_an_applicant_reads_what_is_waived_apart_from_what_is_not_met() -> None:
    explanation = told(assessed(example("a06"), "fiscal_payback"), Reader.APPLICANT, "zh")
    assert parts(explanation)["failed"] == ["fair_competition"]
    assert parts(explanation)["waived"] == ["fiscal_payback"]
    text = one(explanation, About.GATE, "fiscal_payback")
    assert "不符合要求，已予豁免，不计入结论" in text
    assert "补正" not in text
    assert "应不" not in text


def test_a_committee_reads_what_is_waived_before_all_other_gates() -> None:
    explanation = told(assessed(example("a06"), "fiscal_payback", "industrial_park"), Reader.COMMITTEE, "en")
    assert parts(explanation)["waived"] == ["industrial_park", "fiscal_payback"]
    assert not {"fiscal_payback", "industrial_park"} & set(parts(explanation)["gates"])
    assert "failed, but waived, so it does not count" in one(explanation, About.GATE, "fiscal_payback")
    assert list(parts(explanation)).index("waived") < list(parts(explanation)).index("gates")


def test_an_inspector_reads_waived_gates_in_their_place_with_everything_they_rest_on() -> None:
    assessment = assessed(example("a06"), "fiscal_payback")
    explanation = told(assessment, Reader.INSPECTOR, "zh")
    assert parts(explanation)["gates"] == [gate.rule.id for gate in assessment.gates]
    text = one(explanation, About.GATE, "fiscal_payback")
    assert "触发否决，已予豁免，不计入结论" in text
    assert "触发条件：" in text


@pytest.mark.parametrize("reader", [Reader.COMMITTEE, Reader.INSPECTOR])
def test_a_cause_counts_what_is_waived_on_its_own(reader: Reader) -> None:
    explanation = told(assessed(example("a10"), "two_high_substitution"), reader, "en")
    cause = one(explanation, About.CAUSE, "gate_failed")
    assert cause.startswith("Failed gates, 1 in all: ")
    assert "; failed but waived, so they do not count, 1 in all: " in cause


@pytest.mark.parametrize("reader", [Reader.COMMITTEE, Reader.INSPECTOR])
def test_nobody_is_told_that_no_gate_failed_where_those_that_did_are_waived(reader: Reader) -> None:
    both = told(assessed(example("a10"), "two_high_substitution", "industrial_policy"), reader, "zh")
    assert one(both, About.CAUSE, "gate_failed").startswith("触发的否决项 2 项均已豁免，不计入结论：")
    assert one(told(assessed(example("a01"), "fiscal_payback"), reader, "zh"), About.CAUSE, "gate_failed") == (
        "没有触发的否决项。"
    )
