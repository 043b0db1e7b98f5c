"""The rows of the tables, told in the words of the entries, so that both can be compared."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from sqlalchemy import select

from service.actions import rulebooks
from service.actions.applications.facts import stored_facts
from service.core.errors import SluiceError
from service.core.ledger.canonical import Plain
from service.core.ledger.folding import Place, Row
from service.core.people import person_ref
from service.core.values import number_text
from service.db.applications import ApplicationRow, ApplicationVersion, AssessmentRow
from service.db.base import Base
from service.db.evidence import EvidenceRow
from service.db.meetings import MeetingItemRow, MeetingRow, RecusalRow, SeatRow, VoteRow
from service.db.people import ApiKey, Person, PersonRole
from service.db.rulebooks import RulebookRow
from service.db.waivers import WaiverRow
from service.work import Work

Says: TypeAlias = Callable[[Work, Any], dict[str, Plain]]

_LANGUAGES: Final = ("zh", "en")


def rows(work: Work) -> dict[Place, Row]:
    """Give every row that entries tell of."""
    return dict(found for model, (key, says) in _TABLES.items() for found in _of(work, model, key, says))


def _of(work: Work, model: type[Base], key: tuple[str, ...], says: Says) -> Iterator[tuple[Place, Row]]:
    for row in work.session.scalars(select(model)):
        place = model.__tablename__, tuple(_key(getattr(row, name), name) for name in key)
        yield place, Row(getattr(row, "event_id"), says(work, row))  # noqa: B009 - the models share no such base


def _key(value: object, name: str) -> str:
    return f"u:{value}" if name == "person_id" else str(value)


def _plain(value: object) -> Plain:
    """Write a value the way entries do."""
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value  # type: ignore[return-value]  # texts, counts, flags and None are plain already


def _columns(*names: str) -> Says:
    return lambda _, row: {name: _plain(getattr(row, name)) for name in names}


def _and(says: Says, more: Says) -> Says:
    return lambda work, row: {**says(work, row), **more(work, row)}


def _facts_read(work: Work, row: Any) -> dict[str, Plain]:  # noqa: ANN401 - either kind of row with facts
    """Hash facts as the edition reads them; None where it cannot."""
    try:
        engine = rulebooks.edition(work, row.rulebook_sha256)
        return {"facts_sha256": engine.read(stored_facts(row.facts)).sha256}
    except SluiceError:
        return {"facts_sha256": None}


def _reports(*names: str) -> Says:
    """Hash texts in both languages."""
    texts = tuple(f"{name}_{language}" for name in names for language in _LANGUAGES)
    return lambda _, row: {f"{text}_sha256": _sha256(getattr(row, text).encode()) for text in texts}


def _listed(name: str) -> Says:
    return lambda _, row: {name: json.loads(getattr(row, name))}


def _person(work: Work, row: Person) -> dict[str, Plain]:
    roles = select(PersonRole.role).where(PersonRole.person_id == row.id).order_by(PersonRole.role)
    return {"roles": list(work.session.scalars(roles)), "department": row.department}


def _key_row(_: Work, row: ApiKey) -> dict[str, Plain]:
    return {
        "person": person_ref(row.person_id),
        "expires_at": _plain(row.expires_at),
        "revoked": row.revoked_at is not None,
    }


def _rulebook(_: Work, row: RulebookRow) -> dict[str, Plain]:
    return {"rulebook_sha256": _sha256(row.source)}


def _waiver(_: Work, row: WaiverRow) -> dict[str, Plain]:
    return {"owner": person_ref(row.owner_id), "application": str(row.application_id)}


def _seats(work: Work, row: MeetingRow) -> dict[str, Plain]:
    seats = work.session.scalars(select(SeatRow).where(SeatRow.meeting_id == row.id))
    return {"seats": [_seat(seat) for seat in seats]}


def _seat(row: SeatRow) -> Plain:
    told: dict[str, Plain] = {"person": person_ref(row.person_id), "voting": row.voting, "chair": row.chair}
    if row.present is not None:
        told |= {"held_by": person_ref(row.held_by), "present": row.present}
    return told


def _item(_: Work, row: MeetingItemRow) -> dict[str, Plain]:
    return {"n": row.of_version, "application": str(row.application_id), "waived": json.loads(row.waived)}


def _recusal(_: Work, row: RecusalRow) -> dict[str, Plain]:
    return {"held_by": person_ref(row.held_by)}


def _vote(work: Work, row: VoteRow) -> dict[str, Plain]:
    item = work.session.get(MeetingItemRow, (row.meeting_id, row.n))
    return {"application": None if item is None else str(item.application_id)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


_PAPER = ("sha256", "size", "media_type", "grade", "issued_on", "covers_from", "covers_to", "expires_on")
_VERSION = ("application_id", "n")
_SEAT = ("meeting_id", "n", "person_id")
_PINNED = ("rulebook_sha256", "declared_outcome", "declared_total", "verified_outcome", "verified_total", "state")
_CASE = ("number", "state", "version", "versions", "rulebook_sha256", "outcome", "category", "total")
_ASSESSED = ("facts_sha256", "rulebook_sha256", "outcome", "category", "total", "completeness")

# Every table that entries tell of: its key in their words, and what a row says.
_TABLES: Final[Mapping[type[Base], tuple[tuple[str, ...], Says]]] = MappingProxyType(
    {
        Person: (("id",), _person),
        ApiKey: (("id",), _key_row),
        RulebookRow: (("sha256",), _and(_columns("id", "edition", "in_force_from"), _rulebook)),
        ApplicationRow: (("id",), _and(_columns(*_CASE), _facts_read)),
        ApplicationVersion: (_VERSION, _and(_columns("follows", "rulebook_sha256"), _facts_read)),
        AssessmentRow: (_VERSION, _and(_columns(*_ASSESSED), _reports("report"))),
        EvidenceRow: (_VERSION, _and(_columns(*_PAPER, "state", "reason", "version"), _listed("facts"))),
        WaiverRow: (("id",), _and(_columns("gate", "reason", "expires_on", "revoked_because"), _waiver)),
        MeetingRow: (
            ("id",),
            _and(_columns("title", "held_at", "place", "state", "version", "rulebook_sha256"), _seats),
        ),
        MeetingItemRow: (("meeting_id", "n"), _and(_columns(*_PINNED), _and(_reports("declared", "verified"), _item))),
        RecusalRow: (_SEAT, _and(_columns("kind", "reason"), _recusal)),
        VoteRow: (_SEAT, _and(_columns("choice", "reason"), _vote)),
    }
)
