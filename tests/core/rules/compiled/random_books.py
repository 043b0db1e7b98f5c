"""Small rulebooks at random, that use every kind of scale, what may not apply, lists, categories and a plan.

Names of the written expressions stand for facts; some are exchanged for facts that may not be asked, and for derived
figures.
"""

import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from service.core.rules.model import Rulebook
from tests.core.rules.books import book, choice
from tests.core.rules.expressions.written import written

_NUMBER = {"type": "number", "unit": "1"}
_BOOLEAN = {"type": "boolean"}
_INCENTIVES = {
    "type": "list",
    "of": {
        "amount": {"type": "number", "unit": "万元", "min": 0},
        "count": {"type": "integer"},
        "condition": choice("tax", "rent"),
        "paid": _BOOLEAN,
        "since": {"type": "date"},
    },
}
_BASE: dict[str, Any] = {
    "n": _NUMBER,
    "m": {**_NUMBER, "min": -100, "max_exclusive": 1000, "decimals": 2},
    "p": _BOOLEAN,
    "q": _BOOLEAN,
    "nature": choice("new", "expand"),
    "place": {"type": "text"},
    "start": {"type": "date"},
    "end": {"type": "date"},
    "incentives": _INCENTIVES,
}
_PARAMETERS = {
    "k": {"value": 3},
    "codes": {"value": ["a", "东"]},
    "nothing": {"value": []},
}
_SCORES = [0, 20, 33.3, 70, 100]


@st.composite
def rulebooks(draw: DrawFn) -> Rulebook:
    """Write and load a rulebook."""
    late = {"m": "late_m", "q": "late_q"}
    facts = {
        **_BASE,
        "late_m": {**_NUMBER, "asked_when": draw(st.one_of(st.just("p"), _expression("boolean", {})))},
        "late_q": {
            **_BOOLEAN,
            "asked_when": draw(st.one_of(st.just("late_m > 1"), _expression("boolean", {"m": "late_m"}))),
            "required": True,
        },
    }
    derived = {
        "ratio": {"value": draw(_expression("number", late)), "decimals": draw(st.sampled_from([0, 2, 4]))},
        "flag": {"value": draw(_expression("boolean", late))},
        "word": {"value": draw(_expression("text", late))},
        "coded": {"value": draw(st.sampled_from(_CODED))},
    }
    names = {**late, "n": "ratio", "p": "flag", "place": "word"}
    return book(
        parameters=_PARAMETERS,
        facts=facts,
        derived=derived,
        gates=[draw(_gate(index, names)) for index in range(3)],
        categories=[draw(_category(index, names)) for index in range(2)] + [{"id": "rest", "otherwise": True}],
        dimensions={
            "a": {"weight": draw(st.sampled_from([1, 2.5, 50]))},
            "b": {"weight": draw(st.sampled_from([0, 7]))},
        },
        criteria=[draw(_criterion(index, names)) for index in range(6)],
        decision={"decimals": draw(st.integers(0, 3)), "completeness": {"at_least": 60, "otherwise": "defer"}},
        action_plan={
            "below": draw(st.sampled_from([0, 60, 100])),
            "always": [draw(_condition(index, names)) for index in range(2)],
        },
    )


# What may divide by zero, run out of steps, or hang on the fields of a list.
_RISKY = {
    "number": [
        "n / m",
        "m % (n - k)",
        "sum(incentives.map(i, i.count / m))",
        "size(incentives) / n",
        "size([n / m])",
        "(n % m > 1 || true) ? k : n",
    ],
    "boolean": [
        "n / m > 1 || q",
        "k / m > 1 || true",
        "k / m > 1 && false",
        "3 in [k, k / m]",
        "[1, k] != [2, k / (m * n)]",
        "[k / m, k].exists(i, i > n)",
        "incentives.exists(i, k / i.count > 1)",
        "incentives.exists(i, incentives.exists(j, i.count > j.count))",
        "incentives.all(i, i.count > 1) && m > 0",
    ],
}
_CODED = [
    "codes.exists(c, place.startsWith(c))",
    "nothing.exists(c, place.startsWith(c)) || codes.exists(c, place.endsWith(c)) && late_q",
    "!codes.exists(c, place.startsWith(c)) ? n > 0 : late_q",
]


