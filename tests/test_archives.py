"""Archives that are written as they are sent, and files that take their place whole."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.archives import Packed, zipped
from service.placing import place

FILES = {"a/1.txt": b"one", "b.bin": bytes(range(256)) * 1_000, "说明.txt": b"", "z": b"last"}


def packed() -> Iterator[Packed]:
    for path, content in FILES.items():
        yield Packed(path, len(content), (content[start : start + 100] for start in range(0, len(content), 100)))


def test_an_archive_holds_what_was_put_in_and_the_same_twice_is_the_same_bytes() -> None:
    content = b"".join(zipped(packed()))
    assert content == b"".join(zipped(packed()))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert archive.testzip() is None


def test_an_archive_is_given_out_piece_by_piece() -> None:
    assert max(map(len, zipped(packed()))) < 1_000


def broken() -> Iterator[bytes]:
    yield b"begun"
    raise OSError


def test_an_archive_whose_content_breaks_off_opens_nowhere() -> None:
    pieces = zipped([Packed("a", 3, (b"one",)), Packed("b", 9, broken())])
    came = io.BytesIO()
    with pytest.raises(OSError):  # noqa: PT011 - the one raised above
        came.writelines(pieces)
    assert b"begun" in came.getvalue()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(came)


def test_a_file_takes_its_place_whole_and_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    place(path, [b"one", b"two"])
    assert path.read_bytes() == b"onetwo"
    place(path, [b"three"])
    assert [(file.name, file.read_bytes()) for file in path.parent.iterdir()] == [("file", b"three")]


def test_a_file_that_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    place(path, [b"before"])
    with pytest.raises(OSError):  # noqa: PT011 - the one raised above
        place(path, broken())
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("file", b"before")]
