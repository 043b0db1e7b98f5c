"""The account of everybody: found, counted, and as of a day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from service.actions.accountability.done import done
from service.actions.accountability.looking import Looking
from service.actions.accountability.waiting import waiting
from service.core.cases.accountability import Accounts, Holder, Period, accounts
from service.core.errors import Flaw, InvalidError
from service.core.people import Permission, Role
from service.db.people import Person, PersonRole
from service.work import Work


@dataclass(frozen=True, slots=True)
class Asked:
    """Which time is asked for: from the first day of the year, and to today, unless it is said."""

    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Everybody's account: what waits on the day it is given, and what was done in the time."""

    on: date
    period: Period
    accounts: Accounts


def account(work: Work, asked: Asked) -> Account:
    """Give everybody's account. Raises ``InvalidError`` for a time that ends before it begins."""
    work.actor.require(Permission.READ_ACCOUNTABILITY)
    to_on = asked.to_on or work.today
    from_on = asked.from_on or to_on.replace(month=1, day=1)
    if to_on < from_on:
        raise InvalidError((Flaw("/to", "period_ends", {"first": from_on}),))
    holders = _holders(work)
    look = Looking(work, Period(from_on, to_on), holders)
    return Account(work.today, look.period, accounts([*waiting(look), *done(look)], holders))


def _holders(work: Work) -> tuple[Holder, ...]:
    roles: dict[object, set[Role]] = defaultdict(set)
    for held in work.session.scalars(select(PersonRole)):
        roles[held.person_id].add(Role(held.role))
    people = work.session.scalars(select(Person).order_by(Person.created_at, Person.id))
    return tuple(Holder(one.id, one.name, one.department, frozenset(roles[one.id])) for one in people)
