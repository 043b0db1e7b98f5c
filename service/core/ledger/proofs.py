"""The proof of one entry as a text that stands alone (C2SP tlog-proof): index, path, and the signed checkpoint.

A proof without a signed checkpoint is not a proof, and is not read as one.
"""

from dataclasses import dataclass

from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint, read_checkpoint
from service.core.ledger.merkle import verify_inclusion
from service.core.ledger.notes import LARGEST_NOTE, read_note
from service.core.ledger.policy import Judgement, Policy, judge
from service.core.ledger.spelling import read_base64, read_hash, read_number, write_base64

MOST_HASHES = 63

_FIRST_LINE = "c2sp.org/tlog-proof@v1"
_BLANK_LINE = b"\n\n"


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an entry is, its path to the root, and the checkpoint as it was signed; ``extra`` is nobody's word."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def read_proof(data: bytes) -> Proof:
    """Read a proof. Raises ``MalformedError``, also if no signed checkpoint follows."""
    head, blank, note = data.partition(_BLANK_LINE)
    if not blank or len(data) > LARGEST_NOTE:
        raise MalformedError(because="proof_form")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise MalformedError(because="proof_form") from error
    if first != _FIRST_LINE or not lines:
        raise MalformedError(because="proof_form")
    extra = _after("extra ", lines.pop(0)) if lines[0].startswith("extra ") else None
    index, *path = lines or [""]
    if extra == "" or len(path) > MOST_HASHES:
        raise MalformedError(because="proof_form")
    checkpoint_of(note)
    return Proof(
        read_number(_after("index ", index)),
        tuple(read_hash(line) for line in path),
        note,
        None if extra is None else read_base64(extra),
    )


def write_proof(proof: Proof) -> bytes:
    """Write a proof. Raises ``MalformedError`` for one that would not be read back as it is."""
    extra = [] if proof.extra is None else [f"extra {write_base64(proof.extra)}"]
    lines = [_FIRST_LINE, *extra, f"index {proof.index}", *(write_base64(hash_) for hash_ in proof.path)]
    data = "\n".join(lines).encode() + _BLANK_LINE + proof.checkpoint
    if read_proof(data) != proof:
        raise MalformedError(because="proof_form")
    return data


def checkpoint_of(note: bytes) -> Checkpoint:
    """Read the checkpoint in a signed note, without believing it. Raises ``MalformedError``."""
    return read_checkpoint(read_note(note).text)


def prove(proof: Proof, leaf: bytes, policy: Policy) -> Judgement:
    """Check a leaf hash against a proof and the keys of a policy; give what the checkpoint's signatures are worth.

    Raises ``NotProvenError`` if the checkpoint is not signed by a log of the policy or the path does not lead to it,
    and ``MalformedError``. Whether the quorum of witnesses is reached is for the caller to weigh.
    """
    judgement = judge(read_note(proof.checkpoint), policy)
    checkpoint = judgement.checkpoint
    verify_inclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root)
    return judgement


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise MalformedError(because="proof_form")
    return line.removeprefix(word)
