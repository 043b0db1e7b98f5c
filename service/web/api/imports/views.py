"""What goes out about imports and exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from marshmallow import fields

from service.actions import layouts
from service.actions.applications import Case, Listing
from service.actions.imports import Entered, Imported
from service.core.cases.states import State
from service.core.imports.tables import Format
from service.core.rules.model import Outcome
from service.tables.csv_writing import CSV_TYPE
from service.tables.writing import XLSX_TYPE
from service.web.api.applications.views import ApplicationView
from service.web.api.meta import RulebookView
from service.web.views import Figure, Shape, Shown, View, json_text

_OUTCOME: Final[dict[str, Any]] = {"enum": [*(outcome.value for outcome in Outcome), None]}


@dataclass(frozen=True, slots=True)
class Row:
    """An application of a file; without number and identifier where nothing is kept."""

    entered: Entered
    kept: bool

    @property
    def id(self) -> UUID | None:
        """Its identifier."""
        return self.entered.row.id if self.kept else None

    @property
    def number(self) -> str | None:
        """What people call it."""
        return self.entered.row.number if self.kept else None


@dataclass(frozen=True, slots=True)
class ToldImport:
    """What a file brought, and whether it was kept."""

    imported: Imported
    title: str
    dry_run: bool

    @property
    def rows(self) -> Sequence[Row]:
        """Its applications."""
        return [Row(entered, not self.dry_run) for entered in self.imported.entered]


@dataclass(frozen=True, slots=True)
class ToldListing:
    """Cases with what whoever asks may do with them, and the listing they are of."""

    listing: Listing
    items: Sequence[Case]


class ImportedRowView(View):
    """An application of a file."""

    cell = fields.String(
        attribute="entered.place", required=True, metadata={"description": "位置 · where it stands in the file"}
    )
    id = fields.UUID(required=True, allow_none=True, metadata={"description": "Null in a dry run."})
    number = fields.String(required=True, allow_none=True, metadata={"description": "Null in a dry run."})
    state = fields.String(
        attribute="entered.row.state", required=True, metadata={"enum": [each.value for each in State]}
    )
    applicant_name = fields.String(attribute="entered.row.applicant_name", required=True)
    credit_code = fields.String(attribute="entered.row.credit_code", required=True)
    project_name = fields.String(attribute="entered.row.project_name", required=True)
    outcome = fields.String(attribute="entered.row.outcome", required=True, allow_none=True, metadata=_OUTCOME)
    category = fields.String(attribute="entered.row.category", required=True, allow_none=True)
    total = Figure(attribute="entered.row.total", required=True, allow_none=True)


class ImportView(View):
    """What a file brought."""

    dry_run = fields.Boolean(required=True, metadata={"description": "试运行 · true: nothing was kept."})
    format = fields.Enum(Format, by_value=True, attribute="imported.format", required=True)
    sha256 = fields.String(attribute="imported.sha256", required=True)
    rulebook = fields.Function(
        lambda told: {**RulebookView().dump({"rulebook": told.imported.rulebook}), "title": told.title},
        required=True,
        metadata={"type": "object"},
    )
    rows = fields.List(fields.Nested(ImportedRowView), required=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """Renders a whole listing as JSON."""

    headers: tuple[str, ...] = ()

    @property
    def shape(self) -> Shape:
        """The schema of the list."""
        items = {"type": "array", "items": ApplicationView}
        return {"type": "object", "required": ["items"], "properties": {"items": items}}

    def __call__(self, value: ToldListing, spoken: str) -> Shown:
        """Render the list; the language changes nothing."""
        del spoken
        return Shown(json_text({"items": ApplicationView().dump(value.items, many=True)}).encode())


def spreadsheet(value: ToldListing, spoken: str) -> Shown:
    """Write a listing as a workbook."""
    return Shown(layouts.spreadsheet(value.listing, spoken), {"Content-Type": XLSX_TYPE, **_named("xlsx")})


def values(value: ToldListing, spoken: str) -> Shown:
    """Write a listing as csv; the language changes nothing."""
    del spoken
    return Shown(layouts.values(value.listing), {"Content-Type": f"{CSV_TYPE}; charset=utf-8", **_named("csv")})


def _named(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="applications.{ending}"'}
