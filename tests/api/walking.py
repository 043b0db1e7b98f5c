"""Walks through the whole API: anybody tries anything, in any order, mostly where it may succeed."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.actions import rulebooks
from service.config import Settings
from service.core.people import SYSTEM, Actor, Permission, Role
from service.db.applications import ApplicationRow
from service.db.meetings import MeetingItemRow, MeetingRow, SeatRow
from service.signing import open_signer
from service.work import Runtime
from tests import databases, make
from tests.api import parts, walked_rules
from tests.api.calling import Http, open_http, read
from tests.conftest import Clock

_T = TypeVar("_T")
_R = TypeVar("_R")

MOST: Final = 1023
RARE: Final = 12


@dataclass(frozen=True)
class Step:
    """A deed and the numbers that say by whom, to what and how. The least numbers make the most ordinary deed."""

    deed: str
    n: tuple[int, ...]

    def pick(self, at: int, options: Sequence[_T]) -> _T:
        """One of the options."""
        return options[self.n[at] // RARE % len(options)]

    def rarely(self, at: int) -> bool:
        """Whether something is done that hardly ever may."""
        return self.n[at] % RARE == RARE - 1

    def bit(self, at: int, which: int) -> bool:
        """One of ten independent answers."""
        return bool(self.n[at] >> which & 1)

    def likely(self, at: int, options: Sequence[_T], fits: Callable[[_T], bool]) -> _T | None:
        """One of the options, mostly one that fits; None where there is none."""
        fitting = options if self.rarely(at) else [one for one in options if fits(one)] or options
        return self.pick(at, fitting) if fitting else None


@dataclass(frozen=True)
class Tag:
    """What is sent in If-Match, and whether it is the version that stands."""

    text: str | None = None
    stands: bool = True


@dataclass
class Walk:
    """A service, the people who walk through it, and what they were answered."""

    http: Http
    clock: Clock
    people: tuple[Actor, ...]
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def house(self) -> make.House:
        return self.http.house

    @property
    def runtime(self) -> Runtime:
        return self.http.house.runtime

    @property
    def voters(self) -> list[Actor]:
        """Those who may have a seat that votes."""
        return [actor for actor in self.people if actor.may(Permission.VOTE)]

    @property
    def chairs(self) -> list[Actor]:
        return [actor for actor in self.people if Role.CHAIR in actor.roles]

    def actor(self, person: UUID) -> Actor:
        return next(actor for actor in self.people if actor.person_id == person)

    def somebody(self, step: Step, at: int, permission: Permission) -> Actor:
        """Mostly one who is granted something."""
        found = step.likely(at, self.people, lambda actor: actor.may(permission))
        assert found is not None
        return found

    def rows(self, kind: type[_R], *where: Any) -> list[_R]:  # noqa: ANN401 - conditions of SQLAlchemy
        """The rows of a table in the order of their latest entries."""
        order = getattr(kind, "event_id", None) if kind is not SeatRow else SeatRow.person_id
        with Session(self.runtime.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(kind).where(*where).order_by(order)))

    def cases(self) -> list[ApplicationRow]:
        """Cases in the order of their numbers."""
        return sorted(self.rows(ApplicationRow), key=lambda row: row.serial)

    def meetings(self) -> list[MeetingRow]:
        return sorted(self.rows(MeetingRow), key=lambda row: row.id)

    def items(self) -> list[tuple[MeetingRow, MeetingItemRow]]:
        """Items with their meetings."""
        meetings = {row.id: row for row in self.meetings()}
        items = sorted(self.rows(MeetingItemRow), key=lambda row: (row.meeting_id, row.n))
        return [(meetings[item.meeting_id], item) for item in items]

    def send(self, actor: Actor, method: str, path: str, body: object = None, tag: Tag = Tag()) -> TestResponse:
        """Call as somebody; no answer is a failure of the service, and nothing is done to another version."""
        caller, headers = self.http.caller(actor), {} if tag.text is None else {"If_Match": tag.text}
        if isinstance(body, bytes):
            answer = parts.send(caller, path, body, **headers)
        elif method == "PUT":
            answer = caller.put(path, body, **headers)
        else:
            answer = caller.post(path, body, **headers)
        assert tag.stands or answer.status_code >= 400, (path, tag, answer.text)
        return self.noted(self._kind(path), answer)

    def noted(self, kind: str, answer: TestResponse) -> TestResponse:
        """Count an answer by its kind and code. None may be a failure of the service."""
        assert answer.status_code < 500, (kind, answer.text)
        ok = answer.status_code < 400
        self.answers[kind, "ok" if ok else str(read(answer)["code"])] += 1
        return answer

    @staticmethod
    def _kind(path: str) -> str:
        words = [part for part in path.removeprefix("/v1/").split("/") if not part.isdecimal() and "-" not in part]
        return "/".join(words)


def tag(step: Step, at: int, version: int) -> Tag:
    """The version that stands, rarely another one or none."""
    if not step.rarely(at):
        return Tag(f'"{version}"')
    return Tag(step.pick(at, [f'"{version + 1}"', f'"{version - 1}"', None]), stands=False)


ROLES: Final[Mapping[str, tuple[Role, ...]]] = {
    "招商兼委员": (Role.OFFICER, Role.MEMBER),
    "招商兼秘书": (Role.OFFICER, Role.SECRETARY),
    "审计兼主任": (Role.AUDITOR, Role.CHAIR),
    "联审兼主任": (Role.REVIEWER, Role.CHAIR),
    "招商兼审计兼委员": (Role.OFFICER, Role.AUDITOR, Role.MEMBER),
    "全部": (Role.OFFICER, Role.REVIEWER, Role.SECRETARY, Role.MEMBER, Role.CHAIR, Role.AUDITOR),
}


@contextmanager
def begun(kind: str) -> Iterator[Walk]:
    """A fresh service of a kind of database, with the walks' rules in force and people of one role and of several."""
    with databases.fresh(kind) as engine, tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "ledger.key"
        key.write_text(make.SEED.hex(), encoding="ascii")
        key.chmod(0o600)
        settings = Settings(
            database_url=databases.text_of(engine),
            evidence_folder=str(Path(folder) / "evidence"),
            ledger_key_file=str(key),
            ledger_origin="zone.example/ledger/1",
        )
        clock = Clock()
        house = make.house(Runtime(engine, settings, clock, open_signer(settings)))
        with house.work(SYSTEM) as work:
            rulebooks.release(work, walked_rules.rules())
        yield Walk(open_http(house), clock, _people(house))


def _people(house: make.House) -> tuple[Actor, ...]:
    single = (house.officer, house.reviewer, house.secretary, house.chair, house.member, *house.others[:2])
    several = tuple(make.person(house, name, *roles) for name, roles in ROLES.items())
    return (*single, house.both, *several, house.colleague, house.auditor, house.admin)
