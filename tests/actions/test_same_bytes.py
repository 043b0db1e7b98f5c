"""The same facts give the same bytes, whichever database keeps them."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from service.actions import applications
from service.config import Settings
from service.core.values import Json
from service.db.applications import ApplicationVersion
from service.work import Runtime
from tests import databases, make
from tests.actions import tables
from tests.conftest import Clock


def kept(kind: str, facts: dict[str, Json]) -> list[Any]:
    """What a database of a kind keeps of a submission, less the identifiers."""
    with databases.fresh(kind) as engine:
        house = make.house(Runtime(engine, Settings(), Clock()))
        case_id = house.create(make.application(**facts))
        with house.work(house.auditor) as work:
            version = work.session.scalars(select(ApplicationVersion)).one()
            assessment = applications.assessment(work, case_id)
            row = applications.get(work, case_id)
        figures = (row.total, assessment.total, assessment.completeness)
        assert all(figure is not None for figure in figures)
        return [
            version.facts,
            assessment.report_zh.encode(),
            assessment.report_en.encode(),
            assessment.facts_sha256,
            [str(figure) for figure in figures],
            [event["data"] for event in tables.of_case(house.runtime, case_id)],
        ]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"output": Decimal("33.33"), "water": Decimal("1234567890123456789.01")},
        {"output": Decimal("1E+2"), "water": Decimal("0E-2")},
        {"nature": "expand", "water": None, "industry_code": "中文 𠮷 \t é e\u0301 \u2028"},
    ],
)
def test_both_databases_keep_the_same_bytes(facts: dict[str, Json]) -> None:
    assert kept("sqlite", facts) == kept("postgresql", facts)
