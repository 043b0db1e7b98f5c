"""Deeds that must happen as a whole or not at all: who does them, to what, and the rows they add."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from service.actions import applications, people, replies, waivers
from service.actions.replies import Asked, Reply
from service.core.people import Actor
from service.work import Runtime, Work
from tests import make
from tests.actions import waiving
from tests.actions.tables import SUBMITTED

ASKED = Asked("POST", "/v1/applications", "key-1", b"{}")


@dataclass(frozen=True)
class Deed:
    """A deed on a case that is prepared for it; ``adds`` counts the new rows of each table."""

    actor: str
    prepare: Callable[[make.House], UUID]
    do: Callable[[Work, UUID], object]
    adds: Mapping[str, int]


def _create(work: Work, _: UUID) -> None:
    replies.recall(work, ASKED)
    row = applications.create(work, make.application())
    replies.remember(work, ASKED, Reply(201, row.number.encode()))


def _returned(house: make.House) -> UUID:
    case_id = house.create(make.application())
    house.do(house.reviewer, applications.return_, case_id, "补充")
    return case_id


def _waived(house: make.House) -> UUID:
    case_id = waiving.thirsty(house)
    waiving.waived(house, case_id)
    return case_id


def _waived_and_returned(house: make.House) -> UUID:
    case_id = _waived(house)
    house.do(house.reviewer, applications.return_, case_id, "补充")
    return case_id


def _waive(work: Work, case_id: UUID) -> None:
    waivers.grant(work, waiving.new(case_id, work.actor))


def _revoke(work: Work, case_id: UUID) -> None:
    (row,) = waivers.find(work, waivers.Query(case_id)).items
    waivers.revoke(replace(work, expects=row.version), row.id, "方案未获批复")


_ONE_ENTRY = MappingProxyType({"ledger_event": 1, "ledger_pending": 1})
_NEW_CASE = MappingProxyType(SUBMITTED | {"application": 1, "reply": 1, "ledger_event": 2, "ledger_pending": 2})

DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "create": Deed("officer", lambda house: house.create(make.draft()), _create, _NEW_CASE),
        "submit": Deed("officer", lambda house: house.create(make.draft()), applications.submit, SUBMITTED),
        "submit_again": Deed("officer", _returned, applications.submit, SUBMITTED),
        "replace_facts": Deed(
            "officer",
            _returned,
            lambda work, case_id: applications.replace_facts(work, case_id, make.facts(output=Decimal(1))),
            _ONE_ENTRY,
        ),
        "accept": Deed("reviewer", lambda house: house.create(make.application()), applications.accept, _ONE_ENTRY),
        "waive": Deed("chair", waiving.thirsty, _waive, MappingProxyType({"waiver": 1, **_ONE_ENTRY})),
        "revoke_waiver": Deed("chair", _waived, _revoke, _ONE_ENTRY),
        "submit_waived": Deed("officer", _waived_and_returned, applications.submit, SUBMITTED),
        "issue_key": Deed(
            "admin",
            lambda house: house.officer.person_id or UUID(int=0),
            people.issue_key,
            MappingProxyType({"api_key": 1, **_ONE_ENTRY}),
        ),
    }
)


def do(runtime: Runtime, name: str, actor: Actor, case_id: UUID, version: int | None) -> None:
    """Do a deed as one unit of work."""
    with runtime.work(actor, request_id="r-1", expects=version) as work:
        DEEDS[name].do(work, case_id)
