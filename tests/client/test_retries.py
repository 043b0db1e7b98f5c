"""What is sent again and what is not, over a line that fails for real."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.client import (
    NewPaper,
    TooManyRequestsError,
    UnansweredError,
    UnavailableError,
    UnreadableError,
)
from service.db.applications import ApplicationRow
from service.db.evidence import EvidenceRow
from service.db.ledger import LedgerEvent
from tests import make
from tests.client.conftest import Served, Waits, new
from tests.client.flaky import Proxy, cut, dropped, gateway, gateway_after, late, lost, passing, problem

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
BUSY = problem(409, "busy", Retry_After="1")
RUNNING = problem(409, "still_running", Retry_After="1")
TOO_MANY = problem(429, "too_many", Retry_After="3")
UNAVAILABLE = problem(503, "not_ready")
NEVER_HEARD_OF = (dropped, gateway(502), gateway(503), gateway(504), gateway(429), BUSY, RUNNING, TOO_MANY, UNAVAILABLE)
DONE_AND_LOST = (lost, cut, gateway_after(502), gateway_after(504))


def rows(served: Served) -> tuple[int, int]:
    """How many applications there are, and how many entries of their submission."""
    with served.house.work(served.house.auditor) as work:
        entries = select(func.count()).where(LedgerEvent.type == "application.submitted")
        return (
            work.session.scalars(select(func.count()).select_from(ApplicationRow)).one(),
            work.session.scalars(entries).one(),
        )


def require_one_call(proxy: Proxy, times: int) -> None:
    """It came so often, each time with one key, one id and one content, however it failed."""
    assert len(proxy.seen) == times
    assert len({(seen.key, seen.request_id, seen.body, seen.path) for seen in proxy.seen}) == 1
    assert proxy.seen[0].key


def test_whatever_becomes_of_a_submission_it_is_made_once(served: Served, proxy: Proxy, waits: Waits) -> None:
    client = served.client(served.house.officer, proxy.address, retries=waits.retries())
    for count, trouble in enumerate((*NEVER_HEARD_OF, *DONE_AND_LOST), start=1):
        proxy.seen.clear()
        proxy.fail(trouble, trouble)
        made = client.applications.create(new())
        require_one_call(proxy, 3)
        assert client.applications.get(made.id) == made
        assert rows(served) == (count, count)


@ON_SQLITE
def test_another_call_has_another_key_and_another_id(served: Served, proxy: Proxy, waits: Waits) -> None:
    client = served.client(served.house.officer, proxy.address, retries=waits.retries())
    for _ in range(2):
        client.applications.create(new())
    first, second = proxy.seen
    assert (first.body, rows(served)) == (second.body, (2, 2))
    assert first.key != second.key
    assert first.request_id != second.request_id


@ON_SQLITE
def test_an_answer_that_does_not_come_in_time_is_asked_for_again(served: Served, proxy: Proxy, waits: Waits) -> None:
    client = served.client(served.house.officer, proxy.address, retries=waits.retries(), timeout=5)
    proxy.fail(late)
    client.applications.create(new())
    require_one_call(proxy, 2)
    assert rows(served) == (1, 1)


@ON_SQLITE
def test_a_file_is_read_again_for_each_try(served: Served, proxy: Proxy, waits: Waits, tmp_path: Path) -> None:
    client = served.client(served.house.officer, proxy.address, retries=waits.retries())
    case = client.applications.create(new())
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n" + b"x" * 300_000)
    proxy.seen.clear()
    proxy.fail(dropped, lost)
    paper = client.evidence.attach(case.id, NewPaper(path, "application/pdf", "document", ["water"]))
    require_one_call(proxy, 3)
    assert paper.size == path.stat().st_size
    with served.house.work(served.house.auditor) as work:
        assert work.session.scalars(select(func.count()).select_from(EvidenceRow)).one() == 1


@ON_SQLITE
def test_a_reading_is_repeated(served: Served, proxy: Proxy, waits: Waits) -> None:
    client = served.client(served.house.officer, proxy.address, retries=waits.retries())
    case = client.applications.create(new())
    for trouble in (*NEVER_HEARD_OF, *DONE_AND_LOST):
        proxy.fail(trouble)
        assert client.applications.get(case.id) == case


@ON_SQLITE
def test_facts_are_not_replaced_again_when_nobody_knows_what_became_of_them(
    served: Served, proxy: Proxy, waits: Waits
) -> None:
    client = served.client(served.house.officer, proxy.address, retries=waits.retries())
    for trouble in (dropped, gateway(502), gateway(503), gateway(429), *DONE_AND_LOST):
        draft = client.applications.create(new(draft=True))
        proxy.seen.clear()
        proxy.fail(trouble)
        with pytest.raises((UnansweredError, UnavailableError, TooManyRequestsError)):
            client.applications.replace_facts(draft, make.facts(output=Decimal(60)))
        assert (len(proxy.seen), waits.waits) == (1, [])


@ON_SQLITE
def test_facts_are_replaced_again_where_the_service_says_that_nothing_was_done(
    served: Served, proxy: Proxy, waits: Waits
) -> None:
    client = served.client(served.house.officer, proxy.address, retries=waits.retries(tries=6))
    draft = client.applications.create(new(draft=True))
    proxy.fail(BUSY, RUNNING, TOO_MANY, UNAVAILABLE)
    assert client.applications.replace_facts(draft, make.facts(output=Decimal(60))).version == draft.version + 1
    assert proxy.seen[-1].headers["if-match"] == f'"{draft.version}"'


@ON_SQLITE
def test_nobody_there_is_no_answer(served: Served, waits: Waits) -> None:
    client = served.client(served.house.officer, retries=waits.retries(3))
    served.server.stop()
    with pytest.raises(UnansweredError) as unanswered:
        client.applications.create(new())
    assert (unanswered.value.code, unanswered.value.status, len(waits.waits)) == ("unanswered", None, 2)


@ON_SQLITE
def test_a_download_that_breaks_off_is_told_and_not_taken_for_the_whole(
    served: Served, proxy: Proxy, waits: Waits, tmp_path: Path
) -> None:
    client = served.client(served.house.officer, proxy.address, retries=waits.retries())
    case = client.applications.create(new())
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n" + b"x" * 300_000)
    paper = client.evidence.attach(case.id, NewPaper(path, "application/pdf", "document", ["water"]))
    with (tmp_path / "b.pdf").open("wb") as target:
        proxy.fail(dropped, cut)
        with pytest.raises(UnansweredError):
            client.evidence.download(case.id, paper, target)
        proxy.fail(gateway(200))
        with pytest.raises(UnreadableError):
            client.evidence.download(case.id, paper, target)
        proxy.fail(passing)
        client.evidence.download(case.id, paper, target)
