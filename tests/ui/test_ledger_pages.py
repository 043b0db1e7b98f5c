"""The pages of the ledger: what an auditor finds and verifies, what everybody may take away, who answers for what."""

import hashlib
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from service.actions import applications, ledger
from service.core.ledger import verify
from service.core.ledger.canonical import canonical_bytes, leaf_hash
from service.core.ledger.keys import write_vkey
from service.core.ledger.notes import read_note, write_signature
from service.core.ledger.policy import read_policy
from service.core.ledger.proofs import checkpoint_of, read_proof
from service.core.ledger.witnessing import Witness
from service.core.people import SYSTEM, Actor
from service.db.ledger import LedgerCosignature
from service.signing import make_key, open_signer
from service.web.process import hold
from service.words import sections
from tests import make, playing, seating, witnesses
from tests.actions import tables
from tests.core.ledger import inspecting
from tests.ledger.forging import Forger, owned
from tests.ui.visiting import Visitor, heading

ZH, EN = (
    {**sections("domain")[it], **sections("sheets")[it], **sections("pages")[it], **sections("ledger_pages")[it]}
    for it in ("zh", "en")
)
VERIFIER = Path(verify.__file__).read_bytes()


@pytest.fixture
def auditor(visitor: Visitor) -> Visitor:
    return visitor.as_(visitor.house.auditor, "auditor")


def visit(visitor: Visitor, actor: Actor, login: str) -> Visitor:
    return visitor.another().as_(actor, login)


def indices(text: str) -> list[int]:
    """The numbers a page leads to, in its order."""
    return [
        int(found) for found in re.findall(r'<th scope="row" class="figures"><a href="/ledger/entries/(\d+)"', text)
    ]


def command_lines(text: str) -> list[str]:
    """The command lines that a page offers to be copied."""
    return [unescape(found) for found in re.findall(r'<pre class="command"[^>]*><code>(.*?)</code></pre>', text)]


def key_of(visitor: Visitor) -> str:
    signer = visitor.house.runtime.signer
    assert signer is not None
    return write_vkey(signer.key)


def exit_code(visitor: Visitor, path: Path, *more: str) -> object:
    """How the verifier leaves that is given a file that was taken away, and the key that was got on paper."""
    return inspecting.exit_code(path, "--key", key_of(visitor), *more)


def with_signer(visitor: Visitor, **settings: object) -> None:
    """Start the service again with other settings of the ledger."""
    changed = replace(visitor.house.runtime.settings, **settings)  # type: ignore[arg-type]  # tests name fields
    hold(visitor.app, replace(visitor.house.runtime, settings=changed, signer=open_signer(changed)))


def test_entries_are_told_in_words_the_newest_first_with_the_checkpoint_over_each(auditor: Visitor) -> None:
    case_id = auditor.house.create(make.application())
    unsigned = auditor.get("/ledger").text
    assert ZH["ledger.place.unsigned"] in unsigned
    assert ZH["ledger.no_checkpoint"] in unsigned
    ledger.tend(auditor.house.runtime)
    text = auditor.get("/ledger").text
    size = len(tables.events(auditor.house.runtime))
    found = indices(text)
    assert found == sorted(found, reverse=True)
    assert found[0] == size - 2  # the heartbeat is left out
    for said in (
        ZH["application.submitted"],
        f'<a href="/cases/{case_id}">{auditor.house.row(case_id).number}</a>',
        ZH["ledger.place.signed"].format(size=size),
        auditor.house.officer.name,
        ZH["ledger.sound_said"],
        ZH["ledger.worth.log"],
        ZH["ledger.no_witnesses"],
    ):
        assert said in text, said
    assert indices(auditor.get("/ledger?type=every").text)[0] == size - 1


