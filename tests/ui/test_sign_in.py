"""Coming in, staying, leaving; and everybody who is kept out."""

import re
from dataclasses import replace
from itertools import product
from urllib.parse import urlencode

import pytest

from service.actions import sign_in
from service.app import create_app
from service.core.people import NOBODY
from service.core.sign_in import FREE_WITH_LOGIN
from service.words import sections
from tests import make
from tests.actions.tables import nothing_changes
from tests.conftest import Clock
from tests.ui.visiting import HOST, PASSWORD, Visitor, heading, hidden

ZH, EN = (sections("pages")[language] for language in ("zh", "en"))

# The fields of the form for another password.
PASSWORDS = ("current", "password", "password_again")

# Addresses of other hosts, and what is none.
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "http:home",
    "home",
    "",
    "/home\r\nX: y",
    "/" + "x" * 3_000,
)


@pytest.fixture
def officer(visitor: Visitor) -> Visitor:
    return visitor.as_(visitor.house.officer, "officer")


def test_whoever_is_not_signed_in_is_led_to_the_way_in_and_then_on(officer: Visitor) -> None:
    newcomer = officer.another()
    led = newcomer.get("/cases?sort=number")
    assert (led.status_code, led.headers["Location"]) == (303, "/sign-in?next=/cases%3Fsort%3Dnumber")
    page = newcomer.get(led.headers["Location"])
    sent = hidden(page, "/sign-in") | {"login": "officer", "password": PASSWORD}
    went = newcomer.post("/sign-in", sent)
    assert (went.status_code, went.headers["Location"]) == (303, "/cases?sort=number")
    assert newcomer.get(went.headers["Location"]).status_code == 200


def test_the_first_address_leads_home_or_to_the_way_in(officer: Visitor) -> None:
    assert officer.get("/").headers["Location"] == "/home"
    assert officer.another().get("/").headers["Location"] == "/sign-in"
    assert officer.get("/sign-in?next=/cases").headers["Location"] == "/cases"


def test_nobody_is_led_to_another_host(officer: Visitor) -> None:
    newcomer = officer.another()
    for elsewhere in ELSEWHERE:
        sent = hidden(newcomer.get("/sign-in"), "/language") | {"language": "en", "next": elsewhere}
        assert newcomer.post("/language", sent).headers["Location"] == "/home"
        assert hidden(newcomer.get(f"/sign-in?{urlencode({'next': elsewhere})}"), "/sign-in")["next"] == "/home"
    sent = {**hidden(newcomer.get("/sign-in"), "/sign-in"), "login": "officer", "password": PASSWORD}
    assert newcomer.post("/sign-in", sent | {"next": ELSEWHERE[0]}).headers["Location"] == "/home"


def test_the_cookie_is_of_this_host_alone_and_out_of_reach_of_scripts(officer: Visitor) -> None:
    newcomer = officer.another()
    first = newcomer.get("/sign-in").headers["Set-Cookie"]
    went = newcomer.sign_in("officer").headers["Set-Cookie"]
    for cookie in (first, went):
        assert re.fullmatch(r"__Host-sluice=[\w-]{43}; Secure; HttpOnly; Path=/; SameSite=Lax", cookie)


def test_a_demonstration_goes_without_tls_under_another_name(visitor: Visitor) -> None:
    runtime = visitor.house.runtime
    shown = create_app(replace(runtime, settings=replace(runtime.settings, demo=True))).test_client().get("/sign-in")
    assert re.fullmatch(r"sluice=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", shown.headers["Set-Cookie"])
    assert ZH["site.demo"] in shown.text


def test_signing_in_gives_another_token_and_the_old_one_opens_nothing(officer: Visitor) -> None:
    victim = officer.another()
    planted = sign_in.new_token()
    victim.client.set_cookie("__Host-sluice", planted, domain="sluice.example", secure=True)
    assert victim.sign_in("officer").status_code == 303
    assert victim.cookie() not in {planted, None}
    thief = officer.another()
    thief.client.set_cookie("__Host-sluice", planted, domain="sluice.example", secure=True)
    assert thief.get("/home").headers["Location"] == "/sign-in"


