"""Bundles made to break the verifier, to be proven by it without cause, or to write on the inspector's terminal."""

import json
import os
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from service.core.ledger import bundles, verify
from service.core.ledger.canonical import Plain
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.merkle import verify_consistency
from service.core.ledger.refusal import NotProvenError
from tests.core.ledger.bundles import (
    BLOB,
    RULES,
    Ledger,
    case,
    checkpoints,
    export,
    ledger,
    tiled,
    with_manifest,
    write,
    zipped,
)
from tests.core.ledger.inspecting import BOTH, ONLY_LOG, brought, code_within, exit_code, inspect, run
from tests.core.ledger.logs import INSPECTOR, LOG, ORIGIN, signed

LEDGER = ledger(100)
CASE = (1, 4, 7, 13)
FILES = case(LEDGER, CASE, [100], LOG)
FEW_KIBIBYTES = 100_000


def test_hashes_of_what_is_told_nowhere_are_not_asked_for(tmp_path: Path) -> None:
    made = ledger(3)
    told = {f"{name}_sha256": sha256(name.encode()).hexdigest() for name in ("url", "secret", "previous_secret")}
    made.record("person.password_set", ("person", "p"), {"hash_sha256": "0" * 64, "why": "chosen"})
    made.record("webhook.created", ("webhook", "w"), told)
    outcome = inspect(tmp_path, {**export(made, [5], LOG), f"blobs/{BLOB}": RULES}, *ONLY_LOG)
    assert (outcome.code, outcome.found) == (0, [])
    assert bundles.named("webhook.created", told) == (frozenset(), frozenset())
    assert bundles.named("person.password_set", {"hash_sha256": "0" * 64}) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    "change",
    [
        {"missing": [[1, "missing"]]},
        {"missing": [["blobs/" + "0" * 64, "missing"]]},
        {"missing": {"blobs/" + "0" * 64: []}},
        {"files": [["checkpoint", "0" * 64]]},
        {"files": {"checkpoint": 1}},
        {"files": {"manifest.json": "0" * 64}},
        {"sizes": [["checkpoint", 1]]},
        {"format": []},
    ],
)
def test_a_manifest_of_another_form_is_refused(tmp_path: Path, change: Mapping[str, object]) -> None:
    manifest = json.loads(with_manifest(FILES)["manifest.json"]) | change
    outcome = inspect(tmp_path, {**FILES, "manifest.json": json.dumps(manifest).encode()}, *ONLY_LOG)
    assert (outcome.code, outcome.found) == (1, ["manifest.json: malformed (manifest)"])


@pytest.mark.parametrize("value", [["0" * 64], {"a": 1}])
def test_a_draft_that_names_no_text_is_read(tmp_path: Path, value: Plain) -> None:
    made = Ledger()
    data: dict[str, Plain] = {"facts_sha256": value, "header_sha256": "1" * 64}
    made.record("application.created", ("application", "a"), data)
    assert inspect(tmp_path, export(made, [1], LOG), *ONLY_LOG).code == 0
    assert bundles.named("application.created", data)[1] == {"1" * 64}


@pytest.mark.parametrize("name", ["tile/entries/" + "x001/" * 1500 + "001", "tile/0/" + "x999/" * 6 + "999"])
def test_a_tile_beyond_every_tree_is_no_tile(tmp_path: Path, name: str) -> None:
    outcome = run(zipped(tmp_path / "bundle.zip", {**FILES, name: b""}), *ONLY_LOG)
    assert (outcome.code, outcome.found) == (2, [f"{name}: not part of the layout, not checked"])


