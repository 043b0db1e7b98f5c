"""Checkpoints that leave the building: what witnesses sign is kept, whatever else comes back is not."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from service import outbound
from service.actions import ledger
from service.core.ledger import verify
from service.core.ledger.keys import write_vkey
from service.core.ledger.notes import read_note, write_signature
from service.core.ledger.proofs import checkpoint_of
from service.core.ledger.witnessing import Seen, Witness, read_request, write_size
from service.core.people import SYSTEM
from service.db.ledger import LedgerEvent, LedgerLeaf
from service.outbound import Letter, Limits, Reply
from service.signing import open_signer
from service.witness.memory import Memory
from service.work import Runtime, system_clock
from tests import databases, make, witnesses
from tests.actions import tables
from tests.conftest import Clock
from tests.core.ledger.logs import Signer
from tests.witnesses import Pretender, Process, dripping, response, silent, stand_in

QUICK = partial(outbound.post, limits=Limits(silent=0.3, whole=0.6, answer=1_000))
OURS = witnesses.signer()
VERIFY = Path(verify.__file__)


def asking(runtime: Runtime, *asked: Witness, anchor: str = "") -> Runtime:
    return replace(runtime, settings=replace(runtime.settings, ledger_witnesses=asked, ledger_anchor_url=anchor))


def of_now(runtime: Runtime, *processes: Process) -> Runtime:
    """The same service with the clock that real witnesses have too."""
    return replace(asking(runtime, *(Witness(one.key, one.url) for one in processes)), clock=system_clock)


def grow(house: make.House, runtime: Runtime, count: int = 1) -> int:
    """Let something happen, and have it signed; give the size."""
    for _ in range(count):
        house.create(make.application())
    signed = ledger.tend(runtime)
    assert signed is not None
    return signed.size


def note(runtime: Runtime) -> bytes:
    with runtime.work(SYSTEM, read_only=True) as work:
        return ledger.note(work)


def lines(runtime: Runtime) -> int:
    return tables.counts(runtime)["ledger_cosignature"]


@pytest.fixture
def inspector(runtime: Runtime, tmp_path: Path) -> Iterator[Process]:
    assert runtime.signer is not None
    with witnesses.witness(tmp_path, runtime.signer.key) as process:
        yield process


def bundle(runtime: Runtime, folder: Path) -> Path:
    """Hand over the whole log and its newest checkpoint."""
    with runtime.work(SYSTEM, read_only=True) as work:
        rows = (
            select(LedgerEvent.canon).join(LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id).order_by(LedgerLeaf.seq)
        )
        entries = [bytes(canon) for canon in work.session.scalars(rows)]
        (folder / "bundle").mkdir()
        (folder / "bundle" / "checkpoint").write_bytes(ledger.note(work))
    (folder / "bundle" / "entries.ndjson").write_bytes(b"".join(canon + b"\n" for canon in entries))
    return folder / "bundle"


def test_from_entries_to_a_cosigned_checkpoint_that_the_verifier_accepts(
    house: make.House, inspector: Process, tmp_path: Path
) -> None:
    runtime = of_now(house.runtime, inspector)
    for _ in range(3):
        size = grow(house, runtime, 2)
        assert ledger.cosign(runtime, outbound.post) == (ledger.Asked(inspector.key.name, size),)
    assert note(runtime) == inspector.kept()
    assert runtime.signer is not None
    trusted = [write_vkey(runtime.signer.key), write_vkey(inspector.key)]
    command = [sys.executable, str(VERIFY), str(bundle(runtime, tmp_path)), "--language", "en", "--max-age", "600"]
    shown = subprocess.run(
        [*command, "--key", trusted[0], "--key", trusted[1]], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stdout
    assert "nothing to compare with" not in shown.stdout
    other = write_vkey(witnesses.signer("other.example/w").key)
    without = subprocess.run([*command, "--key", trusted[0], "--key", other], capture_output=True, check=False)
    assert without.returncode == 2


def test_each_checkpoint_is_signed_once_by_each_witness(house: make.House, inspector: Process, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    signer = house.runtime.signer
    assert signer is not None
    with witnesses.witness(tmp_path / "second", signer.key) as second:
        runtime = of_now(house.runtime, inspector)
        size = grow(house, runtime)
        with tables.nothing_changes(runtime):
            assert ledger.cosign(asking(runtime), outbound.post) == ()
        ledger.cosign(runtime, outbound.post)
        with tables.nothing_changes(runtime):
            assert ledger.cosign(runtime, outbound.post) == (ledger.Asked(inspector.key.name, size),)
        # The second has another key under the same name: its line is another one.
        ledger.cosign(of_now(house.runtime, second), outbound.post)
    assert lines(runtime) == 2
    keys = {line.key_id for line in read_note(note(runtime)).signatures}
    assert keys == {signer.key.id, inspector.key.id, second.key.id}


def test_without_a_checkpoint_nobody_is_asked(runtime: Runtime, clock: Clock) -> None:
    with stand_in(Pretender(OURS, int(clock().timestamp()))) as box:
        asked = asking(runtime, Witness(OURS.key, box.url), anchor=box.url)
        assert ledger.cosign(asked, outbound.post) == (ledger.Asked(OURS.key.name, None),)
        assert ledger.anchor(asked, outbound.post) == ledger.Anchored()
    assert box.letters == []


def test_a_witness_that_knows_another_size_is_given_the_proof_from_there(house: make.House, inspector: Process) -> None:
    runtime = of_now(house.runtime, inspector)
    sizes = [grow(house, runtime, count) for count in (1, 2, 5)]
    told = []

    def overheard(letter: Letter) -> Reply:
        reply = outbound.post(letter)
        told.append((read_request(letter.body).old, getattr(reply, "status", None)))
        return reply

    ledger.cosign(runtime, overheard)
    grow(house, runtime)
    forget(inspector, runtime, sizes[0])
    ledger.cosign(runtime, overheard)
    assert told == [(0, 200), (sizes[2], 409), (sizes[0], 200)]


def forget(inspector: Process, runtime: Runtime, size: int) -> None:
    """Give a witness the memory it had at a size."""
    with runtime.work(SYSTEM, read_only=True) as work:
        known = checkpoint_of(ledger.note(work, size))
    inspector.state.unlink()
    memory = Memory(inspector.state)
    memory.prepare()
    with memory.alone() as recollection:
        recollection.keep(known.origin, Seen(size, known.root), b"note")


def test_a_signature_that_was_not_kept_is_asked_for_again(house: make.House, inspector: Process) -> None:
    runtime = of_now(house.runtime, inspector)
    size = grow(house, runtime)

    def lost(letter: Letter) -> Reply:
        outbound.post(letter)
        return outbound.Unanswered("no_answer")

    with tables.nothing_changes(runtime):
        assert ledger.cosign(runtime, lost) == (ledger.Asked(inspector.key.name, None, "no_answer"),)
    assert ledger.cosign(runtime, outbound.post) == (ledger.Asked(inspector.key.name, size),)
    assert lines(runtime) == 1


@contextmanager
def backup(runtime: Runtime, folder: Path) -> Iterator[Runtime]:
    """Keep the database and the signer's memory as they are now; give the service that has only these."""
    old = folder / "old.memory"
    old.write_bytes(Path(f"{runtime.settings.ledger_key_file}.memory").read_bytes())
    settings = replace(runtime.settings, ledger_memory_file=str(old))
    with databases.copied(runtime.engine) as engine:
        yield replace(runtime, engine=engine, settings=settings, signer=open_signer(settings))


