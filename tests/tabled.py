"""Files with applications, as people and programs send them."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook, load_workbook

from service.core.imports.columns import Layout
from service.core.imports.filling import Told, rows
from service.core.rules.load import load
from service.core.rules.model import Rulebook
from service.core.values import Json, read_json, write_json
from service.tables.csv_writing import csv_text
from service.tables.writing import Book, workbook
from tests import make

ROOT: Final = Path(__file__).parent.parent
EXAMPLES: Final = tuple(sorted((ROOT / "examples").glob("a*.json")))
MEMBERS: Final = ("applicant_name", "credit_code", "project_name", "project_code")

HEADINGS: Final = ("no", "applicant_name", "credit_code", "project_name", "industry_code", "nature", "output", "water")
SOUND: Final = ("1", "大河精传动（虚构）有限公司", make.CREDIT_CODE, "精密减速器项目", "3453", "new", "80.50", "12.5")


def rulebook(source: bytes) -> Rulebook:
    found = load(source).rulebook
    assert found is not None
    return found


def example(path: Path) -> dict[str, Json]:
    """One of the twelve, as it is handed in."""
    read = read_json(path.read_bytes())
    assert isinstance(read, dict)
    return {name: read[name] for name in (*MEMBERS, "facts")}


def told(application: Mapping[str, Json], number: str) -> Told:
    facts = application["facts"]
    assert isinstance(facts, dict)
    return Told(number, {name: application[name] for name in MEMBERS}, facts)


def as_xlsx(rules: Rulebook, layout: Layout, applications: Iterable[Mapping[str, Json]], language: str = "zh") -> bytes:
    """Applications filled into the template."""
    found = [told(one, str(at)) for at, one in enumerate(applications, start=1)]
    return workbook(Book(rules, layout, language, rows(layout, found, apart=True)))


def as_csv(layout: Layout, applications: Iterable[Mapping[str, Json]]) -> bytes:
    return csv_text(layout, rows(layout, [told(one, str(at)) for at, one in enumerate(applications)], apart=False))


def as_lines(applications: Iterable[Mapping[str, Json]]) -> bytes:
    return "\n".join(write_json(dict(one)) for one in applications).encode()


def csv_of(*rows: Iterable[object], encoding: str = "utf-8") -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    return target.getvalue().encode(encoding)


def sheet_of(
    *rows: Iterable[object], name: str = "申报", more: Mapping[str, Iterable[Iterable[object]]] | None = None
) -> bytes:
    """A workbook somebody made by hand."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, found in {name: rows, **(more or {})}.items():
        sheet = book.create_sheet(title)
        for row in found:
            sheet.append(list(row))
    return saved(book)


def changed(content: bytes, change: Callable[[Any], object]) -> bytes:
    """A workbook after somebody did something to it."""
    book = load_workbook(io.BytesIO(content))
    change(book)
    return saved(book)


def saved(book: Any) -> bytes:  # noqa: ANN401 - the library's types differ from release to release
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content: bytes, changes: Mapping[str, bytes | None], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook with some of its parts put in, replaced or (None) taken out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", compression) as packed:
        kept = {name: source.read(name) for name in source.namelist()}
        for name, part in {**kept, **changes}.items():
            if part is not None:
                packed.writestr(name, part)
    return target.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def lines(*objects: object) -> bytes:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in objects).encode()
