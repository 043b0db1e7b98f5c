"""The design's table of attacks, by someone who may write every file: without anchor, with an old, with a fresh one."""

from pathlib import Path

import pytest

from tests.core.ledger.bundles import Ledger, export, ledger
from tests.core.ledger.inspecting import BOTH, ONLY_LOG, Outcome, brought, inspect
from tests.core.ledger.logs import INSPECTOR, LOG

HONEST = ledger(100)
NO_ANCHOR, OLD, FRESH = None, 60, 100
NOTHING_TO_COMPARE = "nothing to compare with (rollback not excluded)"


def changed(place: int) -> Ledger:
    """Change an event, and every later entry of its subject, as a careful forger would."""
    return _again({place: "changed"}, dropped=100)


def backdated(place: int) -> Ledger:
    return _again({place: "inserted"}, dropped=99)


def _again(forged: dict[int, str], dropped: int) -> Ledger:
    made = ledger(1)
    for number in range(1, dropped):
        if forged.get(number) == "inserted":
            made.record("application.changed", ("application", "case-0"), {"number": -1})
        kind = ("log", "gate.example/log/1") if number % 10 == 0 else ("application", f"case-{number % 3}")
        data = {"number": -number if forged.get(number) == "changed" else number}
        made.record("application.changed", kind, data)
    return made


def shown(folder: Path, files: dict[str, bytes], anchor: int | None, *options: str) -> Outcome:
    kept = brought(folder, HONEST.checkpoint(anchor)) if anchor else ()
    return inspect(folder, files, *(options or ONLY_LOG), *kept)


@pytest.mark.parametrize("anchor", [NO_ANCHOR, OLD, FRESH])
def test_the_honest_log_passes(tmp_path: Path, anchor: int | None) -> None:
    assert shown(tmp_path, export(HONEST, [60, 100], LOG), anchor).code == 0


@pytest.mark.parametrize("anchor", [NO_ANCHOR, OLD, FRESH])
def test_a_changed_event_is_found(tmp_path: Path, anchor: int | None) -> None:
    files = export(HONEST, [60, 100], LOG)
    files["entries.ndjson"] = files["entries.ndjson"].replace(b'"number":31', b'"number":32')
    outcome = shown(tmp_path, files, anchor)
    assert outcome.code == 1
    assert "the entries do not have the root of checkpoint 100" in outcome.found


@pytest.mark.parametrize("anchor", [NO_ANCHOR, OLD, FRESH])
def test_a_tree_built_again_under_the_old_checkpoints_is_found(tmp_path: Path, anchor: int | None) -> None:
    files = export(HONEST, [60, 100], LOG) | {"entries.ndjson": export(changed(31), [100])["entries.ndjson"]}
    assert shown(tmp_path, files, anchor).code == 1


@pytest.mark.parametrize(("anchor", "code"), [(NO_ANCHOR, 2), (OLD, 1), (FRESH, 1)])
def test_a_tree_built_again_without_checkpoints_is_uncovered_or_found(
    tmp_path: Path, anchor: int | None, code: int
) -> None:
    outcome = shown(tmp_path, {"entries.ndjson": export(changed(31), [100])["entries.ndjson"]}, anchor)
    assert outcome.code == code
    assert (anchor is FRESH) != any(line.startswith("no checkpoint covers") for line in outcome.found)


@pytest.mark.parametrize(("anchor", "code"), [(NO_ANCHOR, 0), (OLD, 1), (FRESH, 1)])
def test_a_tree_signed_again_with_the_stolen_key_is_found_by_any_anchor(
    tmp_path: Path, anchor: int | None, code: int
) -> None:
    outcome = shown(tmp_path, export(changed(31), [60, 100], LOG), anchor)
    assert outcome.code == code
    assert anchor is not None or any(line.endswith(NOTHING_TO_COMPARE) for line in outcome.open)


@pytest.mark.parametrize("anchor", [NO_ANCHOR, OLD, FRESH])
def test_a_dropped_tail_is_uncovered_or_missing(tmp_path: Path, anchor: int | None) -> None:
    files = export(HONEST, [60], LOG)
    files["entries.ndjson"] = b"".join(entry + b"\n" for entry in HONEST.entries[:80])
    outcome = shown(tmp_path, files, anchor)
    assert outcome.code == 2
    expected = (
        "entries below checkpoint 100 are missing: 80 given"
        if anchor == FRESH
        else ("no checkpoint covers what follows entry 60")
    )
    assert expected in outcome.found


@pytest.mark.parametrize(("anchor", "code"), [(NO_ANCHOR, 0), (OLD, 0), (FRESH, 2)])
def test_a_rollback_is_found_only_by_a_fresh_anchor_and_said_to_be_possible_otherwise(
    tmp_path: Path, anchor: int | None, code: int
) -> None:
    files = export(ledger(60), [60], LOG)
    outcome = shown(tmp_path, files, anchor)
    assert outcome.code == code
    if anchor == FRESH:
        assert "entries below checkpoint 100 are missing: 60 given" in outcome.found
    else:
        assert any("rollback not excluded" in line for line in outcome.open)


@pytest.mark.parametrize(("anchor", "code"), [(NO_ANCHOR, 0), (OLD, 0), (FRESH, 1)])
def test_a_change_after_the_anchor_with_the_stolen_key_is_said_to_be_possible(
    tmp_path: Path, anchor: int | None, code: int
) -> None:
    forged = Ledger([*HONEST.entries[:80], *HONEST.entries[80:]])
    forged.entries[99] = forged.entries[99].replace(b'"number":99', b'"number":98')
    outcome = shown(tmp_path, export(forged, [60, 100], LOG), anchor)
    assert outcome.code == code
    assert anchor != OLD or any("nothing after entry 60" in line for line in outcome.open)


@pytest.mark.parametrize(("anchor", "code"), [(NO_ANCHOR, 0), (OLD, 1), (FRESH, 1)])
def test_a_backdated_event_with_the_stolen_key_is_found_by_any_anchor(
    tmp_path: Path, anchor: int | None, code: int
) -> None:
    assert shown(tmp_path, export(backdated(31), [60, 100], LOG), anchor).code == code


@pytest.mark.parametrize("anchor", [NO_ANCHOR, OLD, FRESH])
def test_two_swapped_events_are_found(tmp_path: Path, anchor: int | None) -> None:
    swapped = Ledger(HONEST.entries)
    swapped.entries[31], swapped.entries[32] = swapped.entries[32], swapped.entries[31]
    files = export(HONEST, [60, 100], LOG) | {"entries.ndjson": export(swapped, [100])["entries.ndjson"]}
    assert shown(tmp_path, files, anchor).code == 1


def test_the_stolen_key_alone_does_not_bring_the_witness(tmp_path: Path) -> None:
    assert shown(tmp_path, export(HONEST, [60, 100], LOG, INSPECTOR), NO_ANCHOR, *BOTH).code == 0
    outcome = shown(tmp_path, export(changed(31), [60, 100], LOG), NO_ANCHOR, *BOTH)
    assert (outcome.code, outcome.found) == (2, ["checkpoint 100 lacks the quorum of witnesses"])


def test_a_witness_that_signed_lately_leaves_no_room_before_its_time(tmp_path: Path) -> None:
    outcome = shown(tmp_path, export(HONEST, [100], LOG, INSPECTOR), NO_ANCHOR, *BOTH)
    assert "that nothing after 2023-11-14T22:13:20+00:00 was removed (rollback not excluded)" in outcome.open
    assert not any(line.endswith(NOTHING_TO_COMPARE) for line in outcome.open)
