"""The commands of an inspector, and of whoever holds the machine for one."""

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from click.testing import Result
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from service import signing
from service.actions import ledger
from service.core.ledger import verify
from service.core.ledger.folding import Trouble
from service.core.ledger.keys import write_vkey
from service.core.ledger.notes import Note, signed_by, write_note
from service.core.ledger.proofs import checkpoint_of, read_proof
from service.core.people import SYSTEM
from service.words import sections
from tests import busy, databases, make, playing
from tests.actions import papers, tables
from tests.cli.commands import SLUICE, call

CODES: Final = frozenset(trouble.value for trouble in Trouble)


def settings(house: make.House) -> Mapping[str, str]:
    held = house.runtime.settings
    return {
        "SLUICE_DATABASE_URL": held.database_url,
        "SLUICE_LEDGER_KEY_FILE": held.ledger_key_file,
        "SLUICE_LEDGER_ORIGIN": held.ledger_origin,
        "SLUICE_EVIDENCE_FOLDER": held.evidence_folder,
        "SLUICE_LANGUAGE": "en",
    }


def do(house: make.House, *arguments: object) -> Result:
    return call("ledger", *arguments, settings=settings(house))


def vkey(house: make.House) -> str:
    assert house.runtime.signer is not None
    return write_vkey(house.runtime.signer.key)


def kept(house: make.House, folder: Path, name: str = "kept.txt") -> Path:
    """Have everything signed, and keep the checkpoint."""
    ledger.tend(house.runtime)
    with house.runtime.work(SYSTEM, read_only=True) as work:
        (folder / name).write_bytes(ledger.note(work))
    return folder / name


def inspected(house: make.House, place: Path, *options: object) -> int:
    """What the verifier says in a process of its own."""
    command = [sys.executable, "-I", "-S", verify.__file__, str(place), "--key", vkey(house), *map(str, options)]
    return subprocess.run(command, capture_output=True, check=False).returncode


def rewritten(house: make.House, table: str, change: str) -> None:
    """What the owner of the database can do."""
    owner = create_engine(databases.text_of(house.runtime.engine), poolclass=NullPool)
    if owner.dialect.name == "sqlite":
        triggers = ("SELECT name FROM sqlite_master WHERE type = 'trigger'", "DROP TRIGGER {name}", "SELECT '{name}'")
    else:
        of_table = f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{table}'::regclass AND NOT tgisinternal"  # noqa: S608 - our own
        triggers = (
            of_table,
            f"ALTER TABLE {table} DISABLE TRIGGER {{name}}",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {{name}}",
        )
    listed, off, on = triggers
    with owner.begin() as connection:
        names = connection.execute(text(listed)).scalars().all()
        for statement in (*(off.format(name=name) for name in names), f"UPDATE {table} SET {change}"):  # noqa: S608 - our own
            connection.execute(text(statement))
        for name in names:
            connection.execute(text(on.format(name=name)))


@pytest.fixture
def number(house: make.House) -> str:
    return house.row(playing.played(house)).number


def test_a_bundle_is_written_and_proven(house: make.House, number: str, tmp_path: Path) -> None:
    old, out = kept(house, tmp_path), tmp_path / "case.zip"
    shown = do(house, "bundle", number, "--out", out, "--checkpoint", old)
    assert shown.exit_code == 0, shown.output
    assert inspected(house, out, "--checkpoint", old) == 0
    with zipfile.ZipFile(out) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert inspected(house, tmp_path / "unpacked", "--checkpoint", old) == 0
    last = [event for event in tables.events(house.runtime) if event["type"] == "bundle.read"][-1]
    assert last["actor"] == {"ref": "system", "roles": ["auditor"]}


def test_the_verifier_runs_from_the_command_with_its_own_exit_codes(
    house: make.House, number: str, tmp_path: Path
) -> None:
    out = tmp_path / "case.zip"
    assert do(house, "bundle", number, "--out", out).exit_code == 0
    shown = do(house, "verify", out, "--key", vkey(house))
    assert (shown.exit_code, "PROVEN" in shown.stdout) == (0, True)
    assert "已证明" in do(house, "verify", "--language", "zh", "--key", vkey(house), out).stdout
    assert do(house, "verify", out, "--key", vkey(house), "--max-age", "1").exit_code == 2
    out.write_bytes(out.read_bytes().replace(b'"state":"draft"', b'"state":"drift"', 1))
    assert do(house, "verify", out, "--key", vkey(house)).exit_code == 3
    assert do(house, "verify", out).exit_code == 3


