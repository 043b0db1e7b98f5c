"""Files of office programs are written whatever a text holds."""

import io
from decimal import Decimal

import pytest
from docx import Document
from openpyxl import load_workbook

from service.office import fit
from service.web.printing.documents import document
from service.web.printing.paper import Column, Heading, Listing, Paper, Sentence, Table, Terms
from service.web.printing.workbooks import Book, Field, Leaf, workbook

ODD = "甲\x00\x01\x1f\ud800\ufffe\uffff乙"


KEPT = "\t\n\r 𠮷\ufffd\ue000"


@pytest.mark.parametrize(("text", "told"), [(ODD, "甲乙"), (KEPT, KEPT), ("", "")])
def test_what_no_file_can_hold_is_left_out_and_nothing_else(text: str, told: str) -> None:
    assert fit(text) == told


def test_a_document_is_written_around_what_it_cannot_hold() -> None:
    table = Table((Column(ODD, 100),), ((ODD,),), "")
    blocks = (Heading(ODD), Sentence(ODD), Listing((ODD,)), Terms(((ODD, ODD),)), table)
    made = document(Paper("zh", ODD, blocks, mark=ODD))
    found = Document(io.BytesIO(made.body))
    texts = [paragraph.text for paragraph in found.paragraphs]
    cells = [cell.text for one in found.tables for row in one.rows for cell in row.cells]
    assert [text for text in texts if text] == ["甲乙 · 甲乙", "甲乙", "甲乙", "1. 甲乙"]
    assert cells == ["甲乙"] * 4


def test_a_workbook_is_written_around_what_it_cannot_hold() -> None:
    leaf = Leaf("一", (Field("名", 10), Field("数", 10)), ((ODD, Decimal(1)),))
    made = workbook(Book("zh", ODD, (leaf,)))
    assert load_workbook(io.BytesIO(made.body))["一"].cell(2, 1).value == "甲乙"
