"""The ledger over HTTP, as an inspector reads it: with the verifier, which knows nothing of the service."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Response
from sqlalchemy import insert

from service import outbound
from service.actions import ledger
from service.core.cases.states import State
from service.core.ledger import verify
from service.core.ledger.canonical import leaf_hash
from service.core.ledger.keys import write_vkey
from service.core.ledger.merkle import verify_consistency
from service.core.ledger.policy import Policy, Trusted
from service.core.ledger.proofs import checkpoint_of, prove, read_proof
from service.core.ledger.spelling import LARGEST_SIZE, read_base64, read_hash
from service.core.ledger.tiles import tile_path, tiles_of
from service.core.ledger.witnessing import Witness
from service.core.people import SYSTEM, Role
from service.db.ledger import LedgerCosignature
from service.signing import Signer
from service.web import answers, proven
from service.web.api.applications.endpoints import accept_application, routes
from service.web.endpoints import Endpoint
from tests import make, meeting, seating, witnesses
from tests.actions import tables
from tests.api.calling import Caller, Http, open_http, read, require_problem
from tests.api.samples import case
from tests.witnesses import Pretender, response, stand_in

LEDGER = "/v1/ledger"


def signer_of(http: Http) -> Signer:
    signer = http.house.runtime.signer
    assert signer is not None
    return signer


def grow(http: Http, count: int = 1) -> bytes:
    """Let cases be handed in, have all signed, and give the checkpoint; whoever reads later has a key by then."""
    assert (http.auditor.key, http.officer.key) != (None, None)
    for _ in range(count):
        http.house.create(make.application())
    ledger.tend(http.house.runtime)
    response = http.officer.get(f"{LEDGER}/checkpoint")
    assert response.status_code == 200
    return response.get_data()


def download(http: Http, checkpoint: bytes, folder: Path) -> None:
    """Take the whole log away as tiles, as any reader of tlog-tiles does."""
    for tile in tiles_of(checkpoint_of(checkpoint).size):
        path = tile_path(tile)
        response = http.auditor.get(f"{LEDGER}/{path}")
        assert (response.status_code, response.mimetype) == (200, "application/octet-stream"), path
        assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(response.get_data())
    (folder / "checkpoint").write_bytes(checkpoint)


def verdict(http: Http, folder: Path, *kept: Path) -> tuple[int, str]:
    """What the verifier says of a log, with the key that was got on paper."""
    said: list[str] = []
    arguments = [str(folder), "--key", write_vkey(signer_of(http).key), "--max-age", "86400", "--language", "en"]
    for checkpoint in kept:
        arguments += ["--checkpoint", str(checkpoint)]
    code = verify.main(arguments, datetime(2026, 11, 23, 3, tzinfo=UTC).timestamp(), said.append)
    return code, "".join(said)


def test_the_log_that_is_served_is_proven_by_the_verifier(http: Http, tmp_path: Path) -> None:
    old = tmp_path / "kept.txt"
    old.write_bytes(grow(http, 3))
    download(http, grow(http, 140), tmp_path / "log")
    code, said = verdict(http, tmp_path / "log", old)
    assert code == 0, said


def test_a_log_with_one_changed_tile_is_not(http: Http, tmp_path: Path) -> None:
    download(http, grow(http, 3), tmp_path / "log")
    (path,) = (tmp_path / "log" / "tile" / "entries").rglob("*.p/*")
    path.write_bytes(path.read_bytes().replace(b"draft", b"drift", 1))
    assert verdict(http, tmp_path / "log")[0] == 1


def test_single_entries_are_proven_by_their_proofs(http: Http, tmp_path: Path) -> None:
    grow(http, 2)
    for item in read(http.auditor.get(f"{LEDGER}/entries?limit=200"))["items"]:
        place = tmp_path / "case" / "entries" / f"{item['index']}.json"
        proof = tmp_path / "case" / "proofs" / f"{item['index']}.tlog-proof"
        for path in (place, proof):
            path.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(entries_of(http)[item["index"]])
        proof.write_bytes(http.officer.get(f"{LEDGER}/proofs/inclusion?index={item['index']}").get_data())
    assert verdict(http, tmp_path / "case")[0] == 0


def entries_of(http: Http) -> list[bytes]:
    with http.house.runtime.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT canon FROM ledger_event JOIN ledger_leaf ON event_id = ledger_event.id ORDER BY seq"
        )
        return [bytes(canon) for canon in found.scalars()]


def test_entries_are_listed_by_number_to_the_byte(http: Http) -> None:
    grow(http, 2)
    listed, after = [], ""
    while True:
        response = http.auditor.get(f"{LEDGER}/entries?limit=3{after}")
        page = read(response)
        listed += page["items"]
        if page["next_cursor"] is None:
            break
        after = f"&after={page['next_cursor']}"
        assert f"after={page['next_cursor']}" in response.headers["Link"]
    assert [item["index"] for item in listed] == list(range(len(entries_of(http))))
    assert [item["leaf_hash"] for item in listed] == [leaf_hash(entry).hex() for entry in entries_of(http)]
    assert all(
        f'"entry":{entry.decode()}' in http.auditor.get(f"{LEDGER}/entries?limit=200").text
        for entry in entries_of(http)
    )


def test_a_proof_leads_to_a_signed_checkpoint_of_any_signed_size(http: Http) -> None:
    first = checkpoint_of(grow(http)).size
    newest = checkpoint_of(grow(http, 2)).size
    policy = Policy(logs=(Trusted(signer_of(http).key),))
    for size in (first, newest):
        for index in (0, first - 1):
            proof = read_proof(http.officer.get(f"{LEDGER}/proofs/inclusion?index={index}&size={size}").get_data())
            assert prove(proof, leaf_hash(entries_of(http)[index]), policy).checkpoint.size == size


def test_a_size_that_was_not_signed_and_an_entry_beyond_it_are_refused(http: Http) -> None:
    size = checkpoint_of(grow(http)).size
    for query in (f"index=0&size={size - 1}", f"index={size}", f"index={size}&size={size}", "index=0&size=0"):
        require_problem(http.officer.get(f"{LEDGER}/proofs/inclusion?{query}"), 404, "not_found")
    for query in (f"from={size - 1}&to={size}", f"from=0&to={size}", f"from={size}&to={size + 1}"):
        require_problem(http.officer.get(f"{LEDGER}/proofs/consistency?{query}"), 404, "not_found")


def numbered(http: Http, number: str) -> list[str]:
    """Every address that takes a number of the ledger in its query, with that number."""
    case_id = http.house.create(make.application())
    return [
        f"{LEDGER}/proofs/inclusion?index={number}",
        f"{LEDGER}/proofs/inclusion?index=0&size={number}",
        f"{LEDGER}/proofs/consistency?from={number}&to=1",
        f"{LEDGER}/proofs/consistency?from=1&to={number}",
        f"{LEDGER}/entries?after={number}",
        f"/v1/events?after={number}",
        f"/v1/applications/{case_id}/bundle?checkpoint={number}",
    ]


@pytest.mark.parametrize("number", ["01", "00", "+1", "1_0", "1.0", "%20" + "1", "%D9%A8", "9" * 19, "9" * 5_000])
def test_a_number_is_taken_in_one_spelling_only(http: Http, number: str) -> None:
    for address in numbered(http, number):
        response = http.auditor.get(address)
        require_problem(response, 422, "invalid")
        assert response.json is not None
        assert [flaw["code"] for flaw in response.json["flaws"]] == ["member_type"]


@pytest.mark.parametrize("number", [10**9, LARGEST_SIZE])
def test_a_number_beyond_every_entry_is_that_of_none(http: Http, number: int) -> None:
    *proofs, entries, events, bundle = numbered(http, str(number))
    grow(http)
    for address in (*proofs, bundle):
        require_problem(http.auditor.get(address), 404, "not_found")
    for address in (entries, events):
        assert read(http.auditor.get(address))["items"] == []


def test_nothing_was_rewritten_between_two_checkpoints(http: Http) -> None:
    old, new = checkpoint_of(grow(http)), checkpoint_of(grow(http, 3))
    response = http.officer.get(f"{LEDGER}/proofs/consistency?from={old.size}&to={new.size}")
    path = [read_hash(line) for line in response.text.splitlines()]
    verify_consistency((old.size, old.root), (new.size, new.root), path)
    same = http.officer.get(f"{LEDGER}/proofs/consistency?from={new.size}&to={new.size}")
    assert (same.status_code, same.text) == (200, "")
    turned = http.officer.get(f"{LEDGER}/proofs/consistency?from={new.size}&to={old.size}")
    assert require_problem(turned, 422, "invalid")["flaws"][0]["code"] == "sizes_order"


@pytest.mark.parametrize(
    "place",
    [
        *("0/001", "0/0", "1/000", "0/000.p/0", "0/000.p/200", "0/x000/000", "entries/001", "64/000", "x", "0/000"),
        *(f"{level}/{'x001/' * groups}001" for level in ("0", "entries") for groups in (6, 7, 1_500)),
    ],
    ids=lambda place: place[:20],
)
def test_a_tile_that_is_not_there_is_not_found(http: Http, place: str) -> None:
    grow(http)
    require_problem(http.auditor.get(f"{LEDGER}/tile/{place}"), 404, "not_found")


def test_what_is_not_signed_yet_is_not_given_out(http: Http) -> None:
    size = checkpoint_of(grow(http)).size
    http.house.create(make.application())
    ledger.catch_up(http.house.runtime)
    assert http.auditor.get(f"{LEDGER}/tile/0/000.p/{size}").status_code == 200
    require_problem(http.auditor.get(f"{LEDGER}/tile/0/000.p/{size + 1}"), 404, "not_found")
    require_problem(http.auditor.get(f"{LEDGER}/tile/entries/000.p/{size + 1}"), 404, "not_found")


def test_a_checkpoint_is_given_out_with_the_lines_of_its_witnesses(http: Http) -> None:
    note = grow(http)
    line = f"— witness {'A' * 100}=="
    with http.house.runtime.work(SYSTEM) as work:
        size = checkpoint_of(note).size
        work.session.execute(insert(LedgerCosignature).values(size=size, witness="witness", line=line))
    response = http.officer.get(f"{LEDGER}/checkpoint")
    assert response.get_data() == note + line.encode() + b"\n"
    assert (response.mimetype, response.headers["Cache-Control"]) == ("text/plain", "no-store")


def test_without_a_key_nothing_is_signed_and_health_says_so(http: Http) -> None:
    keyless = open_http(replace(http.house, runtime=replace(http.house.runtime, signer=None)))
    assert keyless.officer.key is not None
    ledger.tend(keyless.house.runtime)
    require_problem(keyless.officer.get(f"{LEDGER}/checkpoint"), 404, "not_found")
    told = read(keyless.officer.get(f"{LEDGER}/health"))
    assert (told["vkey"], told["checkpoint"], told["alarm"], told["pending"]) == (None, None, None, 0)
    assert told["entries"] == len(entries_of(http))


def test_health_says_what_waits_and_what_is_signed(http: Http) -> None:
    size = checkpoint_of(grow(http)).size
    http.house.create(make.application())
    told = read(http.officer.get(f"{LEDGER}/health"))
    is_inline = http.house.runtime.engine.dialect.name == "sqlite"
    assert (told["entries"], told["pending"]) == ((size + 2, 0) if is_inline else (size, 2))
    assert told["oldest_pending_seconds"] in ((None,) if is_inline else range(60))
    assert told["checkpoint"]["size"] == size
    assert len(read_base64(told["checkpoint"]["root"])) == 32
    assert (told["vkey"], told["alarm"]) == (write_vkey(signer_of(http).key), None)


def test_health_says_what_each_witness_has_signed(http: Http) -> None:
    near, far = witnesses.signer("near.example/w"), witnesses.signer("far.example/w", b"\x21" * 32)
    moment = int(http.house.runtime.clock().timestamp())
    with stand_in(Pretender(near, moment)) as box, stand_in(lambda _: response(503)) as closed:
        asked = (Witness(near.key, box.url), Witness(far.key, closed.url))
        settings = replace(http.house.runtime.settings, ledger_witnesses=asked)
        watched = open_http(replace(http.house, runtime=replace(http.house.runtime, settings=settings)))
        size = checkpoint_of(grow(watched)).size
        ledger.cosign(watched.house.runtime, outbound.post)
    told = read(watched.officer.get(f"{LEDGER}/health"))
    cosigned = {"size": size, "at": "2026-11-23T02:15:30.000000Z"}
    assert told["cosigned"] == cosigned
    assert told["witnesses"] == [
        {"witness": near.key.name, "cosigned": cosigned},
        {"witness": far.key.name, "cosigned": None},
    ]


def test_health_raises_the_alarm_when_the_database_is_behind_what_was_signed(http: Http, tmp_path: Path) -> None:
    memory = signer_of(http).memory
    grow(http)
    shutil.copy(memory, tmp_path / "older")
    memory.write_bytes(memory.read_bytes().replace(b"\n", b"\n9", 1))
    assert read(http.officer.get(f"{LEDGER}/health"))["alarm"] == "smaller"
    shutil.copy(tmp_path / "older", memory)
    assert read(http.officer.get(f"{LEDGER}/health"))["alarm"] is None


def recused(http: Http) -> tuple[Caller, UUID]:
    """An auditor who is a member too, and recused from a case."""
    auditor = http.newcomer(Role.AUDITOR, Role.MEMBER)
    assert auditor.actor is not None
    case_id = case(http, http.house.officer, State.TABLED)
    seating.recuse(http.house, case_id, auditor.actor)
    return auditor, case_id


def test_whoever_is_recused_does_not_read_the_entries_of_the_case(http: Http) -> None:
    auditor, case_id = recused(http)
    size = checkpoint_of(grow(http)).size
    hidden = [event for event in tables.events(http.house.runtime) if event["subject"]["id"] == str(case_id)]
    items = read(auditor.get(f"{LEDGER}/entries?limit=200"))["items"]
    assert hidden
    assert len(items) == size - len(hidden)
    assert str(case_id) not in {item["entry"]["subject"]["id"] for item in items}
    require_problem(auditor.get(f"{LEDGER}/tile/entries/000.p/{size}"), 404, "not_found")
    assert http.auditor.get(f"{LEDGER}/tile/entries/000.p/{size}").status_code == 200


def test_votes_are_not_read_before_the_item_they_are_on_is_settled(http: Http) -> None:
    held = meeting.opened(http.house)
    held.cast(http.house.member, meeting.SUPPORT)
    held.cast(http.house.member, meeting.OPPOSE)
    size = checkpoint_of(grow(http)).size
    tile, page = f"{LEDGER}/tile/entries/000.p/{size}", f"{LEDGER}/entries?limit=200"
    require_problem(http.auditor.get(tile), 404, "not_found")
    assert "vote.cast" not in http.auditor.get(page).text
    gap = set(range(size)) - {item["index"] for item in read(http.auditor.get(page))["items"]}
    assert [json.loads(entry)["type"] for at, entry in enumerate(entries_of(http)) if at in gap] == ["vote.cast"] * 2
    # A page of nothing but votes leads on.
    alone = read(http.auditor.get(f"{LEDGER}/entries?limit=2&after={min(gap) - 1}"))
    assert (alone["items"], alone["next_cursor"]) == ([], str(max(gap)))
    told = read(http.auditor.get("/v1/events?limit=200"))["items"]
    assert sum(one["event"]["type"] == "vote.cast" for one in told) == 2
    assert "oppose" not in json.dumps(told)
    held.close("到会人数不足")
    assert http.auditor.get(tile).status_code == 200
    assert http.auditor.get(page).text.count('"type":"vote.cast"') == 2


@pytest.fixture
def proving(house: make.House) -> Http:
    """The service, where accepting a case is answered only with its proof."""
    http = open_http(house)
    name = "applications.accept_application"
    declared = routes.endpoints[name]
    assert isinstance(declared, Endpoint)
    endpoint = replace(declared, proven=True)

    def accept(**path: object) -> Response:
        return answers.answer(endpoint, accept_application, path)

    http.app.view_functions[name] = accept
    return http


def accept(http: Http, case_id: UUID, **headers: str) -> dict[str, str]:
    version = http.house.row(case_id).version
    response = http.reviewer.post(f"/v1/applications/{case_id}/accept", If_Match=f'"{version}"', **headers)
    assert response.status_code == 200, response.text
    return dict(response.headers)


def test_an_answer_carries_the_proof_of_what_it_says(proving: Http) -> None:
    case_id = proving.house.create(make.application())
    headers = accept(proving, case_id)
    index = int(headers[proven.INDEX])
    assert entries_of(proving)[index].decode().count(str(case_id)) == 1
    link = headers["Link"].removeprefix("<").removesuffix('>; rel="proof"')
    proof = read_proof(proving.officer.get(link).get_data())
    prove(proof, leaf_hash(entries_of(proving)[index]), Policy(logs=(Trusted(signer_of(proving).key),)))


def test_a_repeated_request_is_proven_anew(proving: Http) -> None:
    case_id = proving.house.create(make.application())
    first = accept(proving, case_id, Idempotency_Key="k-1")
    again = proving.reviewer.post(
        f"/v1/applications/{case_id}/accept",
        If_Match=f'"{proving.house.row(case_id).version - 1}"',
        Idempotency_Key="k-1",
    )
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers[proven.INDEX] == first[proven.INDEX]
    assert 'rel="proof"' in again.headers["Link"]


def test_what_must_be_proven_is_not_done_while_the_signer_refuses(proving: Http) -> None:
    case_id = proving.house.create(make.application())
    grow(proving)
    memory = signer_of(proving).memory
    memory.write_bytes(memory.read_bytes().replace(b"\n", b"\n9", 1))
    version, reviewer = proving.house.row(case_id).version, proving.reviewer
    with tables.nothing_changes(proving.house.runtime):
        response = reviewer.post(f"/v1/applications/{case_id}/accept", If_Match=f'"{version}"')
        told = require_problem(response, 503, "signer_refuses")
    assert told["because"] == "smaller"


def test_without_a_key_the_answer_says_only_where_the_entry_is(http: Http) -> None:
    runtime = replace(http.house.runtime, signer=None)
    with runtime.work(SYSTEM) as work:
        entry = ledger.record(work, "thing.done", "thing", "t-1", {})
    included = ledger.include(runtime, [entry])
    assert (len(included.indices), included.size) == (1, None)
