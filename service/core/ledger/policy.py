"""Whom to believe (C2SP tlog-policy): the logs' keys, the witnesses' keys, and how many witnesses must have signed.

A key may be good for a range of tree sizes only. The range stands in the fragment of the line's URL, where other
readers of this format look past it: ``log <vkey> https://gate.example/log/1#sizes=0-4096``, and without an end
``#sizes=4097-``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint, read_checkpoint
from service.core.ledger.keys import KeyType, VerifierKey, read_vkey, write_vkey
from service.core.ledger.notes import Note, Signed, verify
from service.core.ledger.refusal import NotProvenError
from service.core.ledger.spelling import LARGEST_SIZE, read_number

NOBODY = "none"
LARGEST_POLICY = 1_000_000

_SPACES = re.compile(r"[ \t]+")
_RANGE = re.compile(r"sizes=([0-9]+)-([0-9]*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Trusted:
    """A key, the first and the last tree size for which it counts, and where its owner can be reached."""

    key: VerifierKey
    first: int = 0
    last: int = LARGEST_SIZE
    url: str | None = None

    def covers(self, size: int) -> bool:
        """Tell whether the key counts under a checkpoint of this size."""
        return self.first <= size <= self.last


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses and groups defined before, of which at least ``least`` must have signed."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The keys to believe and the quorum. ``quorum`` names a witness or a group, or is ``NOBODY``."""

    logs: tuple[Trusted, ...] = ()
    witnesses: Mapping[str, Trusted] = field(default_factory=lambda: MappingProxyType({}))
    groups: Mapping[str, Group] = field(default_factory=lambda: MappingProxyType({}))
    quorum: str = NOBODY


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a checkpoint's signatures are worth: the logs' keys, each witness with its time, and the quorum."""

    checkpoint: Checkpoint
    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, int]
    quorum: bool


def judge(note: Note, policy: Policy) -> Judgement:
    """Weigh the signatures under a checkpoint. Raises ``MalformedError`` if it is none, and ``NotProvenError``.

    A log's key counts if its name is the origin and the size is in its range: ``unsigned`` means that none did.
    """
    checkpoint = read_checkpoint(note.text)
    keys = [trusted.key for trusted in (*policy.logs, *policy.witnesses.values())]
    signed = verify(note, keys)
    logs = tuple(
        trusted.key
        for trusted in policy.logs
        if any(one.key == trusted.key for one in signed)
        and trusted.key.name == checkpoint.origin
        and trusted.covers(checkpoint.size)
    )
    if not logs:
        raise NotProvenError("unsigned")
    witnesses = {
        name: max(times)
        for name, trusted in policy.witnesses.items()
        if trusted.covers(checkpoint.size) and (times := _times(signed, trusted.key))
    }
    return Judgement(checkpoint, logs, MappingProxyType(witnesses), quorum=_reached(policy, witnesses))


def read_policy(data: bytes) -> Policy:
    """Read a policy file. Raises ``MalformedError`` with the number of the line."""
    if len(data) > LARGEST_POLICY or not data.endswith(b"\n"):
        raise MalformedError(because="policy_form")
    reading = _Reading()
    # Octets beyond ASCII are opaque in names and comments: each sequence of them stays apart from every other.
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n")[:-1], start=1):
        try:
            reading.take(line)
        except MalformedError as error:
            raise MalformedError(because=error.figures["because"], line=number) from error
    if reading.quorum is None:
        raise MalformedError(because="policy_quorum")
    return Policy(
        tuple(reading.logs), MappingProxyType(reading.witnesses), MappingProxyType(reading.groups), reading.quorum
    )


def write_policy(policy: Policy) -> bytes:
    """Write a policy file. Raises ``MalformedError`` for a policy that would not be read back as it is."""
    lines = [f"log {_line(trusted)}" for trusted in policy.logs]
    lines += [f"witness {name} {_line(trusted)}" for name, trusted in policy.witnesses.items()]
    lines += [f"group {name} {group.least} {' '.join(group.members)}" for name, group in policy.groups.items()]
    data = "".join(f"{line}\n" for line in (*lines, f"quorum {policy.quorum}")).encode()
    if read_policy(data) != policy:
        raise MalformedError(because="policy_form")
    return data


class _Reading:
    """What the lines read so far have defined."""

    def __init__(self) -> None:
        self.logs: list[Trusted] = []
        self.witnesses: dict[str, Trusted] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def take(self, line: str) -> None:
        match _items(line):
            case ["log", vkey, *url]:
                self._log(vkey, url)
            case ["witness", name, vkey, *url]:
                self._witness(name, vkey, url)
            case ["group", name, threshold, _, *_] as items:
                self._group(name, threshold, items[3:])
            case ["quorum", name]:
                self._quorum(name)
            case [_, *_]:
                raise MalformedError(because="policy_line")

    def _log(self, vkey: str, url: list[str]) -> None:
        trusted = _trusted(vkey, url, KeyType.LOG)
        if any(log.key.public_key == trusted.key.public_key for log in self.logs):
            raise MalformedError(because="policy_duplicate")
        self.logs.append(trusted)

    def _witness(self, name: str, vkey: str, url: list[str]) -> None:
        trusted = _trusted(vkey, url, KeyType.COSIGNATURE)
        self._is_new(name)
        if any(witness.key.public_key == trusted.key.public_key for witness in self.witnesses.values()):
            raise MalformedError(because="policy_duplicate")
        self.witnesses[name] = trusted

    def _group(self, name: str, threshold: str, members: list[str]) -> None:
        self._is_new(name)
        for member in members:
            self._is_defined(member)
            if member in self._members:
                raise MalformedError(because="policy_member")
            self._members.add(member)
        least = {"any": 1, "all": len(members)}.get(threshold) or read_number(threshold)
        if not 1 <= least <= len(members):
            raise MalformedError(because="policy_threshold")
        self.groups[name] = Group(least, tuple(members))

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise MalformedError(because="policy_quorum")
        if name != NOBODY:
            self._is_defined(name)
        self.quorum = name

    def _is_new(self, name: str) -> None:
        if name == NOBODY or name in self.witnesses or name in self.groups:
            raise MalformedError(because="policy_name")

    def _is_defined(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise MalformedError(because="policy_name")


def _items(line: str) -> list[str]:
    if any((sign < " " and sign != "\t") or sign == "\x7f" for sign in line):
        raise MalformedError(because="control_character")
    text = line.strip(" \t")
    return [] if text.startswith("#") or not text else _SPACES.split(text)


def _trusted(vkey: str, rest: list[str], expected: KeyType) -> Trusted:
    key = read_vkey(vkey)
    if key.type is not expected:
        raise MalformedError(because="key_type")
    if len(rest) > 1:
        raise MalformedError(because="policy_line")
    url = rest[0] if rest else None
    first, last = _sizes(url or "")
    return Trusted(key, first, last, url)


def _line(trusted: Trusted) -> str:
    return " ".join(filter(None, (write_vkey(trusted.key), trusted.url)))


def _sizes(url: str) -> tuple[int, int]:
    fragment = url.partition("#")[2]
    if not fragment.startswith("sizes"):
        return 0, LARGEST_SIZE
    parts = _RANGE.fullmatch(fragment)
    if parts is None:
        raise MalformedError(because="policy_sizes")
    first, last = read_number(parts[1]), read_number(parts[2]) if parts[2] else LARGEST_SIZE
    if first > last:
        raise MalformedError(because="policy_sizes")
    return first, last


def _times(signed: tuple[Signed, ...], key: VerifierKey) -> list[int]:
    return [one.at for one in signed if one.key == key and one.at is not None]


def _reached(policy: Policy, witnesses: Mapping[str, int]) -> bool:
    reached = {NOBODY, *witnesses}
    for name, group in policy.groups.items():  # a group comes after its members
        if sum(member in reached for member in group.members) >= group.least:
            reached.add(name)
    return policy.quorum in reached
