"""Checkpoints that were kept outside the database, as files."""

from pathlib import Path
from typing import Final

import click

from service.cli import console
from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.proofs import checkpoint_of

CHECKPOINT: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


def read_kept(path: Path) -> Checkpoint:
    """Read a checkpoint from a file; leave if it is none. Whether it is signed is for others to look at."""
    try:
        return checkpoint_of(path.read_bytes())
    except MalformedError:
        console.fail("ledger.no_checkpoint", console.FAULTY, file=path)