def test_signing_in_again_ends_the_session_before(officer: Visitor) -> None:
    before = officer.cookie() or ""
    sent = hidden(officer.get("/home"), "/sign-out") | {"login": "officer", "password": PASSWORD, "next": "/home"}
    assert officer.post("/sign-in", sent).status_code == 303
    with officer.house.runtime.work(NOBODY, read_only=True) as work:
        assert sign_in.find(work.session, work.settings, before, work.now) is None
    assert officer.get("/home").status_code == 200


def test_a_wrong_password_is_told_without_saying_what_was_wrong(officer: Visitor) -> None:
    told = []
    for login, password in (("officer", "wrong horse battery"), ("nobody", PASSWORD)):
        refused = officer.another().sign_in(login, password)
        assert refused.status_code == 422
        assert password not in refused.text
        assert f'value="{login}"' in refused.text
        told.append(re.search(r'<section class="faults".*?</section>', refused.text, re.DOTALL))
    assert told[0] is not None
    assert told[1] is not None
    assert told[0][0] == told[1][0]
    assert "autofocus" in told[0][0]


def test_too_many_attempts_are_told_when_to_try_again_and_no_password_is_looked_at(
    officer: Visitor, clock: Clock
) -> None:
    guesser = officer.another()
    for _ in range(FREE_WITH_LOGIN):
        assert guesser.sign_in("officer", "wrong horse battery").status_code == 422
    for password in ("wrong horse battery", PASSWORD):
        refused = guesser.sign_in("officer", password)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        assert "sign_in_throttled" in refused.text
    clock.move(seconds=1)
    assert guesser.sign_in("officer").status_code == 303


def test_the_count_is_the_same_for_another_worker(officer: Visitor) -> None:
    for _ in range(FREE_WITH_LOGIN):
        officer.another().sign_in("officer", "wrong horse battery")
    other = Visitor(officer.house, create_app(officer.house.runtime))
    assert other.sign_in("officer").status_code == 429


def test_a_form_that_is_not_ours_changes_nothing(officer: Visitor) -> None:
    shown: tuple[dict[str, str], ...] = ({}, *({"csrf_token": text} for text in ("", "x", "IjAi.Zz.Zz")))
    for path, fields in product(("/sign-out", "/language", "/account"), shown):
        with nothing_changes(officer.house.runtime):
            refused = officer.post(path, {**fields, "language": "en", "next": "/home"})
        assert refused.status_code == 403
        assert "forged" in refused.text
    assert officer.get("/home").status_code == 200


def test_whoever_signed_in_at_another_tab_is_led_on_and_nobody_else(officer: Visitor) -> None:
    other = officer.another()
    page = other.get("/sign-in?next=/cases")
    fields = hidden(page, "/sign-in") | {"login": "officer", "password": PASSWORD}
    assert other.post("/sign-in", fields | {"csrf_token": "x"}).status_code == 403
    assert other.post("/sign-in", fields).status_code == 303
    token = other.cookie()
    with nothing_changes(officer.house.runtime):
        second = other.post("/sign-in", fields | {"password": "wrong horse battery"})
        away = other.post("/sign-in", fields | {"next": ELSEWHERE[0]})
    assert (second.status_code, second.headers["Location"], other.cookie()) == (303, "/cases", token)
    assert away.headers["Location"] == "/home"
    assert ZH["said.signed_in_already"] in other.get("/cases").text


def test_a_form_counts_in_the_browser_it_was_given_to_only(officer: Visitor) -> None:
    thief = officer.another()
    stolen = hidden(thief.get("/sign-in"), "/sign-in")
    assert officer.post("/sign-out", stolen).status_code == 403
    assert officer.another().post("/sign-in", stolen | {"login": "officer", "password": PASSWORD}).status_code == 403


