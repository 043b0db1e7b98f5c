"""That one checkpoint leads on from another: both of them, the proof between, and the same to take away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from service.actions import entries, ledger
from service.core.errors import InvalidError, NotFoundError
from service.core.ledger.merkle import verify_consistency
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.spelling import read_base64
from service.core.people import Permission
from service.db.ledger import LedgerCheckpoint
from service.web.ui.ledger import taking
from service.web.ui.ledger.commands import command
from service.web.ui.ledger.forms import Between, BetweenForm
from service.web.ui.ledger.standing import Noted, checkpoint
from service.web.ui.ledger.verifying import VERIFY
from service.web.ui.pages import Page, PageCall, Pages, Shows
from service.web.ui.rendering import filled
from service.web.views import Shown
from service.work import Work

# So many checkpoints are offered to be chosen.
_OFFERED: Final = 50

pages = Pages()

PAGE: Final = Page(
    name="ledger_consistency",
    path="/ledger/consistency",
    permission=Permission.READ_PROOFS,
    template="ledger_consistency.html",
    query=BetweenForm(),
    under=VERIFY,
)
_PACKED: Final = Page(
    name="ledger_consistency_packed",
    path="/ledger/consistency/<int:old>-<int:new>",
    permission=Permission.READ_PROOFS,
    template="problem.html",
    under=PAGE,
)


@dataclass(frozen=True, slots=True)
class Led:
    """Two checkpoints and the hashes between them; ``because`` says why they do not prove it, if so."""

    old: Noted
    new: Noted
    proof: tuple[bytes, ...]
    because: str | None


@pages.page(PAGE)
def compare(call: PageCall[Between]) -> Shows:
    """Show that one checkpoint leads on from another; from the one before the newest, unless others are asked for."""
    work, given = call.work, call.given
    sizes = _sizes(work)
    old = given.old if given.old is not None else sizes[min(1, len(sizes) - 1)] if sizes else None
    new = given.new if given.new is not None else sizes[0] if sizes else None
    refused: Mapping[str, object] = {}
    led = None
    try:
        led = None if old is None or new is None else _led(work, old, new)
    except (InvalidError, NotFoundError) as error:
        refused = {"form": filled(error, call.spoken)}
    return {
        "old": old,
        "new": new,
        "sizes": [(str(size), str(size)) for size in sorted({*sizes, *_signed(work, given)}, reverse=True)],
        "led": led,
        "command": command(call.spoken, f"consistency-{old}-{new}.zip", "--checkpoint", "kept.txt"),
        **refused,
    }


@pages.page(_PACKED)
def take(call: PageCall[None], old: int, new: int) -> Shown:
    """Give both checkpoints and the proof out, as the verifier takes them."""
    return taking.packed(entries.leading_on(call.work, old, new), f"consistency-{old}-{new}.zip")


def _sizes(work: Work) -> list[int]:
    """Give the newest sizes that were signed, the largest first."""
    newest = select(LedgerCheckpoint.size).order_by(LedgerCheckpoint.size.desc()).limit(_OFFERED)
    return list(work.session.scalars(newest))


def _signed(work: Work, given: Between) -> list[int]:
    """Give those of the sizes asked for that were signed."""
    asked = {size for size in (given.old, given.new) if size is not None}
    return list(work.session.scalars(select(LedgerCheckpoint.size).where(LedgerCheckpoint.size.in_(asked))))


def _led(work: Work, old: int, new: int) -> Led:
    """Work the proof out anew. Raises ``NotFoundError`` for a size that was not signed, ``InvalidError``."""
    older, newer = checkpoint(work, old), checkpoint(work, new)
    try:
        lines = ledger.consistency_proof(work, old, new).decode().splitlines()
        proof = tuple(read_base64(line) for line in lines)
    except NotProvenError as error:
        return Led(older, newer, (), error.because)
    because = older.because or newer.because
    try:
        verify_consistency((old, older.checkpoint.root), (new, newer.checkpoint.root), proof)
    except NotProvenError as error:
        because = error.because
    return Led(older, newer, proof, because)