def test_a_number_no_case_has_gives_no_bundle(house: make.House, tmp_path: Path) -> None:
    assert do(house, "bundle", "2026-9999", "--out", tmp_path / "case.zip").exit_code == 4
    assert not (tmp_path / "case.zip").exists()


def test_a_bundle_names_what_it_lacks(house: make.House, tmp_path: Path) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    (stored,) = (path for path in papers.blobs(house).folder.rglob("*") if path.is_file())
    stored.unlink()
    shown = do(house, "bundle", house.row(case_id).number, "--out", tmp_path / "case.zip")
    assert (shown.exit_code, stored.name in shown.stderr) == (0, True)
    assert inspected(house, tmp_path / "case.zip") == 2


def test_a_bundle_that_is_killed_while_it_is_written_leaves_no_file_of_its_name(
    house: make.House, tmp_path: Path
) -> None:
    number, out, begun = house.row(papers.case(house)).number, tmp_path / "case.zip", tmp_path / ".case.zip.part"
    os.mkfifo(begun)
    command = [str(SLUICE), "ledger", "bundle", number, "--out", str(out)]
    with (
        subprocess.Popen(command, env={"PATH": "/usr/bin:/bin", **settings(house)}) as process,
        begun.open("rb") as pipe,
    ):
        assert pipe.read(4) == b"PK\x03\x04"
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not out.exists()
    begun.unlink()
    begun.write_bytes(b"half of an archive")
    assert do(house, "bundle", number, "--out", out).exit_code == 0
    assert inspected(house, out) == 0
    assert not begun.exists()


