"""Webhooks: written with the entry, sent afterwards, at least once, by the schedule, and never to the wrong place."""

import json
import signal
import ssl
import subprocess
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from standardwebhooks.webhooks import WebhookVerificationError

from service import outbound
from service.actions import applications
from service.actions.webhooks import Outcome, StillPendingError, WebhookInactiveError
from service.core.errors import ForbiddenError, NotFoundError
from service.core.people import SYSTEM
from service.core.webhooks import SCHEDULE
from service.db.engine import make_engine
from service.outbound import Answer, Letter, Reply
from tests import databases, hooks, make
from tests.actions import tables
from tests.actions.test_at_once import together
from tests.cli.commands import SLUICE
from tests.conftest import Clock
from tests.witnesses import dripping, response, silent, stand_in


@pytest.fixture
def home(house: make.House) -> make.House:
    return hooks.local(house)


def submitted(house: make.House) -> None:
    house.create(make.application())


def test_a_message_comes_from_the_entry_and_the_library_of_the_specification_believes_it(
    home: make.House, clock: Clock
) -> None:
    clock.now = datetime.now(UTC)  # noqa: TID251 - the library looks at the clock
    with hooks.received(home, "application.submitted") as (hook, box):
        case_id = home.create(make.application())
        assert hook.last().state == "pending"
        assert hooks.deliver(home) == [Outcome.DELIVERED]
        told = hooks.verified(box, hook.secret)
    entry = tables.of_case(home.runtime, case_id)[-1]
    assert told == {
        "type": "application.submitted",
        "timestamp": entry["at"],
        "data": {
            "id": entry["id"],
            "entry": hook.last().entry,
            "subject": {"kind": "application", "id": str(case_id)},
            "number": home.row(case_id).number,
            "state": "submitted",
            "actor": home.officer.ref,
        },
    }
    assert hooks.ids(box) == [entry["id"]]
    assert box.headers[0]["Content-Type"] == "application/json"
    last = hook.last()
    assert (last.state, last.attempts, last.due_at, last.status, last.error) == ("delivered", 1, None, 200, None)
    assert last.delivered_at == clock.now
    assert hooks.deliver(home) == []


def test_nothing_personal_and_no_fact_leaves_the_house(home: make.House) -> None:
    with hooks.received(home) as (_, box):
        submitted(home)
        hooks.deliver(home)
    sent = b"".join(box.letters).decode()
    new = make.application()
    assert len(box.letters) == 2
    for secret in (new.applicant_name, new.credit_code, new.project_name, home.officer.name, "80.5", "approve"):
        assert secret not in sent


def test_only_what_was_asked_for_is_written_and_only_while_active(home: make.House) -> None:
    with hooks.received(home, "application.accepted") as (hook, _):
        case_id = home.create(make.application())
        assert hooks.outbox(home) == 0
        home.do(home.reviewer, applications.accept, case_id)
        assert [one.type for one in hook.deliveries()] == ["application.accepted"]
        hook.deactivate()
        home.do(home.officer, applications.withdraw, case_id, "另行申报")
        assert [(one.state, one.error) for one in hook.deliveries()] == [("dead", "deactivated")]
        assert hooks.deliver(home) == []


def test_what_is_undone_is_announced_to_nobody(home: make.House) -> None:
    hooks.added(home, "https://hook.example/")
    with home.runtime.work(home.officer, dry=True) as work:
        applications.create(work, make.application())
        assert work.session.connection().exec_driver_sql("SELECT count(*) FROM outbox").scalar_one() == 2
    assert hooks.outbox(home) == 0


def test_without_a_webhook_no_statement_is_added(home: make.House) -> None:
    said: list[str] = []

    def listen(*given: object) -> None:
        said.append(str(given[2]))

    event.listen(home.runtime.engine, "before_cursor_execute", listen)
    submitted(home)
    event.remove(home.runtime.engine, "before_cursor_execute", listen)
    about_webhooks = [one for one in said if "webhook" in one or "outbox" in one]
    assert about_webhooks
    assert all("ledger_event" in one for one in about_webhooks)


