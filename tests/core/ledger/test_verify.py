import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from service.core.ledger import verify
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.keys import KeyType
from service.core.ledger.tiles import write_entries
from tests.core.ledger.bundles import BLOB, RULES, case, checkpoints, export, ledger, tiled, with_manifest, write
from tests.core.ledger.inspecting import BOTH, ONLY_LOG, Outcome, brought, exit_code, inspect, run
from tests.core.ledger.logs import (
    EVENTS,
    INSPECTOR,
    KNOWN_CHECKPOINT,
    KNOWN_PROOF,
    LOG,
    LOG_VKEY,
    ORIGIN,
    TIME,
    Signer,
    flipped,
    signed,
)

LEDGER = ledger(100)
CASE = (1, 4, 7, 13)
NOTHING_TO_COMPARE = (
    "that nothing was removed or replaced by a holder of the log's key: nothing to compare with (rollback not excluded)"
)
STRANGER = Signer(ORIGIN, b"\x09" * 32)


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("made", [export, tiled])
def test_a_whole_log_is_proven(tmp_path: Path, made: Callable[..., dict[str, bytes]]) -> None:
    outcome = inspect(tmp_path, made(ledger(600), [60, 300, 600]), *BOTH)
    assert (outcome.code, outcome.found) == (0, [])
    assert "PROVEN" in outcome.text


def test_some_entries_are_proven_with_their_proofs_and_blobs(tmp_path: Path) -> None:
    files = with_manifest({**case(LEDGER, [0, *CASE], [60, 100]), f"blobs/{BLOB}": RULES, "papers/意见.txt": b"x"})
    outcome = inspect(tmp_path, files, *BOTH)
    assert (outcome.code, outcome.found) == (0, [])
    assert "that no later entry about these subjects exists" in outcome.open
    assert run(zipped(tmp_path / "bundle.zip", files), *BOTH) == outcome


def test_what_cannot_be_proven_is_said_each_time(tmp_path: Path) -> None:
    outcome = inspect(tmp_path, export(LEDGER, [100]), *ONLY_LOG)
    assert outcome.open == [
        NOTHING_TO_COMPARE,
        "that others are shown the same history: no witnesses",
        "that this is recent (--max-age)",
        "that 1 blobs named by entries are unchanged: not here",
        "that assessments follow from their facts",
        "that everything that should have been recorded was",
        "that the recorded times are right",
        "that what was stated is true",
    ]


def test_it_runs_alone_in_both_languages(tmp_path: Path) -> None:
    alone = tmp_path / "verify.py"
    alone.write_bytes(Path(verify.__file__).read_bytes())
    bundle = zipped(tmp_path / "bundle.zip", case(LEDGER, CASE, [100]))
    for language, expected in [("zh", "已证明"), ("en", "PROVEN")]:
        command = [sys.executable, "-I", "-S", str(alone), str(bundle), "--key", LOG_VKEY, "--language", language]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert expected in ran.stdout.decode()


def test_without_a_key_to_trust_nothing_is_looked_at(tmp_path: Path) -> None:
    bundle = write(tmp_path / "bundle", export(LEDGER, [100]))
    policy = tmp_path / "policy"
    policy.write_text(f"log {LOG_VKEY}\nquorum none\n")
    assert run(bundle, "--policy", str(policy)).code == 0
    assert exit_code(bundle) == 3
    assert exit_code(bundle, *ONLY_LOG, "--policy", str(policy)) == 3
    assert exit_code(bundle, "--key", LOG_VKEY[:-1]) == 3
    assert exit_code(bundle, *ONLY_LOG, "--max-age", "soon") == 3
    assert exit_code(bundle, *ONLY_LOG, "--checkpoint", str(tmp_path / "none")) == 3
    assert exit_code(tmp_path / "none", *ONLY_LOG) == 3
    assert exit_code(policy, *ONLY_LOG) == 3


