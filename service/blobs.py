"""A folder of contents, each under its SHA-256: the papers of all cases, outside the database.

A content is first received into a file of its own, hashed and counted as it comes, and takes its place only when it is
kept; so the folder never holds half a file under a hash. The same content twice is one file.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Protocol

from service.core.errors import SluiceError, TooLargeError

CHUNK: Final = 65_536

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_UNFINISHED = ".received-"


class StoreUnavailableError(SluiceError):
    """The folder cannot be written or read as it should: a full disk, missing rights. Figures: ``cause``."""

    code = "store_unavailable"


class DamagedBlobError(SluiceError):
    """What is stored is not what was stored. Figures: ``sha256``, ``because`` (missing, size, content)."""

    code = "paper_damaged"


class Readable(Protocol):
    """What a content is read from, piece by piece."""

    def read(self, most: int, /) -> bytes:
        """Give at most that many bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored content: the hash of its bytes (hex) and how many there are."""

    sha256: str
    size: int


@dataclass(slots=True)
class Receiving:
    """A content on its way in: bytes are written to it, ``finish`` when all are there, ``keep`` gives it its place."""

    folder: Path
    most_bytes: int
    size: int = 0
    _file: IO[bytes] | None = None
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def write(self, data: bytes, /) -> int:
        """Take the next bytes. Raises ``TooLargeError(most)``, ``StoreUnavailableError``."""
        self.size += len(data)
        if self.size > self.most_bytes:
            raise TooLargeError(most=self.most_bytes)
        self._digest.update(data)
        with _store_errors():
            self._opened().write(data)
        return len(data)

    def seek(self, position: int, /) -> None:
        """Stay at the end: bytes only come in."""

    def finish(self) -> Blob:
        """Say what has come, once it is on the disk."""
        with _store_errors():
            file = self._opened()
            file.flush()
            os.fsync(file.fileno())
        return Blob(self._digest.hexdigest(), self.size)

    def ends(self, most: int) -> tuple[bytes, bytes]:
        """Give the beginning and the end of what has come, each of that many bytes at most."""
        with _store_errors():
            file = self._opened()
            file.seek(0)
            head = file.read(most)
            file.seek(max(0, self.size - most))
            return head, file.read(most)

    def whole(self) -> bytes:
        """Give all of what has come, where that is little enough to be in memory."""
        with _store_errors():
            file = self._opened()
            file.seek(0)
            return file.read()

    def keep(self) -> Blob:
        """Give what has come its place; a damaged file that stood there is replaced."""
        blob = self.finish()
        place = _place(self.folder, blob.sha256)
        with _store_errors():
            place.parent.mkdir(mode=0o700, exist_ok=True)
            Path(self._opened().name).replace(place)
            for folder in (place.parent, self.folder):
                _sync(folder)
        return blob

    def end(self) -> None:
        """Close, and leave nothing of what was not kept."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            Path(self._file.name).unlink(missing_ok=True)

    def _opened(self) -> IO[bytes]:
        """Open the file when it is first needed; nobody else may read it, and nobody may run it."""
        if self._file is None:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = tempfile.NamedTemporaryFile(dir=self.folder, prefix=_UNFINISHED, delete=False)  # noqa: SIM115 - closed by ``end``
        return self._file


@dataclass(frozen=True, slots=True)
class Blobs:
    """The store in a folder. The folder is made when something is first stored."""

    folder: Path

    @contextmanager
    def receiving(self, most_bytes: int) -> Iterator[Receiving]:
        """Receive a content; what is not kept by the end is gone."""
        coming = Receiving(self.folder, most_bytes)
        try:
            yield coming
        finally:
            coming.end()

    def write(self, stream: Readable, most_bytes: int) -> Blob:
        """Store what a stream gives. Raises ``TooLargeError``, ``StoreUnavailableError``; then nothing is stored."""
        with self.receiving(most_bytes) as coming:
            while data := stream.read(CHUNK):
                coming.write(data)
            return coming.keep()

    def open(self, blob: Blob) -> IO[bytes]:
        """Open a content for reading. Raises ``DamagedBlobError`` when it is missing or of another size."""
        with _store_errors():
            try:
                file = _place(self.folder, blob.sha256).open("rb")
            except FileNotFoundError as error:
                raise DamagedBlobError(sha256=blob.sha256, because="missing") from error
        if os.fstat(file.fileno()).st_size != blob.size:
            file.close()
            raise DamagedBlobError(sha256=blob.sha256, because="size")
        return file

    def check(self, blob: Blob) -> None:
        """Read a content to its end. Raises ``DamagedBlobError`` unless it is there, of its size and hash."""
        for _ in self.read(blob):
            pass

    def read(self, blob: Blob) -> Iterator[bytes]:
        """Read a content piece by piece; its last piece is given only if all of it has the right hash.

        Raises ``DamagedBlobError``, for a wrong hash in the place of the last piece.
        """
        with self.open(blob) as file:
            digest, held = hashlib.sha256(), b""
            while piece := file.read(CHUNK):
                if held:
                    yield held
                digest.update(piece)
                held = piece
        if digest.hexdigest() != blob.sha256:
            raise DamagedBlobError(sha256=blob.sha256, because="content")
        yield held

    def names(self) -> Iterator[str]:
        """Name every file of the folder by its path in it, stored contents and whatever else lies there, in order."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return iter(sorted(path.relative_to(self.folder).as_posix() for path in files))


def name_of(sha256: str) -> str:
    """Give the path of a content in the folder: those with the same first two digits share a folder."""
    return f"{sha256[:2]}/{sha256}"


def _place(folder: Path, sha256: str) -> Path:
    """Say where a content lies. Only a hash leads anywhere, so that no name leads out of the folder."""
    if not _HASH.fullmatch(sha256):
        raise DamagedBlobError(sha256=sha256, because="missing")
    return folder / name_of(sha256)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailableError(cause=error.strerror or type(error).__name__) from error
