"""The report: keys and their order, figures, and sentences in both languages."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest

from service.core.rules.engine import Engine
from service.words import sections
from tests.core.rules.books import BOOLEAN, DATE, HUNDRED, NUMBER, TEXT, Plain, book, choice, given

ROOT = Path(__file__).parents[3]
BOOK = book(
    parameters={"most": {"value": 2, "unit": "m3"}},
    facts={
        "water": {"type": "number", "unit": "m3"},
        "output": NUMBER,
        "nature": choice("new", "expand"),
        "code": TEXT,
        "start": DATE,
        "listed": BOOLEAN,
        "grants": {"type": "list", "of": {"amount": NUMBER}},
        "share": {"type": "number", "unit": "%"},
    },
    derived={"intensity": {"value": "water / output", "unit": "m3", "decimals": 2}},
    gates=[
        {
            "id": "thirst",
            "applies_when": 'nature == "new"',
            "fails_when": "intensity > most || listed || size(grants) > 3 || share < 0",
            "cure": {"zh": "节水", "en": "Save water"},
            "cite": [{"source": "law", "article": "8"}, {"source": "zone"}],
        },
        {
            "id": "date",
            "fails_when": 'start < date("2026-01-01") && nature == "new" && code == "1"',
            "on_fail": "conditional",
            "curable": True,
            "cure": {"zh": "改期", "en": "Move the date"},
        },
    ],
    categories=[{"id": "A", "when": "listed", "best_outcome": "conditional"}, {"id": "B", "otherwise": True}],
    criteria=[
        {"id": "intensity", "weight": 6, "value": "intensity", "points": [[0, 100], [10, 0]]},
        {"id": "nature", "weight": 3, "value": "nature", "choices": {"new": 100, "expand": 20}},
        {"id": "share", "weight": 1, "value": "share", "applies_when": "output > 0", **HUNDRED},
    ],
    action_plan={"always": [{"id": "permit"}]},
)
ENGINE = Engine(BOOK, sections("assessment"))


def report(language: str = "zh", engine: Engine = ENGINE, **facts: Plain) -> str:
    return engine.report(engine.assess(engine.read(given(**facts))), language)


def because(language: str, part: str, index: int, **facts: Plain) -> str:
    found: str = json.loads(report(language, **facts))[part][index]["because"]
    return found


SOUND: dict[str, Plain] = {
    "water": 6,
    "output": 2,
    "nature": "new",
    "code": "3453",
    "start": "2026-02-28",
    "listed": False,
    "grants": [{"amount": 1}, {"amount": 2}],
    "share": Decimal("12.50"),
}


def test_a_report_is_one_line_with_every_key_in_its_place() -> None:
    said = report("en", **SOUND)
    facts_text = (
        '{"water":6,"output":2,"nature":"new","code":"3453","start":"2026-02-28","listed":false,'
        '"grants":[{"amount":1},{"amount":2}],"share":12.5}'
    )
    assert ENGINE.read(given(**SOUND)).sha256 == hashlib.sha256(facts_text.encode()).hexdigest()
    expected = (
        f'{{"rulebook":{{"id":"small","edition":"1","sha256":"{BOOK.sha256}"}},'
        f'"facts_sha256":"{ENGINE.read(given(**SOUND)).sha256}",'
        '"outcome":"reject","best_possible":"reject","worst_possible":"reject",'
        '"category":{"id":"B","provisional":false},'
        '"reasons":[{"code":"gate_failed","gate":"thirst","outcome":"reject","because":"Thirst: failed, which'
        " means “Do not support”; Intensity: 3 m3 (Most: 2 m3, 1 apart), Listed: no, Grants: 2 records"
        ', Share: 12.5% (limit: 0%, 12.5 apart); cannot be cured: Save water."},'
        '{"code":"score","outcome":"conditional","because":"Total 73.25, Only 73.25: by score “Support with conditions”'
        '; short of the marks for “Support” (total 75, each dimension 60)."}],'
        '"score":{"total":73.25,"lowest":73.25,"highest":73.25,"known_only":73.25,"completeness":100,'
        '"outcome":"conditional","dimensions":{"only":{"score":73.25,"weight":100}}},'
        '"gates":[{"id":"thirst","state":"fail","on_fail":"reject","curable":false,"level":"law",'
        '"reads":{"water":6,"output":2,"nature":"new","listed":false,"grants":2,"share":12.5},'
        '"because":"Thirst: failed, which means “Do not support”; Intensity: 3 m3 (Most: 2 m3, 1 apart),'
        ' Listed: no, Grants: 2 records, Share: 12.5% (limit: 0%, 12.5 apart); cannot be cured: Save water.",'
        '"cite":[{"source":"law","article":"8"},{"source":"zone"}]},'
        '{"id":"date","state":"pass","on_fail":"conditional","curable":true,"level":"law",'
        '"reads":{"nature":"new","code":"3453","start":"2026-02-28"},'
        '"because":"Date: passed; Start: 2026-02-28, Nature: New, Code: 3453.","cite":[{"source":"law"}]}],'
        '"criteria":[{"id":"intensity","dimension":"only","state":"known","value":3,"unit":"m3","score":70,"weight":6,'
        '"contribution":42,"reads":{"water":6,"output":2},'
        '"because":"Intensity: 3 m3 scores 70 points at weight 6, 42 points of the total.","cite":[{"source":"zone"}]},'
        '{"id":"nature","dimension":"only","state":"known","value":"new","unit":"1","score":100,"weight":3,'
        '"contribution":30,"reads":{"nature":"new"},'
        '"because":"Nature: New scores 100 points at weight 3, 30 points of the total.","cite":[{"source":"zone"}]},'
        '{"id":"share","dimension":"only","state":"known","value":12.5,"unit":"%","score":12.5,"weight":1,'
        '"contribution":1.25,"reads":{"output":2,"share":12.5},'
        '"because":"Share: 12.5% scores 12.5 points at weight 1, 1.25 points of the total; 47.5 points short of 60;'
        ' to be brought to 100%.","cite":[{"source":"zone"}]}],'
        '"unknown":[],"derived":{"intensity":3},'
        '"action_plan":[{"id":"share","metric":"share","now":12.5,"target":100,"due":"24_months_after_production"},'
        '{"id":"permit","text":"permit","due":"before_signing"}]}'
    )
    assert said == expected


def test_what_is_unknown_is_null_and_listed_with_what_hangs_on_it() -> None:
    said = json.loads(report("zh", output=0, nature="expand", listed=True))
    assert said["derived"] == {"intensity": None}
    assert said["category"] == {"id": "A", "provisional": False}
    assert said["criteria"][0]["value"] is None
    assert (said["criteria"][0]["score"], said["criteria"][0]["contribution"]) == (0, 0)
    assert said["criteria"][2]["reads"] == {"output": 0, "share": None}
    assert said["criteria"][2]["state"] == "not_applicable"
    assert (said["criteria"][2]["score"], said["criteria"][2]["contribution"]) == (None, None)
    assert said["unknown"][0] == {"fact": "water", "weight_at_stake": 6, "gates": []}


@pytest.mark.parametrize(
    ("language", "part", "index", "facts", "expected"),
    [
        (
            "zh",
            "gates",
            0,
            {},
            (
                "thirst甲：触发否决，对应结论为“不予支持”；intensity甲：3 m3（most甲 2 m3，相差 1），"
                "listed甲：否，grants甲：2 项，share甲：12.5%（限值 0%，相差 12.5）；不可补正：节水。"
            ),
        ),
        ("zh", "gates", 0, {"nature": "expand"}, "thirst甲：不适用于本项目。"),
        (
            "zh",
            "gates",
            0,
            {"water": None, "share": None},
            ("thirst甲：尚不能判定，暂按“暂缓”处理；尚缺：water甲、share甲；listed甲：否，grants甲：2 项。"),
        ),
        (
            "zh",
            "gates",
            0,
            {"output": 0},
            (
                "thirst甲：尚不能判定，暂按“暂缓”处理；计算时除数为零；listed甲：否，grants甲：2 项，"
                "share甲：12.5%（限值 0%，相差 12.5）。"
            ),
        ),
        (
            "zh",
            "gates",
            1,
            {"start": "2025-12-31", "code": "1"},
            "date甲：触发否决，对应结论为“有条件支持”；start甲：2025-12-31，nature甲：new一，code甲：1；可以补正：改期。",
        ),
        ("zh", "gates", 1, {}, "date甲：未触发；start甲：2026-02-28，nature甲：new一，code甲：3453。"),
        ("zh", "criteria", 0, {}, "intensity甲：3 m3，得 70 分，权重 6，计入总分 42 分。"),
        (
            "zh",
            "criteria",
            0,
            {"water": None},
            "intensity甲：尚不能评分，暂计 0 分，权重 6；尚缺：water甲；改进目标：0 m3。",
        ),
        (
            "en",
            "criteria",
            0,
            {"water": None, "output": 0},
            (
                "Intensity: cannot be scored yet and counts 0 points at weight 6; still missing: Water; "
                "to be brought to 0 m3."
            ),
        ),
        (
            "zh",
            "criteria",
            1,
            {"nature": "expand"},
            "nature甲：expand一，得 20 分，权重 3，计入总分 6 分；低于 60 分，差 40 分；改进目标：new一。",
        ),
        ("zh", "criteria", 2, {"output": 0}, "share甲：不适用于本项目，不计入得分。"),
        ("zh", "reasons", 1, {"listed": None}, "资料不全，审查类别暂定为“A甲”，结论不优于“有条件支持”。"),
        ("zh", "reasons", 1, {"listed": True}, "审查类别为“A甲”，结论不优于“有条件支持”。"),
        (
            "zh",
            "reasons",
            0,
            {"water": 20, "nature": "expand", "share": 0},
            "总分 6，only甲 6，按得分为“不予支持”；未达到“暂缓”的标准（总分 45，各维度 30）。",
        ),
    ],
)
def test_a_sentence_says_what_and_why(
    language: str, part: str, index: int, facts: dict[str, Plain], expected: str
) -> None:
    assert because(language, part, index, **{**SOUND, **facts}) == expected


def test_a_softened_score_and_missing_data_are_told() -> None:
    facts = {"output": 1, "nature": "expand", "listed": False, "start": "2026-02-28", "share": 0}
    assert [because("zh", "reasons", index, **facts) for index in (0, 1)] == [
        "资料完整度 40%，低于 90%，结论不优于“暂缓”。",
        "总分 6，only甲 6，按得分为“不予支持”；未达到“暂缓”的标准（总分 45，各维度 30）；因资料不全，暂按“暂缓”处理。",
    ]


def test_nothing_known_and_nothing_settled_are_told_too() -> None:
    rulebook = book(
        facts={"x": NUMBER},
        gates=[{"id": "g", "fails_when": "min([x].filter(d, d > 5)) > 7"}],
    )
    said = json.loads(report("zh", Engine(rulebook, sections("assessment")), x=1))
    assert said["gates"][0]["because"] == "g甲：尚不能判定，暂按“暂缓”处理；现有资料不足以判定；x甲：1。"
    assert said["reasons"][1]["because"] == "没有可以计分的评分项，按得分为“暂缓”。"
    assert said["score"]["total"] is None


def test_of_several_limits_the_first_is_told() -> None:
    rulebook = book(facts={"x": NUMBER}, gates=[{"id": "g", "fails_when": "5 < x || x > 9"}])
    said = json.loads(report("zh", Engine(rulebook, sections("assessment")), x=4))
    assert said["gates"][0]["because"] == "g甲：未触发；x甲：4（限值 5，相差 1）。"


def test_a_formula_without_a_value_is_told_by_its_score() -> None:
    rulebook = book(facts={"x": NUMBER}, criteria=[{"id": "f", "score": "x * 2"}])
    engine = Engine(rulebook, sections("assessment"))
    said = json.loads(report("zh", engine, x=30))["criteria"][0]
    assert (said["value"], said["because"]) == (None, "f甲：得 60 分，权重 1，计入总分 60 分。")


def test_braces_in_labels_and_values_are_only_text() -> None:
    rulebook = book(
        facts={"code": {**TEXT, "label": {"zh": "{label}", "en": "{0}"}}},
        gates=[{"id": "g", "label": {"zh": "{x}", "en": "{x}"}, "fails_when": 'code == "{outcome}"'}],
    )
    said = json.loads(report("zh", Engine(rulebook, sections("assessment")), code='{outcome}\n"quoted"'))
    assert said["gates"][0]["because"] == '{x}：未触发；{label}：{outcome}\n"quoted"。'
