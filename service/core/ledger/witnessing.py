"""What a log asks of a witness and what a witness answers (C2SP tlog-witness, ``add-checkpoint``), as plain values.

A request holds the size the log believes the witness knows, the proof from there, and the signed checkpoint. The
status codes are words of the protocol; whoever speaks HTTP sends them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint, read_checkpoint
from service.core.ledger.keys import KeyType, VerifierKey, read_vkey, write_vkey
from service.core.ledger.merkle import EMPTY_ROOT, verify_consistency
from service.core.ledger.notes import LARGEST_NOTE, Note, read_note, read_signature, verify, write_signature
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.spelling import read_hash, read_number, write_base64

CALL: Final = "add-checkpoint"
SIZE_TYPE: Final = "text/x.tlog.size"
MOST_HASHES: Final = 63
LARGEST_REQUEST: Final = LARGEST_NOTE
MOST_WITNESSES: Final = 32
LONGEST_NAME: Final = 200

MALFORMED: Final = 400
UNSIGNED: Final = 403
UNKNOWN_LOG: Final = 404
CONFLICT: Final = 409
BAD_PROOF: Final = 422

_BLANK_LINE: Final = b"\n\n"
_OLD: Final = "old "
_URL: Final = re.compile(r"https?://[^\s/?#@]+(/[^\s#]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness to ask: its key, and the address below which it answers, without a slash at the end."""

    key: VerifierKey
    url: str

    def __str__(self) -> str:
        """Give what ``read_witnesses`` reads."""
        return f"{write_vkey(self.key)} {self.url}"


@dataclass(frozen=True, slots=True)
class Request:
    """The size the witness is thought to know, the proof from there, and the checkpoint as it was signed."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest state of a log that a witness has signed; before the first, that is the empty tree."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request of a known log; ``note`` has its lines only. Whether it follows what was seen is not yet decided."""

    request: Request
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Accepted:
    """A checkpoint that follows what was seen: what is to be remembered, and the note to sign."""

    seen: Seen
    note: Note


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a witness does not sign: the status of the protocol, a stable code, and with 409 the size it knows."""

    status: int
    because: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness's line that holds, without its newline, and the time (seconds since 1970) in it."""

    line: str
    at: int


def is_url(text: str) -> bool:
    """Whether a text is an address to send to: http or https, without a password and without a fragment."""
    return _URL.fullmatch(text) is not None


def read_witnesses(text: str) -> tuple[Witness, ...]:
    """Read pairs of a key and an address, separated by commas or line ends.

    Raises ``MalformedError`` with the number of the pair that is none, is there already, or is one too many.
    """
    found: list[Witness] = []
    pairs = [pair for pair in re.split(r"[,\n]", text) if pair.strip()]
    for number, pair in enumerate(pairs, start=1):
        witness = _read_witness(pair)
        is_new = witness is not None and all(witness.key.name != other.key.name for other in found)
        if witness is None or not is_new or number > MOST_WITNESSES:
            raise MalformedError(because="witness", number=number)
        found.append(witness)
    return tuple(found)


def write_request(request: Request) -> bytes:
    """Write a request. Raises ``MalformedError`` for one that would not be read back as it is."""
    lines = [f"{_OLD}{request.old}", *(write_base64(hash_) for hash_ in request.proof)]
    data = "\n".join(lines).encode() + _BLANK_LINE + request.note
    if read_request(data) != request:
        raise MalformedError(because="request_form")
    return data


def read_request(data: bytes) -> Request:
    """Read a request. Raises ``MalformedError`` for whatever is not exactly the form."""
    head, blank, note = data.partition(_BLANK_LINE)
    if not blank or len(data) > LARGEST_REQUEST:
        raise MalformedError(because="request_form")
    try:
        old, *proof = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise MalformedError(because="request_form") from error
    if not old.startswith(_OLD) or len(proof) > MOST_HASHES:
        raise MalformedError(because="request_form")
    read_checkpoint(read_note(note).text)
    return Request(read_number(old.removeprefix(_OLD)), tuple(read_hash(line) for line in proof), note)


