"""Somebody who may write whatever they like into a service's database, and may have the log's key as well."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from service.cli.runtime import INSPECTING
from service.core.ledger.canonical import canonical_bytes, leaf_hash
from service.core.ledger.checkpoint import Checkpoint, write_checkpoint
from service.core.ledger.merkle import Frontier, extend, root
from service.core.ledger.notes import Note, signed_by, write_note
from service.core.people import Actor
from service.db.engine import make_engine
from service.signing import Signer
from service.work import Runtime, Work
from tests import databases

CHECKS = ("leaf_hash", "columns")


@contextmanager
def owned(engine: Engine) -> Iterator[Connection]:
    """Let the owner at a database: triggers, keys and checks out of the way. In the end all is as it was."""
    made = make_engine(databases.text_of(engine))
    with made.connect() as connection:
        unguard(connection)
        yield connection
        connection.rollback()
    made.dispose()


def unguard(connection: Connection) -> None:
    """Take triggers, keys and checks out of the way."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        named = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in named:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    for table in inspect(connection).get_table_names():
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    for check in CHECKS:
        connection.exec_driver_sql(f"ALTER TABLE ledger_event DROP CONSTRAINT ck_ledger_event_{check}")


@contextmanager
def seen(connection: Connection, runtime: Runtime, by: Actor = INSPECTING) -> Iterator[Work]:
    """What an inspector, or somebody else, sees of a transaction that is not committed."""
    with Session(connection) as session:
        now = runtime.clock()
        yield Work(session, by, now, now.date(), None, None, runtime.settings)


@dataclass(frozen=True)
class Forger:
    """A connection without a guard, and the stolen key."""

    connection: Connection
    key: Signer

    def run(self, sql: str, **values: object) -> int:
        """Say something to the database, and give how many rows it changed."""
        return self.connection.execute(text(sql), values).rowcount

    def one(self, sql: str, **values: object) -> Any:  # noqa: ANN401 - whatever stands there
        return self.connection.execute(text(sql), values).scalar_one()

    def entries(self) -> list[tuple[int, bytes]]:
        """Every entry in the order of the tree; those that wait come last, in the order of their numbers."""
        found = self.connection.execute(
            text(
                "SELECT ledger_event.id, canon FROM ledger_event "
                "LEFT JOIN ledger_leaf ON event_id = ledger_event.id ORDER BY coalesce(seq, 1000000), ledger_event.id"
            )
        )
        return [(number, bytes(canon)) for number, canon in found]

    def event(self, number: int) -> dict[str, Any]:
        """Read an entry."""
        found: dict[str, Any] = json.loads(dict(self.entries())[number])
        return found

    def add(self, type_: str, subject: tuple[str, str], at: str) -> int:
        """Write an entry about something new, that says it is of another time; give its number."""
        number = 1 + int(self.one("SELECT max(id) FROM ledger_event"))
        event = self.event(number - 1) | {"type": type_, "at": at, "data": {}}
        event["subject"] = {"kind": subject[0], "id": subject[1], "rev": 1, "prev": None}
        canon = canonical_bytes(event)
        self.run(
            "INSERT INTO ledger_event (id, canon, leaf_hash, type, subject_kind, subject_id, rev) "
            "VALUES (:id, :canon, :hash, :type, :kind, :subject, 1)",
            id=number,
            canon=canon,
            hash=leaf_hash(canon),
            type=type_,
            kind=subject[0],
            subject=subject[1],
        )
        return number

    def write(self, number: int, event: dict[str, Any]) -> None:
        """Put other bytes into an entry, with the hash and the columns they have."""
        canon, subject = canonical_bytes(event), event["subject"]
        self.run(
            "UPDATE ledger_event SET canon = :canon, leaf_hash = :hash, type = :type, rev = :rev WHERE id = :id",
            canon=canon,
            hash=leaf_hash(canon),
            type=event["type"],
            rev=subject["rev"],
            id=number,
        )

    def rewrite(self, number: int, change: Callable[[dict[str, Any]], object]) -> None:
        """Change an entry, and link every later one of its subject to it again."""
        heads: dict[tuple[str, str], str] = {}
        for each, canon in sorted(self.entries()):
            event = json.loads(canon)
            subject = event["subject"]
            place = subject["kind"], subject["id"]
            if each == number:
                change(event)
            subject["prev"] = heads.get(place)
            if canonical_bytes(event) != canon:
                self.write(each, event)
            heads[place] = leaf_hash(canonical_bytes(event)).hex()

    def build(self, order: Sequence[int] | None = None) -> int:
        """Build the whole tree again from the entries, in their order or in this one; give its size."""
        self.connection.exec_driver_sql("DELETE FROM ledger_pending")
        by_number = dict(self.entries())
        numbers = list(by_number) if order is None else order
        for table in ("ledger_leaf", "ledger_node", "ledger_head"):
            self.run(f"DELETE FROM {table}")  # noqa: S608 - our own names
        leaves = [leaf_hash(by_number[number]) for number in numbers]
        for seq, (number, leaf) in enumerate(zip(numbers, leaves, strict=True)):
            self.run("INSERT INTO ledger_leaf VALUES (:seq, :id, :hash)", seq=seq, id=number, hash=leaf)
        frontier, nodes = extend(Frontier(), leaves)
        for node in nodes:
            self.run("INSERT INTO ledger_node VALUES (:l, :i, :h)", l=node.level, i=node.index, h=node.hash)
        peaks = b"".join(frontier.peaks)
        self.run("INSERT INTO ledger_head VALUES (1, :size, :frontier)", size=frontier.size, frontier=peaks)
        return frontier.size

    def sign(self, *sizes: int) -> None:
        """Put checkpoints of these sizes, signed with the stolen key, in the place of all there are."""
        leaves = [leaf_hash(canon) for _, canon in self.entries()]
        at = self.one("SELECT max(signed_at) FROM ledger_checkpoint")
        self.run("DELETE FROM ledger_cosignature")
        self.run("DELETE FROM ledger_checkpoint")
        for size in sizes:
            top = root(extend(Frontier(), leaves[:size])[0])
            said = write_checkpoint(Checkpoint(self.key.key.name, size, top))
            note = write_note(Note(said, (signed_by(self.key.key, self.key.sign(said.encode())),)))
            self.run("INSERT INTO ledger_checkpoint VALUES (:s, :r, :n, :at)", s=size, r=top, n=note, at=at)
