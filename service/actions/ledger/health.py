"""How the ledger is: what waits, what is signed, and whether something is wrong."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.actions.ledger.checkpoints import newest, require_signer
from service.actions.ledger.sequencing import WAITING_SINCE, frontier
from service.core.ledger.cosignatures import read_cosignature
from service.core.ledger.keys import write_vkey
from service.core.ledger.notes import read_signature
from service.db.ledger import LedgerCheckpoint, LedgerCosignature, LedgerPending
from service.db.types import UtcDateTime
from service.signing import Signer, SignerRefusesError
from service.work import Work


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The largest size under which a witness's line stands, and the latest time in those lines."""

    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A witness of the settings, and the newest state it has signed, if any."""

    witness: str
    cosigned: Cosigned | None


@dataclass(frozen=True, slots=True)
class Health:
    """The ledger as it stands. ``vkey`` is None without a key; ``alarm`` says why the signer refuses, if it does."""

    entries: int
    pending: int
    oldest_pending_seconds: int | None
    vkey: str | None
    checkpoint: LedgerCheckpoint | None
    cosigned: Cosigned | None
    witnesses: tuple[Witnessed, ...]
    alarm: str | None


def health(work: Work, signer: Signer | None) -> Health:
    """Say how the ledger is."""
    session = work.session
    return Health(
        entries=frontier(session).size,
        pending=session.execute(select(func.count()).select_from(LedgerPending)).scalar_one(),
        oldest_pending_seconds=_oldest(session),
        vkey=None if signer is None else write_vkey(signer.key),
        checkpoint=newest(session),
        cosigned=_cosigned(session),
        witnesses=tuple(
            Witnessed(witness.key.name, _cosigned(session, LedgerCosignature.witness == witness.key.name))
            for witness in work.settings.ledger_witnesses
        ),
        alarm=_alarm(work, signer),
    )


def _oldest(session: Session) -> int | None:
    since, now = session.execute(select(WAITING_SINCE, func.current_timestamp(type_=UtcDateTime()))).one()
    return None if since is None else int((now - since).total_seconds())


def _cosigned(session: Session, *of: ColumnElement[bool]) -> Cosigned | None:
    size = session.scalars(select(func.max(LedgerCosignature.size)).where(*of)).one()
    if size is None:
        return None
    lines = session.scalars(select(LedgerCosignature.line).where(LedgerCosignature.size == size, *of))
    at = max(read_cosignature(read_signature(line).body).at for line in lines)
    return Cosigned(size, datetime.fromtimestamp(at, UTC))


def _alarm(work: Work, signer: Signer | None) -> str | None:
    try:
        require_signer(work, signer)
    except SignerRefusesError as error:
        return str(error.figures["because"])
    return None