def test_a_restored_backup_is_found_out_by_the_witness(house: make.House, inspector: Process, tmp_path: Path) -> None:
    runtime = of_now(house.runtime, inspector)
    grow(house, runtime)
    ledger.cosign(runtime, outbound.post)
    with backup(runtime, tmp_path) as restored:
        grow(house, runtime, 3)
        ledger.cosign(runtime, outbound.post)
        kept = inspector.kept()
        alarms = [asked.because for asked in after_restoring(replace(house, runtime=restored), kept)]
        assert set(alarms[:-2]) == {"ahead"}
        assert alarms[-2:] == ["other_root", "other_beginning"]
        assert lines(restored) == 1
    assert inspector.kept() == kept


def after_restoring(house: make.House, kept: bytes) -> Iterator[ledger.Asked]:
    """What a witness says to each checkpoint of a restored ledger until it is larger than the one the witness has."""
    size = 0
    while size <= checkpoint_of(kept).size:
        house.create(make.application())
        ledger.catch_up(house.runtime)
        ledger.checkpoint(house.runtime)
        size = checkpoint_of(note(house.runtime)).size
        with tables.nothing_changes(house.runtime):
            (asked,) = ledger.cosign(house.runtime, outbound.post)
        assert asked.is_alarming
        yield asked


