"""How the ledger stands, in words: its newest checkpoint, who signed it, and everything that is not as it should be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from service.actions import ledger, trusting
from service.actions.ledger import Health
from service.core.errors import MalformedError, NotFoundError
from service.core.ledger.checkpoint import Checkpoint, read_checkpoint
from service.core.ledger.notes import Note, Signature, read_note
from service.core.ledger.policy import Judgement, Policy, judge
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.spelling import write_base64
from service.web.process import runtime
from service.web.ui.voice import Voice
from service.work import Work

_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Signed:
    """A line under a checkpoint: whose key, its id, when, if it says so, and what the house thinks of it (a code)."""

    name: str
    key_id: str
    at: datetime | None
    worth: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A signed checkpoint: what it says, when it was signed, its lines, and why they are not believed, if so."""

    checkpoint: Checkpoint
    text: str
    root: str
    lines: tuple[Signed, ...]
    because: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be; ``is_grave`` where the ledger cannot be relied upon until it is."""

    said: str
    is_grave: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How the ledger is."""

    health: Health
    noted: Noted | None
    age: str
    problems: tuple[Problem, ...]


def standing(work: Work, voice: Voice) -> Standing:
    """Say how the ledger is."""
    health = ledger.health(work, runtime().signer)
    noted = None if health.checkpoint is None else checkpoint(work, health.checkpoint.size)
    signed_at = None if health.checkpoint is None else health.checkpoint.signed_at
    age = "" if signed_at is None else _age(int((work.now - signed_at).total_seconds()), voice)
    return Standing(health, noted, age, tuple(_problems(work, health, noted, voice)))


def checkpoint(work: Work, size: int) -> Noted:
    """Give a signed checkpoint with what its signatures are worth. Raises ``NotFoundError``."""
    note = ledger.note(work, size)
    read, policy = read_note(note), trusting.policy(work, runtime().signer)
    judged = _judged(read, policy)
    lines = tuple(_line(line, policy, judged) for line in read.signatures)
    stated = read_checkpoint(read.text)
    because = judged if isinstance(judged, str) else None
    return Noted(stated, note.decode(), write_base64(stated.root), lines, because)


def newest(work: Work) -> Noted | None:
    """Give the newest signed checkpoint, None before the first."""
    try:
        size = read_checkpoint(read_note(ledger.note(work)).text).size
    except NotFoundError:
        return None
    return checkpoint(work, size)


def _judged(note: Note, policy: Policy) -> Judgement | str:
    """Weigh the signatures; why nothing is believed is a code."""
    try:
        return judge(note, policy)
    except NotProvenError as error:
        return error.because
    except MalformedError as error:
        return str(error.figures["because"])


def _line(line: Signature, policy: Policy, judged: Judgement | str) -> Signed:
    if isinstance(judged, str):
        return Signed(line.name, line.key_id.hex(), None, "unknown")
    if any((key.name, key.id) == (line.name, line.key_id) for key in judged.logs):
        return Signed(line.name, line.key_id.hex(), None, "log")
    for name, trusted in policy.witnesses.items():
        if (trusted.key.name, trusted.key.id) == (line.name, line.key_id):
            at = datetime.fromtimestamp(judged.witnesses[name], UTC) if name in judged.witnesses else None
            return Signed(line.name, line.key_id.hex(), at, "witness")
    return Signed(line.name, line.key_id.hex(), None, "unknown")


def _age(seconds: int, voice: Voice) -> str:
    for unit, length in (("days", _DAY), ("hours", _HOUR), ("minutes", _MINUTE)):
        if seconds >= length:
            return voice.say(f"ledger.age.{unit}", count=seconds // length)
    return voice.say("ledger.age.now")


def _problems(work: Work, health: Health, noted: Noted | None, voice: Voice) -> Iterator[Problem]:
    """Tell everything that is wrong, and then what is only to be known."""
    for said in _grave(work, health, noted, voice):
        yield Problem(said=said, is_grave=True)
    size = 0 if noted is None else noted.checkpoint.size
    if health.entries > size:
        yield Problem(said=voice.say("ledger.problem.unsigned", count=health.entries - size), is_grave=False)
    for one in health.witnesses:
        lacks = size - (0 if one.cosigned is None else one.cosigned.size)
        if lacks > 0:
            said = voice.say("ledger.problem.witness", name=one.witness, count=lacks)
            yield Problem(said=said, is_grave=False)


def _grave(work: Work, health: Health, noted: Noted | None, voice: Voice) -> Iterator[str]:
    if health.alarm is not None:
        yield voice.say(f"ledger.alarm.{health.alarm}")
    if health.vkey is None:
        yield voice.say("ledger.problem.no_key")
    elif noted is not None and noted.because is not None:
        yield voice.say("ledger.problem.signature")
    waited, most = health.oldest_pending_seconds or 0, work.settings.ledger_merge_delay_seconds
    if waited > most:
        yield voice.say("ledger.problem.behind", seconds=waited, most=most)
