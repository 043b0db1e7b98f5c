"""Many applications at once, in and out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.client.answers import Import
from service.client.calls import Call, FileBody, query
from service.client.given import Filter, Form
from service.client.sending import Line

_PATH: Final = "/v1/imports"
_ANY: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Imports:
    """``client.imports``."""

    line: Line

    def template(self) -> bytes:
        """Fetch the workbook to fill in, of the edition in force, in the client's language."""
        return self.line.content(Call("GET", f"{_PATH}/template.xlsx", accept="*/*"))

    def try_(self, path: Path, *, draft: bool = False) -> Import:
        """Have a file looked at as if it were entered, and keep nothing. Raises what ``enter`` raises."""
        return self._send(path, dry_run=True, draft=draft)

    def enter(self, path: Path, *, draft: bool = False) -> Import:
        """Enter every application of a workbook, csv or NDJSON, or none; with ``draft`` without submitting them.

        Raises ``InvalidError`` with every flaw and its ``cell``, ``ConflictError`` for a template of another edition.
        """
        return self._send(path, dry_run=False, draft=draft)

    def export(self, wanted: Filter | None = None, form: Form = Form.SHEET) -> bytes:
        """Fetch all applications you may see that the filter leaves, with their facts: a workbook, csv or data."""
        wanted = wanted or Filter()
        members = {name: getattr(wanted, name) for name in Filter.__dataclass_fields__}
        return self.line.content(Call("GET", "/v1/applications/export", query(**members), accept=form))

    def _send(self, path: Path, *, dry_run: bool, draft: bool) -> Import:
        fields = (("draft", "true"),) if draft else ()
        asked = query(dry_run=True) if dry_run else {}
        return self.line.ask(Import, Call("POST", _PATH, asked, FileBody(path, path.name, _ANY, fields)))
