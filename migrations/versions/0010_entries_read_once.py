"""The bytes of an entry are read once, not once for each column that repeats them. SQLite's trigger stays as it is."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TELLS = """
CREATE FUNCTION sluice_tells(canon bytea, type text, kind text, id text, rev integer) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  told CONSTANT jsonb := convert_from(canon, 'UTF8')::jsonb;
BEGIN
  RETURN coalesce(
    told ->> 'type' = type
      AND told #>> '{subject,kind}' = kind
      AND told #>> '{subject,id}' = id
      AND (told #>> '{subject,rev}')::integer = rev,
    false);
END $$
"""
ONCE = "sluice_tells(canon, type, subject_kind, subject_id, rev)"
EACH = """
  type = convert_from(canon, 'UTF8')::jsonb ->> 'type'
  AND subject_kind = convert_from(canon, 'UTF8')::jsonb #>> '{subject,kind}'
  AND subject_id = convert_from(canon, 'UTF8')::jsonb #>> '{subject,id}'
  AND rev = (convert_from(canon, 'UTF8')::jsonb #>> '{subject,rev}')::integer
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(TELLS)
        _check(ONCE)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _check(EACH)
        op.execute("DROP FUNCTION sluice_tells(bytea, text, text, text, integer)")


def _check(condition: str) -> None:
    op.execute("ALTER TABLE ledger_event DROP CONSTRAINT ck_ledger_event_columns")
    op.execute(f"ALTER TABLE ledger_event ADD CONSTRAINT ck_ledger_event_columns CHECK ({condition})")
