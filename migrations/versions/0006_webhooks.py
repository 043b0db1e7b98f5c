"""Webhooks and the outbox: who is told of entries, and what they are still to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(100), nullable=False),
        sa.Column("previous_secret", sa.String(100), nullable=True),
        sa.Column("previous_until", MOMENT, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name="fk_webhook_created_by_person"),
        sa.ForeignKeyConstraint(["event_id"], ["ledger_event.id"], name="fk_webhook_event_id_ledger_event"),
        sa.UniqueConstraint("event_id", name="uq_webhook_event_id"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, sa.Identity(always=False), nullable=False),
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("taken_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(40), nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["event_id"], ["ledger_event.id"], name="fk_outbox_event_id_ledger_event"),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name="fk_outbox_webhook_id_webhook"),
        sa.UniqueConstraint("event_id", "webhook_id", name="uq_outbox_event_id_webhook_id"),
    )
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_webhook_id", "outbox", ["webhook_id"])


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("webhook")
