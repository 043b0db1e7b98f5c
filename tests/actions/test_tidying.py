"""What is kept for a while only is removed when that while is over, and nothing else."""

from dataclasses import replace

from sqlalchemy import text, update

from service.actions import replies, tidying
from service.actions.replies import Asked, Reply
from service.actions.tidying import Tidied
from service.core.people import SYSTEM
from service.db.webhooks import OutboxRow
from service.outbound import Letter, Unanswered
from service.outbound import Reply as Back
from service.work import Runtime
from tests import hooks, make
from tests.actions.test_webhooks import worker
from tests.conftest import Clock

REPLY = Reply(201, b"{}")


def asked(key: str) -> Asked:
    return Asked("POST", "/v1/applications", key, b"{}")


def answer(runtime: Runtime, key: str) -> None:
    with runtime.work(SYSTEM) as work:
        assert replies.recall(work, asked(key)) is None
        replies.remember(work, asked(key), REPLY)


def recalled(runtime: Runtime, key: str) -> Reply | None:
    with runtime.work(SYSTEM) as work:
        return replies.recall(work, asked(key))


def tidied(runtime: Runtime) -> Tidied:
    with runtime.work(SYSTEM) as work:
        return tidying.tidy(work)


def test_an_answer_is_given_again_until_its_days_are_over(runtime: Runtime, clock: Clock) -> None:
    answer(runtime, "first")
    clock.move(days=1)
    answer(runtime, "second")
    clock.move(days=6)
    assert tidied(runtime) == Tidied(replies=0, messages=0)
    assert recalled(runtime, "first") == REPLY
    clock.move(minutes=1)
    assert tidied(runtime) == Tidied(replies=1, messages=0)
    assert recalled(runtime, "first") is None
    assert recalled(runtime, "second") == REPLY


def test_how_many_days_is_a_setting(runtime: Runtime, clock: Clock) -> None:
    answer(runtime, "first")
    clock.move(days=3)
    shorter = replace(runtime, settings=replace(runtime.settings, replies_days=2))
    assert tidied(shorter) == Tidied(replies=1, messages=0)


def test_some_are_removed_at_a_time_the_oldest_first(runtime: Runtime, clock: Clock) -> None:
    add = text(
        "INSERT INTO reply (scope, caller, body_sha256, status, headers, body, replied_at) "
        "VALUES (:scope, 'u:x', '', 201, '{}', :body, :at)"
    )
    answer(runtime, "newest")
    with runtime.engine.begin() as connection:
        at = connection.execute(text("SELECT replied_at FROM reply")).scalar_one()
        many = [{"scope": str(number), "body": b"", "at": at} for number in range(tidying.MOST)]
        connection.execute(add, many)
    clock.move(days=8)
    found = tidied(runtime)
    assert (found.replies, found.may_be_more) == (tidying.MOST, True)
    found = tidied(runtime)
    assert (found.replies, found.may_be_more) == (1, False)


def test_a_message_that_arrived_is_removed_and_one_that_waits_or_was_given_up_is_not(
    house: make.House, clock: Clock
) -> None:
    home = hooks.local(house)
    with hooks.received(home, "*") as (hook, _):
        hook.test()
        hooks.deliver(home)
        hook.test()
        given_up = hook.last().n
        with home.runtime.work(SYSTEM) as work:
            work.session.execute(update(OutboxRow).where(OutboxRow.id == given_up).values(state="dead"))
        hook.test()
        clock.move(days=90)
        assert tidied(home.runtime).messages == 0
        clock.move(minutes=1)
        assert tidied(home.runtime).messages > 0
        assert {told.state for told in hook.deliveries()} == {"dead", "pending"}


def test_a_message_that_arrived_late_is_kept_from_then_on(house: make.House, clock: Clock) -> None:
    home = hooks.local(house)

    def nobody(_letter: Letter) -> Back:
        return Unanswered("refused")

    with hooks.received(home, "*") as (hook, _):
        hook.test()
        hooks.deliver(home, nobody)
        clock.move(days=100)
        hooks.deliver(home)
        assert tidied(home.runtime).messages == 0
        assert {told.state for told in hook.deliveries()} == {"delivered"}


def test_the_worker_removes_before_it_leaves(house: make.House, clock: Clock) -> None:
    clock.move(days=-400)
    answer(house.runtime, "long ago")
    process = worker(house, "--once", "--threads", "1")
    process.communicate()
    assert process.returncode == 0
    assert recalled(house.runtime, "long ago") is None
