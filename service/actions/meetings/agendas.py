"""What the papers of a meeting rest on: the meeting, its items in sight, who is called what, what departments say."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select

from service.actions import rulebooks
from service.actions.applications.facts import stored_facts
from service.actions.applications.story import day
from service.actions.meetings.loading import items_in_sight, seen
from service.core.cases.conditions import Condition
from service.core.cases.meetings import ItemState
from service.core.cases.minutes import Named, Said
from service.core.cases.opinions import is_late
from service.core.cases.reported import reported
from service.core.people import Permission
from service.core.rules.facts import Facts
from service.db.applications import ApplicationRow, ApplicationVersion
from service.db.meetings import MeetingItemRow, MeetingRow
from service.db.opinions import OpinionRow
from service.db.people import Person
from service.work import Work


@dataclass(frozen=True, slots=True)
class Tabled:
    """An item and its case."""

    item: MeetingItemRow
    case: ApplicationRow


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting with the items that the actor may know of, in their order."""

    meeting: MeetingRow
    items: tuple[Tabled, ...]


def agenda(work: Work, meeting_id: UUID) -> Agenda:
    """Read a meeting with its items in sight, but for those that were untabled. Raises ``NotFoundError``."""
    work.actor.require(Permission.READ_MEETINGS)
    meeting = seen(work, meeting_id)
    wanted = (
        select(MeetingItemRow, ApplicationRow)
        .join(ApplicationRow, ApplicationRow.id == MeetingItemRow.application_id)
        .where(
            MeetingItemRow.meeting_id == meeting_id,
            MeetingItemRow.state != ItemState.UNTABLED.value,
            items_in_sight(work.actor),
        )
        .order_by(MeetingItemRow.n)
    )
    return Agenda(meeting, tuple(Tabled(item, case) for item, case in work.session.execute(wanted)))


def counted_facts(work: Work, item: MeetingItemRow) -> Facts:
    """Give the facts that the verified assessment of an item rests on: the version's, without those it did not know."""
    version = work.session.get_one(ApplicationVersion, (item.application_id, item.of_version))
    unknown = {missing.fact for missing in reported(item.verified_zh).unknown}
    counted = {name: value for name, value in stored_facts(version.facts).items() if name not in unknown}
    return rulebooks.edition(work, item.rulebook_sha256).read(counted)


def named(work: Work, ids: Iterable[UUID | None]) -> Mapping[UUID, Named]:
    """Say what people are called today."""
    wanted = {found for found in ids if found is not None}
    people = work.session.scalars(select(Person).where(Person.id.in_(wanted))) if wanted else ()
    return {person.id: Named(person.id, person.name) for person in people}


def opinions(work: Work, agenda: Agenda) -> Mapping[tuple[UUID, int], tuple[Said, ...]]:
    """Give what departments say of the tabled versions, by case and version: of a closed meeting, what they had said.

    An opinion that a newer one of its department replaced is left out.
    """
    wanted = select(OpinionRow).where(or_(false(), *(_of(one.item) for one in agenda.items)))
    rows = work.session.scalars(wanted.order_by(OpinionRow.n)).all()
    until = agenda.meeting.closed_at or work.now
    heard = [row for row in rows if (row.asked_at or row.given_at or until) <= until]
    people = named(work, (row.given_by for row in heard))
    latest = {_version(row): row.n for row in heard if row.given_at is not None and row.given_at <= until}
    found: dict[tuple[UUID, int], list[Said]] = defaultdict(list)
    for row in heard:
        is_given = row.given_at is not None and row.given_at <= until
        if not is_given or latest[_version(row)] == row.n:
            found[row.application_id, row.of_version].append(_said(work, row, until, people if is_given else {}))
    return {version: tuple(said) for version, said in found.items()}


def conditions_of(text: str) -> tuple[Condition, ...]:
    """Read the conditions of a decision back."""
    return tuple(
        Condition(**{**told, "due_on": None if told["due_on"] is None else date.fromisoformat(told["due_on"])})
        for told in json.loads(text)
    )


def _of(item: MeetingItemRow) -> ColumnElement[bool]:
    return and_(OpinionRow.application_id == item.application_id, OpinionRow.of_version == item.of_version)


def _version(row: OpinionRow) -> tuple[UUID, int, str]:
    return row.application_id, row.of_version, row.department


def _said(work: Work, row: OpinionRow, until: datetime, people: Mapping[UUID, Named]) -> Said:
    """Tell an opinion; one whose person is not among the people is not given yet."""
    by = None if row.given_by is None else people.get(row.given_by)
    given_on = None if by is None or row.given_at is None else day(work, row.given_at)
    return Said(
        department=row.department,
        stance=None if given_on is None else row.stance,
        reason=None if given_on is None else row.reason,
        conditions=() if given_on is None else tuple(json.loads(row.conditions or "[]")),
        due_on=row.due_on,
        given_on=given_on,
        given_by=by,
        late=is_late(row.due_on, given_on, day(work, until)),
    )
