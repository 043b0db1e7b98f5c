"""The pages of webhooks, events and settings."""

import re
from dataclasses import replace
from typing import Any

import pytest

from service.actions import webhooks
from service.app import create_app
from service.config import PREFIX, Settings, telling
from service.core.webhooks import ANNOUNCED, sign
from service.web.ui.admin import hooks as pages_of_hooks
from service.web.ui.admin import settings as page
from service.words import LANGUAGES, sections
from tests import hooks, make
from tests.conftest import Clock
from tests.ui.test_people_pages import proof, shown
from tests.ui.visiting import Visitor, open_pages
from tests.witnesses import response, stand_in

ZH = {**sections("admin_pages")["zh"], **sections("pages")["zh"], **sections("flaws")["zh"], **sections("domain")["zh"]}
ZH |= sections("ledger_pages")["zh"]
ERRORS = sections("errors")["zh"]
URL = "https://erp.zone.example/hooks/sluice?token=hidden-in-the-address"


@pytest.fixture
def admin(house: make.House) -> Visitor:
    return open_pages(hooks.local(house)).as_(house.admin, "admin")


def added(admin: Visitor, url: str = URL, *events: str) -> tuple[str, str]:
    """Where a webhook that was just added is, and the secret that was shown."""
    token = proof(admin)
    sent = [("csrf_token", token), ("url", url), *(("events", event) for event in events or ("*",))]
    answer = admin.client.post("/webhooks/new", base_url="https://sluice.example", data=_fields(sent))
    assert answer.status_code == 200, answer.text
    return re.findall(r'href="(/webhooks/[0-9a-f-]{36})"', answer.text)[0], shown(answer.text, "secret")


def _fields(sent: list[tuple[str, str]]) -> dict[str, list[str]]:
    return {name: [value for other, value in sent if other == name] for name, _ in sent}


def test_a_webhook_is_added_tested_and_its_message_verified_by_the_secret_that_was_shown(admin: Visitor) -> None:
    with stand_in(lambda _: response(200)) as box:
        place, secret = added(admin, f"{box.url}/hook", "application.submitted", "decision.recorded")
        assert ZH["hook.untried"] in admin.get(place).text
        assert ZH["hook.no_deliveries"] in admin.get(place).text
        assert admin.send(place, f"{place}/test").status_code == 303
        waiting = admin.get(place).text
        assert (ZH["said.webhook_tested"] in waiting, ZH["hook.delivery_pending"] in waiting) == (True, True)
        assert hooks.deliver(admin.house) == [webhooks.Outcome.DELIVERED]
        headers = {name.lower(): value for name, value in box.headers[0].items()}
        id_, at = headers["webhook-id"], int(headers["webhook-timestamp"])
        assert headers["webhook-signature"] == sign([secret], id_, at, box.letters[0])
    page_ = admin.get(place).text
    for said in (
        "hook.works",
        "hook.delivery_delivered",
        "webhook.tested",
        "application.submitted",
        "decision.recorded",
    ):
        assert ZH[said] in page_, said
    assert ">200<" in re.sub(r"\s", "", page_)
    assert secret not in page_ + admin.get("/webhooks").text


def test_a_webhook_that_fails_says_since_when_and_is_told_where_administration_begins(
    admin: Visitor, clock: Clock
) -> None:
    assert ZH["admin.all_well"] in admin.get("/admin").text
    with stand_in(lambda _: response(500)) as box:
        place, _ = added(admin, f"{box.url}/hook")
        admin.send(place, f"{place}/test")
        hooks.deliver(admin.house)
        clock.move(minutes=10)
        hooks.deliver(admin.house)
    page_ = admin.get(place).text
    assert ZH["hook.fails"] in page_
    assert page_.count("2026-11-23T02:15:30.123456+00:00") >= 1
    for path in ("/webhooks", "/admin"):
        assert ZH["hook.fails"] in admin.get(path).text


def test_a_message_that_arrived_is_sent_again_under_its_identifier(admin: Visitor) -> None:
    with stand_in(lambda _: response(204)) as box:
        place, _ = added(admin, f"{box.url}/hook")
        admin.send(place, f"{place}/test")
        hooks.deliver(admin.house)
        assert ZH["hook.works"] in admin.get(place).text
        replayed = admin.send(place, re.findall(r'action="([^"]+/replay)"', admin.get(place).text)[0])
        assert replayed.status_code == 303
        again = admin.post(f"{place}/deliveries/9/replay", {"csrf_token": proof(admin)})
        assert again.status_code == 404
        hooks.deliver(admin.house)
        assert hooks.ids(box)[0] == hooks.ids(box)[1]


def test_every_fault_of_a_webhook_is_told_and_what_was_ticked_stays(admin: Visitor) -> None:
    form = {"csrf_token": proof(admin), "url": "ftp://x", "events": "application.submitted"}
    refused = admin.post("/webhooks/new", form)
    assert (refused.status_code, ZH["webhook_url"].partition("{")[0] in refused.text) == (422, True)
    assert 'value="application.submitted" checked' in refused.text
    nothing = admin.send("/webhooks/new", "/webhooks/new", url="")
    assert {"#field-url", "#field-events"} <= set(re.findall(r'href="(#field-\w+)"', nothing.text))
    odd = admin.send("/webhooks/new", "/webhooks/new", url=URL, events="vote.none")
    assert odd.status_code == 422
    assert ZH["hook.nothing"] in admin.get("/webhooks").text


