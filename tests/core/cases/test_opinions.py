from datetime import date, timedelta

import pytest

from service.core.cases.opinions import (
    ASKED_IN,
    GIVEN_IN,
    MOST_CONDITION_BYTES,
    MOST_CONDITIONS,
    OpinionsClosedError,
    Stance,
    opinion_flaws,
    request_flaws,
    require_open,
)
from service.core.cases.states import State
from service.core.errors import ConflictError, Flaw

TODAY = date(2026, 11, 23)
KNOWN = ("自然资源", "生态环境")


def told(flaws: tuple[Flaw, ...]) -> list[tuple[str, str]]:
    return [(flaw.pointer, flaw.code) for flaw in flaws]


@pytest.mark.parametrize("state", State)
def test_opinions_are_asked_for_from_submission_and_given_in_review_until_tabling(state: State) -> None:
    for within, states in ((ASKED_IN, {"submitted", "in_review"}), (GIVEN_IN, {"in_review"})):
        if state.value in states:
            require_open(state, within)
        else:
            with pytest.raises(OpinionsClosedError) as refused:
                require_open(state, within)
            assert isinstance(refused.value, ConflictError)
            assert refused.value.figures == {"state": state.value}


def test_a_request_without_a_flaw() -> None:
    asked = [("/departments/0", "生态环境"), ("/departments/1", "自然资源")]
    assert request_flaws(asked, KNOWN, TODAY, TODAY) == ()
    assert request_flaws(asked, KNOWN, None, TODAY) == ()


def test_every_flaw_of_a_request_is_told_at_once() -> None:
    names = ["", "生态环境", "生态环境", "环保", "长" * 61, "水\x00利"]
    asked = [(f"/departments/{at}", name) for at, name in enumerate(names)]
    found = request_flaws(asked, KNOWN, TODAY - timedelta(days=1), TODAY)
    assert told(found) == [
        ("/departments/0", "text_missing"),
        ("/departments/2", "department_twice"),
        ("/departments/3", "department_unknown"),
        ("/departments/4", "text_length"),
        ("/departments/5", "text_character"),
        ("/due_on", "opinion_due"),
    ]
    assert found[2].figures == {"found": "环保", "known": ("生态环境", "自然资源")}
    assert found[-1].figures == {"first": TODAY}


@pytest.mark.parametrize("stance", Stance)
def test_an_opinion_without_a_flaw(stance: Stance) -> None:
    conditions = ("取得取水许可",) if stance is Stance.SUPPORT_WITH_CONDITIONS else ()
    assert opinion_flaws(stance, "用水\n总量可控", conditions) == ()


@pytest.mark.parametrize(("symbol", "taken"), [("水", 3), ("𠮷", 4), ('"', 2), ("\\", 2), ("\n", 2)])
def test_conditions_take_no_more_together_than_an_entry_holds(symbol: str, taken: int) -> None:
    fit = MOST_CONDITION_BYTES // MOST_CONDITIONS // taken
    assert opinion_flaws(Stance.SUPPORT_WITH_CONDITIONS, "理由", (symbol * fit,) * MOST_CONDITIONS) == ()
    (flaw,) = opinion_flaws(Stance.SUPPORT_WITH_CONDITIONS, "理由", (symbol * (fit + 1),) * MOST_CONDITIONS)
    figures = {"length": MOST_CONDITIONS * (fit + 1) * taken, "most": MOST_CONDITION_BYTES}
    assert flaw == Flaw("/conditions", "conditions_bytes", figures)


@pytest.mark.parametrize(
    ("stance", "conditions", "expected"),
    [
        (None, (), [("/stance", "member_missing")]),
        (Stance.SUPPORT_WITH_CONDITIONS, (), [("/conditions", "conditions_missing")]),
        (Stance.SUPPORT, ("取水",), [("/conditions", "conditions_unmeant")]),
        (Stance.OPPOSE, ("取水",), [("/conditions", "conditions_unmeant")]),
        (
            Stance.SUPPORT_WITH_CONDITIONS,
            ("甲", "", "长" * 2_001),
            [("/conditions/1", "text_missing"), ("/conditions/2", "text_length")],
        ),
        (Stance.SUPPORT_WITH_CONDITIONS, ("甲",) * (MOST_CONDITIONS + 1), [("/conditions", "items_count")]),
    ],
)
def test_every_flaw_of_an_opinion_is_told_at_once(
    stance: Stance | None, conditions: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert told(opinion_flaws(stance, "理由", conditions)) == expected
    reason = ("/reason", "text_missing")
    with_reason = told(opinion_flaws(stance, "", conditions))
    assert sorted(with_reason) == sorted([reason, *expected])