def test_entries_are_filtered_and_the_filters_go_on_with_the_pages(auditor: Visitor) -> None:
    house = auditor.house
    case_id = house.create(make.application())
    number = house.row(case_id).number
    ledger.tend(house.runtime)
    assert len(indices(auditor.get(f"/ledger?subject={number}").text)) == 2
    assert (
        len(indices(auditor.get("/ledger?kind=rulebook&type=rulebook.released&from=2026-11-23&to=2026-11-23").text))
        == 1
    )
    assert ZH["ledger.nothing"] in auditor.get("/ledger?to=2026-11-22").text
    page = auditor.get("/ledger?kind=person&actor=system&limit=3")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', page.text)
    assert "kind=person&amp;actor=system&amp;limit=3&amp;cursor=" in following
    second = auditor.get(unescape(following))
    assert max(indices(second.text)) < min(indices(page.text))
    assert ZH["paging.first"] in second.text


def test_days_that_end_before_they_begin_are_told_beside_the_field(auditor: Visitor) -> None:
    for path in ("/ledger", "/accountability"):
        refused = auditor.get(f"{path}?from=2026-02-01&to=2026-01-01")
        assert (refused.status_code, 'id="fault-to"' in refused.text) == (422, True)
        assert 'value="2026-02-01"' in refused.text
    assert auditor.get("/ledger?from=x").status_code == 422


def test_an_entry_is_shown_to_the_byte_and_verified_step_by_step(auditor: Visitor) -> None:
    auditor.house.create(make.application())
    ledger.tend(auditor.house.runtime)
    event = next(one for one in tables.events(auditor.house.runtime) if one["type"] == "application.submitted")
    page = auditor.get(f"/ledger/entries/{event['id']}")
    exact = canonical_bytes(event)
    (drawing,) = re.findall(r"<svg.*?</svg>", page.text, re.DOTALL)
    assert "<title id=" in drawing
    assert "<desc id=" in drawing
    text = unescape(page.text)
    for said in (
        exact.decode(),
        json.dumps(event, ensure_ascii=False, indent=2),
        leaf_hash(exact).hex(),
        ZH["ledger.verdict.holds"],
        ZH["ledger.verdict.itself"],
        ZH["ledger.entry.hash_right"],
        ZH["role_officer"],
    ):
        assert said in text, said
    index = int(re.findall(r"/ledger/entries/(\d+)/zip", text)[0])
    assert heading(page) == ZH["ledger.entry.title"].format(index=index)
    path = read_proof(auditor.get(f"/ledger/entries/{index}/proof").get_data()).path
    assert [hash_.hex() in text for hash_ in path] == [True] * len(path)
    assert len(path) > 0
    root = checkpoint_of(auditor.get("/ledger/files/checkpoint.txt").get_data()).root.hex()
    assert text.count(root) == 2  # worked out, and signed


def test_a_proof_is_everybodys_and_what_an_entry_says_is_not(auditor: Visitor) -> None:
    house = auditor.house
    case_id = house.create(make.application())
    officer = visit(auditor, house.officer, "officer")
    ledger.tend(house.runtime)
    index = next(n for n, one in enumerate(tables.events(house.runtime)) if one["type"] == "application.submitted")
    shown = officer.get(f"/ledger/entries/{index}").text
    assert ZH["ledger.entry.not_read"] in shown
    assert ZH["ledger.verdict.holds"] in shown
    assert str(case_id) not in shown
    assert 'href="/ledger"' not in shown
    assert officer.get(f"/ledger/entries/{index}/proof").status_code == 200
    for path in ("/ledger", f"/ledger/entries/{index}/zip", f"/ledger/entries/{case_id}", "/accountability"):
        assert officer.get(path).status_code == 403 if path != f"/ledger/entries/{case_id}" else 404
    for path in ("/ledger/entries/9999", "/ledger/entries/9999/proof", "/ledger/files/ledger.key"):
        assert officer.get(path).status_code == 404


def test_whoever_is_recused_sees_the_proof_of_an_entry_and_not_what_it_says(auditor: Visitor) -> None:
    house = auditor.house
    case_id = house.create(make.application())
    seating.recuse(house, case_id, house.auditor)
    ledger.tend(house.runtime)
    index = next(n for n, one in enumerate(tables.events(house.runtime)) if one["type"] == "application.submitted")
    assert str(case_id) not in auditor.get("/ledger?limit=200").text
    assert ZH["ledger.entry.not_read"] in auditor.get(f"/ledger/entries/{index}").text
    assert auditor.get(f"/ledger/entries/{index}/zip").status_code == 404


