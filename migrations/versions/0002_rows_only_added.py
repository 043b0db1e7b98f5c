"""What is never changed is protected: by triggers on both databases, and by checks where the database can do them.

Both refuse an entry that is not the next of its subject, or whose columns do not repeat its bytes. PostgreSQL checks
the leaf hash and the columns in a CHECK. SQLite compares the columns in the trigger that also refuses gaps in the
numbers, because INSERT OR REPLACE walks past delete triggers and a pragma can switch CHECKs off; it has no SHA-256, so
there only the length of the leaf hash is checked.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Tables whose rows stay as they were written, with the keys a REPLACE could hit (the ledger has its own trigger).
KEPT = {
    "ledger_event": (),
    "rulebook": (("sha256",), ("event_id",)),
    "application_version": (("application_id", "n"), ("event_id",)),
    "assessment": (("application_id", "n"), ("event_id",)),
}

REFUSE = """
CREATE FUNCTION sluice_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

REQUIRE_NEXT = """
CREATE FUNCTION sluice_require_next() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head RECORD;
BEGIN
  SELECT rev, encode(leaf_hash, 'hex') AS hash INTO head FROM ledger_event
    WHERE subject_kind = NEW.subject_kind AND subject_id = NEW.subject_id ORDER BY rev DESC LIMIT 1;
  IF NEW.rev IS DISTINCT FROM coalesce(head.rev, 0) + 1
    OR convert_from(NEW.canon, 'UTF8')::jsonb #>> '{subject,prev}' IS DISTINCT FROM head.hash
  THEN
    RAISE EXCEPTION 'an entry is the next of its subject' USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NEW;
END $$
"""

REFUSE_REPLACED_EVENT = """
CREATE TRIGGER ledger_event_adds_next BEFORE INSERT ON ledger_event
BEGIN
  SELECT RAISE(ABORT, 'an entry takes the next number')
    WHERE NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM ledger_event);
  SELECT RAISE(ABORT, 'an entry is the next of its subject')
    WHERE NEW.rev IS NOT (
        SELECT coalesce(max(rev), 0) + 1 FROM ledger_event
        WHERE subject_kind = NEW.subject_kind AND subject_id = NEW.subject_id)
      OR json_extract(CAST(NEW.canon AS TEXT), '$.subject.prev') IS NOT (
        SELECT lower(hex(leaf_hash)) FROM ledger_event
        WHERE subject_kind = NEW.subject_kind AND subject_id = NEW.subject_id AND rev = NEW.rev - 1);
  SELECT RAISE(ABORT, 'the columns of an entry repeat its bytes')
    WHERE NEW.type IS NOT json_extract(CAST(NEW.canon AS TEXT), '$.type')
      OR NEW.subject_kind IS NOT json_extract(CAST(NEW.canon AS TEXT), '$.subject.kind')
      OR NEW.subject_id IS NOT json_extract(CAST(NEW.canon AS TEXT), '$.subject.id')
      OR NEW.rev IS NOT json_extract(CAST(NEW.canon AS TEXT), '$.subject.rev');
END
"""

CHECK_BYTES = """
ALTER TABLE ledger_event
  ADD CONSTRAINT ck_ledger_event_leaf_hash CHECK (leaf_hash = sha256('\\x00'::bytea || canon)),
  ADD CONSTRAINT ck_ledger_event_columns CHECK (
    type = convert_from(canon, 'UTF8')::jsonb ->> 'type'
    AND subject_kind = convert_from(canon, 'UTF8')::jsonb #>> '{subject,kind}'
    AND subject_id = convert_from(canon, 'UTF8')::jsonb #>> '{subject,id}'
    AND rev = (convert_from(canon, 'UTF8')::jsonb #>> '{subject,rev}')::integer)
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _protect_postgresql()
    else:
        _protect_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _free_postgresql()
    else:
        _free_sqlite()


def _protect_postgresql() -> None:
    op.execute(REFUSE)
    op.execute(CHECK_BYTES)
    op.execute(REQUIRE_NEXT)
    op.execute(
        "CREATE TRIGGER ledger_event_adds_next BEFORE INSERT ON ledger_event "
        "FOR EACH ROW EXECUTE FUNCTION sluice_require_next()"
    )
    op.execute("ALTER TABLE ledger_event ENABLE ALWAYS TRIGGER ledger_event_adds_next")
    for table in KEPT:
        for trigger, when in (("rows", "UPDATE OR DELETE"), ("all", "TRUNCATE")):
            each = "STATEMENT" if when == "TRUNCATE" else "ROW"
            op.execute(
                f"CREATE TRIGGER {table}_keeps_{trigger} BEFORE {when} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION sluice_refuse_change()"
            )
            op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keeps_{trigger}")


def _protect_sqlite() -> None:
    op.execute(REFUSE_REPLACED_EVENT)
    for table, keys in KEPT.items():
        refused = f"RAISE(ABORT, 'rows of {table} are only ever added')"
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_keeps_rows_on_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT {refused}; END"
            )
        hits = " OR ".join("(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in keys)
        if hits:
            exists = f"EXISTS (SELECT 1 FROM {table} WHERE {hits})"  # noqa: S608 - the names are those of KEPT
            op.execute(
                f"CREATE TRIGGER {table}_adds_new BEFORE INSERT ON {table} BEGIN SELECT {refused} WHERE {exists}; END"
            )


def _free_postgresql() -> None:
    for table in KEPT:
        for trigger in ("rows", "all"):
            op.execute(f"DROP TRIGGER {table}_keeps_{trigger} ON {table}")
    op.execute("DROP TRIGGER ledger_event_adds_next ON ledger_event")
    op.execute("DROP FUNCTION sluice_require_next()")
    op.execute("DROP FUNCTION sluice_refuse_change()")
    for check in ("leaf_hash", "columns"):
        op.execute(f"ALTER TABLE ledger_event DROP CONSTRAINT ck_ledger_event_{check}")


def _free_sqlite() -> None:
    op.execute("DROP TRIGGER ledger_event_adds_next")
    for table, keys in KEPT.items():
        for deed in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_keeps_rows_on_{deed}")
        if keys:
            op.execute(f"DROP TRIGGER {table}_adds_new")
