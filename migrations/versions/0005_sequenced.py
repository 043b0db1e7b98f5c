"""The tree over the entries: leaves, kept nodes, the head it grows from, checkpoints and cosignatures.

Leaves and nodes take the next number of their kind and nothing else, checkpoints only grow, and none of these rows is
ever changed: on both databases, whatever is sent to them. The head alone is written again; it follows from the leaves.

PostgreSQL looks at all leaves of a statement at once, when they are there: a number or an entry that is a leaf already
is refused by its key before that.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Tables whose rows stay as they were written, with what a new row must be, and what is said of one that is not.
KEPT = {
    "ledger_leaf": (
        (
            "NEW.seq = (SELECT coalesce(max(seq), -1) + 1 FROM ledger_leaf)"
            " AND NOT EXISTS (SELECT 1 FROM ledger_leaf WHERE event_id = NEW.event_id)"
            " AND EXISTS (SELECT 1 FROM ledger_event WHERE id = NEW.event_id AND leaf_hash = NEW.leaf_hash)"
        ),
        "a leaf takes the next number and the hash of its entry",
    ),
    "ledger_node": (
        (
            "NEW.level > 0 AND NEW.level % 8 = 0 AND length(NEW.hash) = 32"
            " AND NEW.idx = (SELECT coalesce(max(idx), -1) + 1 FROM ledger_node WHERE level = NEW.level)"
        ),
        "a node takes the next number of its level",
    ),
    "ledger_checkpoint": (
        "NEW.size > (SELECT coalesce(max(size), 0) FROM ledger_checkpoint) AND length(NEW.root) = 32",
        "a checkpoint is larger than all before it",
    ),
    "ledger_cosignature": (
        (
            "NOT EXISTS (SELECT 1 FROM ledger_cosignature"
            " WHERE size = NEW.size AND witness = NEW.witness AND line = NEW.line)"
        ),
        "a cosignature is added once",
    ),
}

REQUIRE_LEAVES = """
CREATE FUNCTION sluice_require_ledger_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  least bigint;
  most bigint;
  count bigint;
BEGIN
  SELECT min(seq), max(seq), count(*) INTO least, most, count FROM added;
  IF count > 0 AND (
    least < 0
    OR most - least + 1 <> count
    OR least > 0 AND NOT EXISTS (SELECT 1 FROM ledger_leaf WHERE seq = least - 1)
    OR EXISTS (SELECT 1 FROM ledger_leaf WHERE seq > most)
    OR count <> (SELECT count(*) FROM added JOIN ledger_event AS entry
      ON entry.id = added.event_id AND entry.leaf_hash = added.leaf_hash))
  THEN
    RAISE EXCEPTION 'a leaf takes the next number and the hash of its entry' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    _tree()
    _checkpoints()
    for table, (holds, otherwise) in KEPT.items():
        if op.get_bind().dialect.name == "postgresql":
            _protect_postgresql(table, holds, otherwise)
        else:
            _protect_sqlite(table, holds, otherwise)


def downgrade() -> None:
    for table in ("ledger_cosignature", "ledger_checkpoint", "ledger_head", "ledger_node", "ledger_leaf"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.execute(f"DROP FUNCTION sluice_require_{table}()")


def _tree() -> None:
    op.create_table(
        "ledger_leaf",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_ledger_leaf"),
        sa.UniqueConstraint("event_id", name="uq_ledger_leaf_event_id"),
        sa.ForeignKeyConstraint(["event_id"], ["ledger_event.id"], name="fk_ledger_leaf_event_id_ledger_event"),
    )
    op.create_table(
        "ledger_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idx", NUMBER, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "idx", name="pk_ledger_node"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_head"),
        sa.CheckConstraint("id = 1", name="ck_ledger_head_one"),
    )


def _checkpoints() -> None:
    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", NUMBER, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_ledger_checkpoint"),
    )
    op.create_table(
        "ledger_cosignature",
        sa.Column("size", NUMBER, autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(200), nullable=False),
        sa.Column("line", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("size", "witness", "line", name="pk_ledger_cosignature"),
        sa.ForeignKeyConstraint(
            ["size"], ["ledger_checkpoint.size"], name="fk_ledger_cosignature_size_ledger_checkpoint"
        ),
        sqlite_with_rowid=False,
    )


def _protect_postgresql(table: str, holds: str, otherwise: str) -> None:
    for trigger, when, each in (("keeps_rows", "UPDATE OR DELETE", "ROW"), ("keeps_all", "TRUNCATE", "STATEMENT")):
        _always(table, trigger, f"BEFORE {when}", each, "sluice_refuse_change")
    if table == "ledger_leaf":
        op.execute(REQUIRE_LEAVES)
        _always(table, "adds_next", "AFTER INSERT", "STATEMENT", f"sluice_require_{table}")
        return
    op.execute(
        f"CREATE FUNCTION sluice_require_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({holds}) IS NOT TRUE THEN RAISE EXCEPTION '{otherwise}' USING ERRCODE = 'restrict_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    _always(table, "adds_next", "BEFORE INSERT", "ROW", f"sluice_require_{table}")


def _always(table: str, name: str, when: str, each: str, function: str) -> None:
    """Have a function called, for sessions too that otherwise run without triggers."""
    sees = "REFERENCING NEW TABLE AS added" if when.startswith("AFTER") else ""
    op.execute(f"CREATE TRIGGER {table}_{name} {when} ON {table} {sees} FOR EACH {each} EXECUTE FUNCTION {function}()")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}")


def _protect_sqlite(table: str, holds: str, otherwise: str) -> None:
    refused = f"RAISE(ABORT, 'rows of {table} are only ever added')"
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_keeps_rows_on_{deed.lower()} BEFORE {deed} ON {table} BEGIN SELECT {refused}; END"
        )
    op.execute(
        f"CREATE TRIGGER {table}_adds_next BEFORE INSERT ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{otherwise}') WHERE ({holds}) IS NOT TRUE; END"
    )
