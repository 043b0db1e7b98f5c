"""The body of a checkpoint (C2SP tlog-checkpoint): which log, how many entries, and the root over them."""

from dataclasses import dataclass

from service.core.errors import MalformedError
from service.core.ledger.spelling import read_hash, read_number, write_base64

_FIXED_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log in three lines. Extension lines are kept as they are, and mean nothing here."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint. Raises ``MalformedError`` for whatever is not exactly the form."""
    *lines, last = text.split("\n")
    if last or len(lines) < _FIXED_LINES or not all(lines):
        raise MalformedError(because="checkpoint_lines")
    if any(sign < " " for line in lines for sign in line):
        raise MalformedError(because="control_character")
    origin, size, root, *extensions = lines
    return Checkpoint(origin, read_number(size), read_hash(root), tuple(extensions))


def write_checkpoint(checkpoint: Checkpoint) -> str:
    """Write a checkpoint as the text of a note. Raises ``MalformedError`` for one that would be read otherwise."""
    lines = (checkpoint.origin, str(checkpoint.size), write_base64(checkpoint.root), *checkpoint.extensions)
    text = "".join(f"{line}\n" for line in lines)
    if read_checkpoint(text) != checkpoint:
        raise MalformedError(because="checkpoint_lines")
    return text