def test_a_policy_inside_the_bundle_is_not_trusted(tmp_path: Path) -> None:
    files = {**export(LEDGER, [100], STRANGER), "policy": f"log {STRANGER.vkey}\nquorum none\n".encode()}
    outcome = inspect(tmp_path, files, *ONLY_LOG)
    assert outcome.code == 2
    assert "no signed root: nothing is proven" in outcome.found


def test_without_a_signed_root_nothing_is_proven(tmp_path: Path) -> None:
    files = export(LEDGER, [100])
    del files["checkpoint"]
    outcome = inspect(tmp_path, files, *BOTH)
    assert outcome.code == 2
    assert "no signed root: nothing is proven" in outcome.found
    head, _ = KNOWN_PROOF.split(b"\n\n", 1)
    bare = {"entries/1.json": EVENTS[1], "proofs/1.tlog-proof": head + b"\n"}
    assert inspect(tmp_path / "bare", bare, *BOTH).code == 1


def test_the_known_answer_is_proven_as_a_tree_and_its_events_are_no_events_of_ours(tmp_path: Path) -> None:
    single = {"entries/1.json": EVENTS[1], "proofs/1.tlog-proof": KNOWN_PROOF}
    lines = {"entries.ndjson": b"".join(event + b"\n" for event in EVENTS), "checkpoint": KNOWN_CHECKPOINT}
    tiles = {"tile/entries/000.p/3": write_entries(EVENTS), "checkpoint": KNOWN_CHECKPOINT}
    for number, files in enumerate((single, lines, tiles)):
        assert inspect(tmp_path / str(number), files, *BOTH, "--tree-only").code == 0
        outcome = run(tmp_path / str(number) / "bundle", *BOTH)
        assert outcome.code == 1
        assert "malformed (event)" in outcome.found[0]


def test_a_bit_flipped_in_any_byte_of_an_export_is_found(tmp_path: Path) -> None:
    for files in (export(ledger(2), [2], LOG), tiled(ledger(2), [2], LOG)):
        folder = write(tmp_path, files)
        assert run(folder, *ONLY_LOG).code == 0
        for name, data in files.items():
            for place in range(len(data)):
                (folder / name).write_bytes(flipped(data, place * 8 + place % 8))
                assert run(folder, *ONLY_LOG).code in {1, 2}, (name, place)
            (folder / name).write_bytes(data)
        for name in files:
            (folder / name).unlink()


def test_a_bit_flipped_in_any_byte_of_a_bundle_is_found(tmp_path: Path) -> None:
    files = with_manifest({**case(ledger(3), [1], [2, 3], LOG), "papers/a.txt": b"paper"})
    folder = write(tmp_path, files)
    assert run(folder, *ONLY_LOG).code == 0
    for name, data in files.items():
        for place in range(0, len(data), 5 if name == "manifest.json" else 1):
            (folder / name).write_bytes(flipped(data, place * 8 + place % 8))
            if name == "manifest.json" and json_means_the_same(folder / name, data):
                continue
            assert run(folder, *ONLY_LOG).code in {1, 2}, (name, place)
        (folder / name).write_bytes(data)


def json_means_the_same(path: Path, data: bytes) -> bool:
    """White space of the manifest may change; nothing else may."""
    try:
        return bool(json.loads(path.read_bytes()) == json.loads(data))
    except ValueError:
        return False


def test_a_file_cut_short_is_found(tmp_path: Path) -> None:
    for files in (export(ledger(3), [3], LOG), tiled(ledger(3), [3], LOG), case(ledger(5), [1, 4], [3, 5], LOG)):
        folder = write(tmp_path / str(len(files)), files)
        for name, data in files.items():
            for cut in range(0, len(data), 29):
                (folder / name).write_bytes(data[:cut])
                assert run(folder, *ONLY_LOG).code in {1, 2}, (name, cut)
            (folder / name).write_bytes(data)


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    made = ledger(600)
    complete = {
        "tiled": {
            name: data for name, data in tiled(made, [600], LOG).items() if "entries" in name or name == "checkpoint"
        },
        "case": case(LEDGER, CASE, [60, 100], LOG),
        "listed": with_manifest({"papers/a.txt": b"a", **case(LEDGER, CASE, [100], LOG)}),
    }
    for kind, files in complete.items():
        for name in files.keys() - {"checkpoints/60", "consistency/60-100", "manifest.json"}:
            rest = {other: data for other, data in files.items() if other != name}
            outcome = inspect(tmp_path / kind / name.replace("/", "-"), rest, *ONLY_LOG)
            assert (outcome.code in {1, 2}) is (name != "checkpoint" or kind != "case"), (kind, name)


