"""What people call the things that entries are about, where they are looked at, and who did what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import current_app
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from service.actions.applications.story import names
from service.core.people import SYSTEM, Permission, Role
from service.db.applications import ApplicationRow
from service.db.meetings import MeetingRow
from service.db.people import Person
from service.db.rulebooks import RulebookRow
from service.web.ui.pages import Page, declared
from service.web.ui.voice import Voice
from service.work import Work

KINDS: Final = ("application", "meeting", "person", "key", "rulebook", "webhook", "import", "log")

# Names are looked up by these: what is named, by which column, and what it is called.
_NAMED: Final[Mapping[str, tuple[InstrumentedAttribute[Any], ColumnElement[str] | InstrumentedAttribute[str]]]] = {
    "application": (ApplicationRow.id, ApplicationRow.number),
    "meeting": (MeetingRow.id, MeetingRow.title),
    "person": (Person.id, Person.name),
    "rulebook": (RulebookRow.sha256, RulebookRow.id + " " + RulebookRow.edition),
}
# The page of a thing, as it is declared, by the kind of the thing.
_PAGES: Final[Mapping[str, str]] = {"application": "case", "meeting": "meeting", "rulebook": "rulebook"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: its kind in words, what it is called, and its page, None where there is none to show."""

    kind: str
    name: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry in words: what, when, who with which roles at that moment, about what."""

    label: str
    at: datetime
    actor: str
    roles: str
    subject: Subject


def happened(work: Work, events: Iterable[Mapping[str, Any]], voice: Voice) -> list[Happened]:
    """Say entries in words."""
    told = list(events)
    people = {event["actor"]["ref"] for event in told}
    called = names(work, {ref for ref in people if ref.startswith("u:")}) | {SYSTEM.ref: voice.say("ledger.system")}
    subjects = _subjects(work, [event["subject"] for event in told])
    return [
        Happened(
            label=voice.known(event["type"], event["type"]),
            at=datetime.fromisoformat(event["at"]),
            actor=called.get(event["actor"]["ref"], event["actor"]["ref"]),
            roles=_roles(event["actor"]["roles"], voice),
            subject=_subject(work, event["subject"], subjects, voice),
        )
        for event in told
    ]


def kinds(voice: Voice) -> list[tuple[str, str]]:
    """Give the kinds of things that entries are about, with their words."""
    return [(kind, voice.say(f"ledger.kind.{kind}")) for kind in KINDS]


def _roles(codes: list[str], voice: Voice) -> str:
    return voice.joined([voice.say(f"role_{role}") for role in Role if role.value in codes])


def _subject(work: Work, subject: Mapping[str, Any], called: Mapping[tuple[str, str], str], voice: Voice) -> Subject:
    kind, id_ = subject["kind"], subject["id"]
    address = _address(work, kind, id_) if (kind, id_) in called else None
    return Subject(voice.known(f"ledger.kind.{kind}", kind), called.get((kind, id_), id_), address)


def _address(work: Work, kind: str, id_: str) -> str | None:
    """Give the page of a thing to whoever may read it."""
    page = declared(current_app).get(f"pages.{_PAGES.get(kind)}")
    if not isinstance(page, Page) or page.permission is None or not work.actor.may(page.permission):
        return None
    start, part, _ = page.path.partition("<")
    return f"{start}{id_}" if part else None


def _subjects(work: Work, subjects: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    wanted: dict[str, set[str]] = {}
    for subject in subjects:
        wanted.setdefault(subject["kind"], set()).add(subject["id"])
    for kind, ids in wanted.items():
        if kind in _NAMED:
            rows = work.session.execute(_selected(kind, ids))
            found |= {(kind, str(id_)): name for id_, name in rows}
    return found


def _selected(kind: str, ids: set[str]) -> Select[Any, str]:
    by, name = _NAMED[kind]
    return select(by, name).where(by.in_(ids if kind == "rulebook" else {UUID(id_) for id_ in ids}))


def reads_entries(work: Work) -> bool:
    """Whether somebody reads what entries say, and not their proofs alone."""
    return work.actor.may(Permission.READ_LEDGER)