def admit(data: bytes, logs: Sequence[VerifierKey]) -> Admitted | Refused:
    """Read a request and check what needs no memory: its form, that the log is known, its signature, its sizes.

    The name of a log's key is its origin; several keys of one name are keys of one log.
    """
    try:
        request = read_request(data)
    except MalformedError:
        return Refused(MALFORMED, "malformed")
    note = read_note(request.note)
    checkpoint = read_checkpoint(note.text)
    keys = [key for key in logs if key.name == checkpoint.origin]
    if not keys:
        return Refused(UNKNOWN_LOG, "unknown_log")
    ours = _lines_of(note, keys)
    if not _is_signed(ours, keys):
        return Refused(UNSIGNED, "unsigned")
    if request.old > checkpoint.size:
        return Refused(MALFORMED, "old_beyond")
    return Admitted(request, ours, checkpoint)


def decide(remembered: Seen, admitted: Admitted) -> Accepted | Refused:
    """Decide whether to sign. What is accepted must be remembered, in the transaction in which it was decided."""
    request, checkpoint = admitted.request, admitted.checkpoint
    if request.old != remembered.size:
        return Refused(CONFLICT, "old_differs", remembered.size)
    if request.old == checkpoint.size and remembered.root != checkpoint.root:
        return Refused(CONFLICT, "other_root", remembered.size)
    now = Seen(checkpoint.size, checkpoint.root)
    if not _follows(remembered, now, request.proof):
        return Refused(BAD_PROOF, "bad_proof")
    return Accepted(now, admitted.note)


def write_size(size: int) -> bytes:
    """Write the size a witness knows, as the body of its 409."""
    return f"{size}\n".encode()


def read_size(body: bytes) -> int:
    """Read the size a witness knows. Raises ``MalformedError``."""
    if not body.endswith(b"\n") or not body.isascii():
        raise MalformedError(because="number")
    return read_number(body[:-1].decode("ascii"))


def read_answer(note: bytes, body: bytes, witness: VerifierKey) -> Cosigned:
    """Give the newest line of a witness in its answer to a signed note; lines of other keys are left out.

    Raises ``MalformedError``, and ``NotProvenError`` if one of its lines does not hold or there is none.
    """
    text = read_note(note).text
    answered = read_note(f"{text}\n".encode() + body)
    if answered.text != text:
        raise MalformedError(because="note_form")
    ours = _lines_of(answered, [witness])
    times = [0 if one.at is None else one.at for one in verify(ours, [witness])]
    at, line = max(zip(times, map(write_signature, ours.signatures), strict=True))
    return Cosigned(line.removesuffix("\n"), at)


def is_line_of(line: str, witness: VerifierKey) -> bool:
    """Whether a signature line names this key. Raises ``MalformedError``."""
    signature = read_signature(line)
    return (signature.name, signature.key_id) == (witness.name, witness.id)


def _read_witness(pair: str) -> Witness | None:
    vkey, _, place = pair.strip().partition(" ")
    url = place.strip().rstrip("/")
    try:
        key = read_vkey(vkey)
    except MalformedError:
        return None
    is_witness = key.type is KeyType.COSIGNATURE and len(key.name) <= LONGEST_NAME
    return Witness(key, url) if is_witness and is_url(url) and "?" not in url else None


def _lines_of(note: Note, keys: Sequence[VerifierKey]) -> Note:
    """Leave out the lines of other keys, and whatever is there twice."""
    known = {(key.name, key.id) for key in keys}
    lines = dict.fromkeys(line for line in note.signatures if (line.name, line.key_id) in known)
    return Note(note.text, tuple(lines))


def _is_signed(note: Note, keys: Sequence[VerifierKey]) -> bool:
    try:
        verify(note, keys)
    except NotProvenError:
        return False
    return True


def _follows(old: Seen, new: Seen, proof: Sequence[bytes]) -> bool:
    if old.size == 0:
        return not proof  # every tree begins with the empty one
    try:
        verify_consistency((old.size, old.root), (new.size, new.root), proof)
    except NotProvenError:
        return False
    return True
