"""Reading every entry, and finding those that are not what they were written as."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from service.core.ledger.canonical import Plain, canonical_bytes, leaf_hash
from service.core.ledger.folding import Entry, Finding, Trouble
from service.db.base import Base
from service.db.ledger import LedgerEvent

_TABLE = Base.metadata.tables[LedgerEvent.__tablename__]
_PAGE = 1_000


@dataclass(slots=True)
class Entries:
    """Every entry in the order of its number, and what is wrong with them. ``hashes`` are worked out from the bytes."""

    found: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    hashes: dict[int, bytes] = field(default_factory=dict)
    _heads: dict[tuple[str, str], tuple[int, str | None]] = field(default_factory=dict)

    def add(self, row: RowMapping) -> None:
        """Take an entry as the table has it."""
        number, canon = row["id"], bytes(row["canon"])
        self.hashes[number] = leaf_hash(canon)
        if self.hashes[number] != bytes(row["leaf_hash"]):
            self._tell(Trouble.ENTRY_HASH, number)
        try:
            self._take(row, canon)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self._tell(Trouble.ENTRY_BYTES, number)

    def _take(self, row: RowMapping, canon: bytes) -> None:
        event = json.loads(canon)
        if canonical_bytes(event) != canon:
            raise ValueError
        number, subject = row["id"], event["subject"]
        said = (event["type"], subject["kind"], subject["id"], subject["rev"])
        if said != (row["type"], row["subject_kind"], row["subject_id"], row["rev"]):
            self._tell(Trouble.ENTRY_COLUMNS, number)
        self._follow(number, (subject["kind"], subject["id"]), (subject["rev"], subject["prev"]))
        told = event["type"], subject["id"], event["data"], event["actor"]["ref"], event["at"]
        self.found.append(Entry(number, *told))

    def _follow(self, number: int, subject: tuple[str, str], link: tuple[int, str | None]) -> None:
        rev, prev = self._heads.get(subject, (0, None))
        if link != (rev + 1, prev):
            self._tell(Trouble.ENTRY_CHAIN, number, ledger=rev + 1, found=link[0])
        self._heads[subject] = (link[0], self.hashes[number].hex())

    def _tell(self, trouble: Trouble, number: int, ledger: Plain = None, found: Plain = None) -> None:
        self.findings.append(Finding(trouble, _TABLE.name, (str(number),), ledger=ledger, found=found))


def read(session: Session) -> Entries:
    """Read every entry."""
    entries = Entries()
    for row in _rows(session):
        entries.add(row)
    return entries


def _rows(session: Session) -> Iterator[RowMapping]:
    statement = select(_TABLE).order_by(_TABLE.c.id).execution_options(yield_per=_PAGE)
    yield from session.execute(statement).mappings()
