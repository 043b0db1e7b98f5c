"""The database as a whole, for tests that say what changed in it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, literal, select, text, union_all
from sqlalchemy.engine.interfaces import DBAPICursor

from service.core.ledger.canonical import canonical_bytes
from service.core.ledger.merkle import Frontier, extend
from service.db import tables
from service.work import Runtime

# What a submission adds, in rows.
SUBMITTED = {"application_version": 1, "assessment": 1, "ledger_event": 1, "ledger_pending": 1}

_COUNTED = union_all(
    *(
        select(literal(table.name), select(func.count()).select_from(table).scalar_subquery())
        for table in tables.METADATA.sorted_tables
    )
)


_EVERY_ROW = [
    f"SELECT * FROM {table.name} ORDER BY {', '.join(column.name for column in table.primary_key.columns)}"  # noqa: S608 - names of ours
    for table in tables.METADATA.sorted_tables
]


def dump(runtime: Runtime) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours as the driver gives it, in the order of their keys."""
    with runtime.engine.connect() as connection:
        ask = _at_once if connection.dialect.name == "postgresql" else _one_by_one
        names = (table.name for table in tables.METADATA.sorted_tables)
        return dict(zip(names, ask(connection.connection.cursor()), strict=True))


def _at_once(cursor: DBAPICursor) -> Iterator[list[tuple[Any, ...]]]:
    """Ask for all tables in one message: they are many, and their rows are few."""
    cursor.execute("; ".join(_EVERY_ROW))
    yield list(cursor.fetchall())
    while cursor.nextset():
        yield list(cursor.fetchall())


def _one_by_one(cursor: DBAPICursor) -> Iterator[list[tuple[Any, ...]]]:
    return (list(cursor.execute(query).fetchall()) for query in _EVERY_ROW)


def counts(runtime: Runtime) -> dict[str, int]:
    """The number of rows of every table of ours."""
    with runtime.engine.connect() as connection:
        return {str(name): number for name, number in connection.execute(_COUNTED)}


def added(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """The tables that grew, and by how much.

    An entry that came into the tree at once, as on SQLite, counts as one that waits.
    """
    grown = {name: after[name] - before[name] for name in after if name not in ("ledger_node", "ledger_head")}
    grown["ledger_pending"] += grown.pop("ledger_leaf")
    return {name: rows for name, rows in grown.items() if rows}


@contextmanager
def nothing_changes(runtime: Runtime) -> Iterator[None]:
    """Whatever happens inside, every row is afterwards what it was before."""
    before = dump(runtime)
    yield
    assert dump(runtime) == before


def events(runtime: Runtime) -> list[dict[str, Any]]:
    """Every entry of the ledger in the order of its number, checked against its hash, columns and chain.

    Each waits or is a leaf, and not both.
    """
    with runtime.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM ledger_event ORDER BY id")).mappings().all()
        pending = set(connection.execute(text("SELECT event_id FROM ledger_pending")).scalars())
        leaves = leaves_of(connection)
    heads: dict[tuple[str, str], tuple[int, str | None]] = {}
    found = []
    for row in rows:
        canon = bytes(row["canon"])
        event = json.loads(canon)
        assert canonical_bytes(event) == canon
        assert bytes(row["leaf_hash"]) == hashlib.sha256(b"\x00" + canon).digest()
        subject = event["subject"]
        columns = (event["type"], subject["kind"], subject["id"], subject["rev"])
        assert columns == (row["type"], row["subject_kind"], row["subject_id"], row["rev"])
        key = (subject["kind"], subject["id"])
        rev, prev = heads.get(key, (0, None))
        assert (subject["rev"], subject["prev"]) == (rev + 1, prev)
        heads[key] = (subject["rev"], bytes(row["leaf_hash"]).hex())
        assert (row["id"] in pending) is not (row["id"] in leaves)
        found.append(event)
    return found


def leaves_of(connection: Connection) -> dict[int, bytes]:
    """The leaves by the numbers of their entries, in their order: numbered without a gap, as the tree has them."""
    rows = connection.execute(text("SELECT seq, event_id, leaf_hash FROM ledger_leaf ORDER BY seq")).all()
    nodes = connection.execute(text("SELECT level, idx, hash FROM ledger_node ORDER BY level, idx")).all()
    head = connection.execute(text("SELECT size, frontier FROM ledger_head")).first()
    assert [row.seq for row in rows] == list(range(len(rows)))
    frontier, kept = extend(Frontier(), [bytes(row.leaf_hash) for row in rows])
    assert [(row.level, row.idx, bytes(row.hash)) for row in nodes] == [
        (node.level, node.index, node.hash) for node in kept
    ]
    assert (0, b"") if head is None else (head.size, bytes(head.frontier)) == (frontier.size, b"".join(frontier.peaks))
    return {row.event_id: bytes(row.leaf_hash) for row in rows}


def of_case(runtime: Runtime, case_id: UUID) -> list[dict[str, Any]]:
    """The entries of one case."""
    return [event for event in events(runtime) if event["subject"] == event["subject"] | {"id": str(case_id)}]


def last_of_case(runtime: Runtime, case_id: UUID) -> dict[str, Any]:
    """The latest entry of one case."""
    return of_case(runtime, case_id)[-1]
