"""Proofs to hand out, each to a signed checkpoint."""

from service.actions.ledger import proving
from service.actions.ledger.checkpoints import note
from service.core.errors import Flaw, InvalidError, NotFoundError
from service.core.ledger.proofs import Proof, checkpoint_of, write_proof
from service.core.ledger.spelling import write_base64
from service.work import Work


def inclusion_proof(work: Work, index: int, size: int | None = None) -> bytes:
    """Prove an entry by its number, to the checkpoint of a size, otherwise to the newest; as C2SP's tlog-proof.

    Raises ``NotFoundError`` for a size without a signed checkpoint, and a number beyond it.
    """
    signed = note(work, size)
    reached = checkpoint_of(signed).size
    if index >= reached:
        raise NotFoundError(kind="entry")
    return write_proof(Proof(index, proving.inclusion(work.session, index, reached), signed))


def consistency_proof(work: Work, old: int, new: int) -> bytes:
    """Prove that one signed checkpoint begins with another, as lines of base64.

    Raises ``NotFoundError`` for a size without a signed checkpoint, ``InvalidError`` if the first is the larger.
    """
    for size in (old, new):
        note(work, size)
    if old > new:
        raise InvalidError((Flaw("/from", "sizes_order"),))
    path = proving.consistency(work.session, old, new)
    return "".join(f"{write_base64(hash_)}\n" for hash_ in path).encode()
