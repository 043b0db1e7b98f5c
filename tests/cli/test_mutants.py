"""``sluice rules mutate`` at the console."""

import json
from pathlib import Path

from tests.cli.commands import call
from tests.core.rules.test_mutate import EDGES, UNNOTICEABLE
from tests.core.rules.trying import text

# One comment a line on which nothing can notice a change.
EXPLAINED = (
    ("approve: {total: 75, each_dimension: 60}", "approve: {total: 75, each_dimension: 60}  # mutant: 单一维度"),
    (
        "conditional: {total: 60, each_dimension: 50}",
        "conditional: {total: 60, each_dimension: 50}  # mutant: 单一维度",
    ),
    ("defer: {total: 45, each_dimension: 30}", "defer: {total: 45, each_dimension: 30}  # mutant: 单一维度"),
    ("{at_least: 90, otherwise: defer}", "{at_least: 90, otherwise: defer}  # mutant: 单一评分项"),
    ("  decimals: 2\n  approve", "  decimals: 2  # mutant: 产出只有两位小数\n  approve"),
    ('    applies_when: nature == "new"', '    # mutant: 扩建不询问用水\n    applies_when: nature == "new"'),
)


def written(folder: Path, *changes: tuple[str, str], **cases: str) -> Path:
    path = folder / "rules.yaml"
    path.write_text(text({**EDGES, **cases}, *changes), encoding="utf-8")
    return path


def test_survivors_are_told_at_the_line_to_look_at_and_exit_with_1(tmp_path: Path) -> None:
    path = written(tmp_path)
    tried = call("rules", "mutate", path, "--language", "en")
    assert tried.exit_code == 1
    *lines, last = tried.stdout.splitlines()
    assert len(lines) == len(UNNOTICEABLE)
    number = next(at for at, line in enumerate(path.read_text("utf-8").splitlines(), 1) if "approve: {total" in line)
    start = f"{path}:{number}:{len('  approve: {total: 75, each_dimension: ') + 1} threshold decision.approve"
    assert f"{start}.each_dimension: each_dimension: 60 → each_dimension: 61" in lines
    assert last == f"{path}: 55 change(s) tried, 43 noticed by a case, 12 not, of which 0 explained"


def test_survivors_that_are_all_explained_exit_with_0(tmp_path: Path) -> None:
    path = written(tmp_path, *EXPLAINED)
    tried = call("rules", "mutate", path, "--language", "zh")
    assert tried.exit_code == 0
    lines = tried.stdout.splitlines()
    assert lines.count("    已说明：单一维度") == 6
    assert lines[-1] == f"{path}：改动 55 处，用例察觉 43 处，未察觉 12 处，其中已说明 12 处"


def test_json_counts_and_lists_survivors(tmp_path: Path) -> None:
    path = written(tmp_path, *EXPLAINED[:1])
    tried = call("rules", "mutate", path, "--json")
    assert tried.exit_code == 1
    told = json.loads(tried.stdout)
    assert [told[key] for key in ("file", "count", "killed", "survived", "explained")] == [str(path), 55, 43, 12, 2]
    assert sum(told["kinds"].values()) == 55
    (first, *_) = (one for one in told["survivors"] if one["after"] == "each_dimension: 61")
    assert (first["kind"], first["where"]) == ("threshold", "decision.approve.each_dimension")
    assert (first["before"], first["explanation"]) == ("each_dimension: 60", "单一维度")


def test_cases_that_fail_anyway_are_named_and_exit_with_1(tmp_path: Path) -> None:
    path = written(tmp_path, *EXPLAINED, 错="facts: {output: 50}, expect: {total: 51}")
    tried = call("rules", "mutate", path, "--language", "en")
    assert tried.exit_code == 1
    assert tried.stderr.startswith("1 case(s) do not pass even without a change")
    assert tried.stderr.rstrip().endswith(": 错")


def test_a_faulty_file_is_not_mutated(tmp_path: Path) -> None:
    tried = call("rules", "mutate", written(tmp_path, ("water > 100000", "watr > 100000")))
    assert (tried.exit_code, tried.stdout) == (2, "")
