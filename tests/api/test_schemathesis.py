"""Schemathesis over the whole interface: what the description says, the service that runs holds.

Every operation is called by somebody of a role that may, about things that are there. What is sent is what covers the
description: every member at and just beyond its limits, absent, of another type, every header left out, every method.
``SLUICE_TEST_CONTRACT_EXAMPLES`` says how many random requests follow, sound and broken ones each; 0 without it.
"""

import copy
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from service.app import ROUTES
from service.core.people import PERMISSIONS, Role
from service.web.endpoints import Endpoint, FileBody, OpenEndpoint
from service.web.routes import PREFIX
from tests import databases, make
from tests.api.calling import Caller, Http, described, open_http, written
from tests.api.samples import Prepared, prepare
from tests.api.test_permissions import ENDPOINTS
from tests.conftest import Clock, service

EXAMPLES: Final = int(os.environ.get("SLUICE_TEST_CONTRACT_EXAMPLES", "0"))  # noqa: TID251 - the test run's own settings

# Checks that have nothing to look at here, each with the reason.
LEFT_OUT: Final = {
    "use_after_free": "nothing is ever deleted; what ends is said by its state, and stays readable",
    "ensure_resource_availability": "looks at chains of calls; what is made is read again in the tests of its noun",
    "object_level_authorization": "knows one kind of caller; test_no_way_around.py walks every door for every role",
}

load_all_checks()

# Queries that are refused by what they come to: an end before its beginning, a version that follows none.
_BY_MEANING: Final = frozenset({"ledger.prove_consistency", "sheets.get_accountability", "versions.get_differences"})

_ALWAYS: Final = {name: {"enabled": False} for name in LEFT_OUT}


def _checks(name: str, endpoint: Endpoint | OpenEndpoint) -> dict[str, Any]:
    """What may become of a request.

    A sound one may meet a case that has moved on (409, 412), a key that is used, or rules that want other facts (422).
    A version that is not named at all is 428, and what is refused for its version is not looked at further.
    """
    sound, broken = ["2xx", "401", "403", "404"], ["400", "401", "403", "404", "405", "406", "422"]
    if isinstance(endpoint, Endpoint):
        is_sent = endpoint.body is not None or endpoint.repeatable
        sound += ["304"] if "ETag" in endpoint.renders.headers and endpoint.method == "GET" else []
        sound += ["409"] if not endpoint.read_only else []
        broken += ["409"] if not endpoint.read_only else []
        sound += ["412"] if endpoint.needs_version else []
        sound += ["422"] if is_sent or name in _BY_MEANING else []
        broken += ["415"] if endpoint.body is not None else []
        broken += ["412", "428"] if endpoint.needs_version else []
    return _ALWAYS | {
        "positive_data_acceptance": {"expected-statuses": sound},
        "negative_data_rejection": {"expected-statuses": broken},
        "missing_required_header": {"expected-statuses": ["401", "403", "404", "428"]},
    }


# Files are sent whole by the tests of their nouns; what is made up here is none that the service reads.
_WITH_FILES: Final = frozenset(name for name, endpoint in ENDPOINTS.items() if isinstance(endpoint.body, FileBody))

OPEN: Final = {
    name: found for routes in ROUTES for name, found in routes.endpoints.items() if isinstance(found, OpenEndpoint)
}


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Http]:
    """One house for all: whatever a call needs is made for it."""
    with databases.fresh("sqlite") as engine:
        yield open_http(make.house(service(engine, Clock(), tmp_path_factory.mktemp("service"))))


