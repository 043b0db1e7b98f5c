"""Signing in to the pages: log-ins, passwords, sessions, and attempts that are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("login", sa.String(60), nullable=True))
    op.create_index("ix_person_login", "person", ["login"], unique=True)
    op.create_table(
        "password",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("event_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_password"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_password_person_id_person"),
        sa.ForeignKeyConstraint(["event_id"], ["ledger_event.id"], name="fk_password_event_id_ledger_event"),
        sa.UniqueConstraint("event_id", name="uq_password_event_id"),
    )
    op.create_table(
        "web_session",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_web_session"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_web_session_person_id_person"),
    )
    op.create_index("ix_web_session_person_id", "web_session", ["person_id"])
    op.create_index("ix_web_session_expires_at", "web_session", ["expires_at"])
    op.create_table(
        "sign_in_attempts",
        sa.Column("scope_sha256", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("scope_sha256", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_last_at", "sign_in_attempts", ["last_at"])


def downgrade() -> None:
    for table in ("sign_in_attempts", "web_session", "password"):
        op.drop_table(table)
    op.drop_index("ix_person_login", "person")
    op.drop_column("person", "login")
