"""Forms with files, as browsers and other systems send them (``multipart/form-data``)."""

from collections.abc import Sequence
from typing import Final

from werkzeug.test import TestResponse

from tests import tabled
from tests.actions.papers import PDF
from tests.api.calling import Caller

BOUNDARY: Final = "----a-boundary-of-tests"
MULTIPART: Final = f"multipart/form-data; boundary={BOUNDARY}"

# The fields of a sound paper.
SOUND: Final = (("grade", "third_party"), ("facts", "output,water"), ("issued_on", "2026-06-01"))


def field(name: str, value: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def file(
    content: bytes = PDF, filename: str = "论证.pdf", media_type: str = "application/pdf", name: str = "file"
) -> bytes:
    head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {media_type}'
    return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    """A whole content of these parts."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def paper(*files: bytes, fields: Sequence[tuple[str, str]] = SOUND) -> bytes:
    """A sound paper, but for what is given."""
    return form(*(field(name, value) for name, value in fields), *(files or (file(),)))


def table(content: bytes | None = None, **fields: str) -> bytes:
    """A file with applications, a sound one unless another is given."""
    sound = tabled.csv_of(tabled.HEADINGS, tabled.SOUND) if content is None else content
    return form(*(field(name, value) for name, value in fields.items()), file(sound, "申报.csv", "text/csv"))


def send(caller: Caller, path: str, content: bytes, **headers: str) -> TestResponse:
    return caller.send("POST", path, content, **({"Content_Type": MULTIPART} | headers))