@pytest.mark.parametrize("status", [199 + 101, 301, 302, 307, 400, 404, 429, 500, 503])
def test_any_other_answer_is_a_failure_and_nobody_is_followed(home: make.House, status: int, clock: Clock) -> None:
    with stand_in(lambda _: response(200)) as elsewhere:
        with stand_in(lambda _: response(status, Location=f"{elsewhere.url}/x")) as box:
            hook = hooks.added(home, box.url, "application.submitted")
            submitted(home)
            assert hooks.deliver(home) == [Outcome.LATER]
        assert elsewhere.letters == []
    last = hook.last()
    assert (last.state, last.attempts, last.status, last.error) == ("pending", 1, status, f"status_{status}")
    assert last.due_at == clock.now + timedelta(seconds=5)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_status_of_success_is_one(home: make.House, status: int) -> None:
    with hooks.received(home, "application.submitted", status=status):
        submitted(home)
        assert hooks.deliver(home) == [Outcome.DELIVERED]


def test_a_message_is_tried_by_the_schedule_then_given_up_and_may_be_sent_again(home: make.House, clock: Clock) -> None:
    answers = [500] * (len(SCHEDULE) + 1) + [204]
    with stand_in(lambda _: response(answers[len(box.letters) - 1])) as box:
        hook = hooks.added(home, box.url, "application.submitted")
        submitted(home)
        for wait in SCHEDULE:
            assert hooks.deliver(home) == [Outcome.LATER]
            clock.move(seconds=wait.total_seconds() - 1)
            assert hooks.deliver(home) == []
            clock.move(seconds=1)
        assert hooks.deliver(home) == [Outcome.DEAD]
        last = hook.last()
        assert (last.state, last.attempts, last.due_at, last.error) == ("dead", 10, None, "status_500")
        clock.move(days=30)
        assert hooks.deliver(home) == []
        hook.replay(last.n)
        with pytest.raises(StillPendingError):
            hook.replay(last.n)
        assert hooks.deliver(home) == [Outcome.DELIVERED]
    assert len(box.letters) == 11
    assert len(set(hooks.ids(box))) == len(set(box.letters)) == 1
    assert len({headers["webhook-timestamp"] for headers in box.headers}) == 11


def test_whoever_does_not_answer_in_time_has_failed(home: make.House) -> None:
    with silent() as wait, stand_in(wait) as box:
        hook = hooks.added(home, box.url)
        hook.test()
        assert hooks.deliver(home) == [Outcome.LATER]
    assert hook.last().error == "too_slow"


def test_whoever_goes_on_answering_has_failed(home: make.House) -> None:
    with stand_in(dripping) as box:
        hook = hooks.added(home, box.url)
        hook.test()
        assert hooks.deliver(home) == [Outcome.LATER]
    assert hook.last().error == "too_slow"


def test_whoever_answers_with_too_much_has_failed(home: make.House) -> None:
    with stand_in(lambda _: response(200, b"a" * 16_385)) as box:
        hook = hooks.added(home, box.url)
        hook.test()
        assert hooks.deliver(home, outbound.post) == [Outcome.LATER]
    assert (hook.last().error, hook.last().status) == ("too_large", None)


def test_nobody_there_is_a_failure(home: make.House) -> None:
    with hooks.received(home, "application.submitted") as (hook, _):
        submitted(home)
    assert hooks.deliver(home) == [Outcome.LATER]
    assert hook.last().error == "no_answer"


def test_gone_deactivates_and_what_waits_is_given_up(home: make.House) -> None:
    with stand_in(hooks.gone()) as box:
        hook = hooks.added(home, box.url, "application.submitted")
        submitted(home)
        submitted(home)
        assert hooks.deliver(home) == [Outcome.DEAD]
    assert len(box.letters) == 1
    assert not hook.row().active
    assert [(one.state, one.error) for one in hook.deliveries()] == [("dead", "deactivated"), ("dead", "status_410")]
    last = tables.events(home.runtime)[-1]
    assert (last["type"], last["actor"]["ref"]) == ("webhook.deactivated", "system")
    assert last["data"] == {"because": "gone", "version": 2}
    for deed in (hook.test, hook.rotate, hook.deactivate, lambda: hook.replay(hook.last().n)):
        with pytest.raises(WebhookInactiveError):
            deed()


