"""One unit of work: who does it, when, in which transaction. Only this module begins, commits and rolls back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as WaitedTooLongError
from sqlalchemy.orm import Session

from service.calendars import open_calendar, shipped
from service.config import Settings
from service.core.cases.calendar import Calendar
from service.core.errors import ConflictError
from service.core.people import Actor
from service.db.engine import make_engine, reading
from service.db.ledger import CHAIN
from service.db.turns import turn
from service.signing import Signer, open_signer

RETRY_AFTER_SECONDS: Final = 1

# Says who acts, from inside the transaction; raises ``UnauthenticatedError``.
Identify: TypeAlias = Callable[[Session, datetime], Actor]

# PostgreSQL: serialization failure, deadlock, lock not available. SQLite: busy, locked.
_CONTENDED_STATES = frozenset({"40001", "40P01", "55P03"})
_CONTENDED_CODES = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_BUSY_RECOVERY", "SQLITE_LOCKED"})


class BusyError(ConflictError):
    """Others hold what this work needs; nothing was done, and trying again will do. Figures: ``retry_after``."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry about a subject: its ``rev``, 0 for none, and hash."""

    rev: int
    leaf_hash: bytes | None


@dataclass(frozen=True, slots=True)
class Work:
    """What an action works with. ``expects`` is the version the caller last read; ``today`` is the zone's own date.

    ``entries`` are the numbers of the ledger entries written so far, ``heads`` the last entries by kind and identifier
    of the subjects that this work writes about; ``last_steps`` are done once each, right before the commit.
    """

    session: Session
    actor: Actor
    now: datetime
    today: date
    request_id: str | None
    expects: int | None
    settings: Settings = field(default_factory=Settings)
    calendar: Calendar = field(default_factory=shipped)
    entries: list[int] = field(default_factory=list)
    heads: dict[tuple[str, str], Head] = field(default_factory=dict)
    last_steps: dict[Callable[["Work"], object], None] = field(default_factory=dict)


def system_clock() -> datetime:
    """Give this moment, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one clock


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a process has for all its work: database, settings, clock, calendar, and the ledger's key if it has one."""

    engine: Engine
    settings: Settings
    clock: Callable[[], datetime] = system_clock
    signer: Signer | None = None
    calendar: Calendar = field(default_factory=shipped)

    @contextmanager
    def work(
        self,
        actor: Actor | Identify,
        *,
        request_id: str | None = None,
        expects: int | None = None,
        dry: bool = False,
        read_only: bool = False,
    ) -> Iterator[Work]:
        """Open a unit of work; leaving it commits, an error or ``dry`` undoes everything.

        ``read_only`` work sees one snapshot, waits for nobody, and cannot write. Raises ``BusyError`` when the
        database gave up waiting for others.
        """
        with _contention(), self._session(read_only=read_only) as session:
            now = self.clock().astimezone(UTC)
            who = actor if isinstance(actor, Actor) else actor(session, now)
            today = now.astimezone(ZoneInfo(self.settings.time_zone)).date()
            work = Work(session, who, now, today, request_id, expects, self.settings, self.calendar)
            yield work
            session.flush()
            for step in work.last_steps:
                step(work)
            if not (dry or read_only):
                session.commit()

    @contextmanager
    def _session(self, *, read_only: bool) -> Iterator[Session]:
        engine = reading(self.engine) if read_only else self.engine
        in_line = nullcontext() if read_only else turn(self.engine)
        with in_line, Session(engine, autoflush=False, expire_on_commit=False) as session:
            yield session


def open_runtime(settings: Settings) -> Runtime:
    """Make the runtime of a process from its settings."""
    return Runtime(
        make_engine(settings.database_url),
        settings,
        signer=open_signer(settings),
        calendar=open_calendar(settings),
    )


@contextmanager
def _contention() -> Iterator[None]:
    try:
        yield
    except WaitedTooLongError as error:
        raise BusyError(retry_after=RETRY_AFTER_SECONDS) from error
    except DBAPIError as error:
        if _is_contention(error.orig):
            raise BusyError(retry_after=RETRY_AFTER_SECONDS) from error
        raise


def _is_contention(cause: BaseException | None) -> bool:
    state = getattr(cause, "sqlstate", None)
    code = getattr(cause, "sqlite_errorname", None)
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    return state in _CONTENDED_STATES or code in _CONTENDED_CODES or constraint == CHAIN
