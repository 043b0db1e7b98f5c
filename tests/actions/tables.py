"""The database as a whole, for tests that say what changed in it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect, text

from service.core.ledger.canonical import canonical_bytes
from service.work import Runtime

COUNTER = "case_counter"


def counts(runtime: Runtime) -> dict[str, int]:
    """The number of rows of every table of ours."""
    with runtime.engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608 - our own names
            for name in names
        }


def added(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """The tables that grew, and by how much."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def events(runtime: Runtime) -> list[dict[str, Any]]:
    """Every entry of the ledger in the order of its number, checked against its hash, columns and chain."""
    with runtime.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM ledger_event ORDER BY id")).mappings().all()
        pending = set(connection.execute(text("SELECT event_id FROM ledger_pending")).scalars())
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
        assert row["id"] in pending
        found.append(event)
    return found