def test_of_two_who_ask_at_once_one_line_is_kept(house: make.House, inspector: Process) -> None:
    runtime = of_now(house.runtime, inspector)
    for _ in range(5):
        size = grow(house, runtime)
        together = Barrier(4)
        found: list[ledger.Asked] = []

        def ask(together: Barrier = together, found: list[ledger.Asked] = found) -> None:
            together.wait()
            found.extend(ledger.cosign(runtime, outbound.post))

        threads = [Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [ledger.Asked(inspector.key.name, size)] * 4
    assert lines(runtime) == 5


def test_whoever_is_overtaken_by_another_asker_raises_no_alarm(house: make.House, inspector: Process) -> None:
    runtime = of_now(house.runtime, inspector)
    grow(house, runtime)
    sizes: list[int] = []

    def overtaken(letter: Letter) -> Reply:
        if not sizes:
            sizes.append(grow(house, runtime))
            ledger.cosign(runtime, outbound.post)
        return outbound.post(letter)

    assert ledger.cosign(runtime, overtaken) == (ledger.Asked(inspector.key.name, sizes[0]),)


Answering = Callable[[bytes], Iterable[bytes]]


@dataclass(frozen=True)
class Bad:
    """An answer that must not be kept, and what is told of it."""

    because: str
    answer: Answering


STRANGER = Signer("stranger.example", b"\x07" * 32, OURS.key.type)
IMPOSTOR = Signer(OURS.key.name, b"\x08" * 32, OURS.key.type)
MOMENT = int(Clock().now.timestamp())


def on_old_checkpoint(_letter: bytes) -> Iterable[bytes]:
    """What it signed under another checkpoint."""
    return response(200, write_signature(OURS.sign(ANOTHER, MOMENT)).encode())


ANOTHER = "zone.example/ledger/1\n3\nLP73YnWX4AtWSXV3Stco7yEHBnWfym1kE4xt/By/LNo=\n"

BAD = {
    "garbage": Bad("garbage", lambda _: response(200, b"thank you")),
    "nothing": Bad("garbage", lambda _: response(200)),
    "a page": Bad(
        "garbage", lambda _: response(200, b"<!doctype html>\n<title>200</title>\n", Content_Type="text/html")
    ),
    "binary": Bad("garbage", lambda _: response(200, bytes(range(256)))),
    "a stranger": Bad("unsigned", Pretender(STRANGER, MOMENT)),
    "an impostor": Bad("unsigned", Pretender(IMPOSTOR, MOMENT)),
    "another checkpoint": Bad("bad_signature", on_old_checkpoint),
    "too early": Bad("clock", Pretender(OURS, MOMENT - 301)),
    "too late": Bad("clock", Pretender(OURS, MOMENT + 301)),
    "no time": Bad("clock", Pretender(OURS, 0)),
    "the end of time": Bad("clock", Pretender(OURS, 2**63 - 1)),
    "not found": Bad("status_404", lambda _: response(404)),
    "forbidden": Bad("status_403", lambda _: response(403)),
    "broken": Bad("status_500", lambda _: response(500, b"oops")),
    "created": Bad("status_201", lambda letter: [b"HTTP/1.1 201 -\r\n", *Pretender(OURS, MOMENT)(letter)[1:]]),
    "unprocessable": Bad("other_beginning", lambda _: response(422)),
    "elsewhere": Bad("status_307", lambda _: response(307, Location="http://127.0.0.1:9/")),
    "broken off": Bad("no_answer", lambda _: [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf"]),
    "not http": Bad("no_answer", lambda _: [b"ready\n"]),
    "huge": Bad("too_large", lambda _: response(200, b"a" * 1_000_000)),
    "endless": Bad("too_slow", dripping),
    "a size without end": Bad("garbage", lambda _: response(409, b"9" * 900 + b"\n", Content_Type="text/x.tlog.size")),
    "a size of another kind": Bad("garbage", lambda _: response(409, b"1\n", Content_Type="text/plain")),
    "no size": Bad("garbage", lambda _: response(409, b"", Content_Type="text/x.tlog.size")),
    "the size it was given": Bad("garbage", lambda _: response(409, b"0\n", Content_Type="text/x.tlog.size")),
    "a larger size": Bad("ahead", lambda _: response(409, b"999\n", Content_Type="text/x.tlog.size")),
}


@pytest.mark.parametrize("name", BAD)
def test_what_a_witness_should_not_answer_is_told_and_not_kept(house: make.House, name: str) -> None:
    grow(house, house.runtime)
    with stand_in(BAD[name].answer) as box:
        runtime = asking(house.runtime, Witness(OURS.key, box.url))
        with tables.nothing_changes(runtime):
            assert ledger.cosign(runtime, QUICK) == (ledger.Asked(OURS.key.name, None, BAD[name].because),)
    assert set(box.paths) == {"/add-checkpoint"}


def test_a_witness_that_hangs_is_told_and_left(house: make.House) -> None:
    grow(house, house.runtime)
    with silent() as wait, stand_in(wait) as slow, stand_in(Pretender(OURS, MOMENT)) as box:
        hanging, good = Witness(STRANGER.key, slow.url), Witness(OURS.key, box.url)
        asked = ledger.cosign(asking(house.runtime, hanging, good), QUICK)
    assert [one.because for one in asked] == ["too_slow", None]
    assert lines(house.runtime) == 1


@pytest.mark.parametrize("late", [-300, 0, 300])
def test_a_clock_may_differ_by_five_minutes(house: make.House, late: int) -> None:
    size = grow(house, house.runtime)
    with stand_in(Pretender(OURS, MOMENT + late)) as box:
        runtime = asking(house.runtime, Witness(OURS.key, box.url))
        assert ledger.cosign(runtime, outbound.post) == (ledger.Asked(OURS.key.name, size),)


def test_a_witness_that_cannot_make_up_its_mind_is_not_asked_for_ever(house: make.House) -> None:
    grow(house, house.runtime, 5)
    sizes = iter(range(1, 100))
    with stand_in(lambda _: response(409, write_size(next(sizes)), Content_Type="text/x.tlog.size")) as box:
        (asked,) = ledger.cosign(asking(house.runtime, Witness(OURS.key, box.url)), outbound.post)
    assert (asked.because, len(box.letters)) == ("never_settled", 3)


def test_another_root_of_the_same_size_is_an_alarm_with_and_without_the_size(house: make.House) -> None:
    size = grow(house, house.runtime)
    for last in (response(409, write_size(size), Content_Type="text/x.tlog.size"), response(409)):
        answers = iter([response(409, write_size(size), Content_Type="text/x.tlog.size"), last])
        with stand_in(lambda _, answers=answers: next(answers)) as box:  # type: ignore[misc]  # bound early, as meant
            (asked,) = ledger.cosign(asking(house.runtime, Witness(OURS.key, box.url)), outbound.post)
        assert (asked.because, asked.is_alarming) == ("other_root", True)


def test_a_damaged_tree_gives_no_proof_and_asks_nobody(house: make.House) -> None:
    grow(house, house.runtime)
    with stand_in(Pretender(OURS, MOMENT)) as box:
        runtime = asking(house.runtime, Witness(OURS.key, box.url))
        ledger.cosign(runtime, outbound.post)
        grow(house, runtime)
        with databases.copied(runtime.engine) as engine:
            damage(engine)
            damaged = replace(runtime, engine=engine)
            assert ledger.cosign(damaged, outbound.post) == (ledger.Asked(OURS.key.name, None, "no_proof"),)
    assert len(box.letters) == 1


def damage(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER ledger_leaf_keeps_rows_on_delete"))
        else:
            connection.execute(text("ALTER TABLE ledger_leaf DISABLE TRIGGER USER"))
        connection.execute(text("DELETE FROM ledger_leaf WHERE seq > 0"))


def test_the_anchor_gets_each_newest_checkpoint_once(house: make.House) -> None:
    with stand_in(lambda _: response(204)) as box, stand_in(Pretender(OURS, MOMENT)) as cosigner:
        runtime = asking(house.runtime, Witness(OURS.key, cosigner.url), anchor=f"{box.url}/hook?token=t")
        has = ledger.Anchored()
        notes = []
        for _ in range(3):
            size = grow(house, runtime)
            ledger.cosign(runtime, outbound.post)
            has = ledger.anchor(runtime, outbound.post, has)
            assert has == ledger.Anchored(size)
            assert ledger.anchor(runtime, outbound.post, has) == has
            notes.append(note(runtime))
    assert box.letters == notes
    assert set(box.paths) == {"/hook?token=t"}
    assert all(len(read_note(letter).signatures) == 2 for letter in box.letters)


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        (lambda _: response(500), "status_500"),
        (lambda _: response(302, Location="http://127.0.0.1:9/"), "status_302"),
        (lambda _: response(200, b"a" * 100_000), "too_large"),
        (dripping, "too_slow"),
        (lambda _: [b"what?"], "no_answer"),
    ],
)
def test_what_the_anchor_did_not_take_is_posted_again(house: make.House, answer: Answering, because: str) -> None:
    size = grow(house, house.runtime)
    with stand_in(answer) as box:
        runtime = asking(house.runtime, anchor=box.url)
        with tables.nothing_changes(runtime):
            failed = ledger.anchor(runtime, QUICK, ledger.Anchored(1))
        assert failed == ledger.Anchored(1, because)
    with stand_in(lambda _: response(200)) as box:
        assert ledger.anchor(asking(house.runtime, anchor=box.url), QUICK, failed) == ledger.Anchored(size)
    assert box.letters == [note(house.runtime)]


def test_without_an_anchor_nothing_is_posted(house: make.House) -> None:
    grow(house, house.runtime)

    def post(letter: Letter) -> Reply:
        raise AssertionError(letter)

    assert ledger.anchor(house.runtime, post) == ledger.Anchored()


def test_a_line_is_added_and_never_changed(house: make.House) -> None:
    grow(house, house.runtime)
    with stand_in(Pretender(OURS, MOMENT)) as box:
        ledger.cosign(asking(house.runtime, Witness(OURS.key, box.url)), outbound.post)
    for statement in ("DELETE FROM ledger_cosignature", "UPDATE ledger_cosignature SET line = 'x'"):
        with pytest.raises(DBAPIError), house.runtime.engine.begin() as connection:
            connection.execute(text(statement))
    assert lines(house.runtime) == 1
