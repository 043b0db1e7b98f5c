"""C2SP signed notes: a text and, after the last blank line, signatures of one or more keys.

A line of a key that is not known is ignored, whatever it holds. A line whose name and id are those of a known key must
hold: one that does not spoils the whole note.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.core.errors import MalformedError
from service.core.ledger import ed25519
from service.core.ledger.cosignatures import cosigned_message, read_cosignature
from service.core.ledger.keys import ID_BYTES, KeyType, VerifierKey, check_name
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.spelling import read_base64, write_base64

LARGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100

_BLANK_LINE = "\n\n"
_DASH = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: the name and id of a key, and what it wrote."""

    name: str
    key_id: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text (with its last newline) and the signatures under it, not yet believed."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that holds: whose, and for a witness when (seconds since 1970)."""

    key: VerifierKey
    at: int | None


def read_note(data: bytes) -> Note:
    """Read a note. Raises ``MalformedError`` for whatever is not exactly the form, and for notes beyond the limits."""
    text, blank, lines = _characters(data).rpartition(_BLANK_LINE)
    if not blank or not lines.endswith("\n"):
        raise MalformedError(because="note_form")
    signatures = lines[:-1].split("\n")
    if len(signatures) > MOST_SIGNATURES:
        raise MalformedError(because="note_signatures")
    return Note(f"{text}\n", tuple(read_signature(line) for line in signatures))


def write_note(note: Note) -> bytes:
    """Write a note. Raises ``MalformedError`` for one that would not be read back as it is."""
    lines = "".join(write_signature(signature) for signature in note.signatures)
    data = f"{note.text}\n{lines}".encode("utf-8", "surrogatepass")
    if read_note(data) != note:
        raise MalformedError(because="note_form")
    return data


def read_signature(line: str) -> Signature:
    """Read a signature line, without its newline. Raises ``MalformedError``."""
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise MalformedError(because="signature_form")
    check_name(name)
    raw = read_base64(encoded)
    if len(raw) <= ID_BYTES:
        raise MalformedError(because="signature_length")
    return Signature(name, raw[:ID_BYTES], raw[ID_BYTES:])


def write_signature(signature: Signature) -> str:
    """Write a signature line, with its newline."""
    return f"{_DASH}{signature.name} {write_base64(signature.key_id + signature.body)}\n"


def signed_by(key: VerifierKey, body: bytes) -> Signature:
    """Give the line of a key for the bytes it wrote: a signature, or a cosignature with its time."""
    return Signature(key.name, key.id, body)


def verify(note: Note, keys: Sequence[VerifierKey]) -> tuple[Signed, ...]:
    """Give the signatures of known keys, in the order of the note; all of them hold, and there is at least one.

    Raises ``NotProvenError``: ``bad_signature`` if one of a known key does not hold, ``unsigned`` if there is none,
    ``ambiguous_key`` if two keys share name and id.
    """
    known = _by_name_and_id(keys)
    found = ((known.get((line.name, line.key_id)), line.body) for line in note.signatures)
    good = tuple(_check(key, note.text, body) for key, body in found if key is not None)
    if not good:
        raise NotProvenError("unsigned")
    return good


def _by_name_and_id(keys: Iterable[VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise NotProvenError("ambiguous_key")
    return known


def _check(key: VerifierKey, text: str, body: bytes) -> Signed:
    message, signature, at = text.encode(), body, None
    if key.type is KeyType.COSIGNATURE:
        try:
            cosignature = read_cosignature(body)
        except MalformedError as error:
            raise NotProvenError("bad_signature") from error
        message, signature, at = cosigned_message(text, cosignature.at), cosignature.signature, cosignature.at
    if not ed25519.holds(key.public_key, message, signature):
        raise NotProvenError("bad_signature")
    return Signed(key, at)


def _characters(data: bytes) -> str:
    if len(data) > LARGEST_NOTE:
        raise MalformedError(because="note_length")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError(because="utf8") from error
    if any(sign < " " and sign != "\n" for sign in text):
        raise MalformedError(because="control_character")
    return text
