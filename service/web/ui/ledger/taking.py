"""What is taken away from the pages of the ledger: files, and several of them in one."""

from collections.abc import Sequence
from typing import Final

from service.archives import Packed, zipped
from service.core.ledger.bundles import File
from service.web.api.bundles import ZIP_TYPE
from service.web.octets import PASSING, TEXT
from service.web.views import Shown

# The verifier under the name it is taken away by, and the command that runs it.
VERIFIER: Final = "sluice_verify.py"
COMMAND: Final = f"python3 {VERIFIER}"


def text(content: bytes, name: str) -> Shown:
    """Give a text out as a file to be kept, to the byte."""
    return _taken(content, name, f"{TEXT}; charset=utf-8")


def packed(files: Sequence[File], name: str) -> Shown:
    """Give files out as one, which the verifier takes as it is."""
    pieces = (Packed(file.path, file.size, (file.content,)) for file in files if file.content is not None)
    return _taken(b"".join(zipped(pieces)), name, ZIP_TYPE)


def _taken(content: bytes, name: str, media_type: str) -> Shown:
    return Shown(
        content,
        {
            "Content-Type": media_type,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": PASSING,
        },
    )