def test_a_proof_is_printed_by_number_and_by_identifier(house: make.House, tmp_path: Path) -> None:
    size = checkpoint_of(kept(house, tmp_path).read_bytes()).size
    house.create(make.draft())
    kept(house, tmp_path)
    event = tables.events(house.runtime)[2]
    for shown in (do(house, "prove", 2), do(house, "prove", event["id"])):
        assert (shown.exit_code, read_proof(shown.stdout_bytes).index) == (0, 2)
    older = read_proof(do(house, "prove", 2, "--size", size).stdout_bytes)
    assert checkpoint_of(older.checkpoint).size == size
    for name in ("99999", "x", "018f0000-0000-7000-8000-000000000000"):
        assert do(house, "prove", name).exit_code == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("9" * 5_000,),
        ("007",),
        ("٧",),
        ("9" * 19,),
        ("0", "--size", "9" * 23),
        ("0", "--size", "8_9"),
        ("0", "--size", "٨٩"),
        ("0", "--size", "089"),
        ("0", "--size", "-1"),
    ],
    ids=lambda arguments: " ".join(arguments)[:20],
)
def test_a_number_that_the_ledger_does_not_write_is_told_on_a_line(
    house: make.House, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    kept(house, tmp_path)
    shown = do(house, "prove", *arguments)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert f"“{arguments[-1][:40]}” is no number" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_what_a_killed_export_left_is_removed_by_the_next(house: make.House, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    kept(house, tmp_path)
    assert do(house, "export", folder).exit_code == 0
    (begun,) = (folder / "tile" / "0").rglob("*.p/*")
    for name in ("tile/0/000.p/.80.part", "tile/0/.000.part", "tile/entries/000.p/.80.part", "checkpoints/.80.part"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"half")
    (folder / "tile" / "1" / "000.p").mkdir(parents=True)
    begun.rename(begun.with_name(f".{begun.name}.part"))
    house.create(make.draft())
    kept(house, tmp_path)
    shown = do(house, "export", folder)
    assert shown.exit_code == 0, shown.output
    assert not list(folder.rglob("*.part"))
    assert not (folder / "tile" / "1" / "000.p").exists()
    assert inspected(house, folder) == 0


def test_the_log_is_exported_proven_and_only_what_is_new_the_next_time(house: make.House, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    for _ in range(130):
        house.create(make.application())
    old = kept(house, tmp_path)
    assert do(house, "export", folder).exit_code == 0
    assert inspected(house, folder, "--checkpoint", old) == 0
    full = folder / "tile" / "entries" / "000"
    before = full.stat().st_mtime_ns
    house.create(make.application())
    new = kept(house, tmp_path, "new.txt")
    assert do(house, "export", folder).exit_code == 0
    assert full.stat().st_mtime_ns == before
    assert inspected(house, folder, "--checkpoint", old, "--checkpoint", new) == 0
    sizes = [checkpoint_of(path.read_bytes()).size for path in (old, new)]
    assert [path.name for path in (folder / "checkpoints").iterdir()] == [str(sizes[0])]
    partial = folder / "tile" / "entries" / "001.p"
    assert [path.name for path in partial.iterdir()] == [str(sizes[1] - 256)]
    assert "Wrote 1 file(s)" in do(house, "export", folder).stdout


def test_an_export_with_all_that_entries_name_is_proven_with_it(house: make.House, tmp_path: Path) -> None:
    playing.played(house)
    kept(house, tmp_path)
    assert do(house, "export", tmp_path / "log", "--blobs").exit_code == 0
    shown = do(house, "verify", tmp_path / "log", "--key", vkey(house))
    assert (shown.exit_code, "blobs named" in shown.stdout) == (0, False), shown.stdout
    (papers_there,) = [path for path in (tmp_path / "log" / "blobs").iterdir() if path.read_bytes() == papers.PDF]
    papers_there.write_bytes(b"another")
    assert inspected(house, tmp_path / "log") == 1


def test_a_folder_of_another_history_is_left_as_it_is(house: make.House, tmp_path: Path) -> None:
    kept(house, tmp_path)
    folder = tmp_path / "log"
    assert do(house, "export", folder).exit_code == 0
    note = (folder / "checkpoint").read_bytes()
    size = checkpoint_of(note).size
    for larger in (note.replace(f"\n{size}\n".encode(), f"\n{size + 9}\n".encode()), _other_root(note)):
        (folder / "checkpoint").write_bytes(larger)
        shown = do(house, "export", folder)
        assert (shown.exit_code, "another history" in shown.stderr) == (5, True)
        assert (folder / "checkpoint").read_bytes() == larger


def _other_root(note: bytes) -> bytes:
    origin, size, root, *rest = note.split(b"\n")
    return b"\n".join((origin, size, (b"B" if root[:1] == b"A" else b"A") + root[1:], *rest))


def test_the_doctor_finds_a_healthy_house_sound_and_says_what_it_cannot_know(house: make.House, tmp_path: Path) -> None:
    busy.make_busy(house)
    shown = do(house, "doctor", "--checkpoint", kept(house, tmp_path))
    assert shown.exit_code == 0, shown.output
    assert "SOUND" in shown.stdout
    assert "  - that what was stated is true" in shown.stdout
    assert "no checkpoint of an inspector" in do(house, "doctor").stdout


def test_without_a_checkpoint_the_doctor_is_not_through(house: make.House) -> None:
    shown = do(house, "doctor")
    assert (shown.exit_code, "SOUND" in shown.stdout) == (2, True)
    assert "no checkpoint from outside the database" in shown.stdout


def test_the_doctor_says_where_a_table_was_changed_in_both_languages(house: make.House, tmp_path: Path) -> None:
    case_id = house.create(make.application())
    old = kept(house, tmp_path)
    rewritten(house, "application", "total = 99")
    shown = do(house, "doctor", "--checkpoint", old)
    assert shown.exit_code == 1
    assert f"application {case_id} total: something else stands here than the ledger says" in shown.stdout
    assert "内容与台账不符" in do(house, "doctor", "--checkpoint", old, "--language", "zh").stdout


def test_the_doctor_finds_by_a_kept_checkpoint_what_the_database_hides(house: make.House, tmp_path: Path) -> None:
    old = kept(house, tmp_path)
    note = old.read_bytes()
    forged = note.split(b"\n\n")[0].split(b"\n")
    for changed in ((forged[0], b"%d" % (int(forged[1]) + 5), forged[2]), (forged[0], forged[1], b"A" * 43 + b"=")):
        old.write_bytes(_signed(house, b"\n".join(changed) + b"\n"))
        assert do(house, "doctor", "--checkpoint", old).exit_code == 1
    old.write_bytes(note)
    assert do(house, "doctor", "--checkpoint", old).exit_code == 0
    other = write_vkey(signing.verifier_key(bytes(32), house.runtime.settings.ledger_origin))
    assert do(house, "doctor", "--checkpoint", old, "--key", other).exit_code == 2


def _signed(house: make.House, words: bytes) -> bytes:
    """What whoever holds the key can sign."""
    signer = house.runtime.signer
    assert signer is not None
    return write_note(Note(words.decode(), (signed_by(signer.key, signer.sign(words)),)))


def test_what_was_assessed_is_assessed_again(house: make.House) -> None:
    playing.played(house)
    shown = do(house, "replay")
    assert (shown.exit_code, "5 equal, 0 different" in shown.stdout) == (0, True), shown.stdout
    rewritten(house, "application_version", "facts = replace(facts, '80.5', '80.25')")
    shown = do(house, "replay")
    assert shown.exit_code == 1
    assert "assessed again, something else comes out" in shown.stdout


def test_everything_the_doctor_may_find_has_words() -> None:
    for language in ("zh", "en"):
        assert sections("doctor")[language].keys() >= CODES