def test_entries_of_a_subject_follow_each_other(tmp_path: Path) -> None:
    def with_subject(change: Mapping[str, object]) -> Outcome:
        made = ledger(8)
        event = json.loads(made.entries[5])
        event["subject"] |= change
        made.entries[5] = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        return inspect(tmp_path, export(made, [8], LOG), *ONLY_LOG)

    assert with_subject({}).code == 0
    changes: list[dict[str, object]] = [
        {"rev": 3},
        {"rev": 1},
        {"prev": None},
        {"prev": "0" * 64},
        {"id": "case-1"},
        {"id": "new"},
    ]
    for change in changes:
        outcome = with_subject(change)
        assert outcome.code == 1
        assert "entry 5: rev or prev does not follow" in outcome.found
    changes = [{"rev": True}, {"rev": 0}, {"rev": -1}, {"rev": "2"}, {"prev": 7}, {"kind": None}]
    for change in changes:
        assert "entry 5: malformed (event)" in with_subject(change).found


@pytest.mark.parametrize(
    "spoiled",
    [b" ", b"", b"[]", b"1.5", b'{"a":1,"a":1}', b'{"at":"2026-13-01T00:00:00.000000Z"}', b'"\\ud800"', b"\xff"],
)
def test_an_entry_that_is_not_one_spelling_of_an_event_is_found(tmp_path: Path, spoiled: bytes) -> None:
    made = ledger(8)
    made.entries.append(spoiled)
    outcome = inspect(tmp_path, export(made, [9], LOG), *ONLY_LOG)
    assert outcome.code == 1
    assert outcome.found[0].startswith("entry 8: malformed")


def test_a_moment_that_no_calendar_has_is_found(tmp_path: Path) -> None:
    for moment in ("2023-02-30T00:00:00.000000Z", "2023-02-03T25:00:00.000000Z", "2023-02-03T00:00:00Z"):
        made = ledger(1)
        made.entries[0] = made.entries[0].replace(b"2023-11-14T22:00:00.000000Z", moment.encode())
        assert inspect(tmp_path, export(made, [1], LOG), *ONLY_LOG).found == ["entry 0: malformed (event)"]


def test_revisions_left_out_of_a_bundle_are_missing_not_wrong(tmp_path: Path) -> None:
    outcome = inspect(tmp_path, case(LEDGER, [4, 13], [100], LOG), *ONLY_LOG)
    assert outcome.code == 2
    assert outcome.found == [f"entry {n}: earlier revisions of its subject are not here" for n in (4, 13)]


def test_a_proof_proves_only_its_own_entry(tmp_path: Path) -> None:
    files = case(LEDGER, CASE, [100], LOG)
    swapped = {**files, "proofs/4.tlog-proof": files["proofs/7.tlog-proof"]}
    assert "proofs/4.tlog-proof: the proof does not hold" in inspect(tmp_path, swapped, *ONLY_LOG).found
    moved = {**files, "entries/5.json": files["entries/4.json"], "proofs/5.tlog-proof": files["proofs/4.tlog-proof"]}
    assert "proofs/5.tlog-proof: the proof does not hold" in inspect(tmp_path / "moved", moved, *ONLY_LOG).found


def test_a_proof_under_a_root_of_a_stranger_is_refused(tmp_path: Path) -> None:
    outcome = inspect(tmp_path, case(LEDGER, CASE, [100], STRANGER), *ONLY_LOG)
    assert outcome.code == 2
    assert "no signed root: nothing is proven" in outcome.found
    assert "proofs/4.tlog-proof: no signature of a key you trust" in outcome.found


