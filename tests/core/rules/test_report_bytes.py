"""The same bytes everywhere, and words for everything in both languages."""

import re
import subprocess
import sys
from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from pathlib import Path

import pytest

from service.core.rules.engine import Engine
from service.core.rules.load import load
from service.core.values import read_json
from service.words import LANGUAGES, sections
from tests.core.rules.books import Plain

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("section", ["assessment", "flaws"])
def test_both_languages_have_the_same_codes_and_figures(section: str) -> None:
    figures = [
        {code: sorted(set(re.findall(r"{(\w+)}", text))) for code, text in sections(section)[language].items()}
        for language in LANGUAGES
    ]
    assert figures[0] == figures[1]


def test_every_code_of_a_flaw_in_the_core_has_words() -> None:
    known = sections("flaws")["zh"]
    files = (ROOT / "service" / "core").rglob("*.py")
    sources = "".join(file.read_text(encoding="utf-8") for file in files)
    codes = set(re.findall(r'\bFlaw\([^(),]*, "(\w+)"', sources))
    assert codes
    assert codes - set(known) == set()


_PRINT = """
import sys
from pathlib import Path
from service.core.rules.engine import Engine
from service.core.rules.load import load
from service.core.values import read_json
from service.words import sections
engine = Engine(load(Path("rules.yaml").read_bytes()).rulebook, sections("assessment"))
for file in sorted(Path("examples").glob("*.json")):
    for language in ("zh", "en"):
        said = engine.report(engine.assess(engine.read(read_json(file.read_bytes())["facts"])), language)
        sys.stdout.buffer.write(said.encode() + b"\\n")
"""


def test_two_processes_with_different_hash_seeds_write_the_same_bytes() -> None:
    written = [
        subprocess.run(
            [sys.executable, "-c", _PRINT],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PATH": ""},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert written[0].count(b"\n") == 24
    assert written[0] == written[1]


def test_the_order_and_the_spelling_of_facts_change_no_byte() -> None:
    engine = Engine(_default_rules(), sections("assessment"))
    for file in sorted((ROOT / "examples").glob("*.json")):
        document = read_json(file.read_bytes())
        assert isinstance(document, dict)
        facts = document["facts"]
        assert isinstance(facts, dict)
        spelt = {
            name: value.quantize(Decimal("1.000000000")) if isinstance(value, Decimal) else value
            for name, value in reversed(facts.items())
        }
        plain = [engine.report(engine.assess(engine.read(facts)), language) for language in LANGUAGES]
        assert [engine.report(engine.assess(engine.read(spelt)), language) for language in LANGUAGES] == plain
        with localcontext(Context(prec=3, rounding=ROUND_FLOOR)):
            assert [engine.report(engine.assess(engine.read(facts)), language) for language in LANGUAGES] == plain


def _default_rules() -> Plain:
    return load((ROOT / "rules.yaml").read_bytes()).rulebook
