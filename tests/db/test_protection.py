"""What was written stays as it was written, whoever asks the database to change it."""

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.db import rows

KEPT = ("ledger_event", "rulebook", "application_version", "assessment", "recusal", "decision")
ONE_OF_EACH = {"ledger_event": 4, **dict.fromkeys(KEPT[1:], 1)}
COLUMN = {
    "ledger_event": "type",
    "rulebook": "edition",
    "application_version": "facts",
    "assessment": "outcome",
    "recusal": "kind",
    "decision": "outcome",
}
KEY = {
    "ledger_event": "id",
    "rulebook": "sha256",
    "application_version": "application_id, n",
    "assessment": "application_id, n",
    "recusal": "meeting_id, n, person_id",
    "decision": "application_id, n",
}
ONLY_ADDED = "only ever added|takes the next number|next of its subject"


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """One row of each kind, and the entries they need."""
    with engine.begin() as connection:
        rows.add_all(connection)
    return engine


def refused(engine: Engine, *statements: str) -> str:
    """Run statements in one transaction, expect the last to be refused, and give the database's words."""
    with engine.connect() as connection:
        for statement in statements[:-1]:
            connection.exec_driver_sql(statement)
        with pytest.raises(DBAPIError) as told:
            connection.exec_driver_sql(statements[-1])
        connection.rollback()
        count = "SELECT count(*) FROM "
        left = {table: connection.exec_driver_sql(count + table).scalar_one() for table in KEPT}
        connection.rollback()
    assert left == ONE_OF_EACH
    return str(told.value.orig)


@pytest.mark.parametrize("table", KEPT)
def test_a_row_is_not_updated_not_even_to_what_it_is(engine: Engine, table: str) -> None:
    column = COLUMN[table]
    assert "only ever added" in refused(engine, f"UPDATE {table} SET {column} = 'x'")  # noqa: S608 - our own names
    assert "only ever added" in refused(engine, f"UPDATE {table} SET {column} = {column}")  # noqa: S608


@pytest.mark.parametrize("table", KEPT)
def test_a_row_is_not_deleted(engine: Engine, table: str) -> None:
    assert "only ever added" in refused(engine, f"DELETE FROM {table}")  # noqa: S608 - our own names


@pytest.mark.parametrize("table", KEPT)
def test_a_row_is_not_overwritten_by_an_upsert(engine: Engine, table: str) -> None:
    upsert = (
        f"INSERT INTO {table} SELECT * FROM {table} WHERE true "  # noqa: S608 - our own names
        f"ON CONFLICT ({KEY[table]}) DO UPDATE SET {COLUMN[table]} = 'x'"
    )
    told = refused(engine, upsert)
    assert any(words in told for words in ONLY_ADDED.split("|"))


