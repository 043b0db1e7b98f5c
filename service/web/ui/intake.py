"""Applications from a file: the workbook to fill in, a try that tells what would be entered, and the entering."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import ClassVar, Final

from marshmallow import fields

from service.actions import imports, layouts
from service.actions.evidence import SentFile
from service.actions.imports import Imported, NewImport, TemplateOutdatedError
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission
from service.tables import MOST_BYTES
from service.tables.writing import XLSX_TYPE
from service.web import counting, forms
from service.web.endpoints import FileBody
from service.web.ui import apply
from service.web.ui.pages import Go, Page, PageCall, Pages, Shows, Submission
from service.web.ui.rendering import filled
from service.web.views import Shown

# A file up to this size is kept in the page that shows what would come of it; a larger one is chosen again.
_MOST_KEPT: Final = 150_000
_DRAFTS: Final = "true"

pages = Pages()


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent beside a file: whether it is only stored, and the file as the page kept it."""

    drafts: str
    kept: str
    name: str


class SentForm(forms.Form):
    """A file with applications, or what a page kept of one."""

    makes = Sent
    neutral: ClassVar[dict[str, object]] = {"drafts": "", "kept": "", "name": ""}

    file = fields.Raw(load_only=True)
    drafts = forms.Text()
    kept = forms.Text()
    name = forms.Text()


_FILE: Final = FileBody(SentForm(), imports.require_importing, (), MOST_BYTES)

PAGE = Page(
    name="import",
    path="/cases/import",
    permission=Permission.CREATE_CASES,
    template="import.html",
    under=apply.NEW,
)
TRIED = Page(
    name="import_check",
    path="/cases/import/check",
    permission=Permission.CREATE_CASES,
    template="import.html",
    of=PAGE,
    receives=_FILE,
    rehearses=True,
)
TEMPLATE = Page(
    name="template", path="/cases/template", permission=Permission.CREATE_CASES, template="import.html", under=PAGE
)


@pages.page(TEMPLATE)
def template(call: PageCall[None]) -> Shown:
    """Give the workbook to fill in, made from the rulebook in force."""
    named = {"Content-Type": XLSX_TYPE, "Content-Disposition": 'attachment; filename="applications.xlsx"'}
    return Shown(layouts.template(call.work, call.spoken), named)


@pages.page(PAGE)
def read_import(call: PageCall[None]) -> Shows:
    """Ask for a file."""
    del call
    return _shown()


@pages.page(TRIED)
def try_import(call: PageCall[Sent]) -> Shows:
    """Tell what would be entered, or all that is wrong, each with its cell; nothing is kept."""
    try:
        content = _content(call.given, call.file)
        found = imports.run(call.work, NewImport(content, call.given.drafts == _DRAFTS))
    except (InvalidError, TemplateOutdatedError) as error:
        return {**_shown(), "form": replace(filled(error, call.spoken), status=HTTPStatus.OK)}
    kept = b64encode(content).decode() if len(content) <= _MOST_KEPT else ""
    return {**_shown(), "found": found, "kept": kept, "drafts": call.given.drafts, "name": _name(call)}


@pages.submission(
    Submission(
        name="do_import", path=PAGE.path, permission=Permission.CREATE_CASES, page=PAGE, receives=_FILE, form=SentForm()
    )
)
def enter(call: PageCall[Sent]) -> Go:
    """Enter every application of a file, or none."""
    found = imports.run(call.work, NewImport(_content(call.given, call.file), call.given.drafts == _DRAFTS))
    _count(found)
    return Go("/cases", "said.imported", {"count": len(found.entered)})


def _count(found: Imported) -> None:
    for entered in found.entered:
        counting.assessed_and_kept(entered.row.outcome)


def _name(call: PageCall[Sent]) -> str:
    return call.given.name if call.file is None else call.file.name


def _content(given: Sent, file: SentFile | None) -> bytes:
    """Give the file that was sent, else what the page kept. Raises ``InvalidError`` where there is neither."""
    sent = b"" if file is None else file.content.whole()
    try:
        found = sent or b64decode(given.kept, validate=True)
    except NotBase64Error:
        found = b""
    if not found:
        raise InvalidError((Flaw("/file", "member_missing"),))
    return found


def _shown() -> dict[str, object]:
    return {"found": None, "kept": "", "drafts": "", "name": ""}
