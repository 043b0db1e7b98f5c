"""Making a bundle, once its reading is recorded: one snapshot of the database, held against one checkpoint."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from service.actions import ledger
from service.actions.applications.cases import judged
from service.actions.bundles import chain, contents, cosigned, reading, told
from service.actions.bundles.reading import NotSignedError, Reading
from service.actions.evidence import papers
from service.actions.ledger.witnessed import Post
from service.archives import Packed
from service.blobs import Blob, Blobs, DamagedBlobError
from service.core.ledger.bundles import File, Kept, Older, Parts, bundle
from service.core.ledger.proofs import checkpoint_of
from service.db.applications import ApplicationRow
from service.work import RETRY_AFTER_SECONDS, BusyError, Runtime, Work

# How often entries may come in between signing and reading before whoever asks is told to come again.
_TRIES: Final = 5
_NOT_KEPT: Final = "not_kept"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bundle of a case: its files, and where those are read from that are kept elsewhere.

    ``missing`` is what entries name and cannot be handed over: the hash, and why (a code).
    """

    number: str
    size: int
    files: tuple[File, ...]
    missing: Mapping[str, str]
    blobs: Blobs

    @property
    def packed(self) -> Iterator[Packed]:
        """Give the files to be packed; whatever is read turns out as it was stored, or the last of it does not come."""
        for file in self.files:
            pieces = self.blobs.read(Blob(file.sha256, file.size)) if file.content is None else (file.content,)
            yield Packed(file.path, file.size, pieces)


def compiled(runtime: Runtime, asked: Reading, post: Post | None = None) -> Bundle:
    """Make the bundle that was asked for, when its entries are in the tree and signed over.

    With ``post`` the witnesses of the settings are asked first: the bundle rests on the newest checkpoint that all of
    them have signed, and where there is none over every entry of the case, on the newest, and says so.

    Raises ``NotSignedError``, ``NotFoundError`` and ``VotesOpenError`` if that is so by now, and ``BusyError`` if the
    case does not hold still.
    """
    newest = asked.entry
    for _ in range(_TRIES):
        if ledger.include(runtime, [newest]).size is None:
            raise NotSignedError
        if post is not None:
            cosigned.ask(runtime, post)
        with runtime.work(asked.actor, read_only=True) as work:
            case = judged(work, asked.case_id)
            reading.require_counted(work, case)
            links = chain.of(work, reading.KIND, str(case.id))
            newest = links[-1].number
            note = cosigned.note(work, links)
            if all(link.is_below(checkpoint_of(note).size) for link in links):
                parts = _parts(work, runtime, asked, case, (links, note))
                break
    else:
        raise BusyError(retry_after=RETRY_AFTER_SECONDS)
    blobs = Blobs(Path(runtime.settings.evidence_folder))
    sound = _without_damaged(parts, blobs)
    return Bundle(case.number, parts.size, bundle(sound), sound.missing, blobs)


def _parts(
    work: Work, runtime: Runtime, asked: Reading, case: ApplicationRow, proven: tuple[list[chain.Link], bytes]
) -> Parts:
    links, note = proven
    size = checkpoint_of(note).size
    found = contents.of(work, case, links)
    kept = {row.sha256: Kept(row.sha256, row.size) for row in papers.of_case(work, case.id)}
    lost = contents.required(links) - found.keys() - kept.keys()
    parts = Parts(
        size=size,
        checkpoint=note,
        entries=chain.proven(work, (*links, *chain.heartbeat(work, size)), note),
        older=_older(work, asked.kept, size),
        contents=tuple(found.values()),
        kept=tuple(kept.values()),
        missing=dict.fromkeys(sorted(lost), _NOT_KEPT),
    )
    return replace(parts, files=told.files(work, runtime.signer, case, (links, parts)))


def _older(work: Work, kept: int | None, size: int) -> tuple[Older, ...]:
    if kept is None or kept >= size:
        return ()
    return (Older(kept, ledger.note(work, kept), ledger.consistency_proof(work, kept, size)),)


def _without_damaged(parts: Parts, blobs: Blobs) -> Parts:
    """Read every paper to its end; one that is not as it was stored is named as missing."""
    sound: list[Kept] = []
    missing = dict(parts.missing)
    for kept in parts.kept:
        try:
            blobs.check(Blob(kept.sha256, kept.size))
            sound.append(kept)
        except DamagedBlobError as error:
            missing[kept.sha256] = str(error.figures["because"])
    return replace(parts, kept=tuple(sound), missing=missing)
