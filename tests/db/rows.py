"""One row of every protected table, and what it takes to write them without any of our own code."""

import hashlib
import json
from typing import Any

from sqlalchemy import Connection, text

EVENT = {
    "sqlite": "INSERT INTO ledger_event (id, canon, leaf_hash, type, subject_kind, subject_id, rev) "
    "VALUES ((SELECT coalesce(max(id), 0) + 1 FROM ledger_event), :canon, :leaf_hash, :type, :kind, :id, :rev) "
    "RETURNING id",
    "postgresql": "INSERT INTO ledger_event (canon, leaf_hash, type, subject_kind, subject_id, rev) "
    "VALUES (:canon, :leaf_hash, :type, :kind, :id, :rev) RETURNING id",
}

PERSON_ID = "0" * 31 + "1"
CASE_ID = "0" * 31 + "2"
MEETING_ID = "0" * 31 + "3"
MOMENT = "2026-11-23 02:15:30.123456"

ONE_OF_EACH = """
INSERT INTO person (id, name, created_at, event_id) VALUES ('{person_id}', '甲', '{moment}', {person});
INSERT INTO rulebook (sha256, id, edition, in_force_from, released_at, source, event_id)
  VALUES ('aa', 'small', '1', '2026-01-01', '{moment}', '', {rulebook});
INSERT INTO application (id, serial, number, state, applicant_name, credit_code, project_name, submitted_by,
    rulebook_sha256, facts, version, versions, created_at, updated_at, event_id)
  VALUES ('{case_id}', 2026000001, '2026-0001', 'submitted', '甲', 'C', '乙', '{person_id}',
    'aa', '-', 1, 1, '{moment}', '{moment}', {case});
INSERT INTO application_version (application_id, n, facts, rulebook_sha256, submitted_at, event_id)
  VALUES ('{case_id}', 1, '-', 'aa', '{moment}', {case});
INSERT INTO meeting (id, title, held_at, state, called_by, called_at, version, event_id)
  VALUES ('{meeting_id}', '会', '{moment}', 'open', '{person_id}', '{moment}', 1, {person});
INSERT INTO meeting_item (meeting_id, n, application_id, of_version, rulebook_sha256, waived, declared_outcome,
    declared_zh, declared_en, verified_outcome, verified_zh, verified_en, tabled_by, tabled_at, state, version,
    event_id)
  VALUES ('{meeting_id}', 1, '{case_id}', 1, 'aa', '[]', 'approve',
    '-', '-', 'approve', '-', '-', '{person_id}', '{moment}', 'decided', 1, {case});
INSERT INTO recusal (meeting_id, n, person_id, application_id, held_by, kind, at, event_id)
  VALUES ('{meeting_id}', 1, '{person_id}', '{case_id}', '{person_id}', 'declared', '{moment}', {case});
INSERT INTO decision (application_id, n, meeting_id, item, outcome, assessed, override, tally, conditions, dissent,
    decided_by, decided_at, event_id)
  VALUES ('{case_id}', 1, '{meeting_id}', 1, 'approve', 'approve', false, '-', '[]', '[]',
    '{person_id}', '{moment}', {case});
INSERT INTO assessment
  VALUES ('{case_id}', 1, 'aa', 'bb', 'approve', 'A', '80.5', '100', '-', '-', 'c', 'd', '{moment}', {case})
"""


def event(rev: int = 1, prev: str | None = None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any column
    """The columns of an entry that is as it should be, but for the changes."""
    subject = {"id": "s-1", "kind": "thing", "prev": prev, "rev": rev}
    canon = json.dumps({"subject": subject, "type": "thing.done"}, separators=(",", ":"), sort_keys=True).encode()
    columns = {
        "canon": canon,
        "leaf_hash": hashlib.sha256(b"\x00" + changes.get("canon", canon)).digest(),
        "type": "thing.done",
        "kind": "thing",
        "id": "s-1",
        "rev": rev,
    }
    return columns | changes


def add_event(connection: Connection, columns: dict[str, Any]) -> int:
    number: int = connection.execute(text(EVENT[connection.dialect.name]), columns).scalar_one()
    return number


def add_all(connection: Connection) -> None:
    """A person, a rulebook, a case with one version and its assessment, each with its own entry."""
    numbers: list[int] = []
    prev = None
    for rev in range(1, 5):
        columns = event(rev, prev)
        numbers.append(add_event(connection, columns))
        prev = columns["leaf_hash"].hex()
    person, rulebook, case, _ = numbers
    figures = {"person": person, "rulebook": rulebook, "case": case}
    filled = ONE_OF_EACH.format(person_id=PERSON_ID, case_id=CASE_ID, meeting_id=MEETING_ID, moment=MOMENT, **figures)
    for statement in filled.split(";"):
        connection.exec_driver_sql(statement)