REPLACED = {
    "ledger_event": """
        INSERT OR REPLACE INTO ledger_event SELECT * FROM ledger_event WHERE id = 4;
        REPLACE INTO ledger_event SELECT 5, canon, leaf_hash, recorded_at, type, subject_kind, subject_id, rev
          FROM ledger_event WHERE id = 4""",
    "rulebook": """
        INSERT OR REPLACE INTO rulebook SELECT * FROM rulebook;
        REPLACE INTO rulebook SELECT 'zz', id, edition, in_force_from, released_at, source, event_id FROM rulebook""",
    "application_version": """
        INSERT OR REPLACE INTO application_version SELECT * FROM application_version;
        REPLACE INTO application_version SELECT application_id, 2, follows, facts, rulebook_sha256, submitted_at,
          event_id FROM application_version""",
    "assessment": """
        INSERT OR REPLACE INTO assessment SELECT * FROM assessment;
        REPLACE INTO assessment SELECT application_id, 2, rulebook_sha256, facts_sha256, outcome, category, total,
          completeness, report_zh, report_en, report_zh_sha256, report_en_sha256, assessed_at, event_id
          FROM assessment""",
    "recusal": """
        INSERT OR REPLACE INTO recusal SELECT * FROM recusal;
        REPLACE INTO recusal SELECT meeting_id, 2, person_id, application_id, held_by, kind, reason, at, event_id
          FROM recusal""",
    "decision": """
        INSERT OR REPLACE INTO decision SELECT * FROM decision;
        REPLACE INTO decision SELECT application_id, 2, meeting_id, item, outcome, assessed, override, reason, tally,
          conditions, dissent, decided_by, decided_at, 4 FROM decision;
        REPLACE INTO decision SELECT application_id, 2, meeting_id, 2, outcome, assessed, override, reason, tally,
          conditions, dissent, decided_by, decided_at, event_id FROM decision""",
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("table", KEPT)
def test_sqlite_does_not_replace_a_row_whatever_the_pragma(engine: Engine, table: str, recursive: str) -> None:
    for statement in REPLACED[table].split(";"):
        told = refused(engine, f"PRAGMA recursive_triggers={recursive}", statement)
        assert any(words in told for words in ONLY_ADDED.split("|"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", KEPT)
def test_postgresql_does_not_truncate(engine: Engine, table: str) -> None:
    assert "only ever added" in refused(engine, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", KEPT)
def test_postgresql_refuses_even_a_session_that_switches_triggers_off(engine: Engine, table: str) -> None:
    told = refused(
        engine,
        "SET LOCAL session_replication_role = replica",
        f"UPDATE {table} SET {COLUMN[table]} = 'x'",  # noqa: S608 - our own names
    )
    assert "only ever added" in told


def added(engine: Engine, **changes: object) -> str:
    """Try to add the fifth entry, changed, and give the words of its refusal."""
    with engine.connect() as connection:
        last = connection.execute(text("SELECT leaf_hash FROM ledger_event WHERE rev = 4")).scalar_one()
        rev, prev = changes.pop("rev", 5), changes.pop("prev", bytes(last).hex())
        with pytest.raises(DBAPIError) as told:
            rows.add_event(connection, rows.event(rev, prev, **changes))  # type: ignore[arg-type]  # wrong on purpose
    return str(told.value.orig)


def test_the_next_entry_is_taken(engine: Engine) -> None:
    with engine.begin() as connection:
        last = connection.execute(text("SELECT leaf_hash FROM ledger_event WHERE rev = 4")).scalar_one()
        rows.add_event(connection, rows.event(5, bytes(last).hex()))


@pytest.mark.parametrize("rev", [1, 4, 6, 0, -1])
def test_an_entry_that_is_not_the_next_of_its_subject_is_refused(engine: Engine, rev: int) -> None:
    assert "next of its subject" in added(engine, rev=rev)


@pytest.mark.parametrize("prev", [None, "ab" * 32, ""])
def test_an_entry_that_points_at_another_than_the_last_is_refused(engine: Engine, prev: str | None) -> None:
    assert "next of its subject" in added(engine, prev=prev)


@pytest.mark.parametrize("changes", [{"type": "thing.undone"}, {"kind": "other"}, {"id": "s-2"}])
def test_an_entry_whose_columns_say_other_than_its_bytes_is_refused(engine: Engine, changes: dict[str, str]) -> None:
    told = added(engine, **changes)
    assert any(words in told for words in ("repeat its bytes", "ck_ledger_event_columns", "next of its subject"))


def test_an_entry_with_the_columns_of_a_new_subject_and_the_bytes_of_another_is_refused(engine: Engine) -> None:
    told = added(engine, rev=1, prev=None, id="s-2")
    assert any(words in told for words in ("repeat its bytes", "ck_ledger_event_columns"))


def test_a_leaf_hash_of_another_length_is_refused(engine: Engine) -> None:
    assert "ck_ledger_event_leaf_hash" in added(engine, leaf_hash=b"short")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_refuses_a_leaf_hash_that_is_not_of_the_bytes(engine: Engine) -> None:
    assert "ck_ledger_event_leaf_hash" in added(engine, leaf_hash=bytes(32))


@pytest.mark.parametrize("canon", [b"", b"no json", b"\xff", b"[]"])
def test_bytes_that_are_no_event_are_refused(engine: Engine, canon: bytes) -> None:
    with engine.connect() as connection, pytest.raises(DBAPIError):
        rows.add_event(connection, rows.event(5, None, canon=canon))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", ["NULL", "4", "6", "-1"])
def test_sqlite_takes_no_number_but_the_next(engine: Engine, number: str) -> None:
    with engine.connect() as connection:
        last = connection.execute(text("SELECT leaf_hash FROM ledger_event WHERE rev = 4")).scalar_one()
        statement = rows.EVENT["sqlite"].replace("(SELECT coalesce(max(id), 0) + 1 FROM ledger_event)", number)
        with pytest.raises(IntegrityError, match="takes the next number"):
            connection.execute(text(statement), rows.event(5, bytes(last).hex()))


WITH_ENTRIES = (
    *(
        "person",
        "api_key",
        "rulebook",
        "application",
        "application_version",
        "assessment",
        "evidence",
        "opinion",
        "waiver",
    ),
    *("meeting", "meeting_item", "recusal", "vote", "decision", "deputy", "interest", "person_identity"),
)


@pytest.mark.parametrize("table", WITH_ENTRIES)
def test_no_row_is_without_an_entry_of_its_own(engine: Engine, table: str) -> None:
    inspector = inspect(engine)
    (column,) = (column for column in inspector.get_columns(table) if column["name"] == "event_id")
    assert column["nullable"] is False
    assert ["event_id"] in [one["column_names"] for one in inspector.get_unique_constraints(table)]
    keys = {tuple(key["constrained_columns"]): key["referred_table"] for key in inspector.get_foreign_keys(table)}
    assert keys["event_id",] == "ledger_event"
