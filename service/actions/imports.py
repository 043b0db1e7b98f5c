"""Applications handed in as a file: all of them or none, on the same way as one by itself."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from service import tables
from service.actions import applications, rulebooks
from service.actions.applications import NewApplication
from service.actions.identifiers import new_id
from service.actions.layouts import guides, layout
from service.actions.ledger import record
from service.core.errors import ConflictError, Flaw, InvalidError
from service.core.imports import lines, sheets
from service.core.imports.entries import Entries, Entry, told
from service.core.imports.tables import FILE, File, Format, Lines, Stamp, Workbook
from service.core.people import Permission
from service.core.rules.model import Rulebook
from service.db.applications import ApplicationRow
from service.tables.writing import LAYOUT
from service.work import Work

# Goes through the applications while each is entered, as a progress bar does.
Watch = Callable[[Iterable[Entry], int], Iterable[Entry]]

# So many flaws are told of a file.
MOST_FLAWS: Final = 2_000


class TemplateOutdatedError(ConflictError):
    """The file was made from the template of another edition. Figures: ``edition`` and ``in_force``."""

    code = "template_outdated"


@dataclass(frozen=True, slots=True)
class NewImport:
    """A file to import: its bytes, and whether what is in it is only stored, not submitted.

    ``through`` says which way it came: ``api``, or ``console`` where whoever holds the machine acts for somebody.
    """

    content: bytes
    draft: bool
    through: str = "api"


@dataclass(frozen=True, slots=True)
class Entered:
    """An application as it was entered, and the cell where it stands in the file."""

    place: str
    row: ApplicationRow


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brought: what kind it is, its hash, the edition it was read by, and its applications in order."""

    format: Format
    sha256: str
    rulebook: Rulebook
    entered: tuple[Entered, ...]


def require_importing(work: Work) -> None:
    """Refuse whoever may not enter applications, before anything is received from them."""
    work.actor.require(Permission.CREATE_CASES)


def unwatched(entries: Iterable[Entry], count: int) -> Iterable[Entry]:
    """Go through the applications without telling anybody."""
    del count
    return entries


def run(work: Work, new: NewImport, watch: Watch = unwatched) -> Imported:
    """Enter every application of a file, or none: raises ``InvalidError`` with every flaw of the file and its cell.

    Also raises ``TemplateOutdatedError``. A dry run is this, in a unit of work that is undone.
    """
    require_importing(work)
    rulebook = rulebooks.in_force(work, work.today).rulebook
    file = tables.read(new.content, guides())
    found = _entries(file, rulebook)
    _require_some(found)
    entered, flaws = _entered(work, new, watch(found.entries, len(found.entries)))
    if found.flaws or flaws:
        raise InvalidError(_bounded((*found.flaws, *flaws)))
    imported = Imported(_format(file), hashlib.sha256(new.content).hexdigest(), rulebook, tuple(entered))
    _record(work, imported, new.through)
    return imported


def _bounded(flaws: tuple[Flaw, ...]) -> tuple[Flaw, ...]:
    """Leave out what nobody reads to the end, and say how much that is."""
    more = len(flaws) - MOST_FLAWS
    return (*flaws[:MOST_FLAWS], Flaw(FILE, "flaws_beyond", {"more": more})) if more > 0 else flaws


def _entries(file: File, rulebook: Rulebook) -> Entries:
    if isinstance(file, Lines):
        return lines.read(file, tables.MOST_ROWS)
    if file.stamp is not None:
        _require_current(file.stamp, rulebook)
    return sheets.read(file, layout(rulebook), tables.MOST_ROWS)


def _require_current(stamp: Stamp, rulebook: Rulebook) -> None:
    if (stamp.sha256, stamp.layout) != (rulebook.sha256, LAYOUT):
        raise TemplateOutdatedError(edition=stamp.edition, in_force=rulebook.edition)


def _require_some(found: Entries) -> None:
    if found.flaws and not found.entries:
        raise InvalidError(found.flaws)
    if not found.entries:
        raise InvalidError((Flaw(FILE, "rows_missing"),))


def _entered(work: Work, new: NewImport, entries: Iterable[Entry]) -> tuple[list[Entered], list[Flaw]]:
    """Enter one application after another; the flaws of one do not keep those of the next from being found."""
    entered: list[Entered] = []
    flaws: list[Flaw] = []
    for at, entry in enumerate(entries):
        found: tuple[Flaw, ...] = ()
        try:
            if entry.readable:
                entered.append(Entered(entry.place, applications.create(work, _new(entry, new))))
        except InvalidError as error:
            found = error.flaws
        flaws += told(at, entry, found)
    return entered, flaws


def _new(entry: Entry, new: NewImport) -> NewApplication:
    return NewApplication(
        applicant_name=entry.texts.get("applicant_name", ""),
        credit_code=entry.texts.get("credit_code", ""),
        project_name=entry.texts.get("project_name", ""),
        project_code=entry.texts.get("project_code"),
        facts=entry.facts,
        draft=new.draft if entry.draft is None else entry.draft,
    )


def _format(file: File) -> Format:
    return file.format if isinstance(file, Workbook) else Format.NDJSON


def _record(work: Work, imported: Imported, through: str) -> None:
    """Say in the ledger which file it was and how much came of it; the entries of the cases have the same request."""
    data = {
        "file_sha256": imported.sha256,
        "format": imported.format.value,
        "through": through,
        "count": len(imported.entered),
        "rulebook_sha256": imported.rulebook.sha256,
    }
    record(work, "applications.imported", "import", str(new_id(work)), data)
