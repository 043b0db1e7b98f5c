"""The log as files (C2SP tlog-tiles): paths and bytes of hash tiles and of entry bundles, full and partial."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.core.errors import MalformedError
from service.core.ledger.canonical import LARGEST_EVENT
from service.core.ledger.merkle import TILE_HEIGHT
from service.core.ledger.spelling import HASH_BYTES, LARGEST_SIZE

WIDTH = 1 << TILE_HEIGHT
HIGHEST = 63
LAST_INDEX = LARGEST_SIZE >> TILE_HEIGHT

_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)
_LENGTH_BYTES = 2


@dataclass(frozen=True, slots=True)
class Tile:
    """A place in the log's files: hashes at a level, or the entries themselves (no level). 256 wide is full."""

    level: int | None
    index: int
    width: int = WIDTH


def tile_path(tile: Tile) -> str:
    """Write the path of a tile below the log's prefix."""
    groups = f"{tile.index:0{-(-len(str(tile.index)) // 3) * 3}d}"
    parts = [groups[start : start + 3] for start in range(0, len(groups), 3)]
    index = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    partial = "" if tile.width == WIDTH else f".p/{tile.width}"
    return f"tile/{'entries' if tile.level is None else tile.level}/{index}{partial}"


def read_tile_path(path: str) -> Tile:
    """Read a path. Raises ``MalformedError`` for one that ``tile_path`` would not write, or that no log can have."""
    parts = _PATH.fullmatch(path)
    if parts is None:
        raise MalformedError(because="tile_path")
    level = None if parts[1] == "entries" else int(parts[1])
    tile = Tile(level, int(re.sub(r"[x/]", "", parts[2])), int(parts[3] or WIDTH))
    fits = tile.index <= LAST_INDEX and tile.width <= WIDTH and (level or 0) <= HIGHEST
    if tile_path(tile) != path or not fits:
        raise MalformedError(because="tile_path")
    return tile


def width_at(level: int | None, index: int, size: int) -> int:
    """Count what a tile holds when the log has ``size`` entries: 0 to 256."""
    nodes = size >> TILE_HEIGHT * (level or 0)
    return max(0, min(WIDTH, nodes - index * WIDTH))


def tiles_of(size: int) -> Iterator[Tile]:
    """Give every tile of a log of this size: the entries first, then the hashes from the lowest level."""
    levels = range(-(-size.bit_length() // TILE_HEIGHT))
    for level in (None, *levels):
        nodes = size >> TILE_HEIGHT * (level or 0)
        for index in range(-(-nodes // WIDTH)):
            yield Tile(level, index, width_at(level, index, size))


def write_hashes(hashes: Sequence[bytes]) -> bytes:
    """Write the hashes of a tile. Raises ``MalformedError`` for none, too many, and what is no hash."""
    data = b"".join(hashes)
    if read_hashes(data, len(hashes)) != tuple(hashes):
        raise MalformedError(because="tile_width")
    return data


def read_hashes(data: bytes, width: int) -> tuple[bytes, ...]:
    """Read a tile of ``width`` hashes. Raises ``MalformedError`` for any other length."""
    if not 1 <= width <= WIDTH or len(data) != width * HASH_BYTES:
        raise MalformedError(because="tile_width")
    return tuple(data[start : start + HASH_BYTES] for start in range(0, len(data), HASH_BYTES))


def write_entries(entries: Sequence[bytes]) -> bytes:
    """Write an entry bundle. Raises ``MalformedError`` for none, too many, and an entry that is too long."""
    if not 1 <= len(entries) <= WIDTH or any(len(entry) > LARGEST_EVENT for entry in entries):
        raise MalformedError(because="tile_width")
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES, "big") + entry for entry in entries)


def read_entries(data: bytes, width: int) -> tuple[bytes, ...]:
    """Read an entry bundle of ``width`` entries. Raises ``MalformedError`` if it holds fewer, more or half of one."""
    entries = []
    start = 0
    while start < len(data):
        length = int.from_bytes(data[start : start + _LENGTH_BYTES], "big")
        start += _LENGTH_BYTES + length
        entries.append(data[start - length : start])
    if start != len(data) or len(entries) != width or not 1 <= width <= WIDTH:
        raise MalformedError(because="tile_width")
    return tuple(entries)
