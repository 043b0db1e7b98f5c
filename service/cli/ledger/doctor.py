"""``sluice ledger doctor``: hold the tables against the ledger, the ledger against itself and what others have kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from service.actions import doctor, kept
from service.actions.doctor import Examined, Outside, Verdict
from service.cli import console
from service.cli.ledger.kept import CHECKPOINT, read_kept
from service.cli.runtime import INSPECTING, open_house
from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.folding import Finding
from service.core.ledger.keys import VerifierKey, read_vkey
from service.core.ledger.notes import read_note
from service.core.ledger.notes import verify as signers
from service.core.ledger.refusal import NotProvenError
from service.words import sentence
from service.work import Runtime

_FOUND: Final = 1
_INCOMPLETE: Final = 2
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known outside the database: the key, what the signer remembers, and what inspectors kept."""

    key: VerifierKey | None
    checkpoints: Mapping[str, Checkpoint]
    brought: bool

    @property
    def outside(self) -> Outside:
        return Outside(self.key, {name: one.size for name, one in self.checkpoints.items()})


@click.command("doctor", cls=console.Command, help="help.ledger.doctor")
@click.option("--checkpoint", "files", type=CHECKPOINT, multiple=True, cls=console.Option, help="option.kept")
@click.option("--key", "vkey", cls=console.Option, help="option.vkey")
@console.language_option
def command(files: tuple[Path, ...], vkey: str | None) -> None:
    """Print every finding and what was not established; leave with 0, 1 for findings, 2 where something is missing."""
    runtime = open_house()
    known = _known(runtime, files, vkey)
    with runtime.work(INSPECTING, read_only=True) as work:
        found = doctor.examine(work, known.outside)
        findings = (*found.findings, *kept.differing(work, known.checkpoints))
    for finding in findings:
        click.echo(line(finding))
    for one in found.replayed:
        if one.verdict is Verdict.NOT_REPLAYABLE:
            _say("not_replayable", entry=one.entry, application=one.application, n=one.n, because=one.because)
    _say("looked_at", entries=found.entries, rows=found.rows, size=found.size, replayed=len(found.replayed))
    _say("findings" if findings else "sound", count=len(findings))
    _say("open")
    for code, figures in _open(found, known):
        click.echo(f"  - {_said(code, **figures)}")
    if findings or _lacks(found, known):
        raise click.exceptions.Exit(_FOUND if findings else _INCOMPLETE)


def line(finding: Finding) -> str:
    """Say a finding: where (table, key, column), what, and both sides of it."""
    place = " ".join(filter(None, (finding.table, "/".join(finding.key), finding.column)))
    both = _said("both", ledger=_short(finding.ledger), found=_short(finding.found))
    told = "" if finding.ledger is None and finding.found is None else f" {both}"
    return f"{place}: {_said(finding.trouble.value)}{told}"


def _known(runtime: Runtime, files: tuple[Path, ...], vkey: str | None) -> _Known:
    signer = runtime.signer
    key = _key(vkey) if vkey is not None else None if signer is None else signer.key
    checkpoints = {str(path): _kept(path, key) for path in files}
    if signer is not None and signer.memory.exists():
        checkpoints[str(signer.memory)] = read_kept(signer.memory)
    return _Known(key, checkpoints, brought=bool(files))


def _key(vkey: str) -> VerifierKey:
    try:
        return read_vkey(vkey)
    except MalformedError:
        console.fail("ledger.bad_key", console.FAULTY)


def _kept(path: Path, key: VerifierKey | None) -> Checkpoint:
    """Read a checkpoint that an inspector kept; one that the key has not signed is nothing to hold against."""
    found = read_kept(path)
    try:
        is_signed = key is None or bool(signers(read_note(path.read_bytes()), [key]))
    except NotProvenError:
        is_signed = False
    if not is_signed:
        console.fail("ledger.not_of_key", console.FAULTY, file=path)
    return found


def _lacks(found: Examined, known: _Known) -> bool:
    not_replayable = any(one.verdict is Verdict.NOT_REPLAYABLE for one in found.replayed)
    return found.checkpoint is None or known.key is None or not known.checkpoints or not_replayable


def _open(found: Examined, known: _Known) -> Iterator[tuple[str, dict[str, object]]]:
    """Name what was not established, with the figures of its sentence."""
    if known.key is None:
        yield "open.key", {}
    if not known.checkpoints:
        yield "open.rollback", {}
    elif not known.brought:
        yield "open.only_memory", {}
    else:
        yield "open.since", {"size": max(one.size for one in known.checkpoints.values())}
    if found.size > (found.checkpoint or 0):
        yield "open.unsigned", {"count": found.size - (found.checkpoint or 0)}
    yield from ((f"open.{code}", {}) for code in ("papers", "names", "unlogged", "clock", "inputs"))


def _say(code: str, **figures: object) -> None:
    click.echo(_said(code, **figures))


def _said(code: str, **figures: object) -> str:
    return sentence(console.language(), "doctor", code, figures)


def _short(value: object) -> str:
    text = "-" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
