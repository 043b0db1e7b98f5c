"""Where the processes of one server keep what they count, so that whichever is asked tells of them all.

This must be settled before the library that counts is imported; so this module imports it only when it is there.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"

_ADDED_UP: Final = ("counter", "histogram")


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
    """Take what was only true of a process while it lived out of the sums; what it counted stays counted.

    That is added to what others had counted before they ended, so that no files pile up.
    """
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - only once the folder is settled

    mark_process_dead(pid, str(share()))  # type: ignore[no-untyped-call]  # it has no types
    with alone():
        for kind in _ADDED_UP:
            _add_up(share() / f"{kind}_{pid}.db", share() / f"{kind}_ended.db")


@contextmanager
def alone() -> Iterator[None]:
    """Let no process read the files while another puts some of them together."""
    with (share() / "lock").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _add_up(counted: Path, together: Path) -> None:
    from prometheus_client.mmap_dict import MmapedDict  # noqa: PLC0415 - as above

    if not counted.exists():
        return
    sums = MmapedDict(str(together))  # type: ignore[no-untyped-call]  # it has no types
    for name, value, *_ in MmapedDict.read_all_values_from_file(str(counted)):  # type: ignore[no-untyped-call]  # as above
        before, _ = sums.read_value(name)  # type: ignore[no-untyped-call]  # as above
        sums.write_value(name, before + value, 0.0)  # type: ignore[no-untyped-call]  # as above
    sums.close()  # type: ignore[no-untyped-call]  # as above
    counted.unlink()


def end() -> None:
    """Remove the folder, when the last process has ended."""
    shutil.rmtree(share(), ignore_errors=True)
