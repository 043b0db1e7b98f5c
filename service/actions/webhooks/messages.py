"""What is told of entries: the same bytes for every webhook, every attempt and everybody who catches up."""

import json
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from service.core.webhooks import Told, message, told
from service.db.applications import ApplicationRow
from service.db.ledger import LedgerEvent
from service.work import Work

_CASE = "application"


def bodies(work: Work, event_ids: Collection[int]) -> dict[int, bytes]:
    """Give the messages of entries by their numbers."""
    return {number: message(one) for number, one in tellings(work, event_ids).items()}


def tellings(work: Work, event_ids: Collection[int]) -> dict[int, Told]:
    """Give what messages tell of entries, by their numbers."""
    rows = work.session.execute(select(LedgerEvent.id, LedgerEvent.canon).where(LedgerEvent.id.in_(event_ids))).all()
    entries = {row.id: json.loads(bytes(row.canon)) for row in rows}
    cases = {entry["subject"]["id"] for entry in entries.values() if entry["subject"]["kind"] == _CASE}
    numbers = _numbers(work, cases)
    return {
        number: told(number, entry, numbers.get(entry["subject"]["id"]) if entry["subject"]["kind"] == _CASE else None)
        for number, entry in entries.items()
    }


def _numbers(work: Work, cases: Collection[str]) -> dict[str, str]:
    if not cases:
        return {}
    wanted = select(ApplicationRow.id, ApplicationRow.number).where(ApplicationRow.id.in_([UUID(one) for one in cases]))
    return {str(row.id): row.number for row in work.session.execute(wanted)}