def test_signing_out_ends_the_session_here_and_in_the_database(officer: Visitor) -> None:
    token = officer.cookie() or ""
    left = officer.send("/home", "/sign-out")
    assert (left.status_code, left.headers["Location"]) == (303, "/sign-in")
    assert ZH["said.signed_out"] in officer.get("/sign-in").text
    assert ZH["said.signed_out"] not in officer.get("/sign-in").text
    thief = officer.another()
    thief.client.set_cookie("__Host-sluice", token, domain="sluice.example", secure=True)
    assert thief.get("/home").headers["Location"] == "/sign-in"


def test_a_session_that_lay_idle_is_over_and_one_that_is_used_is_not(officer: Visitor, clock: Clock) -> None:
    for _ in range(3):
        clock.move(minutes=20)
        assert officer.get("/home").status_code == 200
    clock.move(minutes=30)
    assert officer.get("/home").headers["Location"] == "/sign-in"
    refused = officer.post("/sign-out", {**hidden(officer.get("/sign-in"), "/sign-in")})
    assert refused.headers["Location"] == "/sign-in"


def test_a_form_whose_session_is_over_leads_to_the_way_in_and_back_and_says_so(officer: Visitor, clock: Clock) -> None:
    forms = {path: hidden(officer.get(path), path) for path in ("/cases/new", "/account")}
    forms["/account"] |= dict.fromkeys(("current", "password", "password_again"), PASSWORD)
    tried = officer.get("/cases/new")
    clock.move(minutes=31)
    for path, fields in (*forms.items(), ("/cases/precheck", hidden(tried, "/cases/new"))):
        led = officer.post(path, fields)
        page = path.replace("precheck", "new")
        assert (led.status_code, led.headers["Location"]) == (303, f"/sign-in?next={page}"), path
        assert ZH["said.session_over"] in officer.get(led.headers["Location"]).text
    kept = officer.post("/cases/new", hidden(tried, "/cases/new") | {"in_language": "en"})
    assert kept.headers["Location"] == "/sign-in?next=/cases/new"


def test_a_form_that_is_wrong_in_itself_leads_to_the_way_in_too_when_the_session_is_over(
    officer: Visitor, clock: Clock
) -> None:
    form = hidden(officer.get("/account"), "/account")
    clock.move(minutes=31)
    for typed in ({}, dict.fromkeys(PASSWORDS, ""), dict(zip(PASSWORDS, ("a", "b", "c"), strict=True))):
        led = officer.post("/account", form | typed)
        assert (led.status_code, led.headers["Location"]) == (303, "/sign-in?next=/account"), typed
        assert ZH["said.session_over"] in officer.get(led.headers["Location"]).text


def test_saving_after_signing_out_at_another_tab_leads_to_the_way_in_and_says_that_nothing_is_saved(
    officer: Visitor,
) -> None:
    form = hidden(officer.get("/cases/new"), "/cases/new")
    officer.send("/home", "/sign-out")
    for path in ("/cases/new", "/cases/precheck"):
        with nothing_changes(officer.house.runtime):
            led = officer.post(path, form | {"action": "draft"})
        assert (led.status_code, led.headers["Location"]) == (303, "/sign-in?next=/cases/new")
        assert ZH["said.session_over"] in officer.get(led.headers["Location"]).text
    stranger = officer.another()
    assert stranger.post("/cases/new", form).headers["Location"] == "/sign-in?next=/cases/new"
    assert stranger.post("/sign-in", form | {"login": "officer", "password": PASSWORD}).status_code == 403


def test_reading_writes_at_most_once_a_minute(officer: Visitor, clock: Clock) -> None:
    clock.move(seconds=59)
    with nothing_changes(officer.house.runtime):
        officer.get("/home")
    clock.move(seconds=1)
    officer.get("/home")
    with nothing_changes(officer.house.runtime):
        officer.get("/home")


