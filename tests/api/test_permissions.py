"""Every role on every endpoint, generated from the one table of permissions, which no database has a part in.

What is seen of the cases is asked of the database: each endpoint is called on the other kind too, by one who may.
"""

import re

import pytest

from service.app import ROUTES
from service.core.people import PERMISSIONS, Role
from service.web.endpoints import Endpoint
from service.web.routes import PREFIX
from tests import databases, make
from tests.actions.tables import counts
from tests.api.calling import Http, require_problem, written
from tests.api.samples import SAMPLES, prepare

ENDPOINTS: dict[str, Endpoint] = {
    name: declared for routes in ROUTES for name, declared in routes.endpoints.items() if isinstance(declared, Endpoint)
}

ON_SQLITE, ON_POSTGRESQL = (pytest.mark.parametrize("database", [kind], indirect=True) for kind in databases.KINDS)


def test_there_is_a_call_for_every_endpoint() -> None:
    assert sorted(SAMPLES) == sorted(ENDPOINTS)


@ON_SQLITE
@pytest.mark.parametrize("name", ENDPOINTS)
def test_exactly_the_roles_of_the_table_may_call(http: Http, name: str) -> None:
    endpoint = ENDPOINTS[name]
    for role in Role:
        response = prepare(http, http.newcomer(role), name, endpoint).send()
        if role in PERMISSIONS[endpoint.permission]:
            assert response.status_code == endpoint.status, (role, response.text)
        else:
            told = require_problem(response, 403, "forbidden")
            assert told["permission"] == endpoint.permission.value, role


@ON_POSTGRESQL
@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_role_of_the_table_may_call(http: Http, name: str) -> None:
    endpoint = ENDPOINTS[name]
    role = next(role for role in Role if role in PERMISSIONS[endpoint.permission])
    response = prepare(http, http.newcomer(role), name, endpoint).send()
    assert response.status_code == endpoint.status, (role, response.text)


@ON_SQLITE
@pytest.mark.parametrize("name", ENDPOINTS)
def test_nobody_gets_in_without_a_key(http: Http, name: str) -> None:
    endpoint = ENDPOINTS[name]
    path = PREFIX + re.sub(r"<uuid:\w+>", str(http.house.create(make.draft())), endpoint.path)
    path = re.sub(r"<int:\w+>", "1", path)
    before = counts(http.house.runtime)
    response = http.nobody.send(endpoint.method, path, written(SAMPLES[name].body or {}), If_Match='"1"')
    require_problem(response, 401, "unauthenticated")
    assert counts(http.house.runtime) == before
