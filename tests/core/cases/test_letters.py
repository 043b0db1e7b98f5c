"""The decision letter: what it says, and what it never says."""

from dataclasses import replace
from datetime import date

import pytest

from service.core.cases.letters import Condition, Letter, Ruling, letter
from service.core.rules.explaining.shapes import About, Explanation, Reader, Saying, Section
from service.core.rules.model import Outcome
from service.words import together

RULING = Ruling(
    number="2026-0042",
    applicant="大河精传动（虚构）有限公司",
    credit_code="91379999DEM0000140",
    project="精密减速器项目",
    of_version=2,
    outcome=Outcome.DEFER,
    assessed=Outcome.DEFER,
    reason=None,
    conditions=(),
    decided_on=date(2026, 11, 24),
    reconsider_until=date(2027, 1, 23),
)
CONDITION = Condition("签订再生水供水协议。", "申报企业", "签约前", date(2027, 3, 31), "供水协议")


def explanation(*sections: str) -> Explanation:
    """An explanation whose sections have one sentence each: their own name."""
    parts = [Section(name, f"标题 {name}", (Saying(About.GATE, name, f"{name}。"),)) for name in sections]
    return Explanation(Reader.APPLICANT, "", tuple(parts), "")


def written(ruling: Ruling = RULING, *sections: str, language: str = "zh") -> Letter:
    return letter(ruling, explanation(*sections), together("domain", "letters")[language])


def passages(found: Letter) -> dict[str, tuple[str, ...]]:
    return {passage.id: passage.sentences for passage in found.passages}


@pytest.mark.parametrize(
    ("language", "outcome", "words"),
    [
        ("zh", outcome, said)
        for outcome, said in zip(Outcome, ("建议支持", "有条件支持", "暂缓", "不予支持"), strict=True)
    ]
    + [("en", Outcome.CONDITIONAL, "Support with conditions")],
)
def test_it_tells_the_outcome_in_the_fixed_words(language: str, outcome: Outcome, words: str) -> None:
    found = written(replace(RULING, outcome=outcome, assessed=outcome), language=language)
    assert words in found.opening
    assert "2026-0042" in found.opening


def test_it_says_that_it_is_no_administrative_licence() -> None:
    assert "不是行政许可" in written().notice
    assert "no administrative licence" in written(language="en").notice


def test_it_gives_the_reasons_and_leaves_out_what_is_none() -> None:
    found = written(RULING, "outcome", "causes", "failed", "open", "met", "not_applicable", "others", "plan", "next")
    assert list(passages(found)) == ["outcome", "causes", "failed", "open", "reconsideration"]


def test_a_decision_like_the_assessment_without_a_reason_needs_no_word() -> None:
    assert "decision" not in passages(written())


def test_a_decision_unlike_the_assessment_names_both_and_the_reason_stated() -> None:
    found = passages(written(replace(RULING, assessed=Outcome.APPROVE, reason="用水指标未落实")))["decision"]
    assert found == (
        "按核实资料的评价为“建议支持”，评审会议经审议决定为“暂缓”。",
        "评审会议说明：用水指标未落实",
    )


def test_a_condition_says_who_until_when_and_what_will_show_it() -> None:
    ruling = replace(RULING, outcome=Outcome.CONDITIONAL, conditions=(CONDITION,), reconsider_until=None)
    assert passages(written(ruling))["conditions"] == (
        "签订再生水供水协议。责任方：申报企业；期限：签约前，2027年3月31日前（含当日）；落实证明：供水协议。",
    )


def test_what_the_rules_ask_of_a_project_is_told_to_those_that_may_go_on() -> None:
    assert passages(written(replace(RULING, outcome=Outcome.APPROVE), "plan"))["conditions"] == ("plan。",)
    assert "conditions" not in passages(written(RULING, "plan"))


def test_it_says_until_when_reconsideration_may_be_asked_for() -> None:
    assert "2027年1月23日前（含当日）" in passages(written())["reconsideration"][0]
    assert "2027-01-23" in passages(written(language="en"))["reconsideration"][0]
    assert "reconsideration" not in passages(written(replace(RULING, reconsider_until=None)))
