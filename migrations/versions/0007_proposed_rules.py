"""Editions of the rules that were proposed, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state = 'proposed'")


def upgrade() -> None:
    op.create_table(
        "rulebook_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("rulebook_id", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rulebook_proposal"),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name="fk_rulebook_proposal_proposed_by_person"),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="fk_rulebook_proposal_decided_by_person"),
        sa.ForeignKeyConstraint(["event_id"], ["ledger_event.id"], name="fk_rulebook_proposal_event_id_ledger_event"),
        sa.UniqueConstraint("event_id", name="uq_rulebook_proposal_event_id"),
        sa.CheckConstraint(
            "state <> 'released' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)",
            name="ck_rulebook_proposal_another_releases",
        ),
    )
    op.create_index(
        "ix_rulebook_proposal_sha256",
        "rulebook_proposal",
        ["sha256"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("rulebook_proposal")
