"""``sluice rules diff``: what is told of two rules files, and what is no difference."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.core.rules.compare import Comparison, compare
from service.core.rules.comparison.trees import meaning
from service.core.rules.expressions.parse import parse
from service.core.rules.load import load
from service.core.rules.reading import keys
from service.words import LANGUAGES, sections
from service.words.changes import Telling
from tests.cli.commands import ROOT, call, run
from tests.core.rules.edits import sound

# By the cases of the sound file: 94 = 60 · 100 % + 40 · 85 %, near the shore 80 = 60 · 86.67 % + 40 · 70 %.
NEAR = {
    "code": "3453",
    "nature": "new",
    "distance_km": 6,
    "water_m3": 1000,
    "added_value": 500,
    "listed": False,
    "jobs": 800,
}
GATE = """  - id: on_list
    label: {zh: 列入名录, en: On the list}
    fails_when: listed && kind == "listed"
    on_fail: defer
    curable: true
    cite: [{source: zone}]
"""
SAFETY = """  - id: unsafe
    label: {zh: 不安全, en: Unsafe}
    fails_when: jobs > 5000
    on_fail: conditional
    curable: true
    cite: [{source: zone}]
"""
CATEGORY = "  - {id: C, label: {zh: 小型, en: Small}, when: jobs < 10}\n"
LAST = "  - {id: B, label: {zh: 一般, en: Ordinary}, otherwise: true}\n"


def edited(*edits: tuple[str, str]) -> str:
    text = sound()
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


def compared(*edits: tuple[str, str], before: str | None = None) -> Comparison:
    rulebooks = [load(text.encode()).rulebook for text in (before or sound(), edited(*edits))]
    old, new = rulebooks
    assert old is not None
    assert new is not None, load(edited(*edits).encode()).faults
    return compare(old, new, (lambda _: None, lambda _: None))


def told(found: Comparison, language: str = "en") -> list[str]:
    telling = Telling(found, language)
    return [telling.because(change) for change in found.changes]


def written(folder: Path, name: str, *edits: tuple[str, str]) -> Path:
    (folder / "examples").mkdir(exist_ok=True)
    (folder / "examples" / "near-the-shore.json").write_text(json.dumps(NEAR), encoding="utf-8")
    path = folder / name
    path.write_text(edited(*edits), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "edits",
    [
        [],
        [("# A small rulebook", "# Another remark\n# on a small rulebook")],
        [
            (
                "value: 0, unit: km, label: {zh: 缓冲距离, en: Buffer}",
                "label: {en: Buffer, zh: 缓冲距离}, unit: km, value: 0.0",
            )
        ],
        [("buffer_km: 1.5", "buffer_km: 1.50"), ("weight: 60, label", "weight: 60.0, label")],
        [("buffer_km > 0\n      && distance_km < buffer_km", "(buffer_km>0.0)&&(distance_km  <buffer_km)")],
        [("exists(c, code.startsWith(c))", "exists(k, code.startsWith(k))")],
        [("unit: m3/a\n", "unit: m^3·1/a\n")],
        [("at_least: 0.75", "at_least: 3/4"), ("of: seats, at_least: 2/3", "at_least: 4/6, of: seats")],
        [
            ("    in_force_until: null\n", ""),
            ("    evidence: document\n", "    evidence: document\n    required: false\n"),
        ],
        [("otherwise: true}\n\ndim", "otherwise: true, best_outcome: approve}\n\ndim")],
        [(GATE, ""), ("gates:\n", "gates:\n" + GATE)],
        [
            (
                '[{source: water_law, article: "26"}, {source: zone}]',
                '[{source: zone}, {source: water_law, article: "26"}]',
            )
        ],
        [("choices: {new: 100, expand: 40}", "choices: {expand: 4e1, new: 100}")],
        [("1e9", "1000000000")],
    ],
)
def test_what_means_the_same_is_no_difference(edits: list[tuple[str, str]]) -> None:
    found = compared(*edits)
    assert told(found) == []
    assert found.tried.turned == ()


@pytest.mark.parametrize(
    ("edit", "sentences"),
    [
        (('edition: "1"', 'edition: "2"'), ["edition changed from 1 to 2"]),
        (("en: Small rules", "en: Little rules"), ["title changed from “Small rules” to “Little rules”"]),
        (("zh: 小规则", "zh: 小则"), ["title changed from “小规则” to “小则”"]),
        (("format: 1\n", "format: 1\n"), []),
        (
            ("profile: coast", "profile: inland"),
            [
                "profile in force changed from coast to inland",
                "Buffer (buffer_km): value in force changed from 1.5 km to 0 km",
                "Listed codes (listed_codes): value in force: 25, 26 taken out",
            ],
        ),
        (
            ("level: law", "level: regulation"),
            ["Water law (water_law): level changed from “law” to “regulation of the State Council”"],
        ),
        (("2023-04-01", "2024-04-01"), ["Water law (water_law): in force from changed from 2023-04-01 to 2024-04-01"]),
        (
            ("until: null\n    confirmed: true", "until: null\n    confirmed: false"),
            ["Water law (water_law): confirmed by the zone changed from yes to no"],
        ),
        (("{value: 0, unit: km", "{value: 0.2, unit: km"), ["Buffer (buffer_km): value changed from 0 km to 0.2 km"]),
        (("value: false", "value: true"), ["Strict (strict): value changed from no to yes"]),
        (("buffer_km: 1.5", "buffer_km: 2"), ["coast: Buffer (buffer_km) changed from 1.5 km to 2 km"]),
        (
            ("buffer_km: 0}", 'listed_codes: ["27"]}'),
            [
                "inland: Buffer (buffer_km) taken out (was 0 km)",
                "inland: Listed codes (listed_codes): 27, not there before",
            ],
        ),
        (
            ('["25", "26"]', '["26", "3073"]'),
            ["coast: Listed codes (listed_codes): 3073 added; Listed codes (listed_codes): 25 taken out"],
        ),
        (
            ("en: Industry code}\n    required: true", "en: Industry code}\n    required: false"),
            ["Industry code (code): required at submission changed from yes to no"],
        ),
        (
            ("max: 500\n", "max: 400\n"),
            ["Distance to the shore (distance_km): greatest value changed from 500 km to 400 km"],
        ),
        (
            ("evidence: document", "evidence: authority"),
            ["Distance to the shore (distance_km): lowest grade of evidence changed from “document” to “authority”"],
        ),
        (
            ('asked_when: nature == "new"', 'asked_when: nature != "expand"'),
            ['Listed (listed): asked when changed from `nature == "new"` to `nature != "expand"`'],
        ),
        (
            ("unit: 人", "unit: persons"),
            [
                "Jobs (jobs): unit changed from 人 to persons",
            ],
        ),
        (
            ("amount: {type: number, unit: 万元, min: 0", "amount: {type: number, unit: 万元, min: 1"),
            ["Amount (grants.amount): least value changed from 0 万元 to 1 万元"],
        ),
        (
            ("none: {zh: 无, en: None}", "none: {zh: 无, en: Nothing}"),
            ["Basis (grants.basis): choice “none” changed from “None” to “Nothing”"],
        ),
        (("decimals: 4", "decimals: 3"), ["Water per value added (intensity): decimals changed from 4 to 3"]),
        (
            ("sum(grants.map(g, g.amount))", "sum(grants.map(g, g.amount * 2))"),
            [
                (
                    "Grants in all (granted): formula changed from "
                    "`sum(grants.map(g, g.amount))` to `sum(grants.map(g, g.amount * 2))`"
                )
            ],
        ),
        (
            ("&& distance_km < buffer_km", "&& distance_km <= buffer_km"),
            [
                (
                    "Too near the shore (too_near): fails when changed from "
                    "`buffer_km > 0 && distance_km < buffer_km` to `buffer_km > 0 && distance_km <= buffer_km`"
                )
            ],
        ),
        (
            ("    applies_when: present(distance_km)\n", ""),
            ["Distance (distance): applies when taken out (was `present(distance_km)`)"],
        ),
        (
            ("on_fail: reject", "on_fail: defer"),
            ["Too near the shore (too_near): outcome of a failure changed from “do not support” to “defer”"],
        ),
        (("curable: false", "curable: true"), ["Too near the shore (too_near): can be cured changed from no to yes"]),
        (
            ("    cure: {zh: 另行选址, en: Choose another site}\n", ""),
            ["Too near the shore (too_near): cure taken out (was “Choose another site”)"],
        ),
        (
            ('article: "26"}, {source: zone}]', 'article: "27"}, {source: zone}]'),
            [
                "Too near the shore (too_near): basis taken out (was “Water law”, article 26)",
                "Too near the shore (too_near): basis: “Water law”, article 27, not there before",
            ],
        ),
        (
            ("id: on_list", "id: listed_project"),
            ["On the list (listed_project): identifier changed from on_list to listed_project"],
        ),
        (
            (GATE, GATE + SAFETY),
            ["Unsafe (unsafe): new gate: fails when `jobs > 5000`; outcome of a failure “support with conditions”"],
        ),
        (
            (GATE, ""),
            [
                (
                    "On the list (on_list): gate taken out; it said: "
                    'fails when `listed && kind == "listed"`; outcome of a failure “defer”'
                )
            ],
        ),
        (
            ("best_outcome: conditional}", "best_outcome: defer}"),
            ["Major (A): best outcome changed from “support with conditions” to “defer”"],
        ),
        ((LAST, CATEGORY + LAST), ["Small (C): new category: taken when `jobs < 10`; best outcome “support”"]),
        (("ecology: {weight: 60", "ecology: {weight: 70"), ["Ecology (ecology): weight changed from 60 to 70"]),
        (
            ("weight: 10\n    label: {zh: 新颖", "weight: 12\n    label: {zh: 新颖"),
            ["Novelty (novelty): weight changed from 10 to 12"],
        ),
        (
            ("[13.9, 75]", "[14, 75], [20, 50]"),
            [
                (
                    "Water intensity (water): points changed from "
                    "13.9 m3/万元 scores 75 to 14 m3/万元 scores 75, 20 m3/万元 scores 50"
                )
            ],
        ),
        (("[13.9, 75], ", ""), ["Water intensity (water): points: 13.9 m3/万元 scores 75 taken out"]),
        (
            ("{at_least: 1, score: 60}", "{at_least: 2, score: 60}"),
            ["Distance (distance): bands changed from 1 km or more scores 60 to 2 km or more scores 60"],
        ),
        (
            ("{otherwise: true, score: 0}", "{otherwise: true, score: 10}"),
            ["Distance (distance): bands changed from anything else scores 0 to anything else scores 10"],
        ),
        (("expand: 40}", "expand: 30}"), ["Novelty (novelty): score of the choice “expand” changed from 40 to 30"]),
        (
            ("min(jobs / 10, 100)", "min(jobs / 5, 100)"),
            [
                (
                    "Employment (employment): formula of the score changed from "
                    "`min(jobs / 10, 100)` to `min(jobs / 5, 100)`"
                )
            ],
        ),
        (("each_dimension: 60", "each_dimension: 55"), ["floor of each dimension for support changed from 60 to 55"]),
        (
            ("completeness: {at_least: 90", "completeness: {at_least: 80"),
            ["completeness asked for, in percent changed from 90 to 80"],
        ),
        (("below: 60", "below: 50"), ["score below which a criterion becomes a condition changed from 60 to 50"]),
        (
            ("due: before_construction", "due: before_production"),
            ["Obtain the water permit (water_permit): due changed from before_construction to before_production"],
        ),
        (
            ("more_than: 1/2", "at_least: 1/2"),
            ["majority (more than) taken out (was 1/2)", "majority (at least): 1/2, not there before"],
        ),
        (("tie: chair", "tie: defer"), ["what settles a tie changed from “the chair decides” to “defer”"]),
        (
            ("levels: [law]", "levels: [regulation, law]"),
            ["no override of gates of level: “regulation of the State Council” added"],
        ),
        (("[member, chair]", "[member, chair, guest]"), ["roles that vote: guest added"]),
        (("en: Jobs", "en: Employees"), ["Employees (jobs): name changed from “Jobs” to “Employees”"]),
        (("completeness: 100}", "completeness: 100, total: 90}"), ["一切正常: expected “total”: 90, not there before"]),
    ],
)
def test_each_change_is_one_sentence(edit: tuple[str, str], sentences: list[str]) -> None:
    assert told(compared(edit)) == sentences


def test_every_change_has_a_sentence_in_chinese_as_well() -> None:
    before = (ROOT / "examples" / "rulebooks" / "shushan.yaml").read_text(encoding="utf-8")
    found = compared(before=before)
    chinese, english = told(found, "zh"), told(found, "en")
    assert len(chinese) == len(english) > 80
    assert all(one != other for one, other in zip(chinese, english, strict=True) if not one.isascii())


def test_a_name_that_goes_on_under_a_new_one_is_followed_through_the_expressions() -> None:
    found = compared(("water_m3", "intake_m3"), ("water_law", "law_of_water"))
    assert told(found) == [
        "Water law (law_of_water): identifier changed from water_law to law_of_water",
        "Water (intake_m3): identifier changed from water_m3 to intake_m3",
        "一切正常: fact “water_m3” taken out (was 1000)",
        "一切正常: fact “intake_m3”: 1000, not there before",
    ]
    assert found.tried.turned == ()


def test_another_order_of_categories_is_a_change() -> None:
    major = "  - {id: A, label: {zh: 重点, en: Major}, when: water_m3 >= 500000, best_outcome: conditional}\n"
    both = compared((major, CATEGORY + major), before=edited((major, major + CATEGORY)))
    assert told(both) == ["order of precedence changed from A, C, B to C, A, B"]


def test_cases_of_either_file_are_told_when_they_come_out_differently(tmp_path: Path) -> None:
    before = written(tmp_path, "before.yaml")
    after = written(
        tmp_path, "after.yaml", ("buffer_km: 1.5", "buffer_km: 0.5"), ("approve: {total: 75", "approve: {total: 99")
    )
    shown = call("rules", "diff", before, after, "--language", "en")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        "Small rules (small): edition 1 to edition 1",
        "",
        "Profiles",
        "  coast",
        "    Buffer (buffer_km) changed from 1.5 km to 0.5 km",
        "",
        "Decision",
        "  total for support changed from 75 to 99",
        "",
        "Of 2 cases, 2 come out differently, 2 of them with another outcome",
        "  一切正常",
        "    support, total 94 → support with conditions, total 94",
        "  距岸线过近",
        "    do not support, total 80 → support with conditions, total 80; no longer fails: too_near",
    ]


def test_markdown_has_headings_lists_and_a_table(tmp_path: Path) -> None:
    before = written(tmp_path, "before.yaml")
    after = written(tmp_path, "after.yaml", ("buffer_km: 1.5", "buffer_km: 0.5"), ("name: 距岸线过近", "name: a|b"))
    shown = call("rules", "diff", before, after, "--markdown", "--language", "zh").stdout.splitlines()
    assert shown[0] == "# 小规则（small）：1 版改为 1 版"
    assert "## 地区方案" in shown
    assert "- coast：缓冲距离（buffer_km）由 1.5 km 改为 0.5 km" in shown
    assert shown[-3:] == [
        "| 用例 | 之前 | 之后 | 其他 |",
        "| --- | --- | --- | --- |",
        "| a\\|b | 不予支持，总分 80 | 建议支持，总分 80 | 不再触发：too_near |",
    ]


def test_json_holds_exact_values_beside_the_sentences(tmp_path: Path) -> None:
    before = written(tmp_path, "before.yaml")
    after = written(
        tmp_path, "after.yaml", ("buffer_km: 1.5", "buffer_km: 0.50"), (GATE, GATE + SAFETY), ("[13.9, 75]", "[14, 75]")
    )
    shown: dict[str, Any] = json.loads(call("rules", "diff", before, after, "--json", "--language", "en").stdout)
    assert [shown[side]["edition"] for side in ("before", "after")] == ["1", "1"]
    assert shown["before"]["sha256"] != shown["after"]["sha256"]
    first, gate, points = shown["changes"]
    assert first == {
        "section": "profiles",
        "name": "coast",
        "change": "changed",
        "key": "sets.buffer_km",
        "before": 1.5,
        "after": 0.5,
        "because": "coast: Buffer (buffer_km) changed from 1.5 km to 0.5 km",
    }
    assert gate["change"] == "added"
    assert gate["after"]["on_fail"] == "conditional"
    assert points["before"] == [[8, 100], [13.9, 75], [30, 0]]
    assert shown["cases"]["tried"] == 2
    assert [(one["before"]["outcome"], one["after"]["outcome"]) for one in shown["cases"]["different"]] == [
        ("reject", "approve")
    ]


def test_facts_that_an_edition_does_not_know_are_left_out_and_facts_it_refuses_are_told(tmp_path: Path) -> None:
    jobs = "  jobs: {type: integer, unit: 人, min: 0, max: 100000, group: output, label: {zh: 用工, en: Jobs}}\n"
    before = written(tmp_path, "before.yaml")
    gone = (", jobs: 800}", "}"), (jobs, ""), ("score: min(jobs / 10, 100)", 'score: "80"')
    without = call("rules", "diff", before, written(tmp_path, "a.yaml", *gone), "--language", "en").stdout
    assert "fact taken out" in without
    assert "refused" not in without
    close = call(
        "rules", "diff", before, written(tmp_path, "b.yaml", ("max: 500\n", "max: 5\n")), "--language", "en"
    ).stdout
    assert "    support, total 94 → facts refused: /distance_km must be at most 5" in close.splitlines()


def test_two_files_that_mean_the_same_say_so(tmp_path: Path) -> None:
    path = written(tmp_path, "a.yaml")
    for language, sentence in (("en", "The two files mean the same."), ("zh", "两份规则含义相同，没有变化。")):
        shown = call("rules", "diff", path, path, "--language", language)
        assert shown.exit_code == 0
        assert sentence in shown.stdout.splitlines()


@pytest.mark.parametrize("faulty_first", [True, False])
def test_a_faulty_file_is_not_compared(tmp_path: Path, *, faulty_first: bool) -> None:
    sound_file, faulty = (
        written(tmp_path, "a.yaml"),
        written(tmp_path, "b.yaml", ("water_m3 / added_value", "watr / added_value")),
    )
    both = (faulty, sound_file) if faulty_first else (sound_file, faulty)
    shown = call("rules", "diff", *both)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr.startswith(f"{faulty}:")


def test_every_fault_of_two_faulty_files_is_told(tmp_path: Path) -> None:
    one = written(tmp_path, "a.yaml", ("water_m3 / added_value", "watr / added_value"))
    other = written(tmp_path, "b.yaml", ("on_fail: reject", "on_fail: refuse"), ('edition: "1"', "edition: 1"))
    shown = call("rules", "diff", one, other, "--language", "en")
    assert (shown.exit_code, shown.stdout) == (2, "")
    codes = [line.split(" ")[1] for line in shown.stderr.splitlines()]
    assert codes == ["unknown_name_meant", "has", "text_unquoted", "word_unknown", "has"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("(a + b) - c", "a + b - c", True),
        ("a - (b + c)", "a - b + c", False),
        ("a * (b + c)", "a * b + c", False),
        ("(a * b) / c", "a * b / c", True),
        ("a + (b * c)", "a + b * c", True),
        ("a && (b && c)", "(a && b) && c", True),
        ("a && (b || c)", "a && b || c", False),
        ("a > 5", "a > 5.00", True),
        ("a > 5", "a > -5", False),
        ("a == true", "a == 1", False),
        ("l.all(i, i > a)", "l.all(j, j > a)", True),
        ("l.exists(i, m.exists(j, i == j))", "l.exists(x, m.exists(y, x == y))", True),
        ("l.exists(i, m.exists(j, i == i))", "l.exists(x, m.exists(y, x == y))", False),
        ("l.all(i, i > a)", "l.exists(i, i > a)", False),
        ("min(a, b)", "max(a, b)", False),
        ("round(a, 1)", "round(a, 2)", False),
        ('a == "x"', "a == 'x'", True),
        ("i.year > 1", "i.amount > 1", False),
    ],
)
def test_expressions_are_compared_by_what_they_mean(one: str, other: str, *, alike: bool) -> None:
    trees = [parse(text)[0] for text in (one, other)]
    meanings = [meaning(tree, {}) for tree in trees if tree is not None]
    assert len(meanings) == 2
    assert (meanings[0] == meanings[1]) is alike


def test_the_installed_command_compares_the_default_rules_with_themselves() -> None:
    shown = run("rules", "diff", "rules.yaml", "rules.yaml", "--language", "en")
    assert shown.returncode == 0, shown.stderr
    assert b"The two files mean the same." in shown.stdout


def test_every_key_of_the_format_has_a_word_for_its_change() -> None:
    entries = {
        "rulebook": keys.RULEBOOK,
        "sources": keys.SOURCE,
        "parameters": keys.PARAMETER,
        "facts": keys.FACT,
        "derived": keys.DERIVED,
        "gates": keys.GATE,
        "categories": keys.CATEGORY,
        "dimensions": keys.DIMENSION,
        "criteria": keys.CRITERION,
        "conditions": keys.CONDITION,
        "cases": keys.CASE,
    }
    # Names that entries are known by, what never changes, and what is told under other words.
    told_otherwise = {
        *(f"{section}.id" for section in ("gates", "categories", "criteria", "conditions")),
        *("rulebook.format", "categories.otherwise", "cases.name", "facts.of", "criteria.choices"),
    }
    wanted = {f"{section}.{key}" for section, its in entries.items() for key in " ".join(its).split()}
    for language in LANGUAGES:
        assert wanted - told_otherwise <= set(sections("changes")[language])
