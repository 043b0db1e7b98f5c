"""The bundle of a case over HTTP, checked the way an inspector does: by the verifier alone, in a process of its own."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from service.actions import ledger
from service.core.cases.states import State
from service.core.ledger import verify
from service.core.ledger.keys import write_vkey
from service.core.ledger.proofs import checkpoint_of
from service.core.people import SYSTEM, Role
from tests import make, meeting, playing, seating
from tests.actions import papers, tables
from tests.api.calling import Caller, Http, open_http, require_problem
from tests.api.samples import case
from tests.core.ledger.logs import flipped


def path(case_id: UUID, query: str = "") -> str:
    return f"/v1/applications/{case_id}/bundle{query}"


def taken(http: Http, case_id: UUID, query: str = "", caller: Caller | None = None) -> bytes:
    """Take the bundle of a case away."""
    response = (caller or http.auditor).get(path(case_id, query))
    assert (response.status_code, response.mimetype) == (200, "application/zip"), response.text
    assert response.headers["Content-Disposition"] == f'attachment; filename="{http.house.row(case_id).number}.zip"'
    return response.get_data()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def vkey(http: Http) -> str:
    signer = http.house.runtime.signer
    assert signer is not None
    return write_vkey(signer.key)


def inspected(http: Http, folder: Path, content: bytes, *options: str) -> tuple[int, str]:
    """What the verifier that lies in the bundle says of it, run with nothing around it."""
    (folder / "bundle.zip").write_bytes(content)
    (folder / "verify.py").write_bytes(Path(verify.__file__).read_bytes())
    command = [sys.executable, "-I", "-S", "verify.py", "bundle.zip", "--key", vkey(http), "--language", "en", *options]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return ran.returncode, ran.stdout.decode() + ran.stderr.decode()


@pytest.fixture
def played(house: make.House) -> UUID:
    return playing.played(house)


def test_the_bundle_of_a_case_is_proven_by_the_verifier_alone(http: Http, played: UUID, tmp_path: Path) -> None:
    code, said = inspected(http, tmp_path, taken(http, played))
    assert (code, "??" in said, "!!" in said) == (0, False, False), said
    assert "what 1 drafts said" in said


def test_it_holds_every_entry_of_the_case_its_own_reading_last(http: Http, played: UUID) -> None:
    files = unpacked(taken(http, played))
    chain = [json.loads(content) for name, content in files.items() if name.startswith("entries/")]
    chain = sorted((one for one in chain if one["subject"]["id"] == str(played)), key=lambda one: one["subject"]["rev"])
    assert chain == tables.of_case(http.house.runtime, played)
    assert (chain[-1]["type"], chain[-1]["actor"]["ref"]) == ("bundle.read", http.house.auditor.ref)
    again = unpacked(taken(http, played))
    assert sum(b'"type":"bundle.read"' in content for content in again.values()) == 2


def test_it_holds_papers_rules_facts_and_every_assessment_also_one_that_was_replaced(http: Http, played: UUID) -> None:
    files = unpacked(taken(http, played))
    for content in (papers.PDF, playing.PICTURE, playing.edition()):
        assert files[f"blobs/{hashlib.sha256(content).hexdigest()}"] == content
    tablings = [
        one["data"]
        for one in tables.of_case(http.house.runtime, played)
        if one["type"] in {"application.tabled", "application.retabled"}
    ]
    assert len(tablings) == 2
    assert tablings[0]["declared_zh_sha256"] != tablings[1]["declared_zh_sha256"]
    for data in tablings:
        for name in ("declared", "verified"):
            for language in ("zh", "en"):
                report = json.loads(files[f"blobs/{data[f'{name}_{language}_sha256']}"])
                assert report["outcome"] == data[f"{name}_outcome"]


def test_it_tells_the_case_for_reading_without_any_name(http: Http, played: UUID) -> None:
    files = unpacked(taken(http, played))
    told = json.loads(files["case.json"])
    assert [len(told[name]) for name in ("versions", "papers", "waivers", "opinions", "recusals", "votes")] == [
        1,
        2,
        1,
        1,
        1,
        5,
    ]
    assert told["decisions"][0]["outcome"] == "conditional"
    entry = json.loads(files[f"entries/{told['decisions'][0]['entry']}.json"])
    assert entry["type"] == "decision.recorded"
    assert json.loads(files["facts/1.json"])["water"] == 200_000
    for language in ("zh", "en"):
        assert told["application"]["number"] in files[f"letter.{language}.txt"].decode()
        assert vkey(http) in files[f"README.{language}.txt"].decode()
    assert files["verify.py"] == Path(verify.__file__).read_bytes()
    together = b"".join(files[name] for name in files if name != f"blobs/{name}").decode("utf-8", "replace")
    assert http.house.member.name not in together


def test_every_bundle_is_written_without_times(http: Http, played: UUID) -> None:
    with zipfile.ZipFile(io.BytesIO(taken(http, played))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())
        assert archive.testzip() is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_one_flipped_bit_in_any_file_is_found(http: Http, house: make.House, tmp_path: Path) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    content = taken(http, case_id)
    files = unpacked(content)
    assert inspected(http, tmp_path, content)[0] == 0
    for name, data in files.items():
        for place in {0, len(data) // 2, len(data) - 1}:
            spoiled = {**files, name: flipped(data, place * 8 + place % 7)}
            code, said = inspected(http, tmp_path, packed(spoiled))
            assert code in {1, 2}, (name, place, said)


def test_a_file_that_is_left_out_is_missed(http: Http, played: UUID, tmp_path: Path) -> None:
    files = unpacked(taken(http, played))
    for name in ("checkpoint", "case.json", next(name for name in files if name.startswith("blobs/"))):
        code, said = inspected(http, tmp_path, packed({other: files[other] for other in files if other != name}))
        assert (code, f"{name}: missing" in said) == (2, True), said


@pytest.mark.parametrize(("damage", "because"), [(None, "missing"), (b"short", "size"), (papers.PDF[::-1], "content")])
def test_a_paper_that_is_not_what_it_was_is_named_as_missing(
    http: Http, house: make.House, tmp_path: Path, damage: bytes | None, because: str
) -> None:
    case_id = papers.case(house)
    papers.attached(house, case_id)
    papers.attached(house, case_id, content=playing.PICTURE, media_type="image/png")
    sha256 = hashlib.sha256(papers.PDF).hexdigest()
    place = papers.blobs(house).folder / sha256[:2] / sha256
    place.unlink() if damage is None else place.write_bytes(damage)
    content = taken(http, case_id)
    files = unpacked(content)
    assert json.loads(files["manifest.json"])["missing"] == {f"blobs/{sha256}": because}
    assert f"blobs/{sha256}" not in files
    code, said = inspected(http, tmp_path, content)
    assert (code, f"blobs/{sha256}: was missing when this was made ({because})" in said) == (2, True), said


def test_it_leads_on_from_the_checkpoint_that_was_kept(http: Http, house: make.House, tmp_path: Path) -> None:
    case_id = papers.case(house)
    ledger.tend(house.runtime)
    with house.runtime.work(SYSTEM, read_only=True) as work:
        kept = ledger.note(work)
    (tmp_path / "kept.txt").write_bytes(kept)
    size = checkpoint_of(kept).size
    content = taken(http, case_id, f"?checkpoint={size}")
    code, said = inspected(http, tmp_path, content, "--checkpoint", "kept.txt")
    assert code == 0, said
    assert inspected(http, tmp_path, taken(http, case_id), "--checkpoint", "kept.txt")[0] == 2
    with tables.nothing_changes(house.runtime):
        require_problem(http.auditor.get(path(case_id, f"?checkpoint={size + 900}")), 404, "not_found")


def test_the_heartbeat_in_it_tells_how_old_it_is_at_most(http: Http, house: make.House, tmp_path: Path) -> None:
    case_id = papers.case(house)
    for _ in range(2):
        ledger.heartbeat.beat(house.runtime)
    long_ago = inspected(http, tmp_path, taken(http, case_id), "--max-age", "60")[1]
    assert "no witness time or heartbeat" not in long_ago
    assert "earlier revisions" not in long_ago


def test_nothing_is_given_while_votes_wait_for_the_decision(http: Http, house: make.House) -> None:
    case_id, held = playing.tabled(house)
    held.open()
    assert taken(http, case_id)
    held.cast(house.member, meeting.SUPPORT)
    assert http.auditor.key is not None
    with tables.nothing_changes(house.runtime):
        require_problem(http.auditor.get(path(case_id)), 409, "votes_open")
    playing.decide(held)
    assert taken(http, case_id)


def test_for_an_auditor_who_is_recused_there_is_no_bundle(http: Http) -> None:
    auditor = http.newcomer(Role.AUDITOR, Role.MEMBER)
    assert auditor.actor is not None
    case_id = case(http, http.house.officer, State.TABLED)
    seating.recuse(http.house, case_id, auditor.actor)
    with tables.nothing_changes(http.house.runtime):
        require_problem(auditor.get(path(case_id)), 404, "not_found")
    assert http.auditor.get(path(case_id)).status_code == 200


def test_without_a_key_there_is_no_bundle(house: make.House) -> None:
    case_id = papers.case(house)
    keyless = open_http(replace(house, runtime=replace(house.runtime, signer=None)))
    assert keyless.auditor.key is not None
    with tables.nothing_changes(house.runtime):
        require_problem(keyless.auditor.get(path(case_id)), 409, "not_signed")


def test_a_signer_that_refuses_is_told_and_the_asking_stays_recorded(http: Http, house: make.House) -> None:
    case_id = papers.case(house)
    ledger.tend(house.runtime)
    assert house.runtime.signer is not None
    memory = house.runtime.signer.memory
    memory.write_bytes(memory.read_bytes().replace(b"\n", b"\n9", 1))
    require_problem(http.auditor.get(path(case_id)), 409, "not_signed")
    assert tables.last_of_case(house.runtime, case_id)["type"] == "bundle.read"


def test_members_of_the_case_that_do_not_inspect_it_are_refused(http: Http, house: make.House) -> None:
    case_id = papers.case(house)
    for caller in (http.officer, http.reviewer, http.secretary, http.chair):
        told: dict[str, Any] = require_problem(caller.get(path(case_id)), 403, "forbidden")
        assert told["permission"] == "read_bundles"
