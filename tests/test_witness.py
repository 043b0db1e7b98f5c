"""The witness for the inspectors' own machine, as a process, over HTTP."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
import requests

from service.core.errors import MalformedError
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.notes import read_note, verify
from service.core.ledger.proofs import checkpoint_of
from service.core.ledger.witnessing import Request, Seen, read_answer, write_request
from service.witness import keys
from service.witness.memory import Memory, Recollection
from tests.cli.commands import call
from tests.core.ledger.logs import (
    KNOWN_CHECKPOINT,
    LOG,
    ORIGIN,
    TIME,
    WITNESS,
    WITNESS_VKEY,
    Signer,
    naive_consistency,
    naive_root,
    signed,
)
from tests.witnesses import NAME, Process, witness

LEAVES = [sha256(n.to_bytes(2, "big")).digest() for n in range(300)]
FORKED = [*LEAVES[:4], bytes(32), *LEAVES[5:]]
SECOND = Signer("zone.example/ledger/2", b"\x05" * 32)
STRANGER = Signer("stranger.example", b"\x07" * 32)


@pytest.fixture
def inspector(tmp_path: Path) -> Iterator[Process]:
    with witness(tmp_path, LOG.key, SECOND.key) as process:
        yield process


def note(size: int, leaves: list[bytes] = LEAVES, signer: Signer = LOG) -> bytes:
    return signed(Checkpoint(signer.key.name, size, naive_root(leaves[:size])), signer)


def ask(old: int, size: int, leaves: list[bytes] = LEAVES, signer: Signer = LOG) -> bytes:
    proof = naive_consistency(old, leaves[:size]) if 0 < old < size else ()
    return write_request(Request(old, tuple(proof), note(size, leaves, signer)))


def told(answer: requests.Response) -> tuple[int, str, bytes]:
    return answer.status_code, answer.headers["Content-Type"], answer.content


def test_a_log_that_grows_is_signed_each_time(inspector: Process) -> None:
    before = int(time.time())
    for old, size in ((0, 3), (3, 3), (3, 8), (8, 300)):
        answer = inspector.send(ask(old, size))
        assert answer.status_code == 200
        assert len(answer.content.splitlines()) == 1
        cosigned = read_answer(note(size), answer.content, inspector.key)
        assert before <= cosigned.at <= int(time.time())


def test_what_it_signed_last_is_printed_with_its_line(inspector: Process) -> None:
    inspector.send(ask(0, 3))
    answer = inspector.send(ask(3, 8))
    assert inspector.kept() == note(8) + answer.content
    assert call("ledger", "witness", "kept", "--state", inspector.state).stdout_bytes == inspector.kept()
    assert [one.key for one in verify(read_note(inspector.kept()), [LOG.key, inspector.key])] == [
        LOG.key,
        inspector.key,
    ]


def test_of_several_logs_one_is_named(inspector: Process) -> None:
    inspector.send(ask(0, 3))
    inspector.send(ask(0, 5, LEAVES, SECOND))
    state = inspector.state
    assert call("ledger", "witness", "kept", "--state", state).exit_code == 5
    shown = call("ledger", "witness", "kept", "--state", state, "--name", SECOND.key.name)
    assert checkpoint_of(shown.stdout_bytes).size == 5
    assert call("ledger", "witness", "kept", "--state", state, "--name", "another").exit_code == 5


def test_every_refusal_has_its_status_and_changes_nothing(inspector: Process) -> None:
    assert inspector.send(ask(0, 5)).status_code == 200
    kept = inspector.kept()
    refused = {
        b"garbage": (400, "text/plain", b"malformed\n"),
        ask(6, 5): (400, "text/plain", b"old_beyond\n"),
        ask(0, 3, LEAVES, STRANGER): (404, "text/plain", b"unknown_log\n"),
        ask(5, 8).replace(b"gate.example/log/1 IQR1", b"gate.example/log/1 IQR2"): (403, "text/plain", b"unsigned\n"),
        ask(0, 8): (409, "text/x.tlog.size", b"5\n"),
        ask(4, 8): (409, "text/x.tlog.size", b"5\n"),
        ask(5, 5, FORKED): (409, "text/x.tlog.size", b"5\n"),
        ask(5, 8, FORKED): (422, "text/plain", b"bad_proof\n"),
    }
    assert {body: told(inspector.send(body)) for body in refused} == refused
    assert inspector.kept() == kept
    assert inspector.send(ask(5, 8)).status_code == 200


def test_a_request_larger_than_any_is_not_read(inspector: Process) -> None:
    assert inspector.send(b"old 0\n\n" + b"x" * 1_000_001).status_code == 413
    assert requests.get(f"{inspector.url}/add-checkpoint", timeout=30).status_code == 405


def test_what_it_shows_of_a_fork_is_in_its_log(inspector: Process) -> None:
    inspector.send(ask(0, 5))
    inspector.send(ask(5, 8, FORKED))
    (line,) = [line for line in inspector.log.read_text(encoding="utf-8").splitlines() if "another history" in line]
    assert note(8, FORKED).decode().splitlines()[2] in line


def test_a_witness_remembers_over_a_restart(tmp_path: Path) -> None:
    with witness(tmp_path, LOG.key) as process:
        assert process.send(ask(0, 5)).status_code == 200
    with witness(tmp_path, LOG.key) as process:
        assert told(process.send(ask(0, 8))) == (409, "text/x.tlog.size", b"5\n")
        assert process.send(ask(5, 5, FORKED)).status_code == 409
        assert process.send(ask(5, 8)).status_code == 200


def test_of_two_requests_at_once_to_two_processes_one_is_signed(tmp_path: Path) -> None:
    """The race of the specification: nothing that was signed is ever taken back."""
    with ExitStack() as stack:
        processes = [stack.enter_context(witness(tmp_path, LOG.key)) for _ in range(2)]
        pool = stack.enter_context(ThreadPoolExecutor(4))
        known = 0
        for _ in range(20):
            sizes = [known + 1, known + 2, known + 5, known + 9]
            sends = [partial(processes[n % 2].send, ask(known, size)) for n, size in enumerate(sizes)]
            answers = dict(zip(sizes, pool.map(lambda send: send(), sends), strict=True))
            signed_sizes = [size for size, answer in answers.items() if answer.status_code == 200]
            assert len(signed_sizes) == 1
            known = signed_sizes[0]
            others = {told(answer) for size, answer in answers.items() if size != known}
            assert others == {(409, "text/x.tlog.size", f"{known}\n".encode())}
            assert checkpoint_of(processes[0].kept()).size == known


def test_nothing_is_signed_that_cannot_be_remembered(inspector: Process) -> None:
    inspector.send(ask(0, 5))
    kept = inspector.kept()
    with closing(sqlite3.connect(inspector.state)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert inspector.send(ask(5, 8)).status_code == 503
        other.execute("ROLLBACK")
    assert inspector.kept() == kept


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    made = Memory(tmp_path / "witness.db")
    assert made.prepare()
    with made.alone() as recollection:
        recollection.keep(ORIGIN, Seen(5, bytes(32)), b"note")
    return made


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM seen",
        "UPDATE seen SET size = 4",
        "UPDATE seen SET root = x'00'",
        "UPDATE seen SET origin = 'x'",
        "INSERT OR REPLACE INTO seen VALUES ('gate.example/log/1', 4, x'00', x'00')",
    ],
)
def test_the_memory_does_not_forget_and_does_not_go_back(memory: Memory, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError), memory.alone() as recollection:
        recollection.connection.execute(statement)
    with memory.alone() as recollection:
        assert recollection.seen(ORIGIN) == Seen(5, bytes(32))


def keep_two(recollection: Recollection) -> None:
    recollection.keep(ORIGIN, Seen(6, bytes(32)), b"other")
    recollection.keep("another", Seen(2**63, bytes(32)), b"no column is so wide")


def test_what_fails_is_not_kept(memory: Memory) -> None:
    with pytest.raises(OverflowError), memory.alone() as recollection:
        keep_two(recollection)
    assert memory.notes() == (b"note",)
    assert not memory.prepare()


def test_the_known_key_signs_the_known_line(tmp_path: Path) -> None:
    made = keys.cosigner(WITNESS, bytes(range(32, 64)))
    (tmp_path / "key").write_text(f"{keys.write_key(made)}\n", encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    found = keys.read_key(tmp_path / "key")
    assert found.key == made.key
    assert found.line(read_note(KNOWN_CHECKPOINT).text, TIME) == f"{KNOWN_CHECKPOINT.decode().splitlines()[-1]}\n"
    assert keys.write_key(found).startswith(f"PRIVATE+KEY+{WITNESS}+7d0386a2+")
    assert WITNESS_VKEY.split("+")[1] == "7d0386a2"


GOOD = keys.write_key(keys.cosigner(WITNESS, bytes(range(32, 64))))


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD.replace("PRIVATE", "PUBLIC"),
        GOOD.replace("+7d0386a2+", "+7d0386a3+"),
        GOOD.replace(WITNESS, "another"),
        GOOD + GOOD,
        GOOD[:-4],
        f"{GOOD}\n\n",
        WITNESS_VKEY,
    ],
)
def test_a_file_without_the_key_of_a_witness_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text, encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(MalformedError):
        keys.read_key(tmp_path / "key")


def serve(folder: Path, *options: object) -> tuple[int, str]:
    given = ("--key", folder / "key", "--state", folder / "state", "--log", LOG.vkey)
    shown = call("ledger", "witness", "serve", "--language", "en", *(options or given))
    return shown.exit_code, shown.stderr


def test_a_key_is_made_and_its_public_half_told(tmp_path: Path) -> None:
    shown = call("ledger", "witness", "key", "--out", tmp_path / "key", "--name", NAME, "--language", "en")
    vkey, fingerprint = shown.stdout.splitlines()
    assert keys.read_key(tmp_path / "key").key.name == NAME
    assert vkey.startswith(f"{NAME}+")
    assert fingerprint.startswith("Fingerprint ")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    again = call("ledger", "witness", "key", "--out", tmp_path / "key", "--name", NAME)
    assert (again.exit_code, again.stdout) == (5, "")
    assert call("ledger", "witness", "key", "--out", tmp_path / "no", "--name", "two words").exit_code == 2
    assert not (tmp_path / "no").exists()


def test_what_a_witness_cannot_work_with_is_told_before_it_serves(tmp_path: Path) -> None:
    assert serve(tmp_path)[0] == 2
    keys.make(tmp_path / "key", NAME)
    (tmp_path / "key").chmod(0o644)
    code, said = serve(tmp_path)
    assert (code, "chmod 600" in said) == (2, True)
    (tmp_path / "key").chmod(0o600)
    for log in ("x", WITNESS_VKEY):
        assert serve(tmp_path, "--key", tmp_path / "key", "--state", tmp_path / "state", "--log", log)[0] == 2
    (tmp_path / "state").write_text("not a database, not a database, not a database", encoding="ascii")
    assert serve(tmp_path)[0] == 2
    assert call("ledger", "witness", "kept", "--state", tmp_path / "state").exit_code == 2
    assert call("ledger", "witness", "kept", "--state", tmp_path / "none").exit_code == 2
    assert not (tmp_path / "none").exists()


def test_a_new_memory_is_told_of_once(tmp_path: Path) -> None:
    for times in (1, 1):
        with witness(tmp_path, LOG.key) as process:
            assert process.send(b"x").status_code == 400
        assert process.log.read_text(encoding="utf-8").count("是新文件") == times
