"""Signed checkpoints: signing the root when the tree has grown, and giving out what was signed."""

import logging
from typing import Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from service.actions.ledger.overlap import require_overlap
from service.actions.ledger.proving import consistency
from service.actions.ledger.sequencing import frontier
from service.core.errors import NotFoundError
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.merkle import root
from service.core.people import SYSTEM
from service.db.ledger import LedgerCheckpoint, LedgerCosignature
from service.signing import Signer, SignerRefusesError
from service.work import Runtime, Work

# PostgreSQL's number for the lock that signers take.
_SIGNERS: Final = 5_317_004

_LOG = logging.getLogger(__name__)


def checkpoint(runtime: Runtime, covering: int | None = None) -> LedgerCheckpoint | None:
    """Sign the tree as it is committed, if it has grown; with ``covering`` only if no checkpoint reaches that size.

    Gives the newest checkpoint, None without a key or an entry. Raises ``SignerRefusesError``, which the log tells too.
    """
    signer = runtime.signer
    if signer is None:
        return None
    try:
        with runtime.work(SYSTEM) as work:
            _hold_signers(work.session)
            last = newest(work.session)
            if last is not None and covering is not None and last.size >= covering:
                return last
            return _signed(work, signer, last)
    except SignerRefusesError as error:
        _LOG.critical("signer refuses", extra={"because": error.figures["because"]})
        raise


def newest(session: Session) -> LedgerCheckpoint | None:
    """Give the newest checkpoint, if there is one."""
    return session.scalars(select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)).first()


def note(work: Work, size: int | None = None) -> bytes:
    """Give a checkpoint as it was signed, the witnesses' lines under it: of a size, otherwise the newest.

    Raises ``NotFoundError(checkpoint)`` for a size that was not signed.
    """
    found = newest(work.session) if size is None else work.session.get(LedgerCheckpoint, size)
    if found is None:
        raise NotFoundError(kind="checkpoint")
    lines = work.session.scalars(
        select(LedgerCosignature.line)
        .where(LedgerCosignature.size == found.size)
        .order_by(LedgerCosignature.witness, LedgerCosignature.line)
    )
    return bytes(found.note) + "".join(f"{line}\n" for line in lines).encode()


def require_signer(work: Work, signer: Signer | None) -> None:
    """Raise ``SignerRefusesError`` if the key, where there is one, would not sign the tree as it stands."""
    if signer is not None:
        last = newest(work.session)
        require_overlap(work, signer, last)
        _require(work.session, signer, _now(work.session, signer), is_first=last is None)


def _signed(work: Work, signer: Signer, last: LedgerCheckpoint | None) -> LedgerCheckpoint | None:
    require_overlap(work, signer, last)
    now = _now(work.session, signer)
    if now.size == (0 if last is None else last.size):
        _require(work.session, signer, now, is_first=last is None)
        return last
    signed = signer.signed(now, lambda old: consistency(work.session, old, now.size), is_first=last is None)
    values = {"size": now.size, "root": now.root, "note": signed, "signed_at": work.now}
    work.session.execute(insert(LedgerCheckpoint), [values])
    return LedgerCheckpoint(**values)


def _require(session: Session, signer: Signer, now: Checkpoint, *, is_first: bool) -> None:
    signer.require(now, lambda old: consistency(session, old, now.size), is_first=is_first)


def _now(session: Session, signer: Signer) -> Checkpoint:
    stands = frontier(session)
    return Checkpoint(signer.key.name, stands.size, root(stands))


def _hold_signers(session: Session) -> None:
    """Let no other signer run until this work ends; SQLite's one writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_SIGNERS)))
