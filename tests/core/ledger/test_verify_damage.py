import json
import zipfile
from pathlib import Path

import pytest

from tests.core.ledger.bundles import case, export, ledger, tiled, with_manifest, write, zipped
from tests.core.ledger.inspecting import ONLY_LOG, exit_code, inspect, run
from tests.core.ledger.logs import LOG, flipped

LEDGER = ledger(100)
CASE = (1, 4, 7, 13)


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
