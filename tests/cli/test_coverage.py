"""``sluice rules coverage`` at the console."""

import json
from pathlib import Path

from tests.cli.commands import call
from tests.core.rules.test_coverage import FULL, NEVER
from tests.core.rules.trying import text


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    path = folder / "rules.yaml"
    path.write_text(text(FULL, *changes), encoding="utf-8")
    return path


def test_cases_that_see_everything_are_told_so(tmp_path: Path) -> None:
    covered = call("rules", "coverage", written(tmp_path), "--language", "en")
    assert covered.exit_code == 0
    lines = covered.stdout.splitlines()
    at = next(index for index, line in enumerate(lines) if line.endswith("fails_when: water > 100000"))
    assert lines[at + 1 : at + 4] == ["    true 1: 过量", "    false 1: 通过", "    unknown 3: 扩建; 低分; 未知"]
    assert lines[-1].endswith("rules.yaml: 5 case(s), 15 thing(s) watched, 0 state(s) never seen, 0 excused")


def test_what_no_case_sees_is_told_at_its_place_and_exits_with_1(tmp_path: Path) -> None:
    path = written(tmp_path, ("fails_when: water > 100000", NEVER))
    for language, missing in (("zh", "    真 0：没有用例见过"), ("en", "    true 0: no case sees it")):
        covered = call("rules", "coverage", path, "--missing", "--language", language)
        assert covered.exit_code == 1
        first, second, *_ = covered.stdout.splitlines()
        number, line = next(
            (number, line) for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if NEVER in line
        )
        assert first.startswith(f"{path}:{number}:{line.index('water < 0') + 1} gates.too_thirsty.fails_when")
        assert second == missing


def test_what_a_comment_excuses_is_told_with_its_reason(tmp_path: Path) -> None:
    path = written(tmp_path, ("fails_when: water > 100000", f"{NEVER}  # unseen: 用水不会为负"))
    covered = call("rules", "coverage", path, "--language", "en")
    assert covered.exit_code == 0
    assert "    true 0: 用水不会为负" in covered.stdout.splitlines()


def test_json_names_every_case(tmp_path: Path) -> None:
    path = written(tmp_path, ("fails_when: water > 100000", NEVER))
    covered = call("rules", "coverage", path, "--json", "--missing")
    assert covered.exit_code == 1
    told = json.loads(covered.stdout)
    assert (told["file"], told["cases"]) == (str(path), 5)
    (never,) = told["watched"]
    assert never["where"] == "gates.too_thirsty.fails_when"
    assert never["seen"] == {"true": [], "false": ["通过", "过量"], "unknown": ["扩建", "低分", "未知"]}
    assert (never["needed"], never["missing"]) == (["true", "false", "unknown"], ["true"])


def test_a_faulty_file_is_not_covered(tmp_path: Path) -> None:
    covered = call("rules", "coverage", written(tmp_path, ("water > 100000", "watr > 100000")))
    assert (covered.exit_code, covered.stdout) == (2, "")