def test_an_entry_in_the_tree_without_a_checkpoint_says_what_it_waits_for(auditor: Visitor) -> None:
    text = auditor.get("/ledger/entries/0").text
    assert ZH["ledger.entry.waits_signed"].split("{")[0] in text
    assert "<svg" not in text
    shown = visit(auditor, auditor.house.officer, "officer").get("/ledger/entries/0").text
    assert ZH["ledger.leaf_hash"] not in shown


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_entry_that_waits_for_the_tree_is_told_apart_and_says_so(auditor: Visitor) -> None:
    case_id = auditor.house.create(make.draft())
    text = auditor.get("/ledger?type=application.created").text
    assert ZH["ledger.place.waiting"] in text
    assert auditor.house.row(case_id).number in text
    (address,) = set(re.findall(r'href="(/ledger/entries/[0-9a-f-]{36})"', text))
    page = auditor.get(address)
    assert (heading(page), ZH["ledger.entry.waits"] in page.text) == (ZH["ledger.entry.waiting_title"], True)
    ledger.tend(auditor.house.runtime)
    assert ZH["ledger.verdict.holds"] in auditor.get(address).text


def test_what_is_taken_away_is_proven_by_the_verifier_and_a_flipped_bit_is_not(
    auditor: Visitor, tmp_path: Path
) -> None:
    ledger.tend(auditor.house.runtime)
    kept = tmp_path / "kept.txt"
    kept.write_bytes(auditor.get("/ledger/files/checkpoint.txt").get_data())
    old = checkpoint_of(kept.read_bytes()).size
    auditor.house.create(make.application())
    ledger.tend(auditor.house.runtime)
    new = len(tables.events(auditor.house.runtime))
    taken = {
        "entry": f"/ledger/entries/{old + 1}/zip",
        "leading": f"/ledger/entries/{old + 1}/zip?checkpoint={old}",
        "consistency": f"/ledger/consistency/{old}-{new}",
    }
    for name, path in taken.items():
        given = auditor.get(path)
        assert given.headers["Content-Disposition"].startswith('attachment; filename="')
        (tmp_path / name).write_bytes(given.get_data())
    brought = ("--checkpoint", str(kept))
    assert exit_code(auditor, tmp_path / "entry", "--tree-only") == 0
    assert exit_code(auditor, tmp_path / "entry", "--tree-only", *brought) == 2
    assert exit_code(auditor, tmp_path / "leading", "--tree-only", *brought) == 0
    assert exit_code(auditor, tmp_path / "consistency", *brought) == 0
    for name in taken:
        flipped = bytearray((tmp_path / name).read_bytes())
        flipped[len(flipped) // 2] ^= 1
        (tmp_path / name).write_bytes(flipped)
        assert exit_code(auditor, tmp_path / name, "--tree-only") in {1, 2, 3}, name


def test_the_files_for_inspectors_are_what_the_verifier_takes(auditor: Visitor) -> None:
    nothing_yet = auditor.get("/ledger/verify").text
    assert ZH["ledger.steps.nothing"] in nothing_yet
    assert auditor.get("/ledger/files/checkpoint.txt").status_code == 404
    ledger.tend(auditor.house.runtime)
    chair = visit(auditor, auditor.house.chair, "chair")
    for visitor in (auditor, chair):
        text = unescape(visitor.get("/ledger/verify").text)
        assert [ZH[f"ledger.steps.{n}"] in text for n in range(1, 9)] == [True] * 8
        assert hashlib.sha256(VERIFIER).hexdigest() in text
        assert key_of(visitor) in text
        assert visitor.get("/ledger/files/sluice_verify.py").get_data() == VERIFIER
        assert visitor.get("/ledger/files/keys.txt").text == f"{key_of(visitor)}\n"
        policy = visitor.get("/ledger/files/policy.txt").get_data()
        assert [write_vkey(one.key) for one in read_policy(policy).logs] == [key_of(visitor)]
        assert verify.parse_policy(policy).quorum == "none"
    assert len(command_lines(auditor.get("/ledger/verify").text)) == 6
    assert "/zip" not in chair.get("/ledger/verify").text


def test_one_checkpoint_is_held_against_another(auditor: Visitor) -> None:
    assert ZH["ledger.no_checkpoint"] in auditor.get("/ledger/consistency").text
    sizes = []
    for _ in range(2):
        auditor.house.create(make.draft())
        ledger.tend(auditor.house.runtime)
        sizes.append(len(tables.events(auditor.house.runtime)))
    old, new = sizes
    for path in ("/ledger/consistency", f"/ledger/consistency?from={old}&to={new}"):
        text = auditor.get(path).text
        assert ZH["ledger.consistency.holds"].format(old=old, new=new, count=new - old) in text
        assert f'href="/ledger/consistency/{old}-{new}"' in text
        (line,) = command_lines(text)
        assert line.endswith(f"consistency-{old}-{new}.zip --key {key_of(auditor)} --checkpoint kept.txt")
    assert ZH["ledger.consistency.nothing"] in auditor.get(f"/ledger/consistency?from={new}&to={new}").text
    for query, status in ((f"from={new}&to={old}", 422), (f"from=1&to={new}", 404)):
        refused = auditor.get(f"/ledger/consistency?{query}")
        assert (refused.status_code, 'class="faults"' in refused.text) == (status, True)
        assert ZH["ledger.verdict.holds"] not in refused.text
    assert auditor.get(f"/ledger/consistency/{new}-{old}").status_code == 422


@pytest.mark.parametrize("number", ["00", "9" * 19, "9" * 4_400, "9" * 5_000], ids=lambda number: number[:4])
def test_a_number_that_no_entry_has_leads_nowhere(auditor: Visitor, number: str) -> None:
    auditor.house.create(make.draft())
    ledger.tend(auditor.house.runtime)
    long = "9" * 4_400
    paths = ("entries/{}", "entries/{}/proof", "entries/{}/zip", "consistency/{}-89", "consistency/1-{}")
    asked = [f"/ledger/{path.format(long)}" for path in paths]
    for path in (f"/ledger/entries/{number}", *asked):
        response = auditor.get(path)
        assert (response.status_code, response.mimetype) == (404, "text/html"), path
        assert heading(response)


@pytest.mark.parametrize("query", ["from=01&to=2", "from=1&to=00", "from=1&to=" + "9" * 19])
def test_sizes_are_taken_in_one_spelling_only(auditor: Visitor, query: str) -> None:
    assert auditor.get(f"/ledger/consistency?{query}").status_code == 422


def test_what_was_rewritten_does_not_hold(auditor: Visitor) -> None:
    house = auditor.house
    house.create(make.application())
    ledger.tend(house.runtime)
    house.create(make.draft())
    ledger.tend(house.runtime)
    signer = house.runtime.signer
    assert signer is not None
    with owned(house.runtime.engine) as connection:
        forger = Forger(connection, signer)
        forger.rewrite(2, lambda event: event.update(at="2026-01-01T00:00:00.000000Z"))
        forger.build()
        connection.commit()
    assert ZH["ledger.alarm.other_root"] in auditor.get("/ledger").text
    entry = auditor.get("/ledger/entries/1").text
    assert (ZH["ledger.verdict.broken"] in entry, ZH["ledger.because.root"] in entry) == (True, True)
    assert ZH["ledger.verdict.broken"] in auditor.get("/ledger/consistency").text


def test_everything_that_is_wrong_with_the_ledger_is_said(auditor: Visitor, tmp_path: Path) -> None:
    house = auditor.house
    ledger.tend(house.runtime)
    make_key(tmp_path / "other.key")
    with_signer(auditor, ledger_key_file=str(tmp_path / "other.key"))
    other = auditor.get("/ledger").text
    for code in ("ledger.problem.signature", "ledger.alarm.memory_lost", "ledger.worth.unknown"):
        assert ZH[code] in other, code
    assert ZH["ledger.because.unsigned"] in auditor.get("/ledger/entries/0").text
    with_signer(auditor, ledger_key_file="")
    without = auditor.get("/ledger").text
    assert (ZH["ledger.problem.no_key"] in without, ZH["ledger.sound"] in without) == (True, False)
    assert ZH["ledger.steps.nothing"] in auditor.get("/ledger/verify").text
    assert auditor.get("/ledger/files/policy.txt").status_code == 404
    assert auditor.get("/ledger/files/keys.txt").text == ""


def test_witnesses_are_told_with_how_far_they_have_signed(auditor: Visitor) -> None:
    ledger.tend(auditor.house.runtime)
    size = len(tables.events(auditor.house.runtime))
    key = witnesses.signer().key
    witness = Witness(key, "http://127.0.0.1:9")
    with_signer(auditor, ledger_witnesses=(witness,))
    text = auditor.get("/ledger").text
    assert ZH["ledger.problem.witness"].format(name=key.name, count=size) in text
    policy = read_policy(auditor.get("/ledger/files/policy.txt").get_data())
    assert (policy.groups[policy.quorum].members, policy.groups[policy.quorum].least) == ((key.name,), 1)
    with auditor.house.runtime.work(SYSTEM) as work:
        signature = witnesses.signer().sign(read_note(ledger.note(work)).text, int(work.now.timestamp()))
        line = write_signature(signature).rstrip("\n")
        work.session.add(LedgerCosignature(size=size, witness=key.name, line=line))
    signed = auditor.get("/ledger").text
    assert (ZH["ledger.worth.witness"] in signed, ZH["ledger.sound_said"] in signed) == (True, True)


def test_who_answers_for_what_is_told_with_the_entries_that_show_it(auditor: Visitor) -> None:
    house = auditor.house
    case_id = playing.played(house)
    returned = house.create(make.application())
    house.do(house.reviewer, applications.return_, returned, "补充")
    chair = visit(auditor, house.chair, "chair")
    for visitor in (auditor, chair):
        text = visitor.get("/accountability").text
        for said in (ZH["figure_cases_returned"], house.row(returned).number, house.reviewer.name, ZH["by_role"]):
            assert said in text, said
        (index,) = set(re.findall(rf"{ZH['application.returned']}：<a href=\"/ledger/entries/(\d+)\"", text))
        assert visitor.get(f"/ledger/entries/{index}").status_code == 200
        assert f'href="/cases/{returned}"' in text
    assert f'href="/cases/{case_id}"' in auditor.get("/accountability").text
    assert ZH["duties.others"].split("{")[0] in auditor.get("/accountability").text
    book = chair.get("/accountability/workbook?from=2026-01-01&to=2026-12-31")
    assert (book.status_code, book.get_data()[:2]) == (200, b"PK")


@pytest.mark.parametrize(
    ("role", "led_to"),
    [
        ("auditor", ["/ledger", "/accountability"]),
        ("chair", ["/accountability"]),
        *((role, []) for role in ("officer", "reviewer", "secretary", "member", "admin")),
    ],
)
def test_everybody_is_led_to_what_they_may_read(visitor: Visitor, role: str, led_to: list[str]) -> None:
    somebody = visitor.as_(getattr(visitor.house, role), "somebody")
    home = somebody.get("/home").text
    (navigation,) = re.findall(r'<nav class="pages".*?</nav>', home, re.DOTALL)
    assert re.findall(r'<a href="(/ledger|/accountability)"', navigation) == led_to
    answers = {path: somebody.get(path).status_code for path in ("/ledger", "/accountability", "/ledger/verify")}
    assert answers == {path: 200 if path in led_to or path == "/ledger/verify" else 403 for path in answers}


def test_the_pages_say_all_of_it_in_english_too(auditor: Visitor) -> None:
    auditor.house.create(make.application())
    ledger.tend(auditor.house.runtime)
    auditor.send("/home", "/language", language="en")
    for path, code in (
        ("/ledger", "ledger.sound_said"),
        ("/ledger/entries/0", "ledger.verdict.itself"),
        ("/ledger/verify", "ledger.steps.8_flip"),
        ("/ledger/consistency", "ledger.consistency.said"),
        ("/accountability", "duties.said"),
    ):
        assert EN[code] in unescape(auditor.get(path).text), path
    assert all("--language en" in line for line in command_lines(auditor.get("/ledger/entries/0").text))
