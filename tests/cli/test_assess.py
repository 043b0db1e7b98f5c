import json
import re
import subprocess
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from service.cli.columns import PAGE, width
from service.cli.page import page
from service.core.rules.engine import Engine
from service.core.rules.load import load
from service.core.values import read_json, write_json
from service.words import sections
from tests import make
from tests.cli.commands import ROOT, SLUICE, call, run

EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
A04 = ROOT / "examples" / "a04-pharma-intermediates.json"
TWICE = "The facts cannot be read. “output” stands more than once in the same object."
A09 = ROOT / "examples" / "a09-recombinant-proteins.json"


@cache
def engine() -> Engine:
    rulebook = load((ROOT / "rules.yaml").read_bytes()).rulebook
    assert rulebook is not None
    return Engine(rulebook, sections("assessment"))


def facts(path: Path) -> dict[str, Any]:
    read = read_json(path.read_bytes())
    assert isinstance(read, dict)
    found = read["facts"]
    assert isinstance(found, dict)
    return found


def report(path: Path, language: str) -> str:
    return engine().report(engine().assess(engine().read(facts(path))), language)


def small(folder: Path, *changes: tuple[bytes, bytes]) -> Path:
    content = make.edition()
    for old, new in changes:
        content = content.replace(old, new)
    path = folder / "small.yaml"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_json_is_the_report_to_the_byte(language: str) -> None:
    assessed = run("assess", A04, "--json", "--language", language)
    assert (assessed.returncode, assessed.stderr) == (0, b"")
    assert assessed.stdout == report(A04, language).encode() + b"\n"


def test_json_is_the_same_under_any_hash_seed_and_encoding() -> None:
    settings = ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    first, second = (run("assess", A09, "--json", settings=each) for each in settings)
    assert first.returncode == second.returncode == 0
    assert first.stdout == second.stdout == report(A09, "zh").encode() + b"\n"


def test_flat_facts_are_taken_as_well_as_an_application_that_holds_them(tmp_path: Path) -> None:
    flat = tmp_path / "facts.json"
    flat.write_text(write_json(facts(A04)), encoding="utf-8")
    assert call("assess", flat, "--json").stdout == call("assess", A04, "--json").stdout


def test_chinese_is_spoken_unless_the_settings_or_the_command_say_otherwise() -> None:
    english = {"SLUICE_LANGUAGE": "en"}
    assert call("assess", A04, "--json").stdout == report(A04, "zh") + "\n"
    assert call("assess", A04, "--json", settings=english).stdout == report(A04, "en") + "\n"
    assert call("assess", A04, "--json", "--language", "zh", settings=english).stdout == report(A04, "zh") + "\n"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem[:3])
def test_a_page_holds_everything_and_stays_within_its_width(path: Path, language: str) -> None:
    lines = page(engine(), engine().assess(engine().read(facts(path))), language, [])
    printed = click.unstyle("\n".join(lines))
    assert max(map(width, printed.splitlines())) <= PAGE
    said = json.loads(report(path, language), parse_float=Decimal, parse_int=Decimal)
    bare = re.sub(r"\s", "", printed)
    assert all(re.sub(r"\s", "", reason["because"]) in bare for reason in said["reasons"])
    assert all(str(criterion["weight"]) in printed for criterion in said["criteria"])
    assert all(item["fact"] in bare for item in said["unknown"])
    assert all(re.sub(r"\s", "", item["text"])[:24] in bare for item in said["action_plan"] if "text" in item)
    assert format(said["score"]["total"].normalize(), "f") in printed


def test_a_page_says_the_outcome_whose_project_it_is_and_that_it_is_no_licence() -> None:
    shown = call("assess", A04).stdout
    assert "\x1b" not in shown
    lines = shown.splitlines()
    assert lines[1].strip("║ ") == "不 予 支 持"
    assert lines[4] == "金堤精化（虚构）有限公司 · 高端医药中间体项目"
    assert lines[-1] == "本评价为园区内部决策提供支持，不是行政许可。"


def test_a_page_says_what_missing_facts_could_still_make_of_it() -> None:
    said = json.loads(report(A09, "en"))
    names = sections("assessment")["en"]
    best, worst = names[f"outcome_{said['best_possible']}"], names[f"outcome_{said['worst_possible']}"]
    assert f"at best “{best}”, at worst “{worst}”" in call("assess", A09, "--language", "en").stdout
    assert "at best" not in call("assess", A04, "--language", "en").stdout.split("WHY")[0]


def test_standard_input_holds_one_document_for_a_page() -> None:
    piped = call("assess", "-", stdin=A04.read_text(encoding="utf-8"))
    assert (piped.exit_code, piped.stdout) == (0, call("assess", A04).stdout)


def test_every_line_of_standard_input_gets_its_own_line(tmp_path: Path) -> None:
    rules = small(tmp_path)
    lines = ['{"output": 80.5}', "", '{"facts": {"output": 10.25, "water": 3}}', "  "]
    assessed = call("assess", "--json", "-", "--rules", rules, stdin="\n".join(lines))
    assert assessed.exit_code == 0
    assert [json.loads(line, parse_float=Decimal)["score"]["total"] for line in assessed.stdout.splitlines()] == [
        Decimal("80.5"),
        Decimal("10.25"),
    ]


