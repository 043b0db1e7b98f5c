"""The pages of people and of one's own keys."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from service.actions import people, sign_in
from service.core.errors import InvalidError
from service.core.people import Role
from service.core.sign_in import ONE_TIME_LASTS, OneTimeError
from service.words import sections
from tests.actions import tables
from tests.conftest import Clock
from tests.meeting import person
from tests.ui.visiting import PASSWORD, Visitor, heading

ZH = {**sections("admin_pages")["zh"], **sections("pages")["zh"], **sections("flaws")["zh"], **sections("domain")["zh"]}
ERRORS = sections("errors")["zh"]
NOBODY = UUID("01939a1e-0000-7000-8000-000000000000")


@pytest.fixture
def admin(visitor: Visitor) -> Visitor:
    return visitor.as_(visitor.house.admin, "admin")


def shown(page: str, name: str) -> str:
    """What a field that is shown once has in it."""
    found = re.search(rf'<input id="shown-{name}" type="text" readonly value="([^"]*)"', page)
    assert found is not None, page
    return found[1]


def added(admin: Visitor, login: str = "li.ming") -> tuple[str, str]:
    """Where somebody who was just added is, and the password that was shown."""
    page = admin.send("/people/new", "/people/new", name="李明", roles="officer", login=login)
    assert page.status_code == 200, page.text
    return re.findall(r'href="(/people/[0-9a-f-]{36})"', page.text)[0], shown(page.text, "password")


def chosen(visitor: Visitor, one_time: str, **changes: str) -> str:
    """Choose a password with a one-time password; where that leads, or what is said."""
    first = visitor.sign_in("li.ming", one_time).headers["Location"]
    own = {"login": "li.ming", "current": one_time, "password": PASSWORD, "password_again": PASSWORD}
    page = visitor.send(first, "/sign-in/first", **(own | changes))
    return page.headers["Location"] if page.status_code == 303 else page.text


def test_somebody_who_is_added_signs_in_with_what_was_shown_once_they_chose_their_own(admin: Visitor) -> None:
    place, one_time = added(admin)
    assert ZH["staff.password_one_time"] in admin.get(place).text
    li = admin.another()
    led = li.sign_in("li.ming", one_time, then="/cases").headers["Location"]
    assert led == "/sign-in/first?login=li.ming&next=%2Fcases"
    assert li.get("/cases").status_code == 303
    assert 'value="li.ming"' in li.get(led).text
    assert one_time not in li.get(led).text
    assert chosen(li, one_time) == "/home"
    assert li.get("/cases").status_code == 200
    assert ZH["staff.password_lasting"] in admin.get(place).text
    assert ZH["sign_in_unknown"] in admin.another().sign_in("li.ming", one_time).text
    assert admin.another().sign_in("li.ming").status_code == 303


def test_a_password_is_shown_once_and_kept_nowhere(admin: Visitor) -> None:
    place, one_time = added(admin)
    assert re.fullmatch(r"([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}", one_time)
    assert one_time not in admin.get(place).text
    assert one_time not in repr(tables.dump(admin.house.runtime))
    told = [
        event["data"]["why"] for event in tables.events(admin.house.runtime) if event["type"] == "person.password_set"
    ]
    assert told[-1] == "one_time"


def test_a_one_time_password_opens_nothing_but_the_choice_of_another(admin: Visitor, clock: Clock) -> None:
    _, one_time = added(admin)
    li = admin.another()
    for changes, because in (
        ({"password_again": "x"}, "passwords_differ"),
        ({"password": one_time, "password_again": one_time}, "password_same"),
        ({"password": "kurz", "password_again": "kurz"}, "password_short"),
        ({"current": PASSWORD}, "sign_in_unknown"),
    ):
        assert ZH[because].partition("{")[0] in chosen(li, one_time, **changes)
    another = "大河之北有佳木数株"
    lasting = admin.send(
        "/sign-in/first",
        "/sign-in/first",
        login="admin",
        current=PASSWORD,
        password=another * 2,
        password_again=another * 2,
    )
    assert ZH["password_lasting"] in lasting.text
    clock.move(seconds=ONE_TIME_LASTS.total_seconds())
    assert ZH["password_over"] in li.sign_in("li.ming", one_time).text


def test_every_fault_of_somebody_new_is_told_and_nobody_is_added(admin: Visitor) -> None:
    before = len(tables.events(admin.house.runtime))
    page = admin.send("/people/new", "/people/new", name="", login="ADMIN", department="生态 环境" * 30)
    assert page.status_code == 422
    for because in ("roles_missing", "login_taken"):
        assert ZH[because] in page.text
    assert {"#field-name", "#field-roles", "#field-login", "#field-department"} <= set(
        re.findall(r'href="(#field-\w+)"', page.text)
    )
    assert len(tables.events(admin.house.runtime)) == before
    mixed = admin.post("/people/new", {"csrf_token": proof(admin), "name": "甲", "roles": "admin"})
    assert mixed.status_code == 303


def proof(visitor: Visitor) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/account").text)
    assert found is not None
    return found[1]


def test_people_are_found_by_role_text_and_whether_they_were_erased(admin: Visitor) -> None:
    place, _ = added(admin)
    house = admin.house
    everybody = re.findall(r'<th scope="row" class="wraps"><a href="(/people/[^"]+)"', admin.get("/people").text)
    assert place in everybody
    assert len(everybody) == len(set(everybody))

    def found(query: str) -> list[str]:
        return re.findall(r'class="wraps"><a href="(/people/[^"]+)"', admin.get(f"/people?{query}").text)

    assert found("text=LI.ming&role=&erased=") == [place]
    assert found("text=李") == [place]
    assert set(found("role=officer")) < set(everybody)
    assert place in found("role=officer")
    assert found("erased=true") == []
    assert ZH["staff.nothing"] in admin.get("/people?erased=true").text
    with house.work(house.admin) as work:
        people.erase(work, UUID(place.rpartition("/")[2]))
    assert found("erased=true") == [place]
    assert place not in found("erased=false")


def test_the_list_of_people_goes_on_by_the_cursor_of_its_query(admin: Visitor) -> None:
    first = admin.get("/people?erased=false&limit=2").text
    following = re.findall(r'rel="next" href="([^"]+)"', first)[0].replace("&amp;", "&")
    assert "erased=false" in following
    assert admin.get(following).status_code == 200
    assert admin.get(following.replace("erased=false", "erased=true")).status_code == 400


def test_roles_are_changed_by_the_version_that_was_read(admin: Visitor) -> None:
    place, _ = added(admin)
    stale = admin.get(place)
    changed = admin.send(place, f"{place}/roles", roles="member")
    assert changed.status_code == 303
    assert ZH["said.roles_set"] in admin.get(place).text
    assert ZH["role_member"] in admin.get(place).text
    again = admin.post(f"{place}/roles", {"csrf_token": proof(admin), "version": "1", "roles": "chair"})
    assert (again.status_code, ERRORS["stale.title"] in again.text) == (412, True)
    assert 'value="2"' in again.text
    none = admin.send(place, f"{place}/roles")
    assert (none.status_code, ZH["roles_missing"] in none.text) == (422, True)
    assert heading(stale) == "李明"


def test_nobody_changes_their_own_roles(admin: Visitor) -> None:
    own = f"/people/{person(admin.house.admin)}"
    assert ZH["staff.own_roles"] in admin.get(own).text
    assert (
        admin.post(f"{own}/roles", {"csrf_token": proof(admin), "version": "1", "roles": "officer"}).status_code == 403
    )


def test_log_in_password_and_sessions_of_somebody(admin: Visitor) -> None:
    house = admin.house
    officer = admin.another().as_(house.officer, "wang.fang")
    place = f"/people/{person(house.officer)}"
    assert ">1<" in admin.get(place).text
    assert admin.send(place, f"{place}/sessions").status_code == 303
    assert officer.get("/home").status_code == 303
    taken = admin.send(place, f"{place}/login", login="Admin")
    assert (taken.status_code, ZH["login_taken"] in taken.text) == (422, True)
    assert admin.send(place, f"{place}/login", login="fang").status_code == 303
    made = admin.send(f"{place}/password", f"{place}/password")
    assert (
        admin.another().sign_in("fang", shown(made.text, "password")).headers["Location"].startswith("/sign-in/first")
    )
    assert admin.another().sign_in("fang").status_code == 422
    nameless = f"/people/{person(house.member)}"
    refused = admin.send(f"{nameless}/password", f"{nameless}/password")
    assert (refused.status_code, ERRORS["no_login.title"] in refused.text) == (409, True)


def test_identities_are_linked_and_unlinked(admin: Visitor) -> None:
    place = f"/people/{person(admin.house.officer)}"
    lacking = admin.send(place, f"{place}/identities", subject="s-1")
    assert (lacking.status_code, ERRORS["no_issuer.title"] in lacking.text) == (409, True)
    whole = {"subject": "s-1", "issuer": "https://id.zone.example"}
    assert admin.send(place, f"{place}/identities", **whole).status_code == 303
    page = admin.get(place).text
    assert "s-1" in page
    taken = admin.send(place, f"{place}/identities", **whole)
    assert (taken.status_code, ERRORS["identity_taken.title"] in taken.text) == (409, True)
    (unlink,) = set(re.findall(r'action="([^"]+/unlink)"', page))
    assert admin.send(place, unlink).status_code == 303
    assert ZH["staff.no_identities"] in admin.get(place).text


def test_somebody_is_erased_once_their_name_was_typed(admin: Visitor) -> None:
    house = admin.house
    place, _ = added(admin)
    with house.work(house.admin) as work:
        people.issue(work, UUID(place.rpartition("/")[2]), people.NewKey())
    page = admin.get(f"{place}/erase").text
    for said in ("staff.lost", "staff.stays_entries"):
        assert ZH[said] in page
    wrong = admin.send(f"{place}/erase", f"{place}/erase", name="李 明")
    assert (wrong.status_code, ZH["name_differs"] in wrong.text) == (422, True)
    stale = admin.post(f"{place}/erase", {"csrf_token": proof(admin), "version": "7", "name": "李明"})
    assert stale.status_code == 412
    assert "李明" in admin.get(place).text
    assert admin.send(f"{place}/erase", f"{place}/erase", name=" 李明 ").status_code == 303
    gone = admin.get(place)
    assert ZH["said.person_erased"] in gone.text
    assert heading(gone) == ZH["staff.gone"]
    assert ("李明" in gone.text, f"{place}/roles" in gone.text) == (False, False)
    assert admin.get(f"{place}/erase").status_code == 409


def test_an_administrator_ends_anybodys_key(admin: Visitor) -> None:
    house = admin.house
    with house.work(house.admin) as work:
        key = people.issue(work, person(house.officer), people.NewKey("ERP"))
    place = f"/people/{person(house.officer)}"
    page = admin.get(place).text
    assert "ERP" in page
    assert key.text not in page
    assert admin.send(place, f"{place}/keys/{key.row.id}/revoke").status_code == 303
    assert ZH["ownkey.state_revoked"] in admin.get(place).text


def test_administration_is_for_administrators(visitor: Visitor) -> None:
    officer = visitor.as_(visitor.house.officer, "officer")
    other = f"/people/{person(visitor.house.member)}"
    for path in (
        "/admin",
        "/people",
        "/people/new",
        other,
        f"{other}/erase",
        f"{other}/password",
        "/settings",
        "/webhooks",
    ):
        assert officer.get(path).status_code == 403, path
    token = proof(officer)
    for path in (
        "/people/new",
        f"{other}/roles",
        f"{other}/login",
        f"{other}/password",
        f"{other}/sessions",
        f"{other}/erase",
    ):
        assert officer.post(path, {"csrf_token": token, "version": "1", "name": "x"}).status_code == 403, path


def test_nobody_is_not_found(admin: Visitor) -> None:
    for path in (f"/people/{NOBODY}", f"/people/{NOBODY}/erase", f"/people/{NOBODY}/password"):
        assert admin.get(path).status_code == 404
    assert admin.post(f"/people/{NOBODY}/sessions", {"csrf_token": proof(admin)}).status_code == 404


@pytest.fixture
def officer(visitor: Visitor) -> Visitor:
    return visitor.as_(visitor.house.officer, "officer")


def issued(visitor: Visitor, **fields: str) -> str:
    page = visitor.send("/account/keys/new", "/account/keys/new", **({"scopes": "cases:read", "days": "30"} | fields))
    assert page.status_code == 200, page.text
    return shown(page.text, "key")


def test_a_key_of_ones_own_is_issued_shown_once_and_opens_the_api(officer: Visitor) -> None:
    assert "/account/keys" in officer.get("/account").text
    assert ZH["ownkey.nothing"] in officer.get("/account/keys").text
    key = issued(officer, label="ERP 对接")
    told = officer.client.get("/v1/me", headers={"Authorization": f"Bearer {key}"}).get_json()
    assert (told["id"], told["credential"]["scopes"]) == (str(officer.house.officer.person_id), ["cases:read"])
    page = officer.get("/account/keys").text
    assert ("ERP 对接" in page, key in page, key.split("_")[1] in page) == (True, False, True)
    assert key not in repr(tables.dump(officer.house.runtime))


def test_only_scopes_that_one_may_use_are_offered(officer: Visitor) -> None:
    offered = set(re.findall(r'name="scopes" value="([^"]+)"', officer.get("/account/keys/new").text))
    assert offered == {"assess", "cases:read", "cases:write", "ledger:read", "rules", "keys"}


def test_a_key_needs_scopes_and_there_are_two_at_most(officer: Visitor) -> None:
    none = officer.send("/account/keys/new", "/account/keys/new", days="30")
    assert (none.status_code, ZH["scopes_missing"] in none.text) == (422, True)
    odd = officer.send("/account/keys/new", "/account/keys/new", days="31", scopes="cases:read")
    assert odd.status_code == 422
    for _ in range(2):
        issued(officer)
    assert "/account/keys/new" not in officer.get("/account/keys").text
    third = officer.send("/account/keys/new", "/account/keys/new", scopes="cases:read", days="30")
    assert (third.status_code, ERRORS["too_many_keys.title"] in third.text) == (409, True)


def test_a_key_is_rotated_and_revoked(officer: Visitor) -> None:
    key = issued(officer)
    place = f"/account/keys/{key.split('_')[1]}"
    long = officer.send(place, place, overlap_hours="169")
    assert (long.status_code, "#field-overlap_hours" in long.text) == (422, True)
    another = shown(officer.send(place, place, overlap_hours="24").text, "key")
    assert ZH["ownkey.state_ending"] in officer.get(place).text
    for one in (key, another):
        assert officer.client.get("/v1/me", headers={"Authorization": f"Bearer {one}"}).status_code == 200
    new = f"/account/keys/{another.split('_')[1]}"
    assert officer.send(new, f"{new}/revoke").status_code == 303
    assert officer.client.get("/v1/me", headers={"Authorization": f"Bearer {another}"}).status_code == 401
    assert ZH["ownkey.state_revoked"] in officer.get("/account/keys").text


def test_somebody_elses_key_is_not_there(officer: Visitor) -> None:
    house = officer.house
    for actor in (house.member, house.admin):
        with house.work(house.admin) as work:
            key = people.issue(work, person(actor), people.NewKey()).row.id
        place = f"/account/keys/{key}"
        assert officer.get(place).status_code == 404
        assert officer.post(f"{place}/revoke", {"csrf_token": proof(officer)}).status_code == 404
        assert officer.post(place, {"csrf_token": proof(officer), "overlap_hours": "1"}).status_code == 404
    admin = officer.another().as_(house.admin, "admin")
    with house.work(house.admin) as work:
        key = people.issue(work, person(house.officer), people.NewKey()).row.id
    assert admin.get(f"/account/keys/{key}").status_code == 404
    assert admin.post(f"/account/keys/{key}/revoke", {"csrf_token": proof(admin)}).status_code == 404


def test_a_password_that_is_verified_and_then_replaced_opens_nothing(admin: Visitor) -> None:
    house = admin.house
    place, one_time = added(admin)
    with house.work(house.admin) as work:
        known = sign_in.verify(work, "li.ming", one_time)
        assert known is not None
        people.give_password(work, UUID(place.rpartition("/")[2]))
    with pytest.raises(InvalidError), house.work(house.admin) as work:
        sign_in.choose(work, known, PASSWORD)


def test_a_one_time_password_begins_no_session_however_it_is_tried(admin: Visitor) -> None:
    _, one_time = added(admin)
    with admin.house.work(admin.house.admin) as work:
        known = sign_in.verify(work, "li.ming", one_time)
        assert known is not None
        assert known.one_time_until == work.now + timedelta(days=7)
        with pytest.raises(OneTimeError):
            sign_in.enter(work, known, "192.0.2.1", None)


def test_roles_have_words_of_their_own() -> None:
    for language in ("zh", "en"):
        assert {f"staff.role_{role}" for role in Role} <= set(sections("admin_pages")[language])