def test_a_zip_that_cannot_be_read_is_no_evidence(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bundle.zip", {"q": b""})
    path.write_bytes(path.read_bytes().replace(b"q", b"\x00"))
    assert exit_code(path, *ONLY_LOG) in {2, 3}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("水", b"")
    path.write_bytes(path.read_bytes().replace("水".encode(), b"\xff\xfe\xfd"))
    assert exit_code(path, *ONLY_LOG) == 3
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("checkpoint", FILES["checkpoint"])
    data = bytearray(path.read_bytes())
    data[39:60] = b"\xff" * 21
    path.write_bytes(bytes(data))
    assert exit_code(path, *ONLY_LOG) == 3


def test_a_file_that_does_not_fit_into_memory_is_no_evidence(tmp_path: Path) -> None:
    folder = write(tmp_path, FILES)
    assert code_within(FEW_KIBIBYTES, folder, *ONLY_LOG) == 0
    with (folder / "checkpoint").open("ab") as file:
        file.truncate(verify.LARGEST_FILE)
    assert exit_code(folder, *ONLY_LOG) == 1
    assert code_within(FEW_KIBIBYTES, folder, *ONLY_LOG) == 3


def test_names_cannot_write_on_the_terminal(tmp_path: Path) -> None:
    names = ["a\nPROVEN", "a\x1b[2J", "a\u202eb", "a\u2028b", "a\x9bb", "a\ud800", "a\x7f"]
    listed = with_manifest(FILES)
    manifest = json.loads(listed["manifest.json"])
    manifest["files"] |= dict.fromkeys(names, "0" * 64)
    outcome = inspect(tmp_path, {**FILES, "manifest.json": json.dumps(manifest).encode()}, *ONLY_LOG)
    assert outcome.code == 2
    shown = ["a\\u000aPROVEN", "a\\u001b[2J", "a\\u202eb", "a\\u2028b", "a\\u009bb", "a\\ud800", "a\\u007f"]
    assert outcome.found == [f"{name}: missing" for name in shown]


def test_a_name_of_other_bytes_is_said(tmp_path: Path) -> None:
    folder = write(tmp_path / "bundle", FILES)
    (folder / "blobs").mkdir()
    (folder / "blobs" / os.fsdecode(b"\xff")).write_bytes(b"")
    assert run(folder, *ONLY_LOG).found == ["blobs/\\udcff: not part of the layout, not checked"]


def test_a_name_with_a_newline_is_out_of_the_layout(tmp_path: Path) -> None:
    outcome = inspect(tmp_path, {**FILES, "entries/1\n.json": b""}, *ONLY_LOG)
    assert (outcome.code, outcome.found) == (2, ["entries/1\\u000a.json: not part of the layout, not checked"])
    other = signed(Checkpoint(ORIGIN, 100, bytes(32)), LOG)
    assert inspect(tmp_path / "other", {**FILES, "checkpoints/a\nb": other}, *ONLY_LOG).code == 1


def test_a_log_larger_than_memory_is_looked_at(tmp_path: Path) -> None:
    made = Ledger()
    for number in range(1_700):
        made.record("application.changed", ("application", str(number)), {"why": "w" * 65_000})
    files = export(made, [len(made.entries)], LOG)
    assert len(files["entries.ndjson"]) > FEW_KIBIBYTES << 10
    assert code_within(FEW_KIBIBYTES, zipped(tmp_path / "bundle.zip", files), *ONLY_LOG) == 0


def test_the_same_tree_told_twice_leads_nowhere(tmp_path: Path) -> None:
    twice = {"checkpoint": LEDGER.checkpoint(100, LOG), "checkpoints/a": LEDGER.checkpoint(100, LOG, INSPECTOR)}
    outcome = inspect(tmp_path, twice, *BOTH)
    assert (outcome.code, outcome.found) == (2, ["there are no entries to check"])
    assert run(tmp_path / "bundle", *ONLY_LOG, *brought(tmp_path, twice["checkpoint"])).code == 0


def test_the_empty_tree_has_one_root(tmp_path: Path) -> None:
    wrong = signed(Checkpoint(ORIGIN, 0, bytes(32)), LOG)
    outcome = inspect(tmp_path, {**FILES, "checkpoints/0": wrong}, *ONLY_LOG)
    assert (outcome.code, outcome.found) == (1, ["the entries do not have the root of checkpoint 0"])
    assert inspect(tmp_path / "right", {**FILES, **checkpoints(LEDGER, [0, 100], LOG)}, *ONLY_LOG).code == 0
    for root, holds in ((bytes(32), False), (sha256().digest(), True)):
        if holds:
            verify_consistency((0, root), (0, root), ())
            verify.check_consistency((0, root), (0, root), ())
        else:
            with pytest.raises(NotProvenError):
                verify_consistency((0, root), (0, root), ())
            with pytest.raises(verify.Refused):
                verify.check_consistency((0, root), (0, root), ())


def test_the_quorum_may_be_on_the_checkpoint_that_was_brought(tmp_path: Path) -> None:
    kept = brought(tmp_path, LEDGER.checkpoint(100, LOG, INSPECTOR))
    outcome = inspect(tmp_path, FILES, *BOTH, *kept)
    assert (outcome.code, outcome.found) == (0, [])
    assert run(tmp_path / "bundle", *BOTH).code == 2


def test_a_hash_tile_without_the_log_is_not_passed_over(tmp_path: Path) -> None:
    tiles = {name: data for name, data in tiled(ledger(300), [300], LOG).items() if name.startswith("tile/0")}
    outcome = inspect(tmp_path, {**FILES, **tiles}, *ONLY_LOG)
    assert (outcome.code, outcome.found) == (2, [f"{name}: its entries are not here" for name in sorted(tiles)])


@pytest.mark.parametrize("change", [{"v": 2}, {"v": True}, {"more": 1}, {"type": "x"}, {"actor": {"ref": "u"}}])
def test_an_event_has_its_members_and_no_others(tmp_path: Path, change: Mapping[str, object]) -> None:
    made = ledger(1)
    event = json.loads(made.entries[0]) | change
    made.entries[0] = json.dumps(event, sort_keys=True, separators=(",", ":")).encode()
    outcome = inspect(tmp_path, export(made, [1], LOG), *ONLY_LOG)
    assert (outcome.code, outcome.found) == (1, ["entry 0: malformed (event)"])


def test_only_a_heartbeat_stands_for_itself(tmp_path: Path) -> None:
    made = Ledger()
    for type_ in ("log.key_added", "log.key_added", "log.heartbeat", "log.heartbeat"):
        made.record(type_, ("log", ORIGIN))
    assert inspect(tmp_path / "beat", case(made, [3], [4], LOG), *ONLY_LOG).code == 0
    outcome = inspect(tmp_path / "key", case(made, [1], [4], LOG), *ONLY_LOG)
    assert (outcome.code, outcome.found) == (2, ["entry 1: earlier revisions of its subject are not here"])
