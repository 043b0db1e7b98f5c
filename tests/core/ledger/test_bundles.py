import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from service.core.ledger import verify
from service.core.ledger.bundles import File, Kept, Older, Parts, Proven, bundle, named
from service.core.ledger.merkle import consistency, inclusion
from service.core.ledger.proofs import Proof, write_proof
from service.core.ledger.spelling import write_base64
from service.core.ledger.verify import named_hashes
from tests.core.ledger.bundles import Ledger, write
from tests.core.ledger.inspecting import ONLY_LOG, inspect, run
from tests.core.ledger.logs import flipped

RULES, PAPER, LOST = b"rulebook: {id: small}\n", b"%PDF-1.7\n", b"burnt"
CASE = ("application", "case-1")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def made() -> Ledger:
    """A draft whose facts were replaced, submitted with two papers of which one is lost; a heartbeat among others."""
    log = Ledger()
    for size in (0, 1):
        log.record("log.heartbeat", ("log", "log"), {"size": size})
    log.record("application.created", CASE, {"facts_sha256": sha256(b"draft"), "rulebook_sha256": sha256(RULES)})
    log.record("evidence.attached", CASE, {"paper": 1, "sha256": sha256(PAPER)})
    log.record("evidence.attached", CASE, {"paper": 2, "sha256": sha256(LOST)})
    return log


def parts(log: Ledger) -> Parts:
    size = len(log.entries)
    note = log.checkpoint(size)
    path = consistency(log.node, 3, size)
    return Parts(
        size=size,
        checkpoint=note,
        entries=tuple(
            Proven(index, log.entries[index], write_proof(Proof(index, inclusion(log.node, index, size), note)))
            for index in (1, 2, 3, 4)
        ),
        older=(Older(3, log.checkpoint(3), b"".join(f"{write_base64(one)}\n".encode() for one in path)),),
        contents=(RULES,),
        kept=(Kept(sha256(PAPER), len(PAPER)),),
        missing={sha256(LOST): "content"},
        files={"case.json": b"{}", "README.zh.txt": "说明".encode()},
    )


def content_of(file: File) -> bytes:
    return PAPER if file.content is None else file.content


def files_of(given: Parts) -> dict[str, bytes]:
    return {file.path: content_of(file) for file in bundle(given)}


def test_product_and_verifier_agree_on_what_an_entry_names() -> None:
    one, other = "a" * 64, "b" * 64
    datas: list[dict[str, Any]] = [
        {"sha256": one, "facts_sha256": other},
        {"header_sha256": one, "facts_sha256": other},
        {"facts_sha256": one, "rulebook_sha256": one},
        {"credit_code_sha256": one, "more": {"paper_sha256": other}},
        {"papers": [f"sha256:{one}", other, {"sha256": [other]}], "credit_code_sha256": f"sha256:{one}"},
        {"sha256": one.upper(), "x_sha256": one + "\n", "y_sha256": None, "z_sha256": 1, "sha256s": other},
    ]
    for type_ in ("application.created", "application.facts_replaced", "application.renamed", "application.submitted"):
        for data in datas:
            every = set(named_hashes(data))
            draft = every & {data.get(name) for name in verify.REPLACED} if type_ in verify.DRAFTS else set()
            assert tuple(map(set, named(type_, data))) == (every - draft, draft), (type_, data)


def test_the_same_parts_are_the_same_files_in_the_order_of_their_paths() -> None:
    once, again = bundle(parts(made())), bundle(parts(made()))
    assert once == again
    assert [file.path for file in once] == sorted(file.path for file in once)
    mixed = parts(made())
    mixed = replace(mixed, files=dict(sorted(mixed.files.items())), entries=mixed.entries[::-1])
    assert bundle(mixed) == once


def test_the_manifest_tells_hash_and_size_of_every_file_and_what_is_missing() -> None:
    files = files_of(parts(made()))
    told = json.loads(files["manifest.json"])
    others = {path: content for path, content in files.items() if path != "manifest.json"}
    assert told == {
        "format": "sluice-bundle/1",
        "files": {path: sha256(content) for path, content in others.items()},
        "sizes": {path: len(content) for path, content in others.items()},
        "missing": {f"blobs/{sha256(LOST)}": "content"},
    }


def test_what_was_lost_is_told_and_nothing_else_is_found(tmp_path: Path) -> None:
    outcome = inspect(tmp_path, files_of(parts(made())), *ONLY_LOG)
    assert (outcome.code, outcome.found) == (2, [f"blobs/{sha256(LOST)}: was missing when this was made (content)"])
    assert "what 1 drafts said: once replaced they are not kept, only their hashes" in outcome.open


def test_a_bit_flipped_anywhere_in_any_file_is_found(tmp_path: Path) -> None:
    whole = replace(parts(made()), missing={}, contents=(RULES, LOST))
    files = files_of(whole)
    folder = write(tmp_path, files)
    assert run(folder, *ONLY_LOG).code == 0
    for name, data in files.items():
        for place in range(0, len(data), 7):
            (folder / name).write_bytes(flipped(data, place * 8 + place % 8))
            assert run(folder, *ONLY_LOG).code in {1, 2}, (name, place)
        (folder / name).write_bytes(data)


def test_the_manifest_cannot_excuse_what_no_entry_names_nor_be_changed_unnoticed(tmp_path: Path) -> None:
    files = files_of(parts(made()))
    told = json.loads(files["manifest.json"])
    path = f"blobs/{sha256(LOST)}"

    def found(place: str, **changes: object) -> list[str]:
        changed = json.dumps({**told, **changes}).encode()
        return inspect(tmp_path / place, {**files, "manifest.json": changed}, *ONLY_LOG).found

    gone = f"{path}: was missing when this was made (content)"
    other = f"blobs/{'0' * 64}"
    stray = f"{other}: not part of the layout, not checked"
    assert found("other", missing={path: "content", other: "missing"}) == [gone, stray]
    assert found("none", missing={}) == [f"{path}: missing"]
    assert found("size", sizes={**told["sizes"], "case.json": 3}) == ["case.json: has another size", gone]
    assert found("kept", missing={path: "not_kept"}) == [f"{path}: could not be handed over (not kept)"]
    for place, changes in (
        ("why", {"missing": {path: "because"}}),
        ("where", {"missing": {"entries/1.json": "missing"}}),
        ("there", {"missing": {f"blobs/{sha256(PAPER)}": "missing"}}),
        ("sizes", {"sizes": {}}),
        ("less", {"sizes": {"case.json": 2}}),
        ("kind", {"sizes": dict.fromkeys(told["sizes"], "2")}),
        ("more", {"more": 1}),
        ("list", {"missing": 1}),
    ):
        assert found(place, **changes)[0] == "manifest.json: malformed (manifest)"
