"""Files with applications, by a client over real HTTP."""

from pathlib import Path

import pytest

from service.client import Filter, Form, InvalidError
from tests import tabled
from tests.client.conftest import Served

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "申报.csv"
    path.write_bytes(tabled.csv_of(tabled.HEADINGS, tabled.SOUND))
    return path


def test_a_file_is_tried_and_entered(served: Served, file: Path) -> None:
    imports = served.client(served.house.officer).imports
    tried, entered = imports.try_(file), imports.enter(file, draft=True)
    assert [(row.cell, row.id, row.outcome) for row in tried.rows] == [("csv!A2", None, "approve")]
    assert [(row.cell, row.state) for row in entered.rows] == [("csv!A2", "draft")]
    found = list(served.client(served.house.officer).applications.find())
    assert [one.id for one in found] == [entered.rows[0].id]


def test_what_is_wrong_names_its_cell(served: Served, file: Path) -> None:
    file.write_bytes(tabled.csv_of(tabled.HEADINGS, (*tabled.SOUND[:6], "fifty", "1")))
    with pytest.raises(InvalidError, match="csv!G2: “fifty” is not a plain number") as caught:
        served.client(served.house.officer).imports.enter(file)
    assert [flaw.cell for flaw in caught.value.flaws] == ["csv!G2"]


def test_a_template_and_an_export_come_as_files(served: Served, file: Path) -> None:
    imports = served.client(served.house.officer).imports
    assert imports.template().startswith(b"PK")
    imports.enter(file)
    assert imports.export(form=Form.TABLE).startswith("\ufeffno,".encode())
    assert imports.export(Filter(state="draft"), Form.JSON) == b'{"items":[]}'
