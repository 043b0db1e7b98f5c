import ast
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import configure_mappers

from service.db import migrate, tables
from service.db.engine import make_engine
from tests import databases

VERSIONS = sorted((migrate.FOLDER / "versions").glob("*.py"))


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    return empty_engine


def schema(engine: Engine) -> list[tuple[Any, ...]]:
    """Everything a database says of its own tables, triggers and constraints, as text."""
    queries = {
        "sqlite": """
            SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version' ORDER BY 1, 2""",
        "postgresql": """
            SELECT table_name, column_name, data_type, is_nullable, column_default, identity_generation,
                   character_maximum_length::text
              FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL
            SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', '', '' FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace
            UNION ALL
            SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled::text, '', '', '' FROM pg_trigger
             WHERE NOT tgisinternal
            UNION ALL
            SELECT tablename, indexname, indexdef, '', '', '', '' FROM pg_indexes WHERE schemaname = 'public'
            ORDER BY 1, 2, 3""",
    }
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(queries[engine.dialect.name]))]


def test_migrations_are_one_line_of_history_in_the_order_of_their_numbers() -> None:
    script = ScriptDirectory(str(migrate.FOLDER))
    history = [revision.revision for revision in script.walk_revisions()][::-1]
    assert history == [path.name[:4] for path in VERSIONS]
    assert [revision.down_revision for revision in script.walk_revisions()][::-1] == [None, *history[:-1]]
    assert migrate.heads() == {history[-1]}


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_imports_nothing_of_the_service(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules <= {"sqlalchemy", "alembic"}


def test_up_down_up_leads_to_the_same_tables(engine: Engine) -> None:
    migrate.upgrade(engine)
    first = schema(engine)
    migrate.downgrade(engine, "base")
    assert [name for name in inspect(engine).get_table_names() if name != "alembic_version"] == []
    migrate.upgrade(engine)
    assert schema(engine) == first


def test_every_single_step_is_reversible(engine: Engine) -> None:
    for path in VERSIONS:
        before = schema(engine)
        migrate.upgrade(engine, path.name[:4])
        after = schema(engine)
        migrate.downgrade(engine, "-1")
        assert [row for row in schema(engine) if row[0] != "alembic_version"] == [
            row for row in before if row[0] != "alembic_version"
        ]
        migrate.upgrade(engine, path.name[:4])
        assert schema(engine) == after


def test_the_migrated_tables_are_those_of_the_models(engine: Engine) -> None:
    migrate.upgrade(engine)
    configure_mappers()
    options = {"compare_type": True, "compare_server_default": True}
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=options), tables.METADATA)
    if engine.dialect.name == "sqlite":
        found = [change for change in found if not _is_numbering(change)]
    assert found == []


def _is_numbering(change: Any) -> bool:  # noqa: ANN401 - alembic's changes are tuples and lists of them
    """SQLite numbers rows by itself, and knows no identity that could be compared."""
    return isinstance(change, list) and change[0][0] == "modify_default" and isinstance(change[0][-1], sa.Identity)


def test_constraints_have_the_names_of_the_models(engine: Engine) -> None:
    migrate.upgrade(engine)
    inspector = inspect(engine)
    for table in tables.METADATA.sorted_tables:
        assert inspector.get_pk_constraint(table.name)["name"] == table.primary_key.name
        keys = {key["name"] for key in inspector.get_foreign_keys(table.name)}
        assert keys == {constraint.name for constraint in table.foreign_key_constraints}
        unique = {constraint["name"] for constraint in inspector.get_unique_constraints(table.name)}
        assert unique == {one.name for one in table.constraints if isinstance(one, sa.UniqueConstraint)}


def test_a_table_the_models_do_not_know_is_found_by_the_comparison(engine: Engine) -> None:
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE person ADD COLUMN nickname VARCHAR(3)"))
        connection.execute(text("DROP INDEX ix_reply_replied_at"))
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), tables.METADATA)
    assert {change[0] for change in found} == {"remove_column", "add_index"}


def test_a_database_is_at_head_after_the_last_migration_only(engine: Engine) -> None:
    assert not migrate.at_head(engine)
    migrate.upgrade(engine, VERSIONS[0].name[:4])
    assert not migrate.at_head(engine)
    migrate.upgrade(engine)
    assert migrate.at_head(engine)
    migrate.upgrade(engine)
    assert migrate.at_head(engine)


def test_several_who_migrate_at_once_do_it_once(engine: Engine) -> None:
    failed: list[Exception] = []

    def bring_up() -> None:
        own = make_engine(databases.text_of(engine))
        try:
            migrate.upgrade(own)
        except Exception as error:  # noqa: BLE001 - a thread's error is told by the test below
            failed.append(error)
        own.dispose()

    threads = [threading.Thread(target=bring_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert migrate.at_head(engine)


def test_the_folder_of_an_sqlite_file_is_made(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'var' / 'deep' / 'sluice.db'}")
    migrate.upgrade(engine)
    assert migrate.at_head(engine)
    engine.dispose()


@pytest.fixture
def with_entry(engine: Engine) -> Engine:
    """A migrated database with two tables of its own, one pointing at the other."""
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY, word VARCHAR(3))"))
        connection.execute(
            text("CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id))")
        )
        connection.execute(text("INSERT INTO parent VALUES (1, 'one')"))
        connection.execute(text("INSERT INTO child VALUES (1, 1)"))
    return engine


def _rebuild(connection: Connection) -> None:
    with Operations(MigrationContext.configure(connection)).batch_alter_table("parent", recreate="auto") as batch:
        batch.alter_column("word", type_=sa.String(5))


def test_a_table_that_others_point_at_can_be_rebuilt(with_entry: Engine) -> None:
    with migrate.migrating(with_entry) as connection:
        _rebuild(connection)
    with with_entry.connect() as connection:
        assert connection.execute(text("SELECT word FROM parent JOIN child ON parent.id = parent_id")).all() == [
            ("one",)
        ]
    with pytest.raises(IntegrityError), with_entry.begin() as connection:
        connection.execute(text("INSERT INTO child VALUES (2, 2)"))


def _lose_the_parent(connection: Connection) -> None:
    connection.execute(text("DELETE FROM parent"))


def test_a_migration_that_leaves_rows_pointing_at_nothing_is_undone(with_entry: Engine) -> None:
    with pytest.raises((migrate.BrokenKeysError, IntegrityError)), migrate.migrating(with_entry) as connection:
        _lose_the_parent(connection)
    with with_entry.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM parent")).scalar_one() == 1
