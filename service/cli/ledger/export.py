"""``sluice ledger export``: the whole log in a folder, as far as it is signed; again, only what is new."""

import shutil
from itertools import chain
from pathlib import Path
from typing import Final

import click

from service.actions import exports
from service.actions.exports import Exported, Has
from service.cli import console
from service.cli.runtime import INSPECTING, open_house
from service.placing import place

_FOLDERS: Final = ("tile", "checkpoints", "blobs")


@click.command("export", cls=console.Command, help="help.ledger.export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--blobs", is_flag=True, cls=console.Option, help="option.blobs")
@console.language_option
def command(folder: Path, *, blobs: bool) -> None:
    """Write every file that the folder lacks, each whole or not at all, the checkpoint last."""
    held = folder / exports.CHECKPOINT
    with open_house().work(INSPECTING, read_only=True) as work:
        note = held.read_bytes() if held.exists() else None
        blobs_first = exports.export_blobs(work, _has(folder)) if blobs else ()
        count = sum(_put(folder, file) for file in chain(blobs_first, exports.export(work, note, _has(folder))))
    _tidy(folder)
    console.say("ledger.exported", folder=folder, count=count)


def _has(folder: Path) -> Has:
    return lambda path: (folder / path).exists()


def _put(folder: Path, file: Exported) -> int:
    """Put a file in its place unless the same lies there; tell how many were put."""
    path = folder / file.path
    is_there = path.exists() and file.path != exports.CHECKPOINT
    if not is_there:
        place(path, file.pieces)
    return not is_there


def _tidy(folder: Path) -> None:
    """Remove what a killed export had begun, and what a wider form of a tile has taken the place of."""
    for begun in [begun for name in _FOLDERS for begun in (folder / name).rglob(".*.part")]:
        begun.unlink()
    for partial in sorted((folder / "tile").rglob("*.p")):
        if partial.with_suffix("").exists():
            shutil.rmtree(partial)
        else:
            _narrow(partial)


def _narrow(partial: Path) -> None:
    """Leave the widest of a tile's forms; a folder without any goes."""
    forms = sorted((file for file in partial.iterdir() if file.name.isdecimal()), key=lambda file: int(file.name))
    for file in forms[:-1]:
        file.unlink()
    if not any(partial.iterdir()):
        partial.rmdir()
