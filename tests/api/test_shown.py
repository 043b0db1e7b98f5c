"""Every operation shows what is sent and what is answered, and all that is shown is true."""

import copy
import json
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

import pytest

from service.actions import rulebooks
from service.core.people import PERMISSIONS, SYSTEM, Role
from service.web.endpoints import Endpoint, FileBody
from service.web.routes import PREFIX
from tests.api import parts
from tests.api.calling import Http, described, validator, written
from tests.api.samples import Prepared, prepare
from tests.api.shown import ENDPOINTS, Houses, alike, asked, opened
from tests.test_conventions import ROOT

JSON: Final = "application/json"

# What is shown of the rules is shortened, and so no rules; cases by the small rules have no action plan.
REFUSED: Final = {
    ("rulebooks.propose_rulebook", "proposal"): 422,
    ("meetings.decide", "from_the_action_plan"): 422,
}

# Shown by the default rules, not by the small ones that everything else is tried by.
BY_DEFAULT_RULES: Final = frozenset(
    {"assessments.assess", "applications.create_application", "applications.replace_facts"}
)

# Needs a house of its own: once people have released rules, the machine that prepares all others releases none.
CHANGES_RULES: Final = frozenset({"rulebooks.release_proposal"})

# Members that name something of one house.
_NAMES: Final = frozenset({"gate", "facts"})
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def described_as(name: str) -> tuple[str, str, dict[str, Any]]:
    """The path, method and description of an operation."""
    declared = ENDPOINTS[name]
    prefix = PREFIX if isinstance(declared, Endpoint) else ""
    place = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", declared.path)
    method = declared.method.lower() if isinstance(declared, Endpoint) else "get"
    return place, method, described()["paths"][place][method]


def sent_examples() -> list[tuple[str, str]]:
    return [
        (name, example)
        for name, endpoint in ENDPOINTS.items()
        if isinstance(endpoint, Endpoint) and endpoint.body is not None
        for example in endpoint.body.examples or {"nothing": {}}
    ]


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Houses]:
    with opened(tmp_path_factory.mktemp("shown")) as found:
        yield found


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_operation_shows_all_there_is_to_know(name: str) -> None:
    _, _, operation = described_as(name)
    assert re.fullmatch(r".*[\u4e00-\u9fff].* · .*[a-z].*", operation["summary"])
    assert re.fullmatch(r"[a-z_]+", operation["operationId"])
    if isinstance(ENDPOINTS[name], Endpoint):
        assert operation["x-permission"]
        assert {"401", "403", "429", "500"} <= set(operation["responses"])
    for content in operation.get("requestBody", {}).get("content", {}).values():
        assert content["examples"]
    for status, answer in operation["responses"].items():
        if status.startswith("2") and JSON in answer["content"]:
            assert answer["content"][JSON]["examples"]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_what_is_shown_is_what_is_answered(houses: Houses, name: str) -> None:
    place, method, operation = described_as(name)
    [(status, answer)] = [(code, told) for code, told in operation["responses"].items() if code.startswith("2")]
    found = asked(houses, name)
    assert (found is not None) == (JSON in answer["content"])
    if found is not None:
        for example in answer["content"][JSON]["examples"].values():
            assert alike(example["value"], found), "run: python -m tests.api.shown, then make openapi"
            checked = ("paths", place, method, "responses", status, "content", JSON, "schema")
            validator(*checked).validate(example["value"])


def sent_by(names: Collection[str], *, others: bool = False) -> list[tuple[str, str]]:
    """What is shown to be sent to some operations, or to all others."""
    return [one for one in sent_examples() if (one[0] in names) is not others]


@pytest.mark.parametrize(("name", "example"), sent_by(BY_DEFAULT_RULES | CHANGES_RULES, others=True))
def test_what_is_shown_to_be_sent_is_taken(houses: Houses, name: str, example: str) -> None:
    require_taken(houses.new, name, example)


@pytest.mark.parametrize(("name", "example"), sent_by(CHANGES_RULES))
def test_what_is_shown_to_change_the_rules_is_taken(http: Http, name: str, example: str) -> None:
    require_taken(http, name, example)


def require_taken(http: Http, name: str, example: str) -> None:
    prepared = ready(http, name)
    value = put_in(shown_to_be_sent(name, example), _known(prepared))
    response = send(prepared, value)
    assert response.status_code == REFUSED.get((name, example), prepared.endpoint.status), (response.text, value)


@pytest.mark.parametrize(("name", "example"), sent_by(BY_DEFAULT_RULES))
def test_facts_that_are_shown_are_taken_by_the_default_rules(http: Http, name: str, example: str) -> None:
    prepared = ready(http, name)
    with http.house.work(SYSTEM) as work:
        rulebooks.release(work, (ROOT / "rules.yaml").read_bytes())
    response = send(prepared, shown_to_be_sent(name, example))
    assert response.status_code == prepared.endpoint.status, response.text


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    """One kind is enough: what is shown does not depend on it."""
    kind: str = request.param
    return kind


def ready(http: Http, name: str) -> Prepared:
    """A call of somebody who may."""
    endpoint = ENDPOINTS[name]
    assert isinstance(endpoint, Endpoint)
    caller = http.newcomer(next(role for role in Role if role in PERMISSIONS[endpoint.permission]))
    return prepare(http, caller, name, endpoint)


def shown_to_be_sent(name: str, example: str) -> Any:  # noqa: ANN401 - any JSON
    [content] = described_as(name)[2]["requestBody"]["content"].values()
    return copy.deepcopy(content["examples"][example]["value"])


def _known(prepared: Prepared) -> dict[str, Any]:
    """What is sent about this house: for a paper, that of its form."""
    sound = dict(prepared.body or {})
    if prepared.endpoint.path.endswith("/evidence"):
        sound["facts"] = dict(parts.SOUND)["facts"].split(",")
    return sound


def send(prepared: Prepared, value: Any) -> Any:  # noqa: ANN401 - any JSON out, an answer in
    """Send what is shown; a file stands for the one that is not."""
    if not isinstance(prepared.endpoint.body, FileBody):
        return prepared.caller.send(prepared.endpoint.method, prepared.path, written(value), **prepared.headers)
    fields = {name: form_text(given) for name, given in value.items() if name != "file"}
    if "imports" in prepared.path:
        return parts.send(prepared.caller, prepared.path, parts.table(None, **fields), **prepared.headers)
    return parts.send(prepared.caller, prepared.path, parts.paper(fields=list(fields.items())), **prepared.headers)


def form_text(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Write a member as a field of a form."""
    return ",".join(value) if isinstance(value, list) else value if isinstance(value, str) else json.dumps(value)


def put_in(shown: Any, sound: Any) -> Any:  # noqa: ANN401 - any JSON
    """Put what names something of this house in the place of what names something of the one that is shown."""
    if isinstance(shown, dict) and isinstance(sound, dict):
        return {
            name: sound.get(name) if name in _NAMES and name in sound else put_in(value, sound.get(name))
            for name, value in shown.items()
        }
    if isinstance(shown, list) and isinstance(sound, list):
        return sound if _is_name(sound[0]) else [put_in(*pair) for pair in zip(shown, sound, strict=False)]
    return sound if _is_name(shown) and _is_name(sound) else shown


def _is_name(found: object) -> bool:
    return isinstance(found, str) and _UUID.fullmatch(found) is not None
