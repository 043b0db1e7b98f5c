"""One good call of every endpoint: what the case must be like, and what is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from service.core.cases.states import State
from service.core.people import Actor, Role
from service.web.endpoints import Endpoint
from service.web.routes import PREFIX
from tests import make
from tests.api.calling import Caller, Http, application


@dataclass(frozen=True)
class Sample:
    """A call that succeeds when the case is in ``state`` (None: there is no case) and the caller is granted it."""

    state: State | None = None
    body: Mapping[str, Any] | None = None


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
    path = PREFIX + endpoint.path
    headers = {}
    if sample.state is not None:
        case_id = case(http, _owner(http, caller), sample.state)
        path = path.replace("<uuid:case_id>", str(case_id))
        if endpoint.needs_version:
            headers["If_Match"] = f'"{http.house.row(case_id).version}"'
    return Prepared(caller, endpoint, path, sample.body, headers)


def case(http: Http, owner: Actor, state: State) -> UUID:
    """Make a case in a state."""
    if state is State.DRAFT:
        return http.house.create(make.draft(), owner)
    case_id = http.house.create(make.application(), owner)
    if state is not State.SUBMITTED:
        http.house.put(case_id, state)
    return case_id


def _owner(http: Http, caller: Caller) -> Actor:
    return caller.actor if caller.actor is not None and Role.OFFICER in caller.actor.roles else http.house.officer
