from uuid import uuid4

import pytest

from service.web.headers import NO_VERSION, version_read
from tests.actions.tables import counts
from tests.api.calling import Http, application, read, require_problem

REASON = {"reason": "材料有误"}


def test_a_change_without_the_version_read_is_refused(http: Http) -> None:
    officer = http.officer
    path = officer.post("/v1/applications", application()).headers["Location"]
    before = counts(http.house.runtime)
    require_problem(officer.post(f"{path}/withdraw", REASON), 428, "precondition_required")
    require_problem(officer.put(f"{path}/facts", {"facts": {}}), 428, "precondition_required")
    assert counts(http.house.runtime) == before


@pytest.mark.parametrize("header", ['"1"', '"3"', '"x"', '""', '"99999999999999999999"', '"-1"', '"02x"'])
def test_another_version_than_the_one_that_stands_is_stale(http: Http, header: str) -> None:
    officer = http.officer
    path = officer.post("/v1/applications", application()).headers["Location"]
    told = require_problem(officer.post(f"{path}/withdraw", REASON, If_Match=header), 412, "stale")
    assert told["current"] == 2


@pytest.mark.parametrize("header", ["2", "*", '"2", "3"', "'2'", '"2', "W/2", ""])
def test_a_header_that_names_no_single_version_is_malformed(http: Http, header: str) -> None:
    officer = http.officer
    path = officer.post("/v1/applications", application()).headers["Location"]
    told = require_problem(officer.post(f"{path}/withdraw", REASON, If_Match=header), 400, "malformed")
    assert told["because"] == "if_match"


def test_a_tag_that_a_proxy_made_weak_still_counts(http: Http) -> None:
    officer = http.officer
    path = officer.post("/v1/applications", application()).headers["Location"]
    assert officer.post(f"{path}/withdraw", REASON, If_Match='W/"2"').status_code == 200


@pytest.mark.parametrize(
    ("header", "version"),
    [(None, None), ('"7"', 7), ('W/"7"', 7), ('"seven"', NO_VERSION), ('"1234567890"', NO_VERSION)],
)
def test_a_version_is_read_from_its_tag(header: str | None, version: int | None) -> None:
    assert version_read(header) == version


def test_who_holds_the_version_that_stands_is_sent_nothing(http: Http) -> None:
    officer = http.officer
    path = officer.post("/v1/applications", application()).headers["Location"]
    for held in ('"2"', 'W/"2"', '"1", "2"', "*"):
        response = officer.get(path, If_None_Match=held)
        assert (response.status_code, response.get_data(), response.headers["ETag"]) == (304, b"", '"2"'), held
    response = officer.get(path, If_None_Match='"1"')
    assert (response.status_code, read(response)["version"]) == (200, 2)


def test_a_case_that_is_not_there_comes_before_its_version(http: Http) -> None:
    response = http.officer.post(f"/v1/applications/{uuid4()}/withdraw", REASON, If_Match='"1"')
    require_problem(response, 404, "not_found")
