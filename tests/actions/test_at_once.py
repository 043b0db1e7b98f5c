"""Many who do things at the same moment: nothing is lost, nothing is done twice, every chain is unbroken."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from service.actions import applications, opinions, people, waivers
from service.core.cases.opinions import AlreadyAskedError, Stance
from service.core.cases.waivers import AlreadyWaivedError
from service.core.errors import StaleError
from service.core.people import SYSTEM
from service.db.applications import ApplicationRow, CaseCounter
from tests import databases, make
from tests.actions import tables, waiving

ROOT = Path(__file__).parents[2]

# A process of its own that hands in as many cases as it is told to.
SUBMITTER = """
import sys
from uuid import UUID
from service.config import Settings
from service.core.people import Actor, Role, person_ref
from service.work import Runtime, open_runtime
from tests import make
from tests.conftest import Clock
url, person_id, count = sys.argv[1:]
runtime = Runtime(open_runtime(Settings(database_url=url)).engine, Settings(database_url=url), Clock())
officer = Actor(person_ref(UUID(person_id)), "", frozenset({Role.OFFICER}), UUID(person_id))
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(count)):
    with runtime.work(officer) as work:
        make.applications.create(work, make.application())
"""


def together(deed: Callable[[], None], times: int) -> list[BaseException]:
    """Do something in as many threads, all starting at once; give what they raised."""
    at_once = threading.Barrier(times)
    raised: list[BaseException] = []

    def one() -> None:
        at_once.wait()
        try:
            deed()
        except BaseException as error:  # noqa: BLE001 - told by the test
            raised.append(error)

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def numbers(house: make.House) -> list[int]:
    """The counts in the case numbers there are."""
    with house.runtime.work(SYSTEM, read_only=True) as work:
        return [serial % 1_000_000 for serial in work.session.scalars(select(ApplicationRow.serial))]


def is_sound(house: make.House, cases: int) -> None:
    """Numbers 1 to n, once each; two entries a case, every chain unbroken."""
    assert sorted(numbers(house)) == list(range(1, cases + 1))
    with house.runtime.work(SYSTEM, read_only=True) as work:
        assert work.session.scalars(select(CaseCounter.last)).one() == cases
    of_cases = [event for event in tables.events(house.runtime) if event["subject"]["kind"] == "application"]
    assert len(of_cases) == 2 * cases


def test_cases_handed_in_at_once_get_numbers_without_gap_or_repetition(house: make.House) -> None:
    def hand_in_three() -> None:
        for _ in range(3):
            house.create(make.application())

    assert together(hand_in_three, 8) == []
    is_sound(house, 24)


def test_cases_handed_in_by_several_processes_get_numbers_without_gap_or_repetition(house: make.House) -> None:
    command = [sys.executable, "-c", SUBMITTER, databases.text_of(house.runtime.engine), str(house.officer.person_id)]
    processes = [
        subprocess.Popen([*command, "5"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate() and process.returncode for process in processes] == [0, 0, 0]
    is_sound(house, 15)


def test_of_several_who_read_the_same_version_one_changes_it(house: make.House) -> None:
    case_id = house.create(make.application())
    version = house.row(case_id).version

    def accept() -> None:
        with house.work(house.reviewer, expects=version) as work:
            applications.accept(work, case_id)

    raised = together(accept, 6)
    assert [type(error) for error in raised] == [StaleError] * 5
    row = house.row(case_id)
    assert (row.state, row.version) == ("in_review", version + 1)
    assert len(tables.of_case(house.runtime, case_id)) == 3


def test_a_person_gets_no_third_key_by_asking_at_once(house: make.House) -> None:
    person_id = house.officer.person_id
    assert person_id is not None

    def issue() -> None:
        with house.work(house.admin) as work:
            people.issue_key(work, person_id)

    raised = together(issue, 5)
    assert [getattr(error, "code", error) for error in raised] == ["too_many_keys"] * 3
    assert tables.counts(house.runtime)["api_key"] == 2


def test_a_gate_that_several_waive_at_once_is_waived_once(house: make.House) -> None:
    case_id = waiving.thirsty(house)

    def waive() -> None:
        waiving.waived(house, case_id)

    raised = together(waive, 5)
    assert [type(error) for error in raised] == [AlreadyWaivedError] * 4
    assert tables.counts(house.runtime)["waiver"] == 1


def test_a_waiver_that_several_revoke_at_once_is_revoked_once(house: make.House) -> None:
    case_id = waiving.thirsty(house)
    waiver_id = waiving.waived(house, case_id)

    def revoke() -> None:
        with house.work(house.chair, expects=1) as work:
            waivers.revoke(work, waiver_id, "方案未获批复")

    raised = together(revoke, 5)
    assert [type(error) for error in raised] == [StaleError] * 4
    assert [entry["type"] for entry in tables.of_case(house.runtime, case_id)][-2:] == [
        "waiver.granted",
        "waiver.revoked",
    ]


def test_a_case_that_is_undone_while_others_wait_leaves_no_gap(house: make.House) -> None:
    holds, waits = threading.Event(), threading.Event()

    def hold_and_undo() -> None:
        with house.runtime.work(house.officer, dry=True) as work:
            applications.create(work, make.application())
            holds.set()
            waits.wait(0.2)

    first = threading.Thread(target=hold_and_undo)
    first.start()
    holds.wait()
    house.create(make.application())
    first.join()
    is_sound(house, 1)


def test_whoever_reads_while_others_write_sees_whole_cases(house: make.House) -> None:
    done = threading.Event()
    seen: list[tuple[int, int]] = []

    def watch() -> None:
        while not done.is_set():
            with house.runtime.work(house.auditor, read_only=True) as work:
                rows = applications.find(work, applications.Query()).items
                seen.append((len(rows), sum(len(applications.timeline(work, row.id)) for row in rows)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(10):
        house.create(make.application())
    done.set()
    watcher.join()
    assert seen
    assert all(entries == 2 * cases for cases, entries in seen)


def test_of_several_who_ask_a_department_at_once_one_does(house: make.House) -> None:
    case_id = house.create(make.application())

    def ask() -> None:
        with house.work(house.secretary) as work:
            opinions.ask(work, case_id, make.DEPARTMENT)

    assert [type(error) for error in together(ask, 4)] == [AlreadyAskedError] * 3
    assert tables.counts(house.runtime)["opinion"] == 1


def test_of_several_who_give_an_opinion_at_once_one_answers_and_the_last_counts(house: make.House) -> None:
    case_id = house.create(make.application())
    house.do(house.reviewer, opinions.accept, case_id, [make.DEPARTMENT])

    def give() -> None:
        with house.work(house.reviewer) as work:
            opinions.give(work, case_id, opinions.NewOpinion(Stance.SUPPORT, "可平衡"))

    assert together(give, 3) == []
    with house.work(house.auditor) as work:
        found = opinions.find(work, case_id)
    assert [(one.row.n, one.row.asked_by is None, one.state.value) for one in found] == [
        (1, False, "replaced"),
        (2, True, "replaced"),
        (3, True, "given"),
    ]
    assert len(tables.of_case(house.runtime, case_id)) == 7
