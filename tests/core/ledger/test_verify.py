import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.core.ledger import verify
from service.core.ledger.checkpoint import Checkpoint
from service.core.ledger.keys import KeyType
from service.core.ledger.tiles import write_entries
from tests.core.ledger.bundles import (
    BLOB,
    RULES,
    case,
    checkpoints,
    export,
    ledger,
    tiled,
    with_manifest,
    write,
    zipped,
)
from tests.core.ledger.inspecting import BOTH, ONLY_LOG, brought, exit_code, inspect, run
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
    signed,
)

LEDGER = ledger(100)
CASE = (1, 4, 7, 13)
NOTHING_TO_COMPARE = (
    "that nothing was removed or replaced by a holder of the log's key: nothing to compare with (rollback not excluded)"
)
STRANGER = Signer(ORIGIN, b"\x09" * 32)


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
