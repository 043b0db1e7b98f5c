"""Assessing again: what entries tell of, from the logged facts and the edition they name, byte for byte."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from service.actions import rulebooks
from service.actions.applications.facts import stored_facts
from service.core.errors import SluiceError
from service.core.ledger.folding import Entry
from service.core.rules.engine import Engine
from service.core.values import Json
from service.db.applications import ApplicationVersion
from service.work import Work

LANGUAGES: Final = ("zh", "en")

# The assessments that each type of entry tells of, by the beginning of the members that hold the hashes of their
# reports; a verified one leaves out facts that the entry names.
_TOLD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "application.submitted": ("report",),
        "application.tabled": ("declared", "verified"),
        "application.retabled": ("declared", "verified"),
    }
)
_VERIFIED: Final = "verified"


class Verdict(StrEnum):
    """What assessing again came to."""

    EQUAL = "equal"
    DIFFERENT = "different"
    NOT_REPLAYABLE = "not_replayable"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One assessment, assessed again. ``told`` is which of its entry; ``because`` names what differs or is missing."""

    entry: int
    application: str
    n: int
    told: str
    verdict: Verdict
    because: str | None = None


def replay(work: Work, entries: Iterable[Entry]) -> Iterator[Replayed]:
    """Assess again whatever entries tell of, with the waivers and the facts that they name."""
    for entry in entries:
        for told in _TOLD.get(entry.type, ()):
            verdict, because = _verdict(work, entry, told)
            yield Replayed(entry.number, entry.subject, int(entry.data["n"]), told, verdict, because)


def _verdict(work: Work, entry: Entry, told: str) -> tuple[Verdict, str | None]:
    version = work.session.get(ApplicationVersion, (UUID(entry.subject), entry.data["n"]))
    if version is None:
        return Verdict.NOT_REPLAYABLE, "facts"
    try:
        engine = rulebooks.edition(work, entry.data["rulebook_sha256"])
    except SluiceError:
        return Verdict.NOT_REPLAYABLE, "rulebook"
    try:
        differs = _difference(engine, entry, told, stored_facts(version.facts))
    except SluiceError:
        return Verdict.DIFFERENT, "facts"
    return (Verdict.EQUAL, None) if differs is None else (Verdict.DIFFERENT, differs)


def _difference(engine: Engine, entry: Entry, told: str, raw: dict[str, Json]) -> str | None:
    facts = engine.read(raw)
    if entry.data.get("facts_sha256", facts.sha256) != facts.sha256:
        return "facts"
    if told == _VERIFIED:
        left_out = frozenset(entry.data["left_out"])
        facts = engine.read({name: value for name, value in raw.items() if name not in left_out})
    for language in LANGUAGES:
        again = engine.explain(facts, language, frozenset(entry.data["waived"]))
        if hashlib.sha256(again.encode()).hexdigest() != entry.data[f"{told}_{language}_sha256"]:
            return f"{told}_{language}"
    return None
