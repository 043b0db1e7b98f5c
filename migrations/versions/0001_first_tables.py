"""The first tables: the ledger, people and keys, editions of the rules, cases with their versions and assessments."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EVENT_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
EXACT = sa.Numeric().with_variant(sa.Text(), "sqlite")
SHA256 = sa.String(64)


def upgrade() -> None:
    _ledger()
    _people()
    _rulebooks()
    _applications()
    _versions()


def downgrade() -> None:
    for table in (
        "case_counter",
        "assessment",
        "application_version",
        "application",
        "rulebook",
        "api_key",
        "person_role",
        "person",
        "ledger_pending",
        "ledger_event",
    ):
        op.drop_table(table)


def _event_id(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("event_id", EVENT_ID, nullable=False),
        sa.UniqueConstraint("event_id", name=f"uq_{table}_event_id"),
        _points(table, "event_id", "ledger_event.id"),
    )


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}_{target.split('.', maxsplit=1)[0]}")


def _ledger() -> None:
    op.create_table(
        "ledger_event",
        sa.Column("id", EVENT_ID, sa.Identity(always=False), nullable=False),
        sa.Column("canon", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", MOMENT, server_default=sa.func.current_timestamp(), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("subject_kind", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(80), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_event"),
        sa.UniqueConstraint("subject_kind", "subject_id", "rev", name="uq_ledger_event_subject_kind_subject_id_rev"),
        sa.CheckConstraint("length(leaf_hash) = 32", name="ck_ledger_event_leaf_hash_length"),
    )
    op.create_table(
        "ledger_pending",
        sa.Column("event_id", EVENT_ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_ledger_pending"),
        _points("ledger_pending", "event_id", "ledger_event.id"),
    )


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        *_event_id("person"),
    )
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_person_role"),
        _points("person_role", "person_id", "person.id"),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
        _points("api_key", "person_id", "person.id"),
        *_event_id("api_key"),
    )
    op.create_index("ix_api_key_person_id", "api_key", ["person_id"])


def _rulebooks() -> None:
    op.create_table(
        "rulebook",
        sa.Column("sha256", SHA256, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_rulebook"),
        *_event_id("rulebook"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rulebook_in_force_from", "rulebook", ["in_force_from"])


def _applications() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("serial", EVENT_ID, nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("applicant_name", sa.String(200), nullable=False),
        sa.Column("credit_code", sa.String(18), nullable=False),
        sa.Column("project_name", sa.String(200), nullable=False),
        sa.Column("project_code", sa.String(100), nullable=True),
        sa.Column("industry", sa.String(100), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("rulebook_sha256", SHA256, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("total", EXACT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_application"),
        sa.UniqueConstraint("serial", name="uq_application_serial"),
        sa.UniqueConstraint("number", name="uq_application_number"),
        _points("application", "submitted_by", "person.id"),
        _points("application", "rulebook_sha256", "rulebook.sha256"),
        *_event_id("application"),
    )
    op.create_index("ix_application_submitted_by", "application", ["submitted_by"])
    op.create_index("ix_application_submitted_at_serial", "application", ["submitted_at", "serial"])
    op.create_table(
        "case_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_case_counter"),
    )


def _versions() -> None:
    op.create_table(
        "application_version",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("rulebook_sha256", SHA256, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("application_id", "n", name="pk_application_version"),
        _points("application_version", "application_id", "application.id"),
        _points("application_version", "rulebook_sha256", "rulebook.sha256"),
        *_event_id("application_version"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "assessment",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rulebook_sha256", SHA256, nullable=False),
        sa.Column("facts_sha256", SHA256, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("total", EXACT, nullable=True),
        sa.Column("completeness", EXACT, nullable=False),
        sa.Column("report_zh", sa.Text(), nullable=False),
        sa.Column("report_en", sa.Text(), nullable=False),
        sa.Column("report_zh_sha256", SHA256, nullable=False),
        sa.Column("report_en_sha256", SHA256, nullable=False),
        sa.Column("assessed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("application_id", "n", name="pk_assessment"),
        sa.ForeignKeyConstraint(
            ["application_id", "n"],
            ["application_version.application_id", "application_version.n"],
            name="fk_assessment_application_id_n_application_version",
        ),
        _points("assessment", "rulebook_sha256", "rulebook.sha256"),
        *_event_id("assessment"),
        sqlite_with_rowid=False,
    )
