"""What in a condition is told of a gate that failed, and what would have to be otherwise."""

import pytest

from service.core.rules.explain import explain
from service.core.rules.explaining.shapes import About, Reader
from service.words import together
from tests.core.rules.books import BOOLEAN, NUMBER, Plain, assessed, book

WORDS = together("assessment", "explanations")
FACTS = {
    "a": BOOLEAN,
    "b": BOOLEAN,
    "x": {"type": "number", "unit": "m3"},
    "y": {"type": "number", "unit": "%"},
    "grants": {"type": "list", "of": {"amount": NUMBER}},
}


def because(fails_when: str, **facts: Plain) -> list[str]:
    """The clauses of the failed gate's sentence, without its head, cure and sources."""
    rulebook = book(
        parameters={"most": {"value": 2, "unit": "m3"}, "off": {"value": 0}},
        facts=FACTS,
        gates=[{"id": "g", "fails_when": fails_when}],
    )
    explanation = explain(rulebook, assessed(rulebook, **facts), Reader.APPLICANT, WORDS, "en")
    sayings = [saying for part in explanation.sections for saying in part.sayings]
    (text,) = (saying.text for saying in sayings if saying.about is About.GATE)
    head, *clauses, cure, source = text.split("; ")
    assert head == "G: the requirement is not met, which means “Do not support”"
    assert (cure, source) == ("cannot be cured", "under Law (law).")
    return clauses


@pytest.mark.parametrize(
    ("fails_when", "expected"),
    [
        ("a || b", ["A: yes"]),
        ("b || x > most", ["X: 5 m3, 3 m3 above the limit of 2 m3 (Most)", "X must be at most 2 m3"]),
        ("a && x >= 5", ["A: yes", "X: 5 m3, exactly the limit of 5 m3"]),
        ("most > 1 && x > most", ["X: 5 m3, 3 m3 above the limit of 2 m3 (Most)", "X must be at most 2 m3"]),
        ("most < x", ["X: 5 m3, 3 m3 above the limit of 2 m3 (Most)", "X must be at most 2 m3"]),
        ("y < 30", ["Y: 12.5%, 17.5 percentage points below the limit of 30%", "Y must be at least 30%"]),
        ("y <= 30", ["Y: 12.5%, 17.5 percentage points below the limit of 30%", "Y must be more than 30%"]),
        ("!(x < 9) || !(y >= 30)", ["Y: 12.5%, 17.5 percentage points below the limit of 30%",
                                    "Y must be at least 30%"]),
        ("!(b || x <= 2)", ["B: no", "X: 5 m3, 3 m3 above the limit of 2 m3"]),
        ("!(a && x <= 2)", ["X: 5 m3, 3 m3 above the limit of 2 m3", "X must be at most 2 m3"]),
        ("x == 5", ["X: 5 m3"]),
        ("x > 1 || x > 2", ["X: 5 m3, 4 m3 above the limit of 1 m3", "X: 5 m3, 3 m3 above the limit of 2 m3",
                            "X must be at most 1 m3", "X must be at most 2 m3"]),
        ("b || grants.exists(g, g.amount > 3)", ["Grants: 2 records"]),
        ("a || grants.exists(g, g.amount > 3)", ["A: yes"]),
        ("size(grants) > 1 || b", ["Grants: 2 records"]),
        ("(x > most) == true", ["X: 5 m3, 3 m3 above the limit of 2 m3 (Most)"]),
        ("(x > 2) != b", ["X: 5 m3, 3 m3 above the limit of 2 m3", "B: no"]),
        ("x + (x > 2 ? 1 : 0) > 3", ["X: 5 m3"]),
        ("(x > 2 ? y : 100) < 30", ["X: 5 m3", "Y: 12.5%"]),
        ("30 > (x > 2 ? y : 100)", ["X: 5 m3", "Y: 12.5%"]),
    ],
)  # fmt: skip
def test_a_failed_gate_tells_what_made_it_fail(fails_when: str, expected: list[str]) -> None:
    facts = {"a": True, "b": False, "x": 5, "y": 12.5, "grants": [{"amount": 1}, {"amount": 4}]}
    assert because(fails_when, **facts) == expected
