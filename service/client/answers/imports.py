"""What came of a file with applications."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """An application of a file, and the cell where it stands; without ``id`` and ``number`` in a dry run."""

    cell: str
    id: UUID | None
    number: str | None
    state: str
    applicant_name: str
    credit_code: str
    project_name: str
    outcome: str | None
    category: str | None
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class Import:
    """What a file brought: its kind and hash, the edition it was read by, and its applications in order."""

    dry_run: bool
    format: str
    sha256: str
    rulebook: Mapping[str, Any]
    rows: tuple[ImportedRow, ...]
