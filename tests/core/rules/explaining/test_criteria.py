"""What is told of criteria by their scales, and of scores where nothing can be scored."""

import pytest

from service.core.rules.explain import explain
from service.core.rules.explaining.shapes import Explanation, Reader
from service.core.rules.model import Rulebook
from service.words import together
from tests.core.rules.books import NUMBER, Plain, assessed, book, choice

WORDS = together("assessment", "explanations")

BANDS = [{"at_least": 50, "score": 80}, {"at_least": 20, "score": 30}, {"otherwise": True, "score": 5}]


def explained(rulebook: Rulebook, reader: Reader, language: str, **facts: Plain) -> Explanation:
    return explain(rulebook, assessed(rulebook, **facts), reader, WORDS, language)


def texts(explanation: Explanation, *parts: str) -> list[str]:
    return [saying.text for part in explanation.sections for saying in part.sayings if part.id in parts]


@pytest.mark.parametrize(
    ("scale", "told"),
    [
        ({"value": "x", "bands": BANDS},
         ("X：30，得 30 分，权重 1，计入总分 30 分；比改进线 60 分低 30 分；应达到 50，比目前增加 20；"
         "期限：投产后24个月内；指标：x；评分标准：不低于 50 得 80 分、不低于 20 得 30 分，其余得 5 分；"
         "所据填报：x甲（x）30；依据：《办法》（园区政策）。")),
        ({"value": "x", "points": [[0, 100], [100, 0]]},
         ("X：30，得 70 分，权重 1，计入总分 70 分；比改进线 60 分高 10 分；指标：x；"
         "评分标准：0 得 100 分、100 得 0 分，其间按直线内插；所据填报：x甲（x）30；依据：《办法》（园区政策）。")),
        ({"score": "x * 2", "applies_when": "x > 1"},
         ("X：得 60 分，权重 1，计入总分 60 分；恰为改进线 60 分；适用条件：x > 1；按公式计分：x * 2；"
         "所据填报：x甲（x）30；依据：《办法》（园区政策）。")),
        ({"value": "kind", "choices": {"new": 20, "old": 90}},
         ("X：new一，得 20 分，权重 1，计入总分 20 分；比改进线 60 分低 40 分；应达到：old一；期限：投产后24个月内；"
         "指标：kind；评分标准：new一得 20 分、old一得 90 分；"
          "所据填报：kind甲（kind）new一；依据：《办法》（园区政策）。")),
    ],
)  # fmt: skip
def test_an_inspector_reads_how_a_criterion_is_scored(scale: dict[str, Plain], told: str) -> None:
    rulebook = book(
        facts={"x": NUMBER, "kind": choice("new", "old")},
        criteria=[{"id": "c", "label": {"zh": "X", "en": "X"}, **scale}],
    )
    explanation = explained(rulebook, Reader.INSPECTOR, "zh", x=30, kind="new")
    assert texts(explanation, "criteria") == [told]


@pytest.mark.parametrize(
    ("scale", "zh", "en"),
    [
        ({"points": [[0, 0], [100, 100]]}, "应不小于 100", "has to be at least 100"),
        ({"points": [[0, 100], [100, 0]]}, "应不大于 0", "has to be at most 0"),
        ({"points": [[0, 0], [50, 100], [100, 0]]}, "应达到：50", "to be brought to: 50"),
        ({"bands": BANDS}, "应不小于 50", "has to be at least 50"),
        ({"bands": [{"at_least": 50, "score": 20}, {"at_least": 20, "score": 90}, {"otherwise": True, "score": 100}]},
         "应达到：20", "to be brought to: 20"),
    ],
)  # fmt: skip
def test_of_an_unknown_value_is_said_on_which_side_of_its_target_it_has_to_be(
    scale: dict[str, Plain], zh: str, en: str
) -> None:
    rulebook = book(facts={"x": NUMBER}, criteria=[{"id": "c", "value": "x", **scale}])
    for language, told in (("zh", zh), ("en", en)):
        (text,) = texts(explained(rulebook, Reader.APPLICANT, language), "unscored")
        assert told in text


def test_where_nothing_can_be_scored_that_is_told() -> None:
    rulebook = book(facts={"x": NUMBER}, gates=[{"id": "g", "fails_when": "x > 1"}])
    explanation = explained(rulebook, Reader.COMMITTEE, "en", x=1)
    assert texts(explanation, "scores") == [
        "Total: no criterion applies, so it is not scored.",
        "Only: no criterion applies, so it is not scored; weight 100.",
        "Completeness 100%: 10 percentage points above the mark of 90%.",
    ]
    assert "No criterion can be counted: by score “Defer”." in texts(explanation, "causes")


def test_a_score_on_its_mark_is_exactly_there() -> None:
    rulebook = book(facts={"x": NUMBER}, criteria=[{"id": "c", "value": "x", "points": [[0, 0], [100, 100]]}])
    explanation = explained(rulebook, Reader.APPLICANT, "zh", x=75)
    assert texts(explanation, "outcome", "scores") == [
        "评价结论为“建议支持”。",
        "总分 75 分，恰好达到“建议支持”的标准 75 分。",
        "only甲 75 分，达到“建议支持”的标准 60 分，高出 15 分；权重 100。",
        "资料完整度 100%，达到标准 90%，高出 10 个百分点。",
    ]
    assert "causes" not in [part.id for part in explanation.sections]
