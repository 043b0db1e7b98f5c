"""The doctor finds nothing where nothing is wrong, and whatever somebody changed behind the service's back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from service import words
from service.actions import doctor, ledger
from service.actions.doctor import Examined, Outside, Verdict, entries
from service.actions.doctor.rows import rows
from service.core.errors import ForbiddenError
from service.core.ledger.canonical import leaf_hash
from service.core.ledger.folding import Trouble, differences, fold
from service.core.ledger.tellings import EFFECTS
from service.db import tables as all_tables
from service.work import Work
from tests import busy, databases, make
from tests.conftest import Clock, service

NOTHING = Outside(None, {})
READ = {"evidence.read", "bundle.read"}

# Columns of the tables that no entry tells of: names, which never enter the ledger, and what follows from others.
UNTOLD = {
    "person": {"id", "event_id"},
    "password": {"event_id"},
    "interest": {"event_id"},
    "person_identity": {"event_id"},
    "api_key": {"id", "secret_sha256", "label", "last_used_at", "event_id"},
    "rulebook": {"sha256", "event_id"},
    "rulebook_proposal": {"id", "event_id"},
    "application": {"id", "serial", "industry", "event_id"},
    "application_version": {"event_id"},
    "assessment": {"event_id"},
    "evidence": {"name", "event_id"},
    "opinion": {"version", "event_id"},
    "waiver": {"id", "version", "event_id"},
    "meeting": {"id", "event_id"},
    "seat": {"place"},
    "meeting_item": {"version", "event_id"},
    "recusal": {"event_id"},
    "vote": {"event_id"},
    "decision": {"event_id"},
    "deputy": {"id", "event_id"},
    "webhook": {"id", "event_id"},
}
# Tables that hold nothing of their own: what they hold follows from others, or nobody relies on it.
WITHOUT = {
    "case_counter",
    "outbox",
    "reply",
    "person_role",
    "web_session",
    "sign_in_attempts",
    *(name for name in all_tables.METADATA.tables if "ledger" in name),
}


@pytest.fixture(scope="module", params=databases.KINDS)
def lively(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[make.House]:
    """A house in which everything has happened; whoever does damage to it takes that back."""
    with databases.fresh(request.param) as engine:
        house = make.house(service(engine, Clock(), tmp_path_factory.mktemp("lively")))
        busy.make_busy(house)
        yield house


def examined(house: make.House, outside: Outside = NOTHING) -> Examined:
    with house.runtime.work(house.auditor, read_only=True) as work:
        return doctor.examine(work, outside)


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """What the owner of a database can do: everything, with every trigger and foreign key out of the way."""
    owner = create_engine(databases.text_of(engine), poolclass=NullPool)
    with owner.connect() as connection:
        if engine.dialect.name == "sqlite":
            named = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            for name in named:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for table in inspect(engine).get_table_names():
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            for check in ("leaf_hash", "columns"):
                connection.exec_driver_sql(f"ALTER TABLE ledger_event DROP CONSTRAINT ck_ledger_event_{check}")
        yield connection
        connection.rollback()


def test_an_examination_of_a_sound_house_finds_nothing_and_says_what_it_looked_at(lively: make.House) -> None:
    ledger.catch_up(lively.runtime)
    found = examined(lively)
    assert found.findings == ()
    assert found.entries == found.size > 60
    assert found.rows > 40
    assert {one.told for one in found.replayed} == {"report", "declared", "verified"}
    assert {one.verdict for one in found.replayed} == {Verdict.EQUAL}


def test_everything_that_is_ever_recorded_happened_in_this_house(lively: make.House) -> None:
    with lively.runtime.engine.connect() as connection:
        happened = set(connection.exec_driver_sql("SELECT DISTINCT type FROM ledger_event").scalars())
    labels = {name for name in words.section("zh", "domain") if "." in name}
    assert set(EFFECTS) - {"log.heartbeat"} == labels - {"log.heartbeat"}
    assert set(EFFECTS) - happened <= {
        "log.heartbeat",
        "log.key_added",
        "log.key_retired",
        "recusal.ordered",
        "recusal.found",
        *READ,
    }


def test_every_table_is_looked_at_or_named_here() -> None:
    assert set(UNTOLD) | WITHOUT == set(all_tables.METADATA.tables)


def changes() -> Iterator[tuple[str, str]]:
    for name, untold in UNTOLD.items():
        yield from (
            (name, column.name) for column in all_tables.METADATA.tables[name].columns if column.name not in untold
        )


SQL: Mapping[str, str | Mapping[str, str]] = {
    "String": "'x' || substr(coalesce({column}, ''), 2)",
    "Text": "'x' || substr(coalesce({column}, ''), 2)",
    "Integer": "coalesce({column}, 0) + 100",
    "BigInteger": "coalesce({column}, 0) + 100",
    "ExactDecimal": {"sqlite": "'0.5'", "postgresql": "0.5"},
    "Boolean": "NOT coalesce({column}, false)",
    "Date": "'2031-01-01'",
    "UtcDateTime": "'2031-01-01 00:00:00.000000'",
    "Uuid": {"sqlite": "'" + "f" * 32 + "'", "postgresql": "'" + "f" * 32 + "'::uuid"},
    "LargeBinary": {"sqlite": "X'00'", "postgresql": "'\\x00'::bytea"},
}
TEXTS_OF_JSON = {"events", "facts", "waived", "conditions", "tally", "dissent"}


def changed(connection: Connection, table: str, column: str) -> str:
    """SQL for another value than the one that stands in a column."""
    kind = type(all_tables.METADATA.tables[table].c[column].type).__name__
    if kind == "Text" and column in TEXTS_OF_JSON:
        return "'{}'" if column == "facts" and table != "evidence" else """'["x"]'"""
    sql = SQL[kind]
    return (sql if isinstance(sql, str) else sql[connection.dialect.name]).format(column=column)


def one_row(table: str) -> str:
    """SQL for one row of a table: that of its latest entry, or any."""
    if table == "seat":
        first = "SELECT {} FROM seat ORDER BY meeting_id, person_id LIMIT 1"
        return f"meeting_id = ({first.format('meeting_id')}) AND person_id = ({first.format('person_id')})"
    kept = " WHERE name_salt IS NOT NULL" if table == "person" else ""
    return f"event_id = (SELECT max(event_id) FROM {table}{kept})"  # noqa: S608 - our own names


@contextmanager
def within(connection: Connection, house: make.House) -> Iterator[Work]:
    """See what a transaction sees that is not committed."""
    with Session(connection) as session:
        now = house.runtime.clock()
        yield Work(session, house.auditor, now, now.date(), None, None, house.runtime.settings)


def test_every_column_that_is_changed_is_found(lively: make.House) -> None:
    with lively.runtime.work(lively.auditor, read_only=True) as work:
        told = fold(entries.read(work.session).found, EFFECTS)
    missed = []
    with unguarded(lively.runtime.engine) as connection:
        for table, column in changes():
            sql = f"UPDATE {table} SET {column} = {changed(connection, table, column)} WHERE {one_row(table)}"  # noqa: S608 - our own names
            trial = connection.begin_nested()
            assert connection.exec_driver_sql(sql).rowcount == 1, table
            with within(connection, lively) as work:
                if not list(differences(told, rows(work))):
                    missed.append((table, column))
            trial.rollback()
    assert missed == []


DAMAGES = {
    "DELETE FROM vote": {Trouble.MISSING},
    "DELETE FROM decision WHERE event_id = (SELECT max(event_id) FROM decision)": {Trouble.MISSING},
    "INSERT INTO interest (person_id, credit_code, salt, declared_at, event_id) "
    "SELECT person_id, 'x', salt, declared_at, 1 FROM interest": {Trouble.UNRECORDED},
    "UPDATE application SET event_id = 1 WHERE event_id = (SELECT max(event_id) FROM application)": {
        Trouble.OTHER_ENTRY
    },
    "UPDATE ledger_event SET rev = 77 WHERE id = 20": {Trouble.ENTRY_COLUMNS},
    "UPDATE ledger_leaf SET event_id = 1000 WHERE seq = 30": {Trouble.LEAF_HASH, Trouble.NOT_SEQUENCED},
    "UPDATE ledger_leaf SET seq = 1000 WHERE seq = 40": {Trouble.LEAF_GAP},
    "UPDATE ledger_head SET size = 3": {Trouble.HEAD},
    "DELETE FROM ledger_leaf WHERE seq > 50": {Trouble.NOT_SEQUENCED, Trouble.HEAD},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damage_is_found_and_called_what_it_is(lively: make.House, damage: str) -> None:
    ledger.catch_up(lively.runtime)
    with unguarded(lively.runtime.engine) as connection:
        connection.exec_driver_sql(damage)
        with within(connection, lively) as work:
            found = {finding.trouble for finding in doctor.examine(work, NOTHING).findings}
    assert DAMAGES[damage] <= found


def test_an_entry_that_is_rewritten_with_its_hash_breaks_the_chain_and_the_tree(lively: make.House) -> None:
    ledger.catch_up(lively.runtime)
    with unguarded(lively.runtime.engine) as connection:
        number, canon = connection.exec_driver_sql(
            "SELECT id, canon FROM ledger_event WHERE type = 'vote.cast' ORDER BY id DESC LIMIT 1"
        ).one()
        forged = bytes(canon).replace(b'"choice":"oppose"', b'"choice":"defer"')
        assert forged != canon
        values = {"canon": forged, "hash": leaf_hash(forged), "id": number}
        connection.execute(text("UPDATE ledger_event SET canon = :canon, leaf_hash = :hash WHERE id = :id"), values)
        with within(connection, lively) as work:
            found = {finding.trouble for finding in doctor.examine(work, NOTHING).findings}
    assert {Trouble.ENTRY_CHAIN, Trouble.LEAF_HASH, Trouble.HEAD, Trouble.DIFFERS} <= found


def test_an_assessment_that_its_rules_do_not_give_is_found(lively: make.House) -> None:
    with unguarded(lively.runtime.engine) as connection:
        connection.exec_driver_sql("UPDATE application_version SET facts = replace(facts, '80.5', '80.51')")
        with within(connection, lively) as work:
            found = [one for one in doctor.examine(work, NOTHING).replayed if one.verdict is not Verdict.EQUAL]
    assert {one.verdict for one in found} == {Verdict.DIFFERENT}
    assert {one.because for one in found} >= {"facts", "declared_zh", "verified_zh"}


def test_a_tree_that_is_smaller_than_what_was_signed_or_seen_lacks_its_tail(lively: make.House) -> None:
    ledger.catch_up(lively.runtime)
    size = examined(lively).size
    assert examined(lively, Outside(None, {"memory": size})).findings == ()
    (finding,) = examined(lively, Outside(None, {"memory": size, "witness": size + 1})).findings
    assert (finding.trouble, finding.key, finding.found) == (Trouble.TAIL_MISSING, ("witness",), size)


def test_only_who_may_read_the_ledger_has_it_examined(house: make.House) -> None:
    with house.work(house.chair) as work, pytest.raises(ForbiddenError):
        doctor.examine(work, NOTHING)
