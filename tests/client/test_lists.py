"""Lists that come a page at a time, while others write."""

import threading
from collections import Counter
from decimal import Decimal

import pytest

from service.client import Filter, MalformedError
from service.client.answers import ApplicationSummary
from service.client.calls import Call
from service.client.pages import whole
from tests import make
from tests.client.conftest import Served, new
from tests.client.flaky import Proxy, cut, dropped


@pytest.mark.parametrize("sort", [None, "-number", "number", "total", "-submitted_at"])
def test_every_application_comes_once_whatever_is_entered_meanwhile(served: Served, sort: str | None) -> None:
    house = served.house
    there = [house.create(make.application(output=Decimal(60 + n))) for n in range(7)]
    officer = served.client(house.officer)
    seen: Counter[object] = Counter()
    for found in officer.applications.find(Filter(sort=sort), page=2):
        seen[found.id] += 1
        if len(seen) < 20:
            house.create(make.application(output=Decimal(50 + len(seen))))
    assert [seen[one] for one in there] == [1] * 7
    assert max(seen.values()) == 1


def test_pages_are_read_while_another_process_writes_without_pause(served: Served) -> None:
    house = served.house
    there = [house.create(make.application()) for _ in range(9)]
    officer, writer = served.client(house.officer), served.client(house.colleague)
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            writer.applications.create(new())

    writing = threading.Thread(target=write)
    writing.start()
    try:
        rounds = [[found.id for found in officer.applications.find(page=1)] for _ in range(3)]
    finally:
        over.set()
        writing.join()
    assert all(Counter(found)[one] == 1 for found in rounds for one in there)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_page_is_asked_for_when_it_is_needed_and_again_when_it_is_lost(served: Served, proxy: Proxy) -> None:
    for _ in range(3):
        served.house.create(make.application())
    officer = served.client(served.house.officer, proxy.address)
    found = officer.applications.find(page=1)
    assert proxy.seen == []
    first = next(found)
    assert len(proxy.seen) == 1
    proxy.fail(dropped, cut)
    assert len({first.id, *(one.id for one in found)}) == 3
    assert len(proxy.seen) == 5


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_cursor_of_another_list_is_refused(served: Served) -> None:
    for _ in range(2):
        served.house.create(make.application())
    officer = served.client(served.house.officer)
    line = officer.applications.line
    told = line.parsed(Call("GET", "/v1/applications", {"limit": "1"}))
    assert isinstance(told, dict)
    with pytest.raises(MalformedError) as refused:
        line.ask(
            ApplicationSummary, Call("GET", "/v1/applications", {"cursor": str(told["next_cursor"]), "sort": "total"})
        )
    assert refused.value.status == 400
    assert len(whole(line, ApplicationSummary, "/v1/applications")) == 2
