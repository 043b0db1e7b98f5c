"""The source of a compiled rulebook: the same everywhere, to be looked at, and never text of the rules file."""

import subprocess
import sys
import traceback
from decimal import Decimal, getcontext
from pathlib import Path

import pytest

from service.core.rules.assess import assess
from service.core.rules.compiled.rulebook import CompiledRulebook
from service.core.rules.compiled.source import Slot, Source
from service.core.values import Json
from tests.core.rules.books import BOOLEAN, HUNDRED, NUMBER, TEXT, book, choice
from tests.core.rules.compiled.agreement import WORDS, agree, compiled

ROOT = Path(__file__).parents[4]
HOSTILE = '"\'{x}\\{{}}%s\n]}\U0001f4a5"); raise SystemExit(1) #'
SOURCES = """
import sys, pathlib
from service import words
from service.core.rules.assess import assess
from service.core.rules.compiled.rulebook import CompiledRulebook
from service.core.rules.load import load
rulebook = load(pathlib.Path("rules.yaml").read_bytes()).rulebook
for module in CompiledRulebook(rulebook, words.sections("assessment")).modules():
    sys.stdout.write(module.text)
"""


def test_every_process_writes_the_same_source() -> None:
    written = [
        subprocess.run(
            [sys.executable, "-c", SOURCES], cwd=ROOT, env={"PYTHONHASHSEED": seed}, check=True, capture_output=True
        )
        for seed in ("1", "2")
    ]
    assert written[0].stdout == written[1].stdout
    assert b"def judge(given):" in written[0].stdout


def test_hostile_texts_of_a_rules_file_are_told_and_never_run() -> None:
    words = {"zh": HOSTILE, "en": HOSTILE}
    rulebook = book(
        facts={"place": {**TEXT, "label": words}, "kind": {"type": "choice", "choices": {HOSTILE: words, "b": words}}},
        derived={"word": {"value": "place", "label": words}},
        gates=[{"id": "gate", "label": words, "cure": words, "fails_when": 'word == "x" || kind == "b"'}],
        criteria=[{"id": "criterion", "label": words, "value": "kind", "choices": {HOSTILE: 10, "b": 100}}],
        action_plan={"always": [{"id": "always", "text": words}]},
    )
    form = compiled(rulebook)
    for place in (HOSTILE, "x", None):
        for kind in (HOSTILE, "b", None):
            agree(form, rulebook, {"place": place, "kind": kind})
    assert not any("SystemExit" in module.text or "\U0001f4a5" in module.text for module in form.modules())


def test_a_traceback_shows_the_line_of_the_source() -> None:
    source = Source({})
    with source.block("def divide(a)"):
        source.line("return a / 0")
    module = source.module("small: divide")
    with pytest.raises(ZeroDivisionError) as caught:
        module.function("divide")(1)
    assert "return a / 0" in "".join(traceback.format_exception(caught.value))


def test_equal_constants_share_a_name_and_others_do_not() -> None:
    source = Source({})
    assert source.constant("a") == source.constant("a")
    assert source.constant(Decimal(1)) != source.constant("1")
    assert source.text([Slot("x"), "a", "", "b", Slot("y")]) == 'f"{x}{c4}{y}"'
    assert source.globals["c4"] == "ab"


def test_the_decimal_context_of_the_thread_is_left_as_it_was() -> None:
    rulebook = book(facts={"n": NUMBER}, criteria=[{"id": "a", "value": "n / 3", **HUNDRED}])
    form = compiled(rulebook)
    before = getcontext()
    form.explain(form.read({"n": Decimal(5)}), "zh")
    form.decide(form.read({"n": Decimal(5)}))
    assert getcontext() is before


def test_an_engine_without_criteria_or_gates_says_what_the_plain_modules_say() -> None:
    rulebook = book(facts={"p": BOOLEAN})
    for p in (True, False, None):
        agree(compiled(rulebook), rulebook, {"p": p})


def test_values_far_from_1_are_left_to_the_interpreter() -> None:
    powers = "".join(f".map({name}, {' * '.join([name] * 100)})" for name in "abcd")
    rulebook = book(facts={"n": NUMBER}, gates=[{"id": "g", "fails_when": f"[n]{powers}.exists(e, e > 1)"}])
    form = compiled(rulebook)
    assert "evaluated(" in form.modules()[1].text
    for n in ("1e20", "-1e20", "1e-20", "0", "1"):
        given = form.read({"n": Decimal(n)})
        assert form.assess(given) == assess(rulebook, given)


def test_a_choice_that_is_not_one_is_looked_at_a_second_time() -> None:
    rulebook = book(facts={"kind": choice("a", "b")})
    form = CompiledRulebook(rulebook, WORDS)
    wrong: list[Json] = [[], {}, [[]], "c", True, Decimal(0)]
    for raw in wrong:
        agree(form, rulebook, {"kind": raw})