def test_two_signed_roots_of_one_size_contradict_each_other(tmp_path: Path) -> None:
    other = signed(Checkpoint(ORIGIN, 100, bytes(32)), LOG)
    outcome = inspect(tmp_path, case(LEDGER, CASE, [100], LOG), *ONLY_LOG, *brought(tmp_path, other))
    assert outcome.code == 1
    assert "two different roots were signed for size 100" in outcome.found


def test_a_checkpoint_of_another_log_does_not_pass(tmp_path: Path) -> None:
    other = Signer("gate.example/log/2", b"\x03" * 32)
    note = signed(Checkpoint("gate.example/log/2", 50, bytes(32)), other)
    options = (*ONLY_LOG, "--key", other.vkey, *brought(tmp_path, note))
    assert any("of another log" in line for line in inspect(tmp_path, export(LEDGER, [100], LOG), *options).found)


def test_a_bundle_leads_on_from_the_checkpoint_that_was_brought(tmp_path: Path) -> None:
    files = case(LEDGER, CASE, [60, 100], LOG)
    del files["checkpoints/60"]
    kept = brought(tmp_path, LEDGER.checkpoint(60))
    outcome = inspect(tmp_path, files, *ONLY_LOG, *kept)
    assert outcome.code == 0
    assert any("nothing after entry 60" in line for line in outcome.open)

    without = {name: data for name, data in files.items() if "consistency" not in name}
    outcome = inspect(tmp_path / "without", without, *ONLY_LOG, *kept)
    assert (outcome.code, outcome.found) == (2, ["no consistency proof from 60 to a newer checkpoint"])

    false = {**files, "consistency/60-100": b"\n".join(files["consistency/60-100"].split(b"\n")[1:])}
    assert inspect(tmp_path / "false", false, *ONLY_LOG, *kept).code == 1
    other = brought(tmp_path, signed(Checkpoint(ORIGIN, 60, bytes(32)), LOG))
    outcome = inspect(tmp_path, files, *ONLY_LOG, *other)
    assert (outcome.code, outcome.found) == (
        1,
        ["consistency/60-100: the proof does not hold", "no consistency proof from 60 to a newer checkpoint"],
    )


def test_two_checkpoints_and_a_proof_between_them_are_enough(tmp_path: Path) -> None:
    files = case(LEDGER, [], [60, 100], LOG)
    assert inspect(tmp_path, files, *ONLY_LOG).code == 0
    only_one = {"checkpoint": files["checkpoint"]}
    assert inspect(tmp_path / "one", only_one, *ONLY_LOG).found == ["there are no entries to check"]


def test_too_few_witnesses_are_not_enough(tmp_path: Path) -> None:
    second = Signer("second.example", b"\x08" * 32, KeyType.COSIGNATURE)
    files = export(LEDGER, [60, 100], LOG, INSPECTOR)
    outcome = inspect(tmp_path, files, *BOTH, "--key", second.vkey)
    assert (outcome.code, outcome.found) == (2, ["checkpoint 100 lacks the quorum of witnesses"])
    newer = {**files, "checkpoint": LEDGER.checkpoint(100, LOG)}
    assert inspect(tmp_path / "newer", newer, *BOTH).found == ["checkpoint 100 lacks the quorum of witnesses"]


