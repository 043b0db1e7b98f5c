"""The whole log as files, as C2SP's tlog-tiles has them: only what an earlier export has not, the checkpoint last."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from service.actions import ledger
from service.actions.bundles import chain, contents
from service.actions.bundles.reading import KIND
from service.actions.evidence import papers
from service.actions.ledger.proving import consistency, hashes
from service.blobs import Blobs
from service.core.errors import ConflictError
from service.core.ledger.bundles import blob_path
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.merkle import TILE_HEIGHT, verify_consistency
from service.core.ledger.proofs import checkpoint_of
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.tiles import WIDTH, Tile, tile_path, tiles_of, write_entries, write_hashes
from service.core.people import Permission
from service.db.applications import ApplicationRow
from service.db.ledger import LedgerEvent, LedgerLeaf
from service.db.proposals import RulebookProposalRow
from service.db.rulebooks import RulebookRow
from service.work import Work

CHECKPOINT: Final = "checkpoint"

# Whether an earlier export has a file already.
Has = Callable[[str], bool]


class ExportDiffersError(ConflictError):
    """The folder holds a checkpoint that the ledger does not lead on from: one of them was rewritten or rolled back.

    Figures: ``held`` and ``size``, of the folder's checkpoint and of the ledger's.
    """

    code = "export_differs"


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to be put into the folder, piece by piece."""

    path: str
    pieces: Iterator[bytes]


def export(work: Work, held: bytes | None, has: Has) -> Iterator[Exported]:
    """Give every file that a folder lacks, in an order in which it is whole once the last is there.

    ``held`` is the checkpoint the folder has. Raises ``NotFoundError`` while nothing is signed, ``ExportDiffersError``.
    """
    work.actor.require(Permission.READ_LEDGER)
    note = ledger.note(work)
    size = checkpoint_of(note).size
    if held is not None:
        _require_same_history(work, checkpoint_of(held), checkpoint_of(note))
    for tile in tiles_of(size):
        path = tile_path(tile)
        if not has(path):
            yield Exported(path, iter((_tile(work, tile),)))
    if held is not None and held != note:
        yield Exported(f"checkpoints/{checkpoint_of(held).size}", iter((held,)))
    yield Exported(CHECKPOINT, iter((note,)))


def export_blobs(work: Work, has: Has) -> Iterator[Exported]:
    """Give what the entries name by hash and a folder lacks: rules, papers, facts, assessments.

    Raises ``DamagedBlobError`` in the place of the end of a paper that is not what was stored.
    """
    work.actor.require(Permission.READ_LEDGER)
    blobs = Blobs(Path(work.settings.evidence_folder))
    for sha256, source in _rules(work):
        yield Exported(blob_path(sha256), iter((source,)))
    for case in work.session.scalars(select(ApplicationRow).order_by(ApplicationRow.serial)):
        for sha256, content in contents.of(work, case, chain.of(work, KIND, str(case.id))).items():
            yield Exported(blob_path(sha256), iter((content,)))
        for paper in papers.of_case(work, case.id):
            if not has(blob_path(paper.sha256)):
                yield Exported(blob_path(paper.sha256), blobs.read(papers.blob_of(paper)))


def _rules(work: Work) -> Iterator[tuple[str, bytes]]:
    """Give every edition, and every rules file that was proposed to be one; each once."""
    told: set[str] = set()
    for row in (*work.session.scalars(select(RulebookRow)), *work.session.scalars(select(RulebookProposalRow))):
        if row.sha256 not in told:
            told.add(row.sha256)
            yield row.sha256, row.source


def _tile(work: Work, tile: Tile) -> bytes:
    first = tile.index * WIDTH
    if tile.level is not None:
        return write_hashes(hashes(work.session, tile.level * TILE_HEIGHT, first, tile.width))
    entries = (
        select(LedgerEvent.canon)
        .join(LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id)
        .where(LedgerLeaf.seq >= first, LedgerLeaf.seq < first + tile.width)
        .order_by(LedgerLeaf.seq)
    )
    return write_entries([bytes(canon) for canon in work.session.scalars(entries)])


def _require_same_history(work: Work, held: Checkpoint, newest: Checkpoint) -> None:
    figures = {"held": held.size, "size": newest.size}
    if held.size > newest.size or held.origin != newest.origin:
        raise ExportDiffersError(**figures)
    try:
        path = consistency(work.session, held.size, newest.size)
        verify_consistency((held.size, held.root), (newest.size, newest.root), path)
    except NotProvenError as error:
        raise ExportDiffersError(**figures) from error
