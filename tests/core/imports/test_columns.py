"""Tables of rulebooks whose names and labels collide with others: what is written can still be read."""

from typing import Final

from service import tables
from service.actions.layouts import guides, layout
from service.core.imports import sheets
from service.core.imports.columns import title
from service.core.imports.filling import Told, rows
from service.core.imports.tables import Workbook
from service.core.values import Json
from service.tables.writing import Book, workbook
from tests import make, tabled

# Two lists with one label, one labelled like the guide, facts named like columns, choices with one label.
ODD: Final = (
    make.listed_edition()
    .replace(b"  listed: {", b"  state: {")
    .replace(b"  share: {", "  no: {type: text, group: figures, label: {zh: 门牌, en: House}}\n  share: {".encode())
    .replace("{zh: 扩建".encode(), "{zh: 新建".encode())
    .replace("expand: {zh: 改扩建".encode(), "expand: {zh: 新建".encode())
    .replace(
        b"derived: {}",
        """  grants:
    type: list
    group: figures
    label: {zh: 扶持, en: "A/B"}
    of:
      no: {type: text, label: {zh: 文号, en: Paper}}
  notes:
    type: list
    group: figures
    label: {zh: 填写说明, en: Guide}
    of:
      text: {type: text, label: {zh: 文字, en: Text}}
derived: {}""".encode(),
    )
)
RULES: Final = tabled.rulebook(ODD)
LAYOUT: Final = layout(RULES)
FACTS: Final[dict[str, Json]] = {
    **make.facts(nature="expand"),
    "state": True,
    "no": "12号",
    "aids": [{"kind": "a"}],
    "grants": [{"no": "虚政发1号"}],
    "notes": [{"text": "甲"}],
}


def test_columns_of_facts_give_way_to_those_that_every_table_has() -> None:
    names = [column.name for column in LAYOUT.applications.columns if column.fact is not None]
    assert {"facts.no", "facts.state", "aids"} <= set(names)
    assert [column.name for column in LAYOUT.lists[1].columns] == ["no", "facts.no"]


def test_no_two_sheets_have_one_title() -> None:
    titles = [title(plan, language) for plan in LAYOUT.lists for language in ("zh", "en")]
    assert titles == ["扶持", "Aids", "grants", "grants", "notes", "notes"]


def test_what_is_written_under_odd_names_is_read_again() -> None:
    texts: dict[str, Json] = dict(zip(tabled.MEMBERS[:3], tabled.SOUND[1:4], strict=True))
    told = [Told("2026-0001", {**texts, "state": "已提交"}, FACTS)]
    for language in ("zh", "en"):
        content = workbook(Book(RULES, LAYOUT, language, rows(LAYOUT, told, apart=True)))
        file = tables.read(content, guides())
        assert isinstance(file, Workbook)
        (entry,) = sheets.read(file, LAYOUT, 200).entries
        assert (entry.flaws, entry.texts, entry.facts) == ((), texts, FACTS)
