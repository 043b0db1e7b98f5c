"""Where the processes of one server keep what they count, so that whichever is asked tells of them all.

This must be settled before the library that counts is imported; so this module imports it only when it is there.
"""

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"


@cache
def share() -> Path:
    """Make a folder that this server's processes count in, new and its own; once, whoever asks again."""
    folder = Path(tempfile.mkdtemp(prefix="sluice-metrics-"))
    os.environ[VARIABLE] = str(folder)  # noqa: TID251 - the library looks for it there, and nowhere else
    return folder


def is_shared() -> bool:
    """Whether this process is one of several that count together."""
    return VARIABLE in os.environ  # noqa: TID251 - as above


def forget(pid: int) -> None:
    """Take what was only true of a process while it lived out of the sums; what it counted stays counted."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - only once the folder is settled

    mark_process_dead(pid, str(share()))  # type: ignore[no-untyped-call]  # it has no types


def end() -> None:
    """Remove the folder, when the last process has ended."""
    shutil.rmtree(share(), ignore_errors=True)
