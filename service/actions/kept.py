"""Holding checkpoints that were kept elsewhere against the tree there is."""

from collections.abc import Iterator, Mapping

from service.actions.doctor import tree
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.folding import Finding, Trouble
from service.core.people import Permission
from service.work import Work


def differing(work: Work, kept: Mapping[str, Checkpoint]) -> Iterator[Finding]:
    """Find where the tree was another when it was as large as a checkpoint says: it was rewritten since.

    Checkpoints are named by where they were kept; one that is larger than the tree is for the doctor.
    """
    work.actor.require(Permission.READ_LEDGER)
    built = tree.build(work.session, {}, [one.size for one in kept.values()])
    for name, one in kept.items():
        root = built.roots.get(one.size, one.root)
        if root != one.root:
            yield Finding(Trouble.CHECKPOINT_ROOT, "ledger_leaf", (name,), ledger=one.root.hex(), found=root.hex())
