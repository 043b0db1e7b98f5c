"""Rules with a gate that may be waived, and waivers of it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from service.actions import rulebooks, waivers
from service.actions.waivers import NewWaiver
from service.core.people import SYSTEM, Actor
from tests import make

GATE = "too_thirsty"


def release(house: make.House) -> None:
    """Put rules in force whose gate rests on a policy of the zone."""
    with house.work(SYSTEM) as work:
        rulebooks.release(work, make.zone_edition())


def thirsty(house: make.House) -> UUID:
    """A submitted case that the gate keeps out, by rules under which it may be waived."""
    release(house)
    return house.create(make.application(water=Decimal(200_000)))


def new(case_id: UUID | None, owner: Actor, expires_on: date | None = date(2026, 12, 31)) -> NewWaiver:
    """A waiver without a flaw."""
    return NewWaiver(case_id, GATE, owner.person_id, "园区扩区方案已报批，批复前先行评审", expires_on)


def waived(house: make.House, case_id: UUID, expires_on: date = date(2026, 12, 31)) -> UUID:
    """Waive the gate for a case; the secretary answers for it."""
    with house.work(house.chair) as work:
        return waivers.grant(work, new(case_id, house.secretary, expires_on)).id
