"""The page about papers says what the service does."""

from pathlib import Path
from typing import Final

from service.core.cases.evidence import MOST_PAPERS, Standing
from service.core.cases.papers import MEDIA_TYPES
from service.core.rules.model import Grade

PAGE: Final = (Path(__file__).parent.parent / "docs" / "evidence.md").read_text(encoding="utf-8")


def test_every_type_of_file_that_is_taken_is_named() -> None:
    assert [kind for kind in MEDIA_TYPES if f"`{kind}`" not in PAGE] == []


def test_every_standing_of_a_fact_is_explained() -> None:
    rows = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    assert [standing.value for standing in Standing if standing.value not in rows] == []


def test_grades_stand_in_their_order_and_the_limit_is_the_one_that_holds() -> None:
    assert " < ".join(f"`{grade.value}`" for grade in Grade) in PAGE
    assert f"one application {MOST_PAPERS} papers" in PAGE
