"""The chain of a case in the ledger, read back: what happened to it, in order, and who people are."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from service.core.people import SYSTEM, person_ref
from service.db.applications import ApplicationRow
from service.db.ledger import LedgerEvent
from service.db.people import Person
from service.work import Work


def events(work: Work, row: ApplicationRow) -> list[dict[str, Any]]:
    """Give the entries of a case, oldest first."""
    of_case = select(LedgerEvent.canon).where(
        LedgerEvent.subject_kind == "application", LedgerEvent.subject_id == str(row.id)
    )
    return [json.loads(canon) for canon in work.session.scalars(of_case.order_by(LedgerEvent.rev))]


def names(work: Work, refs: Iterable[str]) -> dict[str, str]:
    """Say what those are called today whom entries refer to."""
    ids = {UUID(ref.removeprefix("u:")) for ref in refs if ref != SYSTEM.ref}
    people = work.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {SYSTEM.ref: SYSTEM.name} | {person_ref(person.id): person.name for person in people}


def day(work: Work, moment: datetime) -> date:
    """Give the day of a moment in the zone."""
    return moment.astimezone(ZoneInfo(work.settings.time_zone)).date()