def test_another_password_ends_the_other_sessions_and_keeps_this_one_under_another_token(officer: Visitor) -> None:
    other = officer.another()
    other.sign_in("officer")
    token = officer.cookie()
    fields = {"current": PASSWORD, "password": "another horse battery", "password_again": "another horse battery"}
    wrong = officer.send("/account", "/account", **(fields | {"password_again": "something else here"}))
    assert (wrong.status_code, wrong.text.count('id="fault-password_again"')) == (422, 1)
    worn = officer.send(
        "/account", "/account", **(fields | {"password": "officer12345", "password_again": "officer12345"})
    )
    assert (worn.status_code, worn.text.count('id="fault-password"')) == (422, 1)
    assert "officer12345" not in worn.text
    changed = officer.send("/account", "/account", **fields)
    assert (changed.status_code, changed.headers["Location"]) == (303, "/account")
    assert officer.cookie() != token
    assert ZH["said.password_changed"] in officer.get("/account").text
    assert other.get("/home").headers["Location"] == "/sign-in"
    assert officer.another().sign_in("officer").status_code == 422


def test_an_open_session_guesses_the_password_no_faster(officer: Visitor) -> None:
    fields = {"current": "wrong horse battery", "password": "x7k2p9q4m1zz", "password_again": "x7k2p9q4m1zz"}
    answers = [officer.send("/account", "/account", **fields).status_code for _ in range(FREE_WITH_LOGIN + 1)]
    assert answers == [422] * FREE_WITH_LOGIN + [429]


def test_the_api_never_looks_at_cookies(officer: Visitor) -> None:
    assert officer.get("/home").status_code == 200
    refused = officer.client.get("/v1/applications", base_url=HOST)
    assert refused.status_code == 401
    assert "Set-Cookie" not in refused.headers
    assert officer.client.post("/v1/applications", base_url=HOST, json={}).status_code == 401


def test_the_language_stays_with_the_browser_and_with_the_session(officer: Visitor) -> None:
    newcomer = officer.another()
    page = newcomer.get("/sign-in?next=/cases")
    assert (heading(page), page.headers["Content-Language"], '<html lang="zh-CN">' in page.text) == ("登录", "zh", True)
    sent = hidden(page, "/language") | {"language": "en"}
    went = newcomer.post("/language", sent)
    assert went.headers["Location"] == "/sign-in?next=/cases"
    assert heading(newcomer.get(went.headers["Location"])) == "Sign in"
    newcomer.sign_in("officer")
    newcomer.client.delete_cookie("__Host-sluice-language", domain="sluice.example")
    shown = newcomer.get("/home")
    assert (heading(shown), '<html lang="en">' in shown.text) == (EN["page.home"], True)
    assert heading(officer.get("/home")) == ZH["page.home"]
    assert (
        newcomer.post(
            "/language", sent | {"csrf_token": hidden(shown, "/language")["csrf_token"], "language": "fr"}
        ).status_code
        == 422
    )


def test_a_browser_that_asks_for_english_gets_it(visitor: Visitor) -> None:
    assert heading(visitor.get("/sign-in", Accept_Language="en-GB,en;q=0.8")) == "Sign in"


def test_what_was_said_is_only_ever_a_sentence_of_ours(officer: Visitor) -> None:
    for text in ("x", "WzFd", "WyJzYWlkLm5vbmUiLHt9XQ==", "WyJzYWlkLnNpZ25lZF9vdXQiLFtdXQ==", "bnVsbA=="):
        officer.client.set_cookie("__Host-sluice-said", text, domain="sluice.example", secure=True)
        assert officer.get("/home").status_code == 200


def test_nothing_typed_into_the_form_is_written_to_the_log(officer: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        officer.another().sign_in("my-password-by-mistake", "wrong horse battery")
        officer.another().sign_in("officer")
    lines = [(record.getMessage(), getattr(record, "person", None)) for record in caplog.records]
    assert ("attempt to sign in failed", None) in lines
    assert ("signed in", officer.house.officer.ref) in lines
    assert "by-mistake" not in repr([vars(record) for record in caplog.records])


def test_a_house_without_a_session_shows_no_navigation(house: make.House, visitor: Visitor) -> None:
    assert "<nav" not in visitor.get("/sign-in").text
    assert house.officer.name not in visitor.get("/sign-in").text
