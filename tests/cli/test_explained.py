"""``sluice assess --reader``: an assessment in sentences, as a page or as JSON."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from service.cli.columns import PAGE, width
from service.cli.explained import explained
from service.core.rules.engine import Engine
from service.core.rules.explaining.shapes import Explanation, Reader
from service.core.rules.load import load
from service.core.values import read_json
from service.words import LANGUAGES, sections
from tests import make
from tests.cli.commands import ROOT, call, run

A04 = ROOT / "examples" / "a04-pharma-intermediates.json"
A09 = ROOT / "examples" / "a09-recombinant-proteins.json"


@cache
def engine() -> Engine:
    rulebook = load((ROOT / "rules.yaml").read_bytes()).rulebook
    assert rulebook is not None
    return Engine(rulebook, sections("assessment"))


def explanation(path: Path, reader: Reader, language: str) -> Explanation:
    read = read_json(path.read_bytes())
    assert isinstance(read, dict)
    facts = read["facts"]
    assert isinstance(facts, dict)
    return explained(engine(), engine().assess(engine().read(facts)), reader, language)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", list(Reader))
@pytest.mark.parametrize("path", [A04, A09], ids=lambda path: path.stem[:3])
def test_a_page_holds_every_sentence_in_its_order_and_stays_within_its_width(
    path: Path, reader: Reader, language: str
) -> None:
    shown = call("assess", path, "--reader", reader.value, "--language", language).stdout
    assert "\x1b" not in shown
    assert max(map(width, shown.splitlines())) <= PAGE
    rest = bare(shown)
    for text in explanation(path, reader, language).texts:
        _, found, rest = rest.partition(bare(text))
        assert found, text
    assert rest == ""


def test_a_page_begins_with_the_outcome_whose_project_it_is_and_who_it_is_for() -> None:
    lines = call("assess", A04, "--reader", "committee").stdout.splitlines()
    assert lines[1].strip("║ ") == "不 予 支 持"
    assert lines[4:8] == [
        "金堤精化（虚构）有限公司 · 高端医药中间体项目",
        "黄河流域招商项目准入评价规则 · 2026.1 版",
        "",
        "评价说明（供评审会审议）",
    ]
    assert lines[-1] == "本说明为园区内部决策提供支持，不是行政许可。"


def test_sections_and_sentences_are_numbered() -> None:
    lines = call("assess", A04, "--reader", "inspector", "--language", "en").stdout.splitlines()
    assert "2  Outcome" in lines
    assert "  2.1   The assessment comes to “Do not support”." in lines


@pytest.mark.parametrize("reader", list(Reader))
def test_json_holds_the_same_sentences_and_what_they_are_about(reader: Reader) -> None:
    said = json.loads(call("assess", A04, "--json", "--reader", reader.value, "--language", "en").stdout)
    expected = explanation(A04, reader, "en")
    assert list(said) == ["reader", "title", "sections", "notice"]
    assert (said["reader"], said["title"]) == (reader.value, expected.title)
    sentences = [sentence for section in said["sections"] for sentence in section["sentences"]]
    assert [*(sentence["text"] for sentence in sentences), said["notice"]] == list(expected.texts)
    gates = [sentence["id"] for sentence in sentences if sentence["about"] == "gate"]
    assert sorted(gates) == sorted(gate.id for gate in engine().rulebook.gates)


def test_every_line_of_standard_input_is_explained_on_its_own(tmp_path: Path) -> None:
    rules = tmp_path / "small.yaml"
    rules.write_bytes(make.edition())
    lines = '{"output": 80}\n{"output": -1}\n{"output": 10}\n'
    answered = call("assess", "--json", "-", "--rules", rules, "--reader", "applicant", stdin=lines)
    assert answered.exit_code == 1
    first, refused, last = map(json.loads, answered.stdout.splitlines())
    assert refused["error"]["code"] == "invalid"
    assert first["reader"] == last["reader"] == "applicant"
    assert first != last


def test_a_reader_nobody_knows_is_refused() -> None:
    refused = run("assess", A04, "--reader", "newspaper")
    assert (refused.returncode, refused.stdout) == (2, b"")


def test_the_sentence_in_the_handbook_is_the_one_that_is_printed() -> None:
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").partition("## 11. ")[2]
    quoted = " ".join(line.removeprefix("> ") for line in written.splitlines() if line.startswith("> "))
    assert quoted in explanation(A04, Reader.COMMITTEE, "en").texts
