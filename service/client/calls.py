"""Calls before they are sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from service.client.writing import text, written

JSON: Final = "application/json"
_PIECE: Final = 65_536


class FileBody:
    """A file and the fields beside it as ``multipart/form-data``, read from the disk as it is sent, each time anew."""

    def __init__(self, path: Path, name: str, media_type: str, fields: tuple[tuple[str, str], ...]) -> None:
        """Take the file, the name and media type it is sent under, and the fields. Raises ``OSError`` without it."""
        self._path = path
        boundary = uuid4().hex
        self.media_type = f"multipart/form-data; boundary={boundary}"
        parts = [_part(boundary, f'name="{_quoted(field)}"') + value + "\r\n" for field, value in fields]
        parts += [_part(boundary, f'name="file"; filename="{_quoted(name)}"', media_type)]
        self._before, self._after = "".join(parts).encode(), f"\r\n--{boundary}--\r\n".encode()
        self._size = path.stat().st_size

    def __len__(self) -> int:
        return len(self._before) + self._size + len(self._after)

    def __iter__(self) -> Iterator[bytes]:
        yield self._before
        with self._path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
        yield self._after


@dataclass(frozen=True, slots=True)
class Call:
    """What to ask for: the path below the service's address, and what goes with it.

    ``version`` is the one the caller read, for deeds that rest on it.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    body: bytes | FileBody | None = None
    version: int | None = None
    accept: str = JSON

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again when nobody knows what became of it: it reads, or is done once by its key."""
        return self.method in {"GET", "POST"}


def post(path: str, body: object = MappingProxyType({}), version: int | None = None) -> Call:
    """Make a call that does something, to what was read in a version where it rests on one."""
    return Call("POST", path, body=written(body), version=version)


def put(path: str, body: object, version: int) -> Call:
    """Make a call that replaces what was read in a version."""
    return Call("PUT", path, body=written(body), version=version)


def query(**given: object) -> dict[str, str]:
    """Write a query; what is None is left out, and so is an underscore at the end of a name."""
    return {name.rstrip("_"): text(value) for name, value in given.items() if value is not None}


def _part(boundary: str, disposition: str, media_type: str | None = None) -> str:
    typed = "" if media_type is None else f"Content-Type: {media_type}\r\n"
    return f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{typed}\r\n"


def _quoted(name: str) -> str:
    """Write a name the way browsers do (WHATWG, multipart/form-data)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
