"""Archives written as they are sent: the same files in the same order are the same bytes, wherever that is done."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

# The first moment a zip can name; no file says when it was written.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o100644 << 16
_UNIX: Final = 3


@dataclass(frozen=True, slots=True)
class Packed:
    """A file to be packed: its path, how many bytes there are, and the bytes piece by piece."""

    path: str
    size: int
    pieces: Iterable[bytes]


class _Outgoing(io.RawIOBase):
    """What an archive is written to: it keeps what has not been taken away yet, and cannot go back."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # archives write bytes only
        self._held.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        held = b"".join(self._held)
        self._held.clear()
        return held


def zipped(files: Iterable[Packed]) -> Iterator[bytes]:
    """Pack files into a zip, not compressed and without times, and give it as it grows.

    What a file's pieces raise ends it; the archive then has no directory and opens nowhere.
    """
    out = _Outgoing()
    archive = zipfile.ZipFile(out, "w", zipfile.ZIP_STORED)
    for file in files:
        with archive.open(_member(file), "w") as target:
            for piece in file.pieces:
                target.write(piece)
                yield out.take()
        yield out.take()
    archive.close()
    yield out.take()


def _member(file: Packed) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(file.path, _NO_TIME)
    member.file_size = file.size
    member.create_system = _UNIX
    member.external_attr = _READABLE
    return member


def timeless(content: bytes, replaced: Mapping[str, bytes]) -> bytes:
    """Pack an archive again without the times of its members, some of them replaced.

    Office files written twice differ in nothing but times.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            packed.writestr(member, replaced.get(name) or source.read(name))
    return target.getvalue()
