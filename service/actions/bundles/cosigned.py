"""Which checkpoint a bundle rests on: one that every witness of the settings has signed, where there is one."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from service.actions import ledger
from service.actions.bundles.chain import Link
from service.actions.ledger.witnessed import Post
from service.core.errors import SluiceError
from service.core.ledger.witnessing import Witness
from service.db.ledger import LedgerCosignature
from service.work import Runtime, Work


def ask(runtime: Runtime, post: Post) -> None:
    """Ask all witnesses at once to sign the newest checkpoint; a bundle is made whatever they answer."""
    witnesses = runtime.settings.ledger_witnesses
    if not witnesses:
        return

    def one(witness: Witness) -> None:
        with suppress(SluiceError, SQLAlchemyError):
            ledger.cosign_by(runtime, witness, post)

    with ThreadPoolExecutor(len(witnesses)) as threads:
        list(threads.map(one, witnesses))


def note(work: Work, links: Sequence[Link]) -> bytes:
    """Give the newest checkpoint over all entries that every witness has signed, otherwise the newest there is."""
    names = _names(work)
    if not names or not all(link.index is not None for link in links):
        return ledger.note(work)
    last = max(link.index or 0 for link in links)
    signed = (
        select(LedgerCosignature.size)
        .where(LedgerCosignature.size > last, LedgerCosignature.witness.in_(names))
        .group_by(LedgerCosignature.size)
        .having(func.count(LedgerCosignature.witness.distinct()) == len(names))
        .order_by(LedgerCosignature.size.desc())
        .limit(1)
    )
    return ledger.note(work, work.session.scalars(signed).first())


def lacking(work: Work, size: int) -> tuple[str, ...]:
    """Name the witnesses of the settings that have not signed the checkpoint of a size."""
    signed = set(work.session.scalars(select(LedgerCosignature.witness).where(LedgerCosignature.size == size)))
    return tuple(name for name in _names(work) if name not in signed)


def _names(work: Work) -> list[str]:
    return [witness.key.name for witness in work.settings.ledger_witnesses]
