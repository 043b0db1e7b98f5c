"""The schemes we did not invent: each is sound, does what was computed by hand, and is listed with its limits."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from service.core.rules.engine import Engine
from service.core.rules.load import load
from tests.cli.commands import ROOT, call

FOLDER = ROOT / "examples" / "rulebooks"
FILES = sorted(FOLDER.glob("*.yaml"))

# The first case of huangyan.yaml, held against the benchmarks of the year before by hand:
# 12.0485 ÷ 26.01 × 30 + 102.12 ÷ 132.27 × 20 + 2.0424 ÷ 2.54 × 20 + 3404 ÷ 4861.08 × 10 + 14.5886 ÷ 17.45 × 10
# + 2.5 ÷ 3.05 × 10 = 13.8967… + 15.4411… + 16.0818… + 7.0025… + 8.3602… + 8.1967… = 68.9793…
YEAR_BEFORE = Decimal("68.98")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_scheme_has_only_the_warning_of_what_it_assumes(path: Path) -> None:
    checked = call("rules", "check", path)
    assert checked.exit_code == 0, checked.stdout
    assert [line.split()[1] for line in checked.stdout.splitlines()] == ["unconfirmed_source"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_scheme_comes_out_as_computed_by_hand(path: Path) -> None:
    tested = call("rules", "test", path, "--language", "en")
    assert tested.exit_code == 0, tested.stdout
    count, _, rest = tested.stdout.partition(" ")
    assert rest == "case(s), 0 not as expected\n"
    assert int(count) >= 7


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_scheme_says_at_its_top_what_is_assumed_and_what_cannot_be_said(path: Path) -> None:
    top = path.read_text(encoding="utf-8").partition("\nrulebook:")[0]
    assert all(line.startswith("#") for line in top.strip().splitlines())
    assert "published" in top.lower()
    assert "ASSUMED" in top
    assert "What the format cannot say here" in top


def test_the_readme_lists_exactly_the_schemes_of_the_folder() -> None:
    listed = re.findall(r"^\| \[(\S+)\]\((\S+)\) \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert all(name == target for name, target in listed)
    assert sorted(name for name, _ in listed) == [path.name for path in FILES]
    assert len(listed) == len(FILES) == 6


def test_the_benchmarks_of_the_year_before_are_a_profile() -> None:
    source = (FOLDER / "huangyan.yaml").read_bytes()
    assert source.count(b"profile: null ") == 1
    rulebook = load(source.replace(b"profile: null ", b'profile: "2021" ')).rulebook
    assert rulebook is not None
    engine = Engine(rulebook, {})
    facts = rulebook.cases[0].facts
    assert engine.assess(engine.read(facts)).score.total == YEAR_BEFORE  # type: ignore[arg-type]  # facts as read
