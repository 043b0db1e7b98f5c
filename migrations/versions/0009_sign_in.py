"""Signing in to the pages: log-ins, passwords, sessions, and failed attempts."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
