import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.core.ledger.bundles import BLOB, RULES, case, export, ledger, with_manifest
from tests.core.ledger.inspecting import ONLY_LOG, Outcome, inspect
from tests.core.ledger.logs import LOG

LEDGER = ledger(100)
CASE = (1, 4, 7, 13)


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
        {"rev": 1, "prev": None},
        {"prev": "0" * 64},
        {"id": "case-1"},
        {"id": "new"},
    ]
    for change in changes:
        outcome = with_subject(change)
        assert outcome.code == 1
        assert "entry 5: rev or prev does not follow" in outcome.found
    changes = [{"rev": True}, {"rev": 0}, {"rev": -1}, {"rev": "2"}, {"rev": 1}, {"kind": None}, {"more": 1}]
    changes += [{"prev": 7}, {"prev": None}, {"prev": "0" * 63}, {"prev": "G" * 64}]
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


def test_many_findings_of_one_kind_are_counted(tmp_path: Path) -> None:
    made = ledger(30)
    made.entries = [entry + b" " for entry in made.entries]
    outcome = inspect(tmp_path, export(made, [30], LOG), *ONLY_LOG)
    assert len(outcome.found) == 11
    assert outcome.found[-1] == "20 more of this kind"
