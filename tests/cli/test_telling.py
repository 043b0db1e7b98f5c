"""The commands that have checkpoints signed and posted elsewhere."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from service import signing
from service.core.ledger.keys import VerifierKey, write_vkey
from service.core.ledger.notes import read_note
from service.core.ledger.proofs import checkpoint_of
from service.core.ledger.witnessing import write_size
from tests import make, witnesses
from tests.actions import tables
from tests.cli.commands import SLUICE, call, run
from tests.witnesses import Process, response, silent, stand_in

ORIGIN = "zone.example/ledger/1"
OURS = witnesses.signer("other.example/w")


@pytest.fixture
def log(tmp_path: Path) -> VerifierKey:
    return signing.verifier_key(signing.make_key(tmp_path / "key"), ORIGIN)


@pytest.fixture
def inspector(tmp_path: Path, log: VerifierKey) -> Iterator[Process]:
    with witnesses.witness(tmp_path, log) as process:
        yield process


def settings(house: make.House, folder: Path, *asked: str, anchor: str = "") -> Mapping[str, str]:
    return {
        "SLUICE_DATABASE_URL": house.runtime.settings.database_url,
        "SLUICE_LEDGER_KEY_FILE": str(folder / "key"),
        "SLUICE_LEDGER_ORIGIN": ORIGIN,
        "SLUICE_LANGUAGE": "en",
        "SLUICE_LEDGER_WITNESSES": ",".join(asked),
        "SLUICE_LEDGER_ANCHOR_URL": anchor,
    }


def pair(key: VerifierKey, url: str) -> str:
    return f"{write_vkey(key)} {url}"


def signed(folder: Path) -> int:
    memory = folder / "key.memory"
    return checkpoint_of(memory.read_bytes()).size if memory.exists() else 0


def test_witnesses_are_asked_and_say_what_they_did(house: make.House, inspector: Process, tmp_path: Path) -> None:
    given = settings(house, tmp_path, pair(inspector.key, inspector.url))
    nothing = call("ledger", "witness", "ask", settings=given)
    assert (nothing.exit_code, "Nothing has been signed yet" in nothing.stdout) == (0, True)
    note = call("ledger", "checkpoint", settings=given).stdout_bytes
    for _ in range(2):
        asked = call("ledger", "witness", "ask", settings=given)
        assert (asked.exit_code, asked.stdout) == (
            0,
            f"{inspector.key.name} has signed the checkpoint over {signed(tmp_path)} entries.\n",
        )
    shown = call("ledger", "checkpoint", settings=given).stdout_bytes
    assert shown.startswith(note)
    assert shown == inspector.kept()


def test_a_witness_that_does_not_sign_is_told_with_the_reason(
    house: make.House, log: VerifierKey, tmp_path: Path
) -> None:
    assert log.name == ORIGIN
    call("ledger", "checkpoint", settings=settings(house, tmp_path))
    reasons = {}
    for answer in (
        response(503),
        response(200, b"thanks"),
        response(409, write_size(9_999), Content_Type="text/x.tlog.size"),
        [b"no"],
    ):
        with stand_in(lambda _, answer=answer: answer) as box:  # type: ignore[misc]  # bound early, as meant
            asked = call("ledger", "witness", "ask", settings=settings(house, tmp_path, pair(OURS.key, box.url)))
        assert (asked.exit_code, asked.stdout) == (5, "")
        reasons[answer[0][9:12]] = asked.stderr.removeprefix("other.example/w has not signed: ").strip()
    assert reasons[b"503"] == "it answered with status 503"
    assert reasons[b"200"] == "its answer cannot be read"
    assert reasons[b"409"].startswith("ALARM")
    assert reasons[b""] == "it could not be reached, or broke off"


def test_without_witnesses_there_is_nobody_to_ask(house: make.House, tmp_path: Path) -> None:
    signing.make_key(tmp_path / "key")
    assert call("ledger", "witness", "ask", settings=settings(house, tmp_path)).exit_code == 5


def test_sequencing_once_also_tells_others(house: make.House, inspector: Process, tmp_path: Path) -> None:
    with stand_in(lambda _: response(200)) as box:
        given = settings(house, tmp_path, pair(inspector.key, inspector.url), anchor=box.url)
        shown = call("ledger", "sequence", settings=given)
    size = signed(tmp_path)
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        f"The newest checkpoint covers {size} entries.",
        f"{inspector.key.name} has signed the checkpoint over {size} entries.",
        f"The anchor has the checkpoint over {size} entries.",
    ]
    assert box.letters == [inspector.kept()]


def test_others_who_fail_do_not_fail_the_sequencing(house: make.House, log: VerifierKey, tmp_path: Path) -> None:
    assert log.name == ORIGIN
    with stand_in(lambda _: response(500)) as box:
        given = settings(house, tmp_path, pair(OURS.key, box.url), anchor=box.url)
        shown = call("ledger", "sequence", settings=given)
    assert (shown.exit_code, shown.stdout) == (0, f"The newest checkpoint covers {signed(tmp_path)} entries.\n")
    assert shown.stderr.splitlines() == [
        "other.example/w has not signed: it answered with status 500",
        "The anchor did not take the checkpoint: it answered with status 500",
    ]


def test_the_settings_are_shown_without_the_secret_of_the_anchor(log: VerifierKey, tmp_path: Path) -> None:
    asked = pair(OURS.key, "http://127.0.0.1:8100")
    given = {
        "SLUICE_LEDGER_WITNESSES": f"{asked}/",
        "SLUICE_LEDGER_ANCHOR_URL": "https://archive.example/s3cret?x=s3cret",
    }
    shown = run("config", "check", settings=given).stdout.decode()
    assert f"SLUICE_LEDGER_WITNESSES={asked}\n" in shown
    assert "SLUICE_LEDGER_ANCHOR_URL=https://archive.example\n" in shown
    assert "s3cret" not in shown
    assert (log.name, tmp_path.exists()) == (ORIGIN, True)


@contextmanager
def sequencing(given: Mapping[str, str], log: Path) -> Iterator[Callable[[], list[dict[str, str]]]]:
    """Sequence until this ends; gives what reads the lines of its log."""

    def lines() -> list[dict[str, str]]:
        return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]

    with log.open("wb") as errors:
        command = [str(SLUICE), "ledger", "sequence", "--every", "0.05"]
        process = subprocess.Popen(command, env={"PATH": "/usr/bin:/bin", **given}, stderr=errors)
        try:
            yield lines
            assert process.poll() is None
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def wait(reached: Callable[[], bool]) -> None:
    while not reached():
        time.sleep(0.02)


def test_while_one_witness_hangs_entries_are_signed_cosigned_and_posted(
    house: make.House, inspector: Process, tmp_path: Path
) -> None:
    with silent() as never, stand_in(never) as hanging, stand_in(lambda _: response(200)) as box:
        asked = [pair(OURS.key, hanging.url), pair(inspector.key, inspector.url)]
        given = settings(house, tmp_path, *asked, anchor=box.url)
        with sequencing(given, tmp_path / "sequence.log"):
            for _ in range(2):
                house.create(make.application())
                size = tables.counts(house.runtime)["ledger_event"]
                wait(lambda size=size: signed(tmp_path) >= size)  # type: ignore[misc]  # bound early, as meant
                wait(lambda: inspector.size == signed(tmp_path))
                wait(lambda: bool(box.letters) and checkpoint_of(box.letters[-1]).size == signed(tmp_path))
        assert hanging.letters
    sizes = [checkpoint_of(letter).size for letter in box.letters]
    assert sizes == sorted(set(sizes))


def test_failures_are_told_by_the_log_and_tried_again(house: make.House, log: VerifierKey, tmp_path: Path) -> None:
    assert log.name == ORIGIN
    ahead = response(409, write_size(9_999), Content_Type="text/x.tlog.size")
    answers = iter([response(500), ahead])
    good = witnesses.Pretender(OURS, int(time.time()))
    with (
        stand_in(lambda letter: next(answers, None) or good(letter)) as box,
        stand_in(lambda _: response(500 if len(post.letters) < 2 else 200)) as post,
    ):
        given = settings(house, tmp_path, pair(OURS.key, box.url), anchor=f"{post.url}/s3cret")
        with sequencing(given, tmp_path / "sequence.log") as lines:
            wait(lambda: tables.counts(house.runtime)["ledger_cosignature"] == 1)
            wait(lambda: len(post.letters) == 2)
            told = [line for line in lines() if line["logger"] == "service.cli.ledger.outside"]
    witness = [line for line in told if "witness" in line]
    assert [(line["level"], line["because"]) for line in witness] == [("warning", "status_500"), ("critical", "ahead")]
    assert {line["witness"] for line in witness} == {OURS.key.name}
    anchor = [line for line in told if "witness" not in line]
    assert [(line["level"], line["because"]) for line in anchor] == [("warning", "status_500")]
    assert "s3cret" not in (tmp_path / "sequence.log").read_text(encoding="utf-8")
    assert len(read_note(post.letters[-1]).signatures) in (1, 2)
