"""What is handed over of one case: files and their manifest, made from parts. The same parts are the same bytes.

The layout is that of ``docs/ledger.md``; ``verify.py`` reads it. What an entry names by its SHA-256 lies under it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from service.core.ledger.canonical import Plain

FORMAT: Final = "sluice-bundle/1"
MANIFEST: Final = "manifest.json"

# Entries of what may be replaced before it is submitted, and is not kept then; and by which members they name it.
DRAFTS: Final = frozenset({"application.created", "application.facts_replaced", "application.renamed"})
REPLACED: Final = ("facts_sha256", "header_sha256")

# Hashes of what is handed over nowhere.
_NO_FILES: Final = frozenset(
    {"credit_code_sha256", "hash_sha256", "previous_secret_sha256", "secret_sha256", "url_sha256"}
)
_HASH: Final = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.ASCII)

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry under its number in the log: its bytes, and the proof that leads to the checkpoint."""

    index: int
    canon: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Older:
    """A checkpoint that was signed before, and the proof that the newer one begins with it."""

    size: int
    note: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A content that is read from where it is kept: the hash of its bytes (hex) and how many there are."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Parts:
    """What a bundle is made of.

    ``contents`` and ``kept`` are what entries name by hash; ``missing`` is what they name and cannot be handed over
    (hash, and why: a code); ``files`` are for reading, under paths of their own.
    """

    size: int
    checkpoint: bytes
    entries: tuple[Proven, ...]
    older: tuple[Older, ...] = ()
    contents: tuple[bytes, ...] = ()
    kept: tuple[Kept, ...] = ()
    missing: Mapping[str, str] = field(default_factory=lambda: _NONE)
    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class File:
    """A file of a bundle; without ``content`` it is what is kept under the hash."""

    path: str
    sha256: str
    size: int
    content: bytes | None


def bundle(parts: Parts) -> tuple[File, ...]:
    """Give every file, the manifest among them, in the order of their paths."""
    files = {file.path: file for file in _files(parts)}
    manifest = _file(MANIFEST, _manifest(parts, files))
    return tuple(sorted((*files.values(), manifest), key=lambda file: file.path))


def named(type_: str, data: Mapping[str, Plain]) -> tuple[frozenset[str], frozenset[str]]:
    """Give the hashes of what an entry names: what must be handed over with it, and what need not be."""
    every = frozenset(_hashes(data))
    replaced = {item for name in REPLACED if isinstance(item := data.get(name), str)} if type_ in DRAFTS else set()
    draft = every & replaced
    return every - draft, draft


def _hashes(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for member, inner in value.items():
            yield from _hashes(inner, member)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _hashes(inner, name)
    elif isinstance(value, str) and name not in _NO_FILES:
        found = _HASH.fullmatch(value)
        yield from (found[1],) if found and (name.endswith("sha256") or value != found[1]) else ()


def blob_path(sha256: str) -> str:
    """Say where a content lies that entries name."""
    return f"blobs/{sha256}"


def _files(parts: Parts) -> Iterator[File]:
    yield _file("checkpoint", parts.checkpoint)
    for entry in parts.entries:
        yield _file(f"entries/{entry.index}.json", entry.canon)
        yield _file(f"proofs/{entry.index}.tlog-proof", entry.proof)
    for older in parts.older:
        yield _file(f"checkpoints/{older.size}", older.note)
        yield _file(f"consistency/{older.size}-{parts.size}", older.proof)
    for content in parts.contents:
        yield _file(blob_path(hashlib.sha256(content).hexdigest()), content)
    for kept in parts.kept:
        yield File(blob_path(kept.sha256), kept.sha256, kept.size, None)
    for path, content in parts.files.items():
        yield _file(path, content)


def _file(path: str, content: bytes) -> File:
    return File(path, hashlib.sha256(content).hexdigest(), len(content), content)


def _manifest(parts: Parts, files: Mapping[str, File]) -> bytes:
    told = {
        "format": FORMAT,
        "files": {path: file.sha256 for path, file in files.items()},
        "sizes": {path: file.size for path, file in files.items()},
        "missing": {blob_path(sha256): because for sha256, because in parts.missing.items()},
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
