"""The rows of the tables, told in the words of the entries, so that both can be compared."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import select

from service.actions import rulebooks
from service.actions.applications.facts import stored_facts
from service.core.cases.headers import Header
from service.core.errors import SluiceError
from service.core.ledger.canonical import Plain
from service.core.ledger.commitments import SALT_BYTES, commitment
from service.core.ledger.folding import Place, Row
from service.core.people import person_ref
from service.core.values import number_text
from service.db.applications import ApplicationRow, ApplicationVersion, AssessmentRow
from service.db.base import Base
from service.db.evidence import EvidenceRow
from service.db.meetings import DecisionRow, DeputyRow, MeetingItemRow, MeetingRow, RecusalRow, SeatRow, VoteRow
from service.db.opinions import OpinionRow
from service.db.people import ApiKey, InterestRow, Person, PersonIdentity, PersonRole
from service.db.proposals import RulebookProposalRow
from service.db.rulebooks import RulebookRow
from service.db.sign_in import PasswordRow
from service.db.waivers import WaiverRow
from service.db.webhooks import WebhookRow
from service.work import Work

Says: TypeAlias = Callable[[Work, Any], dict[str, Plain]]

_LANGUAGES: Final = ("zh", "en")
_TO_THE_SECOND: Final = frozenset({"expires_at", "held_at"})


def rows(work: Work) -> dict[Place, Row]:
    """Give every row that entries tell of."""
    return dict(found for model, (key, says) in _TABLES.items() for found in _of(work, model, key, says))


def _of(work: Work, model: type[Base], key: tuple[str, ...], says: Says) -> Iterator[tuple[Place, Row]]:
    for row in work.session.scalars(select(model)):
        place = model.__tablename__, tuple(_key(row, name) for name in key)
        yield place, Row(getattr(row, "event_id"), says(work, row))  # noqa: B009 - the models share no such base


def _key(row: Base, name: str) -> str:
    value = getattr(row, name)
    if isinstance(row, InterestRow):
        return str(value) if name == "person_id" else str(_committed(row.salt, row.credit_code))
    is_about = isinstance(row, PasswordRow | PersonIdentity)
    return person_ref(value) if name == "person_id" and not is_about else str(value)


def _plain(name: str, value: object) -> Plain:
    """Write a value the way entries do: people as references, moments as entries write theirs."""
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, UUID):
        return person_ref(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ" if name in _TO_THE_SECOND else "%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    return value  # type: ignore[return-value]  # texts, counts, flags and None are plain already


def _columns(*names: str) -> Says:
    return lambda _, row: {name: _plain(name, getattr(row, name)) for name in names}


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


def _hashed(_: Work, row: AssessmentRow) -> dict[str, Plain]:
    """Hash the reports; None for one whose hash beside it is another."""
    kept = {f"report_{language}_sha256": getattr(row, f"report_{language}") for language in _LANGUAGES}
    hashes = {name: _sha256(text.encode()) for name, text in kept.items()}
    return {name: hash_ if hash_ == getattr(row, name) else None for name, hash_ in hashes.items()}


def _listed(name: str) -> Says:
    return lambda _, row: {name: _read(getattr(row, name))}


def _read(text: str | None) -> Plain:
    """Read what is kept as JSON; what is none stands for itself, and is nothing that an entry tells."""
    try:
        found: Plain = None if text is None else json.loads(text)
    except ValueError:
        return text
    return found


def _person(work: Work, row: Person) -> dict[str, Plain]:
    roles = select(PersonRole.role).where(PersonRole.person_id == row.id).order_by(PersonRole.role)
    committed = _committed(row.name_salt, row.name)
    login = None if row.login is None else _committed(row.name_salt, ("login", row.login))
    return {
        "roles": list(work.session.scalars(roles)),
        "department": row.department,
        "name_commitment": committed,
        "login_commitment": login,
    }


def _committed(salt: bytes | None, value: Plain) -> str | None:
    """Commit to a value as its entry did; None where the salt is gone, or is none."""
    return commitment(salt, value) if salt is not None and len(salt) == SALT_BYTES else None


def _key_row(_: Work, row: ApiKey) -> dict[str, Plain]:
    return {"person": person_ref(row.person_id), "scopes": _read(row.scopes)}


def _identity(_: Work, row: PersonIdentity) -> dict[str, Plain]:
    return {"subject_commitment": _committed(row.salt, row.subject)}


def _password(_: Work, row: PasswordRow) -> dict[str, Plain]:
    return {"hash_sha256": _sha256(row.hash.encode())}


def _header(_: Work, row: ApplicationRow) -> dict[str, Plain]:
    top = Header(row.applicant_name, row.credit_code, row.project_name, row.project_code)
    return {"header_sha256": top.sha256}


def _rulebook(_: Work, row: RulebookRow) -> dict[str, Plain]:
    return {"rulebook_sha256": _sha256(row.source)}


def _proposal(_: Work, row: RulebookProposalRow) -> dict[str, Plain]:
    return {"source_sha256": _sha256(row.source)}


def _waiver(_: Work, row: WaiverRow) -> dict[str, Plain]:
    return {"owner": person_ref(row.owner_id), "application": str(row.application_id)}


def _seats(work: Work, row: MeetingRow) -> dict[str, Plain]:
    seats = work.session.scalars(select(SeatRow).where(SeatRow.meeting_id == row.id))
    return {"seats": [_seat(seat) for seat in seats]}


def _seat(row: SeatRow) -> Plain:
    told: dict[str, Plain] = {"person": person_ref(row.person_id), "voting": row.voting, "chair": row.chair}
    if row.present is not None or row.held_by != row.person_id:
        told |= {"held_by": person_ref(row.held_by), "present": row.present}
    return told


def _item(_: Work, row: MeetingItemRow) -> dict[str, Plain]:
    return {"n": row.of_version, "application": str(row.application_id), "waived": _read(row.waived)}


def _recusal(_: Work, row: RecusalRow) -> dict[str, Plain]:
    return {"application": str(row.application_id)}


def _vote(work: Work, row: VoteRow) -> dict[str, Plain]:
    item = work.session.get(MeetingItemRow, (row.meeting_id, row.n))
    return {"application": None if item is None else str(item.application_id)}


def _decision(_: Work, row: DecisionRow) -> dict[str, Plain]:
    return {
        "meeting": str(row.meeting_id),
        "tally": _read(row.tally),
        "conditions_sha256": _sha256(row.conditions.encode()),
        "dissent_sha256": _sha256(row.dissent.encode()),
    }


def _opinion(_: Work, row: OpinionRow) -> dict[str, Plain]:
    return {"conditions": _read(row.conditions)}


def _deputy(_: Work, row: DeputyRow) -> dict[str, Plain]:
    return {
        "person": str(row.person_id),
        "sits": person_ref(row.deputy_id),
        "meeting": None if row.meeting_id is None else str(row.meeting_id),
    }


def _webhook(_: Work, row: WebhookRow) -> dict[str, Plain]:
    before = row.previous_secret
    return {
        "url_sha256": _sha256(row.url.encode()),
        "secret_sha256": _sha256(row.secret.encode()),
        "previous_secret_sha256": None if before is None else _sha256(before.encode()),
    }


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


_PAPER = ("sha256", "size", "media_type", "grade", "issued_on", "covers_from", "covers_to", "expires_on")
_RULED = ("uploaded_by", "uploaded_at", "state", "reason", "ruled_by", "ruled_at", "version")
_PROPOSED = ("sha256", "rulebook_id", "edition", "in_force_from", "note", "proposed_by", "proposed_at")
_PROPOSAL_DECIDED = ("state", "decided_by", "decided_at", "reason", "version")
_WAIVED = ("gate", "reason", "expires_on", "granted_by", "granted_at", "revoked_by", "revoked_at", "revoked_because")
_HELD = ("title", "held_at", "place", "state", "rulebook_sha256", "called_by", "called_at", "opened_at", "closed_at")
_VERSION = ("application_id", "n")
_SEAT = ("meeting_id", "n", "person_id")
_PINNED = ("rulebook_sha256", "declared_outcome", "declared_total", "verified_outcome", "verified_total")
_ON_TABLE = ("state", "tabled_by", "tabled_at")
_CASE = ("number", "state", "version", "versions", "rulebook_sha256", "outcome", "category", "total")
_MOVED = ("submitted_by", "created_at", "updated_at", "submitted_at")
_ASSESSED = ("facts_sha256", "rulebook_sha256", "outcome", "category", "total", "completeness", "assessed_at")
_DECIDED = ("item", "outcome", "assessed", "override", "reason", "decided_by", "decided_at")
_SAID = ("of_version", "department", "asked_by", "asked_at", "due_on", "stance", "reason", "given_by", "given_at")
_SITS = ("from_on", "to_on", "reason", "appointed_by", "appointed_at", "revoked_at", "version")
_HOOKED = ("previous_until", "active", "created_by", "created_at", "version")

# Every table that entries tell of: its key in their words, and what a row says.
_TABLES: Final[Mapping[type[Base], tuple[tuple[str, ...], Says]]] = MappingProxyType(
    {
        Person: (("id",), _and(_columns("created_at", "version"), _person)),
        PersonIdentity: (("person_id", "id"), _and(_columns("issuer", "linked_at"), _identity)),
        PasswordRow: (("person_id",), _and(_columns("set_at"), _password)),
        ApiKey: (("id",), _and(_columns("created_at", "expires_at", "revoked_at"), _key_row)),
        RulebookRow: (("sha256",), _and(_columns("id", "edition", "in_force_from", "released_at"), _rulebook)),
        RulebookProposalRow: (("id",), _and(_columns(*_PROPOSED, *_PROPOSAL_DECIDED), _proposal)),
        ApplicationRow: (("id",), _and(_columns(*_CASE, *_MOVED), _and(_header, _facts_read))),
        ApplicationVersion: (_VERSION, _and(_columns("follows", "rulebook_sha256", "submitted_at"), _facts_read)),
        AssessmentRow: (_VERSION, _and(_columns(*_ASSESSED), _hashed)),
        EvidenceRow: (_VERSION, _and(_columns(*_PAPER, *_RULED), _listed("facts"))),
        OpinionRow: (_VERSION, _and(_columns(*_SAID), _opinion)),
        WaiverRow: (("id",), _and(_columns(*_WAIVED), _waiver)),
        MeetingRow: (("id",), _and(_columns(*_HELD, "version"), _seats)),
        MeetingItemRow: (
            ("meeting_id", "n"),
            _and(_columns(*_PINNED, *_ON_TABLE), _and(_reports("declared", "verified"), _item)),
        ),
        RecusalRow: (_SEAT, _and(_columns("held_by", "kind", "reason", "at"), _recusal)),
        VoteRow: (_SEAT, _and(_columns("choice", "reason", "cast_by", "cast_at"), _vote)),
        DecisionRow: (_VERSION, _and(_columns(*_DECIDED), _decision)),
        DeputyRow: (("id",), _and(_columns(*_SITS), _deputy)),
        WebhookRow: (("id",), _and(_columns(*_HOOKED), _and(_listed("events"), _webhook))),
        InterestRow: (("person_id", "credit_code"), _columns("declared_at")),
    }
)
