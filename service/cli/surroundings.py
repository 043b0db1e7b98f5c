"""Whether what the settings name is there and can be used: asked of the world, one thing after the other, all told."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.blobs import Blob, Blobs, DamagedBlobError, StoreUnavailableError
from service.calendars import open_calendar
from service.config import PREFIX, Settings
from service.core.errors import Flaw, InvalidError
from service.db import migrate
from service.db.engine import make_engine
from service.db.evidence import EvidenceRow
from service.signing import open_signer


def flaws(settings: Settings, today: date) -> Iterator[Flaw]:
    """Give everything that is not as it must be, and is not seen from the settings alone."""
    engine = make_engine(settings.database_url)
    yield from _database(settings, engine)
    engine.dispose()
    yield from _folder("EVIDENCE_FOLDER", Path(settings.evidence_folder))
    yield from _key(settings)
    yield from _calendar(settings, today)


def lacks_next_year(settings: Settings, today: date) -> bool:
    """Whether the calendar must be added to before the year ends."""
    return today.year + 1 not in open_calendar(settings).years


def _database(settings: Settings, engine: Engine) -> Iterator[Flaw]:
    """Look whether the database is there with its tables, and whether the papers it names are where they should be."""
    name = f"{PREFIX}DATABASE_URL"
    try:
        if not migrate.at_head(engine):
            yield Flaw(name, "setting_database_behind")
            return
        with Session(engine) as session:
            last = session.scalars(select(EvidenceRow).order_by(EvidenceRow.uploaded_at.desc()).limit(1)).first()
    except SQLAlchemyError:
        yield Flaw(name, "setting_database_unreached")
        return
    if last is not None:
        yield from _shared(Path(settings.evidence_folder), Blob(last.sha256, last.size))


def _shared(folder: Path, blob: Blob) -> Iterator[Flaw]:
    """Look whether a paper that another process took in is here too: they all share one folder."""
    try:
        Blobs(folder).open(blob).close()
    except (DamagedBlobError, StoreUnavailableError):
        yield Flaw(f"{PREFIX}EVIDENCE_FOLDER", "setting_folder_lacks")


def _folder(name: str, folder: Path) -> Iterator[Flaw]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"-")
    except OSError:
        yield Flaw(f"{PREFIX}{name}", "setting_folder_closed")


def _key(settings: Settings) -> Iterator[Flaw]:
    """Look at the keys, and whether what was signed can be remembered."""
    try:
        signer = open_signer(settings)
    except InvalidError as error:
        yield from error.flaws
        return
    if signer is not None:
        yield from _folder("LEDGER_MEMORY_FILE", signer.memory.parent)
        if signer.anchor is not None:
            yield from _folder("LEDGER_ANCHOR_FILE", signer.anchor.parent)


def _calendar(settings: Settings, today: date) -> Iterator[Flaw]:
    try:
        years = open_calendar(settings).years
    except InvalidError as error:
        yield from error.flaws
        return
    if today.year not in years:
        yield Flaw(f"{PREFIX}CALENDAR_FILE", "setting_calendar_ends", {"year": today.year})
