"""The one place that says which gates of a case are waived; everything that assesses a case asks here."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from service.core.cases.waivers import Waiver, applying
from service.db.waivers import WaiverRow
from service.work import Work


def waived(work: Work, application_id: UUID, on: date) -> frozenset[str]:
    """Give the ids of the gates that are waived for a case on a day."""
    return applying(of_case(work, application_id), on)


def of_case(work: Work, application_id: UUID) -> Iterator[Waiver]:
    """Give every waiver a case ever had."""
    rows = work.session.scalars(select(WaiverRow).where(WaiverRow.application_id == application_id))
    return (waiver(work, row) for row in rows)


def waiver(work: Work, row: WaiverRow) -> Waiver:
    """Give what is remembered of a waiver, its moments as days of the zone."""
    revoked_on = None if row.revoked_at is None else _day(work, row.revoked_at)
    return Waiver(row.gate, _day(work, row.granted_at), row.expires_on, revoked_on)


def _day(work: Work, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(work.settings.time_zone)).date()
