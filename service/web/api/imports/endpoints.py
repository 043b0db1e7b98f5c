"""The endpoints of imports and exports."""

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from service.actions import applications, imports, layouts
from service.actions.applications import Query
from service.actions.imports import NewImport, TemplateOutdatedError
from service.actions.rulebooks import NoRulebookInForceError
from service.blobs import StoreUnavailableError
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.tables import MOST_BYTES
from service.tables.csv_writing import CSV_TYPE
from service.tables.writing import XLSX_TYPE
from service.web.api.imports import views
from service.web.api.imports.forms import ExportForm, ImportFileForm, Manner, RehearsalForm
from service.web.api.imports.views import ImportView, Listed, ToldImport, ToldListing
from service.web.chosen import Chosen
from service.web.endpoints import Call, Endpoint, FileBody
from service.web.errors import NotAcceptableError
from service.web.octets import Octets
from service.web.routes import Routes
from service.web.views import Plain

_FILE: Final = MappingProxyType({"draft": {"file": "(…)", "draft": True}})
_EXPORT: Final = Chosen(Listed(), MappingProxyType({CSV_TYPE: views.values, XLSX_TYPE: views.spreadsheet}))

routes = Routes("imports", ("批量导入与导出", "Imports and exports"))


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/imports/template.xlsx",
        permission=Permission.CREATE_CASES,
        title=("下载批量申报表", "Fetch the template"),
        renders=Octets(XLSX_TYPE),
        refuses=(NoRulebookInForceError,),
    )
)
def get_template(call: Call[None]) -> bytes:
    """Fetch the workbook that applications are filled in on, made from the edition in force, in your language.

    The same edition gives the same bytes. It says of itself which edition it is for.
    """
    return layouts.template(call.work, call.spoken)


@routes.endpoint(
    Endpoint(
        method="POST",
        path="/imports",
        permission=Permission.CREATE_CASES,
        title=("批量导入申报", "Import applications"),
        body=FileBody(ImportFileForm(), imports.require_importing, ("file",), MOST_BYTES, _FILE),
        query=RehearsalForm(),
        renders=Plain(ImportView()),
        repeatable=True,
        rehearses=True,
        refuses=(NoRulebookInForceError, StoreUnavailableError, TemplateOutdatedError),
    )
)
def import_applications(call: Call[Manner]) -> ToldImport:
    """Enter every application of a file, or none: everything wrong is told at once, each with its cell.

    A workbook (.xlsx), csv in UTF-8 or GBK, or NDJSON, whichever the content is. With `dry_run=true` all of it is done
    and undone: the answer is that of the real run but for numbers and identifiers, and an Idempotency-Key does not
    count.
    """
    if call.file is None:
        raise InvalidError((Flaw("/file", "member_missing"),))
    found = imports.run(call.work, NewImport(call.file.content.whole(), call.given.draft))
    return ToldImport(found, getattr(found.rulebook.title, call.spoken), bool(call.asked and call.asked.dry_run))


@routes.endpoint(
    Endpoint(
        method="GET",
        path="/applications/export",
        permission=Permission.READ_CASES,
        title=("导出申报", "Export applications"),
        query=ExportForm(),
        renders=replace(_EXPORT, headers=(*_EXPORT.headers, "Content-Disposition")),
        refuses=(NoRulebookInForceError, NotAcceptableError),
    )
)
def export_applications(call: Call[Query]) -> ToldListing:
    """Read all applications you may see that the filters leave, with their facts, as they stand at one moment.

    JSON, csv (UTF-8) or a workbook, by Accept. A workbook is laid out like the template. In csv a text that a
    spreadsheet might take for a formula begins with an apostrophe, which an import takes away again.
    """
    listing = applications.everything(call.work, call.given)
    return ToldListing(listing, applications.cases(call.work, [item.row for item in listing.items]))