@dataclass(frozen=True)
class Tried:
    """An operation of the description, with things that are there in its place."""

    operation: Any

    def cases(self, *, sound: bool = False) -> Iterator[Any]:
        """What covers the description, or only what is sound of it."""
        schema = self.operation.schema
        generation = schema.config.generation_for(operation=self.operation)
        modes = [GenerationMode.POSITIVE] if sound else list(GenerationMode)
        yield from schema.iter_coverage_cases(self.operation, generation_modes=modes, generation_config=generation)

    def call(self, case: Any, caller: Caller) -> int:  # noqa: ANN401 - the library's
        """Call, demand that every check is content, and say the status."""
        headers = {} if caller.key is None else {"Authorization": f"Bearer {caller.key}"}
        response = case.call(headers=headers)
        case.validate_response(response, headers=headers, transport_kwargs={"headers": headers})
        status: int = response.status_code
        return status

    def call_at_random(self, times: int, caller: Caller) -> None:
        """Call with as many sound and broken requests, the same ones every time."""
        strategies = [self.operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

        @settings(
            max_examples=2 * times,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(one_of(strategies))
        def call(case: Any) -> None:  # noqa: ANN401 - the library's
            self.call(case, caller)

        call()


def tried(http: Http, name: str, place: str, method: str, prepared: Prepared | None = None) -> Tried:
    """Make an operation ready."""
    checks = _checks(name, ENDPOINTS.get(name) or OPEN[name])
    config = {"checks": checks, "generation": {"deterministic": True}}
    item = copy.deepcopy(described()["paths"][place])
    if prepared is not None:
        _put_in(item, place, prepared)
    whole = {**described(), "paths": {place: item}}
    schema = schemathesis.openapi.from_dict(whole, config=schemathesis.Config.from_dict(config))
    schema.app = http.app
    operation = schema[place][method]
    operation.app = http.app
    return Tried(operation)


def _put_in(item: dict[str, Any], place: str, prepared: Prepared) -> None:
    """Put the things of a sample in the place of any: its path, version, query and content."""
    operation = item[prepared.endpoint.method.lower()]
    path, _, query = prepared.path.partition("?")
    shape = re.escape(place).replace(r"\{place\}", r"(?P<place>.+)")
    found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", shape), path)
    assert found is not None, (place, path)
    known: dict[str, str] = {**found.groupdict(), "If-Match": prepared.headers.get("If_Match", "")}
    for parameter in item.get("parameters", []):
        schema = parameter["schema"]
        schema["enum"] = [
            json.loads(known[parameter["name"]]) if schema["type"] == "integer" else known[parameter["name"]]
        ]
    # A cursor is what an answer gave, which no schema can say; test_http_conventions.py follows them.
    operation["parameters"] = [one for one in operation.get("parameters", []) if one["name"] not in _CURSORS]
    for parameter in operation["parameters"]:
        _fill(parameter, known, dict(parse_qsl(query)))
    if prepared.body is not None and not isinstance(prepared.endpoint.body, FileBody) and "requestBody" in operation:
        for content in operation["requestBody"]["content"].values():
            content["examples"] = {"sample": {"value": json.loads(written(prepared.body))}}


_CURSORS: Final = frozenset({"cursor"})


def _fill(parameter: dict[str, Any], known: dict[str, str], query: dict[str, str]) -> None:
    name, schema = parameter["name"], parameter["schema"]
    if name == "If-Match":
        schema["enum"] = [known[name]]
    elif name in query:
        parameter["example"] = json.loads(query[name]) if schema.get("type") == "integer" else query[name]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_operation_answers_as_it_is_described(http: Http, name: str) -> None:
    endpoint = ENDPOINTS[name]
    caller = http.newcomer(next(role for role in Role if role in PERMISSIONS[endpoint.permission]))
    operation = tried(http, name, _place(endpoint), endpoint.method, prepare(http, caller, name, endpoint))
    for role in [role for role in Role if role not in PERMISSIONS[endpoint.permission]][:1]:
        first = next(operation.cases(sound=True))
        assert operation.call(first, http.newcomer(role)) == 403
    statuses = {operation.call(case, caller) for case in operation.cases()}
    assert statuses >= {401, 405} | (set() if name in _WITH_FILES else {endpoint.status})
    if EXAMPLES:
        operation.call_at_random(EXAMPLES, caller)


@pytest.mark.parametrize("name", OPEN)
def test_what_is_open_to_all_answers_as_it_is_described(http: Http, name: str) -> None:
    operation = tried(http, name, re.sub(r"<(\w+)>", r"{\1}", OPEN[name].path), "GET")
    statuses = {operation.call(case, http.nobody) for case in operation.cases()}
    assert statuses & {200, 404}
    if EXAMPLES:
        operation.call_at_random(EXAMPLES, http.nobody)


def test_the_checks_left_out_are_known_and_all_others_are_made() -> None:
    assert set(_checks("meta.get_meta", ENDPOINTS["meta.get_meta"])) <= set(CHECKS.get_all_names())


def _place(endpoint: Endpoint) -> str:
    return PREFIX + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", endpoint.path)
