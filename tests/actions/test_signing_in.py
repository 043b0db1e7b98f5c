"""How somebody signs in, for whoever manages people, and how webhooks do: on both kinds of database."""

from datetime import timedelta
from functools import partial

import pytest

from service.actions import people, sign_in, webhooks
from service.actions.people import AlreadyErasedError, PasswordKind, SigningIn
from service.actions.sign_in import NoLoginError
from service.core.errors import ForbiddenError, InvalidError
from service.core.people import NOBODY, Role
from service.core.sign_in import ONE_TIME_LASTS
from tests import hooks, make
from tests.actions import tables
from tests.conftest import Clock
from tests.meeting import person
from tests.witnesses import response, stand_in


def test_a_one_time_password_and_the_end_of_sessions_have_entries_of_their_own(house: make.House) -> None:
    officer = person(house.officer)
    with house.work(house.admin) as work:
        with pytest.raises(NoLoginError):
            people.give_password(work, officer)
        named = people.name_login(work, officer, " Wang.Fang ")
        made = people.give_password(work, officer)
        assert named == SigningIn("wang.fang", PasswordKind.NONE, None, None, 0)
        assert (made.password, made.set_at, made.until) == (PasswordKind.ONE_TIME, work.now, work.now + ONE_TIME_LASTS)
        assert people.signing_in(work, officer).text is None
        known = sign_in.verify(work, "wang.fang", made.text or "")
        assert known is not None
        own = sign_in.choose(work, known, "昨夜西风凋碧树独上高楼望尽")
        sign_in.enter(work, own, "192.0.2.1", None)
        assert people.signing_in(work, officer).sessions == 1
        assert people.end_sessions(work, officer).sessions == 0
    told = [(event["type"], event["actor"]["ref"], event["data"].get("why")) for event in tables.events(house.runtime)]
    assert told[-4:] == [
        ("person.login_set", house.admin.ref, None),
        ("person.password_set", house.admin.ref, "one_time"),
        ("person.password_set", house.officer.ref, "chosen"),
        ("person.sessions_ended", house.admin.ref, None),
    ]
    assert tables.events(house.runtime)[-1]["data"] == {"sessions": 1}


def test_whoever_was_erased_or_may_not_is_given_nothing(house: make.House) -> None:
    with house.work(house.admin) as work:
        erased = people.add(work, "离任者", [Role.MEMBER], login="gone").id
        people.erase(work, erased)
        for deed in (people.give_password, people.end_sessions, partial(people.name_login, login="back")):
            with pytest.raises(AlreadyErasedError):
                deed(work, erased)
    for deed in (people.give_password, people.end_sessions, people.signing_in):
        with pytest.raises(ForbiddenError), house.work(house.officer) as work:
            deed(work, person(house.member))


def test_somebody_is_added_with_a_log_in_or_not_at_all(house: make.House) -> None:
    with house.work(house.admin) as work:
        assert people.add(work, "李明", [Role.MEMBER], login="Li.Ming").login == "li.ming"
    before = tables.counts(house.runtime)
    with pytest.raises(InvalidError) as refused, house.work(house.admin) as work:
        people.add(work, "", [], login="LI.MING")
    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/name", "text_missing"),
        ("/roles", "roles_missing"),
        ("/login", "login_taken"),
    ]
    assert tables.counts(house.runtime) == before


def test_people_are_found_by_what_is_asked_of_them(house: make.House) -> None:
    with house.work(house.admin) as work:
        ming = people.add(work, "李_明", [Role.MEMBER, Role.CHAIR], "水利", login="li.ming").id

        def found(**asked: object) -> list[object]:
            query = people.Query(**asked, limit=200)  # type: ignore[arg-type]  # as each test asks
            return [one.id for one in people.page(work, query).items]

        assert ming in found(role=Role.CHAIR)
        for text in ("李_", "LI.MI", "水利"):
            assert found(text=text) == [ming], text
        assert found(text="李%明") == []
        assert found(text="李_明", erased=True) == []
        people.erase(work, ming)
        assert found(erased=True, role=Role.CHAIR) == [ming]
        with pytest.raises(InvalidError):
            people.page(work, people.Query(text="李\x07"))


def test_a_key_of_ones_own_is_for_a_person_and_no_wider_than_they_are(house: make.House) -> None:
    with house.work(house.officer) as work:
        issued = people.issue_own(work, people.NewKey("ERP"))
        assert issued.row.person_id == house.officer.person_id
    with pytest.raises(ForbiddenError), house.work(NOBODY) as work:
        people.issue_own(work, people.NewKey())
    assert tables.events(house.runtime)[-1]["actor"]["ref"] == house.officer.ref


def test_a_webhook_fails_from_the_oldest_message_that_was_tried_in_vain(house: make.House, clock: Clock) -> None:
    statuses, home = [204], hooks.local(house)
    with stand_in(lambda _: response(statuses[-1])) as box:
        hook, began = hooks.added(home, f"{box.url}/hook"), clock.now
        assert tried(hook) == webhooks.Health(last_success_at=began)
        statuses.append(500)
        for minutes in (1, 2):
            clock.move(minutes=1)
            assert tried(hook) == webhooks.Health(began, began + timedelta(minutes=1), waiting=minutes)
        statuses.append(204)
        clock.move(seconds=1)
        assert (tried(hook).failing_since, tried(hook).waiting) == (None, 2)


def tried(hook: hooks.Hook) -> webhooks.Health:
    """Let a webhook be sent a test, and say how it does; one that is sent nothing does as before."""
    other = hooks.added(hook.house, "https://zone.example/hook", "vote.cast")
    hook.test()
    hooks.deliver(hook.house)
    with hook.house.work(hook.house.admin) as work:
        found = webhooks.health(work, [hook.id, other.id])
        assert found[other.id] == webhooks.Health()
        assert [row.id for row in webhooks.failing(work)] == [hook.id] * bool(found[hook.id].failing_since)
        return found[hook.id]
