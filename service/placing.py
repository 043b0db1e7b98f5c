"""Files that take their place whole or not at all, whatever stops whoever writes them."""

import os
from collections.abc import Iterable
from pathlib import Path


def place(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file beside its place, to the disk, and move it there when all of it has come; folders are made.

    If writing stops, nothing stands under the name that did not before; what was begun is removed, or, after a kill,
    overwritten by the next who writes the same file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_name(f".{path.name}.part")
    try:
        with begun.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)
    _flush(path.parent)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
