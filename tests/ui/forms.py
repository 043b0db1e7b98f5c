"""Every form with which something is made: who sends it, what they fill in, and what is made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.core.people import Actor
from tests import make
from tests.actions import waiving
from tests.meeting import in_review, person

Fields = dict[str, str | Sequence[str]]


@dataclass(frozen=True)
class Made:
    """A form in a house: who sends it, the page it is on, where it is sent to, what is filled in, whose rows grow."""

    actor: Actor
    page: str
    action: str
    fields: Fields
    table: str


def _person(house: make.House) -> Made:
    fields: Fields = {"name": "李明", "roles": ["officer", "member"], "department": "经发局", "login": "li.ming"}
    return Made(house.admin, "/people/new", "/people/new", fields, "person")


def _webhook(house: make.House) -> Made:
    fields: Fields = {"url": "https://erp.zone.example/hook", "events": ["application.submitted", "decision.recorded"]}
    return Made(house.admin, "/webhooks/new", "/webhooks/new", fields, "webhook")


def _key(house: make.House) -> Made:
    fields: Fields = {"label": "台账对接", "scopes": ["cases:read", "cases:write"], "days": "180"}
    return Made(house.officer, "/account/keys/new", "/account/keys/new", fields, "api_key")


def _meeting(house: make.House) -> Made:
    fields: Fields = {"title": "临时评审会", "day": "2026-12-03", "hour": "14:30", "place": "管委会三楼"}
    return Made(house.secretary, "/meetings/new", "/meetings/new", fields, "meeting")


def _waiver(house: make.House) -> Made:
    path = f"/cases/{waiving.thirsty(house)}/waivers"
    fields: Fields = {
        "gate": waiving.GATE,
        "owner": str(person(house.secretary)),
        "expires_on": "2026-12-31",
        "reason": "园区扩区方案已报批",
    }
    return Made(house.chair, path, path, fields, "waiver")


def _opinion(house: make.House) -> Made:
    path = f"/cases/{in_review(house)}/opinions"
    fields: Fields = {"stance": "support_with_conditions", "reason": "可平衡", "conditions": "错峰用水"}
    return Made(house.reviewer, path, path, fields, "opinion")


def _request(house: make.House) -> Made:
    path = f"/cases/{in_review(house)}/opinions"
    fields: Fields = {"department": make.OTHER_DEPARTMENT, "due_on": "2026-12-01"}
    return Made(house.reviewer, path, f"{path}/requests", fields, "opinion")


def _interest(house: make.House) -> Made:
    return Made(house.member, "/interests", "/interests", {"credit_code": make.CREDIT_CODE}, "interest")


def _deputy(house: make.House) -> Made:
    deputy = str(person(house.others[3]))
    fields: Fields = {"deputy": deputy, "from_on": "2026-12-01", "to_on": "2026-12-31", "reason": "外出培训"}
    return Made(house.member, "/deputies", "/deputies", fields, "deputy")


FORMS: dict[str, Callable[[make.House], Made]] = {
    "person": _person,
    "webhook": _webhook,
    "key": _key,
    "meeting": _meeting,
    "waiver": _waiver,
    "opinion": _opinion,
    "request": _request,
    "interest": _interest,
    "deputy": _deputy,
}
