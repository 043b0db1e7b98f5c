"""Editions of the rules: releasing one, and the only place that picks the one in force."""

import hashlib
from datetime import date

from sqlalchemy import func, select

from service import words
from service.actions.ledger import record
from service.actions.memory import remembered
from service.core.errors import Flaw, InvalidError, NotFoundError
from service.core.people import Permission
from service.core.rules.engine import Engine
from service.core.rules.faults import Fault
from service.core.rules.load import load
from service.core.rules.model import Rulebook
from service.db.rulebooks import RulebookRow
from service.work import Work

# PostgreSQL's number for the lock that releases take.
_RELEASES = 5_317_002

# Engines of this process by the SHA-256 of their source. An edition never changes, so neither does its engine.
_ENGINES: dict[str, Engine] = {}


class FaultyRulebookError(InvalidError):
    """A rules file with faults is not released; they are the flaws, each with its line and column."""

    code = "faulty_rulebook"


class NoRulebookInForceError(NotFoundError):
    """No edition is in force on that day. Figures: ``on``."""

    code = "no_rulebook_in_force"


def release(work: Work, source: bytes) -> RulebookRow:
    """Release an edition from the bytes of its file. Releasing the same bytes again changes nothing."""
    work.actor.require(Permission.RELEASE_RULES)
    rulebook = _engine(source).rulebook
    _hold_releases(work)
    row = work.session.get(RulebookRow, rulebook.sha256)
    return _store(work, rulebook) if row is None else row


def in_force(work: Work, on: date) -> Engine:
    """Give the engine of the edition in force on a day: the latest to begin by then, among equals the last released.

    Raises ``NoRulebookInForceError``.
    """
    sha256 = remembered(work.session, ("in_force", on), lambda: _sha256_in_force(work, on))
    return _ENGINES.get(sha256) or _engine(work.session.get_one(RulebookRow, sha256).source)


def edition(work: Work, sha256: str) -> Engine:
    """Give the engine of a released edition. Raises ``NotFoundError``."""
    known = _ENGINES.get(sha256)
    if known is not None:
        return known
    row = work.session.get(RulebookRow, sha256)
    if row is None:
        raise NotFoundError(kind="rulebook")
    return _engine(row.source)


def _sha256_in_force(work: Work, on: date) -> str:
    sha256 = work.session.scalars(
        select(RulebookRow.sha256)
        .where(RulebookRow.in_force_from <= on)
        .order_by(RulebookRow.in_force_from.desc(), RulebookRow.event_id.desc())
        .limit(1)
    ).first()
    if sha256 is None:
        raise NoRulebookInForceError(kind="rulebook", on=on)
    return sha256


def _hold_releases(work: Work) -> None:
    """Let no other release run until this work ends; SQLite's one writer is alone anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(select(func.pg_advisory_xact_lock(_RELEASES)))


def _engine(source: bytes) -> Engine:
    known = _ENGINES.get(hashlib.sha256(source).hexdigest())
    if known is not None:
        return known
    loaded = load(source)
    if loaded.rulebook is None:
        raise FaultyRulebookError(tuple(_flaw(fault) for fault in loaded.faults))
    made = Engine(loaded.rulebook, words.sections("assessment"))
    return _ENGINES.setdefault(loaded.rulebook.sha256, made)


def _flaw(fault: Fault) -> Flaw:
    return Flaw("", fault.code, {**fault.figures, "line": fault.place.line, "column": fault.place.column})


def _store(work: Work, rulebook: Rulebook) -> RulebookRow:
    data = {
        "id": rulebook.id,
        "edition": rulebook.edition,
        "in_force_from": rulebook.in_force_from.isoformat(),
        "rulebook_sha256": rulebook.sha256,
    }
    row = RulebookRow(
        sha256=rulebook.sha256,
        id=rulebook.id,
        edition=rulebook.edition,
        in_force_from=rulebook.in_force_from,
        released_at=work.now,
        source=rulebook.source,
        event_id=record(work, "rulebook.released", "rulebook", rulebook.sha256, data),
    )
    work.session.add(row)
    work.session.flush()
    return row