def test_during_a_rotation_both_secrets_are_believed_and_afterwards_the_new_one(home: make.House, clock: Clock) -> None:
    clock.now = datetime.now(UTC)  # noqa: TID251 - the library looks at the clock
    with hooks.received(home) as (hook, box):
        new = hook.rotate()
        hook.test()
        hooks.deliver(home)
        assert hooks.verified(box, new) == hooks.verified(box, hook.secret)
        clock.move(hours=24)
        hook.test()
        hooks.deliver(home)
        assert len(box.headers[0]["webhook-signature"].split()) == 2
        assert len(box.headers[1]["webhook-signature"].split()) == 1
    clock.move(hours=-24)
    with hooks.received(home) as (hook, box):
        hook.test()
        hooks.deliver(home)
        with pytest.raises(WebhookVerificationError):
            hooks.verified(box, new)


def test_a_test_goes_to_its_webhook_alone_whatever_it_is_told_of(home: make.House) -> None:
    with hooks.received(home, "vote.cast") as (hook, box), hooks.received(home) as (_, other):
        hook.test()
        assert hooks.deliver(home) == [Outcome.DELIVERED]
        assert [json.loads(letter)["type"] for letter in box.letters] == ["webhook.tested"]
        assert other.letters == []


def test_whoever_is_slow_keeps_only_themselves_waiting(home: make.House) -> None:
    slow, quick = (hooks.added(home, f"http://127.0.0.{n}/", "application.submitted") for n in (1, 2))
    submitted(home)
    submitted(home)
    seen: list[str] = []

    def post(letter: Letter) -> Reply:
        seen.append(letter.url)
        if len(seen) == 1:
            assert hooks.deliver(home, post) == [Outcome.DELIVERED] * 2
        return Answer(200, "", b"")

    assert hooks.deliver(home, post) == [Outcome.DELIVERED] * 2
    first = seen[0]
    other = ({"http://127.0.0.1/", "http://127.0.0.2/"} - {first}).pop()
    assert seen == [first, other, other, first]
    assert {one.attempts for hook in (slow, quick) for one in hook.deliveries()} == {1}


def test_whoever_comes_back_too_late_settles_nothing(home: make.House, clock: Clock) -> None:
    hook = hooks.added(home, "http://127.0.0.1/", "application.submitted")
    submitted(home)
    outcomes: list[Outcome] = []

    def late(_letter: Letter) -> Reply:
        clock.move(minutes=3)
        outcomes.extend(hooks.deliver(home, lambda _: Answer(200, "", b"")))
        return Answer(500, "", b"")

    assert hooks.deliver(home, late) == [Outcome.LOST]
    assert outcomes == [Outcome.DELIVERED]
    assert (hook.last().state, hook.last().attempts, hook.last().status) == ("delivered", 2, 200)


def test_a_message_that_nobody_ever_settles_is_given_up(home: make.House, clock: Clock) -> None:
    hook = hooks.added(home, "http://127.0.0.1/", "application.submitted")
    submitted(home)

    def die(_letter: Letter) -> Reply:
        raise KeyboardInterrupt

    for _ in range(10):
        with pytest.raises(KeyboardInterrupt):
            hooks.deliver(home, die)
        assert hooks.deliver(home, die) == []
        clock.move(minutes=3)
    assert hooks.deliver(home, die) == []
    assert (hook.last().state, hook.last().error) == ("dead", "never_settled")


