"""Ledgers with events, exported as folders in the layout of docs/ledger.md."""

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from service.core.ledger.canonical import Event, Plain, Subject, event_bytes
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.merkle import Frontier, consistency, extend, inclusion, root
from service.core.ledger.proofs import Proof, write_proof
from service.core.ledger.spelling import write_base64
from service.core.ledger.tiles import WIDTH, tile_path, tiles_of, write_entries, write_hashes
from tests.core.ledger.logs import INSPECTOR, LOG, ORIGIN, Signer, leaf, signed

START = datetime(2023, 11, 14, 22, 0, tzinfo=UTC)
RULES = b"rulebook: {id: small}\n"
BLOB = hashlib.sha256(RULES).hexdigest()


class Ledger:
    """Entries in order, with the chain of each subject, and what can be derived from them."""

    def __init__(self, entries: Sequence[bytes] = ()) -> None:
        self.entries = list(entries)
        self._last: dict[tuple[str, str], tuple[int, str]] = {}

    def record(self, type_: str, subject: tuple[str, str], data: Mapping[str, Plain] | None = None) -> None:
        rev, prev = self._last.get(subject, (0, None))
        number = len(self.entries)
        event = Event(
            id=UUID(int=number),
            type=type_,
            at=START + timedelta(seconds=number),
            actor="u:1",
            roles=("officer",),
            subject=Subject(*subject, rev + 1, prev),
            request=None,
            data=data or {},
        )
        self.entries.append(event_bytes(event))
        self._last[subject] = rev + 1, leaf(self.entries[-1]).hex()

    @property
    def leaves(self) -> list[bytes]:
        return [leaf(entry) for entry in self.entries]

    def node(self, level: int, index: int) -> bytes:
        size = 1 << level
        return root(extend(Frontier(), self.leaves[index * size : (index + 1) * size])[0])

    def root(self, size: int) -> bytes:
        return root(extend(Frontier(), self.leaves[:size])[0])

    def checkpoint(self, size: int, *signers: Signer) -> bytes:
        return signed(Checkpoint(ORIGIN, size, self.root(size)), *(signers or (LOG,)))


def ledger(size: int) -> Ledger:
    """Make a ledger: a release of rules, three cases that go on in turn, and a heartbeat at every tenth entry."""
    made = Ledger()
    made.record("rulebook.released", ("rulebook", BLOB), {"rulebook_sha256": BLOB})
    for number in range(1, size):
        if number % 10 == 0:
            made.record("log.heartbeat", ("log", ORIGIN), {"size": number})
        else:
            made.record("application.changed", ("application", f"case-{number % 3}"), {"number": number, "why": "补正"})
    return made


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    hashes: dict[str, Any] = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    manifest = {"files": hashes, "format": "sluice-bundle/1"}
    return {**files, "manifest.json": json.dumps(manifest, ensure_ascii=False, indent=1).encode()}


def checkpoints(made: Ledger, sizes: Sequence[int], *signers: Signer) -> dict[str, bytes]:
    signers = signers or (LOG, INSPECTOR)
    notes = {f"checkpoints/{size}": made.checkpoint(size, *signers) for size in sizes[:-1]}
    return {**notes, "checkpoint": made.checkpoint(sizes[-1], *signers)}


def export(made: Ledger, sizes: Sequence[int], *signers: Signer) -> dict[str, bytes]:
    """Export a whole log as lines."""
    lines = b"".join(entry + b"\n" for entry in made.entries)
    return {"entries.ndjson": lines, **checkpoints(made, sizes, *signers)}


def tiled(made: Ledger, sizes: Sequence[int], *signers: Signer) -> dict[str, bytes]:
    """Export a whole log as tiles, with the partial ones of every checkpoint."""
    files = checkpoints(made, sizes, *signers)
    for size in sizes:
        for tile in tiles_of(size):
            places = range(tile.index * WIDTH, tile.index * WIDTH + tile.width)
            if tile.level is None:
                files[tile_path(tile)] = write_entries([made.entries[place] for place in places])
            else:
                files[tile_path(tile)] = write_hashes([made.node(8 * tile.level, place) for place in places])
    return files


def case(made: Ledger, indices: Sequence[int], sizes: Sequence[int], *signers: Signer) -> dict[str, bytes]:
    """Bundle some entries, each with its proof to the newest checkpoint, and the older checkpoints."""
    files = checkpoints(made, sizes, *signers)
    newest = sizes[-1]
    for index in indices:
        proof = Proof(index, inclusion(made.node, index, newest), files["checkpoint"])
        files[f"entries/{index}.json"] = made.entries[index]
        files[f"proofs/{index}.tlog-proof"] = write_proof(proof)
    for old in sizes[:-1]:
        path = consistency(made.node, old, newest)
        files[f"consistency/{old}-{newest}"] = b"".join(write_base64(hash_).encode() + b"\n" for hash_ in path)
    return files