def test_a_refused_line_gets_an_error_in_its_place_and_the_others_are_assessed(tmp_path: Path) -> None:
    lines = ['{"output": 1}', '{"output": -1, "watr": 2}', "{", "[]", '{"output": 2}']
    assessed = call("assess", "--json", "-", "--rules", small(tmp_path), "--language", "en", stdin="\n".join(lines))
    assert assessed.exit_code == 1
    first, refused, broken, listed, last = map(json.loads, assessed.stdout.splitlines())
    assert (first["score"]["total"], last["score"]["total"]) == (1, 2)
    assert refused["error"]["code"] == "invalid"
    assert refused["error"]["flaws"] == [
        {"pointer": "/output", "code": "fact_min", "because": "must be at least 0"},
        {
            "pointer": "/watr",
            "code": "fact_unknown_meant",
            "because": "there is no fact “watr”; was “water” meant?",
        },
    ]
    assert [one["error"]["code"] for one in (broken, listed)] == ["malformed", "malformed"]
    assert [one["error"]["flaws"] for one in (broken, listed)] == [[], []]


def test_each_answer_comes_before_the_next_line_is_sent(tmp_path: Path) -> None:
    command = [str(SLUICE), "assess", "--json", "-", "--rules", str(small(tmp_path))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for total in (10, 20):
            process.stdin.write(f'{{"output": {total}}}\n'.encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["score"]["total"] == total
        process.stdin.close()
    assert process.returncode == 0


def test_bytes_that_are_no_utf8_spoil_only_their_line(tmp_path: Path) -> None:
    assessed = run("assess", "--json", "-", "--rules", small(tmp_path), stdin=b'{"output": 1}\n\xff\n{"output": 2}\n')
    assert assessed.returncode == 1
    codes = [json.loads(line).get("error", {}).get("code") for line in assessed.stdout.splitlines()]
    assert codes == [None, "malformed", None]


def test_refused_facts_are_told_with_every_flaw(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text('{"output": 101, "nature": "old"}', encoding="utf-8")
    assessed = call("assess", path, "--rules", small(tmp_path), "--language", "en")
    assert (assessed.exit_code, assessed.stdout) == (2, "")
    assert "  /nature “old” is not among the choices" in assessed.stderr
    assert "  /output must be at most 100" in assessed.stderr


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": 1, "a": 2}', '{"a": NaN}', '"x"'])
def test_what_is_no_json_object_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(content, encoding="utf-8")
    assessed = call("assess", path)
    assert (assessed.exit_code, assessed.stdout) == (2, "")
    assert assessed.stderr


@pytest.mark.parametrize(
    ("content", "language", "said"),
    [
        (
            '{"output": 1, "output": 2}',
            "en",
            f"{TWICE}\n",
        ),
        ('{"output": 1, "output": 2}', "zh", "无法读取填报数据。同一对象中“output”出现了不止一次。\n"),
        ('{"output": 101}', "en", "1 thing(s) in the facts cannot be accepted.\n  /output must be at most 100\n"),
        ('{"output": 101}', "zh", "填报数据有 1 处不符合要求。\n  /output 不得大于 100\n"),
    ],
)
def test_refused_facts_are_told_in_words_of_the_command_not_of_a_request(
    tmp_path: Path, content: str, language: str, said: str
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(content, encoding="utf-8")
    assessed = call("assess", path, "--rules", small(tmp_path), "--language", language)
    assert (assessed.exit_code, assessed.stdout, assessed.stderr) == (2, "", said)


def test_a_refused_line_is_told_in_words_of_the_command_not_of_a_request(tmp_path: Path) -> None:
    lines = '{"output": 101}\n{"output": 1, "output": 2}\n'
    assessed = call("assess", "--json", "-", "--rules", small(tmp_path), "--language", "en", stdin=lines)
    assert [json.loads(line)["error"]["detail"] for line in assessed.stdout.splitlines()] == [
        "1 thing(s) in the facts cannot be accepted.",
        TWICE,
    ]


def test_a_faulty_rulebook_assesses_nothing_and_every_fault_is_told(tmp_path: Path) -> None:
    rules = small(tmp_path, (b"water > 100000", b"watr > 100000"), (b"value: output", b"value: outputs"))
    assessed = call("assess", A04, "--rules", rules, "--language", "en")
    assert (assessed.exit_code, assessed.stdout) == (2, "")
    told = [line for line in assessed.stderr.splitlines() if line.startswith(f"{rules}:")]
    assert [re.sub(r":\d+:\d+ ", " ", line).split(" ")[1] for line in told] == ["unknown_name_meant"] * 2


def test_faults_of_policy_do_not_keep_a_rulebook_from_assessing(tmp_path: Path) -> None:
    rules = small(tmp_path, (b"quality: {weight: 100", b"quality: {weight: 90"))
    assert call("rules", "check", rules).exit_code == 2
    assert call("assess", "--json", "-", "--rules", rules, stdin='{"output": 1}').exit_code == 0


def test_rules_of_the_working_directory_come_before_those_of_the_house(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_bytes(make.edition("of-the-folder"))
    here = run("assess", "--json", "-", cwd=tmp_path, stdin=b"{}")
    assert json.loads(here.stdout)["rulebook"]["edition"] == "of-the-folder"
    (tmp_path / "rules.yaml").unlink()
    house = run("assess", "--json", "-", cwd=tmp_path, stdin=b"{}")
    assert json.loads(house.stdout)["rulebook"]["sha256"] == engine().rulebook.sha256


def test_a_file_that_does_not_exist_is_a_mistake_of_the_caller() -> None:
    assert call("assess", "nowhere.json").exit_code == 2
    assert call("assess", A04, "--rules", "nowhere.yaml").exit_code == 2
