"""What the tree costs: hashing a million entries into it, beside one hashlib call per entry, in one interleaved run.

    python benchmarks/ledger_verify.py [--entries N] [--rounds N] [--bytes N]

Prints, for each round and as medians: the plain loop, the product's frontier, and the verifier that stands alone, first
its tree by itself and then the whole program with ``--tree-only`` and with every check, on an export of that size.
"""

import argparse
import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.core.ledger.canonical import Event, Subject, event_bytes, leaf_hash
from service.core.ledger.checkpoint import Checkpoint, write_checkpoint
from service.core.ledger.keys import KeyType, VerifierKey, write_vkey
from service.core.ledger.merkle import Frontier, extend, root
from service.core.ledger.notes import Note, signed_by, write_note
from service.core.ledger.verify import Tree, main
from service.core.ledger.verify import leaf_hash as leaf_hash_alone

ORIGIN = "gate.example/log/1"
START = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 10_000
SUBJECTS = 1000


def entries_of(count: int, padding: int) -> list[bytes]:
    """Make events of a thousand subjects in turn, each chain in order."""
    entries: list[bytes] = []
    last: dict[int, tuple[int, str | None]] = {}
    for number in range(count):
        rev, prev = last.get(number % SUBJECTS, (0, None))
        event = Event(
            id=UUID(int=number),
            type="application.changed",
            at=START + timedelta(seconds=number),
            actor="u:1",
            roles=("officer",),
            subject=Subject("application", f"case-{number % SUBJECTS}", rev + 1, prev),
            request=None,
            data={"note": "x" * padding},
        )
        entries.append(event_bytes(event))
        last[number % SUBJECTS] = rev + 1, leaf_hash(entries[-1]).hex()
    return entries


def plain(entries: Sequence[bytes]) -> None:
    """Call hashlib once per entry."""
    sha256 = hashlib.sha256
    for entry in entries:
        sha256(entry).digest()


def frontier(entries: Sequence[bytes]) -> bytes:
    """Grow the product's tree in batches, from entries to the root."""
    state = Frontier()
    for start in range(0, len(entries), BATCH):
        state, _ = extend(state, [leaf_hash(entry) for entry in entries[start : start + BATCH]])
    return root(state)


def alone(entries: Sequence[bytes]) -> bytes:
    """Grow the verifier's tree in batches, from entries to the root."""
    tree = Tree()
    for start in range(0, len(entries), BATCH):
        tree.grow([leaf_hash_alone(entry) for entry in entries[start : start + BATCH]])
    return tree.root()


def export(folder: Path, entries: Sequence[bytes]) -> str:
    """Write a whole log with its signed checkpoint; give the key to verify it with."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key = VerifierKey(ORIGIN, KeyType.LOG, private.public_key().public_bytes_raw())
    text = write_checkpoint(Checkpoint(ORIGIN, len(entries), frontier(entries)))
    (folder / "checkpoint").write_bytes(write_note(Note(text, (signed_by(key, private.sign(text.encode())),))))
    with (folder / "entries.ndjson").open("wb") as file:
        file.writelines(entry + b"\n" for entry in entries)
    return write_vkey(key)


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def verified(folder: Path, key: str, *options: str) -> None:
    """Run the whole program; anything but proven is an error."""
    code = main([str(folder), "--key", key, *options], time.time(), lambda _: None)
    if code != 0:
        raise SystemExit(code)


def run() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bytes", type=int, default=0, help="padding of each event")
    asked = parser.parse_args()
    entries = entries_of(asked.entries, asked.bytes)
    average = sum(map(len, entries)) // len(entries)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = export(folder, entries)
        works: dict[str, Callable[[], object]] = {
            "one hashlib call per entry": lambda: plain(entries),
            "frontier (product)": lambda: frontier(entries),
            "tree (verifier)": lambda: alone(entries),
            "verify.py --tree-only, from file": lambda: verified(folder, key, "--tree-only"),
            "verify.py, every check, from file": lambda: verified(folder, key),
        }
        rounds = [{title: seconds(work) for title, work in works.items()} for _ in range(asked.rounds)]
    base = next(iter(works))
    print(f"{asked.entries} entries of {average} bytes on average, {asked.rounds} interleaved rounds")
    for title in works:
        times = [one[title] for one in rounds]
        ratios = [one[title] / one[base] for one in rounds]
        middle, ratio = statistics.median(times), statistics.median(ratios)
        print(f"{title:36} {middle:7.2f} s   {ratio:6.2f}x ({min(ratios):.2f}-{max(ratios):.2f})")


if __name__ == "__main__":
    run()
