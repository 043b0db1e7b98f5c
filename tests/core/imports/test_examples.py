"""The twelve examples, written as tables in every form and read again: nothing is lost, nothing changes."""

from functools import cache
from pathlib import Path
from typing import Final

import pytest

from service import tables
from service.actions.layouts import guides, layout
from service.core.imports import lines, sheets
from service.core.imports.entries import Entries
from service.core.imports.tables import Lines
from service.core.rules.engine import Engine
from service.tables.writing import Book, workbook
from service.words import sections
from tests import tabled

RULES: Final = tabled.rulebook((tabled.ROOT / "rules.yaml").read_bytes())
LAYOUT: Final = layout(RULES)
ENGINE: Final = Engine(RULES, sections("assessment"))
ALL: Final = [tabled.example(path) for path in tabled.EXAMPLES]
FILES: Final = {
    "xlsx_zh": tabled.as_xlsx(RULES, LAYOUT, ALL),
    "xlsx_en": tabled.as_xlsx(RULES, LAYOUT, ALL, "en"),
    "csv": tabled.as_csv(LAYOUT, ALL),
    "csv_gbk": tabled.as_csv(LAYOUT, ALL).decode("utf-8-sig").encode("gb18030"),
    "ndjson": tabled.as_lines(ALL),
}


@cache
def entries(content: bytes) -> Entries:
    file = tables.read(content, guides())
    return lines.read(file, 200) if isinstance(file, Lines) else sheets.read(file, LAYOUT, 200)


@pytest.mark.parametrize("form", FILES)
def test_what_is_read_is_what_was_written(form: str) -> None:
    found = entries(FILES[form])
    assert found.flaws == ()
    assert [entry.flaws for entry in found.entries] == [()] * 12
    for entry, example in zip(found.entries, ALL, strict=True):
        assert entry.texts == {name: example[name] for name in tabled.MEMBERS if example[name] is not None}
        assert entry.facts == example["facts"]


@pytest.mark.parametrize("path", tabled.EXAMPLES, ids=lambda path: path.stem)
def test_a_table_leads_to_the_same_assessment_as_json(path: Path) -> None:
    facts = tabled.example(path)["facts"]
    assert isinstance(facts, dict)
    expected = ENGINE.explain(ENGINE.read(facts), "zh")
    for form, content in FILES.items():
        entry = entries(content).entries[tabled.EXAMPLES.index(path)]
        assert ENGINE.explain(ENGINE.read(entry.facts), "zh") == expected, form


def test_the_template_is_empty_and_the_same_wherever_it_is_made() -> None:
    first, again = (workbook(Book(RULES, LAYOUT, "zh")) for _ in range(2))
    assert first == again
    assert entries(first) == Entries(())