def test_the_range_of_a_key_is_that_of_the_policy(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    bundle = write(tmp_path / "bundle", export(LEDGER, [60, 100], LOG))
    for sizes, code in [("0-100", 0), ("60-100", 0), ("0-99", 2), ("61-", 2)]:
        policy.write_text(f"log {LOG_VKEY} #sizes={sizes}\nquorum none\n")
        assert run(bundle, "--policy", str(policy)).code == code


@pytest.mark.parametrize(
    ("later", "found"),
    [
        (0, []),
        (3600, []),
        (3601, ["the newest time is 3601 seconds old: too old"]),
        (-300, []),
        (-301, ["the newest time is 301 seconds ahead of this clock"]),
    ],
)
def test_the_age_is_that_of_the_newest_cosignature(tmp_path: Path, later: int, found: list[str]) -> None:
    outcome = inspect(tmp_path, export(LEDGER, [100]), *BOTH, "--max-age", "3600", now=TIME + later)
    assert (outcome.code, outcome.found) == (2 if found else 0, found)


def test_the_age_may_be_that_of_a_heartbeat_below_a_signed_root(tmp_path: Path) -> None:
    beat = 1_699_999_200 + 90
    files = export(LEDGER, [100], LOG)
    for later, found in [(10, []), (11, ["the newest time is 11 seconds old: too old"])]:
        outcome = inspect(tmp_path, files, *ONLY_LOG, "--max-age", "10", now=beat + later)
        assert outcome.found == found
    uncovered = export(LEDGER, [90], LOG)
    outcome = inspect(tmp_path, uncovered, *ONLY_LOG, "--max-age", "10", now=beat)
    assert "the newest time is 10 seconds old: too old" not in outcome.found
    assert run(write(tmp_path / "none", export(ledger(5), [5], LOG)), *ONLY_LOG, "--max-age", "10").found == [
        "no witness time or heartbeat to tell the age by"
    ]


def test_a_blob_is_the_one_that_entries_name(tmp_path: Path) -> None:
    files = export(LEDGER, [100], LOG)
    assert inspect(tmp_path, {**files, f"blobs/{BLOB}": RULES}, *ONLY_LOG).code == 0
    outcome = inspect(tmp_path, {**files, f"blobs/{BLOB}": RULES + b" "}, *ONLY_LOG)
    assert (outcome.code, outcome.found) == (1, [f"blobs/{BLOB}: has another hash"])
    other = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    outcome = inspect(tmp_path / "other", {**files, f"blobs/{other}": b""}, *ONLY_LOG)
    assert (outcome.code, outcome.found) == (2, [f"blobs/{BLOB}: missing"])


def test_a_manifest_names_every_file_once_with_its_hash(tmp_path: Path) -> None:
    files = {**case(LEDGER, CASE, [100], LOG), "papers/a.txt": b"a"}
    listed = with_manifest(files)
    manifest = json.loads(listed["manifest.json"])

    def outcome(change: Mapping[str, bytes | None]) -> tuple[int, list[str]]:
        changed = {name: data for name, data in (listed | dict(change)).items() if data is not None}
        place = tmp_path / str(len(list(tmp_path.iterdir())))
        result = inspect(place, changed, *ONLY_LOG)
        return result.code, result.found

    assert outcome({}) == (0, [])
    assert outcome({"papers/a.txt": b"b"}) == (1, ["papers/a.txt: has another hash"])
    assert outcome({"papers/b.txt": b"b"}) == (1, ["papers/b.txt: has another hash"])
    assert outcome({"papers/a.txt": None}) == (2, ["papers/a.txt: missing"])
    for broken in (b"", b"[]", b"{}", b'{"files":{},"format":"sluice-bundle/1"}', b'{"files":[],"format":"x"}'):
        assert outcome({"manifest.json": broken}) == (1, ["manifest.json: malformed (manifest)"])
    twice = listed["manifest.json"].replace(b'"papers/a.txt"', b'"checkpoint"')
    assert outcome({"manifest.json": twice}) == (1, ["manifest.json: malformed (manifest)"])
    other = json.dumps(manifest | {"format": "sluice-bundle/2"}).encode()
    assert outcome({"manifest.json": other}) == (1, ["manifest.json: malformed (manifest)"])


@pytest.mark.parametrize(
    "name",
    ["entries/01.json", "entries/1.txt", "proofs/x.tlog-proof", "tile/0/1", "tile/entries/000.p/0", "consistency/x"],
)
def test_a_file_out_of_the_layout_is_not_passed_over_in_silence(tmp_path: Path, name: str) -> None:
    outcome = inspect(tmp_path, {**case(LEDGER, CASE, [100], LOG), name: b""}, *ONLY_LOG)
    assert outcome.code == 2
    assert outcome.found == [f"{name}: not part of the layout, not checked"]


def test_a_tile_that_differs_or_reaches_beyond_the_entries_is_found(tmp_path: Path) -> None:
    made = ledger(300)
    files = tiled(made, [257, 300], LOG)
    assert inspect(tmp_path, files, *ONLY_LOG).code == 0
    for name in ("tile/0/000", "tile/0/001.p/1", "tile/0/001.p/44", "tile/1/000.p/1"):
        outcome = inspect(tmp_path, {**files, name: flipped(files[name], 9)}, *ONLY_LOG)
        assert (outcome.code, outcome.found) == (1, [f"{name}: differs from the entries"])
        (tmp_path / "bundle" / name).write_bytes(files[name])
    for name in ("tile/0/001.p/45", "tile/0/001", "tile/1/000.p/2", "tile/1/001", "tile/2/000.p/1"):
        outcome = inspect(tmp_path, {**files, name: files["tile/0/000"]}, *ONLY_LOG)
        assert outcome.code == 2
        (tmp_path / "bundle" / name).unlink()


def test_a_bundle_of_entries_that_disagrees_with_its_narrower_form_is_found(tmp_path: Path) -> None:
    files = tiled(ledger(9), [5, 9], LOG)
    files["tile/entries/000.p/5"] = flipped(files["tile/entries/000.p/5"], 100)
    assert inspect(tmp_path, files, *ONLY_LOG).code == 1


def test_a_zip_with_two_files_of_one_name_is_not_opened(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bundle.zip", export(LEDGER, [100], LOG))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("checkpoint", LEDGER.checkpoint(60))
    assert exit_code(path, *ONLY_LOG) == 3


def test_a_broken_zip_is_proven_only_if_its_files_are_as_they_were(tmp_path: Path) -> None:
    files = export(ledger(3), [3], LOG)
    path = zipped(tmp_path / "bundle.zip", files)
    data = path.read_bytes()
    codes = set()
    for place in range(len(data)):
        path.write_bytes(flipped(data, place * 8 + place % 8))
        codes.add(code := exit_code(path, *ONLY_LOG))
        if code == 0:
            with zipfile.ZipFile(path) as archive:
                assert {name: archive.read(name) for name in files} == files
    assert codes == {0, 2, 3}
    flags = data.index(b"PK\x01\x02") + 8
    path.write_bytes(flipped(data, flags * 8))
    assert exit_code(path, *ONLY_LOG) == 3


def test_entries_given_in_two_forms_are_not_chosen_between(tmp_path: Path) -> None:
    files = {**export(LEDGER, [100], LOG), **tiled(LEDGER, [100], LOG)}
    assert exit_code(write(tmp_path, files), *ONLY_LOG) == 3


def test_many_findings_of_one_kind_are_counted(tmp_path: Path) -> None:
    made = ledger(30)
    made.entries = [entry + b" " for entry in made.entries]
    outcome = inspect(tmp_path, export(made, [30], LOG), *ONLY_LOG)
    assert len(outcome.found) == 11
    assert outcome.found[-1] == "20 more of this kind"


def test_an_empty_log_has_its_root_too(tmp_path: Path) -> None:
    files = {"entries.ndjson": b"", **checkpoints(ledger(0), [0], LOG)}
    assert inspect(tmp_path, files, *ONLY_LOG).code == 0
    wrong = {"entries.ndjson": b"", "checkpoint": signed(Checkpoint(ORIGIN, 0, bytes(32)), LOG)}
    assert inspect(tmp_path / "wrong", wrong, *ONLY_LOG).code == 1


def test_every_sentence_stands_in_both_languages_with_the_same_figures() -> None:
    for table in (verify.CHECKS, verify.FINDINGS, verify.OPEN, verify.VERDICTS):
        for code, sentences in table.items():
            zh, en = sentences
            assert figures(zh) == figures(en), code


def figures(sentence: str) -> set[str]:
    return {part.split("}")[0] for part in sentence.split("{")[1:]}
