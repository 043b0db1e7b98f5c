"""From application to decision: evidence, opinions, waivers, review meetings, deputies and interests."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

EVENT_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
EXACT = sa.Numeric().with_variant(sa.Text(), "sqlite")
SHA256 = sa.String(64)

CASE = ("application_id", "application")
VERSION = ("application_id", "n")

# Tables whose rows stay as they were written, with the keys a REPLACE could hit.
KEPT = {
    "recusal": (("meeting_id", "n", "person_id"), ("event_id",)),
    "decision": (("application_id", "n"), ("meeting_id", "item"), ("event_id",)),
}


def upgrade() -> None:
    _people()
    _papers()
    _opinions()
    _waivers()
    _meetings()
    _items()
    _judged()
    _deputies()
    for table, keys in KEPT.items():
        if op.get_bind().dialect.name == "postgresql":
            _keep_postgresql(table)
        else:
            _keep_sqlite(table, keys)


def downgrade() -> None:
    for table in (
        "deputy",
        "decision",
        "vote",
        "recusal",
        "meeting_item",
        "seat",
        "meeting",
        "waiver",
        "opinion",
        "evidence",
        "interest",
    ):
        op.drop_table(table)
    op.drop_column("person", "department")
    op.drop_column("person", "name_salt")


def _event_id(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("event_id", EVENT_ID, nullable=False),
        sa.UniqueConstraint("event_id", name=f"uq_{table}_event_id"),
        _points(table, "event_id", "ledger_event"),
    )


def _points(table: str, column: str, target: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.{key}"], name=f"fk_{table}_{column}_{target}")


def _points_at_both(
    table: str, columns: tuple[str, str], target: str, keys: tuple[str, str]
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{'_'.join(columns)}_{target}"
    return sa.ForeignKeyConstraint(list(columns), [f"{target}.{key}" for key in keys], name=name)


def _people() -> None:
    op.add_column("person", sa.Column("name_salt", sa.LargeBinary(), nullable=True))
    op.add_column("person", sa.Column("department", sa.String(60), nullable=True))
    op.create_table(
        "interest",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("credit_code", sa.String(18), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        *_event_id("interest"),
        sa.PrimaryKeyConstraint("person_id", "credit_code", name="pk_interest"),
        _points("interest", "person_id", "person"),
    )


def _papers() -> None:
    op.create_table(
        "evidence",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", SHA256, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("grade", sa.String(20), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("covers_from", sa.Date(), nullable=True),
        sa.Column("covers_to", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ruled_by", sa.Uuid(), nullable=True),
        sa.Column("ruled_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_event_id("evidence"),
        sa.PrimaryKeyConstraint("application_id", "n", name="pk_evidence"),
        _points("evidence", *CASE),
        _points("evidence", "uploaded_by", "person"),
        _points("evidence", "ruled_by", "person"),
    )
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"])


def _opinions() -> None:
    op.create_table(
        "opinion",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("of_version", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(60), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("stance", sa.String(30), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("given_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_event_id("opinion"),
        sa.PrimaryKeyConstraint("application_id", "n", name="pk_opinion"),
        _points("opinion", *CASE),
        _points("opinion", "asked_by", "person"),
        _points("opinion", "given_by", "person"),
    )


def _waivers() -> None:
    op.create_table(
        "waiver",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("gate", sa.String(100), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_because", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_event_id("waiver"),
        sa.PrimaryKeyConstraint("id", name="pk_waiver"),
        _points("waiver", *CASE),
        *(_points("waiver", column, "person") for column in ("owner_id", "granted_by", "revoked_by")),
    )
    op.create_index("ix_waiver_application_id_gate", "waiver", ["application_id", "gate"])


def _meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("place", sa.String(200), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("rulebook_sha256", SHA256, nullable=True),
        sa.Column("called_by", sa.Uuid(), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_event_id("meeting"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
        _points("meeting", "rulebook_sha256", "rulebook", "sha256"),
        _points("meeting", "called_by", "person"),
    )
    op.create_table(
        "seat",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("held_by", sa.Uuid(), nullable=False),
        sa.Column("chair", sa.Boolean(), nullable=False),
        sa.Column("voting", sa.Boolean(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name="pk_seat"),
        sa.UniqueConstraint("meeting_id", "held_by", name="uq_seat_meeting_id_held_by"),
        _points("seat", "meeting_id", "meeting"),
        _points("seat", "person_id", "person"),
        _points("seat", "held_by", "person"),
    )
    for column in ("person_id", "held_by"):
        op.create_index(f"ix_seat_{column}", "seat", [column])


def _items() -> None:
    texts = [f"{kind}_{language}" for kind in ("declared", "verified") for language in ("zh", "en")]
    op.create_table(
        "meeting_item",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("of_version", sa.Integer(), nullable=False),
        sa.Column("rulebook_sha256", SHA256, nullable=False),
        sa.Column("waived", sa.Text(), nullable=False),
        *(sa.Column(f"{kind}_outcome", sa.String(20), nullable=False) for kind in ("declared", "verified")),
        *(sa.Column(f"{kind}_total", EXACT, nullable=True) for kind in ("declared", "verified")),
        *(sa.Column(text, sa.Text(), nullable=False) for text in texts),
        sa.Column("tabled_by", sa.Uuid(), nullable=False),
        sa.Column("tabled_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_event_id("meeting_item"),
        sa.PrimaryKeyConstraint("meeting_id", "n", name="pk_meeting_item"),
        _points("meeting_item", "meeting_id", "meeting"),
        _points("meeting_item", *CASE),
        _points_at_both("meeting_item", ("application_id", "of_version"), "application_version", VERSION),
        _points("meeting_item", "rulebook_sha256", "rulebook", "sha256"),
        _points("meeting_item", "tabled_by", "person"),
    )
    op.create_index("ix_meeting_item_application_id", "meeting_item", ["application_id"])


def _judged() -> None:
    op.create_table(
        "recusal",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("held_by", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        *_event_id("recusal"),
        sa.PrimaryKeyConstraint("meeting_id", "n", "person_id", name="pk_recusal"),
        _points_at_both("recusal", ("meeting_id", "n"), "meeting_item", ("meeting_id", "n")),
        _points("recusal", *CASE),
        _points("recusal", "held_by", "person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_recusal_application_id_person_id", "recusal", ["application_id", "person_id"])
    op.create_table(
        "vote",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("cast_by", sa.Uuid(), nullable=False),
        sa.Column("cast_at", MOMENT, nullable=False),
        *_event_id("vote"),
        sa.PrimaryKeyConstraint("meeting_id", "n", "person_id", name="pk_vote"),
        _points_at_both("vote", ("meeting_id", "n"), "meeting_item", ("meeting_id", "n")),
        _points_at_both("vote", ("meeting_id", "person_id"), "seat", ("meeting_id", "person_id")),
        _points("vote", "cast_by", "person"),
    )
    op.create_table(
        "decision",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("assessed", sa.String(20), nullable=False),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        *(sa.Column(text, sa.Text(), nullable=False) for text in ("tally", "conditions", "dissent")),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        *_event_id("decision"),
        sa.PrimaryKeyConstraint("application_id", "n", name="pk_decision"),
        sa.UniqueConstraint("meeting_id", "item", name="uq_decision_meeting_id_item"),
        _points_at_both("decision", ("application_id", "n"), "application_version", VERSION),
        _points_at_both("decision", ("meeting_id", "item"), "meeting_item", ("meeting_id", "n")),
        _points("decision", "decided_by", "person"),
        sqlite_with_rowid=False,
    )


def _deputies() -> None:
    op.create_table(
        "deputy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("appointed_by", sa.Uuid(), nullable=False),
        sa.Column("appointed_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_event_id("deputy"),
        sa.PrimaryKeyConstraint("id", name="pk_deputy"),
        *(_points("deputy", column, "person") for column in ("person_id", "deputy_id", "appointed_by")),
        _points("deputy", "meeting_id", "meeting"),
    )
    for column in ("person_id", "deputy_id"):
        op.create_index(f"ix_deputy_{column}", "deputy", [column])


def _keep_postgresql(table: str) -> None:
    for trigger, when in (("rows", "UPDATE OR DELETE"), ("all", "TRUNCATE")):
        each = "STATEMENT" if when == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE TRIGGER {table}_keeps_{trigger} BEFORE {when} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION sluice_refuse_change()"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keeps_{trigger}")


def _keep_sqlite(table: str, keys: tuple[tuple[str, ...], ...]) -> None:
    refused = f"RAISE(ABORT, 'rows of {table} are only ever added')"
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_keeps_rows_on_{deed.lower()} BEFORE {deed} ON {table} BEGIN SELECT {refused}; END"
        )
    hits = " OR ".join("(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in keys)
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {hits})"  # noqa: S608 - the names are those of KEPT
    op.execute(f"CREATE TRIGGER {table}_adds_new BEFORE INSERT ON {table} BEGIN SELECT {refused} WHERE {exists}; END")
