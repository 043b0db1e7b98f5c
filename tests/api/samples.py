"""One good call of every endpoint: what the case must be like, and what is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from service.core.cases.states import State
from service.core.people import Actor, Role
from service.web.endpoints import Endpoint
from service.web.routes import PREFIX
from tests import make, seating
from tests.actions import waiving
from tests.api.calling import Caller, Http, application


@dataclass(frozen=True)
class Made:
    """What a call is about where that is more than a case: the parts of its path, its body, the version it needs."""

    path: Mapping[str, UUID] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    version: int | None = None


@dataclass(frozen=True)
class Sample:
    """A call that succeeds when the case is in ``state`` (None: there is no case) and the caller is granted it.

    ``make`` makes what else the call is about, for a caller, with cases of the owner given.
    """

    state: State | None = None
    body: Mapping[str, Any] | None = None
    make: Callable[[Http, Caller, Actor], Made] | None = None


def case(http: Http, owner: Actor, state: State) -> UUID:
    """Make a case in a state."""
    if state is State.DRAFT:
        return http.house.create(make.draft(), owner)
    case_id = http.house.create(make.application(), owner)
    if state is not State.SUBMITTED:
        http.house.put(case_id, state)
    return case_id


def shown(http: Http, caller: Caller, case_id: UUID) -> UUID:
    """Let a case be seen by a caller who sees only what they have a seat for."""
    if caller.actor is not None and Role.MEMBER in caller.actor.roles and http.house.row(case_id).versions:
        seating.seat(http.house, case_id, caller.actor)
    return case_id


def _waivable(http: Http, caller: Caller, owner: Actor) -> Made:
    waiving.release(http.house)
    case_id = shown(http, caller, case(http, owner, State.SUBMITTED))
    return Made(body=written_waiver(case_id, http.house.member))


def _waived(http: Http, caller: Caller, owner: Actor) -> Made:
    waiving.release(http.house)
    case_id = shown(http, caller, case(http, owner, State.SUBMITTED))
    return Made({"waiver_id": waiving.waived(http.house, case_id)}, version=1)


def written_waiver(case_id: UUID, owner: Actor, /, **changes: object) -> dict[str, Any]:
    """The body of a waiver without a flaw by the rules with a gate of the zone."""
    new = waiving.new(case_id, owner)
    sound = {
        "application_id": str(new.application_id),
        "gate": new.gate,
        "owner": str(new.owner),
        "reason": new.reason,
        "expires_on": str(new.expires_on),
    }
    return sound | changes


_REASON = {"reason": "缺少能评意见"}

SAMPLES: Mapping[str, Sample] = {
    "assessments.assess": Sample(body=make.facts()),
    "applications.create_application": Sample(body=application()),
    "applications.find_applications": Sample(),
    "applications.get_application": Sample(State.SUBMITTED),
    "applications.replace_facts": Sample(State.DRAFT, {"facts": make.facts()}),
    "applications.submit_application": Sample(State.DRAFT),
    "applications.accept_application": Sample(State.SUBMITTED),
    "applications.return_application": Sample(State.SUBMITTED, _REASON),
    "applications.withdraw_application": Sample(State.SUBMITTED, _REASON),
    "applications.reconsider_application": Sample(State.REJECTED, _REASON),
    "applications.get_assessment": Sample(State.SUBMITTED),
    "applications.find_assessments": Sample(State.SUBMITTED),
    "applications.get_timeline": Sample(State.SUBMITTED),
    "waivers.grant_waiver": Sample(make=_waivable),
    "waivers.find_waivers": Sample(make=_waived),
    "waivers.get_waiver": Sample(make=_waived),
    "waivers.revoke_waiver": Sample(body=_REASON, make=_waived),
    "meta.get_meta": Sample(),
}


@dataclass(frozen=True)
class Prepared:
    """A call ready to be made."""

    caller: Caller
    endpoint: Endpoint
    path: str
    body: Mapping[str, Any] | None
    headers: Mapping[str, str]

    def send(self) -> TestResponse:
        if self.endpoint.method == "GET":
            return self.caller.get(self.path)
        send = self.caller.put if self.endpoint.method == "PUT" else self.caller.post
        return send(self.path, self.body, **self.headers)


def prepare(http: Http, caller: Caller, name: str, endpoint: Endpoint) -> Prepared:
    """Make the case the endpoint's sample needs, the caller's own if they are an officer."""
    sample = SAMPLES[name]
    found = _made(http, caller, sample)
    path = PREFIX + endpoint.path
    for part, identifier in found.path.items():
        path = path.replace(f"<uuid:{part}>", str(identifier))
    headers = {"If_Match": f'"{found.version}"'} if endpoint.needs_version else {}
    return Prepared(caller, endpoint, path, found.body or sample.body, headers)


def _made(http: Http, caller: Caller, sample: Sample) -> Made:
    owner = _owner(http, caller)
    if sample.make is not None:
        return sample.make(http, caller, owner)
    if sample.state is None:
        return Made()
    case_id = shown(http, caller, case(http, owner, sample.state))
    return Made({"case_id": case_id}, version=http.house.row(case_id).version)


def _owner(http: Http, caller: Caller) -> Actor:
    return caller.actor if caller.actor is not None and Role.OFFICER in caller.actor.roles else http.house.officer
