"""A paper as a document: ``.docx``, with fonts for Chinese text too."""

import io
from functools import singledispatch
from typing import Final

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as DocxTable
from docx.table import _Row
from docx.text.run import Run

from service.archives import timeless
from service.office import fit
from service.web.printing.paper import Block, Heading, Listing, Paper, Sentence, Style, Table, Terms
from service.web.views import Shown

DOCX_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_LATIN = "Times New Roman"
_TITLES = "宋体"
_BODY = "仿宋"
_STYLES = (
    ("Normal", _BODY, 12),
    ("Title", _TITLES, 18),
    ("Heading 2", _TITLES, 14),
    ("Heading 3", _TITLES, 12),
)
_BLACK = RGBColor(0, 0, 0)
_LONG, _SHORT = Mm(297), Mm(210)
_MARGIN = Mm(22)


def document(paper: Paper) -> Shown:
    """Write a paper as a document. The same paper is the same bytes."""
    made = Document()
    _prepare(made, paper)
    title = made.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(fit(paper.title if paper.mark is None else f"{paper.title} · {paper.mark}"))
    for block in paper.blocks:
        _write(block, made)
    target = io.BytesIO()
    made.save(target)
    headers = {"Content-Type": DOCX_TYPE, "Content-Language": paper.language}
    return Shown(timeless(target.getvalue(), {}), headers)


def _prepare(made: Docx, paper: Paper) -> None:
    """Set fonts, paper and what the file says of itself."""
    for name, font, size in _STYLES:
        style = made.styles[name]
        if isinstance(style, ParagraphStyle):
            _set_font(style, font, size)
    section = made.sections[0]
    section.page_width, section.page_height = (_LONG, _SHORT) if paper.landscape else (_SHORT, _LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if paper.landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    told = made.core_properties
    told.title, told.author, told.comments, told.language = fit(paper.title), "", "", paper.tag
    told.created = told.modified = paper.dated.replace(tzinfo=None, microsecond=0)


def _set_font(style: ParagraphStyle, font: str, size: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = _LATIN, Pt(size), _BLACK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    fonts.set(qn("w:eastAsia"), font)


@singledispatch
def _write(block: Block, made: Docx) -> None:
    raise NotImplementedError(type(block).__name__, made)


@_write.register
def _(block: Heading, made: Docx) -> None:
    made.add_paragraph(fit(block.text), style=f"Heading {block.level}")


@_write.register
def _(block: Sentence, made: Docx) -> None:
    paragraph = made.add_paragraph()
    run = paragraph.add_run(fit(block.text))
    if block.style is Style.SIGNED:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if block.style is Style.NOTE:
        run.font.size = Pt(10)
    if block.style is Style.BODY:
        paragraph.paragraph_format.first_line_indent = Pt(24)


@_write.register
def _(block: Listing, made: Docx) -> None:
    for number, item in enumerate(block.items, start=1):
        made.add_paragraph(fit(f"{number}. {item}"))


@_write.register
def _(block: Terms, made: Docx) -> None:
    table = _table(made, (25, 75))
    for name, text in block.pairs:
        cells = _row(table).cells
        _bold(cells[0].paragraphs[0].add_run(fit(name)))
        cells[1].paragraphs[0].add_run(fit(text))


@_write.register
def _(block: Table, made: Docx) -> None:
    if not block.rows:
        made.add_paragraph(block.nothing)
        return
    table = _table(made, tuple(column.width for column in block.columns))
    head = _row(table)
    for cell, column in zip(head.cells, block.columns, strict=True):
        _bold(cell.paragraphs[0].add_run(fit(column.title)))
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - the library has no name for it
    for row in block.rows:
        for cell, column, text in zip(_row(table).cells, block.columns, row, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(fit(text)).font.size = Pt(10)
            if column.figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _table(made: Docx, widths: tuple[int, ...]) -> DocxTable:
    """Begin a table; its columns share the width of the text."""
    table: DocxTable = made.add_table(rows=0, cols=len(widths))
    table.style = made.styles["Table Grid"]
    table.autofit = False
    section = made.sections[0]
    room = (section.page_width or _SHORT) - 2 * _MARGIN
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(int(room * width / sum(widths) / Mm(1)))
    return table


def _row(table: DocxTable) -> _Row:
    added: _Row = table.add_row()  # type: ignore[no-untyped-call]  # the library left this one without types
    return added


def _bold(run: Run) -> None:
    run.bold = True
    run.font.size = Pt(10)
