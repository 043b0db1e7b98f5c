"""Proofs to take away as the verifier takes them: of one entry, and of one checkpoint leading on to another."""

from service.actions import ledger
from service.actions.entries.looked_up import look_up
from service.core.errors import NotFoundError
from service.core.ledger.bundles import File, Older, Parts, Proven, bundle
from service.core.ledger.proofs import checkpoint_of
from service.core.people import Permission
from service.work import Work


def proven_entry(work: Work, index: int, kept: int | None = None) -> tuple[File, ...]:
    """Give the files of one entry: its bytes, its proof, the newest checkpoint, and how it leads on from ``kept``.

    Raises ``NotFoundError`` for an entry that nothing is signed over or that is not for the actor's eyes, and for a
    checkpoint that was not signed.
    """
    work.actor.require(Permission.READ_LEDGER)
    found = look_up(work, str(index))
    if found.canon is None:
        raise NotFoundError(kind="entry")
    note = ledger.note(work)
    proven = Proven(index, found.canon, ledger.inclusion_proof(work, index))
    size = checkpoint_of(note).size
    return bundle(Parts(size=size, checkpoint=note, entries=(proven,), older=_older(work, kept, size)))


def leading_on(work: Work, old: int, new: int) -> tuple[File, ...]:
    """Give the files that show that one signed checkpoint leads on from another.

    Raises ``NotFoundError`` for a size that was not signed, ``InvalidError`` if the first is the larger.
    """
    work.actor.require(Permission.READ_PROOFS)
    proof = ledger.consistency_proof(work, old, new)
    older = (Older(old, ledger.note(work, old), proof),) if old < new else ()
    return bundle(Parts(size=new, checkpoint=ledger.note(work, new), entries=(), older=older))


def _older(work: Work, kept: int | None, size: int) -> tuple[Older, ...]:
    if kept is None or kept >= size:
        return ()
    return (Older(kept, ledger.note(work, kept), ledger.consistency_proof(work, kept, size)),)