def test_another_secret_is_shown_once_by_the_version_that_was_read(admin: Visitor) -> None:
    place, first = added(admin)
    second = shown(admin.send(f"{place}/secret", f"{place}/secret").text, "secret")
    assert first != second
    assert ZH["hook.both_until"] in admin.get(place).text
    stale = admin.post(f"{place}/secret", {"csrf_token": proof(admin), "version": "1"})
    assert (stale.status_code, ERRORS["stale.title"] in stale.text, "whsec_" in stale.text) == (412, True, False)


def test_a_webhook_is_ended_for_good(admin: Visitor) -> None:
    place, _ = added(admin)
    admin.send(place, f"{place}/test")
    assert ZH["hook.end_about"] in admin.get(f"{place}/deactivate").text
    assert admin.send(f"{place}/deactivate", f"{place}/deactivate").status_code == 303
    ended = admin.get(place).text
    assert (ZH["hook.ended_about"] in ended, ZH["hook.delivery_dead"] in ended) == (True, True)
    assert f"{place}/test" not in ended
    assert admin.get(f"{place}/secret").status_code == 409
    refused = admin.post(f"{place}/test", {"csrf_token": proof(admin)})
    assert (refused.status_code, ERRORS["webhook_inactive.title"] in refused.text) == (409, True)
    for path in ("deliveries/1/replay", "secret", "deactivate"):
        assert admin.post(f"{place}/{path}", {"csrf_token": proof(admin), "version": "2"}).status_code == 409


def test_deliveries_go_on_by_their_cursor(admin: Visitor) -> None:
    place, _ = added(admin)
    for _ in range(3):
        admin.send(place, f"{place}/test")
    first = admin.get(f"{place}?limit=2").text
    following = re.findall(r'rel="next" href="([^"]+)"', first)[0].replace("&amp;", "&")
    assert first.count(ZH["webhook.tested"]) == 2
    assert admin.get(following).text.count(ZH["webhook.tested"]) == 1


def test_every_type_of_event_is_offered_in_words(admin: Visitor) -> None:
    offered = re.findall(r'name="events" value="([^"]+)"', admin.get("/webhooks/new").text)
    assert sorted(offered) == sorted({"*", *ANNOUNCED})
    kinds = {event.partition(".")[0] for event in ANNOUNCED}
    assert set(pages_of_hooks.KINDS) == kinds
    for language in LANGUAGES:
        assert {f"hook.kind_{kind}" for kind in kinds} <= set(sections("admin_pages")[language])
        assert set(ANNOUNCED) <= set(sections("domain")[language])


def test_events_are_listed_for_who_may_read_them(admin: Visitor) -> None:
    case_id = admin.house.create(make.application())
    number = admin.house.row(case_id).number
    text = admin.get("/events?after=&limit=200").text
    assert (number in text, ZH["application.submitted"] in text) == (True, True)
    assert (str(case_id) in text, "u:" in text, ">application<" in text) == (False, False, False)
    assert (admin.house.officer.name in text, ZH["ledger.kind.application"] in text) == (True, True)
    last = max(int(one) for one in re.findall(r'<td class="figures">(\d+)</td>', text))
    assert ZH["event.nothing"] in admin.get(f"/events?after={last}").text
    following = re.findall(r'rel="next" href="(/events[?]after=[0-9]+)"', admin.get("/events?limit=1").text)[0]
    assert admin.get(following).status_code == 200
    auditor = admin.another().as_(admin.house.auditor, "auditor")
    assert number in auditor.get("/events?limit=200").text
    assert auditor.get("/webhooks").status_code == 403
    assert admin.another().as_(admin.house.officer, "officer").get("/events").status_code == 403


SECRETS: dict[str, Any] = {
    "database_url": "postgresql://sluice:s3cret-of-the-database@db.zone.example/sluice?password=s3cret-again",
    "metrics_token": "s3cret-of-the-metrics",
    "ledger_anchor_url": "https://anchor.zone.example/s3cret-of-the-anchor",
}


def test_every_setting_is_shown_with_what_it_means_and_no_secret_stands_on_the_page(house: make.House) -> None:
    settings = replace(house.runtime.settings, **SECRETS, review_days=15)
    runtime = replace(house.runtime, settings=settings)
    visitor = Visitor(replace(house, runtime=runtime), create_app(runtime)).as_(house.admin, "admin")
    text = visitor.get("/settings").text
    names = list(Settings.__dataclass_fields__)
    assert sorted(name for group in page.GROUPS.values() for name in group) == sorted(names)
    for name in names:
        assert f"<code>{PREFIX}{name.upper()}</code>" in text, name
        assert ZH[f"setting.{name}"] in text, name
    assert "s3cret" not in text
    assert "s3cret" not in "".join(telling.shown(settings, name) for name in names)
    assert ("db.zone.example" in text, "anchor.zone.example" in text, ZH["setting.is_set"] in text) == (
        True,
        True,
        True,
    )
    row = re.search(r"SLUICE_REVIEW_DAYS</code></th>(.*?)</tr>", text, re.DOTALL)
    assert row is not None
    assert ("15" in row[1], ZH["setting.is_chosen"] in row[1]) == (True, True)
    assert text.count(ZH["setting.ready"]) == 4


def test_what_is_usual_is_what_holds_when_nothing_is_set() -> None:
    assert telling.usual(Settings()) == Settings()
    demo = telling.usual(Settings(demo=True, database_url="sqlite:///var/x.db?a=1", review_days=3))
    assert (demo.ledger_key_file, demo.review_days) == ("var/x.db-ledger.key", Settings().review_days)
