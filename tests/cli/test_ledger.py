"""The commands about the ledger."""

import re
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from service.core.ledger.keys import read_vkey
from service.core.ledger.notes import read_note, verify
from service.core.ledger.proofs import checkpoint_of
from tests import make
from tests.actions import tables
from tests.cli.commands import SLUICE, call

ORIGIN = "zone.example/ledger/1"


def settings(house: make.House, folder: Path) -> Mapping[str, str]:
    return {
        "SLUICE_DATABASE_URL": house.runtime.settings.database_url,
        "SLUICE_LEDGER_KEY_FILE": str(folder / "key"),
        "SLUICE_LEDGER_ORIGIN": ORIGIN,
        "SLUICE_LANGUAGE": "en",
    }


def new_key(folder: Path) -> str:
    shown = call("ledger", "key", "new", "--out", folder / "key", "--name", ORIGIN, "--language", "en")
    assert shown.exit_code == 0
    return shown.stdout.splitlines()[0]


def test_a_key_is_made_and_its_public_half_told(tmp_path: Path) -> None:
    vkey = new_key(tmp_path)
    assert read_vkey(vkey).name == ORIGIN
    again = call("ledger", "key", "new", "--out", tmp_path / "key", "--name", ORIGIN)
    assert (again.exit_code, again.stdout) == (5, "")


def test_a_fingerprint_is_told_to_compare_on_paper(tmp_path: Path) -> None:
    shown = call("ledger", "key", "new", "--out", tmp_path / "key", "--name", ORIGIN, "--language", "en")
    assert re.search(r"^Fingerprint ([0-9a-f]{4} ){15}[0-9a-f]{4}$", shown.stdout, re.MULTILINE)
    assert f"SLUICE_LEDGER_KEY_FILE={tmp_path / 'key'}" in shown.stderr


@pytest.mark.parametrize("origin", ["two words", "a+b", ""])
def test_a_name_no_key_can_have_makes_no_key(tmp_path: Path, origin: str) -> None:
    shown = call("ledger", "key", "new", "--out", tmp_path / "key", "--name", origin)
    assert shown.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_over_everything_is_printed_as_it_is_given_out(house: make.House, tmp_path: Path) -> None:
    vkey = new_key(tmp_path)
    shown = call("ledger", "checkpoint", settings=settings(house, tmp_path))
    assert verify(read_note(shown.stdout_bytes), [read_vkey(vkey)])
    assert checkpoint_of(shown.stdout_bytes).size == tables.counts(house.runtime)["ledger_event"]
    assert call("ledger", "checkpoint", settings=settings(house, tmp_path)).stdout == shown.stdout


def test_without_a_key_there_is_no_checkpoint(house: make.House, tmp_path: Path) -> None:
    unsigned = {name: value for name, value in settings(house, tmp_path).items() if "LEDGER" not in name}
    assert call("ledger", "checkpoint", settings=unsigned).exit_code == 5
    assert "no key" in call("ledger", "sequence", settings=unsigned).stdout
    assert tables.counts(house.runtime)["ledger_pending"] == 0


def test_sequencing_writes_a_heartbeat_and_signs(house: make.House, tmp_path: Path) -> None:
    new_key(tmp_path)
    before = tables.counts(house.runtime)["ledger_event"]
    shown = call("ledger", "sequence", settings=settings(house, tmp_path))
    assert shown.stdout == f"The newest checkpoint covers {before + 1} entries.\n"
    assert tables.events(house.runtime)[-1]["type"] == "log.heartbeat"


def test_sequencing_goes_on_until_it_is_stopped(house: make.House, tmp_path: Path) -> None:
    new_key(tmp_path)
    command = [str(SLUICE), "ledger", "sequence", "--every", "0.05"]
    with subprocess.Popen(command, env={"PATH": "/usr/bin:/bin", **settings(house, tmp_path)}) as process:
        for _ in range(3):
            house.create(make.application())
            size = tables.counts(house.runtime)["ledger_event"]
            while not (tmp_path / "key.memory").exists() or signed(tmp_path) < size:
                assert process.poll() is None
                time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
    assert process.returncode == -signal.SIGTERM
    assert len(tables.events(house.runtime)) == signed(tmp_path)


def signed(folder: Path) -> int:
    return checkpoint_of((folder / "key.memory").read_bytes()).size