@st.composite
def _expression(draw: DrawFn, kind: str, names: dict[str, str]) -> str:
    """Write an expression with some of its names exchanged."""
    text = draw(written(kind, depth=draw(st.integers(0, 3))))
    if draw(st.integers(0, 3)) == 0:
        text = draw(st.sampled_from(_RISKY.get(kind, [text])))
    for name, other in names.items():
        if draw(st.booleans()):
            text = re.sub(rf"(?<![\w.\"]){name}(?![\w\"])", other, text)
    return text


@st.composite
def _gate(draw: DrawFn, index: int, names: dict[str, str]) -> dict[str, Any]:
    gate: dict[str, Any] = {
        "id": f"gate_{index}",
        "fails_when": draw(st.one_of(_expression("boolean", names), st.just("n >= k && late_m < 2.5"))),
        "on_fail": draw(st.sampled_from(["conditional", "defer", "reject"])),
        "curable": draw(st.booleans()),
    }
    if draw(st.booleans()):
        gate["applies_when"] = draw(_expression("boolean", names))
    if draw(st.booleans()):
        gate["cure"] = {"zh": '“另行”选址"{x}"', "en": "Choose\\another site"}
    return gate


@st.composite
def _category(draw: DrawFn, index: int, names: dict[str, str]) -> dict[str, Any]:
    best = draw(st.sampled_from(["approve", "conditional"]))
    return {"id": f"category_{index}", "when": draw(_expression("boolean", names)), "best_outcome": best}


@st.composite
def _criterion(draw: DrawFn, index: int, names: dict[str, str]) -> dict[str, Any]:
    criterion: dict[str, Any] = {
        "id": f"criterion_{index}",
        "dimension": draw(st.sampled_from(["a", "b"])),
        "weight": draw(st.sampled_from([0, 1, 2, 0.75, 10])),
        **draw(_scale(names)),
    }
    if draw(st.booleans()):
        criterion["applies_when"] = draw(_expression("boolean", names))
    return criterion


@st.composite
def _scale(draw: DrawFn, names: dict[str, str]) -> dict[str, Any]:
    kind = draw(st.sampled_from(["points", "bands", "choices", "formula", "formula with value"]))
    if kind == "choices":
        return {"value": "nature", "choices": {"new": draw(_score()), "expand": draw(_score())}}
    if kind == "formula":
        return {"score": draw(_expression("number", names))}
    if kind == "formula with value":
        value = draw(st.sampled_from(["number", "boolean", "text", "date"]))
        return {"score": draw(_expression("number", names)), "value": draw(_expression(value, names))}
    value = draw(st.one_of(_expression("number", names), st.sampled_from(["n", "late_m", "ratio", "k"])))
    marks = sorted(draw(st.sets(st.sampled_from([-7, 0, 0.3, 1, 2.5, 8, 13.9, 100]), min_size=2, max_size=5)))
    if kind == "points":
        return {"value": value, "points": [[mark, draw(_score())] for mark in marks]}
    bands: list[dict[str, Any]] = [{"at_least": mark, "score": draw(_score())} for mark in reversed(marks)]
    return {"value": value, "bands": [*bands, {"otherwise": True, "score": draw(_score())}]}


def _score() -> st.SearchStrategy[float]:
    return st.sampled_from(_SCORES)


@st.composite
def _condition(draw: DrawFn, index: int, names: dict[str, str]) -> dict[str, Any]:
    when = draw(_expression("boolean", names))
    return {"id": f"condition_{index}", "when": draw(st.sampled_from([when, f'category == "rest" || ({when})']))}