def worker(house: make.House, *options: str) -> subprocess.Popen[str]:
    """Run the command on the database of a house, with nothing else in its environment."""
    settings = {"DATABASE_URL": databases.text_of(house.runtime.engine), "WEBHOOK_ALLOWED_HOSTS": "127.0.0.0/8"}
    given = {f"SLUICE_{name}": value for name, value in settings.items()}
    return subprocess.Popen(
        [SLUICE, "worker", "--language", "en", *options],
        env={"PATH": "/usr/bin:/bin", **given},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_command_sends_what_is_due_and_says_what_came_of_it(home: make.House) -> None:
    with hooks.received(home, "application.submitted") as (hook, box), hooks.received(home, "*", status=500):
        submitted(home)
        process = worker(home, "--once", "--threads", "2")
        assert process.communicate()[0] == "Delivered: 1; to be tried again: 2; given up: 0.\n"
        assert (process.returncode, len(box.letters), hook.last().state) == (0, 1, "delivered")


def test_the_command_goes_on_until_it_is_stopped(home: make.House) -> None:
    arrived = threading.Event()

    def answer(_letter: bytes) -> list[bytes]:
        arrived.set()
        return response(200)

    with stand_in(answer) as box:
        hook = hooks.added(home, box.url)
        process = worker(home, "--every", "0.05")
        for _ in range(2):
            arrived.clear()
            hook.test()
            arrived.wait()
        process.terminate()
        process.communicate()
    assert len(set(hooks.ids(box))) == 2


class Killing:
    """A receiver that kills the worker which brings the first message, before it has an answer."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.worker: subprocess.Popen[str] | None = None

    def __call__(self, _letter: bytes) -> list[bytes]:
        self.started.wait()
        if self.worker is not None:
            self.worker.kill()
            self.worker.wait()
            self.worker = None
        return response(200)


def test_a_message_whose_worker_is_killed_before_it_notes_the_answer_comes_again_under_its_name(
    home: make.House, clock: Clock
) -> None:
    killing = Killing()
    with stand_in(killing) as box:
        hook = hooks.added(home, box.url, "application.submitted")
        submitted(home)
        killing.worker = process = worker(home, "--once")
        killing.started.set()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert (hook.last().state, hook.last().attempts) == ("pending", 1)
        clock.now = datetime.now(UTC)  # noqa: TID251 - the worker looked at the clock
        assert hooks.deliver(home) == []
        clock.move(minutes=3)
        assert hooks.deliver(home) == [Outcome.DELIVERED]
    assert len(box.letters) == 2
    assert len(set(hooks.ids(box))) == len(set(box.letters)) == 1


def test_workers_at_once_send_everything_and_nothing_twice(home: make.House) -> None:
    with stand_in(lambda _: response(200)) as box:
        for n in range(4):
            hooks.added(home, f"{box.url}/{n}", "application.submitted")
        for _ in range(5):
            submitted(home)

        def work() -> None:
            own = replace(home.runtime, engine=make_engine(databases.text_of(home.runtime.engine)))
            hooks.deliver(replace(home, runtime=own))
            own.engine.dispose()

        assert together(work, 4) == []
        hooks.deliver(home)
    assert len(box.letters) == len(set(zip(box.paths, hooks.ids(box), strict=True))) == 20


PLACES = (
    *("localhost", "127.0.0.1", "127.1", "2130706433", "017700000001", "0x7f000001", "0x7f.1"),
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "0.0.0.0", "0"),  # noqa: S104 - nothing is bound
)


@pytest.mark.parametrize("place", PLACES)
def test_this_machine_is_never_sent_to_however_it_is_spelled(house: make.House, place: str) -> None:
    with stand_in(lambda _: response(200)) as box:
        port = box.url.rpartition(":")[2]
        hook = hooks.added(house, f"https://{place}:{port}/", "application.submitted")
        submitted(house)
        assert hooks.deliver(house) == [Outcome.LATER]
    assert hook.last().error in {"not_public", "host_unknown"}
    assert box.letters == []


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_where_the_letter_goes(house: make.House) -> None:
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    asked: list[str] = []
    letters: list[Letter] = []

    def rebinding(host: str) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    def post(letter: Letter) -> Reply:
        letters.append(letter)
        return Answer(500, "", b"")

    hook = hooks.added(house, "https://Hook.example/x", "application.submitted")
    submitted(house)
    assert hooks.deliver(house, post, rebinding) == [Outcome.LATER]
    assert (asked, [letter.address for letter in letters]) == (["hook.example"], ["93.184.215.14"])
    with house.runtime.work(SYSTEM) as work:
        work.session.connection().exec_driver_sql("UPDATE outbox SET due_at = '2026-01-01 00:00:00.000000'")
    assert hooks.deliver(house, post, rebinding) == [Outcome.LATER]
    assert (len(asked), len(letters), hook.last().error) == (2, 1, "not_public")


def test_a_plain_address_is_sent_to_only_when_its_host_is_allowed(house: make.House) -> None:
    hook = hooks.added(house, "http://hook.example/", "application.submitted")
    submitted(house)
    assert hooks.deliver(house, resolve=lambda _: ["93.184.215.14"]) == [Outcome.LATER]
    assert hook.last().error == "not_https"


def test_a_name_no_one_else_knows_is_reached_at_the_address_it_was_found_to_have(house: make.House) -> None:
    home = hooks.local(house, "hook.zone.internal")
    with stand_in(lambda _: response(200)) as box:
        port = box.url.rpartition(":")[2]
        hooks.added(home, f"http://hook.zone.internal:{port}/a?b=c", "application.submitted")
        submitted(home)
        assert hooks.deliver(home, resolve=lambda _: ["127.0.0.1"]) == [Outcome.DELIVERED]
    assert (box.headers[0]["Host"], box.paths) == (f"hook.zone.internal:{port}", ["/a?b=c"])


def test_a_proxy_of_the_surroundings_is_not_asked(home: make.House, monkeypatch: pytest.MonkeyPatch) -> None:
    with stand_in(lambda _: response(502)) as proxy, hooks.received(home, "application.submitted") as (_, box):
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("no_proxy", "")
        submitted(home)
        assert hooks.deliver(home) == [Outcome.DELIVERED]
    assert (len(proxy.letters), len(box.letters)) == (0, 1)


@pytest.fixture
def certified(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server that is called ``hook.zone.internal`` shows, and who vouches for it."""
    name, key, certificate = "hook.zone.internal", tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject, names = ["-subj", f"/CN={name}"], ["-addext", f"subjectAltName=DNS:{name}"]
    made = ["-nodes", "-days", "2", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", *made, *subject, *names],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate


def test_the_certificate_has_to_be_that_of_the_name(
    house: make.House, certified: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = certified
    asked_for: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    home = hooks.local(house)
    with stand_in(lambda _: response(200), context) as box:
        port = box.url.rpartition(":")[2]
        for name, outcome in (("hook.zone.internal", Outcome.DELIVERED), ("other.zone.internal", Outcome.LATER)):
            hook = hooks.added(home, f"https://{name}:{port}/", "application.submitted")
            submitted(home)
            assert hooks.deliver(home, resolve=lambda _: ["127.0.0.1"]) == [outcome]
            error = hook.last().error
            hook.deactivate()
    assert error == "no_answer"
    assert (asked_for, len(box.letters)) == (["hook.zone.internal", "other.zone.internal"], 1)


def test_only_who_may_manages_webhooks(home: make.House) -> None:
    hook = hooks.added(home, "https://a.example/")
    stranger = replace(hook, house=replace(home, admin=home.auditor))
    for deed in (stranger.row, stranger.deliveries, stranger.test, lambda: stranger.replay(1)):
        with pytest.raises(ForbiddenError):
            deed()
    with pytest.raises(ForbiddenError):
        hooks.added(replace(home, admin=SYSTEM), "https://a.example/")
    with pytest.raises(NotFoundError):
        hook.replay(1)


def test_the_ledger_has_hashes_of_address_and_secret_and_the_name_of_the_host(home: make.House) -> None:
    hook = hooks.added(home, "https://hook.example/x?key=hidden", "vote.cast", "vote.cast")
    hook.rotate()
    entries = json.dumps([one for one in tables.events(home.runtime) if one["subject"]["kind"] == "webhook"])
    assert "hook.example" in entries
    assert "hidden" not in entries
    for secret in (hook.secret, hook.row().secret):
        assert secret.removeprefix("whsec_") not in entries
    assert json.loads(hook.row().events) == ["vote.cast"]
