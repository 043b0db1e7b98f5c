"""The store keeps what it was given under its hash, or says so; whatever goes wrong, nothing half-done stays."""

import errno
import hashlib
import io
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.blobs import CHUNK, Blob, Blobs, DamagedBlobError, StoreUnavailableError
from service.core.errors import TooLargeError

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
BLOB = Blob(SHA256, len(CONTENT))


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "deep" / "evidence")


class Endless:
    """Gives bytes for ever, and counts what was taken."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, most: int, /) -> bytes:
        self.given += most
        return b"\x00" * most


class Failing:
    """Gives one piece, then the disk or the network is gone."""

    def __init__(self) -> None:
        self.pieces: Iterator[bytes] = iter([b"x" * 100])

    def read(self, _most: int, /) -> bytes:
        for piece in self.pieces:
            return piece
        raise ConnectionResetError


def test_what_is_stored_is_read_back_by_its_hash(blobs: Blobs) -> None:
    assert blobs.write(io.BytesIO(CONTENT), 10**6) == BLOB
    assert b"".join(blobs.read(BLOB)) == CONTENT
    assert list(blobs.names()) == [f"{SHA256[:2]}/{SHA256}"]


def test_a_content_of_any_length_comes_back(blobs: Blobs) -> None:
    for size in (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK):
        blob = blobs.write(io.BytesIO(b"x" * size), 10**6)
        assert b"".join(blobs.read(blob)) == b"x" * size


def test_the_same_content_twice_is_one_file(blobs: Blobs) -> None:
    assert blobs.write(io.BytesIO(CONTENT), 10**6) == blobs.write(io.BytesIO(CONTENT), 10**6)
    assert len(list(blobs.names())) == 1


def test_nobody_else_reads_a_file_and_nobody_runs_it(blobs: Blobs) -> None:
    blobs.write(io.BytesIO(CONTENT), 10**6)
    for path in blobs.folder.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_stream_without_end_is_left_where_it_becomes_too_large_and_leaves_nothing(blobs: Blobs) -> None:
    stream = Endless()
    with pytest.raises(TooLargeError) as refused:
        blobs.write(stream, 1_000_000)
    assert refused.value.figures == {"most": 1_000_000}
    assert stream.given <= 1_000_000 + CHUNK
    assert list(blobs.names()) == []


def test_a_content_may_be_as_large_as_allowed_to_the_byte(blobs: Blobs) -> None:
    assert blobs.write(io.BytesIO(CONTENT), len(CONTENT)) == BLOB
    with pytest.raises(TooLargeError):
        blobs.write(io.BytesIO(CONTENT), len(CONTENT) - 1)


def test_a_stream_that_breaks_leaves_nothing(blobs: Blobs) -> None:
    with pytest.raises(ConnectionResetError):
        blobs.write(Failing(), 10**6)
    assert list(blobs.names()) == []


def test_what_is_received_and_not_kept_is_gone(blobs: Blobs) -> None:
    with blobs.receiving(10**6) as coming:
        coming.write(CONTENT)
        assert coming.finish() == BLOB
        assert len(list(blobs.names())) == 1
    assert list(blobs.names()) == []


def test_the_ends_of_what_is_received_can_be_looked_at(blobs: Blobs) -> None:
    with blobs.receiving(10**6) as coming:
        coming.write(CONTENT)
        assert coming.ends(10) == (CONTENT[:10], CONTENT[-10:])
        assert coming.ends(10**6) == (CONTENT, CONTENT)
        assert coming.keep() == BLOB
    assert b"".join(blobs.read(BLOB)) == CONTENT


def test_a_disk_that_is_full_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    """A file system of its own would be needed to fill a disk; ``/dev/full`` is always full."""
    blobs = Blobs(tmp_path)
    with blobs.receiving(10**6) as coming:
        coming.write(b"x")
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, opened(tmp_path))
        os.close(full)
        with pytest.raises(StoreUnavailableError) as refused:
            coming.finish()
    assert refused.value.figures == {"cause": os.strerror(errno.ENOSPC)}
    assert list(blobs.names()) == []


def opened(folder: Path) -> int:
    """The descriptor of the one file this process has open in a folder."""
    for link in Path("/proc/self/fd").iterdir():
        if link.is_symlink() and link.readlink().parent == folder:
            return int(link.name)
    raise AssertionError


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailableError):
        Blobs(tmp_path / "file").write(io.BytesIO(CONTENT), 10**6)


def test_a_place_that_cannot_be_taken_leaves_no_half_done_file(blobs: Blobs) -> None:
    blobs.folder.mkdir(parents=True)
    (blobs.folder / SHA256[:2]).write_bytes(b"")
    with pytest.raises(StoreUnavailableError):
        blobs.write(io.BytesIO(CONTENT), 10**6)
    assert list(blobs.names()) == [SHA256[:2]]


@pytest.mark.parametrize(
    ("damage", "because"),
    [(b"", "size"), (CONTENT[:-1], "size"), (CONTENT + b"x", "size"), (b"X" + CONTENT[1:], "content")],
)
def test_a_damaged_content_is_never_given_out_whole(blobs: Blobs, damage: bytes, because: str) -> None:
    blobs.write(io.BytesIO(CONTENT), 10**6)
    (blobs.folder / SHA256[:2] / SHA256).write_bytes(damage)
    given: list[bytes] = []
    with pytest.raises(DamagedBlobError) as refused:
        given.extend(blobs.read(BLOB))
    assert refused.value.figures == {"sha256": SHA256, "because": because}
    assert sum(map(len, given)) < len(CONTENT)


def test_storing_the_same_again_mends_a_damaged_content(blobs: Blobs) -> None:
    blobs.write(io.BytesIO(CONTENT), 10**6)
    (blobs.folder / SHA256[:2] / SHA256).write_bytes(b"")
    blobs.write(io.BytesIO(CONTENT), 10**6)
    blobs.check(BLOB)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "", "a" * 63, "A" * 64, "a" * 63 + "/", "." * 64, f"{'a' * 64}\n", "\uff10" * 64],
)
def test_only_a_hash_leads_anywhere(blobs: Blobs, name: str) -> None:
    with pytest.raises(DamagedBlobError) as refused:
        blobs.open(Blob(name, 1))
    assert refused.value.figures["because"] == "missing"


def test_what_was_never_stored_is_missing(blobs: Blobs) -> None:
    with pytest.raises(DamagedBlobError) as refused:
        blobs.check(BLOB)
    assert refused.value.figures["because"] == "missing"
    assert list(blobs.names()) == []


def test_many_store_the_same_at_once(blobs: Blobs) -> None:
    ready = threading.Barrier(8)
    found: list[Blob] = []

    def store() -> None:
        ready.wait()
        found.append(blobs.write(io.BytesIO(CONTENT), 10**6))

    threads = [threading.Thread(target=store) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [BLOB] * 8
    assert list(blobs.names()) == [f"{SHA256[:2]}/{SHA256}"]
    blobs.check(BLOB)
