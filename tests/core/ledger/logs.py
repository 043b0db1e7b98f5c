"""A plain reading of RFC 6962 to compare with, keys that sign, and the known answer of the design."""

import hashlib
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.core.ledger.checkpoint import Checkpoint, write_checkpoint
from service.core.ledger.cosignatures import Cosignature, cosigned_message, write_cosignature
from service.core.ledger.keys import KeyType, VerifierKey, write_vkey
from service.core.ledger.notes import Note, Signature, signed_by, write_note

ORIGIN = "gate.example/log/1"
WITNESS = "inspector.example/w1"
TIME = 1700000000
LOG_VKEY = "gate.example/log/1+21047581+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
WITNESS_VKEY = "inspector.example/w1+7d0386a2+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
EVENTS = (b'{"n":0}', b'{"n":1}', b'{"n":2}')
KNOWN_PROOF = """\
c2sp.org/tlog-proof@v1
index 1
+UBwq/0toL9ykC6xOoCOeU+VTZ4nRcaCoVj27Q1KwDY=
PR3ndt8IbBrp9wSdK7DAR1rRQYX5h+Bk6NENyy20oyI=

gate.example/log/1
3
LP73YnWX4AtWSXV3Stco7yEHBnWfym1kE4xt/By/LNo=

— gate.example/log/1 IQR1gdjm0kI9DhhwQTg+C0pkjQWIaGwcAzvF5SsVH5L3xGiVadK/LzylMAyOiABxWKltghPhEHm27ZfzCBB01wwZxg8=
— inspector.example/w1 fQOGogAAAABlU/EAd9iRUEdImqEgf0mLte/QgK78KRhKZm7ErbC3p80Iw5145nWJCYdm1iY6v3CYdmj7dNh1p96vPFM57kqtvyweCA==
""".encode()  # noqa: E501 - lines as the format has them
KNOWN_CHECKPOINT = KNOWN_PROOF.split(b"\n\n", 1)[1]


class Signer:
    """A key pair under a name, from a seed, so that every run signs the same bytes."""

    def __init__(self, name: str, seed: bytes, type_: KeyType = KeyType.LOG) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = VerifierKey(name, type_, self._private.public_key().public_bytes_raw())
        self.vkey = write_vkey(self.key)

    def sign(self, text: str, at: int = TIME) -> Signature:
        if self.key.type is KeyType.LOG:
            return signed_by(self.key, self._private.sign(text.encode()))
        signature = self._private.sign(cosigned_message(text, at))
        return signed_by(self.key, write_cosignature(Cosignature(at, signature)))


LOG = Signer(ORIGIN, bytes(range(32)))
INSPECTOR = Signer(WITNESS, bytes(range(32, 64)), KeyType.COSIGNATURE)


def signed(checkpoint: Checkpoint, *signers: Signer) -> bytes:
    """Sign a checkpoint with each of the signers."""
    text = write_checkpoint(checkpoint)
    return write_note(Note(text, tuple(signer.sign(text) for signer in signers)))


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def above(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(len(leaves))
    return above(naive_root(leaves[:middle]), naive_root(leaves[middle:]))


def naive_inclusion(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return ()
    middle = _split(len(leaves))
    if index < middle:
        return (*naive_inclusion(index, leaves[:middle]), naive_root(leaves[middle:]))
    return (*naive_inclusion(index - middle, leaves[middle:]), naive_root(leaves[:middle]))


def naive_consistency(old: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """PROOF of RFC 6962, section 2.1.2."""
    return _subproof(old, leaves, known=True)


def _subproof(old: int, leaves: Sequence[bytes], *, known: bool) -> tuple[bytes, ...]:
    if old == len(leaves):
        return () if known else (naive_root(leaves),)
    middle = _split(len(leaves))
    if old <= middle:
        return (*_subproof(old, leaves[:middle], known=known), naive_root(leaves[middle:]))
    return (*_subproof(old - middle, leaves[middle:], known=False), naive_root(leaves[:middle]))


def _split(size: int) -> int:
    middle = 1
    while middle * 2 < size:
        middle *= 2
    return middle


def flipped(data: bytes, bit: int) -> bytes:
    """Flip one bit."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
