"""The whole examination, in one snapshot of the database."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.actions.doctor import entries, tree
from service.actions.doctor.keys import exchanged
from service.actions.doctor.replay import Replayed, Verdict, replay
from service.actions.doctor.rows import rows
from service.core.ledger.folding import Finding, Trouble, differences, fold, unknown
from service.core.ledger.keys import VerifierKey
from service.core.ledger.tellings import EFFECTS
from service.core.people import Permission
from service.db.ledger import LedgerCheckpoint
from service.work import Work


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known outside the database: the log's key, and by name the sizes that were signed or seen of it."""

    key: VerifierKey | None
    sizes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Examined:
    """What was looked at, and everything found. ``checkpoint`` is the size of the newest one, None without any."""

    entries: int
    rows: int
    size: int
    checkpoint: int | None
    replayed: tuple[Replayed, ...]
    findings: tuple[Finding, ...]


def examine(work: Work, outside: Outside) -> Examined:
    """Examine everything there is, and give every finding at once."""
    work.actor.require(Permission.READ_LEDGER)
    read = entries.read(work.session)
    there = rows(work)
    kept = tree.checkpoints(work.session)
    built = tree.build(work.session, read.hashes, [one.size for one in kept])
    replayed = tuple(replay(work, read.found))
    findings = (
        *read.findings,
        *unknown(read.found, EFFECTS),
        *differences(fold(read.found, EFFECTS), there),
        *_of_tree(work, read, built, (kept, outside)),
        *(_of_replay(one) for one in replayed if one.verdict is Verdict.DIFFERENT),
    )
    newest = kept[-1].size if kept else None
    return Examined(len(read.hashes), len(there), built.frontier.size, newest, replayed, findings)


def _of_tree(
    work: Work, read: entries.Entries, built: tree.Tree, known: tuple[list[LedgerCheckpoint], Outside]
) -> Iterator[Finding]:
    kept, outside = known
    keys = exchanged(outside.key, read.found, kept)
    yield from tree.examine_leaves(work.session, read.hashes)
    yield from tree.examine_tree(work.session, built)
    for one in kept:
        yield from tree.examine_checkpoint(one, built, keys.of(one.size))
    yield from tree.require_beyond(built, outside.sizes)


def _of_replay(one: Replayed) -> Finding:
    return Finding(Trouble.REPLAY, "assessment", (one.application, str(one.n)), one.because, ledger=one.entry)
