"""People, keys and identities over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from service.actions import people
from service.app import create_app
from service.core.people import Role, Scope
from service.db.replies import ReplyRow
from service.work import Runtime
from tests import make
from tests.actions import tables
from tests.api.calling import Caller, Http, flaws, read, require_problem
from tests.conftest import Clock
from tests.meeting import person


@pytest.fixture
def database() -> str:
    """What depends on the kind of database is tried in tests/actions/test_keys.py."""
    return "sqlite"


def place(http: Http, caller: Caller | None = None) -> str:
    """Where somebody is: the officer, or whoever calls."""
    actor = http.house.officer if caller is None else caller.actor
    assert actor is not None
    return f"/v1/people/{person(actor)}"


def keyed(http: Http, *scopes: Scope, who: Caller | None = None) -> Caller:
    """Somebody with a key of these scopes."""
    actor = (who or http.officer).actor
    body = {"scopes": [scope.value for scope in scopes]} if scopes else {}
    told = http.admin.post(f"{place(http, who)}/keys", body)
    assert told.status_code == 201, told.text
    return Caller(http.app, read(told)["key"], actor)


def id_of(caller: Caller) -> str:
    return (caller.key or "").split("_")[1]


def test_a_person_is_added_read_and_listed(http: Http, clock: Clock) -> None:
    clock.move(seconds=1)
    new = http.admin.post("/v1/people", {"name": " 李明 ", "roles": ["reviewer", "officer"], "department": "水利"})
    assert new.status_code == 201
    told = read(new)
    assert (told["name"], told["roles"], told["department"]) == ("李明", ["officer", "reviewer"], "水利")
    assert (told["version"], told["erased"], new.headers["ETag"]) == (1, False, '"1"')
    assert new.headers["Location"] == f"/v1/people/{told['id']}"
    assert read(http.admin.get(new.headers["Location"])) == told
    found: list[Any] = []
    address: str | None = "/v1/people?limit=5"
    while address is not None:
        page = http.admin.get(address)
        found += read(page)["items"]
        link = page.headers.get("Link")
        address = None if link is None else link[1 : link.index(">")]
    assert found[0] == told
    assert len(found) == len({one["id"] for one in found}) == 14


def test_every_flaw_of_a_person_is_told(http: Http) -> None:
    response = http.admin.post("/v1/people", {"name": "", "roles": ["admin", "member"], "department": " ", "x": 1})
    assert flaws(response) == [
        ("/x", "member_unknown"),
        ("/name", "text_missing"),
        ("/roles", "roles_admin_alone"),
        ("/department", "text_missing"),
    ]
    assert flaws(http.admin.post("/v1/people", {"name": "甲", "roles": ["king"]})) == [("/roles/0", "member_choice")]


def test_roles_change_with_the_next_request_in_every_process(http: Http) -> None:
    officer = http.officer
    elsewhere = Caller(create_app(http.house.runtime), officer.key)
    for caller in (officer, elsewhere):
        assert caller.get("/v1/applications").status_code == 200
    changed = http.admin.post(f"{place(http)}/roles", {"roles": ["secretary"]}, If_Match='"1"')
    assert (changed.status_code, read(changed)["roles"], changed.headers["ETag"]) == (200, ["secretary"], '"2"')
    for caller in (officer, elsewhere):
        require_problem(caller.post("/v1/applications", {}), 403, "forbidden")
        assert read(caller.get("/v1/me"))["roles"] == ["secretary"]
    entry = tables.events(http.house.runtime)[-1]
    assert (entry["type"], entry["data"]) == ("person.roles_changed", {"roles": ["secretary"], "version": 2})


def test_roles_are_changed_on_the_version_that_was_read(http: Http) -> None:
    admin = http.admin
    for header, status, code in (({}, 428, "precondition_required"), ({"If_Match": '"2"'}, 412, "stale")):
        with tables.nothing_changes(http.house.runtime):
            require_problem(admin.post(f"{place(http)}/roles", {"roles": ["member"]}, **header), status, code)
    assert flaws(admin.post(f"{place(http)}/roles", {"roles": []}, If_Match='"1"')) == [("/roles", "roles_missing")]


def test_nobody_changes_their_own_roles(http: Http) -> None:
    admin = http.admin
    with tables.nothing_changes(http.house.runtime):
        own = admin.post(f"{place(http, admin)}/roles", {"roles": ["officer"]}, If_Match='"1"')
    require_problem(own, 403, "own_roles")


def test_an_erased_person_is_told_as_one_and_gets_nothing_any_more(http: Http) -> None:
    officer = http.officer
    keyed(http)
    erased = http.admin.post(f"{place(http)}/erase", If_Match='"1"')
    assert (read(erased)["name"], read(erased)["erased"], read(erased)["version"]) == ("—", True, 2)
    require_problem(officer.get("/v1/me"), 401, "unauthenticated")
    for path, body, header in (
        ("erase", None, {"If_Match": '"2"'}),
        ("roles", {"roles": ["member"]}, {"If_Match": '"2"'}),
        ("keys", {}, {}),
        ("identities", {"subject": "s", "issuer": "i"}, {}),
    ):
        require_problem(http.admin.post(f"{place(http)}/{path}", body, **header), 409, "already_erased")


def test_anybody_is_told_who_they_are_and_what_they_may_do(http: Http) -> None:
    told = read(http.both.get("/v1/me"))
    assert (told["id"], told["name"], told["department"]) == (
        str(person(http.house.both)),
        "兼任",
        make.OTHER_DEPARTMENT,
    )
    assert told["roles"] == ["officer", "reviewer"]
    assert {"create_cases", "accept_cases", "keep_own_keys"} <= set(told["permissions"])
    assert "manage_people" not in told["permissions"]
    shown = {"kind": "key", "id": id_of(http.both), "scopes": None, "expires_at": "2027-11-23T02:15:30.123456Z"}
    assert told["credential"] == shown
    narrow = read(keyed(http, Scope.CASES_READ).get("/v1/me"))
    assert narrow["credential"]["scopes"] == ["cases:read"]
    assert narrow["permissions"] == ["read_cases", "read_papers", "read_waivers", "read_oneself"]


def test_a_key_does_what_its_scopes_say_and_no_more(http: Http) -> None:
    reading = keyed(http, Scope.CASES_READ)
    assert reading.get("/v1/applications").status_code == 200
    told = require_problem(reading.post("/v1/applications", {}), 403, "scope_missing")
    assert (told["scope"], told["permission"]) == ("cases:write", "create_cases")
    assert "cases:write" in told["detail"]
    require_problem(reading.get("/v1/people"), 403, "forbidden")
    entry = tables.events(http.house.runtime)[-1]
    assert entry["data"]["scopes"] == ["cases:read"]


def test_a_key_is_issued_with_a_name_and_an_end_and_its_secret_is_told_once(http: Http) -> None:
    body = {"label": " ERP ", "scopes": ["events", "cases:read", "events"], "expires_at": "2026-11-24T10:15:30+08:00"}
    issued = read(http.admin.post(f"{place(http)}/keys", body))
    assert (issued["label"], issued["scopes"]) == ("ERP", ["cases:read", "events"])
    assert issued["expires_at"] == "2026-11-24T02:15:30.000000Z"
    (listed,) = read(http.admin.get(f"{place(http)}/keys"))["items"]
    assert listed == {
        **{name: value for name, value in issued.items() if name != "key"},
        "revoked_at": None,
        "last_used_at": None,
    }
    assert issued["key"].split("_")[1] == issued["id"]
    secret = issued["key"].split("_", 2)[2]
    assert secret not in repr(tables.dump(http.house.runtime))
    assert "ERP" not in repr(tables.events(http.house.runtime))


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        ({"expires_at": "2026-11-23T02:15:30.123456Z"}, ("/expires_at", "key_expiry")),
        ({"expires_at": "2027-11-23T02:15:30.123457Z"}, ("/expires_at", "key_expiry")),
        ({"scopes": []}, ("/scopes", "scopes_missing")),
        ({"scopes": ["everything"]}, ("/scopes/0", "member_choice")),
        ({"label": "x" * 61}, ("/label", "text_length")),
        ({"label": " "}, ("/label", "text_missing")),
    ],
)
def test_a_key_with_a_flaw_is_not_issued(http: Http, body: dict[str, Any], flaw: tuple[str, str]) -> None:
    assert flaws(http.admin.post(f"{place(http)}/keys", body)) == [flaw]


@pytest.mark.parametrize("deed", ["keys", "rotate"])
def test_a_repetition_is_answered_without_the_secret_which_nobody_keeps(http: Http, deed: str) -> None:
    address = f"{place(http)}/keys" if deed == "keys" else f"{place(http)}/keys/{id_of(http.officer)}/rotate"
    first, again = (http.admin.post(address, {}, Idempotency_Key="k-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert read(again) == {**read(first), "key": None}
    secret = read(first)["key"].split("_", 2)[2]
    with http.house.work(http.house.admin) as work:
        (kept,) = work.session.query(ReplyRow).all()
    assert secret.encode() not in kept.body


def test_what_names_somebody_is_not_kept_where_erasing_them_would_not_find_it(http: Http) -> None:
    new = {"name": "赵不忘", "roles": ["member"]}
    first, again = (read(http.admin.post("/v1/people", new, Idempotency_Key="k-1")) for _ in range(2))
    assert again == {**first, "name": None}
    address = f"/v1/people/{first['id']}"
    for path, body in (("identities", {"subject": "sub-赵", "issuer": "i"}), ("keys", {"label": "赵的电脑"})):
        assert http.admin.post(f"{address}/{path}", body, Idempotency_Key="k-2").status_code == 201
    assert http.admin.post(f"{address}/erase", If_Match='"1"', Idempotency_Key="k-3").status_code == 200
    assert "赵".encode() not in b"".join(row["body"] for row in kept(http))
    assert "赵" not in repr(tables.dump(http.house.runtime))


def kept(http: Http) -> Any:  # noqa: ANN401 - rows of any kind
    with http.house.runtime.engine.connect() as connection:
        return connection.execute(text("SELECT body FROM reply")).mappings().all()


def test_a_key_that_is_rotated_goes_on_counting_for_the_overlap(http: Http, clock: Clock) -> None:
    officer = http.officer
    clock.move(days=100)
    new = read(officer.post(f"{place(http)}/keys/{id_of(officer)}/rotate", {"overlap_hours": 2}))
    successor = Caller(http.app, new["key"])
    assert new["expires_at"] == "2028-03-02T02:15:30.123456Z"
    for caller in (officer, successor):
        assert caller.get("/v1/me").status_code == 200
    require_problem(successor.post(f"{place(http)}/keys/{id_of(officer)}/rotate"), 409, "too_many_keys")
    clock.move(hours=2)
    require_problem(officer.get("/v1/me"), 401, "unauthenticated")
    old, _ = read(successor.get(f"{place(http)}/keys"))["items"]
    assert old["revoked_at"] == "2027-03-03T04:15:30.123456Z"
    assert read(successor.get("/v1/me"))["credential"]["id"] == new["id"]
    rotated = next(event for event in tables.events(http.house.runtime) if event["type"] == "key.rotated")
    assert rotated["subject"]["id"] == id_of(officer)
    assert rotated["data"]["successor"] == new["id"]
    require_problem(successor.post(f"{place(http)}/keys/{id_of(officer)}/rotate"), 404, "not_found")


def test_without_an_overlap_a_second_key_is_no_hindrance_and_the_old_one_ends_at_once(http: Http) -> None:
    officer, other = http.officer, keyed(http)
    rotated = other.post(f"{place(http)}/keys/{id_of(officer)}/rotate", {"overlap_hours": 0})
    assert rotated.status_code == 201
    require_problem(officer.get("/v1/me"), 401, "unauthenticated")


@pytest.mark.parametrize("hours", [-1, 169, 10**9, 1.5, "24", True, None])
def test_an_overlap_is_at_most_seven_days(http: Http, hours: object) -> None:
    response = http.officer.post(f"{place(http)}/keys/{id_of(http.officer)}/rotate", {"overlap_hours": hours})
    ((pointer, code),) = flaws(response)
    assert pointer == "/overlap_hours"
    assert code == ("overlap_range" if hours == 169 else "member_type")


def test_a_key_of_ones_own_never_grows_by_being_rotated(http: Http) -> None:
    wide, narrow = http.officer, keyed(http, Scope.KEYS, Scope.CASES_READ)
    at_once = {"overlap_hours": 0}
    own = read(narrow.post(f"{place(http)}/keys/{id_of(narrow)}/rotate", at_once))
    assert own["scopes"] == ["cases:read", "keys"]
    successor = Caller(http.app, own["key"])
    require_problem(successor.post(f"{place(http)}/keys/{id_of(wide)}/rotate", at_once), 403, "key_wider")
    assert wide.post(f"{place(http)}/keys/{id_of(successor)}/rotate", at_once).status_code == 201


def test_an_administrators_own_key_begets_no_wider_one_of_their_own(http: Http) -> None:
    narrow = keyed(http, Scope.PEOPLE, who=http.admin)
    revoked = http.admin.post(f"{place(http, http.admin)}/keys/{id_of(http.admin)}/revoke")
    assert revoked.status_code == 200
    require_problem(narrow.post(f"{place(http, http.admin)}/keys", {}), 403, "key_wider")
    wider = {"scopes": ["people", "webhooks"]}
    require_problem(narrow.post(f"{place(http, http.admin)}/keys", wider), 403, "key_wider")
    assert narrow.post(f"{place(http, http.admin)}/keys", {"scopes": ["people"]}).status_code == 201
    assert narrow.post(f"{place(http)}/keys", {}).status_code == 201


def test_everybody_keeps_their_own_keys_and_finds_no_others(http: Http) -> None:
    officer, colleague = http.officer, http.colleague
    for path in ("keys", f"keys/{id_of(officer)}/rotate", f"keys/{id_of(officer)}/revoke"):
        address = f"{place(http)}/{path}"
        with tables.nothing_changes(http.house.runtime):
            sent = colleague.get(address) if path == "keys" else colleague.post(address)
        require_problem(sent, 404, "not_found")
    crossed = f"{place(http, colleague)}/keys/{id_of(officer)}/revoke"
    require_problem(colleague.post(crossed), 404, "not_found")
    require_problem(http.admin.post(crossed), 404, "not_found")
    assert officer.post(f"{place(http)}/keys/{id_of(officer)}/revoke").status_code == 200
    require_problem(officer.get("/v1/me"), 401, "unauthenticated")
    require_problem(http.admin.post(f"{place(http)}/keys/{id_of(officer)}/revoke"), 404, "not_found")


def test_an_identity_is_linked_to_one_person_and_named_nowhere_in_the_ledger(http: Http) -> None:
    address, new = f"{place(http)}/identities", {"subject": "sub-王五", "issuer": "https://id.zone.example"}
    linked = read(http.admin.post(address, new))
    assert {name: linked[name] for name in new} == new
    other = f"{place(http, http.colleague)}/identities"
    require_problem(http.admin.post(other, new), 409, "identity_taken")
    require_problem(http.admin.post(other, {"subject": "s"}), 409, "no_issuer")
    assert flaws(http.admin.post(other, {"subject": " \n" + "x" * 255, "issuer": "i" * 301})) == [
        ("/subject", "text_length"),
        ("/subject", "text_character"),
        ("/issuer", "text_length"),
    ]
    assert read(http.admin.get(address))["items"] == [linked]
    require_problem(http.admin.post(f"{other}/{linked['id']}/unlink"), 404, "not_found")
    assert read(http.admin.post(f"{address}/{linked['id']}/unlink")) == linked
    require_problem(http.admin.post(f"{address}/{linked['id']}/unlink"), 404, "not_found")
    assert read(http.admin.get(address))["items"] == []
    assert "sub-" not in repr(tables.events(http.house.runtime))


def used(runtime: Runtime, key_id: str) -> Any:  # noqa: ANN401 - a moment as the database keeps it
    with runtime.engine.connect() as connection:
        return connection.execute(text("SELECT last_used_at FROM api_key WHERE id = :id"), {"id": key_id}).scalar_one()


def test_when_a_key_was_used_is_written_once_an_hour_after_the_answer(http: Http, clock: Clock) -> None:
    runtime, officer = http.house.runtime, http.officer
    entries = len(tables.events(runtime))

    def call() -> Any:  # noqa: ANN401 - as above
        answer = officer.get("/v1/meta")
        before = used(runtime, id_of(officer))
        answer.close()
        return before, used(runtime, id_of(officer))

    before, first = call()
    assert before is None
    assert first is not None
    clock.move(minutes=59, seconds=59)
    assert call() == (first, first)
    clock.move(seconds=1)
    before, second = call()
    assert before == first != second
    assert len(tables.events(runtime)) == entries
    (listed,) = read(http.admin.get(f"{place(http)}/keys"))["items"]
    assert listed["last_used_at"] == "2026-11-23T03:15:30.123456Z"


def test_the_use_of_a_key_is_no_change_of_the_key_for_a_doctor_or_another_process(http: Http, clock: Clock) -> None:
    elsewhere = Caller(create_app(http.house.runtime), http.officer.key)
    http.officer.get("/v1/meta").close()
    first = used(http.house.runtime, id_of(http.officer))
    clock.move(minutes=1)
    elsewhere.get("/v1/meta").close()
    with http.house.work(http.house.admin) as work:
        people.note_use(work, id_of(http.officer))
    assert used(http.house.runtime, id_of(http.officer)) == first


def test_a_use_that_cannot_be_written_fails_nobody(http: Http, caplog: pytest.LogCaptureFixture) -> None:
    answer = http.officer.get("/v1/meta")
    with http.house.runtime.engine.begin() as connection:
        connection.execute(text("ALTER TABLE api_key RENAME COLUMN last_used_at TO used_at"))
    try:
        answer.close()
    finally:
        with http.house.runtime.engine.begin() as connection:
            connection.execute(text("ALTER TABLE api_key RENAME COLUMN used_at TO last_used_at"))
    assert answer.status_code == 200
    assert [line.name for line in caplog.records if line.levelname == "WARNING"] == ["service.web.auth"]


def test_a_key_lasts_no_longer_than_a_year(http: Http, clock: Clock) -> None:
    officer = http.officer
    clock.move(days=200)
    new = read(officer.post(f"{place(http)}/keys/{id_of(officer)}/rotate", {"overlap_hours": 0}))
    clock.move(days=364)
    assert Caller(http.app, new["key"]).get("/v1/me").status_code == 200
    clock.now += timedelta(days=1)
    require_problem(Caller(http.app, new["key"]).get("/v1/me"), 401, "unauthenticated")


def test_a_newcomer_with_every_role_but_admin_manages_nobody(http: Http) -> None:
    everybody = http.newcomer(*(role for role in Role if role is not Role.ADMIN))
    require_problem(everybody.get("/v1/people"), 403, "forbidden")


def test_a_one_time_password_is_in_one_answer_and_no_other(http: Http) -> None:
    at = place(http)
    require_problem(http.admin.post(f"{at}/password"), 409, "no_login")
    assert read(http.admin.post(f"{at}/login", {"login": "Wang.Fang"}))["login"] == "wang.fang"
    first, again = (http.admin.post(f"{at}/password", Idempotency_Key="p-1") for _ in range(2))
    assert len(read(first)["one_time_password"]) == 23
    assert (read(again)["one_time_password"], read(again)["login"]) == (None, None)
    shown = read(http.admin.get(f"{at}/sign-in"))
    assert "one_time_password" not in shown
    assert (shown["login"], shown["password"], shown["sessions"]) == ("wang.fang", "one_time", 0)
    assert (shown["password_set_at"], shown["password_until"]) == (
        "2026-11-23T02:15:30.123456Z",
        "2026-11-30T02:15:30.123456Z",
    )
    assert read(http.admin.post(f"{at}/sessions/end")) == shown
    require_problem(http.officer.post(f"{at}/password"), 403, "forbidden")
    taken = http.admin.post(f"{place(http, http.admin)}/login", {"login": "wang.fang"})
    assert flaws(taken) == [("/login", "login_taken")]


def test_people_are_listed_by_what_is_asked(http: Http) -> None:
    found = read(http.admin.get("/v1/people?role=admin&erased=false&limit=200"))["items"]
    assert {tuple(one["roles"]) for one in found} == {("admin",)}
    require_problem(http.admin.get("/v1/people?erased=perhaps"), 422, "invalid")
    require_problem(http.admin.get("/v1/people?role=king"), 422, "invalid")
