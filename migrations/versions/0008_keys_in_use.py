"""Scopes and labels of keys, when one was last used, versions of people, and who they are to an identity server."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

EVENT_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("api_key", sa.Column("label", sa.String(60), nullable=True))
    op.add_column("api_key", sa.Column("scopes", sa.Text(), nullable=True))
    op.add_column("api_key", sa.Column("last_used_at", MOMENT, nullable=True))
    op.create_table(
        "person_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("linked_at", MOMENT, nullable=False),
        sa.Column("event_id", EVENT_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person_identity"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_identity_person_id_person"),
        sa.ForeignKeyConstraint(["event_id"], ["ledger_event.id"], name="fk_person_identity_event_id_ledger_event"),
        sa.UniqueConstraint("event_id", name="uq_person_identity_event_id"),
        sa.UniqueConstraint("issuer", "subject", name="uq_person_identity_issuer_subject"),
    )
    op.create_index("ix_person_identity_person_id", "person_identity", ["person_id"])


def downgrade() -> None:
    op.drop_table("person_identity")
    for column in ("last_used_at", "scopes", "label"):
        op.drop_column("api_key", column)
    op.drop_column("person", "version")
