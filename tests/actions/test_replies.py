import itertools
import threading
from dataclasses import replace

import pytest
from sqlalchemy import text

from service.actions import replies
from service.actions.replies import Asked, KeyReusedError, Reply, StillRunningError
from service.core.errors import InvalidError, MalformedError
from service.core.people import SYSTEM
from service.db.applications import CaseCounter
from service.work import BusyError, Runtime, Work

ASKED = Asked("POST", "/v1/applications", "key-1", '{"申报": 1}'.encode())
REPLY = Reply(201, b'{"number":"2026-0001"}\xff', {"Location": "/v1/applications/1", "ETag": '"1"'})
YEARS = itertools.count(2026)
OTHER = replace(SYSTEM, ref="u:other")


def answer(work: Work, asked: Asked = ASKED) -> Reply | None:
    """Do the deed and remember its answer, unless it was done."""
    found = replies.recall(work, asked)
    if found is None:
        work.session.add(CaseCounter(year=next(YEARS), last=1))
        replies.remember(work, asked, REPLY)
    return found


def done(runtime: Runtime) -> int:
    """How often the deed was done."""
    with runtime.work(SYSTEM, read_only=True) as work:
        count: int = work.session.execute(text("SELECT count(*) FROM case_counter")).scalar_one()
        return count


def test_a_new_request_has_no_answer_yet(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        assert replies.recall(work, ASKED) is None


def test_the_same_request_gets_the_same_answer_and_nothing_is_done_again(runtime: Runtime) -> None:
    for found in (None, REPLY, REPLY):
        with runtime.work(SYSTEM) as work:
            assert answer(work) == found
    assert done(runtime) == 1


def test_the_same_key_with_another_body_is_refused(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        answer(work)
    with pytest.raises(KeyReusedError) as refused, runtime.work(SYSTEM) as work:
        answer(work, replace(ASKED, body=b"{}"))
    assert isinstance(refused.value, InvalidError)
    assert [flaw.code for flaw in refused.value.flaws] == ["idempotency_key_reused"]
    assert done(runtime) == 1


@pytest.mark.parametrize(
    "asked",
    [replace(ASKED, method="PUT"), replace(ASKED, path="/v1/applications/1/submit"), replace(ASKED, key="key-2")],
)
def test_another_method_path_or_key_is_another_request(runtime: Runtime, asked: Asked) -> None:
    for one in (ASKED, asked):
        with runtime.work(SYSTEM) as work:
            assert answer(work, one) is None
    assert done(runtime) == 2


def test_nobody_gets_anothers_answer(runtime: Runtime) -> None:
    for actor in (SYSTEM, OTHER):
        with runtime.work(actor) as work:
            assert answer(work) is None
    assert done(runtime) == 2


def test_parts_of_a_request_do_not_run_into_each_other(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        answer(work, replace(ASKED, path="/a", key="b/c"))
        assert replies.recall(work, replace(ASKED, path="/a/b", key="c")) is None


def fail_after_answering(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        answer(work)
        raise ZeroDivisionError


def test_an_answer_is_kept_only_if_its_deed_is(runtime: Runtime) -> None:
    with runtime.work(SYSTEM, dry=True) as work:
        assert answer(work) is None
    with pytest.raises(ZeroDivisionError):
        fail_after_answering(runtime)
    with runtime.work(SYSTEM) as work:
        assert answer(work) is None
    assert done(runtime) == 1


@pytest.mark.parametrize("key", ["", "k" * 256, "键", "a\nb", "a\x00b", "a\x7f"])
def test_a_key_that_is_none_is_refused(runtime: Runtime, key: str) -> None:
    with pytest.raises(MalformedError) as refused, runtime.work(SYSTEM) as work:
        replies.recall(work, replace(ASKED, key=key))
    assert refused.value.figures == {"because": "idempotency_key"}


def test_the_longest_key_is_taken(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as work:
        assert answer(work, replace(ASKED, key="k" * 255)) is None


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_while_the_first_request_runs_the_second_is_told_to_come_again(runtime: Runtime) -> None:
    with runtime.work(SYSTEM) as first:
        answer(first)
        with pytest.raises(StillRunningError) as refused, runtime.work(SYSTEM) as second:
            answer(second)
        with runtime.work(OTHER) as third:
            assert answer(third) is None
    assert isinstance(refused.value, BusyError)
    assert (refused.value.code, refused.value.figures) == ("still_running", {"retry_after": 1})


def test_the_same_request_eight_times_at_once_is_done_once(runtime: Runtime) -> None:
    at_once = threading.Barrier(8)
    heard: list[object] = []

    def ask() -> None:
        at_once.wait()
        try:
            with runtime.work(SYSTEM) as work:
                found = answer(work)
        except StillRunningError as error:
            heard.append(error.code)
        else:
            heard.append(found)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done(runtime) == 1
    assert heard.count(None) == 1
    assert all(one in (None, REPLY, "still_running") for one in heard)
    assert len(heard) == 8
